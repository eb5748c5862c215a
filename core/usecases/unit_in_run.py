"""A unit as a run froze it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import CoreError, Sentence

if TYPE_CHECKING:
    from core.store import RunUnitRecord, UnitOfWork


class UnitNotInRunError(CoreError):
    """The run holds no amounts of the unit."""

    def __init__(self, enhet: str, run: int) -> None:
        self.enhet, self.run = enhet, run
        super().__init__(
            Sentence(
                "Enheten {enhet} finns inte i körning {run}. Välj en enhet eller ett år där den har en tilldelning.",
                enhet=enhet,
                run=run,
            )
        )


def unit_in_run(work: UnitOfWork, kommun: str, run: int, enhet: str) -> RunUnitRecord:
    """Return the unit; raises ``RunUnknownError`` and ``UnitNotInRunError``."""
    work.runs.get(kommun, run)
    unit = work.runs.unit(kommun, run, enhet)
    if unit is None:
        raise UnitNotInRunError(enhet, run)
    return unit
