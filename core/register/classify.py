"""Which categories of a model a row of the register belongs to, month by month.

A row's fields are matched once per distinct combination; age is the only field that changes
within a year. Absent fields match no condition: absent is not zero.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor
from typing import TYPE_CHECKING

from core.base import CoreError, DateRange, Month, Sentence, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.parameters import Category, Predicate

AUGUST, MONTHS = 8, 12
ALL_MONTHS = range(1, MONTHS + 1)
HUNDREDTHS = 100


class CategoriesOverlapError(CoreError):
    """Two categories that should be disjoint both claim a row."""

    def __init__(self, first: str, second: str, fields: str) -> None:
        self.first, self.second = first, second
        super().__init__(
            Sentence(
                "Kategorierna {first} och {second} räknar båda en elev med {fields}. Gör villkoren åtskilda i "
                "modellen, eller skriv overlapping: true på den som ska räknas utöver.",
                first=first,
                second=second,
                fields=fields,
            )
        )


@dataclass(frozen=True, slots=True)
class RowFields:
    """The fields of a register row that a condition may ask for; ``None`` is absent."""

    verksamhet: str
    arskurs: str | None
    birth_month: int | None
    hours: int | None
    source_category: str | None
    programme: str | None
    flags: str | None
    ground: str | None
    home: bool

    def described(self) -> str:
        """Return the fields that hold something, for an error message."""
        named = {"verksamhet": self.verksamhet, "årskurs": self.arskurs, "född": self.birth_month, "timmar": self.hours}
        return ", ".join(f"{name} {value}" for name, value in named.items() if value is not None)


def age_in(birth_month: int, year: int, month: int, turns: str) -> int:
    """Return the age in whole years that counts in a month, by the category's declared turn.

    A month below 1 is one of the year before: 0 is its December, −2 its October.
    """
    year, month = year + (month - 1) // MONTHS, (month - 1) % MONTHS + 1
    born_year, born_month = divmod(birth_month, HUNDREDTHS)
    if turns == "calendar":
        return year - born_year
    if turns == "august":
        return year - born_year - (month < AUGUST)
    return year - born_year - (month < born_month)


def arskurs_order(text: str) -> int | None:
    """Return the place of an årskurs in order; förskoleklass (F) is 0; None for another text."""
    return 0 if text == "F" else int(text) if text.isdigit() else None


Condition = Callable[[RowFields, "int | None"], bool]


def _condition(predicate: Predicate) -> Condition:
    """Return a predicate as a question to ask of (row, age), its figures read once."""
    if predicate.between is not None:
        low, high = predicate.between
        if predicate.field in {"age", "hours"}:
            return _within(predicate.field, low, high)
        places = arskurs_order(low), arskurs_order(high)
        return lambda row, _age: _in_order(places, row.arskurs)
    wanted = [predicate.equals] if predicate.equals is not None else predicate.one_of or []
    if predicate.field == "hours":
        any_of = [_within("hours", text, text) for text in wanted]
        return lambda row, age: any(one(row, age) for one in any_of)
    field, chosen = predicate.field, frozenset(wanted)
    return lambda row, age: not _texts_of(field, row, age).isdisjoint(chosen)


def _within(field: str, low: str, high: str) -> Condition:
    scale = HUNDREDTHS if field == "hours" else 1
    least, most = ceil(read_number(low) * scale), floor(read_number(high) * scale)  # what is compared is whole
    if field == "hours":
        return lambda row, _age: row.hours is not None and least <= row.hours <= most
    return lambda _row, age: age is not None and least <= age <= most


def _in_order(bounds: tuple[int | None, int | None], arskurs: str | None) -> bool:
    low, high = bounds
    place = arskurs_order(arskurs) if arskurs is not None else None
    return place is not None and low is not None and high is not None and low <= place <= high


def _texts_of(field: str, row: RowFields, age: int | None) -> set[str]:
    """Return the texts that a field holds: none when it is absent, several when it is a list of flags."""
    if field == "flag":
        return set(row.flags.split(",")) if row.flags else set()
    if field == "age":
        return set() if age is None else {str(age)}
    if field == "home":
        return {"ja" if row.home else "nej"}
    value = getattr(row, field)
    return set() if value is None else {value}


class _Claim:
    """A category's conditions, those on age apart: only they can change within a year."""

    def __init__(self, category: Category, year: int, months: range) -> None:
        self.category, self._year = category, year
        self._months: Sequence[int] = [month for month in months if self._in_force(month)]
        self._lasting = [_condition(one) for one in category.where if one.field != "age"]
        self._on_age = [_condition(one) for one in category.where if one.field == "age"]
        self._of_birth: dict[int, list[int]] = {}

    def _in_force(self, month: int) -> bool:
        first = Month(self._year + (month - 1) // MONTHS, (month - 1) % MONTHS + 1).first_day
        return DateRange(self.category.valid_from or first, self.category.valid_to).holds(first)

    def months(self, row: RowFields) -> Sequence[int]:
        """Return the months in which the category claims the row."""
        if not all(holds(row, None) for holds in self._lasting):
            return ()
        if not self._on_age:
            return self._months
        if row.birth_month is None:
            return ()
        known = self._of_birth.get(row.birth_month)
        if known is None:  # of a row, a condition on age asks for the age alone
            known = self._of_birth[row.birth_month] = self._months_of_age(row, row.birth_month)
        return known

    def _months_of_age(self, row: RowFields, birth_month: int) -> list[int]:
        ages = [age_in(birth_month, self._year, month, self.category.age_turns) for month in self._months]
        claimed = {age: all(holds(row, age) for holds in self._on_age) for age in set(ages)}
        return [month for month, age in zip(self._months, ages, strict=True) if claimed[age]]


class Classifier:
    """Matches rows of one counting rule against the model's categories, remembering each answer."""

    def __init__(self, categories: Sequence[Category], year: int, months: range = ALL_MONTHS) -> None:
        """Take the categories of one counting rule; ``year`` is the calendar year counted.

        ``months`` are the months asked about: 1–12, and below 1 for those of the year before.
        """
        self._by_verksamhet: dict[str, list[tuple[int, _Claim]]] = {}
        for place, one in enumerate(categories):
            self._by_verksamhet.setdefault(one.verksamhet.value, []).append((place, _Claim(one, year, months)))
        self._known: dict[RowFields, tuple[tuple[int, int, int], ...]] = {}

    def segments(self, row: RowFields) -> tuple[tuple[int, int, int], ...]:
        """Return (category's place, first month, month after the last) for each category of the row.

        Raises ``CategoriesOverlapError`` when two disjoint categories claim the same month.
        """
        known = self._known.get(row)
        if known is None:
            known = self._known[row] = self._match(row)
        return known

    def _match(self, row: RowFields) -> tuple[tuple[int, int, int], ...]:
        claimed: dict[int, str] = {}
        found: list[tuple[int, int, int]] = []
        for place, claim in self._by_verksamhet.get(row.verksamhet, ()):
            months, name = claim.months(row), claim.category.category
            if not claim.category.overlapping:
                for month in months:
                    if month in claimed:
                        raise CategoriesOverlapError(claimed[month], name, row.described())
                    claimed[month] = name
            found.extend((place, first, after) for first, after in _spans(months))
        return tuple(found)


def _spans(months: Sequence[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for month in months:
        if spans and spans[-1][1] == month:
            spans[-1] = (spans[-1][0], month + 1)
        else:
            spans.append((month, month + 1))
    return spans
