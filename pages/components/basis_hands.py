"""Who delivered and who accepted a delivery, on the page Underlag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.hands import same_hands
from pages.components import frame, text
from pages.components.ask import attempt
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.views import BatchView
    from pages.components.reader import Reader


def hands(reader: Reader, batch: BatchView) -> None:
    """Say who delivered and who accepted a delivery in force, and when it was the same person."""
    if batch.state != "accepted" or batch.decided_at is None:
        return
    said = _("Inläst {received} av {by}. Godkänd {accepted} av {who}.").format(
        received=text.moment(batch.received_at),
        by=batch.delivered_by,
        accepted=text.moment(batch.decided_at),
        who=batch.decided_by or "",
    )
    if attempt(same_hands, reader, batch.number):
        said = f"{said} {_('Samma person läste in och godkände.')}"
    frame.note(said)
