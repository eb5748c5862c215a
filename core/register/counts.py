"""Counted elever as dense columns: enhet × category × month, with a hash of the rows behind each.

The counting itself is differences along the counting days: a group of rows adds at its first day
and takes away after its last, and a running sum gives every day at once.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from core.register.classify import MONTHS, Classifier, RowFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from core.parameters import Category
    from core.register.counting import CountGroups, CountPlan

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
Flags = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]
UNKNOWN = -1
NO_CATEGORY, UNKNOWN_ENHET, NOT_OURS = "ingen_kategori", "okand_enhet", "annan_kommuns_elev"


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Rows that no category counts, or not on all of their days: why, where and how many."""

    reason: str
    enhet: str
    verksamhet: str
    n: int


@dataclass(slots=True)
class Counts:
    """The counts of a run.

    ``n`` and ``rows_hash`` have shape (enheter, categories, 12); ``divisor`` by category turns the
    year's sum into yearly elever; ``rule`` by category names the counting rule (``plan`` for
    planned counts).
    """

    enhet_ids: tuple[str, ...]
    category_ids: tuple[str, ...]
    rule: tuple[str, ...]
    divisor: tuple[int, ...]
    through_month: int
    n: Ints
    rows_hash: Hashes
    uncounted: list[Uncounted] = field(default_factory=list)
    by_arskurs: dict[str, dict[str, list[int]]] = field(default_factory=dict)
    """Headcount by enhet, then ``verksamhet|årskurs`` (or ``verksamhet|f. 2022``), of twelve months."""

    @classmethod
    def empty(
        cls,
        enhet_ids: Sequence[str],
        category_ids: Sequence[str],
        rule: Sequence[str],
        divisor: Sequence[int],
        through: int,
    ) -> Counts:
        """Return counts that hold nothing yet."""
        shape = (len(enhet_ids), len(category_ids), MONTHS)
        numbers, hashes = np.zeros(shape, np.int64), np.zeros(shape, np.uint64)
        return cls(tuple(enhet_ids), tuple(category_ids), tuple(rule), tuple(divisor), through, numbers, hashes)


class Counter:
    """Adds groups of rows to counts, plan by plan."""

    def __init__(self, counts: Counts, categories: Sequence[Category], own_enhet_ids: Iterable[str], year: int) -> None:
        """``own_enhet_ids``: units run by the kommun itself, which count elever from elsewhere too."""
        self.counts = counts
        self._categories = list(categories)
        self._rule_of = main_rules(categories)
        own = set(own_enhet_ids)
        self._own = np.array([enhet in own for enhet in counts.enhet_ids] + [False])  # the last: a unit we do not know
        self._year = year
        self._enhet = {enhet: place for place, enhet in enumerate(counts.enhet_ids)}
        self._missed: dict[tuple[str, str, str], int] = {}

    def add(self, plan: CountPlan, first_day: int, groups: CountGroups) -> None:
        """Add the groups of a query whose days start at place ``first_day`` of the plan's days."""
        if not groups.n:
            return
        known: dict[tuple[Any, ...], int] = {}
        alike = np.array([known.setdefault(key, len(known)) for key in _keys(groups)])
        enhet = np.array([self._enhet.get(one, UNKNOWN) for one in groups.enhet])
        ours = (enhet != UNKNOWN) & (np.array(groups.home) | self._own[enhet])
        begin, end = np.array(groups.start) + first_day, np.array(groups.stop) + first_day
        segments = self._segments(plan, known)
        mainly = np.array([self._rule_of.get(key[0]) == plan.rule for key in known])[alike]
        self._miss_all(groups, enhet, ours, mainly & ~(ours & self._whole(plan, segments, alike, begin, end)))
        n, hashes = np.array(groups.n, np.int64), np.array(groups.hash_sum, np.int64).astype(np.uint64)
        columns = _Columns(enhet, alike, begin, end, n, hashes).where(ours)
        for layer in _layers(segments):
            self._accumulate(plan, columns.in_category(layer))
        self._by_grade(plan, columns.where(mainly[ours]), list(known))

    def _segments(self, plan: CountPlan, keys: Iterable[tuple[Any, ...]]) -> list[list[tuple[int, int, int]]]:
        """Return, by key, (category's place, first counting day, day after the last) for each category."""
        places = [place for place, one in enumerate(self._categories) if one.counting == plan.rule]
        classifier = Classifier([self._categories[place] for place in places], self._year, plan.months)
        months = [plan.month_of(day) for day in plan.days]  # age is taken on the counting day
        edges = {month: bisect_left(months, month) for month in range(plan.months.start, MONTHS + 2)}
        return [
            [(places[one], edges[first], edges[after]) for one, first, after in classifier.segments(RowFields(*key))]
            for key in keys
        ]

    def _whole(
        self, plan: CountPlan, segments: Sequence[Sequence[tuple[int, int, int]]], alike: Ints, begin: Ints, end: Ints
    ) -> Flags:
        """Say which groups some category counts on every one of their days, supplements apart."""
        missing = np.ones((len(segments), len(plan.days)), np.int64)
        for place, claimed in enumerate(segments):
            for category, first, after in claimed:
                if not self._categories[category].overlapping:
                    missing[place, first:after] = 0
        before = np.concatenate([np.zeros((len(segments), 1), np.int64), missing.cumsum(axis=1)], axis=1)
        whole: Flags = before[alike, end] == before[alike, begin]
        return whole

    def _miss_all(self, groups: CountGroups, enhet: Ints, ours: Flags, missed: Flags) -> None:
        for place in np.flatnonzero(missed).tolist():
            reason = NO_CATEGORY if ours[place] else UNKNOWN_ENHET if enhet[place] == UNKNOWN else NOT_OURS
            key = (reason, groups.enhet[place], groups.verksamhet[place])
            self._missed[key] = self._missed.get(key, 0) + groups.n[place]

    def _accumulate(self, plan: CountPlan, columns: _Columns) -> None:
        """Add rows to the months of their counting days; ``alike`` is the category's place."""
        if not columns.n.size:
            return
        enhet, category, numbers, sums = columns.by_day(len(plan.days))
        at = np.ix_(enhet, category)
        for month, (low, high) in plan.spans.items():
            self.counts.n[:, :, month - 1][at] += numbers[:, :, low:high].sum(axis=2)
            self.counts.rows_hash[:, :, month - 1][at] += sums[:, :, low:high].sum(axis=2, dtype=np.uint64)

    def _by_grade(self, plan: CountPlan, columns: _Columns, keys: Sequence[tuple[Any, ...]]) -> None:
        """Keep headcounts by årskurs, taken on the first counting day of each month."""
        if not columns.n.size:
            return
        grades: dict[str, int] = {}
        grade_of = np.array([grades.setdefault(f"{key[0]}|{_grade(key[1], key[2])}", len(grades)) for key in keys])
        names = list(grades)
        enhet, grade, numbers, _ = replace(columns, alike=grade_of[columns.alike]).by_day(len(plan.days))
        months = np.zeros((*numbers.shape[:2], MONTHS), np.int64)
        for month, (low, _) in plan.spans.items():
            months[:, :, month - 1] = numbers[:, :, low]
        held = np.argwhere(numbers.any(axis=2)).tolist()
        for (place, one), counted in zip(held, months[numbers.any(axis=2)].tolist(), strict=True):
            ours = self.counts.by_arskurs.setdefault(self.counts.enhet_ids[enhet[place]], {})
            before = ours.get(names[grade[one]])
            ours[names[grade[one]]] = [a + b for a, b in zip(before, counted, strict=True)] if before else counted

    def finish(self) -> Counts:
        """Return the counts with what was missed, in a fixed order."""
        self.counts.uncounted = [Uncounted(*key, n) for key, n in sorted(self._missed.items()) if n]
        return self.counts


@dataclass(frozen=True, slots=True)
class _Columns:
    """Groups of rows as columns: the unit's place, what the group has in common, its days, number and hashes."""

    enhet: Ints
    alike: Ints
    begin: Ints
    end: Ints
    n: Ints
    hash_sum: Hashes

    def where(self, chosen: Flags) -> _Columns:
        """Return the groups chosen."""
        columns = (self.enhet, self.alike, self.begin, self.end, self.n, self.hash_sum)
        return _Columns(*(column[chosen] for column in columns))  # type: ignore[arg-type]  # in the same order

    def in_category(self, layer: Ints) -> _Columns:
        """Return the groups with category and days as ``layer`` has them by ``alike``; no category, no group."""
        category, low, high = layer[self.alike].T
        begin, end = np.maximum(self.begin, low), np.minimum(self.end, high)
        return replace(self, alike=category, begin=begin, end=end).where((category >= 0) & (begin < end))

    def by_day(self, days: int) -> tuple[Ints, Ints, Ints, Hashes]:
        """Return the units and ``alike`` that occur, and numbers and sums of hashes by (unit, alike, day)."""
        enhet_ids, enhet = np.unique(self.enhet, return_inverse=True)
        alike_ids, alike = np.unique(self.alike, return_inverse=True)
        shape = (enhet_ids.size, alike_ids.size, days + 1)
        numbers, sums = np.zeros(shape, np.int64), np.zeros(shape, np.uint64)
        np.add.at(numbers, (enhet, alike, self.begin), self.n)
        np.subtract.at(numbers, (enhet, alike, self.end), self.n)
        np.add.at(sums, (enhet, alike, self.begin), self.hash_sum)
        np.subtract.at(sums, (enhet, alike, self.end), self.hash_sum)
        return enhet_ids, alike_ids, numbers.cumsum(axis=2), sums.cumsum(axis=2)


def _keys(groups: CountGroups) -> Iterator[tuple[Any, ...]]:
    """Yield what decides the category of each group, as ``RowFields``."""
    return zip(
        groups.verksamhet, groups.arskurs, groups.birth_month, groups.hours, groups.source_category,
        groups.programme, groups.flags, groups.ground, groups.home, strict=True,
    )  # fmt: skip


def _layers(segments: Sequence[Sequence[tuple[int, int, int]]]) -> Iterator[Ints]:
    """Yield the first segment of every key, then the second of those that have one: category −1 where there is none."""
    for place in range(max(map(len, segments), default=0)):
        yield np.array([one[place] if place < len(one) else (-1, 0, 0) for one in segments], np.int64)


def _grade(arskurs: str | None, birth_month: int | None) -> str:
    """Return what elever are shown by: årskurs, or year of birth where there is none."""
    if arskurs is not None:
        return arskurs
    return f"f. {birth_month // 100}" if birth_month is not None else ""


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """Planned elever of a unit, with the fields that decide their category; ``month`` is 1–12."""

    enhet: str
    fields: RowFields
    month: int
    n: int
    row_hash: int


def planned_counts(counts: Counts, categories: Sequence[Category], rows: Iterable[PlannedRow], year: int) -> Counts:
    """Return ``counts`` filled from planned rows; a row without category or enhet is reported, not dropped."""
    by_rule = {
        rule: (Classifier([categories[place] for place in places], year), places)
        for rule, places in _places_by_rule(categories).items()
    }
    enhet_place = {enhet: place for place, enhet in enumerate(counts.enhet_ids)}
    missed: dict[tuple[str, str, str], int] = {}
    for row in rows:
        place = enhet_place.get(row.enhet)
        counted = False  # by a category of its own, not only by a supplement
        for classifier, places in by_rule.values():
            for one, first, after in classifier.segments(row.fields):
                if place is not None and first <= row.month < after:
                    counts.n[place, places[one], row.month - 1] += row.n
                    counts.rows_hash[place, places[one], row.month - 1] += np.uint64(row.row_hash)
                    counted |= not categories[places[one]].overlapping
        if not counted:
            key = (UNKNOWN_ENHET if place is None else NO_CATEGORY, row.enhet, row.fields.verksamhet)
            missed[key] = missed.get(key, 0) + row.n
    counts.uncounted = [Uncounted(*key, n) for key, n in sorted(missed.items()) if n]
    return counts


def _places_by_rule(categories: Sequence[Category]) -> Mapping[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, one in enumerate(categories):
        places.setdefault(one.counting, []).append(place)
    return places


def main_rules(categories: Iterable[Category]) -> dict[str, str]:
    """Return, by verksamhet, the rule that its elever are counted by, supplements apart: a model has one for each."""
    rules: dict[str, str] = {}
    for one in sorted(categories, key=lambda one: one.overlapping):
        rules.setdefault(one.verksamhet.value, one.counting)
    return rules
