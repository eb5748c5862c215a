"""Identities of a stored run: each holds for a run as computed, and each finds the fault that was put in."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.allocation import Check, StoredRun, StoredUnit, UnitFacts, against_ledger, identities
from tests.support.small_amounts import every_month, paying_model, run_of

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS = (
    UnitFacts("ask", "Ask", "egen", ("grundskola",)),
    UnitFacts("björk", "Björk", "fristaende_hemma", ("grundskola",)),
)
MODEL = paying_model(
    [
        {"step": "grund", "kind": "per_elev", "prices": ["undervisning"]},
        {"step": "pott", "kind": "weighted_pool", "pool": "1000", "categories": ["a"]},
        {"step": "centralt", "kind": "deduction", "of": ["undervisning"], "rate": "0.1", "recipients": ["egen"]},
    ],
    prices=[{"step": "undervisning", "values": {"a": "60000.37"}, "verksamhet": "grundskola"}],
)


def stored(elever: tuple[int, int] = (3, 4)) -> StoredRun:
    """Return a run as the store would add it up, from lines that the engine made."""
    data, allocated = run_of(MODEL, [every_month(one) for one in elever], units=UNITS)
    lines = list(allocated.lines())
    sums: dict[str, dict[str, int]] = {}
    for name in ("enhet", "recipient", "dimension", "kostnadsslag", "verksamhet", "step"):
        sums[name] = {}
        for line in lines:
            value = getattr(line, name)
            sums[name][value] = sums[name].get(value, 0) + line.amount_ore
    own: dict[str, int] = {}
    by: dict[tuple[str, str], int] = {}
    for line in lines:
        by[line.step, line.period] = by.get((line.step, line.period), 0) + line.amount_ore
        if line.recipient == "egen":
            own[line.step] = own.get(line.step, 0) + line.amount_ore
    heads = {unit.enhet: {"grundskola|1": [n] * 12} for unit, n in zip(UNITS, elever, strict=True)}
    return StoredRun(
        model=MODEL,
        units=[
            StoredUnit(unit.enhet, unit.recipient, allocated.totals[unit.enhet], heads[unit.enhet]) for unit in UNITS
        ],
        lines=sums,
        by_step_period=by,
        own_by_step=own,
        prices=data.prices,
        counted={(unit.enhet, "a", "2026"): Fraction(n) for unit, n in zip(UNITS, elever, strict=True)},
        months={"a": 12 * sum(elever)},
        by_day=frozenset(),
        pools={(one.step, one.period): one.pool_ore for one in allocated.pools},
        payments=dict(allocated.totals),
    )


def wrong(run: StoredRun) -> set[str]:
    """Return the codes of the identities that do not hold."""
    return {one.code for one in identities(run) if one.state == "differs"}


@given(st.tuples(st.integers(1, 99), st.integers(1, 99)))
@settings(max_examples=30, deadline=None)
def test_a_run_as_computed_holds_every_identity(elever: tuple[int, int]) -> None:
    run = stored(elever)
    assert wrong(run) == set()
    assert {one.group for one in identities(run)} == {"rader", "potter", "priser", "elever"}


BREAKS: dict[str, tuple[Callable[[StoredRun], StoredRun], set[str]]] = {
    "en enhets sparade summa": (
        lambda run: replace(run, units=[replace(run.units[0], total_ore=run.units[0].total_ore + 1), run.units[1]]),
        {"enheter", "mottagare", "disponibelt"},
    ),
    "en rad i ett okänt kostnadsslag": (
        lambda run: replace(run, lines={**run.lines, "kostnadsslag": {"godis": sum(run.lines["step"].values())}}),
        {"kostnadsslag"},
    ),
    "en pott som inte är utdelad": (
        lambda run: replace(run, pools={key: ore + 1 for key, ore in run.pools.items()}),
        {"pott"},
    ),
    "ett pris som betalats fel": (
        lambda run: replace(run, counted={key: n + 1 for key, n in run.counted.items()}),
        {"pris_antal"},
    ),
    "en elev räknad två gånger": (
        lambda run: replace(run, months={"a": run.months["a"] + 1}),
        {"en_gang"},
    ),
    "en betalplan utan avräkning": (
        lambda run: replace(run, payments={**run.payments, "ask": run.payments["ask"] - 50}),
        {"betalplan"},
    ),
    "något hållet centralt som inte drogs": (
        lambda run: replace(run, own_by_step={**run.own_by_step, "centralt": 0}),
        set(),  # nothing held: nothing to compare, the next case shows the other way
    ),
    "brutto som inte är hela": (
        lambda run: replace(run, own_by_step={**run.own_by_step, "undervisning": 1}),
        {"disponibelt"},
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_identity_finds_the_fault_that_was_put_in(name: str) -> None:
    change, codes = BREAKS[name]
    assert wrong(change(stored())) == codes


def test_a_unit_to_look_at_first_is_named() -> None:
    run = stored()
    broken = replace(run, units=[run.units[0], replace(run.units[1], total_ore=0)])
    named = {one.code: one.enhet for one in identities(broken) if one.state == "differs"}
    assert named["enheter"] == "björk"


def test_elever_without_category_are_told_and_are_no_fault() -> None:
    run = replace(stored(), months={"a": 12 * 7 - 5})
    check = next(one for one in identities(run) if one.code == "en_gang")
    assert (check.state, check.difference, check.measure) == ("agrees", -5, "elevmanader")


def test_where_days_are_counted_headcounts_are_not_compared() -> None:
    assert not [one for one in identities(replace(stored(), by_day=frozenset({"a"}))) if one.code == "en_gang"]


def test_an_absent_side_is_absent_and_not_zero() -> None:
    assert Check("utbetalt", "manad", "1", None, 5).state == "absent"
    assert Check("utbetalt", "manad", "1", 0, 5).state == "differs"


def test_a_ledger_is_held_against_the_run_by_enhet_and_kostnadsslag() -> None:
    """Ask: booked as paid. Björk: 500 kr too little for teaching, and meals that nobody has paid."""
    ours = {("ask", "undervisning"): 100_000_00, ("björk", "undervisning"): 60_000_00, ("björk", "lokalkostnader"): 900}
    ledger = {("ask", "undervisning"): 100_000_00, ("björk", "undervisning"): 59_500_00, ("björk", "maltider"): 700}
    told = {(one.name, one.code): (one.difference, one.state) for one in against_ledger(ours, ledger)}
    assert told == {
        ("ask", "undervisning"): (0, "agrees"),
        ("björk", "undervisning"): (500_00, "differs"),
        ("björk", "lokalkostnader"): (900, "differs"),
        ("björk", "maltider"): (-700, "differs"),
    }


def test_without_a_ledger_nothing_is_said_but_that() -> None:
    (only,) = against_ledger({("ask", "undervisning"): 1}, None)
    assert (only.group, only.code, only.state) == ("huvudbok", "ingen", "absent")
