"""Looks at rows of elever: why, logged once a look; protected identities are counted and never listed."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import Month, year_range
from core.parameters import load_model
from core.parameters.purposes import PurposeMissingError, load_purposes, read_purposes
from core.usecases import looks, payments
from core.usecases.drill_down import register_rows
from core.usecases.looks import LeftOut, listed, may_list, purposes_now
from core.usecases.payment_reading import elev_list
from core.usecases.verify import FROM_ROWS, verify
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AUDITOR,
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    KOMMUN,
    NOW,
    OWNER_CEDERN,
    REKTOR_A1,
    YEAR,
    Lillby,
    model_text,
)

if TYPE_CHECKING:
    from core.access import Actor

UTFALL = 2
LOOK = ("A1", UTFALL, "gs.4_6", 9)
HEADER = ENROLMENT_HEADER.replace("till_och_med", "till_och_med;referens;skyddade_personuppgifter")


def protecting(*elever: str, marking: str = "sekretessmarkering") -> str:
    """Return the register of 2026 with a marking on every row of these elever."""
    rows = ENROLMENTS_2026.splitlines()
    return HEADER + "".join(
        f"{row};{'K-' + row[:3]};{marking if row.split(';')[0] in elever else ''}\n" for row in rows
    )


def told(lillby: Lillby) -> list[dict[str, object]]:
    """Return what the chain says of every look."""
    with lillby.app.reading(PEEK) as work:
        return [json.loads(one.payload or "") for one in work.audit.entries(KOMMUN) if one.action == looks.LOOK]


def everything(lillby: Lillby, run: int, viewer: Actor = CONTROLLER) -> str:
    """Return all that anybody can list of a run, as text."""
    found: list[object] = []
    for enhet in ("A1", "A2", "A3", "B1", "B2", "C1", "F1"):
        for category in ("gs.1_3", "gs.4_6", "gs.ny", "fh", "fsk"):
            found += [
                register_rows(lillby.app, viewer, enhet, run, category, month, purpose="kontroll") for month in (1, 9)
            ]
    return str(found)


def pseudonym(lillby: Lillby, row: int) -> str:
    with lillby.app.reading(PEEK) as work:
        elev = "SELECT elev FROM enrolment WHERE kommun = '9907' AND batch = 2 AND row = "
        return str(work.connection.exec_driver_sql(f"{elev}{row}").scalar_one())


@pytest.mark.parametrize("purpose", ["", "nyfikenhet", "Eleven heter Alva", "kontroll "])
def test_without_a_purpose_from_the_list_nothing_is_shown_and_no_look_is_logged(lillby: Lillby, purpose: str) -> None:
    with pytest.raises(PurposeMissingError, match="kontroll"):
        register_rows(lillby.app, CONTROLLER, *LOOK, purpose=purpose)
    assert told(lillby) == []


def test_the_list_is_closed_dated_and_offered_in_its_own_order(lillby: Lillby) -> None:
    offered = [one.purpose for one in purposes_now(lillby.app, CONTROLLER)]
    assert offered == ["kontroll", "fraga", "rattelse", "utbetalning", "revision"]
    book = load_purposes()
    ended = book.purposes[0].model_copy(update={"valid_to": date(2026, 1, 1)})
    book = book.model_copy(update={"purposes": [ended, *book.purposes[1:]]})
    assert next(one.purpose for one in book.on(date(2025, 12, 31))) == "kontroll"
    with pytest.raises(PurposeMissingError):
        book.must_hold("kontroll", date(2026, 1, 1))
    assert book.on(date(2019, 12, 31)) == ()


def test_a_faulty_book_of_purposes_is_told_with_its_line() -> None:
    from core.parameters.strict import ParametersFaultyError

    with pytest.raises(ParametersFaultyError, match=r"andamal\.yaml"):
        read_purposes("purposes: [{purpose: A B, label: x, valid_from: 2020-01-01}]", "andamal.yaml")


def test_a_look_is_logged_once_with_who_what_and_why_and_never_with_which_elev(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    for offset in (0, 2, 0):  # a page turned, a screen drawn again
        register_rows(lillby.app, CONTROLLER, *LOOK, purpose="fraga", offset=offset, limit=2)
    (link,) = told(lillby)
    assert link == {"run": 2, "enhet": "A1", "category": "gs.4_6", "month": 9, "purpose": "fraga"}


def test_another_purpose_figure_person_or_hour_is_another_look(lillby: Lillby) -> None:
    register_rows(lillby.app, CONTROLLER, *LOOK, purpose="fraga")
    register_rows(lillby.app, CONTROLLER, *LOOK, purpose="rattelse")
    register_rows(lillby.app, CONTROLLER, "A1", UTFALL, "gs.4_6", 8, purpose="fraga")
    register_rows(lillby.app, REKTOR_A1, *LOOK, purpose="fraga")
    register_rows(lillby.at(NOW + timedelta(minutes=29)), CONTROLLER, *LOOK, purpose="fraga")
    assert len(told(lillby)) == 4
    register_rows(lillby.at(NOW + timedelta(minutes=31)), CONTROLLER, *LOOK, purpose="fraga")
    assert len(told(lillby)) == 5


def test_a_marking_changes_no_count_and_no_fingerprint(undecided_lillby: Lillby) -> None:
    plain = [undecided_lillby.allocate(YEAR, kind, 12 if kind == "budget" else 10) for kind in ("budget",)]
    undecided_lillby.move(plain[0].number, "checked", "decided")
    without = undecided_lillby.allocate(YEAR, "utfall", 10)
    undecided_lillby.deliver("enrolments", protecting("e04", "e09", "e10"), year_range(YEAR))
    marked = undecided_lillby.allocate(YEAR, "utfall", 10)
    with undecided_lillby.app.reading(PEEK) as work:
        counts = [sorted(map(str, work.runs.counts(KOMMUN, run))) for run in (without.number, marked.number)]
        roots = {work.runs.get(KOMMUN, run).root_hash for run in (without.number, marked.number)}
    assert counts[0] == counts[1]
    assert len(roots) == 1
    report = verify(undecided_lillby.app, CONTROLLER, KOMMUN, marked.number)
    assert (report.ok, report.level) == (True, FROM_ROWS)


@pytest.mark.parametrize("marking", ["sekretessmarkering", "skyddad_folkbokforing"])
def test_who_is_protected_is_in_no_list_of_any_run_new_or_old_whoever_asks(
    lillby_on_both: Lillby, marking: str
) -> None:
    lillby = lillby_on_both
    e04, e01 = pseudonym(lillby, 7), pseudonym(lillby, 2)
    assert e04 in everything(lillby, UTFALL)
    lillby.deliver("enrolments", protecting("e04", marking=marking), year_range(YEAR))
    newer = lillby.allocate(YEAR, "utfall", 10).number
    for viewer in (CONTROLLER, AUDITOR):
        for run in (UTFALL, newer):
            said = everything(lillby, run, viewer)
            assert e04 not in said
            assert e01 in said


def test_a_marking_in_a_file_that_is_not_in_force_protects_all_the_same(lillby: Lillby) -> None:
    e04 = pseudonym(lillby, 7)
    lillby.receive("enrolments", protecting("e04"), year_range(YEAR))
    assert e04 not in everything(lillby, UTFALL)


def test_a_group_so_small_that_it_would_point_at_the_missing_one_is_not_listed(lillby: Lillby) -> None:
    lillby.deliver("enrolments", protecting("e04"), year_range(YEAR))
    found = register_rows(lillby.app, CONTROLLER, *LOOK, purpose="kontroll")
    assert (found.rows, found.total, found.left_out) == ((), 0, LeftOut(None, 5, whole=True))
    alone = register_rows(lillby.app, CONTROLLER, "B2", UTFALL, "gs.4_6", 1, purpose="kontroll")
    assert (len(alone.rows), alone.left_out) == (1, None)


def test_an_unmarked_or_empty_cell_protects_nobody(lillby: Lillby) -> None:
    lillby.deliver("enrolments", protecting("e04", marking="ingen"), year_range(YEAR))
    with lillby.app.reading(PEEK) as work:
        assert work.facts.protected(KOMMUN) == frozenset()
        assert work.facts.protected("9901") == frozenset()


def test_another_word_in_the_column_is_a_fault(lillby: Lillby) -> None:
    found = lillby.receive("enrolments", protecting("e04", marking="Sekretessmarkering"), year_range(YEAR))
    assert "menade du ”sekretessmarkering”" in str(found.issues[0])


def test_who_is_protected_is_paid_for_but_not_in_the_list_of_elever(lillby: Lillby) -> None:
    lillby.deliver("enrolments", protecting("e07"), year_range(YEAR))
    run = lillby.decide(YEAR, "utfall", 10).number
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 10))
    payments.approve(lillby.app, CHIEF, KOMMUN, number)
    found = elev_list(lillby.app, OWNER_CEDERN, number, "B1", purpose="utbetalning")
    assert (found.rows, found.left_out) == ((), LeftOut(None, 5, whole=True))
    assert "K-e07" not in str(found)
    assert told(lillby)[-1] == {"payment": number, "month": 202610, "enhet": "B1", "purpose": "utbetalning"}
    assert run


@given(st.integers(0, 12), st.integers(0, 12))
def test_no_list_ever_holds_a_protected_elev_and_the_number_is_said_from_five(protected: int, others: int) -> None:
    rows = [f"p{one}" for one in range(protected)] + [f"o{one}" for one in range(others)]

    class Facts:
        def protected(self, _kommun: str) -> frozenset[str]:
            return frozenset(row for row in rows if row[0] == "p")

    class Work:
        facts = Facts()

    shown, left_out = listed(Work(), KOMMUN, rows, str, date(2026, 1, 1))  # type: ignore[arg-type]  # all it asks
    assert not any(row[0] == "p" for row in shown)
    if protected == 0:
        assert (shown, left_out) == (rows, None)
        return
    assert left_out is not None
    assert left_out.number == (protected if protected >= 5 else None)
    assert left_out.whole == (others < 5)
    assert len(shown) == (0 if others < 5 else others)


def test_a_category_that_rests_on_sensitive_data_is_counted_and_never_listed(lillby: Lillby) -> None:
    model = load_model(model_text(), "lillby.yaml")
    newly = model.category("gs.ny")
    assert may_list(newly)  # how long somebody has lived here is no sensitive data
    tongue = newly.where[0].model_copy(update={"equals": "modersmal"})
    assert not may_list(newly.model_copy(update={"where": [tongue]}))
    text = model_text().replace("=: nyanland", "=: modersmal")
    lillby.deliver("model", text, year_range(YEAR))
    run = lillby.allocate(YEAR, "utfall", 10).number
    found = register_rows(lillby.app, CONTROLLER, "A1", run, "gs.ny", 1, purpose="kontroll")
    assert (found.rows, found.total) == ((), 0)
    assert "26 a kap. 4 §" in (found.sealed or "")
    assert told(lillby) == []


def test_the_demo_has_an_elev_with_protected_identity() -> None:
    from core.usecases.demo.enrolment_files import PROTECTED

    assert 1 <= len(PROTECTED) <= 2
