"""The register of a run counted: each row read once, for what units are paid by and for claims on other kommuner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence
from core.register import COUNT_FIELDS, Counter, CountQuery, Counts, contiguous, with_ground
from core.usecases.rows_kept import must_be_kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from core.parameters import FundingModel
    from core.register import CountPlan, GroupsCounted
    from core.store import UnitOfWork

MONTHS = 12
InForce = Callable[[str, "Iterable[date]"], "Mapping[date, tuple[int, ...]]"]
"""Answers which batches of a kind hold on each of some days: the snapshot first, then deltas in order."""


class NoRegisterError(CoreError):
    """Counting days lack an accepted register."""

    def __init__(self, kind: str, days: Sequence[date]) -> None:
        self.kind, self.days = kind, tuple(days)
        shown = ", ".join(str(day) for day in self.days[:6])
        super().__init__(
            Sentence(
                "Godkänt underlag ({kind}) saknas för {shown}. Läs in och godkänn filer som täcker dagarna, eller "
                "räkna till och med en tidigare månad.",
                kind=kind,
                shown=shown,
            )
        )


def count_register(
    work: UnitOfWork,
    model: FundingModel,
    plans: Sequence[CountPlan],
    units: tuple[list[str], list[str]],
    batches: tuple[str, InForce, set[tuple[int, str]]],
    *,
    by_origin: bool,
) -> tuple[Counts, list[GroupsCounted]]:
    """Return the counts of the register and, with ``by_origin``, the groups they were made of by hemkommun and ground.

    ``units``: all ids, and the kommun's own. ``batches``: the kommun, which batches hold, and a set that
    collects those used.
    """
    ids, own = units
    kommun, holding, used = batches
    divisor = {plan.rule: plan.divisor for plan in plans}
    rules = [one.counting for one in model.categories]
    through = max(max(plan.spans) for plan in plans)
    counts = Counts.empty(
        ids, [one.category for one in model.categories], rules, [divisor.get(rule, MONTHS) for rule in rules], through
    )
    counter = Counter(counts, model.categories, own, model.year)
    origins: list[GroupsCounted] = []
    kept: set[int] = set()
    for plan in plans:
        in_force = _by_batches(holding, plan)
        for numbers in in_force:
            used.update((number, "enrolments") for number in numbers)
            if not kept.issuperset(numbers):
                must_be_kept(work, kommun, numbers)
                kept.update(numbers)
        for low, query in _queries(kommun, plan, in_force, by_origin=by_origin):
            groups = work.count(query)
            counter.add(plan, low, groups)
            if by_origin:
                origins.append((plan, low, groups))
    return counter.finish(), origins


def _queries(
    kommun: str, plan: CountPlan, in_force: Mapping[tuple[int, ...], Sequence[int]], *, by_origin: bool
) -> Iterator[tuple[int, CountQuery]]:
    """Yield what to ask of each batch for each run of days it holds, with the place of the first of the days."""
    fields = with_ground(plan.fields, COUNT_FIELDS) if by_origin else plan.fields
    for numbers, places in in_force.items():
        for low, high in contiguous(places):
            for place, number in enumerate(numbers):
                query = CountQuery(
                    kommun, number, numbers[place + 1 :], plan.days[low:high], plan.verksamheter, fields,
                    every_day=plan.every_day, august_year=plan.august_year, by_hemkommun=by_origin,
                )  # fmt: skip
                yield low, query


def _by_batches(holding: InForce, plan: CountPlan) -> dict[tuple[int, ...], list[int]]:
    """Return the places of the plan's days by the batches in force on them; raises ``NoRegisterError``."""
    in_force = holding("enrolments", plan.days)
    missing = [day for day in plan.days if not in_force[day]]
    if missing:
        raise NoRegisterError(Sentence("elevregister"), missing)
    places: dict[tuple[int, ...], list[int]] = defaultdict(list)
    for place, day in enumerate(plan.days):
        places[in_force[day]].append(place)
    return dict(places)
