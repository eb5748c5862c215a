"""Inputs that never were: some factors as in one run, the others as in another.

What belongs to which factor:

``volume``, ``mix``: the counts. Volume is the number of elever in each verksamhet of a unit and month, mix how they
divide on categories; elever of overlapping categories follow as a share of the same number. With one from each run,
the count of a category is the one run's number × the other run's share, rounded to a thousandth of an elevmånad (or
elevdag). A month without elever on the side whose shares are wanted has that side's shares of the whole year; a year
without any has the other side's own counts.
``price``: price lists, their dates, and the prices. ``index``: variables, words and facts of units; what only one run
has read in is the same in both, and counts as a rule. ``rule``: the steps of ``amounts`` with their pots, lump sums,
rates and weights. ``guarantee``: the guarantee steps, and the variables that are their baselines.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.allocation.change_counts import MixedCounts
from core.allocation.change_reuse import Reuse, said
from core.allocation.inputs import quantities_of
from core.allocation.price_table import PriceTable
from core.parameters import Guarantee

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from fractions import Fraction

    from core.allocation.change_game import Coalition
    from core.allocation.change_sides import Side
    from core.allocation.inputs import AllocationInput, Quantities
    from core.allocation.totals import StepTotals
    from core.parameters import AnyAmount, Category, FundingModel

GUARANTEE = frozenset({"guarantee"})
DECIDED = frozenset({"given", "case_amounts"})


def swapped(base: FundingModel, other: FundingModel, kinds: frozenset[str]) -> FundingModel:
    """Return ``base`` with the amount steps of some kinds as ``other`` has them, each in its place."""
    theirs = {one.step: one for one in other.amounts if one.kind in kinds}
    mine = {one.step for one in base.amounts if one.kind in kinds}
    steps: list[AnyAmount] = [
        theirs.get(one.step, one) if one.kind in kinds else one
        for one in base.amounts
        if one.kind not in kinds or one.step in theirs
    ]
    for place, one in enumerate(other.amounts):
        if one.step in theirs and one.step not in mine:
            earlier = {step.step for step in other.amounts[:place]}
            after = max((number for number, step in enumerate(steps, 1) if step.step in earlier), default=0)
            steps.insert(after, one)
    return base.model_copy(update={"amounts": steps})


class Blend:
    """Two runs of the same units and months, and every mixture of them."""

    def __init__(self, before: Side, after: Side) -> None:
        self._sides = (before, after)
        self._categories = _together(before.data.model.categories, after.data.model.categories)
        self._counts = MixedCounts(before, after, self._categories)
        self._baselines = {name for side in self._sides for name in _baselines(side.data.model)}
        self._needed = {name for side in self._sides for name in _without_default(side.data.model)}
        self._prices = [side.data.prices for side in self._sides]
        models = before.data.model, after.data.model
        lists = [model.periods() for model in models]
        self._alike = list(lists[0].values()) == list(lists[1].values())
        if self._alike:  # the same months by other names
            self._prices[1] = _renamed(after.data.prices, dict(zip(lists[1], lists[0], strict=True)))
        apart = frozenset() if self._alike else frozenset({"price"})
        self._reuse = Reuse(*models, apart | GUARANTEE if self._baselines else apart)
        self._quantities: dict[tuple[bool, bool, bool], Quantities] = {}
        self._models: dict[tuple[bool, bool, bool], FundingModel] = {}

    def players(self) -> list[str]:
        """Return the factors that differ between the runs."""
        before, after = (side.data for side in self._sides)
        differs = {
            "volume": self._counts.volume_differs(),
            "mix": self._counts.mix_differs(),
            "price": _prices(before) != _prices(after),
            "index": self._own_facts(before) != self._own_facts(after),
            "rule": _rules(before.model) != _rules(after.model),
            "guarantee": self._guarantees(before) != self._guarantees(after),
        }
        return [name for name, one in differs.items() if one]

    def totals(self, chosen: Coalition) -> StepTotals:
        """Return the sums by step where the factors in ``chosen`` are as after and the others as before."""
        return self._reuse.totals(self.input(chosen), chosen)

    def input(self, chosen: Coalition) -> AllocationInput:
        """Return the input where the factors in ``chosen`` are as after and the others as before."""
        facts = self._sides["index" in chosen].data
        return replace(
            facts,
            model=self._model(chosen),
            prices=self._prices["price" in chosen],
            quantities=self._counted(chosen),
            index=self._index(chosen),
            attributes={**self._sides["index" not in chosen].data.attributes, **facts.attributes},
        )

    def _model(self, chosen: Coalition) -> FundingModel:
        key = "price" in chosen, "rule" in chosen, "guarantee" in chosen
        if key not in self._models:
            prices, rule, guarantee = (self._sides[one].data.model for one in key)
            dated = self._sides[0].data.model if self._alike else prices
            held = {one.step for one in prices.prices}
            self._models[key] = prices.model_copy(
                update={
                    "year": dated.year,
                    "price_lists": dated.price_lists,
                    "categories": self._categories,
                    "prices": [*prices.prices, *(one for one in rule.prices if one.step not in held)],
                    "amounts": swapped(rule, guarantee, GUARANTEE).amounts,
                }
            )
        return self._models[key]

    def _counted(self, chosen: Coalition) -> Quantities:
        key = "volume" in chosen, "mix" in chosen, "price" in chosen and not self._alike
        if key not in self._quantities:
            n, den = self._counts.mixed(key[0], key[1])
            self._quantities[key] = quantities_of(self._model(chosen), n, den, self._sides[0].through)
        return self._quantities[key]

    def _index(self, chosen: Coalition) -> Mapping[str, Mapping[str, Fraction]]:
        before, after = (side.data.index for side in self._sides)
        found: dict[str, Mapping[str, Fraction]] = {}
        for name in {**before, **after}:
            factor = "guarantee" if name in self._baselines else "index"
            mine, other = (after, before) if factor in chosen else (before, after)
            if name not in mine or name in self._needed:
                found[name] = {**other.get(name, {}), **mine.get(name, {})}
            else:
                found[name] = mine[name]
        return found

    def _own_facts(self, data: AllocationInput) -> object:
        """Return what the factor index holds, of the units in the comparison and of what both runs have read in."""
        ids = {unit.enhet for unit in data.units}
        before, after = (side.data for side in self._sides)
        names = (before.index.keys() & after.index.keys()) - self._baselines
        words = before.attributes.keys() & after.attributes.keys()
        facts = [(one.recipient, one.verksamheter, one.landsbygd, one.omrade, one.huvudman) for one in data.units]
        return (
            {name: _of(data.index[name], ids) for name in names},
            {name: _of(data.attributes[name], ids) for name in words},
            facts,
        )

    def _guarantees(self, data: AllocationInput) -> object:
        ids = {unit.enhet for unit in data.units}
        figures = {name: _of(data.index.get(name, {}), ids) for name in self._baselines}
        return [said(one) for one in data.model.amounts if one.kind in GUARANTEE], figures


def steps_said(model: FundingModel, kinds: frozenset[str]) -> list[dict[str, Any]]:
    """Return the amount steps of some kinds without their texts and references."""
    return [said(one) for one in model.amounts if one.kind in kinds]


def _rules(model: FundingModel) -> list[dict[str, Any]]:
    return [said(one) for one in model.amounts if one.kind not in GUARANTEE | DECIDED]


def _prices(data: AllocationInput) -> dict[tuple[object, ...], tuple[Fraction, int]]:
    """Return what is paid, by the months in which it is, whatever the price lists are called."""
    months = data.model.periods()
    return {
        (one.step, one.category, one.recipient, months[one.price_list]): (one.exact, one.shown_ore)
        for one in data.prices
        if one.price_list in months
    }


def _renamed(prices: PriceTable, names: Mapping[str, str]) -> PriceTable:
    """Return the prices of the lists named, by their other names."""
    kept = (replace(one, price_list=names[one.price_list]) for one in prices if one.price_list in names)
    return PriceTable({one.key: one for one in kept})


def _of(values: Mapping[str, Any], ids: Collection[str]) -> dict[str, Any]:
    return {enhet: value for enhet, value in values.items() if enhet in ids}


def _together(before: Sequence[Category], after: Sequence[Category]) -> list[Category]:
    held = {one.category for one in before}
    return [*before, *(one for one in after if one.category not in held)]


def _baselines(model: FundingModel) -> Iterator[str]:
    for one in model.amounts:
        if isinstance(one, Guarantee) and one.baseline is not None and one.baseline.variable is not None:
            yield one.baseline.variable


def _without_default(model: FundingModel) -> Iterator[str]:
    """Yield the indexes and variables that some step cannot do without: a unit may lack what it is compared with."""
    for step in model.amounts:
        yield from _read_in(step.model_dump(mode="json", exclude={"baseline", "actual"}))


def _read_in(said: object) -> Iterator[str]:
    if isinstance(said, dict):
        name = said.get("index") or said.get("variable")
        if isinstance(name, str) and said.get("default") is None:
            yield name
        field = said.get("field")
        if isinstance(field, str) and field.startswith("variable."):
            yield field.removeprefix("variable.")
    parts = said.values() if isinstance(said, dict) else said if isinstance(said, list) else ()
    for part in parts:
        yield from _read_in(part)
