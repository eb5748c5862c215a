"""Recompute amounts from a model and a file of units, without database: the way an outsider checks us.

The units of the file are taken to be all units, unless ``given`` brings what a run solved over all
of them; then a huvudman gets its own öre, remainders included, from its own units alone.
"""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

import numpy as np

from core.allocation import (
    ALL,
    AllocationInput,
    CaseAmount,
    GivenAmount,
    UnitFacts,
    allocate,
    compute_prices,
    quantities_of,
)
from core.allocation.prices import MissingPlannedCountError
from core.base import CoreError, Month, sha256
from core.exchange.given_file import read_given
from core.exchange.units_file import read_units_file
from core.parameters import Addition, CaseAmounts, Given, WeightedPool, load_model
from core.usecases.evaluated import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from core.allocation import OwnShare, PriceTable, Quantities
    from core.exchange.given_file import GivenFigures
    from core.exchange.units_file import UnitValues
    from core.parameters import FundingModel, UnitsFile
    from core.usecases.evaluated import Evaluated

MONTHS, JANUARY = 12, 1
LARGEST_DENOMINATOR = 10**9


class NotEvaluableError(CoreError):
    """The model or the given file lacks what ``evaluate`` needs; the text says what and where to add it."""

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)


def evaluate(model_text: str, model_name: str, units_path: Path, given_path: Path | None = None) -> Evaluated:
    """Return the amounts of the units in ``units_path``; every fault names file, row and column.

    The file is read as the model's ``units:`` says, or as ``given`` says when it comes with a file of its own.
    """
    model = load_model(model_text, model_name)
    if not model.amounts:
        raise NotEvaluableError(f"{model_name} har bara priser. Lägg till amounts, det som ska räknas per enhet.")
    given = read_given(given_path) if given_path else None
    units = given.units if given is not None and given.units is not None else model.units
    if units is None:
        raise NotEvaluableError(f"{model_name} saknar units. Lägg till vilka kolumner enhetsfilen har.")
    if given is not None and given.model_sha256 != sha256(model_text):
        raise NotEvaluableError(
            f"{given_path.name if given_path else ''} hör till en annan lydelse av modellen än {model_name}. "
            "Hämta modell och körningens uppgifter ur samma körning."
        )
    rows = read_units_file(units_path, units)
    data = _input(model, units, rows, given)
    return replace(written(units, rows, data, allocate(data)), marked=_is_marked(units_path))


def _is_marked(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(BOM_UTF8)) == BOM_UTF8


def _input(
    model: FundingModel, units: UnitsFile, rows: Sequence[UnitValues], given: GivenFigures | None
) -> AllocationInput:
    through = MONTHS if given is None else given.through_month
    ordered = sorted(rows, key=lambda row: row.enhet.encode())
    quantities = _quantities(model, units, ordered, through)
    return AllocationInput(
        model,
        tuple(_unit(row, units) for row in ordered),
        quantities,
        _prices(model, given),
        index=_index(ordered),
        given=list(_given_amounts(model, ordered)),
        attributes=_words(units, ordered),
        shares=_shares(model, quantities, given),
        cases=list(_case_amounts(model, ordered)),
        over_units=None if given is None else given.over_units,
    )


def _unit(row: UnitValues, units: UnitsFile) -> UnitFacts:
    fields = row.fields
    return UnitFacts(
        row.enhet,
        row.enhet,
        fields.get("recipient", units.recipient.value),
        tuple(one.strip() for one in fields.get("verksamhet", "").split(",") if one.strip()),
        landsbygd=fields.get("landsbygd") == "ja",
        omrade=fields.get("omrade"),
    )


def _prices(model: FundingModel, given: GivenFigures | None) -> PriceTable:
    try:
        return compute_prices(model, solved=None if given is None else given.prices)
    except MissingPlannedCountError as error:
        raise NotEvaluableError(
            f"Priset {error.step} för {error.category} löses ur kommunens budget och plan. Ange körningens lösta "
            "priser med --given."
        ) from error


def _shares(
    model: FundingModel, quantities: Quantities, given: GivenFigures | None
) -> Mapping[tuple[str, str], OwnShare]:
    if given is None:
        return {}
    for step in model.amounts:
        for period, months in zip(quantities.periods, quantities.months, strict=True):
            if (
                isinstance(step, WeightedPool | Addition)
                and _is_shared(step, model, period, months)
                and (step.step, period) not in given.shares
            ):
                raise NotEvaluableError(
                    f"Uppgifterna från körningen saknar potten {step.step} för {period}, och en egen andel går inte "
                    "att räkna utan alla enheters vikt. Hämta uppgifterna ur körningen igen."
                )
    return given.shares


def _is_shared(step: WeightedPool | Addition, model: FundingModel, period: str, months: int) -> bool:
    """Say whether a run that counts ``months`` of the period has a pot to share there."""
    counted = model.periods()[period][:months]
    if isinstance(step, WeightedPool):
        return bool(counted)
    return any(step.first_month <= month <= step.last_month for month in counted)


def _index(rows: Sequence[UnitValues]) -> dict[str, dict[str, Fraction]]:
    values: dict[str, dict[str, Fraction]] = {}
    for row in rows:
        for name, value in row.index.items():
            values.setdefault(name, {})[row.enhet] = value
    return values


def _words(units: UnitsFile, rows: Sequence[UnitValues]) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = {one.attribute: {} for one in units.columns if one.attribute is not None}
    for row in rows:
        for name, word in row.words.items():
            words[name][row.enhet] = word
    return words


def _verksamhet(model: FundingModel, kind: type[Given | CaseAmounts]) -> dict[str, str]:
    return {
        step.step: step.verksamhet.value if step.verksamhet else ALL for step in model.amounts if isinstance(step, kind)
    }


def _given_amounts(model: FundingModel, rows: Sequence[UnitValues]) -> Iterator[GivenAmount]:
    """Yield decided amounts; one for the whole year is paid with the year's first price list."""
    verksamhet = _verksamhet(model, Given)
    for row in rows:
        for (step, month), amount in row.given.items():
            if step in verksamhet:
                yield GivenAmount(step, row.enhet, verksamhet[step], month or JANUARY, 0, amount)


def _case_amounts(model: FundingModel, rows: Sequence[UnitValues]) -> Iterator[CaseAmount]:
    """Yield decided tilläggsbelopp as the unit sums them in its own file: its elever are no part of it."""
    verksamhet = _verksamhet(model, CaseAmounts)
    for row in rows:
        for (step, month), amount in row.given.items():
            if step in verksamhet:
                yield CaseAmount(step, "", row.enhet, verksamhet[step], month or JANUARY, amount)


def _quantities(model: FundingModel, units: UnitsFile, rows: Sequence[UnitValues], through: int) -> Quantities:
    """Return yearly elever from month counts, whole numbers over a denominator of the category's own."""
    _must_have_months(units, through)
    by_day = {rule.rule for rule in model.counting if rule.kind == "days"}
    days = [Month(model.year, number).days for number in range(1, MONTHS + 1)]
    counted: list[list[list[int]]] = []
    divisors = []
    for category in model.categories:
        spread = days if category.counting in by_day else [1] * MONTHS
        values = [[_count(row, category.category, month, spread) for month in range(1, MONTHS + 1)] for row in rows]
        scale = lcm(*(value.denominator for months in values for value in months))
        counted.append([[int(value * scale) for value in months] for months in values])
        divisors.append(scale * (sum(days) if category.counting in by_day else MONTHS))
    wide = max(divisors, default=0) > LARGEST_DENOMINATOR  # many decimals: whole numbers of any size
    n = np.array(counted, object if wide else np.int64).reshape(len(model.categories), len(rows), MONTHS)
    return quantities_of(model, n.transpose(1, 0, 2), divisors, through)


def _count(row: UnitValues, category: str, month: int, spread: Sequence[int]) -> Fraction:
    by_month = row.counts.get((category, month))
    if by_month is not None:
        return by_month
    return row.counts.get((category, None), Fraction(0)) * spread[month - 1]


def _must_have_months(units: UnitsFile, through: int) -> None:
    months: dict[str, set[int]] = {}
    for column in units.columns:
        if column.category is not None and column.month is not None:
            months.setdefault(column.category, set()).add(column.month)
    for category, known in months.items():
        missing = [str(month) for month in range(1, through + 1) if month not in known]
        if missing:
            raise NotEvaluableError(
                f"units saknar kolumner för {category} i månad {', '.join(missing)}. Lägg till dem i modellen, eller "
                "ange med --given hur långt körningen räknar."
            )
