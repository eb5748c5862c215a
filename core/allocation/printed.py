"""Hold a model's prices against control figures printed in a published list; never adjust either."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.allocation.price_table import PriceKey
from core.base import kronor

if TYPE_CHECKING:
    from core.allocation.price_table import PriceTable
    from core.parameters import FundingModel, Printed

Verdict = Literal["agrees", "within_tolerance", "source_error", "deviates", "missing"]


@dataclass(frozen=True, slots=True)
class PrintedResult:
    """A printed figure beside ours, in öre. ``difference_ore`` is printed less ours; ``None`` when we have none.

    ``verdict``: ``source_error`` is a figure that the list itself contradicts: shown and flagged with
    ``note``, neither right nor wrong. ``deviates`` and ``missing`` are faults of the model.
    """

    row: str | None
    key: PriceKey
    printed_ore: int
    ours_ore: int | None
    difference_ore: int | None
    verdict: Verdict
    note: str | None

    @property
    def is_fault(self) -> bool:
        """Whether the model does not give what the list prints, without an explanation."""
        return self.verdict in {"deviates", "missing"}


def check_printed(model: FundingModel, table: PriceTable) -> tuple[PrintedResult, ...]:
    """Return one result per control figure, in the model's order."""
    return tuple(_compare(model, table, printed) for printed in model.printed)


def _compare(model: FundingModel, table: PriceTable, printed: Printed) -> PrintedResult:
    price_list = printed.list or model.price_lists[0].list
    key = PriceKey(printed.step, printed.category, printed.recipient, price_list)
    price = table.by_key.get(key)
    expected, tolerance = kronor(printed.value), kronor(printed.tolerance)
    ours = None if price is None else price.shown_ore
    difference = None if ours is None else expected - ours
    verdict = _verdict(printed, difference, tolerance)
    return PrintedResult(printed.row, key, expected, ours, difference, verdict, printed.note)


def _verdict(printed: Printed, difference: int | None, tolerance: int) -> Verdict:
    if difference is None:
        return "missing"
    if printed.status == "source_error":
        return "source_error"
    if difference == 0:
        return "agrees"
    return "within_tolerance" if abs(difference) <= tolerance else "deviates"
