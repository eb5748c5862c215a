"""The tree of a measure: terms, how they are put together, limits, rounding; and of the line that pays it."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from core.allocation.explain_parts import MONTHS, ORE, RunFacts, source_of, to_the_ore
from core.allocation.explain_terms import TermTrees
from core.allocation.inputs import AllocationInput, Quantities
from core.allocation.kinds.base import SoFar
from core.allocation.kinds.measures import points_of, stretch
from core.allocation.measured import measures_of
from core.base import (
    CoreError,
    Derivation,
    Op,
    Sentence,
    Source,
    format_number,
    leaf,
    product,
    quotient,
    read_number,
    round_to,
)
from core.parameters import Combine, Measure, Ratio, Sliding

if TYPE_CHECKING:
    from core.allocation.explain_parts import MeasuredFacts
    from core.allocation.lines import Line
    from core.parameters import Curve, Term

INDEX_NOT_SHOWN = "Bygger på ett index som får användas för att betala men inte visas för andra än enheten själv."
ROUNDED: dict[str, Op] = {"half_up": "round", "half_even": "round_even", "down": "round_down", "up": "round_up"}
HOWS: dict[str, Op] = {"sum": "sum", "product": "product", "min": "min", "max": "max"}


class NoMeasureFactsError(CoreError):
    """A tree is asked for without what the run's measures were made of."""

    def __init__(self, step: str) -> None:
        self.step = step
        super().__init__(
            Sentence(
                "Körningens uppgifter om {step} saknas, så beloppet går inte att förklara. Kör verify-run.", step=step
            )
        )


class MeasureTrees:
    """Builds the trees of one unit's measures; a step that many read is built once."""

    def __init__(self, facts: RunFacts) -> None:
        if facts.measured is None:
            raise NoMeasureFactsError(Sentence("måtten"))
        self.facts, self.measured = facts, facts.measured
        self.steps = {one.step: one for one in facts.model.amounts if isinstance(one, Measure)}
        self.so_far = _so_far(facts, self.measured)
        self.built: dict[tuple[str, str, bool], Derivation] = {}

    def tree(self, name: str, period: str, *, shown: bool) -> Derivation:
        """Return the tree of a step's value in a period, exact or as shown; its root equals what was stored."""
        key = (name, period, shown)
        if key not in self.built:
            step = self.steps[name]
            value = self.so_far.measures[name].values[0, period]
            rounds = step.rounds
            rounded = rounds is not None and (shown or rounds.where == "value")
            rounded = rounded and (step.rounding is not None or value[0] != value[1])  # öre only where there are parts
            node = self._rounded(step, period) if rounded else self._limited(step, period, step.label)
            self.built[key] = node.must_equal(value[shown])
        return self.built[key]

    def unit_of(self, name: str) -> str:
        """Return the unit of a step's value."""
        return _unit(self.steps[name])

    def _rounded(self, step: Measure, period: str) -> Derivation:
        rounding = step.rounds
        if rounding is None:
            return self._limited(step, period, step.label)
        exact = self._limited(step, period, Sentence("{label}, före avrundning", label=step.label))
        places = (
            Sentence("{places} decimaler", places=rounding.places)
            if rounding.places >= 0
            else Sentence("hela {step}", step=format_number(rounding.step))
        )
        value = round_to(exact.value, rounding.step, rounding.mode)
        return Derivation(
            f"measure:{step.step}|{period}", step.label, ROUNDED[rounding.mode], value, _unit(step), (exact,),
            _source(step), Sentence("Avrundat till {places}.", places=places), rounding.step,
        )  # fmt: skip

    def _limited(self, step: Measure, period: str, label: str) -> Derivation:
        limits: list[tuple[Op, str, str | None]] = [
            ("max", Sentence("Lägst"), step.at_least),
            ("min", Sentence("Högst"), step.at_most),
        ]
        wanted = [(op, word, read_number(text)) for op, word, text in limits if text is not None]
        node = self._raw(step, period, Sentence("{label}, före gränser", label=step.label) if wanted else label)
        for place, (op, word, limit) in enumerate(wanted):
            key = f"{node.key}/{op}"
            edge = leaf(f"{key}/limit", word, limit, _unit(step), _source(step))
            value = max(node.value, limit) if op == "max" else min(node.value, limit)
            name = (
                label
                if place == len(wanted) - 1
                else Sentence("{label}, minst {limit}", label=step.label, limit=format_number(limit))
            )
            node = Derivation(key, name, op, value, _unit(step), (node, edge), _source(step))
        return node

    def _raw(self, step: Measure, period: str, label: str) -> Derivation:
        key = f"measure:{step.step}|{period}/raw"
        terms = TermTrees(self, step, period)
        if isinstance(step, Combine):
            parts = terms.counted(step.of, f"{key}/of")
            value = terms.together(step.how, parts)
            return Derivation(key, label, HOWS[step.how], value, _unit(step), parts, _source(step))
        if isinstance(step, Ratio):
            return self._ratio(step, terms, key, label)
        if isinstance(step, Sliding):
            return self._sliding(step, terms, key, label)
        raise NoMeasureFactsError(step.step)

    def _ratio(self, step: Ratio, terms: TermTrees, key: str, label: str) -> Derivation:
        above = terms.summed(step.numerator, f"{key}/numerator", Sentence("Täljare"))
        below = terms.summed(step.denominator, f"{key}/denominator", Sentence("Nämnare"))
        if not below.value:
            note = Sentence("Nämnaren är noll, och då gäller modellens värde.")
            return leaf(key, label, read_number(step.if_zero or "0"), _unit(step), _source(step), note=note)
        value = above.value / below.value
        return Derivation(key, label, "quotient", value, _unit(step), (above, below), _source(step))

    def _sliding(self, step: Sliding, terms: TermTrees, key: str, label: str) -> Derivation:
        heights = [
            self._curve(step, curve, terms, f"{key}/{place}")
            for place, curve in enumerate(step.curves)
            if terms.there(curve.where) and terms.value(_of(step, curve)) is not None
        ]
        if len(heights) == 1:
            one = heights[0]
            return Derivation(key, label, one.op, one.value, _unit(step), one.children, _source(step), one.note)
        value = terms.together(step.combine, heights)
        return Derivation(key, label, HOWS[step.combine], value, _unit(step), tuple(heights), _source(step))

    def _curve(self, step: Sliding, curve: Curve, terms: TermTrees, key: str) -> Derivation:
        """Return a curve's value: on the line between two points, or the height it keeps before or after them."""
        x = terms.tree(_of(step, curve), f"{key}/x")
        points = points_of(curve)
        low, high = stretch(points, x.value)
        label = (
            Sentence("Kurva {key}", key=key.rpartition("/")[2]) if len(step.curves) > 1 else Sentence("Kurvans värde")
        )
        (x0, y0), (x1, y1) = points[low], points[high]
        y_low = leaf(f"{key}/y0", "Kurvans värde i punkten före", y0, _unit(step), _source(step))
        if low == high:
            where = Sentence("före den första") if x.value < points[0][0] else Sentence("från och med den sista")
            note = Sentence("Kurvan är jämn {where} punkten.", where=where)
            return Derivation(key, label, "level", y0, _unit(step), (x, y_low), _source(step), note)
        value = y0 + (x.value - x0) * (y1 - y0) / (x1 - x0)
        children = (
            x,
            leaf(f"{key}/x0", "Punkten före", x0, x.unit, _source(step)),
            y_low,
            leaf(f"{key}/x1", "Punkten efter", x1, x.unit, _source(step)),
            leaf(f"{key}/y1", "Kurvans värde i punkten efter", y1, _unit(step), _source(step)),
        )
        return Derivation(key, label, "interpolate", value, _unit(step), children, _source(step))


def _unit(step: Measure) -> str:
    """Return the unit of a step's value in a tree: kronor are for a whole year."""
    return f"{step.shown_unit}/år" if step.yields in {"amount", "base"} else step.shown_unit


def _of(step: Sliding, curve: Curve) -> Term:
    term = curve.of or step.of
    if term is None:
        raise NoMeasureFactsError(step.step)  # the model's own check lets no such step through
    return term


def _source(step: Measure) -> Source:
    one = step.reference
    parts = [str(part) for part in (one.date, one.paragraph) if part is not None]
    return Source(one.kind, one.title, one.url, ", ".join(parts) or None)


def _so_far(facts: RunFacts, measured: MeasuredFacts) -> SoFar:
    """Return what the engine knew of the unit when its steps were computed."""
    unit, names = measured.unit, [one.category for one in facts.model.categories]
    periods = tuple(facts.counts.periods)
    num = np.array(
        [[[sum(one.n for one in facts.counts.of(name, period)) for period in periods] for name in names]], np.int64
    ).reshape(1, len(names), len(periods))
    months = tuple(measured.months.get(period, 0) for period in periods)
    den = tuple(facts.counts.divisor.get(name, MONTHS) for name in names)
    data = AllocationInput(
        facts.model,
        (unit,),
        Quantities(periods, months, num, den, num),
        facts.prices,
        index={name: {unit.enhet: value} for name, value in measured.variables.items()},
        attributes={name: {unit.enhet: word} if word else {} for name, word in measured.words.items()},
        over_units=measured.over_units,
    )
    so_far = SoFar(data, measures=measures_of(measured.rows, [unit.enhet]))
    for line in facts.lines:
        if line.step not in so_far.measures:
            yearly = so_far.yearly.setdefault(line.step, {})
            amount = Fraction(line.amount_ore * MONTHS, ORE * measured.months[line.period])
            yearly[0, line.period] = yearly.get((0, line.period), Fraction(0)) + amount
    return so_far


def explain_measure(key: str, facts: RunFacts) -> Derivation | None:
    """Return the tree of ``measure:step|period`` as shown; None where the unit has no such value."""
    step, _, period = key.removeprefix("measure:").partition("|")
    known = {(row.step, row.period) for row in facts.measured.rows} if facts.measured else set()
    if (step, period) not in known or step in facts.secret_index:
        return None
    return MeasureTrees(facts).tree(step, period, shown=True)


def _line(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of a paid measure: the part of the year × its kronor a year."""
    months = leaf(f"{line.key}/months", "Månader som betalas", line.quantity * MONTHS, "månader", facts.counts.source)
    twelve = leaf(f"{line.key}/year", "Månader på ett år", Fraction(MONTHS), "månader", Source("rule", "Kalenderår"))
    part = quotient(f"{line.key}/part", "Del av året", "år", months, twelve)
    if line.step in facts.secret_index:
        level = Derivation(
            f"{line.key}/level", "Belopp per år", "leaf", line.rate / ORE, "kr/år", source=source_of(line),
            sealed=INDEX_NOT_SHOWN,
        )  # fmt: skip
    else:
        level = MeasureTrees(facts).tree(line.step, line.period, shown=True).must_equal(line.rate / ORE)
    return to_the_ore(line, facts, product(f"{line.key}/exact", "Del av året × belopp", "kr", part, level))


EXPLAINERS = dict.fromkeys(("combine", "ratio", "sliding"), _line)
