"""Whose hands a delivery has been through: whether the same person delivered and accepted it.

One controller may do both, since a small kommun has no more than one; whoever reads Underlag is told when it was so.
Persons are compared as the audit chain knows them, by subject: two people may have the same name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.context import kommun_of, must

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.context import App


def same_hands(app: App, viewer: Actor, batch: int) -> bool:
    """Say whether a delivery was accepted by the person who delivered it; one that waits for an answer was not."""
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        delivered, accepted = (
            work.audit.about(kommun, action, f"batch:{batch}") for action in ("batch.import", "batch.accepted")
        )
    return bool(delivered and accepted) and delivered[0].actor == accepted[-1].actor
