"""Why a price is what it is: a tree in kronor whose every node recomputes itself.

Each price met on the way down is held against the table it is stored in, so a stored price that
was changed afterwards is found by whoever asks why.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.price_steps import ORE, PriceFigures, planned_count, read_figures
from core.base import (
    Recipient,
    Sentence,
    Source,
    format_number,
    label,
    leaf,
    product,
    quotient,
    read_number,
    rounded,
    total,
)
from core.parameters import DeductionPrice, PerElevPrice
from core.parameters.riksprislista import load_riksprislista, table_years

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.allocation.price_table import On, PriceKey, PriceTable
    from core.base import Derivation
    from core.parameters import FromTable, FundingModel, Reference

ONE = Fraction(1)
PLANNED = Source("rule", "Planerat antal elever", detail=Sentence("medel över årets tolv månader"))


def categories_solved(model: FundingModel) -> frozenset[str]:
    """Return the categories with a price that is solved from a budget and the plan, or taken from such a category."""
    steps = [step for step in model.prices if isinstance(step, PerElevPrice)]
    solved = {category for step in steps for category in step.from_budget or ()}
    before = -1
    while len(solved) > before:  # one category may take its price from another that takes it from a third
        before = len(solved)
        solved |= {category for step in steps for category, other in step.take_from.items() if other in solved}
    return frozenset(solved)


def cite(model: FundingModel, reference: Reference, step: str) -> Source:
    """Return a reference of ``step`` as a citation: law or decision, date and §, and where the model says it."""
    parts = [str(reference.date) if reference.date else None, reference.paragraph]
    where = Sentence(
        "modell {model} {year} version {version}, steg {step}",
        model=model.model,
        year=model.year,
        version=model.version,
        step=step,
    )
    detail = ", ".join(part for part in [*parts, where] if part)
    return Source(reference.kind, reference.title, reference.url, detail)


@dataclass(slots=True)
class PriceExplainer:
    """Explains many prices of one table; what several of them build on is built once.

    ``planned`` is needed where a price was solved from a budget.
    """

    model: FundingModel
    table: PriceTable
    planned: Mapping[str, Fraction] = field(default_factory=dict)
    figures: dict[tuple[str, str], PriceFigures] = field(default_factory=dict)
    built: dict[tuple[PriceKey, On], Derivation] = field(default_factory=dict)

    def price(self, key: PriceKey, on: On = "shown") -> Derivation:
        """Return the tree of a price, in kronor; its root equals the stored shown or hidden value.

        Raises ``PriceMissingError``, ``MissingPlannedCountError`` and, where a stored price does not follow from its
        parts, ``DerivationBrokenError``.
        """
        known = self.built.get((key, on))
        if known is None:
            known = self.built[key, on] = self._shown(key) if on == "shown" else self._hidden(key)
        return known

    def _shown(self, key: PriceKey) -> Derivation:
        price, exact = self.table[key], self.price(key, "hidden")
        step = self.model.price(key.step).rounding.step
        return self._rounded(exact, step, f"{exact.key}:shown").must_equal(Fraction(price.shown_ore, ORE))

    def _hidden(self, key: PriceKey) -> Derivation:
        price, step = self.table[key], self.model.price(key.step)
        node = self._origin(key)
        if step.rounding.where == "value":
            node = self._rounded(node, step.rounding.step, f"{node.key}:value")
        return replace(node, facts=self._facts(key)).must_equal(price.exact / ORE)

    @staticmethod
    def _rounded(node: Derivation, step_ore: Fraction, key: str) -> Derivation:
        """Round in a node of its own; where there is nothing to round there is nothing to show."""
        step = step_ore / ORE
        if (node.value / step).denominator == 1:
            return node
        return replace(
            rounded(
                key, node.label, node, step, note=Sentence("till närmaste {step_text}", step_text=_step_text(step))
            ),
            facts=node.facts,
        )

    def _origin(self, key: PriceKey) -> Derivation:
        figures = self._read(key)
        if key.price_list in figures.uprating:
            return self._uprated(key, figures)
        if figures.given is None:
            return self._built_on(key, figures)
        step = figures.step
        if isinstance(step, PerElevPrice) and step.from_budget is not None:
            return self._solved(key, step)
        value = figures.given[key.category][key.price_list] / ORE
        if isinstance(step, PerElevPrice) and step.from_table is not None:
            return self._in_table(key, step, step.from_table, value)
        return leaf(_id(key), self._label(key), value, step.unit, self._cite(key), note=step.note)

    def _in_table(self, key: PriceKey, step: PerElevPrice, table: FromTable, value: Fraction) -> Derivation:
        year, programme = load_riksprislista().of(table_years(step, self.model)[key.price_list]), key.category
        source = cite(self.model, year.reference, key.step)
        note = year.note_on(table.programmes[programme], table.meals)
        return leaf(_id(key), self._label(key), value, step.unit, source, note=note)

    def _uprated(self, key: PriceKey, figures: PriceFigures) -> Derivation:
        uprated = figures.uprating[key.price_list]
        start = self.price(key._replace(price_list=uprated.price_list), uprated.on)
        text = Sentence("Uppräkning från prislistan {price_list}", price_list=self._list_label(uprated.price_list))
        factor = leaf(f"{_id(key)}:uprating", text, uprated.factor, "gånger", self._cite(key))
        return product(_id(key), self._label(key), figures.step.unit, start, factor)

    def _solved(self, key: PriceKey, step: PerElevPrice) -> Derivation:
        budgets = step.from_budget or {}
        budget = leaf(f"{_id(key)}:budget", "Budget", read_number(budgets[key.category]), "kr", self._cite(key))
        count = planned_count(step.step, key.category, self.planned)
        elever = leaf(f"{_id(key)}:planned", "Planerat antal elever", count, "elever", PLANNED)
        return quotient(_id(key), self._label(key), step.unit, budget, elever)

    def _built_on(self, key: PriceKey, figures: PriceFigures) -> Derivation:
        """Return sum of earlier prices × the step's rate, factor, weight ÷ divisor: only what is not 1."""
        bases = [self.price(base, figures.on) for base in figures.bases(key) if base in self.table.by_key]
        multipliers, divisor = self._multipliers(key, figures), self._divisor(key, figures)
        unit, name = figures.step.unit, self._label(key)
        if not multipliers and divisor is None:
            return total(_id(key), name, unit, bases, note=self._collected(key, figures))
        base = bases[0] if len(bases) == 1 else total(f"{_id(key)}:base", "Underlag", bases[0].unit, bases)
        if divisor is None:
            return product(_id(key), name, unit, base, *multipliers)
        if multipliers:
            base = product(f"{_id(key)}:product", name, base.unit, base, *multipliers)
        return quotient(_id(key), name, unit, base, divisor)

    def _collected(self, key: PriceKey, figures: PriceFigures) -> str | None:
        """Return why a fee is not taken off, where the kommun collects it itself."""
        fees = [one for one in self.model.prices if isinstance(one, DeductionPrice) and one.step in figures.of]
        kept = [one.label for one in fees if (one.collected_by or {}).get(Recipient(key.recipient)) == "kommun"]
        if not kept:
            return None
        return Sentence("{fees}: dras inte av, för kommunen tar själv ut avgiften.", fees=", ".join(kept))

    def _multipliers(self, key: PriceKey, figures: PriceFigures) -> list[Derivation]:
        step, source = figures.step, self._cite(key)
        if not isinstance(step, PerElevPrice):
            percent = format_number(abs(figures.common) * 100)
            name = (
                Sentence("Avdrag {percent} %", percent=percent)
                if isinstance(step, DeductionPrice)
                else Sentence("Påslag {percent} %", percent=percent)
            )
            return [leaf(f"{_id(key)}:rate", name, figures.common, "av underlaget", source)]
        factor, weight = read_number(step.factor), figures.weights.get(key.category, ONE)
        leaves = [
            ("factor", Sentence("Faktor"), factor),
            ("weight", Sentence("Vikt för {category}", category=self._category(key)), weight),
        ]
        return [leaf(f"{_id(key)}:{part}", name, value, "gånger", source) for part, name, value in leaves if value != 1]

    def _divisor(self, key: PriceKey, figures: PriceFigures) -> Derivation | None:
        step = figures.step
        if not isinstance(step, PerElevPrice) or read_number(step.divisor) == 1:
            return None
        return leaf(f"{_id(key)}:divisor", "Delas i", read_number(step.divisor), "delar", self._cite(key))

    def _read(self, key: PriceKey) -> PriceFigures:
        place = (key.step, key.category)
        if place not in self.figures:
            step = self.model.price(key.step)
            self.figures[place] = read_figures(step, self.model, self.planned, only=key.category)
        return self.figures[place]

    def _cite(self, key: PriceKey) -> Source:
        return cite(self.model, self.model.price(key.step).reference, key.step)

    def _category(self, key: PriceKey) -> str:
        return self.model.category(key.category).label

    def _label(self, key: PriceKey) -> str:
        return f"{self.model.price(key.step).label}, {self._category(key)}"

    def _list_label(self, name: str) -> str:
        return next(one.label for one in self.model.price_lists if one.list == name)

    def _facts(self, key: PriceKey) -> tuple[tuple[str, str], ...]:
        return (
            (Sentence("mottagare"), Sentence(label(Recipient(key.recipient)))),
            (Sentence("prislista"), self._list_label(key.price_list)),
        )


def _id(key: PriceKey) -> str:
    return "price:" + "|".join(key)


def _step_text(step: Fraction) -> str:
    if step > 1:
        return Sentence("{n} kronor", n=format_number(step))
    return Sentence("öre") if step < 1 else Sentence("krona")
