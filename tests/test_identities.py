"""What must always be true, held against the whole of Lindvik: sums close, hashes hold, and no elev counts twice."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.allocation import difference_of, root_hash, unit_hashes
from core.base import half_up
from core.parameters import load_holidays
from core.register import PlainSpell, count_plans, counted_days
from core.usecases.demo_load import COUNTED_MONTHS, LINDVIK
from core.usecases.presenting import model_of
from tests.support.reading_demo import demo_to_read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from core.register import CountPlan
    from core.store import UnitOfWork
    from core.store.records import RunRecord
    from tests.support.databases import DatabaseMaker

KOMMUN = LINDVIK.kommun
RUNS = [(year, kind) for year in COUNTED_MONTHS for kind in ("budget", "utfall")]
BUDGET_TERMS = {"beslutad_budget", "avrundning", "reserv", "momsersattning"}
UTFALL_TERMS = {
    "utbetalt", "budget", "ej_raknat", "volym", "avrundning", "rattelser", "ovrigt.bas", "ovrigt.socioekonomi",
    "ovrigt.struktur", "ovrigt.individ",
}  # fmt: skip


@pytest.fixture(scope="module")
def work(database_maker: DatabaseMaker) -> Iterator[UnitOfWork]:
    """Give the demo to read from, one copy for the whole file."""
    with demo_to_read(database_maker) as opened:
        yield opened


def run_of(work: UnitOfWork, year: int, kind: str) -> RunRecord:
    return next(run for run in work.runs.list(KOMMUN) if (run.year, run.kind) == (year, kind))


@pytest.mark.parametrize(("year", "kind"), RUNS)
def test_the_books_close_and_every_term_is_the_sum_it_is_named_for(work: UnitOfWork, year: int, kind: str) -> None:
    run = run_of(work, year, kind)
    books = work.runs.books(KOMMUN, run.number)
    terms = {one.term: one.amount_ore for one in books}
    lines = work.runs.lines(KOMMUN, run.number)
    whole = sum(line.amount_ore for line in lines)
    assert difference_of(books) == 0
    assert all(one.label.strip() for one in books)
    assert len(terms) == len(books)
    if kind == "budget":
        by_verksamhet = Counter[str]()
        for line in lines:
            by_verksamhet[f"rader.{line.verksamhet}"] += line.amount_ore
        assert {name: ore for name, ore in terms.items() if name.startswith("rader.")} == by_verksamhet
        assert terms.keys() >= BUDGET_TERMS
        moms = sum(line.amount_ore for line in lines if line.kostnadsslag == "mervardesskatt")
        assert terms["momsersattning"] == -moms
    else:
        assert terms.keys() == UTFALL_TERMS
        assert terms["utbetalt"] == whole
        planned = work.runs.lines(KOMMUN, run.budget_run or 0)
        assert terms["budget"] == sum(line.amount_ore for line in planned)
        assert (terms["ej_raknat"] == 0) == (run.through_month == 12)


@pytest.mark.parametrize(("year", "kind"), RUNS)
def test_every_line_is_its_quantity_times_its_price_and_every_unit_the_sum_of_its_lines(
    work: UnitOfWork, year: int, kind: str
) -> None:
    run = run_of(work, year, kind)
    lines = work.runs.lines(KOMMUN, run.number)
    sums = Counter[str]()
    for line in lines:
        sums[line.enhet] += line.amount_ore
        assert line.before_ore + line.remainder_ore == line.amount_ore, line.key
        exact = line.quantity * line.rate * line.factor
        if line.kind == "weighted_pool":
            assert line.before_ore == exact.numerator // exact.denominator, line.key
            assert line.remainder_ore in {0, 1}, line.key
        else:
            assert line.amount_ore == half_up(exact.numerator, exact.denominator), line.key
            assert line.remainder_ore == 0, line.key
    units = work.runs.units(KOMMUN, run.number)
    assert {unit.enhet: unit.total_ore for unit in units} == {unit.enhet: sums[unit.enhet] for unit in units}
    hashes = unit_hashes(line.as_tuple() for line in lines)
    assert {unit.enhet: unit.lines_hash for unit in units if unit.lines_hash} == hashes
    assert root_hash(hashes) == run.root_hash


@pytest.mark.parametrize(("year", "kind"), RUNS)
def test_pots_and_payments_add_up(work: UnitOfWork, year: int, kind: str) -> None:
    run = run_of(work, year, kind)
    handed, remainders = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for line in work.runs.lines(KOMMUN, run.number):
        if line.kind == "weighted_pool":
            handed[line.step, line.period] += line.amount_ore
            remainders[line.step, line.period] += line.remainder_ore
    for pool in work.runs.pools(KOMMUN, run.number):
        assert handed[pool.step, pool.period] == pool.pool_ore
        assert remainders[pool.step, pool.period] == pool.remainder_ore
    paid = Counter[str]()
    for enhet, month, how, ore in work.runs.payments(KOMMUN, run.number):
        paid[enhet] += ore
        assert 1 <= month <= run.through_month
        assert how == "settlement" or ore % 100 == 0
    assert all(paid[unit.enhet] == unit.total_ore for unit in work.runs.units(KOMMUN, run.number))


@pytest.mark.parametrize(("year", "kind"), RUNS)
def test_the_audit_chain_holds_the_hashes_of_every_run(work: UnitOfWork, year: int, kind: str) -> None:
    run = run_of(work, year, kind)
    (told,) = work.audit.about(KOMMUN, "run.create", f"run:{run.number}")
    facts = json.loads(told.payload or "{}")
    assert (facts["fingerprint"], facts["root_hash"]) == (run.fingerprint, run.root_hash)
    assert work.audit.first_broken(KOMMUN) is None


# --- the register, counted by brute force: every elev, every day


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days with the same deliveries in force, and every elev's rows by verksamhet then."""

    days: tuple[date, ...]
    lives: dict[tuple[str, str], list[tuple[PlainSpell, str]]]


def stretches(work: UnitOfWork, year: int) -> Iterator[Stretch]:
    """Yield the counted year stretch by stretch."""
    first = date(year, 1, 1)
    last = date(year, COUNTED_MONTHS[year], 1) + timedelta(days=31)
    days = [first + timedelta(days=n) for n in range((last.replace(day=1) - first).days)]
    in_force = work.batches.in_force(KOMMUN, "enrolments", days)
    by_batches: dict[tuple[int, ...], list[date]] = defaultdict(list)
    for day in days:
        by_batches[in_force[day]].append(day)
    for batches, held in by_batches.items():
        assert batches, held[0]
        yield Stretch(tuple(held), lives(work, batches))


def lives(work: UnitOfWork, batches: Sequence[int]) -> dict[tuple[str, str], list[tuple[PlainSpell, str]]]:
    """Return (row, hemkommun) by elev and verksamhet: what a later delivery says of an elev replaces what was said."""
    latest: dict[str, int] = {}
    rows = []
    for batch in batches:
        statement = text(
            "SELECT elev, verksamhet, enhet, valid_from, valid_to, hemkommun FROM enrolment "
            "WHERE kommun = :kommun AND batch = :batch ORDER BY row"
        )
        for row in work.connection.execute(statement, {"kommun": KOMMUN, "batch": batch}):
            latest[row.elev] = batch
            rows.append((batch, row))
    found: dict[tuple[str, str], list[tuple[PlainSpell, str]]] = defaultdict(list)
    for batch, row in rows:
        if latest[row.elev] == batch:
            end = None if row.valid_to is None else date.fromisoformat(row.valid_to)
            spell = PlainSpell(row.enhet, date.fromisoformat(row.valid_from), end)
            found[row.elev, row.verksamhet].append((spell, row.hemkommun))
    return found


@pytest.mark.parametrize("year", list(COUNTED_MONTHS))
def test_no_elev_counts_twice_in_a_verksamhet_on_any_day(work: UnitOfWork, year: int) -> None:
    """Elever whose rows have the same days in the same units are counted alike: each such set of rows is tried once."""
    seen = 0
    for stretch in stretches(work, year):
        seen += len(stretch.lives)
        alike = {tuple(spell for spell, _ in rows): who for who, rows in stretch.lives.items() if len(rows) > 1}
        for spells, who in alike.items():
            for august_year in (None, year):
                counted = counted_days(spells, stretch.days, august_year)
                assert sum(map(len, counted)) == len(set().union(*counted)), (who, august_year)
    assert seen > 10_000


Heads = dict[tuple[str, str, int], set[str]]


def heads_by_hand(work: UnitOfWork, run: RunRecord) -> Heads:
    """Return the elever by enhet, verksamhet and month: the kommun's own units have all, others those of the kommun."""
    own = {unit.enhet for unit in work.runs.units(KOMMUN, run.number) if unit.recipient == "egen"}
    found: Heads = defaultdict(set)
    plans = count_plans(model_of(run), run.through_month, load_holidays())
    for stretch in stretches(work, run.year):
        for plan in plans:
            first_day = {month: plan.days[low] for month, (low, _) in plan.spans.items()}
            days = sorted(set(first_day.values()) & set(stretch.days))
            for elev, enhet, verksamhet, counted in one_by_one(stretch, plan, days, own):
                for month, day in first_day.items():
                    if day in counted:
                        found[enhet, verksamhet, month].add(elev)
    return found


def one_by_one(
    stretch: Stretch, plan: CountPlan, days: Sequence[date], own: set[str]
) -> Iterator[tuple[str, str, str, set[date]]]:
    """Yield (elev, enhet, verksamhet, days counted) of every row that counts."""
    for (elev, verksamhet), rows in stretch.lives.items():
        if verksamhet in plan.verksamheter:
            counted = counted_days([spell for spell, _ in rows], days, plan.august_year)
            for (spell, hemkommun), held in zip(rows, counted, strict=True):
                if spell.enhet in own or hemkommun == KOMMUN:
                    yield elev, spell.enhet, verksamhet, held


def heads_frozen(work: UnitOfWork, run: RunRecord) -> Counter[tuple[str, str, int]]:
    """Return the frozen headcounts by enhet, verksamhet and month."""
    found = Counter[tuple[str, str, int]]()
    for unit in work.runs.units(KOMMUN, run.number):
        for key, months in json.loads(unit.by_arskurs).items():
            for month, n in enumerate(months, start=1):
                found[unit.enhet, key.partition("|")[0], month] += n
    return +found


@pytest.mark.parametrize("year", list(COUNTED_MONTHS))
def test_the_frozen_headcounts_are_the_elever_counted_one_by_one(work: UnitOfWork, year: int) -> None:
    run = run_of(work, year, "utfall")
    by_hand, frozen = heads_by_hand(work, run), heads_frozen(work, run)
    assert frozen == Counter({place: len(elever) for place, elever in by_hand.items()})
    together: dict[tuple[str, int], set[str]] = defaultdict(set)
    for (_, verksamhet, month), elever in by_hand.items():
        together[verksamhet, month] |= elever
    for (verksamhet, month), elever in together.items():  # over all units, nobody twice
        assert sum(n for place, n in frozen.items() if place[1:] == (verksamhet, month)) == len(elever)


@pytest.mark.parametrize("year", list(COUNTED_MONTHS))
def test_what_is_counted_in_categories_is_never_more_than_the_elever_there_are(work: UnitOfWork, year: int) -> None:
    run = run_of(work, year, "utfall")
    model = model_of(run)
    plain = {one.category: one.verksamhet.value for one in model.categories if not one.overlapping}
    heads = heads_frozen(work, run)
    counted: dict[tuple[str, str, int], Fraction] = defaultdict(Fraction)
    for row in work.runs.counts(KOMMUN, run.number):
        if row.category in plain and row.den == 12:
            counted[row.enhet, plain[row.category], row.month] += row.n
    assert counted
    assert all(n <= heads[place] for place, n in counted.items())
