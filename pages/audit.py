"""Page Revision: whether the chain of what has been done holds, and its links in words, to read and take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.auditing import audit_view
from pages.components import audit_mark, audit_parts, frame, messages
from pages.components.ask import ask
from pages.components.text import _

if TYPE_CHECKING:
    from pages.components.reader import Reader


def show(reader: Reader) -> None:
    """Show what was found of the chain, the links that are asked for, one of them unfolded, and the files."""
    frame.title(_("Revision"))
    messages.said()
    wanted, page = audit_parts.asked()
    view = ask(audit_view, reader, wanted, page=page)
    audit_parts.finding(reader, view)
    audit_mark.mark(reader, view)
    frame.header(_("Händelser"))
    audit_parts.filters(view)
    audit_parts.links(view)
    audit_parts.one(reader, view)
    audit_parts.files(reader, wanted, view)
