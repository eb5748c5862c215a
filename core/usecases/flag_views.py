"""Questions about figures as pages and commands show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class FlagView:
    """One question: the figure it is about, what was said, the answer, and what the correction came to.

    ``what`` is the figure's Swedish name; ``old_ore`` what the run says of it. ``effect_ore``: new less old, once
    corrected; ``new_months`` when the new run also counts later months, which are then part of the effect.
    """

    number: int
    about: str
    run: int
    run_kind: str
    year: int
    through_month: int
    enhet: str
    unit_name: str
    key: str
    what: str
    month: int | None
    said: str
    made_at: datetime
    made_by_name: str
    state: str
    answer: str | None
    answered_at: datetime | None
    answered_by: str | None
    batch: int | None
    old_ore: int | None
    new_run: int | None
    new_through_month: int | None
    effect_ore: int | None
    may_answer: bool
    may_withdraw: bool

    @property
    def new_months(self) -> bool:
        """Whether the new run counts months that the old one did not."""
        return self.new_through_month is not None and self.new_through_month > self.through_month


@dataclass(frozen=True, slots=True)
class FlagsView:
    """The page Frågor om underlaget. ``batches``: (number, file name) of deliveries that may correct something."""

    flags: tuple[FlagView, ...]
    open: int
    batches: tuple[tuple[int, str], ...]
