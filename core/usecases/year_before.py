"""What the year before is compared with: the same months of the unit itself, and of those it has followed since."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import RunKind, half_up
from core.usecases.choices import shown_run
from core.usecases.headcount import elever_by_month, headcount_of
from core.usecases.presenting import model_of
from core.usecases.sealing import may_see_support, seal_for
from core.usecases.succession import batches_of, compared_by_month

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from core.access import Actor
    from core.store import RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.succession import Parts

MONTHS = 12


@dataclass(frozen=True, slots=True)
class YearBefore:
    """The run of the year before, what it paid in the same months, its mean elever, and whose figures these are.

    ``compared``: other units by name with the largest share of any month. ``ids``: every unit the figures are of.
    """

    year: int | None = None
    total_ore: int | None = None
    elever: Fraction | None = None
    compared: tuple[tuple[str, Fraction], ...] = ()
    units: tuple[RunUnitRecord, ...] = ()


def run_before(work: UnitOfWork, run: RunRecord) -> RunRecord | None:
    """Return the run that a year is compared with: of the same kind; a final settlement also with an utfall."""
    found = shown_run(work, run.kommun, run.year - 1, run.kind)
    if found is None and run.kind == RunKind.SLUTAVRAKNING.value:
        return shown_run(work, run.kommun, run.year - 1, RunKind.UTFALL.value)
    return found


def year_before(work: UnitOfWork, run: RunRecord, before: RunRecord | None, enhet: str) -> YearBefore:
    """Return what a unit's run is compared with; nothing where the year before had none of the units."""
    if before is None:
        return YearBefore()
    parts = compared_by_month(work, run.kommun, run.year, before.year, enhet)
    named = {name for month in parts.values() for name, _ in month}
    units = [one for one in work.runs.units(run.kommun, before.number) if one.enhet in named]
    if not units:
        return YearBefore()
    paid = {one.enhet: work.sums.paid_by_month(run.kommun, before.number, [one.enhet]) for one in units}
    total = sum(
        (
            share * paid[name].get(month, 0)
            for month, shares in parts.items()
            if month <= run.through_month
            for name, share in shares
            if name in paid
        ),
        Fraction(0),
    )
    only_itself = named == {enhet}
    elever = (
        headcount_of(work, before, model_of(before)).mean(enhet)
        if only_itself
        else _elever(work, before, parts, [one.enhet for one in units])
    )
    names = {one.enhet: one.name for one in units}
    others = tuple((names[one], _largest(parts, one)) for one in sorted(names) if one != enhet)
    return YearBefore(before.year, half_up(total.numerator, total.denominator), elever, others, tuple(units))


def of_all(work: UnitOfWork, run: RunRecord, before: RunRecord, enhet_ids: Collection[str]) -> YearBefore | None:
    """Return the same for some units together; ``None`` where none of them follows another, so that sums will do."""
    years = range(before.year, run.year + 1)
    rows = work.successions.of_batches(run.kommun, batches_of(work, run.kommun, years))
    if not {row.successor for row in rows if row.enhet} & set(enhet_ids):
        return None
    found = [year_before(work, run, before, enhet) for enhet in sorted(enhet_ids)]
    totals = [one.total_ore for one in found if one.total_ore is not None]
    elever = [one.elever for one in found if one.elever is not None]
    units = {unit.enhet: unit for one in found for unit in one.units}
    return YearBefore(
        before.year,
        sum(totals) if totals else None,
        sum(elever, Fraction(0)) if elever else None,
        units=tuple(units.values()),
    )


def _elever(
    work: UnitOfWork, before: RunRecord, parts: Mapping[int, Parts], enhet_ids: Iterable[str]
) -> Fraction | None:
    """Return the mean elever over the counted months, each unit's by its share of the month."""
    model = model_of(before)
    by_month = {one: elever_by_month(work, before, model, one) for one in enhet_ids}
    months = range(1, before.through_month + 1)
    counted = [
        share * by_month[name][month]
        for month in months
        for name, share in parts[month]
        if month in by_month.get(name, {})
    ]
    return sum(counted, Fraction(0)) / before.through_month if counted else None


def _largest(parts: Mapping[int, Parts], enhet: str) -> Fraction:
    return max(share for shares in parts.values() for name, share in shares if name == enhet)


def tells_too_much(
    work: UnitOfWork, viewer: Actor, before: RunRecord, units: Iterable[RunUnitRecord], day: date
) -> bool:
    """Say whether the sum over ``units`` would give away individual support that the viewer may not see."""
    for unit in units:
        if not may_see_support(viewer, before.kommun, unit):
            lines = work.runs.lines(before.kommun, before.number, unit.enhet)
            if seal_for(model_of(before), lines, day, may_see=False):
                return True
    return False
