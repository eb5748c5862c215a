"""Elever of other kommuner at our units, counted by the same rules as everybody else, by hemkommun and ground.

Each (hemkommun, enhet, ground) stands in for a unit of its own while the ordinary count runs: categories, months and
the rule of July and August are those of every other count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from core.register.counting import CountGroups
from core.register.counts import Counter, Counts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from core.parameters import Category
    from core.register.counting import CountPlan

SEPARATOR = "\x1f"
GroupsCounted = tuple["CountPlan", int, CountGroups]
"""Groups of a query whose days start at a place of the plan's days."""


class Origin(NamedTuple):
    """Where an elev comes from, where the elev goes, and the register's code of the ground ("" for none)."""

    hemkommun: str
    enhet: str
    ground: str


def from_elsewhere(groups: CountGroups, own: Collection[str]) -> CountGroups:
    """Return the groups of other kommuner's elever at our own units, each unit named by its ``Origin``."""
    places = [place for place, enhet in enumerate(groups.enhet) if not groups.home[place] and enhet in own]
    kept = {
        name: [getattr(groups, name)[place] for place in places] for name in CountGroups.__slots__ if name != "enhet"
    }
    named = [
        SEPARATOR.join(Origin(groups.hemkommun[place] or "", groups.enhet[place], groups.ground[place] or ""))
        for place in places
    ]
    return CountGroups(enhet=named, **kept)


def count_origins(
    batches: Sequence[GroupsCounted], categories: Sequence[Category], own: Collection[str], year: int
) -> tuple[list[Origin], Counts]:
    """Return the origins that occur, in order, and their counts: the counts' units are the origins."""
    chosen = [(plan, first, from_elsewhere(groups, own)) for plan, first, groups in batches]
    names = sorted({name for _, _, groups in chosen for name in groups.enhet}, key=str.encode)
    divisor = {plan.rule: plan.divisor for plan, _, _ in batches}
    rules = [one.counting for one in categories]
    through = max((max(plan.spans) for plan, _, _ in batches), default=0)
    counts = Counts.empty(
        names, [one.category for one in categories], rules, [divisor.get(rule, 12) for rule in rules], through
    )
    counter = Counter(counts, categories, names, year)
    for plan, first, groups in chosen:
        counter.add(plan, first, groups)
    return [Origin(*name.split(SEPARATOR)) for name in names], counter.finish()


def with_ground(fields: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the fields with ground among them, in the order of ``known``."""
    wanted = {*fields, "ground"}
    return tuple(name for name in known if name in wanted)
