"""All that a huvudman needs to compute its own öre anew without us: model, enhetsfil, the run's figures, how to do it.

``python -m core evaluate modell.yaml --units enheter.csv --given korning.json --out rader.csv`` gives each unit of the
file the same öre as the run. The enhetsfil holds every counted month, and korning.json says how it is read, whatever
the model's own ``units:`` may say.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections import defaultdict
from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import require
from core.base import CoreError, Month, Sentence
from core.exchange.cells import shielded
from core.parameters import CaseAmounts, Given
from core.usecases.allocation import must_be_shown
from core.usecases.context import kommun_of, unit_resource
from core.usecases.decision_basis import is_grundbelopp
from core.usecases.given import content_of
from core.usecases.presenting import model_of
from core.usecases.unit_in_run import unit_in_run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.access import Actor
    from core.allocation import Line
    from core.parameters import FundingModel
    from core.store import RunCountRecord, RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App

MONTHS, HUNDRED, PLACES, LARGEST_DENOMINATOR = 12, 100, 6, 9999
KEY, FIELDS = "enhet", ("recipient", "landsbygd", "omrade", "verksamhet")
ZIP = "application/zip"
MOMENT = (1980, 1, 1, 0, 0, 0)
"""The same kit gives the same bytes: a zip file knows no other way to leave the time out."""
README = """Så räknar du om beloppen för {names}, {kind} {year} (körning {run})

1. Installera programmet: se README i källkoden. Ingen databas behövs.
2. Kör:

   python -m core evaluate modell.yaml --units enheter.csv --given korning.json --out rader.csv

3. Jämför summan per enhet med facit.csv. Varje öre ska vara detsamma.

modell.yaml   kommunens beslutade modell, ordagrant
enheter.csv   dina enheters antal och uppgifter, så som körningen räknade dem; byt gärna mot dina egna
korning.json  det som löses över alla enheter: priser ur budget, potternas summa och vikt, dina enheters öresrester
facit.csv     vad körningen gav: hela beloppet, hur mycket av det som är individuellt stöd, och resten.
              Ett beslut om bidrag gäller resten (grundbeloppet); individuellt stöd beslutas elev för elev.
"""


class NotRecomputableError(CoreError):
    """A figure of the run cannot be written in a file of units."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            Sentence("Enhetsfilen för evaluate går inte att skriva: {what}. Be kommunens controller om den.", what=what)
        )


def recompute_kit(app: App, viewer: Actor, run: int, enhet_ids: Sequence[str]) -> bytes:
    """Return the kit of some units of a run as a zip file; whoever may see all of their amounts may have it.

    Raises ``ForbiddenError``, ``UnitNotInRunError`` and ``NotRecomputableError``.
    """
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        record = work.runs.get(kommun, run)
        must_be_shown(viewer, record)
        units = [unit_in_run(work, kommun, run, enhet) for enhet in enhet_ids]
        for unit in units:
            resource = unit_resource(kommun, unit)
            require(viewer, "statement.download", resource)
            require(viewer, "individual.view", resource)  # the amounts of individual support stand in it
        files = _files(work, record, units)
    return _zipped(files)


def _files(work: UnitOfWork, run: RunRecord, units: Sequence[RunUnitRecord]) -> dict[str, bytes]:
    lines = [line for unit in units for line in work.runs.lines(run.kommun, run.number, unit.enhet)]
    indexes = [number for number, kind in work.runs.batches(run.kommun, run.number) if kind == "index"]
    index = work.facts.index_values(run.kommun, indexes)
    model = model_of(run)
    columns = _columns(model, run.through_month, sorted(index))
    rows = [
        _Facts(run, model, unit, work.runs.counts(run.kommun, run.number, unit.enhet), lines, index).row(columns)
        for unit in units
    ]
    terms = {"key": [KEY], "delimiter": ";", "decimal": ",", "columns": columns}
    given = {**content_of(work, run, lines), "units": terms}
    names = ", ".join(unit.name for unit in units)
    return {
        "LAS_MIG.txt": README.format(names=names, kind=run.kind, year=run.year, run=run.number).encode(),
        "modell.yaml": run.model_text.encode(),
        "enheter.csv": _csv([KEY, *(str(one["column"]) for one in columns)], rows),
        "korning.json": (json.dumps(given, ensure_ascii=False, indent=2) + "\n").encode(),
        "facit.csv": _csv(
            [KEY, "namn", "belopp_kr", "varav_individuellt_stod_kr", "grundbelopp_kr"],
            [_answer(unit, [line for line in lines if line.enhet == unit.enhet]) for unit in units],
        ),
    }


def _answer(unit: RunUnitRecord, lines: Iterable[Line]) -> list[str]:
    """Return a unit's row of the answers: the whole amount, what a decision on grundbelopp leaves out, and the rest."""
    apart = sum(line.amount_ore for line in lines if not is_grundbelopp(line))
    return [unit.enhet, unit.name, *map(_kronor, (unit.total_ore, apart, unit.total_ore - apart))]


def _columns(model: FundingModel, through: int, indexes: Sequence[str]) -> list[dict[str, str | int]]:
    """Return the columns of the enhetsfil as a model's ``units:`` writes them: every figure of every counted month."""
    columns: list[dict[str, str | int]] = [
        {"column": f"{one.category} {month:02d}", "category": one.category, "month": month}
        for one in model.categories
        for month in range(1, through + 1)
    ]
    first = [months[0] for months in model.periods().values() if months[0] <= through]
    columns += [
        {"column": f"{step.step} {month:02d}", "given": step.step, "month": month}
        for step in model.amounts
        if isinstance(step, Given | CaseAmounts)
        for month in first
    ]
    columns += [{"column": f"index {name}", "index": name} for name in indexes]
    return columns + [{"column": field, "field": field} for field in FIELDS]


class _Facts:
    """What one unit's cells are filled from."""

    def __init__(
        self,
        run: RunRecord,
        model: FundingModel,
        unit: RunUnitRecord,
        counts: Iterable[RunCountRecord],
        lines: Iterable[Line],
        index: Mapping[str, Mapping[str, Fraction]],
    ) -> None:
        self.run, self.model, self.unit, self.index = run, model, unit, index
        self.years: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        for row in counts:
            self.years[row.category, row.month] += Fraction(row.n, row.den)
        self.by_day = {one.rule for one in model.counting if one.kind == "days"}
        first = {name: months[0] for name, months in model.periods().items()}
        self.decided: dict[tuple[str, int], int] = defaultdict(int)
        for line in lines:
            if line.enhet == unit.enhet and line.kind in {"given", "case_amounts"}:
                self.decided[line.step, first[line.period]] += line.amount_ore

    def row(self, columns: Iterable[Mapping[str, str | int]]) -> list[str]:
        """Return the unit's cells; empty where it has no such figure."""
        return [self.unit.enhet, *(self._cell(one) for one in columns)]

    def _cell(self, column: Mapping[str, str | int]) -> str:
        month, name = int(column.get("month", 0)), str(column["column"])
        if "category" in column:
            return _exact(self._count(str(column["category"]), month), name)
        if "given" in column:
            return _kronor(self.decided.get((str(column["given"]), month), 0))
        if "index" in column:
            value = self.index[str(column["index"])].get(self.unit.enhet)
            return "" if value is None else _decimal(value, name)
        return self._field(str(column["field"]))

    def _field(self, field: str) -> str:
        return {
            "recipient": self.unit.recipient,
            "landsbygd": "ja" if self.unit.landsbygd else "nej",
            "omrade": self.unit.omrade or "",
            "verksamhet": ",".join(self.unit.verksamheter),
        }[field]

    def _count(self, category: str, month: int) -> Fraction:
        """Return the elever of a month, or the elevdagar where days are counted: elev-years × the year's length."""
        days = sum(Month(self.model.year, number).days for number in range(1, MONTHS + 1))
        length = days if self.model.category(category).counting in self.by_day else MONTHS
        return self.years.get((category, month), Fraction(0)) * length


def _exact(value: Fraction, column: str) -> str:
    """Return a count as a whole number or a fraction, as ``evaluate`` reads it."""
    if value.denominator == 1:
        return str(value.numerator)
    if value.denominator > LARGEST_DENOMINATOR:
        raise NotRecomputableError(
            Sentence("antalet i {column} är inget enkelt bråk ({value})", column=column, value=value)
        )
    return f"{value.numerator}/{value.denominator}"


def _decimal(value: Fraction, column: str) -> str:
    """Return a figure with at most six decimals, all of it; a finer one as a fraction."""
    scaled = value * 10**PLACES
    if scaled.denominator != 1:
        return _exact(value, column)
    whole, rest = divmod(abs(scaled.numerator), 10**PLACES)
    tail = f"{rest:0{PLACES}d}".rstrip("0")
    return ("-" if scaled < 0 else "") + str(whole) + (f",{tail}" if tail else "")


def _kronor(ore: int) -> str:
    whole, rest = divmod(abs(ore), HUNDRED)
    return f"{'-' if ore < 0 else ''}{whole},{rest:02d}"


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows(map(shielded, row) for row in (header, *rows))
    return out.getvalue().encode("utf-8-sig")


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
