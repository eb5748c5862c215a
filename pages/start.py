"""Page Start: what concerns this reader now — own units, or the municipality's totals and a list of units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.start import start_view
from pages.components import frame, sentences, start_parts, text, tiles
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show the start page as the use case cuts it for this reader."""
    view = ask_frozen(start_view, reader)
    frame.title(_("Skolans pengar i {kommun}").format(kommun=text.plain(view.kommun_name)))
    start_parts.heading(view)
    frame.lead(sentences.start(view))
    if view.total_ore is not None or view.run is None:
        tiles.row(start_parts.tiles_of(view))
    if view.tasks:
        frame.header(_("Att göra"))
        start_parts.tasks(view)
    if view.units:
        frame.header(_("Dina enheter"))
        start_parts.own_units(view)
    if view.verksamheter:
        frame.header(_("Pengarna per verksamhet"))
        start_parts.by_verksamhet(view)
    if view.overview:
        frame.header(_("Enheter du handlägger") if view.handles else _("Kommunens enheter"))
        start_parts.overview(view)
