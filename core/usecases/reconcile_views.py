"""What *Avstämning* hands to page and command line: each line with its two sides, state and a way down."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.usecases.views import BookRow, RunInfo


@dataclass(frozen=True, slots=True)
class ReconcileLine:
    """One line: what should equal what, in öre (or elevmånader, or rows as a delivery counts).

    ``code`` names the sort of line and ``name`` tells alike ones apart; ``label`` is the model's own Swedish word
    where there is one. ``state``: agrees, differs or absent. ``page`` and ``query`` lead to where it can be looked at.
    """

    group: str
    code: str
    name: str
    label: str
    left: int | None
    right: int | None
    difference: int | None
    measure: str
    state: str
    at_most: bool = False
    page: str = ""
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class DeliveredLine:
    """A delivery that the run rests on: the deliverer's own total beside ours."""

    batch: int
    kind: str
    file_name: str
    theirs: str | None
    ours: str | None
    state: str


@dataclass(frozen=True, slots=True)
class ReconcileView:
    """The page Avstämning for one run. ``differs``: lines, and books, that do not agree."""

    run: RunInfo
    runs: tuple[RunInfo, ...]
    books: tuple[BookRow, ...]
    books_difference_ore: int | None
    lines: tuple[ReconcileLine, ...]
    deliveries: tuple[DeliveredLine, ...]
    agrees: int
    differs: int
    absent: int
    sealed: str | None = None
    """Why the amounts are not shown; what agrees and what differs is."""
