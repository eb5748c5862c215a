"""The audit chain, checked link by link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.usecases.context import must

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.context import App


@dataclass(frozen=True, slots=True)
class ChainReport:
    """Whether the chain of a kommun holds, and the number of the first link that does not."""

    ok: bool
    first_broken: int | None


def verify_chain(app: App, viewer: Actor, kommun: str) -> ChainReport:
    """Recompute every link of the chain; a payload that retention has erased breaks nothing."""
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        broken = work.audit.first_broken(kommun)
    return ChainReport(broken is None, broken)
