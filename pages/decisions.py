"""Page Beslut: each huvudman's decision on its grant, its document, and its way from draft to appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.usecases.decision_reading import decision_view, decisions_view
from pages.components import decision_parts, decision_steps, frame, messages, picker
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.decision_views import DecisionsView
    from pages.components.reader import Reader

CHOSEN: Final = "beslut"  # the chosen decision, in the address


def show(reader: Reader) -> None:
    """Show the huvudmän of a run with their decisions, and one decision with its next step."""
    frame.title(_("Beslut"))
    view = ask_frozen(decisions_view, reader, picker.asked_run())
    messages.said()
    if view.run is None:
        messages.empty(_("Ingen körning är beslutad än."))
        return
    frame.lead(decision_parts.finding(view))
    if len(view.runs) > 1:
        picker.run(view.runs)
    number = _choose(view)
    if number is not None:
        one = ask_frozen(decision_view, reader, number)
        decision_parts.one(reader, one)
        decision_steps.show(reader, one)
    frame.header(_("Alla huvudmän"))
    decision_parts.table(view)
    decision_steps.prepare_forms(reader, view)


def _choose(view: DecisionsView) -> int | None:
    """Return the number of the decision that the reader has chosen; None when none is prepared."""
    made = [row.decision for row in view.rows if row.decision is not None]
    if not made:
        return None
    names = {str(one.number): decision_parts.name(one) for one in made}
    picker.setting(CHOSEN, list(names), next(iter(names)))
    chosen = picker.select(_("Visa ett beslut"), CHOSEN, list(names), names.__getitem__)
    return int(chosen or next(iter(names)))
