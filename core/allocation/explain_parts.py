"""What the trees of all kinds of lines share: the facts they are built from, names, citations, rounding to öre."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.explain_count import CountFacts, explain_quantity
from core.allocation.lines import ALL, FINANCING, Line
from core.allocation.price_explain import PriceExplainer
from core.base import CoreError, Derivation, Sentence, Source, Verksamhet, label, leaf, rounded
from core.parameters import PerElevAmount

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.allocation.inputs import OverUnits, UnitFacts
    from core.allocation.measured import MeasuredRow
    from core.allocation.price_table import PriceTable
    from core.parameters import FundingModel

ORE, MONTHS = 100, 12
ORE_STEP = Fraction(1, ORE)
READINGS = {"of_cost_base": "läst som påslag på kostnaderna", "of_whole": "läst som andel av hela bidraget"}


class NoSuchAmountError(CoreError):
    """The address asked about names no amount of the unit in this run."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            Sentence(
                "Det finns inget belopp med adressen ”{key}” i körningen. Öppna beloppet från tabellen i stället.",
                key=key,
            )
        )


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """A pool as the run stored it: pot in öre, total weight."""

    pool_ore: int
    weight: Fraction


@dataclass(frozen=True, slots=True)
class MeasuredFacts:
    """What the measures of one unit were made of, as the run stored it.

    ``months``: counted months of each price period. ``variables`` and ``words``: the unit's own. ``over_units``:
    figures over all units.
    """

    unit: UnitFacts
    months: Mapping[str, int]
    rows: Sequence[MeasuredRow]
    variables: Mapping[str, Fraction] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    over_units: Mapping[OverUnits, Fraction] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the tree of one unit is built from, all of it stored with the run.

    ``given`` and ``cases`` cite the batches of decided amounts, ``index`` those of each index by name; ``planned`` are
    the planned elever of the budget run, for prices solved from a budget. ``secret_index``: pools whose index
    may be used for paying but not shown to this reader. ``measured``: what the unit's measures were made of.
    """

    model: FundingModel
    lines: Sequence[Line]
    prices: PriceTable
    counts: CountFacts
    pools: Mapping[tuple[str, str], PoolFacts] = field(default_factory=dict)
    planned: Mapping[str, Fraction] | None = None
    given: Source | None = None
    cases: Source | None = None
    index: Mapping[str, Source] = field(default_factory=dict)
    secret_index: frozenset[str] = frozenset()
    measured: MeasuredFacts | None = None
    counted: dict[tuple[str, str], Derivation] = field(default_factory=dict, init=False, compare=False, repr=False)
    explainer: PriceExplainer = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Keep what many lines share, elever and prices, to build it once."""
        object.__setattr__(self, "explainer", PriceExplainer(self.model, self.prices, self.planned or {}))

    def quantity(self, category: str, period: str) -> Derivation:
        """Return the tree of a category's elever."""
        known = self.counted.get((category, period))
        if known is None:
            known = self.counted[category, period] = explain_quantity(self.counts, category, period, self.model)
        return known


def step_label(model: FundingModel, step: str) -> str:
    """Return what the model calls a step."""
    for one in (*model.prices, *model.amounts):
        if one.step == step and not isinstance(one, PerElevAmount):
            return one.label
    return step


def step_name(model: FundingModel, line: Line) -> str:
    """Return a step's label with its verksamhet, since several verksamheter have an Undervisning."""
    name = step_label(model, line.step)
    return name if line.verksamhet == ALL else f"{name} · {label(Verksamhet(line.verksamhet)).lower()}"


def category_label(model: FundingModel, category: str) -> str:
    """Return what the model calls a category; an amount for the whole unit has none."""
    if category == ALL:
        return "hela enheten"
    if category == FINANCING:
        return "till andras garanti"
    return next((one.label for one in model.categories if one.category == category), category)


def title_of(line: Line, facts: RunFacts) -> str:
    """Return what a line is called in its tree."""
    title = step_label(facts.model, line.step)
    if line.category != ALL:
        title += f", {category_label(facts.model, line.category)}"
    if len(facts.counts.periods) > 1:
        title += f" ({period_label(facts.model, line.period)})"
    return title


def period_label(model: FundingModel, period: str) -> str:
    """Return what the model calls a price period."""
    return next((one.label for one in model.price_lists if one.list == period), period)


def source_of(line: Line) -> Source:
    """Return the citation stored on a line."""
    values = json.loads(line.source)
    parts = [values[name] for name in ("date", "paragraph") if name in values]
    if "read_as" in values:
        parts.append(READINGS.get(values["read_as"], values["read_as"]))
    detail = ", ".join(parts)
    return Source(values["kind"], values["title"], values.get("url"), detail or None)


def to_the_ore(line: Line, facts: RunFacts, exact: Derivation) -> Derivation:
    """Return the line's root over its exact amount, with the rounding to whole öre where there is any."""
    if exact.value == Fraction(line.amount_ore, ORE):
        return Derivation(
            line.key,
            title_of(line, facts),
            exact.op,
            exact.value,
            "kr",
            exact.children,
            source_of(line),
            rounding=exact.rounding,
        )
    node = rounded(line.key, title_of(line, facts), exact, ORE_STEP, note="Avrundat till hela ören, halva uppåt.")
    return Derivation(
        node.key, node.label, "round", node.value, "kr", node.children, source_of(line), node.note, ORE_STEP
    )


def model_source(facts: RunFacts) -> Source:
    """Return the citation of the model itself."""
    return Source("model", facts.model.title, detail=Sentence("version {version}", version=facts.model.version))


def brief(line: Line, facts: RunFacts) -> Derivation:
    """Return an earlier line as a leaf that points to its own tree."""
    return leaf(
        line.key,
        title_of(line, facts),
        Fraction(line.amount_ore, ORE),
        "kr",
        Source("step", step_label(facts.model, line.step)),
    )
