"""Which categories of a model a row of the register belongs to, month by month.

A row's fields are matched once per distinct combination; age is the only field that changes
within a year. Absent fields match no condition: absent is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import CoreError, read_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.parameters import Category, Predicate

AUGUST, MONTHS = 8, 12
HUNDREDTHS = 100


class CategoriesOverlapError(CoreError):
    """Two categories that should be disjoint both claim a row."""

    def __init__(self, first: str, second: str, fields: str) -> None:
        self.first, self.second = first, second
        super().__init__(
            f"Kategorierna {first} och {second} räknar båda en elev med {fields}. Gör villkoren åtskilda i modellen, "
            "eller skriv overlapping: true på den som ska räknas utöver."
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
    """Return the age in whole years that counts in a month, by the category's declared turn."""
    born_year, born_month = divmod(birth_month, HUNDREDTHS)
    if turns == "calendar":
        return year - born_year
    if turns == "august":
        return year - born_year - (month < AUGUST)
    return year - born_year - (month < born_month)


def arskurs_order(text: str) -> int | None:
    """Return the place of an årskurs in order; förskoleklass (F) is 0; None for another text."""
    return 0 if text == "F" else int(text) if text.isdigit() else None


def _between(value: int | None, low: str, high: str, *, scale: int = 1) -> bool:
    return value is not None and read_number(low) * scale <= value <= read_number(high) * scale


def _ordered_arskurs(value: str | None, low: str, high: str) -> bool:
    places = [arskurs_order(text) for text in (low, high)]
    place = arskurs_order(value) if value is not None else None
    return place is not None and places[0] is not None and places[1] is not None and places[0] <= place <= places[1]


def _holds(predicate: Predicate, row: RowFields, age: int | None) -> bool:
    if predicate.between is not None:
        low, high = predicate.between
        if predicate.field == "age":
            return _between(age, low, high)
        if predicate.field == "hours":
            return _between(row.hours, low, high, scale=HUNDREDTHS)
        return _ordered_arskurs(row.arskurs, low, high)
    wanted = [predicate.equals] if predicate.equals is not None else predicate.one_of or []
    if predicate.field == "hours":
        return any(_between(row.hours, text, text, scale=HUNDREDTHS) for text in wanted)
    return not _texts_of(predicate.field, row, age).isdisjoint(wanted)


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


class Classifier:
    """Matches rows of one counting rule against the model's categories, remembering each answer."""

    def __init__(self, categories: Sequence[Category], year: int) -> None:
        """Take the categories of one counting rule; ``year`` is the calendar year counted."""
        self._categories = list(enumerate(categories))
        self._year = year
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
        for place, category in self._categories:
            if category.verksamhet.value != row.verksamhet:
                continue
            months = [month for month in range(1, MONTHS + 1) if self._claims(category, row, month)]
            if not category.overlapping:
                for month in months:
                    if month in claimed:
                        raise CategoriesOverlapError(claimed[month], category.category, row.described())
                    claimed[month] = category.category
            found.extend((place, first, after) for first, after in _spans(months))
        return tuple(found)

    def _claims(self, category: Category, row: RowFields, month: int) -> bool:
        age = age_in(row.birth_month, self._year, month, category.age_turns) if row.birth_month is not None else None
        return all(_holds(predicate, row, age) for predicate in category.where)


def _spans(months: Sequence[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for month in months:
        if spans and spans[-1][1] == month:
            spans[-1] = (spans[-1][0], month + 1)
        else:
            spans.append((month, month + 1))
    return spans
