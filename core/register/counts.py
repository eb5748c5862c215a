"""Counted elever as dense columns: enhet × category × month, with a hash of the rows behind each.

The counting itself is differences along the counting days: a group of rows adds at its first day
and takes away after its last, and a running sum gives every day at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from core.register.classify import MONTHS, Classifier, RowFields

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.parameters import Category
    from core.register.counting import CountGroups, CountPlan

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
Hashes = np.ndarray[tuple[int, ...], np.dtype[np.uint64]]
NO_CATEGORY, UNKNOWN_ENHET, NOT_OURS = "ingen_kategori", "okand_enhet", "annan_kommuns_elev"


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Rows that no category counts: why, where and how many."""

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
        self._own = set(own_enhet_ids)
        self._year = year
        self._enhet = {enhet: place for place, enhet in enumerate(counts.enhet_ids)}
        self._missed: dict[tuple[str, str, str], int] = {}

    def add(self, plan: CountPlan, first_day: int, groups: CountGroups) -> None:
        """Add the groups of a query whose days start at place ``first_day`` of the plan's days."""
        places = [place for place, one in enumerate(self._categories) if one.counting == plan.rule]
        classifier = Classifier([self._categories[place] for place in places], self._year)
        month_of = _first_month_by_day(plan)
        columns, grades = _Columns(), _Columns()
        grade_places: dict[tuple[str, str], int] = {}
        fields = zip(
            groups.verksamhet, groups.arskurs, groups.birth_month, groups.hours, groups.source_category,
            groups.programme, groups.flags, groups.ground, groups.home, strict=True,
        )  # fmt: skip
        known: dict[tuple[object, ...], tuple[tuple[int, int, int], ...]] = {}
        for key, enhet, start, stop, n, hash_sum in zip(
            fields, groups.enhet, groups.start, groups.stop, groups.n, groups.hash_sum, strict=True
        ):
            place = self._enhet.get(enhet)
            if place is None or not (key[8] or enhet in self._own):
                self._miss(UNKNOWN_ENHET if place is None else NOT_OURS, enhet, key[0], n)
                continue
            grade = (key[0], _grade(key[1], key[2]))
            grades.append(place, grade_places.setdefault(grade, len(grade_places)), start + first_day, stop + first_day, n, 0)
            segments = known.get(key)
            if segments is None:
                segments = known[key] = tuple(
                    (places[one], *_days_between(month_of, first, after, len(plan.days)))
                    for one, first, after in classifier.segments(RowFields(*key))
                )
            if not segments:
                self._miss(NO_CATEGORY, enhet, key[0], n)
            for category, low, high in segments:
                begin, end = max(start + first_day, low), min(stop + first_day, high)
                if begin < end:
                    columns.append(place, category, begin, end, n, hash_sum)
        self._accumulate(plan, columns)
        self._by_grade(plan, grades, list(grade_places))

    def _by_grade(self, plan: CountPlan, columns: _Columns, grades: list[tuple[str, str]]) -> None:
        """Keep headcounts by årskurs, taken on the first counting day of each month."""
        if not columns.n:
            return
        numbers = np.zeros((len(self.counts.enhet_ids), len(grades), len(plan.days) + 1), np.int64)
        n = np.array(columns.n, np.int64)
        np.add.at(numbers, (columns.enhet, columns.category, columns.begin), n)
        np.subtract.at(numbers, (columns.enhet, columns.category, columns.end), n)
        numbers = numbers.cumsum(axis=2)
        for place, grade in zip(*(side.tolist() for side in numbers.any(axis=2).nonzero()), strict=True):
            months = self.counts.by_arskurs.setdefault(self.counts.enhet_ids[place], {}).setdefault(
                "|".join(grades[grade]), [0] * MONTHS
            )
            for month, (low, _) in plan.spans.items():
                months[month - 1] += int(numbers[place, grade, low])

    def _miss(self, reason: str, enhet: str, verksamhet: str, n: int) -> None:
        key = (reason, enhet, verksamhet)
        self._missed[key] = self._missed.get(key, 0) + n

    def _accumulate(self, plan: CountPlan, columns: _Columns) -> None:
        if not columns.n:
            return
        counts, days = self.counts, len(plan.days)
        used = sorted(set(columns.category))
        slot = {category: place for place, category in enumerate(used)}
        shape = (len(counts.enhet_ids), len(used), days + 1)
        enhet = np.array(columns.enhet)
        category = np.array([slot[one] for one in columns.category])
        begin, end = np.array(columns.begin), np.array(columns.end)
        n = np.array(columns.n, np.int64)
        hashes = np.array([one % 2**64 for one in columns.hash_sum], np.uint64)
        numbers, sums = np.zeros(shape, np.int64), np.zeros(shape, np.uint64)
        np.add.at(numbers, (enhet, category, begin), n)
        np.subtract.at(numbers, (enhet, category, end), n)
        np.add.at(sums, (enhet, category, begin), hashes)
        np.subtract.at(sums, (enhet, category, end), hashes)
        numbers, sums = numbers.cumsum(axis=2), sums.cumsum(axis=2)
        for month, (low, high) in plan.spans.items():
            counts.n[:, used, month - 1] += numbers[:, :, low:high].sum(axis=2)
            counts.rows_hash[:, used, month - 1] += sums[:, :, low:high].sum(axis=2, dtype=np.uint64)

    def finish(self) -> Counts:
        """Return the counts with what was missed, in a fixed order."""
        self.counts.uncounted = [Uncounted(*key, n) for key, n in sorted(self._missed.items()) if n]
        return self.counts


@dataclass(slots=True)
class _Columns:
    enhet: list[int] = field(default_factory=list)
    category: list[int] = field(default_factory=list)
    begin: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    n: list[int] = field(default_factory=list)
    hash_sum: list[int] = field(default_factory=list)

    def append(self, enhet: int, category: int, begin: int, end: int, n: int, hash_sum: int) -> None:
        self.enhet.append(enhet)
        self.category.append(category)
        self.begin.append(begin)
        self.end.append(end)
        self.n.append(n)
        self.hash_sum.append(hash_sum)


def _grade(arskurs: str | None, birth_month: int | None) -> str:
    """Return what elever are shown by: årskurs, or year of birth where there is none."""
    if arskurs is not None:
        return arskurs
    return f"f. {birth_month // 100}" if birth_month is not None else ""


def _first_month_by_day(plan: CountPlan) -> list[int]:
    """Return, by counting day, the month of the day itself: age is taken on the counting day."""
    return [day.month for day in plan.days]


def _days_between(month_of: Sequence[int], first: int, after: int, days: int) -> tuple[int, int]:
    """Return the places of the counting days whose month lies in [first, after)."""
    inside = [place for place in range(days) if first <= month_of[place] < after]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


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
        hits = 0
        for classifier, places in by_rule.values():
            for one, first, after in classifier.segments(row.fields):
                if place is not None and first <= row.month < after:
                    counts.n[place, places[one], row.month - 1] += row.n
                    counts.rows_hash[place, places[one], row.month - 1] += np.uint64(row.row_hash)
                    hits += 1
        if not hits:
            key = (UNKNOWN_ENHET if place is None else NO_CATEGORY, row.enhet, row.fields.verksamhet)
            missed[key] = missed.get(key, 0) + row.n
    counts.uncounted = [Uncounted(*key, n) for key, n in sorted(missed.items()) if n]
    return counts


def _places_by_rule(categories: Sequence[Category]) -> Mapping[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, one in enumerate(categories):
        places.setdefault(one.counting, []).append(place)
    return places
