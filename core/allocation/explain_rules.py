"""The trees of steps with a rule of their own in law: guarantees, premises, decided cases, additions."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.allocation.explain_count import MONTH_NAMES, TWELVE
from core.allocation.explain_parts import MONTHS, ORE, RunFacts, brief, model_source, source_of, title_of, to_the_ore
from core.allocation.explain_pool import remainder_of
from core.allocation.kinds.markups import Markups, markups_on
from core.allocation.lines import ALL, FINANCING
from core.allocation.price_explain import cite
from core.allocation.price_table import PriceKey
from core.base import Derivation, Recipient, Sentence, Source, leaf, product, quotient, read_number, rounded, total
from core.parameters import Addition, Guarantee, Premises

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.allocation.lines import Line

_BOUNDS = {
    "floor": "Golvet: en enhet förlorar inte mer än så",
    "ceiling": "Taket: en enhet vinner inte mer än så",
    "share": "Övergången: så stor del av förändringen slår igenom",
    "minimum": "Lägsta belopp per elev",
}
_PAYERS = {
    "budget": Sentence("Betalas av budgeten: ingen annan enhet får mindre."),
    "gainers": Sentence("Betalas av de enheter som vinner, i proportion till hur mycket."),
}
_DEFICIT = Sentence(
    "Kommunen täcker ett underskott hos de egna enheterna utan att ta tillbaka det. Det är ett tillskott, och enskilda "
    "huvudmän får motsvarande under samma budgetår (HFD 2015:53)."
)
_SAME_GROUND = Sentence("Motsvarande tillskott: samma kronor per elev som de egna enheterna får, under samma budgetår.")


def explain_guarantee(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of what a guarantee adds or takes off, or of what a unit pays for others' guarantee."""
    step = _step(line, facts, Guarantee)
    said = json.loads(line.detail)
    if "need" not in said:
        root = to_the_ore(line, facts, _difference(line, step, said, facts))
        payer = _PAYERS[step.financed_by] if line.amount_ore > 0 else None
        if payer is None:
            return root
        return replace(root, note=Sentence("{payer} {note}", payer=payer, note=root.note) if root.note else payer)
    taken_from = _above_guarantee(line, step, said, facts) if line.category == FINANCING else None
    if taken_from is None:
        over = _difference(line, step, said, facts)
        above = product(f"{line.key}/over", "Över taket", "kr", over, _figure(line, "minus", -1))
        taken_from = rounded(f"{line.key}/over/ore", "Över taket", above, Fraction(1, ORE))
    where = Sentence("över sin garanti") if line.category == FINANCING else Sentence("över sitt tak")
    pot = leaf(
        f"{line.key}/need", "Det som andra enheter garanteras", Fraction(-said["need"], ORE), "kr", source_of(line),
        note="De enheter som vinner betalar, i proportion till hur mycket.",
    )  # fmt: skip
    whole = leaf(
        f"{line.key}/from", Sentence("Allt som enheter har {where}", where=where), Fraction(said["from"], ORE), "kr",
        Source("rule", "Summan över alla enheter i körningen"),
    )  # fmt: skip
    children = (pot, taken_from, whole, remainder_of(line))
    value = Fraction(line.amount_ore, ORE)
    return Derivation(line.key, title_of(line, facts), "share", value, "kr", children, source_of(line))


def _difference(line: Line, step: Guarantee, said: dict[str, Any], facts: RunFacts) -> Derivation:
    """Return (target − formula) × part of the year."""
    formula = _formula(line, step, said, facts)
    less = product(f"{line.key}/less", "Avgår: enligt formeln", "kr/år", formula, _figure(line, "minus", -1))
    target = _target(line, step, said, facts, formula)
    change = total(f"{line.key}/change", "Skillnad mot formeln", "kr/år", [target, less])
    return product(f"{line.key}/exact", "Del av året × skillnad", "kr", _part(line, said), change)


def _formula(line: Line, step: Guarantee, said: dict[str, Any], facts: RunFacts) -> Derivation:
    earlier = [one for one in facts.lines if one.step in step.of and one.period == line.period]
    paid = total(f"{line.key}/paid", "Enligt formeln", "kr", [brief(one, facts) for one in earlier])
    formula = quotient(f"{line.key}/formula", "Enligt formeln, räknat på helår", "kr/år", paid, _part(line, said))
    return formula.must_equal(Fraction(said["formula"]))


def _part(line: Line, said: dict[str, Any]) -> Derivation:
    months = leaf(
        f"{line.key}/months", "Månader med räknade elever", Fraction(said["months"]), "månader",
        Source("rule", "Antalen i körningen"),
    )  # fmt: skip
    twelve = leaf(f"{line.key}/year", "Månader på ett år", Fraction(MONTHS), "månader", Source("rule", "Kalenderår"))
    return quotient(f"{line.key}/part", "Del av året", "år", months, twelve)


def _target(line: Line, step: Guarantee, said: dict[str, Any], facts: RunFacts, formula: Derivation) -> Derivation:
    name, key, source = _BOUNDS[said["bound"]], f"{line.key}/target", source_of(line)
    if said["bound"] == "minimum":
        least = leaf(f"{key}/minimum", "Lägst per elev", read_number(step.minimum or "0"), "kr/elev", source)
        return product(key, name, "kr/år", least, _elever(line, said)).must_equal(Fraction(said["target"]))
    baseline = _baseline(line, step, said, facts)
    if said["bound"] == "share":
        minus = product(f"{key}/minus", "Avgår: jämförelsebeloppet", "kr/år", baseline, _figure(line, "minus", -1))
        change = total(f"{key}/change", "Förändring", "kr/år", [formula, minus])
        share = leaf(f"{key}/share", "Del som slår igenom", read_number(step.share or "0"), "", source)
        let_through = product(f"{key}/through", "Förändring som slår igenom", "kr/år", change, share)
        return total(key, name, "kr/år", [baseline, let_through]).must_equal(Fraction(said["target"]))
    bound = read_number((step.floor if said["bound"] == "floor" else step.ceiling) or "0")
    allowed = leaf(f"{key}/bound", "Tillåten förändring, som andel", bound, "", source)
    part = total(f"{key}/part", "Andel av jämförelsebeloppet", "", [_figure(line, "one", 1), allowed])
    return product(key, name, "kr/år", baseline, part).must_equal(Fraction(said["target"]))


def _baseline(line: Line, step: Guarantee, said: dict[str, Any], facts: RunFacts) -> Derivation:
    term, name = step.baseline, Sentence("Belopp att jämföra med")
    source = model_source(facts)
    if term is not None and term.variable is not None:
        source = facts.index.get(term.variable, source)
    value = Fraction(said["baseline"])
    if step.per == "enhet":
        return leaf(f"{line.key}/baseline", name, value, "kr/år", source)
    elever = _elever(line, said)
    per_elev = leaf(
        f"{line.key}/baseline/per", Sentence("{name}, per elev", name=name), value / elever.value, "kr/elev", source
    )
    return product(f"{line.key}/baseline", name, "kr/år", per_elev, elever)


def _elever(line: Line, said: dict[str, Any]) -> Derivation:
    note = Source("rule", "Medeltal över de månader då enheten har räknade elever")
    return leaf(f"{line.key}/elever", "Elever", Fraction(said["elever"]), "elever", note)


def _above_guarantee(line: Line, step: Guarantee, said: dict[str, Any], facts: RunFacts) -> Derivation:
    """Return how far above its guarantee the unit is in the period, after its ceiling."""
    earlier = [one for one in facts.lines if one.step in step.of and one.period == line.period]
    own = [one for one in facts.lines if (one.step, one.period, one.category) == (line.step, line.period, ALL)]
    parts = [brief(one, facts) for one in (*earlier, *own)]
    least = leaf(
        f"{line.key}/guaranteed", "Avgår: det som enheten själv är garanterad", Fraction(-said["guaranteed"], ORE),
        "kr", source_of(line), note="För månaderna med elever, uppåt till hela ören.",
    )  # fmt: skip
    gain = total(f"{line.key}/gain", "Över enhetens egen garanti", "kr", [*parts, least])
    return gain.must_equal(line.quantity)


def explain_premises(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of actual premises less the average, × elever, with what lies on premises."""
    step, said = _step(line, facts, Premises), json.loads(line.detail)
    paid = facts.model.priced_steps().get(step.price)
    key = PriceKey(step.price, line.category, line.recipient, line.period)
    average = facts.explainer.price(key, paid.price_on if paid else "shown")
    less = product(f"{line.key}/less", "Avgår: kommunens genomsnitt", "kr/elev", average, _figure(line, "minus", -1))
    source = facts.index.get(step.actual.variable or "", model_source(facts))
    most = (
        Sentence("Enhetens faktiska, skäliga kostnad är {most} kr per elev.", most=said["at_most"])
        if "at_most" in said
        else None
    )
    decided = leaf(
        f"{line.key}/actual", "Beslutat för enhetens lokaler", Fraction(said["actual"]), "kr/elev", source, note=most
    )
    difference = total(f"{line.key}/difference", "Skillnad mot genomsnittet", "kr/elev", [decided, less])
    factors = [facts.quantity(line.category, line.period), difference.must_equal(line.rate / ORE)]
    markups = markups_on(facts.model, step.price, step.marked_up_by, line.recipient, line.category, line.period)
    if markups:
        factors.append(_with_markups(line, markups, facts))
    return to_the_ore(line, facts, product(f"{line.key}/exact", "Elever × skillnad", "kr", *factors))


def _with_markups(line: Line, markups: Markups, facts: RunFacts) -> Derivation:
    parts = [
        leaf(
            f"{line.key}/markup/{step.step}",
            step.label,
            part,
            "av underlaget",
            cite(facts.model, step.reference, step.step),
        )
        for step, part in markups
    ]
    return total(f"{line.key}/factor", "Med påslag", "gånger", [_figure(line, "one", 1), *parts]).must_equal(
        line.factor
    )


def explain_cases(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of decided tilläggsbelopp: their sum and how many decisions it is of, never one elev's."""
    decisions = json.loads(line.detail)["decisions"]
    value = Fraction(line.amount_ore, ORE)
    source = facts.cases or source_of(line)
    note = Sentence("Högst {decisions} beslut i en månad. Beloppen betalas som de är beslutade.", decisions=decisions)
    sums = leaf(f"{line.key}/sum", "Summan av besluten", value, "kr", source, note=note)
    return Derivation(line.key, title_of(line, facts), "sum", value, "kr", (sums,), source_of(line))


def explain_addition(line: Line, facts: RunFacts) -> Derivation:
    """Return the tree of an addition: the own units' share of the kronor, or the same kronor per elev."""
    step, months = _step(line, facts, Addition), json.loads(line.detail)["months"]
    pool = facts.pools[line.step, line.period]
    elever = _in_months(line, step, months, facts)
    pot = leaf(
        f"{line.key}/pot", "Tillskott till de egna enheterna", Fraction(pool.pool_ore, ORE), "kr", source_of(line),
        note=_DEFICIT if step.why == "covered_deficit" else None,
    )  # fmt: skip
    whole = leaf(
        f"{line.key}/whole", "De egna enheternas elever", pool.weight, "elever",
        Source("rule", "Summan över de egna enheterna i körningen"),
    )  # fmt: skip
    if line.recipient == Recipient.EGEN.value:
        children = (pot, elever, whole, remainder_of(line))
        value = Fraction(line.amount_ore, ORE)
        return Derivation(line.key, title_of(line, facts), "share", value, "kr", children, source_of(line))
    per_elev = quotient(f"{line.key}/per_elev", "De egna enheternas tillskott per elev", "kr/elev", pot, whole)
    factors = [elever, per_elev.must_equal(line.rate / ORE)]
    markups = markups_on(facts.model, None, step.marked_up_by, line.recipient, None, line.period)
    if markups:
        factors.append(_with_markups(line, markups, facts))
    exact = product(f"{line.key}/exact", "Elever × tillskott per elev", "kr", *factors)
    return replace(to_the_ore(line, facts, exact), note=_SAME_GROUND)


def _in_months(line: Line, step: Addition, months: list[int], facts: RunFacts) -> Derivation:
    """Return the yearly elever of the addition's months, category by category and month by month."""
    parts = []
    for category in step.categories:
        counted = [one for one in facts.counts.of(category, line.period) if one.month in months]
        key, divisor = f"{line.key}/{category}", facts.counts.divisor.get(category, TWELVE)
        by_day = divisor != TWELVE
        unit, year = ("elevdagar", "dagar") if by_day else ("elevmånader", "månader")
        leaves = [
            leaf(f"{key}/{one.month}", MONTH_NAMES[one.month - 1].capitalize(), Fraction(one.n), unit, one.source)
            for one in counted
        ]
        if leaves:
            name = next(one.label for one in facts.model.categories if one.category == category)
            whole = leaf(
                f"{key}/year",
                Sentence("Dagar på ett år") if by_day else Sentence("Månader på ett år"),
                Fraction(divisor),
                year,
                Source("rule", "Kalenderår"),
            )
            parts.append(quotient(key, name, "elever", total(f"{key}/counted", "Räknade elever", unit, leaves), whole))
    name = Sentence("Elever under tillskottets månader, räknat på helår")
    return total(f"{line.key}/elever", name, "elever", parts).must_equal(line.quantity)


def _figure(line: Line, name: str, value: int) -> Derivation:
    return leaf(
        f"{line.key}/{name}", "Tecken" if value < 0 else "Helheten", Fraction(value), "", Source("rule", "Räknesätt")
    )


def _step(line: Line, facts: RunFacts, kind: type[Any]) -> Any:  # noqa: ANN401 - the kind asked for
    return next(one for one in facts.model.amounts if one.step == line.step and isinstance(one, kind))


EXPLAINERS: dict[str, Callable[[Line, RunFacts], Derivation]] = {
    "guarantee": explain_guarantee,
    "premises": explain_premises,
    "case_amounts": explain_cases,
    "addition": explain_addition,
}
"""By kind of step, what builds the tree of its line."""
