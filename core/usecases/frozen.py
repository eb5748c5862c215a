"""What a run is computed from, gathered from the batches in force; and what it freezes.

The way of a krona: batches in force → counts → prices → lines → hashes. Everything here is
deterministic; the use case that decides to run, and the one that verifies, both walk this way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import groupby
from typing import TYPE_CHECKING, Any

import numpy as np

from core.allocation import (
    AllocationInput,
    GivenAmount,
    Quantities,
    UnitFacts,
    quantities_of,
)
from core.base import BatchMode, BatchState, CoreError, Huvudmannatyp, Month, Recipient, RunKind, Sentence
from core.parameters import Addition
from core.register import Counts, PlannedRow, RowFields, count_plans, planned_counts
from core.usecases.claim_counts import COUNTED
from core.usecases.decided_cases import case_months
from core.usecases.register_counts import NoRegisterError, count_register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.allocation import CaseAmount, PriceTable
    from core.parameters import FundingModel
    from core.register import GroupsCounted
    from core.store import BatchRecord, KommunRecord, RunRecord, UnitOfWork, UnitRecord
    from core.usecases.register_counts import InForce

MONTHS = 12
ALL_MONTHS = range(1, MONTHS + 1)


class NoUnitsError(CoreError):
    """There is no accepted unit register for the year."""

    def __init__(self, kommun: str, year: int) -> None:
        self.kommun, self.year = kommun, year
        super().__init__(
            Sentence(
                "Enhetsregistret för {year} saknas i kommun {kommun}. Läs in och godkänn filen med enheter först.",
                year=year,
                kommun=kommun,
            )
        )


class PlanUnknownError(CoreError):
    """A budget run planned elever at a unit or in a category that is there no longer."""

    def __init__(self, run: int, enhet: str, category: str) -> None:
        self.run, self.enhet, self.category = run, enhet, category
        super().__init__(
            Sentence(
                "Budgetkörning {run} planerar elever i {category} vid enheten {enhet}, men modellen eller "
                "enhetsregistret har dem inte längre. Räkna och besluta budgeten på nytt, så att utfallet har en plan "
                "att jämföras med.",
                run=run,
                category=category,
                enhet=enhet,
            )
        )


@dataclass(slots=True)
class Gathered:
    """The inputs of a run. ``batches``: (number, kind) in force, in order of number."""

    kommun: KommunRecord
    model: FundingModel
    through_month: int
    units: tuple[UnitFacts, ...]
    counts: Counts
    index: Mapping[str, Mapping[str, Fraction]]
    given: list[GivenAmount]
    batches: list[tuple[int, str]]
    cases: list[CaseAmount] = field(default_factory=list)
    origins: Sequence[GroupsCounted] = ()
    """The groups that the counts were made of, told apart by hemkommun and ground, where the run claims for them."""

    def planned(self) -> dict[str, Fraction]:
        """Return yearly elever by category over all units, as prices from a budget divide by."""
        return yearly_by_category(self.counts)

    def allocation(self, prices: PriceTable) -> AllocationInput:
        """Return the input of the engine."""
        quantities = quantities_of(self.model, self.counts.n, self.counts.divisor, self.through_month)
        return AllocationInput(self.model, self.units, quantities, prices, self.index, self.given, self.cases)


def yearly_by_category(counts: Counts) -> dict[str, Fraction]:
    """Return yearly elever by category over all units."""
    sums = counts.n.sum(axis=(0, 2)).tolist()
    return {
        name: Fraction(total, divisor)
        for name, total, divisor in zip(counts.category_ids, sums, counts.divisor, strict=True)
    }


def recipient_of(unit: UnitRecord, kommun: KommunRecord) -> Recipient:
    """Return whom the kommun pays when it pays for an elev at ``unit``."""
    if unit.huvudman == kommun.orgnr:
        return Recipient.EGEN
    if unit.huvudmannatyp != Huvudmannatyp.ENSKILD.value:
        return Recipient.ANNAN_KOMMUN
    return Recipient.FRISTAENDE_HEMMA if unit.lageskommun == kommun.kommun else Recipient.FRISTAENDE_ANNAN


def batches_in_force(work: UnitOfWork, kommun: str) -> InForce:
    """Return who says which accepted batches of a kind hold on some days now; they are read once, for all kinds."""
    return _among([one for one in work.batches.list(kommun) if one.state == BatchState.ACCEPTED.value])


def batches_frozen(work: UnitOfWork, run: RunRecord) -> InForce:
    """Return who says which of a run's own batches held on some days, whatever became of them since."""
    return _among(
        work.batches.of_numbers(run.kommun, [number for number, _ in work.runs.batches(run.kommun, run.number)])
    )


def _among(records: Sequence[BatchRecord]) -> InForce:
    def in_force(kind: str, days: Iterable[date]) -> dict[date, tuple[int, ...]]:
        mine = [one for one in records if one.kind == kind]
        return {day: tuple(one.number for one in in_force_then(mine, day)) for day in days}

    return in_force


def in_force_then(records: Iterable[BatchRecord], day: date) -> list[BatchRecord]:
    """Return, of a run's own batches of one kind, those that held on ``day``: by scope, a snapshot and its deltas."""
    holding = [one for one in records if one.period_from <= day < one.period_to]
    kept: list[BatchRecord] = []
    for scope in sorted({one.scope for one in holding}):
        mine = [one for one in holding if one.scope == scope]
        base = max((one.number for one in mine if one.mode == BatchMode.SNAPSHOT.value), default=0)
        kept += [one for one in mine if one.number >= base]
    return sorted(kept, key=lambda one: one.number)


@dataclass(frozen=True, slots=True)
class Months:
    """The months of a run: what is delivered by month is read from the batches that hold each month's last day.

    ``used`` collects the batches.
    """

    holding: InForce
    year: int
    through: int
    used: set[tuple[int, str]]

    def in_force(self, kind: str) -> Iterator[tuple[tuple[int, ...], int, int]]:
        """Yield the batches in force with the first and the last month (yyyymm) that they hold without a break."""
        months = [Month(self.year, number) for number in range(1, self.through + 1)]
        numbers = self.holding(kind, [month.last_day for month in months])
        for batches, alike in groupby(months, key=lambda month: numbers[month.last_day]):
            together = list(alike)
            self.used.update((number, kind) for number in batches)
            if batches:
                yield batches, together[0].code, together[-1].code


def gather(  # noqa: PLR0913 - a run's terms
    work: UnitOfWork,
    kommun: str,
    model: FundingModel,
    kind: RunKind,
    through: int,
    holidays: frozenset[date],
    holding: InForce | None = None,
    *,
    counted: bool = True,
) -> Gathered:
    """Return a run's inputs from the batches in force, or from those that ``holding`` names.

    ``counted``: count elever too; a check of stored counts does without when the rows are gone.
    Raises ``NoUnitsError`` and ``NoRegisterError`` when units or registers are missing.
    """
    record = work.kommuner.get(kommun)
    holding = holding or batches_in_force(work, kommun)
    last = Month(model.year, through).last_day
    used: set[tuple[int, str]] = set()

    def in_force(name: str) -> tuple[int, ...]:
        numbers = holding(name, [last])[last]
        used.update((number, name) for number in numbers)
        return numbers

    units = current_units(work.facts.units(kommun, in_force("units")), model.year)
    if not units:
        raise NoUnitsError(kommun, model.year)
    facts = tuple(_facts(unit, record) for unit in units)
    own = [unit.enhet for unit in units if unit.huvudman == record.orgnr]
    index = work.facts.index_values(kommun, in_force("index"))
    months = Months(holding, model.year, through, used)
    given = [
        GivenAmount(row.step, row.enhet, row.verksamhet, row.month % 100, row.decisions, row.amount_ore)
        for numbers, first, after in months.in_force("given_amounts")
        for row in work.facts.given(kommun, numbers, first, after)
    ]
    cases = [
        amount
        for numbers, first, after in months.in_force("case_amounts")
        for amount in case_months(work.facts.cases(kommun, numbers), model, first, after)
    ]
    ids = [unit.enhet for unit in units]
    origins: Sequence[GroupsCounted] = ()
    if not counted:
        names = [one.category for one in model.categories]
        counts = Counts.empty(ids, names, [""] * len(names), [MONTHS] * len(names), through)
    elif kind is RunKind.BUDGET:
        counts = _planned(work, kommun, model, ids, months)
    else:
        plans = count_plans(model, through, holidays)
        claims = model.ike is not None and kind.value in COUNTED
        counts, origins = count_register(work, model, plans, (ids, own), (kommun, holding, used), by_origin=claims)
    return Gathered(record, model, through, facts, counts, index, given, sorted(used), cases, origins)


def current_units(rows: Iterable[UnitRecord], year: int) -> list[UnitRecord]:
    """Return one row per enhet: its latest that holds some day of the year, in byte order of the id."""
    start, end = date(year, 1, 1), date(year + 1, 1, 1)
    latest: dict[str, UnitRecord] = {}
    for row in rows:
        if row.valid_from < end and (row.valid_to is None or row.valid_to > start):
            latest[row.enhet] = row
    return [latest[enhet] for enhet in sorted(latest, key=str.encode)]


def _facts(unit: UnitRecord, kommun: KommunRecord) -> UnitFacts:
    recipient = recipient_of(unit, kommun).value
    return UnitFacts(
        unit.enhet,
        unit.name,
        recipient,
        unit.verksamheter,
        bool(unit.landsbygd),
        unit.omrade,
        unit.huvudman,
        unit.huvudman_name,
    )


def _planned(work: UnitOfWork, kommun: str, model: FundingModel, ids: list[str], months: Months) -> Counts:
    names = [one.category for one in model.categories]
    counts = Counts.empty(ids, names, ["plan"] * len(names), [MONTHS] * len(names), MONTHS)
    rows = [
        row
        for numbers, first, after in months.in_force("planned_counts")
        for row in work.facts.planned(kommun, numbers, first, after)
    ]
    held = {row.month for row in rows}  # a month without a plan would make every price of the year too high
    missing = [month for month in (Month(model.year, number) for number in ALL_MONTHS) if month.code not in held]
    if missing:
        raise NoRegisterError(Sentence("planerade antal"), [month.first_day for month in missing])
    planned = (
        PlannedRow(
            row.enhet,
            RowFields(
                row.verksamhet, row.arskurs, row.birth_month, row.hours, row.source_category, row.programme,
                row.flags, None, home=True,
            ),
            row.month % 100, row.n, row.row_hash,
        )
        for row in rows
    )  # fmt: skip
    return planned_counts(counts, model.categories, planned, model.year)


def count_rows(counts: Counts, year: int) -> list[tuple[Any, ...]]:
    """Return the counts that hold something as they are stored, in the order of their key.

    (enhet, rule, category, month as yyyymm, n, den, sum of row hashes folded to signed 64 bits); the units are in
    byte order already.
    """
    places = sorted(range(len(counts.rule)), key=lambda place: (counts.rule[place], counts.category_ids[place]))
    n = counts.n[:, places, :]
    enhet, category, month = n.nonzero()
    chosen = [places[place] for place in category.tolist()]
    return list(
        zip(
            [counts.enhet_ids[place] for place in enhet.tolist()],
            [counts.rule[place] for place in chosen],
            [counts.category_ids[place] for place in chosen],
            (month + Month(year, 1).code).tolist(),
            n[enhet, category, month].tolist(),
            [counts.divisor[place] for place in chosen],
            counts.rows_hash[:, places, :][enhet, category, month].view(np.int64).tolist(),
            strict=True,
        )
    )


def quantities_frozen(
    work: UnitOfWork, run: RunRecord, model: FundingModel, ids: Sequence[str], through: int
) -> Quantities:
    """Return the yearly elever that a run stored for the months up to ``through``, added up in the database.

    Raises ``PlanUnknownError`` for elever whose unit or category the model and the unit register now lack.
    """
    periods = {name: [month for month in months if month <= through] for name, months in model.periods().items()}
    names = [one.category for one in model.categories]
    enhet, category = ({name: place for place, name in enumerate(one)} for one in (ids, names))
    shape = (len(ids), len(names), len(periods))
    num, active, den = np.zeros(shape, np.int64), np.zeros(shape, np.int64), [MONTHS] * len(names)
    for place, months in enumerate(periods.values()):
        codes = [Month(run.year, month).code for month in months]
        for unit, name, divisor, n, some in work.sums.counted(run.kommun, run.number, codes):
            if unit not in enhet or name not in category:
                raise PlanUnknownError(run.number, unit, name)
            at = enhet[unit], category[name], place
            num[at], active[at], den[category[name]] = n, some, divisor
    by_month = None
    if any(isinstance(step, Addition) for step in model.amounts):  # it is shared by the elever of some months
        by_month = counts_frozen(work, run, model, ids).n
    return Quantities(tuple(periods), tuple(map(len, periods.values())), num, tuple(den), active, by_month)


def counts_frozen(work: UnitOfWork, run: RunRecord, model: FundingModel, ids: Sequence[str]) -> Counts:
    """Return the counts that a run stored, over the units ``ids``."""
    names = [one.category for one in model.categories]
    rows = work.runs.counts(run.kommun, run.number)
    rule, divisor = {row.category: row.rule for row in rows}, {row.category: row.den for row in rows}
    counts = Counts.empty(
        ids, names, [rule.get(name, "") for name in names], [divisor.get(name, MONTHS) for name in names], MONTHS
    )
    enhet, category = ({name: place for place, name in enumerate(one)} for one in (ids, names))
    held = [row for row in rows if row.enhet in enhet and row.category in category]
    places = (
        [enhet[row.enhet] for row in held],
        [category[row.category] for row in held],
        [row.month - 1 for row in held],
    )
    counts.n[places] = [row.n for row in held]
    counts.rows_hash[places] = np.array([row.rows_hash for row in held], np.uint64)
    return counts
