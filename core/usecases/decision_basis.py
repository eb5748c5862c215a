"""What a decision rests on, read from its frozen run: the huvudman's units, and every line as a row of the annex."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation import ALL, category_label, source_of, step_name
from core.base import Dimension, Kostnadsslag, Verksamhet, label
from core.publication.decision import form_of
from core.publication.decision_document import (
    AnnexRow,
    DecisionBasis,
    PriceListFact,
    UnitShare,
    must_have_units,
)
from core.publication.texts import SOURCE_KINDS, day_text
from core.usecases.presenting import model_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.allocation import Line
    from core.base import Source
    from core.parameters import FundingModel, PriceList
    from core.store import RunRecord, RunUnitRecord, UnitOfWork

COUNTED = "per_elev"
RULES = {
    "weighted_pool": "Andel av en pott efter viktade elever",
    "per_unit": "Belopp per enhet enligt modellens villkor",
    "markup": "Påslag på andra belopp",
    "deduction": "Avdrag från andra belopp",
    "guarantee": "Garanti enligt modellen",
    "premises": "Lokalersättning enligt modellen",
    "addition": "Tillskott enligt beslut under året",
}
BY_MODEL = "Räknat enligt modellen; leden står i redovisningen per enhet"


def basis_for(work: UnitOfWork, run: RunRecord, huvudman: str, special_reasons: str | None = None) -> DecisionBasis:
    """Return the basis of the decision for a huvudman; raises ``NothingDecidedError``.

    Tilläggsbelopp are left out: they are decided elev by elev.
    """
    model = model_of(run)
    units = [one for one in work.runs.units(run.kommun, run.number) if one.huvudman == huvudman]
    lines = [
        line for unit in units for line in work.runs.lines(run.kommun, run.number, unit.enhet) if is_grundbelopp(line)
    ]
    shares = _shares(units, lines)
    must_have_units(shares, huvudman, run.number)
    return DecisionBasis(
        kommun=_kommun_name(work, run.kommun),
        form=form_of({one.recipient for one in units}),
        huvudman=huvudman,
        huvudman_name=units[0].huvudman_name,
        run=run.number,
        run_kind=run.kind,
        run_decision=run.decision or "",
        fingerprint=run.fingerprint or "",
        year=run.year,
        through_month=run.through_month,
        model=f"{model.title}, version {run.model_version}",
        price_lists=tuple(_list_fact(model, one) for one in model.price_lists if one.list in model.periods()),
        units=shares,
        rows=annex_rows(model, lines),
        sources=_sources(lines),
        special_reasons=special_reasons,
    )


def huvudman_of(units: Iterable[RunUnitRecord]) -> dict[str, list[RunUnitRecord]]:
    """Return the run's units by huvudman."""
    found: dict[str, list[RunUnitRecord]] = defaultdict(list)
    for unit in units:
        found[unit.huvudman].append(unit)
    return dict(found)


def annex_rows(model: FundingModel, lines: Sequence[Line]) -> tuple[AnnexRow, ...]:
    """Return lines of the same price as one row, in the model's order: price × number, or a share with its öre."""
    rows: dict[tuple[object, ...], _Sum] = {}
    for line in sorted(lines, key=lambda one: (one.position, one.step, one.category, one.period)):
        price = line.rate * line.factor if line.kind == COUNTED else None
        key = (line.kostnadsslag, line.step, line.category, line.period, price)
        row = rows.setdefault(key, _Sum(line, price))
        row.quantity += line.quantity
        row.amount_ore += line.amount_ore
    return tuple(_row(model, one) for one in rows.values())


@dataclass(slots=True)
class _Sum:
    """Lines alike, being added up."""

    line: Line
    price: Fraction | None
    quantity: Fraction = Fraction(0)
    amount_ore: int = 0


def _row(model: FundingModel, one: _Sum) -> AnnexRow:
    line = one.line
    category = "" if line.category == ALL else category_label(model, line.category)
    if len(model.periods()) > 1:
        period = next((named.label for named in model.price_lists if named.list == line.period), line.period)
        category = f"{category} ({period})".strip()
    verksamhet = label(Verksamhet(line.verksamhet)) if line.verksamhet in set(Verksamhet) else ""
    name = step_name(model, line)
    unit = next((step.unit for step in model.prices if step.step == line.step), "")
    return AnnexRow(
        kostnadsslag=line.kostnadsslag,
        verksamhet=line.verksamhet,
        label=name if verksamhet.casefold() in name.casefold() else f"{name}, {verksamhet.lower()}",
        category=category,
        rule=_rule(model, line),
        quantity=one.quantity if one.price is not None else None,
        price_ore=one.price,
        unit=unit if one.price is not None else "",
        amount_ore=one.amount_ore,
    )


def _rule(model: FundingModel, line: Line) -> str:
    if line.kind != COUNTED:
        return RULES.get(line.kind, BY_MODEL)
    counting = next((one.counting for one in model.categories if one.category == line.category), None)
    return next((one.label for one in model.counting if one.rule == counting), BY_MODEL)


def is_grundbelopp(line: Line) -> bool:
    """Say whether a decision on grundbelopp covers a line; tilläggsbelopp are decided elev by elev."""
    return line.dimension != Dimension.INDIVID.value and line.kostnadsslag != Kostnadsslag.TILLAGGSBELOPP.value


def _shares(units: Sequence[RunUnitRecord], lines: Iterable[Line]) -> tuple[UnitShare, ...]:
    sums: dict[str, int] = defaultdict(int)
    for line in lines:
        sums[line.enhet] += line.amount_ore
    return tuple(
        UnitShare(
            unit.enhet, unit.name, ", ".join(label(Verksamhet(one)) for one in unit.verksamheter), sums[unit.enhet]
        )
        for unit in units
        if sums.get(unit.enhet)
    )


def _list_fact(model: FundingModel, one: PriceList) -> PriceListFact:
    reference = one.reference or model.decision
    if reference is None:
        return PriceListFact(one.label, one.valid_from, model.title, one.status == "provisional")
    day = None if reference.date is None else day_text(reference.date)
    said = ", ".join(part for part in (reference.title, day, reference.paragraph) if part)
    return PriceListFact(one.label, one.valid_from, said, one.status == "provisional")


def _sources(lines: Iterable[Line]) -> tuple[Source, ...]:
    """Return each law, decision and guideline once, law first."""
    found = (source_of(line) for line in lines)
    unique = {(one.kind, one.title): one for one in found if one.kind in {"law", "decision", "guideline"}}
    order = list(SOURCE_KINDS)
    return tuple(unique[key] for key in sorted(unique, key=lambda key: (order.index(key[0]), key[1])))


def _kommun_name(work: UnitOfWork, kommun: str) -> str:
    return work.kommuner.get(kommun).name
