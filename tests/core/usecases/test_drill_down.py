"""The register rows behind a count are exactly as many as it says, for every unit, category and month."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import year_range
from core.usecases.choices import MissingDataError, NoRunError
from core.usecases.drill_down import register_rows, rows_sealed
from tests.support import small_figures as figures
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AREA_NORTH,
    AUDITOR,
    CHIEF,
    CITIZEN,
    CONTROLLER,
    ENROLMENT_HEADER,
    HANDLER,
    KOMMUN,
    OWNER_CEDERN,
    POLITICIAN,
    REKTOR_A1,
    YEAR,
    Lillby,
)

if TYPE_CHECKING:
    from core.access import Actor

UTFALL = 2
BY_MONTH = ("gs.1_3", "gs.4_6", "gs.ny", "fh")
UNITS = ("A1", "A2", "A3", "B1", "B2", "C1", "F1")


def looks(lillby: Lillby) -> list[tuple[str, str, str]]:
    """Return (actor, subject, payload) of every look at register rows that the chain tells of."""
    with lillby.app.reading(PEEK) as work:
        links = [one for one in work.audit.entries(KOMMUN) if one.action == "register_rows.view"]
    return [(one.actor, one.subject, one.payload or "") for one in links]


@pytest.mark.parametrize("category", BY_MONTH)
def test_there_are_as_many_rows_as_the_count_says_at_every_unit_in_every_month(
    shared_lillby: Lillby, category: str
) -> None:
    for enhet in UNITS:
        for month in range(1, 11):
            found = register_rows(shared_lillby.app, CONTROLLER, enhet, UTFALL, category, month, purpose="kontroll")
            counted = figures.COUNTS.get((enhet, category), [0] * 10)[month - 1]
            assert (found.total, len(found.rows)) == (counted, counted), (enhet, month)


def test_where_days_are_counted_the_rows_are_those_with_some_day_in_the_month(shared_lillby: Lillby) -> None:
    rows = [
        register_rows(shared_lillby.app, CONTROLLER, "F1", UTFALL, "fsk", month, purpose="kontroll").total
        for month in range(1, 11)
    ]
    assert rows == [1, 2, 2, 1, 1, 1, 1, 1, 1, 1]  # e14 all along, e15 in February and March


def test_those_who_start_in_august_stand_behind_july_at_the_new_unit_and_not_at_the_old(shared_lillby: Lillby) -> None:
    july = register_rows(shared_lillby.app, CONTROLLER, "A1", UTFALL, "gs.4_6", 7, purpose="kontroll")
    assert sorted((str(one.valid_from), one.arskurs) for one in july.rows) == [
        ("2024-08-15", "5"),  # e03, who stays: the row of årskurs 5
        ("2025-08-15", "5"),  # e04
        ("2026-08-17", "5"),  # e06
        ("2026-08-17", "6"),  # e08, whose row at B1 still runs
    ]
    assert register_rows(shared_lillby.app, CONTROLLER, "B1", UTFALL, "gs.4_6", 7, purpose="kontroll").total == 0
    august = register_rows(shared_lillby.app, CONTROLLER, "A1", UTFALL, "gs.4_6", 8, purpose="kontroll")
    assert sorted(str(one.valid_from) for one in august.rows) == ["2025-08-15"] + 3 * ["2026-08-17"]


def test_a_row_names_a_pseudonym_its_file_and_its_place_and_nobody(shared_lillby: Lillby) -> None:
    (row,) = register_rows(shared_lillby.app, CONTROLLER, "B2", UTFALL, "gs.4_6", 1, purpose="kontroll").rows
    assert "e10" not in row.elev
    assert (row.batch, row.row, row.arskurs, row.hours, row.valid_to) == (2, 17, "4", None, None)
    (child,) = register_rows(shared_lillby.app, CONTROLLER, "F1", UTFALL, "fsk", 1, purpose="kontroll").rows
    assert child.hours == 30


def test_the_rows_come_a_page_at_a_time(shared_lillby: Lillby) -> None:
    whole = register_rows(shared_lillby.app, CONTROLLER, "A1", UTFALL, "gs.4_6", 9, purpose="kontroll")
    pages = [
        register_rows(
            shared_lillby.app, CONTROLLER, "A1", UTFALL, "gs.4_6", 9, purpose="kontroll", offset=offset, limit=3
        )
        for offset in (0, 3, 6)
    ]
    assert [(one.total, len(one.rows)) for one in pages] == [(4, 3), (4, 1), (4, 0)]
    assert sum((one.rows for one in pages), ()) == whole.rows


def test_rows_of_a_frozen_run_stay_those_it_counted(lillby: Lillby) -> None:
    text = ENROLMENT_HEADER + "e10;C1;grundskola;3;2016-09;;;9907;2026-01-01;\n"
    lillby.deliver("enrolments", text, year_range(YEAR), "delta")
    newer = lillby.allocate(YEAR, "utfall", 10).number
    assert register_rows(lillby.app, CONTROLLER, "B2", UTFALL, "gs.4_6", 3, purpose="kontroll").total == 1
    assert register_rows(lillby.app, CONTROLLER, "B2", newer, "gs.4_6", 3, purpose="kontroll").total == 0
    assert register_rows(lillby.app, CONTROLLER, "C1", newer, "gs.1_3", 3, purpose="kontroll").total == 2


@pytest.mark.parametrize("viewer", [CONTROLLER, HANDLER, AUDITOR, REKTOR_A1, AREA_NORTH])
def test_who_may_see_the_rows_does_and_every_look_is_in_the_audit_chain(lillby: Lillby, viewer: Actor) -> None:
    assert register_rows(lillby.app, viewer, "A1", UTFALL, "gs.1_3", 1, purpose="kontroll").total == 2
    ((actor, subject, payload),) = looks(lillby)
    assert (actor, subject) == (viewer.subject, "enhet:A1")
    assert json.loads(payload) == {
        "run": UTFALL,
        "enhet": "A1",
        "category": "gs.1_3",
        "month": 1,
        "purpose": "kontroll",
    }
    with lillby.app.reading(PEEK) as work:
        assert work.audit.first_broken(KOMMUN) is None


@pytest.mark.parametrize("viewer", [CHIEF, POLITICIAN, CITIZEN])
def test_who_sees_the_allocation_but_not_the_rows_gets_the_reason_and_no_number(lillby: Lillby, viewer: Actor) -> None:
    found = register_rows(lillby.app, viewer, "A1", UTFALL, "gs.1_3", 1, purpose="kontroll")
    assert found.sealed == rows_sealed(lillby.app, viewer, "A1", UTFALL, "gs.1_3")
    assert found.sealed
    assert (found.total, found.rows) == (0, ())
    assert looks(lillby) == []


@pytest.mark.parametrize("viewer", [REKTOR_A1, AREA_NORTH, OWNER_CEDERN])
def test_a_unit_that_is_not_the_viewers_is_forbidden(lillby: Lillby, viewer: Actor) -> None:
    with pytest.raises(ForbiddenError):
        register_rows(lillby.app, viewer, "F1", UTFALL, "fsk", 1, purpose="kontroll")
    assert looks(lillby) == []


def test_what_is_not_counted_has_no_rows_to_show(lillby: Lillby) -> None:
    for run, category, month in ((UTFALL, "okand", 1), (UTFALL, "gs.1_3", 11), (1, "gs.1_3", 1)):
        with pytest.raises(MissingDataError, match=f"månad {month} av körning {run}"):
            register_rows(lillby.app, CONTROLLER, "A1", run, category, month, purpose="kontroll")


def test_a_draft_is_nothing_to_a_rektor(lillby: Lillby) -> None:
    draft = lillby.allocate(YEAR, "utfall", 9).number
    assert register_rows(lillby.app, CONTROLLER, "A1", draft, "gs.1_3", 1, purpose="kontroll").total == 2
    with pytest.raises(NoRunError):
        register_rows(lillby.app, REKTOR_A1, "A1", draft, "gs.1_3", 1, purpose="kontroll")
