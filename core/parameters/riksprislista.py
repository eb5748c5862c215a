"""The national price list of gymnasieskolan, as dated data: ``data/parameters/riksprislista.yaml``.

What an enskild huvudman is paid for a programme that the home municipality does not offer itself
(skollagen 16 kap. 55 §): kronor per elev and calendar year, whole hundreds, mervärdesskatt included.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Literal

from pydantic import Field, model_validator

from core.base import CoreError, Sentence, read_number, year_range
from core.parameters.parts import Figure, Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, read_part

if TYPE_CHECKING:
    from core.parameters.model import FundingModel
    from core.parameters.steps import PerElevPrice

Meals = Literal["with", "without"]
HUNDRED = 100
_MEALS = {"with": "med måltider", "without": "utan måltider"}


class RiksprislistaMissingError(CoreError):
    """The table lacks a year, a programme, or one of its two amounts."""

    def __init__(self, year: int, programme: str, missing: str) -> None:
        self.year, self.programme = year, programme
        super().__init__(
            Sentence(
                "Riksprislistan saknar {missing}. Lägg till det ur Skolverkets lista, med hänvisning, i "
                "data/parameters/riksprislista.yaml, eller ange beloppet med values.",
                missing=missing,
            )
        )


class TableRow(Strict):
    """A programme's amounts, or which programme's it follows."""

    programme: str
    with_meals: Figure | None = None
    without_meals: Figure | None = None
    follows: str | None = None

    @model_validator(mode="after")
    def _amounts_or_another(self) -> TableRow:
        amounts = [one for one in (self.with_meals, self.without_meals) if one is not None]
        if bool(amounts) == (self.follows is not None):
            msg = f"programmet {self.programme} har antingen belopp eller follows"
            raise ValueError(msg)
        if any(read_number(one) % HUNDRED for one in amounts):
            msg = f"programmet {self.programme}: riksprislistans belopp är hela hundratal kronor"
            raise ValueError(msg)
        return self


class TableYear(Strict):
    """The list of one calendar year."""

    year: int
    reference: Reference
    note: str | None = None
    rows: list[TableRow] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_once(self) -> TableYear:
        names = [one.programme for one in self.rows]
        if len(set(names)) < len(names):
            msg = f"ett program står två gånger i listan för {self.year}"
            raise ValueError(msg)
        own = {one.programme for one in self.rows if one.follows is None}
        lost = [one.programme for one in self.rows if one.follows is not None and one.follows not in own]
        if lost:
            msg = f"{', '.join(lost)} följer ett program som saknar egna belopp i listan för {self.year}"
            raise ValueError(msg)
        return self

    def row(self, programme: str) -> TableRow:
        """Return the row that gives a programme its amounts; raises ``RiksprislistaMissingError``."""
        found = next((one for one in self.rows if one.programme == programme), None)
        if found is None:
            raise RiksprislistaMissingError(
                self.year, programme, Sentence("programmet {programme} för {year}", programme=programme, year=self.year)
            )
        return found if found.follows is None else self.row(found.follows)

    def amount(self, programme: str, meals: Meals) -> str:
        """Return kronor a year as the list writes them; raises ``RiksprislistaMissingError``."""
        row = self.row(programme)
        amount = row.with_meals if meals == "with" else row.without_meals
        if amount is None:
            what = Sentence(
                "beloppet {meals} för {programme} {year}",
                meals=Sentence(_MEALS[meals]),
                programme=row.programme,
                year=self.year,
            )
            raise RiksprislistaMissingError(self.year, programme, what)
        return amount

    def note_on(self, programme: str, meals: Meals) -> str:
        """Return what a reader of the amount should know: programme, meals, tax, and what the list says of itself."""
        row = self.row(programme)
        follows = f", som följer {row.programme}" if row.programme != programme else ""
        said = f" {self.note}" if self.note else ""
        return f"{programme}{follows}, {_MEALS[meals]}, mervärdesskatt inräknad.{said}"


class Riksprislista(Strict):
    """The whole file."""

    lists: list[TableYear]

    def of(self, year: int) -> TableYear:
        """Return the list of a year; raises ``RiksprislistaMissingError``."""
        found = next((one for one in self.lists if one.year == year), None)
        if found is None:
            raise RiksprislistaMissingError(year, "", Sentence("listan för {year}", year=year))
        return found


def read_riksprislista(text: str, file: str) -> Riksprislista:
    """Return the table written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    return read_part(text, file, Riksprislista)[0]


@cache
def load_riksprislista() -> Riksprislista:
    """Return the table that comes with the program, read once."""
    path = PARAMETERS_FOLDER / "riksprislista.yaml"
    return read_riksprislista(path.read_text(encoding="utf-8"), path.name)


def table_years(step: PerElevPrice, model: FundingModel) -> dict[str, int]:
    """Return, by each price list that takes its price from the table, the year whose national list it takes.

    That is the model's year, but for a list that ended before it the year in which that list began.
    """
    uprated = {one.list for one in step.uprating}
    first = year_range(model.year).valid_from
    return {
        one.list: one.valid_from.year if one.valid_to is not None and one.valid_to <= first else model.year
        for one in model.price_lists
        if one.list not in uprated and (step.lists is None or one.list in step.lists)
    }
