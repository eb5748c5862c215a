"""Lines made all at once as arrays; they become lists only for who asks for them line by line.

A run stores every line, but a trial or a decomposition asks for sums alone, and asks many times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.allocation.lines import LineBlock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.allocation.columns import Column
    from core.allocation.lines import StepFacts

PERIOD_PLACE = "period_place"


class ColumnBlock(LineBlock):
    """The lines of one step as arrays: one by each column of ``LineBlock``, and the periods' places.

    A column is read as a list, as of any block; it is made when first read, and kept.
    """

    __slots__ = ("_arrays",)

    def __init__(self, facts: StepFacts, arrays: Mapping[str, Column]) -> None:
        self.facts = facts
        self._arrays = arrays

    def __getattr__(self, name: str) -> list[Any]:
        """Return a column that nobody has read before."""
        if name == "_arrays" or name not in self._arrays:
            raise AttributeError(name)
        column: list[Any] = self._arrays[name].tolist()
        setattr(self, name, column)
        return column

    def __len__(self) -> int:
        """Return the number of lines."""
        return len(self._arrays["amount_ore"])

    def enhet_places(self) -> Column:
        """Return the units' places."""
        return self._arrays["enhet"]

    def period_places(self, place: Mapping[str, int]) -> Column:  # noqa: ARG002 - they are known already
        """Return the places of the periods."""
        return self._arrays[PERIOD_PLACE]

    def ore(self) -> Column:
        """Return the amounts."""
        return self._arrays["amount_ore"]
