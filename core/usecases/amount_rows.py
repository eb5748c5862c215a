"""The table *Så är summan uppbyggd*: dimension → step → line, in the order of the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import ALL, category_label, source_of, step_name
from core.base import Dimension, label
from core.parameters import PerElevAmount, WeightedPool
from core.usecases.headcount import per
from core.usecases.sealing import REASON
from core.usecases.views import AmountRow

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from core.allocation import Line
    from core.parameters import FundingModel
    from core.usecases.sealing import Seal

PER_YEAR = {"per_unit", "combine", "ratio", "sliding"}
"""Kinds whose lines are a part of the year × kronor a year."""
COUNTED_BY_PRICE = {"kr/elev": "elever", "kr/barn": "barn", "kr/enhet": "enheter"}


def amount_rows(
    model: FundingModel, lines: Sequence[Line], years: Fraction | None, seal: Seal
) -> tuple[AmountRow, ...]:
    """Return the rows; ``years`` are the unit's elever-years, which kronor per elev are computed by."""
    rows: list[AmountRow] = []
    for dimension in Dimension:
        mine = [line for line in lines if line.dimension == dimension.value]
        if seal and dimension is Dimension.INDIVID:
            rows.append(
                AmountRow(f"dim:{dimension}", None, 0, "dimension", label(dimension), None, None, sealed=REASON)
            )
        if not mine:
            continue
        total = sum(line.amount_ore for line in mine)
        rows.append(
            AmountRow(
                f"dim:{dimension}", None, 0, "dimension", label(dimension), total, per(total, years), has_children=True
            )
        )
        rows.extend(_steps(model, mine, f"dim:{dimension}", years, seal))
    return tuple(rows)


def _steps(
    model: FundingModel, lines: Sequence[Line], parent: str, years: Fraction | None, seal: Seal
) -> Iterator[AmountRow]:
    for step in dict.fromkeys(line.step for line in lines):
        mine = [line for line in lines if line.step == step]
        total = sum(line.amount_ore for line in mine)
        key = f"step:{step}"
        yield AmountRow(
            key, parent, 1, "step", step_name(model, mine[0]), total, per(total, years), source=source_of(mine[0]),
            expectation=_expectation(model, step), has_children=True,
        )  # fmt: skip
        for line in mine:
            yield _line(model, line, key, years, secret=line.step in seal.secret_index)


def _line(model: FundingModel, line: Line, parent: str, years: Fraction | None, *, secret: bool) -> AmountRow:
    """Return a line's row; the weight of a pool whose index is ``secret`` is not shown."""
    unit = None if secret else _quantity_unit(model, line)
    name = category_label(model, line.category) if line.category != ALL else step_name(model, line)
    if len(model.periods()) > 1:
        name += f" ({next((one.label for one in model.price_lists if one.list == line.period), line.period)})"
    return AmountRow(
        line.key, parent, 2, "line", name, line.amount_ore, per(line.amount_ore, years),
        quantity=None if unit is None else line.quantity * (line.factor if line.kind == "weighted_pool" else 1),
        quantity_unit=unit, price_ore=line.rate if unit else None, price_unit=_price_unit(model, line),
        source=source_of(line),
    )  # fmt: skip


def _price_unit(model: FundingModel, line: Line) -> str | None:
    if line.kind != "per_elev":
        return None
    return next((one.unit for one in model.prices if one.step == line.step), None)


def _quantity_unit(model: FundingModel, line: Line) -> str | None:
    """Return what a line's quantity counts; ``None`` where quantity × price says nothing to a reader."""
    if line.kind == "per_elev":
        return COUNTED_BY_PRICE.get(_price_unit(model, line) or "", "elever")
    if line.kind == "weighted_pool":
        by_step = any(isinstance(one, WeightedPool) and one.step == line.step and one.quantity for one in model.amounts)
        return None if by_step else "viktade elever"
    return "år" if line.kind in PER_YEAR else None


def _expectation(model: FundingModel, step: str) -> str | None:
    for one in (*model.prices, *model.amounts):
        if one.step == step and not isinstance(one, PerElevAmount):
            return one.expectation
    return None
