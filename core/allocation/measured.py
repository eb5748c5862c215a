"""What steps yield for each other, as rows to store with the run and read again."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from core.allocation.kinds import Measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


class MeasuredRow(NamedTuple):
    """A unit's value of a step in a price period: ``num / den`` exact, ``shown_num / shown_den`` as shown.

    In the step's own unit, never öre.
    """

    enhet: str
    step: str
    period: str
    position: int
    yields: str
    num: int
    den: int
    shown_num: int
    shown_den: int
    unit: str

    @property
    def exact(self) -> Fraction:
        """What later steps build on."""
        return Fraction(self.num, self.den)

    @property
    def shown(self) -> Fraction:
        """What is shown, and paid of an amount."""
        return Fraction(self.shown_num, self.shown_den)


def measured_rows(measures: Mapping[str, Measured], enhet_ids: Sequence[str]) -> list[MeasuredRow]:
    """Return the values as rows in the order of their key."""
    return sorted(
        MeasuredRow(
            enhet_ids[enhet], one.step, period, one.position, one.yields, *exact.as_integer_ratio(),
            *shown.as_integer_ratio(), one.unit,
        )
        for one in measures.values()
        for (enhet, period), (exact, shown) in one.values.items()
    )  # fmt: skip


def measures_of(rows: Iterable[MeasuredRow], enhet_ids: Sequence[str]) -> dict[str, Measured]:
    """Return the measures that ``rows`` of some units were stored from, in the model's order."""
    places = {enhet: place for place, enhet in enumerate(enhet_ids)}
    found: dict[str, Measured] = {}
    for row in sorted(rows, key=lambda one: (one.position, one.enhet)):
        one = found.setdefault(row.step, Measured(row.step, row.position, row.yields, row.unit))
        one.values[places[row.enhet], row.period] = row.exact, row.shown
    return found
