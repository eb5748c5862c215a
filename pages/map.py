"""Page Karta: where the units are, on shapes and a style of our own; the same as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.maps import map_view
from pages.components import frame, map_parts, messages
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the map, what is missing on it, and the table that says the same."""
    frame.title(_("Karta"))
    view = ask_frozen(map_view, reader)
    frame.lead(map_parts.finding(view))
    if view.units:
        map_parts.picture(view)
    messages.missing([map_parts.without_place(name) for name in view.missing])
    frame.header(_("Enheterna som tabell"))
    map_parts.table(view)
