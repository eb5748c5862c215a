"""The trees of a measure's terms: elever with their counts, variables with their file, prices, earlier steps."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

from core.allocation.explain_parts import MONTHS, brief, category_label, model_source, step_label
from core.allocation.kinds.terms import TermReader, together
from core.allocation.price_table import PriceKey
from core.base import Derivation, Sentence, Source, leaf, product, quotient, read_number, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from core.allocation.explain_measures import MeasureTrees
    from core.parameters import Measure, Predicate, Term

OVER = {
    "sum": "Summan över {units}", "mean": "Medelvärdet över {units}", "median": "Medianen bland {units}",
    "min": "Det minsta bland {units}", "max": "Det största bland {units}",
}  # fmt: skip
UNKNOWN = Sentence("Enheten saknar ett eget värde; modellens värde används")


class TermTrees:
    """Builds the trees of the terms of one step for one unit and period."""

    def __init__(self, trees: MeasureTrees, step: Measure, period: str) -> None:
        self.trees, self.step, self.period = trees, step, period
        self.facts = trees.facts
        self.reader = TermReader(step, trees.so_far)

    def there(self, where: Sequence[Predicate]) -> bool:
        """Say whether the unit meets the conditions of a part of the step."""
        return self.reader.meets(where, 0, self.period)

    def value(self, term: Term) -> Fraction | None:
        """Return a term's value; None for one that does not count for the unit."""
        return self.reader.value(term, 0, self.period)

    @staticmethod
    def together(how: str, parts: Sequence[Derivation]) -> Fraction:
        """Return what parts give, at least one of them."""
        return cast("Fraction", together(how, [one.value for one in parts]))

    def counted(self, terms: Iterable[Term], key: str) -> tuple[Derivation, ...]:
        """Return the trees of the terms that count for the unit."""
        return tuple(
            self.tree(term, f"{key}/{place}") for place, term in enumerate(terms) if self.value(term) is not None
        )

    def summed(self, terms: Sequence[Term], key: str, label: str) -> Derivation:
        """Return the sum of the terms that count; one alone stands for itself."""
        parts = self.counted(terms, key)
        unit = parts[0].unit if parts and len({one.unit for one in parts}) == 1 else ""
        return parts[0] if len(parts) == 1 else total(key, label, unit, parts)

    def tree(self, term: Term, key: str) -> Derivation:
        """Return a term's tree; its value is the engine's, or an error is raised."""
        node = self._read(term, key)
        weight = read_number(term.weight)
        if weight != 1:
            weighed = leaf(f"{key}/weight", "Vikt", weight, "", self._model())
            node = product(f"{key}/weighted", Sentence("{label} × vikt", label=node.label), node.unit, node, weighed)
        return node.must_equal(cast("Fraction", self.value(term)))

    def _read(self, term: Term, key: str) -> Derivation:
        if term.value is not None:
            return leaf(key, "Tal i modellen", read_number(term.value), "", self._model())
        if term.variable is not None:
            return self._variable(term, term.variable, key)
        if term.price is not None:
            place = PriceKey(term.price, term.category or "", self.trees.measured.unit.recipient, self.period)
            return self.facts.explainer.price(place, term.on)
        if term.step is not None:
            return self._step(term, term.step, key)
        return self._category(term.category or "", key)

    def _model(self) -> Source:
        return model_source(self.facts)

    def _variable(self, term: Term, name: str, key: str) -> Derivation:
        value = self.trees.measured.variables.get(name)
        if value is None:
            source = Source("model", UNKNOWN, detail=self.facts.model.title)
            return leaf(key, name, read_number(term.default or "0"), "", source)
        return leaf(key, name, value, "", self.facts.index.get(name, self._model()))

    def _step(self, term: Term, name: str, key: str) -> Derivation:
        label = step_label(self.facts.model, name)
        if term.over_units is not None:
            value = cast("Fraction", self.reader.read(term, 0, self.period))
            unit = self.trees.unit_of(name)
            alike = "" if term.same is None else term.same.removeprefix("attribute.")
            units = Sentence("enheter med samma {word}", word=alike) if alike else Sentence("alla enheter")
            taken = Sentence(OVER[term.over_units], units=units)
            return leaf(
                key,
                Sentence("{taken}: {label}", taken=taken, label=label),
                value,
                unit,
                Source("step", label, detail=Sentence("körningen")),
            )
        if name in self.trees.steps:
            return self.trees.tree(name, self.period, shown=term.on == "shown")
        lines = [one for one in self.facts.lines if one.step == name and one.period == self.period]
        paid = total(f"{key}/paid", label, "kr", [brief(one, self.facts) for one in lines])
        return product(key, Sentence("{label}, räknat på ett år", label=label), "kr", paid, self._year(key))

    def _category(self, category: str, key: str) -> Derivation:
        label = Sentence("{category_label}, medeltal elever", category_label=category_label(self.facts.model, category))
        return product(key, label, "elever", self.facts.quantity(category, self.period), self._year(key))

    def _year(self, key: str) -> Derivation:
        """Return twelve months ÷ the period's counted months."""
        calendar = Source("rule", "Kalenderår")
        months = Fraction(self.trees.measured.months[self.period])
        twelve = leaf(f"{key}/twelve", "Månader på ett år", Fraction(MONTHS), "månader", calendar)
        counted = leaf(f"{key}/counted", "Räknade månader", months, "månader", self.facts.counts.source)
        return quotient(f"{key}/year", "Månader på ett år per räknad månad", "", twelve, counted)
