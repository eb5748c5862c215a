"""Which units and runs a viewer may choose, and which run stands for a year."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from core.access import may, require
from core.base import CoreError, RunKind, RunState, Sentence
from core.usecases.context import kommun_of, unit_resource
from core.usecases.frozen import recipient_of
from core.usecases.views import UnitChoice

if TYPE_CHECKING:
    from datetime import date

    from core.access import Actor
    from core.parameters.roles import Action
    from core.store import RunRecord, RunUnitRecord, UnitOfWork, UnitRecord
    from core.usecases.context import App

FIRST_YEAR, LAST_YEAR = 1900, 9000
SHOWN = (RunState.PUBLISHED.value, RunState.DECIDED.value)


class NoSuchUnitError(CoreError):
    """There is no such unit in the register."""

    def __init__(self, enhet: str) -> None:
        self.enhet = enhet
        super().__init__(Sentence("Enheten {enhet} finns inte i enhetsregistret. Välj en enhet i listan.", enhet=enhet))


class NoRunError(CoreError):
    """Nothing is decided for the year; ``latest_year`` is the newest that is."""

    def __init__(self, year: int, latest_year: int | None) -> None:
        self.year, self.latest_year = year, latest_year
        rest = (
            Sentence("Senaste beslut: {latest_year}.", latest_year=latest_year)
            if latest_year
            else Sentence("Inget år är beslutat än.")
        )
        super().__init__(Sentence("Inga beslut för {year} än. {rest}", year=year, rest=rest))


class NoSuchYearError(CoreError):
    """The address asks for a year that no calendar of ours has."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(Sentence("År {year} går inte att visa. Välj ett år i listan.", year=year))


class MissingDataError(CoreError):
    """A figure cannot be shown because what it rests on is missing; the text names what."""


def units_for(app: App, viewer: Actor, action: Action = "allocation.view") -> tuple[UnitChoice, ...]:
    """Return the units that the viewer may see the allocation of, by name."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        record = work.kommuner.get(kommun)
        units = register_units(work, kommun, app.clock().date())
    chosen = [unit for unit in units if may(viewer, action, unit_resource(kommun, unit)).allowed]
    choices = [
        UnitChoice(unit.enhet, unit.name, unit.verksamheter, recipient_of(unit, record).value, unit.huvudman_name)
        for unit in chosen
    ]
    return tuple(sorted(choices, key=lambda one: (one.name.casefold(), one.enhet)))


def register_units(work: UnitOfWork, kommun: str, today: date) -> list[UnitRecord]:
    """Return the newest row of every unit of the registers in force this year and the two before."""
    days = [today - timedelta(days=365 * back) for back in (2, 1, 0)]
    newest: dict[str, UnitRecord] = {}
    for numbers in work.batches.in_force(kommun, "units", days).values():
        newest |= {unit.enhet: unit for unit in work.facts.units(kommun, numbers)}
    return [newest[enhet] for enhet in sorted(newest, key=str.encode)]


def unit_of(work: UnitOfWork, kommun: str, enhet: str, today: date) -> UnitRecord:
    """Return a unit of the register; raises ``NoSuchUnitError``."""
    for unit in register_units(work, kommun, today):
        if unit.enhet == enhet:
            return unit
    raise NoSuchUnitError(enhet)


def must_be_a_year(year: int) -> None:
    """Return if registers can be asked about the year and the two before; raises ``NoSuchYearError``."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NoSuchYearError(year)


def must_see(viewer: Actor, action: Action, kommun: str, unit: UnitRecord | RunUnitRecord) -> None:
    """Return if the viewer may do ``action`` to the unit; raises ``ForbiddenError``."""
    require(viewer, action, unit_resource(kommun, unit))


def shown_run(work: UnitOfWork, kommun: str, year: int, kind: str) -> RunRecord | None:
    """Return the run that stands for a year: published before decided, the newest of each."""
    for state in SHOWN:
        found = work.runs.latest(kommun, year, kind, (state,))
        if found is not None:
            return found
    return None


def run_for(work: UnitOfWork, kommun: str, year: int, kind: str | None = None) -> RunRecord:
    """Return the utfall of a year, else its budget (or the one of ``kind``); raises ``NoRunError``."""
    kinds = [kind] if kind else [RunKind.UTFALL.value, RunKind.BUDGET.value]
    for one in kinds:
        found = shown_run(work, kommun, year, one)
        if found is not None:
            return found
    years = [found_year for found_year, _ in work.sums.years_of(kommun, None, SHOWN)]
    raise NoRunError(year, max(years, default=None))


def newest_run(work: UnitOfWork, kommun: str) -> RunRecord | None:
    """Return the run that stands for the newest year there is."""
    years = [year for year, _ in work.sums.years_of(kommun, None, SHOWN)]
    return run_for(work, kommun, max(years)) if years else None
