"""Which kommuner the database holds: public, and all that can be said before somebody is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.access import NOBODY

if TYPE_CHECKING:
    from core.usecases.context import App


def kommuner(app: App) -> tuple[tuple[str, str], ...]:
    """Return (code, name) of each kommun, in order of code; no access is asked for."""
    with app.reading(NOBODY) as work:
        return tuple(sorted((one.kommun, one.name) for one in work.kommuner.list()))
