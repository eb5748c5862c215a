"""Page Modellverkstad: what is changed, what that does to the kommun, and to every unit; saved trials side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.workshop import workshop_view
from pages.components import frame, messages, workshop_change, workshop_effect, workshop_saved, workshop_trial
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the trial that is on the bench, its effects, and the saved ones."""
    frame.title(_("Modellverkstad"))
    frame.lead(
        _("Pröva ett tal, ett antal eller ett index och se vad det betyder för varje enhet, innan något beslutas.")
    )
    messages.said()
    view = ask_frozen(workshop_view, reader)
    if not view.bases:
        messages.empty(_("Det finns ingen kontrollerad eller beslutad körning att pröva på än."))
        return
    trial = workshop_trial.chosen(view)
    frame.header(_("Vad som ändras"))
    answer = workshop_change.show(reader, view, trial)
    if answer is not None:
        frame.header(_("Vad det betyder för kommunen"))
        workshop_effect.kommun(answer)
    if answer is not None and answer.effects is not None:
        frame.header(_("Vad det betyder för enheterna"))
        workshop_effect.units(reader, answer, trial)
    frame.header(_("Sparade försök"))
    workshop_saved.show(reader, view, trial, answer)
