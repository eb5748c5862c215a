from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.base import BatchMode
from core.store import write_rows
from tests.core.store.rows import KOMMUN, accepted, enrol, enrolment

if TYPE_CHECKING:
    from core.store import UnitOfWork

DELTA = BatchMode.DELTA.value


def put(work: UnitOfWork, table: str, *rows: dict[str, Any]) -> None:
    for row in rows:
        values = {"kommun": KOMMUN, **row}
        write_rows(work.connection, table, tuple(values), [tuple(values.values())])


def unit(batch: int, row: int, enhet: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401  # any column may be named
    return {
        "batch": batch, "row": row, "enhet": enhet, "skolenhetskod": None, "name": f"Enhet {enhet}",
        "verksamheter": "grundskola,fritidshem", "huvudman": "999900-9901", "huvudman_name": "Lindviks kommun",
        "huvudmannatyp": "kommunal", "lageskommun": KOMMUN, "omrade": None, "landsbygd": 0, "latitude": None,
        "longitude": None, "valid_from": "2020-01-01", "valid_to": None, **other,
    }  # fmt: skip


def snapshot_and_delta(work: UnitOfWork, kind: str) -> tuple[int, int]:
    return accepted(work, kind), accepted(work, kind, mode=DELTA)


def test_units_come_in_byte_order_with_their_verksamheter(work: UnitOfWork) -> None:
    batch = accepted(work, "units")
    put(work, "unit", unit(batch, 2, "b"), unit(batch, 3, "a", landsbygd=1), unit(batch, 4, "Z", landsbygd=None))
    units = work.facts.units(KOMMUN, (batch,))
    assert [(one.enhet, one.landsbygd, one.row) for one in units] == [("Z", None, 4), ("a", True, 3), ("b", False, 2)]
    assert units[0].verksamheter == ("fritidshem", "grundskola")
    assert units[0].valid_from == date(2020, 1, 1)


def test_a_delta_replaces_all_that_was_known_of_the_units_it_names(work: UnitOfWork) -> None:
    batches = snapshot_and_delta(work, "units")
    put(
        work, "unit",
        unit(1, 2, "G01", valid_to="2026-01-01"), unit(1, 3, "G01", valid_from="2026-01-01"), unit(1, 4, "G02"),
        unit(2, 2, "G01", name="Nya skolan"),
    )  # fmt: skip
    assert [(one.enhet, one.name) for one in work.facts.units(KOMMUN, batches)] == [
        ("G01", "Nya skolan"),
        ("G02", "Enhet G02"),
    ]


def test_no_batch_in_force_gives_no_rows(work: UnitOfWork) -> None:
    assert work.facts.units(KOMMUN, ()) == []


def test_index_values_are_exact_and_replaced_by_index_and_enhet(work: UnitOfWork) -> None:
    batches = snapshot_and_delta(work, "index")
    value = {"value_den": 10}
    put(
        work, "index_value",
        {"batch": 1, "row": 2, "index_name": "socioekonomi", "enhet": "G01", "value_num": 1183, **value},
        {"batch": 1, "row": 3, "index_name": "landsbygd", "enhet": "G01", "value_num": 5, **value},
        {"batch": 2, "row": 2, "index_name": "socioekonomi", "enhet": "G01", "value_num": 1211, **value},
    )  # fmt: skip
    assert work.facts.index_values(KOMMUN, batches) == {
        "socioekonomi": {"G01": Fraction(1211, 10)},
        "landsbygd": {"G01": Fraction(1, 2)},
    }


def test_planned_counts_of_the_months_asked_for(work: UnitOfWork) -> None:
    batches = snapshot_and_delta(work, "planned_counts")
    row = {"verksamhet": "grundskola", "arskurs": "4", "flags": "", "n": 25, "row_hash": 7}
    put(
        work, "planned_count",
        {"batch": 1, "row": 2, "enhet": "G01", "month": 202601, **row},
        {"batch": 1, "row": 3, "enhet": "G02", "month": 202601, **row},
        {"batch": 1, "row": 4, "enhet": "G02", "month": 202512, **row},
        {"batch": 2, "row": 2, "enhet": "G01", "month": 202702, **row},
    )  # fmt: skip
    planned = work.facts.planned(KOMMUN, batches, 202601, 202612)
    assert [(one.enhet, one.month, one.n, one.hours) for one in planned] == [("G02", 202601, 25, None)]


def test_decided_sums_keep_where_they_were_read(work: UnitOfWork) -> None:
    batch = accepted(work, "given_amounts")
    row = {"step": "individ.stod", "enhet": "G01", "verksamhet": "grundskola", "decisions": 3, "amount_ore": 2**40}
    put(work, "given_amount", {"batch": batch, "row": 2, "month": 202603, **row})
    (given,) = work.facts.given(KOMMUN, (batch,), 202601, 202612)
    assert (given.batch, given.row, given.amount_ore, given.decisions) == (batch, 2, 2**40, 3)
    assert work.facts.given(KOMMUN, (batch,), 202604, 202612) == []


def test_staff_and_premises_of_one_enhet_or_all(work: UnitOfWork) -> None:
    batch, other = accepted(work, "staff"), accepted(work, "premises")
    for row, enhet in ((2, "G01"), (3, "G02")):
        staff = {"verksamhet": "grundskola", "occupation": "Lärare", "measured_on": "2026-10-15"}
        put(work, "staff", {"batch": batch, "row": row, "enhet": enhet, "fte_hundredths": 2450, **staff})
        rent = {"area_m2_hundredths": 412_050, "rent_ore_per_year": 510_000_000, "valid_from": "2020-01-01"}
        put(work, "premises", {"batch": other, "row": row, "enhet": enhet, **rent})
    assert len(work.facts.staff(KOMMUN, (batch,))) == len(work.facts.premises(KOMMUN, (other,))) == 2
    (one,) = work.facts.staff(KOMMUN, (batch,), "G02")
    assert (one.fte_hundredths, one.monthly_pay_ore, one.measured_on) == (2450, None, date(2026, 10, 15))
    (rented,) = work.facts.premises(KOMMUN, (other,), "G02")
    assert (rented.verksamhet, rented.rent_ore_per_year, rented.valid_to) == (None, 510_000_000, None)


def test_lives_at_an_enhet_hold_the_rows_elsewhere_too(work: UnitOfWork) -> None:
    batches = snapshot_and_delta(work, "enrolments")
    rows = [
        enrolment(1, 2, "a", "G02", "2025-08-15", "2026-08-15"),
        enrolment(1, 3, "a", "G01", "2026-08-15"),
        enrolment(1, 4, "b", "G02", "2025-08-15"),
        enrolment(1, 5, "c", "G01", "2025-08-15"),
        enrolment(2, 2, "c", "G01", "2026-01-10"),
    ]
    enrol(work, rows)
    found = work.facts.lives_at(KOMMUN, batches, "G01", "grundskola")
    assert [(one.batch, one.row) for one in found] == [(1, 2), (1, 3), (2, 2)]


def test_rows_are_kept_while_every_batch_has_some(work: UnitOfWork) -> None:
    batches = snapshot_and_delta(work, "enrolments")
    enrol(work, [enrolment(1, 2, "a", "G01", "2025-08-15")])
    assert work.facts.rows_kept(KOMMUN, [1])
    assert not work.facts.rows_kept(KOMMUN, batches)
