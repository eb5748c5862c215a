"""The page Underlag: what was delivered, what was computed from it, and whether the books close."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import Resource, may
from core.allocation import difference_of
from core.base import Verksamhet, label
from core.exchange import CONTRACTS
from core.usecases.choices import newest_run
from core.usecases.context import kommun_of, must
from core.usecases.imports import names_elever
from core.usecases.presenting import SUPPORT, batch_view, run_info
from core.usecases.sealing import SUMS, sums_tell
from core.usecases.views import BasisView, BookRow, IssueView, UncountedRow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.access import Actor
    from core.allocation import BookLine
    from core.base import Issue
    from core.parameters.roles import Action
    from core.usecases.context import App

LINES = "rader."
UNQUOTED = "Vad som står i filen visas inte för dig."


def basis_view(app: App, viewer: Actor, run: int | None = None) -> BasisView:
    """Return deliveries, runs, and the books of the chosen run (the one that stands for the newest year)."""
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        runs = work.runs.list(kommun)
        chosen = work.runs.get(kommun, run) if run is not None else newest_run(work, kommun) or next(iter(runs), None)
        books = work.runs.books(kommun, chosen.number) if chosen else []
        sealed = chosen is not None and sums_tell(work, chosen, viewer, app.clock().date())
        uncounted = work.runs.uncounted(kommun, chosen.number) if chosen else []
        names = {one.enhet: one.name for one in work.runs.units(kommun, chosen.number)} if chosen else {}
        batches = work.batches.list(kommun)
    resource = Resource("kommun", kommun)
    sums = may(viewer, "individual.view", resource).allowed
    return BasisView(
        batches=tuple(batch_view(one, sums=sums) for one in batches),
        runs=tuple(run_info(one) for one in runs),
        chosen=run_info(chosen) if chosen else None,
        books=() if sealed else tuple(book_row(one) for one in books),
        books_close=difference_of(books) == 0 if books else None,
        books_difference_ore=difference_of(books) if books else None,
        uncounted=tuple(
            UncountedRow(one.reason, names.get(one.enhet, one.enhet), one.verksamhet, one.n) for one in uncounted
        ),
        may_import=may(viewer, "batch.import", resource).allowed,
        may_accept=may(viewer, "batch.accept", resource).allowed,
        may_decide=may(viewer, "run.decide", resource).allowed,
        sealed=SUMS if sealed else None,
    )


def book_row(line: BookLine) -> BookRow:
    """Return a term of the books as a reader meets it."""
    if not line.term.startswith(LINES):
        return BookRow(line.side, line.term, line.label, line.amount_ore)
    name = line.label
    text = label(Verksamhet(name)) if name in set(Verksamhet) else "flera verksamheter (mervärdesskatt på stöd)"
    return BookRow(line.side, line.term, f"Fördelat till enheter: {text[0].lower()}{text[1:]}", line.amount_ore)


def issues_of(app: App, viewer: Actor, batch: int) -> tuple[IssueView, ...]:
    """Return the kept faults of a delivery; what a cell said is for those who may see such cells of the whole kommun.

    The message quotes the cell too, so that those who may not are told only what was expected.
    """
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        found = work.batches.issues(kommun, batch)
        kind = work.batches.get(kommun, batch).kind
    if not all(may(viewer, action, Resource("kommun", kommun)).allowed for action in _asked_of_cells(kind)):
        found = [replace(one, found=None, message=_unquoted(one)) for one in found]
    return tuple(IssueView(one.severity, one.row, one.column, one.found, one.expected, one.message) for one in found)


def _asked_of_cells(kind: str) -> Iterator[Action]:
    """Yield what one must have the right to in the whole kommun to read cells of a kind of file."""
    if kind in SUPPORT:
        yield "individual.view"
    if kind in CONTRACTS and names_elever(kind):
        yield "register_rows.view"


def _unquoted(one: Issue) -> str:
    return f"{UNQUOTED} Förväntat: {one.expected}." if one.expected else UNQUOTED
