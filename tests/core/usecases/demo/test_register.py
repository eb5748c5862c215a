from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from statistics import mean
from typing import TYPE_CHECKING

import pytest

from core.base import Verksamhet

if TYPE_CHECKING:
    from core.usecases.demo.register import Register
    from core.usecases.demo.spells import Spell
    from tests.core.usecases.demo.conftest import Delivered

AUTUMNS = (date(2024, 10, 15), date(2025, 10, 15), date(2026, 10, 15))


def in_lindvik(register: Register, day: date) -> Counter[Verksamhet]:
    own = {unit.enhet for unit in register.units if unit.is_in_lindvik}
    return Counter(spell.verksamhet for spell in register.spells if spell.enhet in own and spell.holds(day))


def lives(register: Register) -> dict[tuple[str, Verksamhet], list[Spell]]:
    found: dict[tuple[str, Verksamhet], list[Spell]] = defaultdict(list)
    for spell in register.spells:
        found[spell.person.elev, spell.verksamhet].append(spell)
    return found


@pytest.mark.parametrize(
    ("verksamhet", "about"),
    [
        (Verksamhet.FORSKOLA, 2_000),
        (Verksamhet.FORSKOLEKLASS, 560),
        (Verksamhet.GRUNDSKOLA, 6_000),
        (Verksamhet.FRITIDSHEM, 2_560),
        (Verksamhet.ANPASSAD_GRUNDSKOLA, 90),
        (Verksamhet.GYMNASIESKOLA, 2_030),
    ],
)
def test_lindviks_units_hold_about_as_many_as_a_town_of_that_size(
    register: Register, verksamhet: Verksamhet, about: int
) -> None:
    counts = [in_lindvik(register, day)[verksamhet] for day in AUTUMNS]
    assert mean(counts) == pytest.approx(about, rel=0.05), counts


def test_about_eleven_thousand_children_and_elever_are_in_the_register(register: Register) -> None:
    for day in AUTUMNS:
        assert len({spell.person.elev for spell in register.spells if spell.holds(day)}) == pytest.approx(
            11_000, rel=0.05
        )


def test_lerbackens_skola_grows_from_about_355_to_about_369(register: Register) -> None:
    def size(year: int) -> float:
        days = [date(year, month, 15) for month in (1, 2, 3, 4, 5, 6, 9, 10)]
        return mean(
            sum(n for (enhet, kind), n in register.sizes(day).items() if enhet == "G01" and kind != "fritidshem")
            for day in days
        )

    assert size(2025) == pytest.approx(355, abs=6)
    assert size(2026) == pytest.approx(369, abs=6)


def test_nobody_is_at_two_places_of_one_verksamhet_on_the_same_day(register: Register) -> None:
    for spells in lives(register).values():
        for earlier, later in pairwise(sorted(spells, key=lambda one: one.start)):
            assert earlier.stop <= later.start, (earlier, later)


def test_arskurs_moves_up_one_each_summer(register: Register) -> None:
    for (_, verksamhet), spells in lives(register).items():
        if verksamhet is Verksamhet.GRUNDSKOLA:
            for earlier, later in pairwise(sorted(spells, key=lambda one: one.start)):
                steps = (later.start.year + (later.start.month > 6)) - (earlier.start.year + (earlier.start.month > 6))
                assert int(later.arskurs) - int(earlier.arskurs) == steps, (earlier, later)


def test_a_child_goes_from_forskola_to_forskoleklass_the_year_it_turns_six(register: Register) -> None:
    found = lives(register)
    starts = [
        (spells[0], found[elev, Verksamhet.FORSKOLEKLASS][0])
        for (elev, verksamhet), spells in found.items()
        if verksamhet is Verksamhet.FORSKOLA and (elev, Verksamhet.FORSKOLEKLASS) in found
    ]
    assert len(starts) > 1_000
    assert all(later.start.year >= child.person.born + 6 and later.arskurs == "F" for child, later in starts)


def test_nobody_is_at_a_unit_before_it_opens_or_after_it_closes(register: Register) -> None:
    for spell in register.spells:
        unit = register.units.get(spell.enhet)
        assert spell.start >= unit.opens
        assert unit.closes is None or spell.stop <= date(2025, 7, 1)


def test_one_unit_opens_with_children_and_one_closes_whose_elever_go_on(register: Register) -> None:
    opened = [unit.enhet for unit in register.units if unit.opens.year >= 2024]
    closed = [unit.enhet for unit in register.units if unit.closes]
    assert (opened, closed) == (["F26"], ["G15"])
    assert register.sizes(date(2025, 9, 15))["F26", Verksamhet.FORSKOLA] > 30
    before = {spell.person.elev for spell in register.on(date(2025, 5, 15)) if spell.enhet == "G15"}
    after = Counter(spell.enhet for spell in register.on(date(2025, 9, 15)) if spell.person.elev in before)
    assert after["G01"] > 15


def test_elever_come_from_and_go_to_other_municipalities_with_a_ground(register: Register) -> None:
    day = date(2026, 3, 13)
    there = [spell for spell in register.on(day) if not register.units.get(spell.enhet).is_in_lindvik]
    here = [spell for spell in register.on(day) if spell.hemkommun != "9901"]
    assert len(there) > 250
    assert len(here) > 200
    assert {spell.ground for spell in here} == {"onskemal", "sarskilda_skal", "avtal", "forstahand", "andrahand"}
    assert {register.units.get(spell.enhet).is_kommunal for spell in there} == {True, False}


def test_some_move_over_the_border_and_stay_at_the_unit(register: Register) -> None:
    homes: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for spell in register.spells:
        homes[spell.person.elev, spell.enhet, spell.arskurs].add(spell.hemkommun)
    assert sum(len(found) > 1 for found in homes.values()) > 20


def test_the_register_is_rich_enough_for_every_page(register: Register) -> None:
    spells = list(register.on(date(2026, 3, 13)))
    flags = Counter(flag for spell in spells for flag in spell.flags.split(",") if flag)
    assert set(flags) == {"nyanland", "modersmal", "amnesomraden"}
    assert min(flags.values()) > 20
    hours = {spell.hours for spell in spells if spell.verksamhet is Verksamhet.FORSKOLA}
    assert hours == {15, 25, 30, 35, 40, 45}
    assert len({spell.programme for spell in spells if spell.programme}) == 15
    assert {spell.source_category for spell in spells} >= {"arbete_studier", "foraldraledig", "arbetssokande", "allman"}
    assert 10 < sum(not spell.group and spell.verksamhet is not Verksamhet.FRITIDSHEM for spell in spells) < 100


def test_what_is_missing_is_missing_on_purpose(delivered: Delivered) -> None:
    def enheter(month: str) -> set[str]:
        return {row["enhet"] for row in delivered.rows(f"elevregister_{month}.csv")}

    def without_hours(month: str) -> int:
        rows = delivered.rows(f"elevregister_{month}.csv")
        return sum(row["enhet"] == "F11" and not row["timmar_per_vecka"] for row in rows)

    assert enheter("2026-02") - enheter("2026-03") == {"F03"}
    assert "F03" in enheter("2026-04")
    assert [without_hours(month) > 2 for month in ("2026-01", "2026-02", "2026-03", "2026-04")] == [
        False,
        True,
        True,
        False,
    ]


def test_julys_file_holds_those_who_start_in_august_and_when_the_others_end(delivered: Delivered) -> None:
    rows = delivered.rows("elevregister_2026-07.csv")
    starters = [row for row in rows if row["fran_och_med"] == "2026-08-10" and row["verksamhet"] == "forskoleklass"]
    assert len(starters) > 450
    changes = [row for row in rows if row["till_och_med"] == "2026-08-09" and row["verksamhet"] == "grundskola"]
    new = {(row["elev"], row["enhet"]) for row in rows if row["fran_och_med"] == "2026-08-10"}
    assert len(changes) > 100  # written out late by the unit they leave; the rule of July counts them where they come
    assert not {(row["elev"], row["enhet"]) for row in changes} & new
    assert sum(row["fran_och_med"] == "2026-07-01" for row in rows) > 5_000
    later = delivered.rows("elevregister_2026-09.csv")
    assert all(row["fran_och_med"] < "2026-10-01" and row["till_och_med"] <= "2026-09-30" for row in later)


def test_no_file_tells_of_a_day_after_its_period_ends_but_for_july(delivered: Delivered) -> None:
    for file in delivered.files:
        if file.kind == "enrolments" and "2026-07" not in file.path.name:
            for row in delivered.rows(file.path.name):
                assert row["fran_och_med"] < file.period_to.isoformat()
                assert row["till_och_med"] < file.period_to.isoformat()
