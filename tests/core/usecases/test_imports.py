"""Files in: whole or not at all, and what a delivery changes for the runs after it, never for those before."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import DateRange, year_range
from core.exchange.contracts import ImportKindUnknownError
from core.parameters import ModelFaultyError
from core.store.errors import BatchStateError, BatchUnknownError, ModelUnknownError
from core.usecases import basis, imports
from core.usecases.frozen import NoUnitsError
from core.usecases.imports import BatchHasErrorsError, PeriodOpenError
from core.usecases.reasons import batch_reason, sealed
from core.usecases.verify import verify
from tests.support import small_figures as figures
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    GIVEN_HEADER,
    HANDLER,
    INDEX,
    INDEX_HEADER,
    KOMMUN,
    REKTOR_A1,
    UNITS,
    YEAR,
    model_text,
)

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby

WHOLE = year_range(YEAR)
ALL_UNITS = list(figures.UTFALL_TOTALS)


def counts(lillby: Lillby, run: int, enhet: str, category: str) -> list[int]:
    """Return a unit's counts through October."""
    with lillby.app.reading(PEEK) as work:
        found = {one.month: one.n for one in work.runs.counts(KOMMUN, run, enhet) if one.category == category}
    return [found.get(month, 0) for month in range(1, 11)]


def again(lillby: Lillby) -> int:
    """Compute the utfall anew and return its number."""
    return lillby.allocate(YEAR, "utfall", 10).number


def test_a_delta_replaces_all_that_is_known_of_the_elever_it_names_and_nothing_else(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    # e10 turns out to have left on 15 April for C1, in årskurs 3 since then; e21 is new at B2
    rows = (
        "e10;B2;grundskola;4;2016-09;;;9907;2024-08-15;2026-04-14\n"
        "e10;C1;grundskola;3;2016-09;;;9907;2026-04-15;\n"
        "e21;B2;grundskola;5;2015-09;;;9907;2026-05-01;\n"
    )
    lillby.deliver("enrolments", ENROLMENT_HEADER + rows, WHOLE, "delta")
    run = again(lillby)
    assert counts(lillby, run, "B2", "gs.4_6") == [1, 1, 1, 0, 1, 1, 1, 1, 1, 1]
    assert counts(lillby, run, "C1", "gs.1_3") == [0, 0, 1, 2, 2, 2, 2, 2, 2, 2]
    for (enhet, category), n in figures.COUNTS.items():
        if enhet not in {"B2", "C1"}:
            assert counts(lillby, run, enhet, category) == n, (enhet, category)
    assert verify(lillby.app, CONTROLLER, KOMMUN, run).ok
    assert verify(lillby.app, CONTROLLER, KOMMUN, 2).ok


def test_a_delta_holds_only_in_its_period(lillby: Lillby) -> None:
    rows = "e10;C1;grundskola;3;2016-09;;;9907;2026-03-01;\n"
    march = DateRange(date(2026, 3, 1), date(2026, 4, 1))
    lillby.deliver("enrolments", ENROLMENT_HEADER + rows, march, "delta")
    run = again(lillby)
    assert counts(lillby, run, "B2", "gs.4_6") == [1, 1, 0, 1, 1, 1, 1, 1, 1, 1]
    assert counts(lillby, run, "C1", "gs.1_3") == [0, 0, 2, 1, 1, 1, 1, 1, 1, 1]


def test_the_later_of_two_deltas_holds(lillby: Lillby) -> None:
    row = "e10;{};grundskola;3;2016-09;;;9907;2026-01-01;\n"
    lillby.deliver("enrolments", ENROLMENT_HEADER + row.format("C1"), WHOLE, "delta")
    lillby.deliver("enrolments", ENROLMENT_HEADER + row.format("A3"), WHOLE, "delta")
    run = again(lillby)
    assert counts(lillby, run, "A3", "gs.1_3") == [1, 1, 1, 1, 1, 1, 3, 3, 3, 3]
    assert counts(lillby, run, "C1", "gs.1_3") == figures.COUNTS["C1", "gs.1_3"]


def test_a_later_snapshot_replaces_the_earlier_in_its_period_deltas_included(lillby: Lillby) -> None:
    lillby.deliver("enrolments", ENROLMENT_HEADER + "e21;B2;grundskola;5;2015-09;;;9907;2026-01-01;\n", WHOLE, "delta")
    may = DateRange(date(2026, 5, 1), date(2026, 6, 1))
    without_b2 = "".join(row for row in ENROLMENTS_2026.splitlines(keepends=True) if ";B2;" not in row)
    received = lillby.receive("enrolments", ENROLMENT_HEADER + without_b2, may)
    assert received.batch is not None
    assert {one.severity for one in received.issues} == {"warning"}  # rows that lie outside May
    imports.accept(lillby.app, CONTROLLER, KOMMUN, received.batch.number)
    run = again(lillby)
    assert counts(lillby, run, "B2", "gs.4_6") == [2, 2, 2, 2, 0, 2, 2, 2, 2, 2]
    assert counts(lillby, run, "A1", "gs.4_6") == figures.COUNTS["A1", "gs.4_6"]


def test_a_reverted_delivery_goes_out_of_force_for_new_runs_only(lillby: Lillby) -> None:
    row = "e10;C1;grundskola;3;2016-09;;;9907;2026-01-01;\n"
    delta = lillby.deliver("enrolments", ENROLMENT_HEADER + row, WHOLE, "delta")
    with_delta = again(lillby)
    assert counts(lillby, with_delta, "B2", "gs.4_6") == [0] * 10
    reverted = imports.revert(lillby.app, CONTROLLER, KOMMUN, delta.number, "fel elev")
    assert reverted.state == "reverted"
    without = again(lillby)
    assert counts(lillby, without, "B2", "gs.4_6") == [1] * 10
    assert counts(lillby, with_delta, "B2", "gs.4_6") == [0] * 10
    assert verify(lillby.app, CONTROLLER, KOMMUN, with_delta).ok
    with lillby.app.reading(PEEK) as work:
        assert work.runs.get(KOMMUN, without).fingerprint == work.runs.get(KOMMUN, 2).fingerprint


def test_deltas_of_units_indexes_and_decided_amounts_replace_what_they_name(lillby: Lillby) -> None:
    head, *rows = UNITS.splitlines(keepends=True)
    renamed = next(row for row in rows if row.startswith("A2;")).replace(";ja;", ";nej;")
    lillby.deliver("units", head + renamed, WHOLE, "delta")
    lillby.deliver("index", INDEX_HEADER + "socio;SCB;1;2026;hogre_mer;100;elev;nej;A3;80\n", WHOLE, "delta")
    lillby.deliver("given_amounts", GIVEN_HEADER + "stod;B1;grundskola;2026-02;6;1000\n", WHOLE, "delta")
    run = again(lillby)
    with lillby.app.reading(PEEK) as work:
        lines = work.runs.lines(KOMMUN, run)
        units = [one.enhet for one in work.runs.units(KOMMUN, run)]
    assert units == ALL_UNITS
    assert not [one for one in lines if one.step == "landsbygd"]
    # höstens vikter 240, 8/12 × 80 och 26,667: 320 i stället för 333,333
    shares = {one.enhet: one.factor for one in lines if one.step == "socio" and one.period == "host"}
    assert shares == {"A1": 120, "A3": 80, "B1": 80}
    stod = {(one.enhet, one.period): one.amount_ore for one in lines if one.step == "stod"}
    assert stod == {("A1", "var"): 6_000_000, ("A1", "host"): 4_000_000, ("B1", "var"): 100_000}


def test_another_index_beside_the_first_replaces_nothing(lillby: Lillby) -> None:
    lillby.deliver("index", INDEX_HEADER + INDEX.replace("socio", "annat"), WHOLE)
    run = again(lillby)
    with lillby.app.reading(PEEK) as work:
        assert work.runs.get(KOMMUN, run).root_hash == work.runs.get(KOMMUN, 2).root_hash


def test_the_same_file_accepted_before_changes_nothing_and_says_so(lillby: Lillby) -> None:
    for kind, text in (
        ("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026),
        ("index", INDEX_HEADER + INDEX),
        (imports.MODEL, model_text()),
    ):
        received = lillby.receive(kind, text, WHOLE)
        assert received.unchanged
        assert received.batch is not None
        assert received.batch.state == "accepted"
    with lillby.app.reading(PEEK) as work:
        assert len(work.batches.list(KOMMUN)) == 8
    # reverted, it is a file like any other again
    number = next(one.number for one in basis.basis_view(lillby.app, CONTROLLER).batches if one.kind == "enrolments")
    imports.revert(lillby.app, CONTROLLER, KOMMUN, number, "fel")
    assert not lillby.receive("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026, WHOLE).unchanged


def test_a_file_with_errors_says_them_all_and_cannot_be_accepted_and_nothing_of_it_counts(lillby: Lillby) -> None:
    rows = "e30;Z9;grundskola;4;2016-09;;;9907;2026-01-01;\n" + "e31;B2;grundskola;4;2016-13;;;99;2026-01-01;\n"
    sound = "e32;B2;grundskola;4;2016-09;;;9907;2026-01-01;\n"
    received = lillby.receive("enrolments", ENROLMENT_HEADER + rows + sound, WHOLE, "delta")
    assert [(one.row, one.column) for one in received.issues] == [
        (2, "enhet"),
        (3, "fodelsemanad"),
        (3, "hemkommun"),
    ]
    assert received.batch is not None
    number = received.batch.number
    assert (received.batch.errors, received.batch.state) == (3, "received")
    with pytest.raises(BatchHasErrorsError, match="3 fel") as refused:
        imports.accept(lillby.app, CONTROLLER, KOMMUN, number)
    assert (refused.value.number, refused.value.errors) == (number, 3)
    assert counts(lillby, again(lillby), "B2", "gs.4_6") == [1] * 10
    kept = basis.issues_of(lillby.app, CONTROLLER, number)
    assert [one.message for one in kept] == [one.message for one in received.issues]
    assert imports.reject(lillby.app, CONTROLLER, KOMMUN, number, "fel").state == "rejected"
    with pytest.raises(BatchStateError):
        imports.reject(lillby.app, CONTROLLER, KOMMUN, number, "fel")


def test_a_delivery_that_waits_is_not_in_force(lillby: Lillby) -> None:
    received = lillby.receive(
        "enrolments", ENROLMENT_HEADER + "e33;B2;grundskola;4;2016-09;;;9907;2026-01-01;\n", WHOLE
    )
    assert received.batch is not None
    assert received.batch.state == "received"
    assert counts(lillby, again(lillby), "B2", "gs.4_6") == [1] * 10


def test_the_deliverers_total_stands_beside_ours(lillby: Lillby) -> None:
    text = GIVEN_HEADER + "stod;B1;grundskola;2026-02;6;1000,50\n"
    for total, ties in (("1000,50", True), ("1 000,50", True), ("999", False), ("många", False), (None, None)):
        batch = lillby.receive("given_amounts", text, WHOLE, file_total=total).batch
        assert batch is not None
        assert batch.tie_out is ties
        assert batch.our_total == '{"antal_beslut":"6","belopp_kr":"1\N{NO-BREAK SPACE}000,5","rader":"1"}'


def test_a_model_with_faults_is_refused_with_file_line_and_remedy_and_leaves_nothing(lillby: Lillby) -> None:
    text = model_text().replace("counting: dagar", "counting: nagon").replace('pool: "100000"', "pool: 100000.5")
    with pytest.raises(ModelFaultyError) as refused:
        lillby.receive(imports.MODEL, text, WHOLE)
    lines = text.splitlines()
    (found,) = refused.value.issues
    assert found.file.endswith(".yaml")
    assert found.row is not None
    assert "pool" in lines[found.row - 1]
    with pytest.raises(ModelFaultyError) as refused:
        lillby.receive(imports.MODEL, text.replace("100000.5", '"100000"'), WHOLE)
    (found,) = refused.value.issues
    assert found.row is not None
    assert "nagon" in lines[found.row - 1]
    with lillby.app.reading(PEEK) as work:
        assert len(work.batches.list(KOMMUN)) == 8


def test_a_model_that_is_not_utf_8_is_refused(lillby: Lillby) -> None:
    path = lillby.folder / "modell.yaml"
    path.write_bytes(model_text().encode("cp1252"))
    delivery = imports.Delivery(kommun=KOMMUN, kind=imports.MODEL, path=path, file_name=path.name, period=WHOLE)
    with pytest.raises(ModelFaultyError, match="UTF-8"):
        imports.receive(lillby.app, HANDLER, delivery)


def test_a_newer_model_holds_once_accepted_and_the_older_again_when_it_is_reverted(lillby: Lillby) -> None:
    newer = model_text().replace('pool: "100000"', 'pool: "200000"')
    received = lillby.receive(imports.MODEL, newer, WHOLE)
    assert received.batch is not None
    assert handed_out(lillby) == 8_333_333  # ten months of the old pot
    imports.accept(lillby.app, CONTROLLER, KOMMUN, received.batch.number)
    assert handed_out(lillby) == 16_666_667
    imports.revert(lillby.app, CONTROLLER, KOMMUN, received.batch.number, "inte beslutad")
    assert handed_out(lillby) == 8_333_333
    first = next(one for one in basis.basis_view(lillby.app, CONTROLLER).batches if one.kind == imports.MODEL and
                 one.state == "accepted")  # fmt: skip
    imports.revert(lillby.app, CONTROLLER, KOMMUN, first.number, "inte beslutad")
    with pytest.raises(ModelUnknownError):
        again(lillby)


def handed_out(lillby: Lillby) -> int:
    """Return what a new utfall hands out of the pot, in öre."""
    run = again(lillby)
    with lillby.app.reading(PEEK) as work:
        return sum(one.amount_ore for one in work.runs.lines(KOMMUN, run) if one.step == "socio")


def test_every_step_of_a_delivery_is_in_the_audit_chain_with_its_reason(lillby: Lillby) -> None:
    received = lillby.receive("staff", "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster\n", WHOLE)
    assert received.batch is not None
    imports.reject(lillby.app, CONTROLLER, KOMMUN, received.batch.number, "tom fil")
    with lillby.app.reading(PEEK) as work:
        mine = [one for one in work.audit.entries(KOMMUN) if one.subject == f"batch:{received.batch.number}"]
        assert work.audit.first_broken(KOMMUN) is None
    assert [(one.actor, one.action) for one in mine] == [
        ("handlaggare", "batch.import"),
        ("controller", "batch.rejected"),
    ]
    assert "tom fil" not in str(mine[1].payload)
    said = sealed(lillby.app, KOMMUN, mine[1].subject, "tom fil")
    assert json.loads(mine[1].payload or "")["reason"] == said
    assert batch_reason(lillby.app, CONTROLLER, received.batch.number) == "tom fil"
    assert received.batch.sha256 in str(mine[0].payload)


def test_a_delivery_must_say_which_days_it_is_about_and_what_it_is(lillby: Lillby) -> None:
    with pytest.raises(PeriodOpenError):
        lillby.receive(
            "staff", "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster\n", DateRange(date(2026, 1, 1), None)
        )
    with pytest.raises(ImportKindUnknownError):
        lillby.receive("betyg", "elev\n", WHOLE)
    with pytest.raises(BatchUnknownError):
        imports.accept(lillby.app, CONTROLLER, KOMMUN, 99)


def test_who_reads_in_does_not_accept_and_others_do_neither(lillby: Lillby) -> None:
    path = lillby.folder / "personal.csv"
    path.write_text("enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster\n", encoding="utf-8")
    delivery = imports.Delivery(kommun=KOMMUN, kind="staff", path=path, file_name=path.name, period=WHOLE)
    for viewer in (REKTOR_A1, CHIEF):
        with pytest.raises(ForbiddenError):
            imports.receive(lillby.app, viewer, delivery)
    batch = imports.receive(lillby.app, HANDLER, delivery).batch
    assert batch is not None
    for viewer in (HANDLER, REKTOR_A1, CHIEF):
        for refuse in (imports.reject, imports.revert):
            with pytest.raises(ForbiddenError):
                refuse(lillby.app, viewer, KOMMUN, batch.number, "nej")
        with pytest.raises(ForbiddenError):
            imports.accept(lillby.app, viewer, KOMMUN, batch.number)


def test_a_model_of_another_kommun_or_year_is_refused_and_changes_nothing(lillby: Lillby) -> None:
    before = basis.basis_view(lillby.app, CONTROLLER).batches
    other = model_text().replace(f'kommun: "{KOMMUN}"', 'kommun: "1984"')
    with pytest.raises(ModelFaultyError, match=f"gäller kommun 1984 men läses in för {KOMMUN}"):
        lillby.receive(imports.MODEL, other, WHOLE)
    with pytest.raises(ModelFaultyError, match=f"gäller hela {YEAR}. Ange perioden {YEAR}-01-01 till {YEAR}-12-31"):
        lillby.receive(imports.MODEL, model_text(), year_range(YEAR + 1))
    assert basis.basis_view(lillby.app, CONTROLLER).batches == before


def test_a_year_without_units_is_one_sentence_and_not_a_fault_on_every_row(lillby: Lillby) -> None:
    before = basis.basis_view(lillby.app, CONTROLLER).batches
    with pytest.raises(NoUnitsError, match=f"Enhetsregistret för {YEAR + 5} saknas"):
        lillby.receive("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026, year_range(YEAR + 5))
    assert basis.basis_view(lillby.app, CONTROLLER).batches == before


def test_a_model_is_held_against_the_control_figures_it_carries(lillby: Lillby) -> None:
    def issues(*rows: str) -> list[tuple[str, str]]:
        head = model_text().replace('from_budget: {fh: "60000"}', 'values: {fh: "60000"}') + "printed:\n"
        key = "step: lokal, category: gs.1_3, recipient: egen, list: var"
        received = lillby.receive(imports.MODEL, head + "".join(f"  - {{{key}, {row}}}\n" for row in rows), WHOLE)
        assert received.batch is not None
        assert received.batch.errors == sum(one.severity == "error" for one in received.issues)
        return [(one.severity, str(one)) for one in received.issues]

    assert issues('value: "12000"') == []
    ((severity, said),) = issues('value: "12001", row: Lokaler')
    assert severity == "error"
    assert (
        "Lokaler · lokal · gs.1_3 · egen · var: listan säger 12\u00a0001\u00a0kr, modellen ger 12\u00a0000\u00a0kr."
        in said
    )
    ((severity, said),) = issues('value: "1200", status: source_error, note: En nolla saknas i listan.')
    assert severity == "warning"
    assert said.endswith("En nolla saknas i listan.")


def test_control_figures_of_a_model_priced_from_a_budget_are_said_to_be_unchecked(lillby: Lillby) -> None:
    row = 'printed:\n  - {step: lokal, category: gs.1_3, recipient: egen, list: var, value: "1"}\n'
    (issue,) = lillby.receive(imports.MODEL, model_text() + row, WHOLE).issues
    assert (issue.severity, issue.found) == ("warning", "fritids")
