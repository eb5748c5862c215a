"""Page Frågor om underlaget: what has been said to be wrong, what was answered, and what corrections came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.flags import flags_view
from pages.components import frame, messages, question_parts
from pages.components.ask import ask
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the questions that the reader may see, and one of them with its next step."""
    frame.title(_("Frågor om underlaget"))
    view = ask(flags_view, reader)
    frame.lead(question_parts.finding(view))
    if not view.flags:
        messages.empty(_("En rektor eller huvudman säger till på raden i Resursfördelning, där beloppet visas."))
        return
    question_parts.one(reader, view)
    frame.header(_("Alla frågor"))
    question_parts.table(view)
