"""Tänk om…: what some elever more or fewer would mean for one unit; nothing is saved.

Every price is today's, also those of pots: what the others get does not move. The year is thought of as one in which
every month is like the last counted one, so that the answer is what the change is worth for a year.
"""

from __future__ import annotations

import json
from calendar import monthrange
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from core.allocation import TrialBase, at_solved_prices, effects, quantities_of, step_label, tried
from core.base import CoreError, Sentence, Verksamhet, label, short
from core.parameters import CountChange
from core.parameters.class_size import load_class_sizes
from core.register import Classifier, RowFields, count_plans
from core.usecases.allocation import seal_of, shown_unit
from core.usecases.context import kommun_of
from core.usecases.given import solved_pools
from core.usecases.presenting import run_info
from core.usecases.trial_base import SHELF
from core.usecases.what_if_views import MOST_MORE, ClassStep, Group, NextCount, WhatIfView

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from core.access import Actor
    from core.allocation import Effects
    from core.parameters import FundingModel
    from core.store import RunUnitRecord
    from core.usecases.context import App
    from core.usecases.views import RunInfo

MONTHS = 12
MOST_GROUPS = 40
OF_OTHERS = ("over_units", "gainers", "mean_of")
"""Words of a model whose steps look at other units: it must then be computed whole."""


class TryFaultyError(CoreError):
    """A link asks for something that cannot be tried; ``part`` is what it says."""

    def __init__(self, part: str, what: str) -> None:
        self.part = part
        super().__init__(
            Sentence(
                "Länken går inte att pröva: ”{part}” {what} Ta bort det ur adressen, eller börja om med Återställ.",
                part=short(part, 60),
                what=what,
            )
        )


def read_tries(text: str) -> dict[str, int]:
    """Return the groups and how many elever more or fewer, as a link says it: ``grundskola|4:2;fritidshem.6_9:-1``."""
    parts = [part for part in text.split(";") if part]
    if len(parts) > MOST_GROUPS:
        raise TryFaultyError(text, Sentence("ändrar fler än {most_groups} grupper.", most_groups=MOST_GROUPS))
    tries: dict[str, int] = {}
    for part in parts:
        key, colon, shown = part.rpartition(":")
        digits = shown.removeprefix("-").removeprefix("+")
        if not colon or not key or not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(MOST_MORE)):
            raise TryFaultyError(part, Sentence("är inte en grupp och ett antal."))
        if key in tries:
            raise TryFaultyError(part, Sentence("står två gånger."))
        if abs(int(shown)) > MOST_MORE:
            raise TryFaultyError(part, Sentence("är fler än {most_more} elever.", most_more=MOST_MORE))
        tries[key] = int(shown)
    return {key: delta for key, delta in tries.items() if delta}


def tries_text(tries: Mapping[str, int]) -> str:
    """Return the tries as a link says them."""
    return ";".join(f"{key}:{delta}" for key, delta in sorted(tries.items()) if delta)


@dataclass(frozen=True, slots=True)
class _Trial:
    """A unit's base at held prices, the day it is looked at, and what this reader is shown without."""

    base: TrialBase
    unit: RunUnitRecord
    through_month: int
    today: date
    days: Mapping[str, Mapping[int, date]]
    without: tuple[frozenset[str], frozenset[str]]
    known: dict[str, NextCount | None] = field(default_factory=dict)

    def worth(self, changes: Sequence[CountChange]) -> Effects:
        """Return what changed counts are worth."""
        return effects(self.base, tried(self.base, changes), self.without)

    def more(self, deltas: Mapping[tuple[str, int], int]) -> list[CountChange]:
        """Return the changes of counts by category and first month."""
        return [
            CountChange(enhet=self.unit.enhet, category=category, from_month=first, delta=delta)
            for (category, first), delta in deltas.items()
            if delta
        ]

    def waiting(self, category: str) -> list[tuple[date, int]]:
        """Return the counting days that are still to come, each with a month it decides."""
        return sorted((day, month) for month, day in self.days[category].items() if day > self.today)


def retried(text: str, key: str, now: int, wanted: int) -> str:
    """Return a link's text with a group tried at ``wanted`` elever in place of ``now``; the rest of it stands."""
    return tries_text({**read_tries(text), key: wanted - now})


def what_if_of(app: App, viewer: Actor, enhet: str, run: int, tries: str = "", from_month: int = 1) -> WhatIfView:
    """Return what a trial is worth to a unit at the prices of a run; raises ``TryFaultyError`` for a forged link."""
    wanted = read_tries(tries)
    if not 1 <= from_month <= MONTHS:
        raise TryFaultyError(str(from_month), Sentence("är ingen månad."))
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        record, unit = shown_unit(work, viewer, enhet, run)
        seal = seal_of(app, viewer, work, record, unit, work.runs.lines(kommun, run, enhet))
        held = at_solved_prices(SHELF.base(work, record), solved_pools(work, record))
    base = _flat(_alone(held, enhet))
    without = frozenset({enhet}), seal.steps | seal.secret_index
    days = _counting_days(base.model, app.holidays)
    trial = _Trial(base, unit, record.through_month, app.clock().date(), days, without)
    groups = tuple(_groups(trial, wanted))
    unknown = wanted.keys() - {one.key for one in groups}
    if unknown:
        raise TryFaultyError(min(unknown), Sentence("är ingen grupp vid enheten."))
    return _view(trial, run_info(record), groups, from_month)


def _view(trial: _Trial, run: RunInfo, groups: tuple[Group, ...], from_month: int) -> WhatIfView:
    chosen = [one for one in groups if one.delta]
    year: Counter[tuple[str, int]] = Counter()
    rest: Counter[tuple[str, int]] = Counter()
    months: set[int] = set()
    for one in chosen:
        year[one.category, 1] += one.delta
        open_months = [month for _, month in trial.waiting(one.category) if month >= from_month]
        if open_months:
            rest[one.category, min(open_months)] += one.delta
            months |= set(range(min(open_months), MONTHS + 1))
    whole = trial.worth(trial.more(year)) if chosen else None
    return WhatIfView(
        enhet=trial.unit.enhet,
        name=trial.unit.name,
        of_run=run,
        groups=groups,
        from_month=from_month,
        year_ore=whole.difference_ore if whole else None,
        rest_ore=trial.worth(trial.more(rest)).difference_ore if chosen and rest else None,
        rest_months=tuple(sorted(months)),
        parts=tuple((step_label(trial.base.model, one.step), one.difference_ore) for one in whole.steps)
        if whole
        else (),
    )


def _alone(base: TrialBase, enhet: str) -> TrialBase:
    """Return the base with only one unit, which is all that counts when every price is held."""
    said = str(base.model.amounts)
    if any(f"{word}=" in said.replace("=None", "") or f"'{word}'" in said for word in OF_OTHERS):
        return base
    place = next(number for number, unit in enumerate(base.data.units) if unit.enhet == enhet)
    n = base.n[place : place + 1]
    quantities = quantities_of(base.model, n, base.divisor, base.through_month)
    return replace(base, data=replace(base.data, units=(base.data.units[place],), quantities=quantities), n=n)


def _flat(base: TrialBase) -> TrialBase:
    """Return a year in which every month is like the last counted one."""
    n = np.repeat(base.n[:, :, base.through_month - 1 : base.through_month], MONTHS, axis=2)
    year, last = base.model.year, monthrange(base.model.year, base.through_month)[1]
    for category, divisor in enumerate(base.divisor):
        if divisor != MONTHS:  # every day is counted: a longer month has more of them
            days = np.array([monthrange(year, month)[1] for month in range(1, MONTHS + 1)])
            n[:, category, :] = (2 * n[:, category, :] * days + last) // (2 * last)
    data = replace(base.data, quantities=quantities_of(base.model, n, base.divisor, MONTHS))
    return replace(base, data=data, n=n, through_month=MONTHS)


def _groups(trial: _Trial, tries: Mapping[str, int]) -> Iterator[Group]:
    """Yield årskurser that one category takes, then the categories that no årskurs of theirs told of."""
    covered: set[str] = set()
    base, through = trial.base, trial.through_month
    place = next(number for number, one in enumerate(base.data.units) if one.enhet == trial.unit.enhet)
    for key, months in sorted(json.loads(trial.unit.by_arskurs).items(), key=lambda one: _order(one[0])):
        verksamhet, _, arskurs = key.partition("|")
        category = _category_of(base.model, verksamhet, arskurs)
        if category is not None and any(months):
            covered.add(category)
            about = verksamhet, arskurs, _arskurs_label(arskurs)
            yield _group(trial, key, about, category, months[through - 1], tries.get(key, 0))
    days = monthrange(base.model.year, 1)[1]
    for number, one in enumerate(base.model.categories):
        held = int(base.n[place, number, 0])
        if held and not one.overlapping and one.category not in covered:
            now = held if base.divisor[number] == MONTHS else (2 * held + days) // (2 * days)
            about = one.verksamhet.value, None, one.label
            yield _group(trial, one.category, about, one.category, now, tries.get(one.category, 0))


def _group(  # a group's facts
    trial: _Trial, key: str, about: tuple[str, str | None, str], category: str, now: int, delta: int
) -> Group:
    verksamhet, arskurs, name = about
    if now + delta < 0:
        raise TryFaultyError(f"{key}:{delta}", Sentence("tar bort fler än de {now} som finns.", now=now))
    fixed = tuple(month for month, day in sorted(trial.days[category].items()) if day <= trial.today)
    size = load_class_sizes().on(trial.today, verksamhet) if arskurs is not None else None
    classes = None
    if size is not None:
        classes = ClassStep(
            size.most, size.class_cost_ore, size.classes(now), size.classes(now + delta), size.reference
        )
    if category not in trial.known:
        trial.known[category] = _next(trial, category)
    return Group(key, verksamhet, arskurs, name, category, now, delta, fixed, trial.known[category], classes)


def _next(trial: _Trial, category: str) -> NextCount | None:
    """Return what the next counting day decides for a category; nothing when the whole year is counted."""
    waiting = trial.waiting(category)
    if not waiting:
        return None
    day = waiting[0][0]
    first = min(month for _, month in waiting)
    worth = trial.worth(trial.more({(category, first): 1}))
    return NextCount(day, tuple(sorted(month for one, month in waiting if one == day)), worth.difference_ore)


def _category_of(model: FundingModel, verksamhet: str, arskurs: str) -> str | None:
    """Return the category that takes a plain elev of an årskurs all year, if one does."""
    if arskurs.startswith("f.") or verksamhet == Verksamhet.FRITIDSHEM.value or not arskurs:
        return None
    plain = [one for one in model.categories if not one.overlapping and one.verksamhet.value == verksamhet]
    row = RowFields(verksamhet, arskurs, None, None, None, None, None, None, home=True)
    found = Classifier(plain, model.year).segments(row)
    return plain[found[0][0]].category if len(found) == 1 else None


def _order(key: str) -> tuple[str, int, str]:
    verksamhet, _, arskurs = key.partition("|")
    rank = list(Verksamhet).index(Verksamhet(verksamhet)) if verksamhet in set(Verksamhet) else 0
    return f"{rank:02d}", int(arskurs) if arskurs.isdecimal() else 0, arskurs


def _arskurs_label(arskurs: str) -> str:
    return label(Verksamhet.FORSKOLEKLASS) if arskurs == "F" else f"Årskurs {arskurs}"


def _counting_days(model: FundingModel, holidays: frozenset[date]) -> dict[str, dict[int, date]]:
    """Return, by category, the day that decides each month of the year (the last where every day counts)."""
    by_rule = {
        plan.rule: {month: plan.days[after - 1] for month, (first, after) in plan.spans.items() if after > first}
        for plan in count_plans(model, MONTHS, holidays)
    }
    return {one.category: by_rule.get(one.counting or "", {}) for one in model.categories}
