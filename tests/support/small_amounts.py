"""Small funding models that pay amounts, and runs of them without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from core.allocation import (
    AllocationInput,
    CountFacts,
    MeasuredFacts,
    MonthCount,
    PoolFacts,
    RunFacts,
    UnitFacts,
    allocate,
    compute_prices,
    measured_rows,
    over_units_of,
    quantities_of,
)
from core.base import Source
from core.parameters import FundingModel
from core.parameters.check import check_model
from tests.support.models import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.allocation import Allocated, CaseAmount, GivenAmount

MONTHS = 12
STEP = {"kostnadsslag": "undervisning", "label": "Steg", "reference": REFERENCE}
LISTS = {"2026": date(2026, 1, 1)}
COUNTED = Source("batch", "elevregister, inläsning 1")


def paying_model(
    amounts: Sequence[Mapping[str, Any]],
    *,
    prices: Sequence[Mapping[str, Any]] = (),
    categories: Sequence[Mapping[str, Any] | str] = ("a",),
    counting: Sequence[Mapping[str, Any]] = ({"rule": "den_15", "kind": "monthly", "day": 15},),
    lists: Mapping[str, date] = LISTS,
    **parts: object,
) -> FundingModel:
    """Return a model of 2026; what a case does not say gets a plain default."""
    named: list[Mapping[str, Any]] = [{"category": one} if isinstance(one, str) else one for one in categories]
    rule = {"verksamhet": "grundskola", "counting": counting[0]["rule"]}
    model = FundingModel.model_validate(
        {
            "model": "liten", "kommun": "9901", "year": 2026, "title": "Liten modell",
            "price_lists": [{"list": name, "label": name, "valid_from": day} for name, day in lists.items()],
            "counting": [{"label": one["rule"], **one} for one in counting],
            "categories": [{"label": one["category"], **rule, **one} for one in named],
            "prices": [{"kind": "per_elev", **STEP, **one} for one in prices],
            "amounts": [{**({} if one["kind"] == "per_elev" else STEP), "label": "Steg", **one} for one in amounts],
            **parts,
        }
    )  # fmt: skip
    faults = check_model(model)
    assert not faults, faults
    return model


def run_of(
    model: FundingModel,
    n: Sequence[Sequence[Sequence[int]]],
    *,
    units: Sequence[UnitFacts] = (),
    through: int = MONTHS,
    index: Mapping[str, Mapping[str, Fraction]] | None = None,
    given: Sequence[GivenAmount] = (),
    cases: Sequence[CaseAmount] = (),
    attributes: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[AllocationInput, Allocated]:
    """Return a run's input and lines; ``n`` is elever by unit, category and month, units are e0, e1, … unless told."""
    counts = np.array(n, np.int64).reshape(len(n), len(model.categories), MONTHS)
    counts[:, :, through:] = 0
    facts = tuple(units) or tuple(UnitFacts(f"e{place}", f"Enhet {place}", "egen") for place in range(len(n)))
    quantities = quantities_of(model, counts, divisors(model), through)
    planned = {one.category: Fraction(int(counts[:, c].sum()), MONTHS) for c, one in enumerate(model.categories)}
    data = AllocationInput(
        model, facts, quantities, compute_prices(model, planned), index or {}, given, cases, attributes or {}
    )
    return data, allocate(data)


def measure(name: str, kind: str = "combine", **parts: object) -> dict[str, Any]:
    """Return a step of combine, ratio or sliding that yields a count unless it says something else."""
    return {"step": name, "kind": kind, "yields": "count", **parts}


def computed(
    *steps: Mapping[str, Any],
    elever: Sequence[int] = (10,),
    variables: Mapping[str, Mapping[str, str]] | None = None,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[AllocationInput, Allocated]:
    """Return the run of units with the same elever every month; figures and words of units by name and unit."""
    model = paying_model(steps)
    index = {
        name: {enhet: Fraction(text) for enhet, text in by_unit.items()} for name, by_unit in (variables or {}).items()
    }
    return run_of(model, [every_month(one) for one in elever], index=index, attributes=words)


def divisors(model: FundingModel) -> list[int]:
    """Return what a year's sum of month counts is divided by, for each category."""
    by_day = {rule.rule for rule in model.counting if rule.kind == "days"}
    return [365 if one.counting in by_day else MONTHS for one in model.categories]


def every_month(*by_category: int) -> list[list[int]]:
    """Return a unit with the same number of elever in every month."""
    return [[one] * MONTHS for one in by_category]


def facts_of(data: AllocationInput, allocated: Allocated, n: Sequence[Sequence[Sequence[int]]], place: int) -> RunFacts:
    """Return what the tree of the unit at ``place`` is built from."""
    model, through = data.model, sum(data.quantities.months)
    ids = data.category_ids
    months = {
        name: tuple(MonthCount(m + 1, n[place][c][m], COUNTED) for m in range(through) if n[place][c][m])
        for c, name in enumerate(ids)
    }
    counts = CountFacts(months, dict(zip(ids, divisors(model), strict=True)), {}, model.periods(), COUNTED)
    enhet = data.units[place].enhet
    planned = {name: Fraction(sum(sum(unit[c][:through]) for unit in n), MONTHS) for c, name in enumerate(ids)}
    return RunFacts(
        model=model,
        lines=[line for line in allocated.lines() if line.enhet == enhet],
        prices=data.prices,
        counts=replace(counts),
        pools={(one.step, one.period): PoolFacts(one.pool_ore, one.weight) for one in allocated.pools},
        planned=planned,
        measured=measured_of(data, allocated, place),
    )


def measured_of(data: AllocationInput, allocated: Allocated, place: int) -> MeasuredFacts:
    """Return what the measures of the unit at ``place`` were made of."""
    unit, ids = data.units[place], [one.enhet for one in data.units]
    return MeasuredFacts(
        unit=unit,
        months=dict(zip(data.quantities.periods, data.quantities.months, strict=True)),
        rows=[row for row in measured_rows(allocated.measures, ids) if row.enhet == unit.enhet],
        variables={name: by_unit[unit.enhet] for name, by_unit in data.index.items() if unit.enhet in by_unit},
        words={name: by_unit.get(unit.enhet, "") for name, by_unit in data.attributes.items()},
        over_units=over_units_of(data.model, allocated.measures, data.units, data.attributes),
    )
