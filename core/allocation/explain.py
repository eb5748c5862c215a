"""Why this amount? The tree of a line, a step, a dimension or a unit, built on request.

Every node recomputes itself and the root must equal the stored öre. Values in the tree are
kronor and elever; öre stay in the lines.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.explain_count import CountFacts, explain_quantity
from core.allocation.lines import ALL, Line
from core.allocation.price_explain import PriceExplainer
from core.allocation.price_table import PriceKey
from core.base import (
    CoreError,
    Derivation,
    Dimension,
    Source,
    Verksamhet,
    format_number,
    label,
    leaf,
    product,
    read_number,
    rounded,
    total,
)
from core.parameters import MarkupAmount, PerElevAmount, PerUnit, WeightedPool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.allocation.price_table import PriceTable
    from core.parameters import FundingModel

ORE, MONTHS = 100, 12
ORE_STEP = Fraction(1, ORE)
READINGS = {"of_cost_base": "läst som påslag på kostnaderna", "of_whole": "läst som andel av hela bidraget"}
INDEX_NOT_SHOWN = "Enhetens index får användas för att betala men inte visas för andra än enheten och den som räknar."
REMAINDER_RULE = "Resten delas ut ett öre i taget efter störst återstod; vid lika går enhetens id i byteordning före"


class NoSuchAmountError(CoreError):
    """The address asked about names no amount of the unit in this run."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            f"Det finns inget belopp med adressen ”{key}” i körningen. Öppna beloppet från tabellen i stället."
        )


@dataclass(frozen=True, slots=True)
class PoolFacts:
    """A pool as the run stored it: pot in öre, total weight."""

    pool_ore: int
    weight: Fraction


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What the tree of one unit is built from, all of it stored with the run.

    ``given`` cites the batches of decided amounts, ``index`` those of each index by name; ``planned`` are the
    planned elever of the budget run, for prices solved from a budget. ``secret_index``: pools whose index
    may be used for paying but not shown to this reader.
    """

    model: FundingModel
    lines: Sequence[Line]
    prices: PriceTable
    counts: CountFacts
    pools: Mapping[tuple[str, str], PoolFacts] = field(default_factory=dict)
    planned: Mapping[str, Fraction] | None = None
    given: Source | None = None
    index: Mapping[str, Source] = field(default_factory=dict)
    secret_index: frozenset[str] = frozenset()
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


def explain(key: str, facts: RunFacts) -> Derivation:
    """Return the derivation of ``total``, ``dim:…``, ``step:…`` or ``line:…``; raises ``NoSuchAmountError``."""
    kind, _, name = key.partition(":")
    if kind == "total":
        lines = list(facts.lines)
    elif kind == "dim":
        lines = [line for line in facts.lines if line.dimension == name]
    elif kind == "step":
        lines = [line for line in facts.lines if line.step == name]
    else:
        lines = [line for line in facts.lines if line.key == key]
    if not lines and kind != "total":
        raise NoSuchAmountError(key)
    match kind:
        case "total":
            return _total(lines, facts)
        case "dim":
            return _dimension(name, lines, facts)
        case "step":
            return _step(name, lines, facts)
        case _:
            return explain_line(lines[0], facts)


def _total(lines: Sequence[Line], facts: RunFacts) -> Derivation:
    parts = [
        _dimension(one.value, [line for line in lines if line.dimension == one.value], facts)
        for one in Dimension
        if any(line.dimension == one.value for line in lines)
    ]
    return total("total", "Tilldelning", "kr", parts).must_equal(_kronor(lines))


def _dimension(name: str, lines: Sequence[Line], facts: RunFacts) -> Derivation:
    steps = list(dict.fromkeys(line.step for line in lines))
    parts = [_step(step, [line for line in lines if line.step == step], facts) for step in steps]
    return total(f"dim:{name}", label(Dimension(name)), "kr", parts).must_equal(_kronor(lines))


def _step(step: str, lines: Sequence[Line], facts: RunFacts) -> Derivation:
    parts = [explain_line(line, facts) for line in lines]
    return total(f"step:{step}", step_name(facts.model, lines[0]), "kr", parts).must_equal(_kronor(lines))


def _kronor(lines: Sequence[Line]) -> Fraction:
    return Fraction(sum(line.amount_ore for line in lines), ORE)


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
    return next((one.label for one in model.categories if one.category == category), category)


def explain_line(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of one line; its root equals the stored öre or an error is raised."""
    build = {
        "per_elev": _per_elev,
        "weighted_pool": _pool,
        "per_unit": _per_unit,
        "markup": _on_earlier,
        "deduction": _on_earlier,
        "given": _given,
    }[line.kind]
    return build(line, facts).must_equal(Fraction(line.amount_ore, ORE))


def _title(line: Line, facts: RunFacts) -> str:
    title = step_label(facts.model, line.step)
    if line.category != ALL:
        title += f", {category_label(facts.model, line.category)}"
    if len(facts.counts.periods) > 1:
        title += f" ({_period_label(facts.model, line.period)})"
    return title


def _period_label(model: FundingModel, period: str) -> str:
    return next((one.label for one in model.price_lists if one.list == period), period)


def source_of(line: Line) -> Source:
    """Return the citation stored on a line."""
    values = json.loads(line.source)
    parts = [values[name] for name in ("date", "paragraph") if name in values]
    if "read_as" in values:
        parts.append(READINGS.get(values["read_as"], values["read_as"]))
    detail = ", ".join(parts)
    return Source(values["kind"], values["title"], values.get("url"), detail or None)


def _to_the_ore(line: Line, facts: RunFacts, exact: Derivation) -> Derivation:
    if exact.value == Fraction(line.amount_ore, ORE):
        return Derivation(
            line.key,
            _title(line, facts),
            exact.op,
            exact.value,
            "kr",
            exact.children,
            source_of(line),
            rounding=exact.rounding,
        )
    node = rounded(line.key, _title(line, facts), exact, ORE_STEP, note="Avrundat till hela ören, halva uppåt.")
    return Derivation(
        node.key, node.label, "round", node.value, "kr", node.children, source_of(line), node.note, ORE_STEP
    )


def _per_elev(line: Line, facts: RunFacts) -> Derivation:
    quantity = facts.quantity(line.category, line.period)
    key = PriceKey(line.step, line.category, line.recipient, line.period)
    price = facts.explainer.price(key, facts.model.priced_steps()[line.step].price_on)
    exact = product(f"{line.key}/exact", "Elever × belopp", "kr", quantity, price.must_equal(line.rate / ORE))
    return _to_the_ore(line, facts, exact)


def _pool(line: Line, facts: RunFacts) -> Derivation:
    if line.step in facts.secret_index:
        amount = Fraction(line.amount_ore, ORE)
        return Derivation(
            line.key, _title(line, facts), "share", amount, "kr", source=source_of(line), sealed=INDEX_NOT_SHOWN
        )
    step = next(one for one in facts.model.amounts if one.step == line.step and isinstance(one, WeightedPool))
    pool = facts.pools[line.step, line.period]
    weighted = total(
        f"{line.key}/weighted",
        "Viktade elever",
        "viktade elever",
        [
            product(
                f"{line.key}/weighted/{category}",
                category_label(facts.model, category),
                "viktade elever",
                facts.quantity(category, line.period),
                leaf(
                    f"{line.key}/weight/{category}",
                    "Vikt",
                    read_number(step.weights.get(category, "1")),
                    "",
                    _model(facts),
                ),
            )
            for category in step.categories
            if facts.counts.quantity(category, line.period)
        ],
    )
    factor = leaf(f"{line.key}/factor", "Index", line.factor, "", _index_source(line, step, facts))
    own = product(f"{line.key}/own", "Enhetens vikt", "vikt", weighted, factor)
    whole = leaf(
        f"{line.key}/whole",
        "Alla enheters vikt",
        pool.weight,
        "vikt",
        Source("rule", "Summan av alla enheters vikter i körningen"),
    )
    pot = leaf(f"{line.key}/pot", "Pott", Fraction(pool.pool_ore, ORE), "kr", source_of(line))
    extra = leaf(
        f"{line.key}/remainder", "Öre ur resten", Fraction(line.remainder_ore, ORE), "kr",
        Source("rule", REMAINDER_RULE),
    )  # fmt: skip
    return Derivation(
        line.key,
        _title(line, facts),
        "share",
        Fraction(line.amount_ore, ORE),
        "kr",
        (pot, own, whole, extra),
        source_of(line),
    )


def _index_source(line: Line, step: WeightedPool, facts: RunFacts) -> Source:
    if json.loads(line.detail).get("index_default"):
        return Source(
            "model", "Enheten saknar indexvärde; modellens värde för okända enheter används", detail=facts.model.title
        )
    return _model(facts) if step.factor is None else facts.index.get(step.factor.index, _model(facts))


def _model(facts: RunFacts) -> Source:
    return Source("model", facts.model.title, detail=f"version {facts.model.version}")


def _per_unit(line: Line, facts: RunFacts) -> Derivation:
    months = leaf(
        f"{line.key}/months", "Månader med räknade elever", line.quantity * MONTHS, "månader", facts.counts.source
    )
    twelve = leaf(f"{line.key}/year", "Månader på ett år", Fraction(MONTHS), "månader", Source("rule", "Kalenderår"))
    part = Derivation(f"{line.key}/part", "Del av året", "quotient", line.quantity, "år", (months, twelve))
    step = next(one for one in facts.model.amounts if one.step == line.step and isinstance(one, PerUnit))
    size = json.loads(line.detail).get("size")
    note = f"Enheten har i medeltal {format_number(Fraction(size))} elever." if size and step.size_steps else None
    lump = leaf(f"{line.key}/lump", "Belopp per enhet och år", line.rate / ORE, "kr/år", source_of(line), note=note)
    return _to_the_ore(line, facts, product(f"{line.key}/exact", "Del av året × belopp", "kr", part, lump))


def _on_earlier(line: Line, facts: RunFacts) -> Derivation:
    step = next(one for one in facts.model.amounts if one.step == line.step)
    earlier = [one for one in facts.lines if one.step in step.of and one.period == line.period]  # type: ignore[union-attr]  # a rate on earlier steps
    base = total(f"{line.key}/base", "Underlag", "kr", [_brief(one, facts) for one in earlier])
    name = "Sats" if isinstance(step, MarkupAmount) else "Avdragssats"
    rate = leaf(f"{line.key}/rate", name, line.factor, "", source_of(line))
    return _to_the_ore(line, facts, product(f"{line.key}/exact", "Underlag × sats", "kr", base, rate))


def _brief(line: Line, facts: RunFacts) -> Derivation:
    """Return an earlier line as a leaf that points to its own tree."""
    return leaf(
        line.key,
        _title(line, facts),
        Fraction(line.amount_ore, ORE),
        "kr",
        Source("step", step_label(facts.model, line.step)),
    )


def _given(line: Line, facts: RunFacts) -> Derivation:
    decisions = json.loads(line.detail).get("decisions")
    note = f"Högst {decisions} beslut i en månad." if decisions else None
    source = facts.given or source_of(line)
    value = Fraction(line.amount_ore, ORE)
    sums = leaf(f"{line.key}/sum", "Summan av besluten", value, "kr", source, note=note)
    return Derivation(line.key, _title(line, facts), "sum", value, "kr", (sums,), source_of(line))
