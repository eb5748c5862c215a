"""The tree of one line, by the kind of step that made it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation import explain_measures as measures
from core.allocation import explain_rules as rules
from core.allocation.explain_parts import (
    MONTHS,
    ORE,
    RunFacts,
    brief,
    source_of,
    title_of,
    to_the_ore,
)
from core.allocation.explain_pool import explain_share
from core.allocation.price_table import PriceKey
from core.base import Derivation, Sentence, Source, format_number, leaf, product, total
from core.parameters import MarkupAmount, PerUnit

if TYPE_CHECKING:
    from core.allocation.lines import Line


def _per_elev(line: Line, facts: RunFacts) -> Derivation:
    quantity = facts.quantity(line.category, line.period)
    key = PriceKey(line.step, line.category, line.recipient, line.period)
    price = facts.explainer.price(key, facts.model.priced_steps()[line.step].price_on)
    exact = product(f"{line.key}/exact", "Elever × belopp", "kr", quantity, price.must_equal(line.rate / ORE))
    return to_the_ore(line, facts, exact)


def _per_unit(line: Line, facts: RunFacts) -> Derivation:
    months = leaf(
        f"{line.key}/months", "Månader med räknade elever", line.quantity * MONTHS, "månader", facts.counts.source
    )
    twelve = leaf(f"{line.key}/year", "Månader på ett år", Fraction(MONTHS), "månader", Source("rule", "Kalenderår"))
    part = Derivation(f"{line.key}/part", "Del av året", "quotient", line.quantity, "år", (months, twelve))
    step = next(one for one in facts.model.amounts if one.step == line.step and isinstance(one, PerUnit))
    size = json.loads(line.detail).get("size")
    note = (
        Sentence("Enheten har i medeltal {fraction} elever.", fraction=format_number(Fraction(size)))
        if size and step.size_steps
        else None
    )
    lump = leaf(f"{line.key}/lump", "Belopp per enhet och år", line.rate / ORE, "kr/år", source_of(line), note=note)
    return to_the_ore(line, facts, product(f"{line.key}/exact", "Del av året × belopp", "kr", part, lump))


def _on_earlier(line: Line, facts: RunFacts) -> Derivation:
    step = next(one for one in facts.model.amounts if one.step == line.step)
    earlier = [one for one in facts.lines if one.step in step.of and one.period == line.period]  # type: ignore[union-attr, operator]  # a rate on earlier steps
    base = total(f"{line.key}/base", "Underlag", "kr", [brief(one, facts) for one in earlier])
    name = Sentence("Sats") if isinstance(step, MarkupAmount) else Sentence("Avdragssats")
    rate = leaf(f"{line.key}/rate", name, line.factor, "", source_of(line))
    return to_the_ore(line, facts, product(f"{line.key}/exact", "Underlag × sats", "kr", base, rate))


def _given(line: Line, facts: RunFacts) -> Derivation:
    decisions = json.loads(line.detail).get("decisions")
    note = Sentence("Högst {decisions} beslut i en månad.", decisions=decisions) if decisions else None
    source = facts.given or source_of(line)
    value = Fraction(line.amount_ore, ORE)
    sums = leaf(f"{line.key}/sum", "Summan av besluten", value, "kr", source, note=note)
    return Derivation(line.key, title_of(line, facts), "sum", value, "kr", (sums,), source_of(line))


EXPLAINERS = {
    "per_elev": _per_elev,
    "weighted_pool": explain_share,
    "per_unit": _per_unit,
    "markup": _on_earlier,
    "deduction": _on_earlier,
    "given": _given,
    **measures.EXPLAINERS,
    **rules.EXPLAINERS,
}
"""By kind of step, what builds the tree of its line."""
