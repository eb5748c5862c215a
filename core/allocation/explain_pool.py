"""The tree of a share of a pool: what the unit weighs, what all units weigh, and the last öre."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.explain_parts import (
    ORE,
    RunFacts,
    category_label,
    model_source,
    source_of,
    step_label,
    title_of,
)
from core.base import Derivation, Sentence, Source, format_number, leaf, product, read_number, total
from core.parameters import WeightedPool

if TYPE_CHECKING:
    from core.allocation.lines import Line

INDEX_NOT_SHOWN = "Enhetens index får användas för att betala men inte visas för andra än enheten och den som räknar."
REMAINDER_RULE = Sentence(
    "Resten delas ut ett öre i taget efter störst återstod; vid lika går enhetens id i byteordning före"
)
AMONG = {
    "all": "alla andra enheter i potten",
    "same_recipient": "andra enheter av samma slag i potten",
    "same_omrade": "andra enheter i samma område i potten",
}


def explain_share(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of a unit's share of a pool; sealed where its index may not be shown."""
    if line.step in facts.secret_index:
        amount = Fraction(line.amount_ore, ORE)
        return Derivation(
            line.key, title_of(line, facts), "share", amount, "kr", source=source_of(line), sealed=INDEX_NOT_SHOWN
        )
    step = next(one for one in facts.model.amounts if one.step == line.step and isinstance(one, WeightedPool))
    pool = facts.pools[line.step, line.period]
    own = product(f"{line.key}/own", "Enhetens vikt", "vikt", _quantity(line, step, facts), _factor(line, step, facts))
    whole = leaf(
        f"{line.key}/whole",
        "Alla enheters vikt",
        pool.weight,
        "vikt",
        Source("rule", "Summan av alla enheters vikter i körningen"),
    )
    pot = leaf(f"{line.key}/pot", "Pott", Fraction(pool.pool_ore, ORE), "kr", source_of(line))
    children = (pot, own, whole, remainder_of(line))
    amount = Fraction(line.amount_ore, ORE)
    return Derivation(line.key, title_of(line, facts), "share", amount, "kr", children, source_of(line))


def remainder_of(line: Line) -> Derivation:
    """Return the öre that the remainder gave or took."""
    value = Fraction(line.remainder_ore, ORE)
    return leaf(f"{line.key}/remainder", "Öre ur resten", value, "kr", Source("rule", REMAINDER_RULE))


def _quantity(line: Line, step: WeightedPool, facts: RunFacts) -> Derivation:
    """Return what the unit shares by: weighted elever, or an earlier step's value."""
    if step.quantity is not None:
        name = step_label(facts.model, step.quantity)
        return leaf(f"{line.key}/quantity", name, line.quantity, "", Source("step", name))
    parts = [
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
                model_source(facts),
            ),
        )
        for category in step.categories
        if facts.counts.quantity(category, line.period)
    ]
    return total(f"{line.key}/weighted", "Viktade elever", "viktade elever", parts)


def _factor(line: Line, step: WeightedPool, facts: RunFacts) -> Derivation:
    factor = step.factor
    name = Sentence("Index") if factor is None or factor.step is None else step_label(facts.model, factor.step)
    said = json.loads(line.detail)
    if said:
        source = Source("model", _instead(said, step), detail=facts.model.title)
    elif factor is None:
        source = model_source(facts)
    elif factor.step is not None:
        source = Source("step", name)
    else:
        source = facts.index.get(factor.index or "", model_source(facts))
    return leaf(f"{line.key}/factor", name, line.factor, "", source)


def _instead(said: dict[str, str], step: WeightedPool) -> str:
    """Return why the factor is not the unit's own, and what it is."""
    if "small" in said and step.factor is not None and step.factor.small is not None:
        why = Sentence(
            "Enheten har {elever} elever, färre än {below}, och använder inte sitt eget värde",
            elever=format_number(Fraction(said["small"])),
            below=step.factor.small.below,
        )
    elif step.factor and step.factor.index:
        why = Sentence("Enheten saknar indexvärde")
    else:
        why = Sentence("Enheten saknar värde")
    if "mean" not in said and "small" in said:
        return Sentence("{why}; modellens värde för små enheter används", why=why)
    if "mean" not in said:
        return Sentence("{why}; modellens värde för okända enheter används", why=why)
    how, _, weighted, places = said["mean"].split("|")
    return Sentence(
        "{why}; medel av {among} används, {by}, avrundat till {places} decimaler",
        why=why,
        among=Sentence(AMONG[how]),
        by=Sentence("vägt med elever") if weighted == "true" else Sentence("ovägt"),
        places=places,
    )
