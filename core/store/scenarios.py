"""Named trials: several people save them at once, and nobody overwrites what they have not seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from core.base import CoreError, Sentence
from core.store.numbers import next_number, take_turn
from core.store.reach import KommunBound
from core.store.tables import ScenarioRow, ScenarioRunRow

if TYPE_CHECKING:
    import builtins
    from datetime import datetime


OPEN, ARCHIVED = "open", "archived"


class ScenarioUnknownError(CoreError):
    """A scenario is not there."""

    def __init__(self, kommun: str, number: int) -> None:
        self.kommun, self.number = kommun, number
        super().__init__(
            Sentence(
                "Försök {number} finns inte för kommun {kommun}. Se listan i Modellverkstaden.",
                number=number,
                kommun=kommun,
            )
        )


class ScenarioMovedError(CoreError):
    """Somebody has saved a newer edition since this one was opened."""

    def __init__(self, number: int, name: str, by: str, at: datetime) -> None:
        self.number, self.by, self.at = number, by, at
        super().__init__(
            Sentence(
                "{by} sparade en nyare version av försök {number} ”{name}” {day} kl. {time} (UTC), efter att du "
                "öppnade det. Ingenting har sparats. Öppna försöket på nytt, eller spara ditt under ett nytt namn.",
                by=by,
                number=number,
                name=name,
                day=at.date(),
                time=f"{at:%H.%M}",
            )
        )


@dataclass(frozen=True, slots=True)
class ScenarioRecord:
    """A saved trial. ``run`` is the frozen run of its newest edition."""

    kommun: str
    number: int
    name: str
    note: str
    base_run: int
    state: str
    edition: int
    changes: str
    run: int | None
    total_ore: int | None
    created_at: datetime
    created_by: str
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEdition:
    """What is saved of a trial, now, by somebody."""

    name: str
    note: str
    base_run: int
    changes: str
    run: int
    total_ore: int
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ScenarioRunRecord:
    """What a scenario run was tried on and with."""

    run: int
    base_run: int
    changes: str


class ScenarioRepository(KommunBound):
    """Scenarios of one unit of work; never commits."""

    def list(self, kommun: str, *, archived: bool = False) -> builtins.list[ScenarioRecord]:
        """Return the kommun's scenarios, the latest saved first; the archived ones too when asked for."""
        columns = [getattr(ScenarioRow, name) for name in ScenarioRecord.__slots__]
        statement = select(*columns).where(ScenarioRow.kommun == kommun)
        if not archived:
            statement = statement.where(ScenarioRow.state == OPEN)
        rows = self._connection.execute(statement.order_by(ScenarioRow.changed_at.desc(), ScenarioRow.number.desc()))
        return [ScenarioRecord(*row) for row in rows]

    def get(self, kommun: str, number: int) -> ScenarioRecord:
        """Return a scenario; raises ``ScenarioUnknownError``."""
        columns = [getattr(ScenarioRow, name) for name in ScenarioRecord.__slots__]
        row = self._connection.execute(select(*columns).where(*_at(kommun, number))).one_or_none()
        if row is None:
            raise ScenarioUnknownError(kommun, number)
        return ScenarioRecord(*row)

    def add(self, kommun: str, new: NewEdition) -> int:
        """Write the first edition of a scenario and return its number; numbers run by kommun."""
        number = next_number(self._connection, ScenarioRow.number, ScenarioRow.kommun == kommun, kommun=kommun)
        values = _values(new) | {"created_at": new.at, "created_by": new.by}
        self._connection.execute(
            insert(ScenarioRow).values(kommun=kommun, number=number, state=OPEN, edition=1, **values)
        )
        return number

    def save(self, kommun: str, number: int, edition: int, new: NewEdition) -> None:
        """Write the edition after ``edition``; raises ``ScenarioMovedError`` when there is one already."""
        self._still(kommun, number, edition)
        self._write(kommun, number, edition=edition + 1, **_values(new))

    def archive(self, kommun: str, number: int, edition: int, at: datetime, by: str) -> None:
        """Put a scenario away; its run stays. Raises ``ScenarioMovedError``."""
        self._still(kommun, number, edition)
        self._write(kommun, number, edition=edition + 1, state=ARCHIVED, changed_at=at, changed_by=by)

    def _still(self, kommun: str, number: int, edition: int) -> None:
        take_turn(self._connection, kommun)
        held = self.get(kommun, number)
        if held.edition != edition:
            raise ScenarioMovedError(number, held.name, held.changed_by, held.changed_at)

    def _write(self, kommun: str, number: int, **values: object) -> None:
        self._connection.execute(update(ScenarioRow).where(*_at(kommun, number)).values(**values))

    def freeze(self, kommun: str, run: int, base_run: int, changes: str) -> None:
        """Keep what a scenario run was tried on and with, beside the run."""
        self._connection.execute(
            insert(ScenarioRunRow).values(kommun=kommun, run=run, base_run=base_run, changes=changes)
        )

    def of_run(self, kommun: str, run: int) -> ScenarioRunRecord | None:
        """Return what a run was tried on and with; ``None`` for a run that is no scenario."""
        columns = (ScenarioRunRow.run, ScenarioRunRow.base_run, ScenarioRunRow.changes)
        where = (ScenarioRunRow.kommun == kommun, ScenarioRunRow.run == run)
        row = self._connection.execute(select(*columns).where(*where)).one_or_none()
        return None if row is None else ScenarioRunRecord(*row)


def _at(kommun: str, number: int) -> tuple[Any, Any]:
    return ScenarioRow.kommun == kommun, ScenarioRow.number == number


def _values(new: NewEdition) -> dict[str, Any]:
    return {
        "name": new.name, "note": new.note, "base_run": new.base_run, "changes": new.changes, "run": new.run,
        "total_ore": new.total_ore, "changed_at": new.at, "changed_by": new.by,
    }  # fmt: skip
