"""Interkommunal ersättning: what other kommuner owe for their elever here, and what we pay for ours elsewhere.

A claim is elever × kronor per elev, rounded half up to whole öre; its price follows from the model's rule for the
verksamhet and the ground. What cannot be priced is kept with basis ``saknas`` and no amount: absent is not zero.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from core.allocation.lines import ALL
from core.allocation.price_explain import PriceExplainer, cite
from core.allocation.price_table import PriceKey
from core.base import (
    Derivation,
    Recipient,
    Sentence,
    Source,
    canonical_json,
    half_up,
    leaf,
    product,
    read_number,
    rounded,
    total,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from core.allocation.lines import Line
    from core.allocation.price_table import PriceTable
    from core.parameters import FundingModel, IkeRule

ORE: Final = 100
TO_PAY, TO_CLAIM, MISSING = "to_pay", "to_claim", "saknas"
OTHER: Final = Recipient.ANNAN_KOMMUN.value
SAID: Final = {
    "home_price": Sentence("Hemkommunens pris per elev"),
    "agreement": Sentence("Pris enligt avtal"),
    "lower_of_two": Sentence("Hemkommunens kostnad per elev"),
    "agency_amount": Sentence("Myndighetens belopp per elev"),
}
WISH, HOME_PRICE = "vardnadshavarens_onskemal", "home_price"


@dataclass(frozen=True, slots=True)
class Claim:
    """What is owed for a category of elever at a unit in a price period; ``n`` yearly elever, ``price`` öre per elev.

    ``other_kommun``: who owes us (``to_claim``), or whom we owe (``to_pay``). ``detail``: canonical JSON with the
    register's code of the ground and both prices where two were weighed.
    """

    direction: str
    other_kommun: str
    enhet: str
    category: str
    ground: str
    period: str
    basis: str
    verksamhet: str
    n: Fraction
    price: Fraction
    amount_ore: int
    detail: str

    @property
    def key(self) -> str:
        """The address of the claim within its run."""
        parts = (self.direction, self.other_kommun, self.enhet, self.category, self.ground, self.period)
        return "claim:" + "|".join(parts)

    def row(self) -> str:
        """Return the claim as it is hashed."""
        return "|".join(map(str, (self.key, self.basis, self.verksamhet, self.n, self.price, self.amount_ore)))


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Elever of one origin in a category and price period: yearly elever, and the register's code of their ground."""

    hemkommun: str
    enhet: str
    category: str
    period: str
    registered: str
    n: Fraction


def claims_of(model: FundingModel, prices: PriceTable, counted: Iterable[Elsewhere]) -> list[Claim]:
    """Return what is claimed, in the order of the claims' keys; elever of two codes of one ground go together."""
    priced: dict[tuple[str, str, str, str], tuple[Fraction, str, dict[str, str]]] = {}
    found = []
    for (hemkommun, enhet, category, ground, period), (rule, registered, n) in _together(model, counted).items():
        alike = hemkommun, category, registered, period  # the same rule, and so the same price
        if alike not in priced:
            priced[alike] = _priced(model, prices, rule, (hemkommun, category, period))
        price, basis, weighed = priced[alike]
        if basis == MISSING and model.category(category).overlapping:
            continue  # a supplement without a price of its own is in the price of its elev
        exact = n * price
        found.append(
            Claim(
                TO_CLAIM, hemkommun, enhet, category, ground, period, basis,
                model.category(category).verksamhet.value, n, price, half_up(exact.numerator, exact.denominator),
                canonical_json({**weighed, "registered": registered}),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: one.key.encode())


def _together(
    model: FundingModel, counted: Iterable[Elsewhere]
) -> dict[tuple[str, str, str, str, str], tuple[IkeRule | None, str, Fraction]]:
    """Return rule, code and elever by (hemkommun, enhet, category, ground, period)."""
    rules: dict[tuple[str, str], IkeRule | None] = {}
    together: dict[tuple[str, str, str, str, str], tuple[IkeRule | None, str, Fraction]] = {}
    for one in counted:
        said = one.category, one.registered
        if said not in rules:
            verksamhet = model.category(one.category).verksamhet.value
            rules[said] = model.ike.rule_for(verksamhet, one.registered) if model.ike else None
        rule = rules[said]
        ground = rule.ground if rule else one.registered or "ingen"
        at = one.hemkommun, one.enhet, one.category, ground, one.period
        before = together[at][2] if at in together else Fraction(0)
        together[at] = rule, one.registered, before + one.n
    return together


def _priced(
    model: FundingModel, prices: PriceTable, rule: IkeRule | None, at: tuple[str, str, str]
) -> tuple[Fraction, str, dict[str, str]]:
    """Return (öre per elev and year, basis, what was weighed); ``saknas`` where the rule gives no price."""
    if rule is None:
        return Fraction(0), MISSING, {"missing": "rule"}
    hemkommun, category, period = at
    own = _own(model, prices, rule, category, period)
    said = _said(rule, hemkommun, category)
    weighed = {name: str(value) for name, value in (("own", own), ("said", said)) if value is not None}
    if rule.basis == "lower_of_two":
        chosen = min(own, said) if own is not None and said is not None else None
    elif rule.basis == "receiver_cost":
        chosen = own
    else:
        chosen = said if said is not None else own
    if chosen is None:
        return Fraction(0), MISSING, {**weighed, "missing": "price"}
    return chosen, rule.basis, {**weighed, "from": "own" if chosen == own and said != own else "said"}


def _own(model: FundingModel, prices: PriceTable, rule: IkeRule, category: str, period: str) -> Fraction | None:
    """Return the sum of our price steps for another kommun, as they are paid, in öre."""
    paid = model.priced_steps()
    held = [
        price.on(paid[step].price_on if step in paid else "shown")
        for step in rule.prices
        if (price := prices.get(step, category, OTHER, period)) is not None
    ]
    return sum(held, Fraction(0)) if held else None


def _said(rule: IkeRule, hemkommun: str, category: str) -> Fraction | None:
    """Return what the home kommun, an agreement or an agency says, in öre."""
    figure = rule.by_kommun.get(hemkommun, {}).get(category) or rule.values.get(category)
    return None if figure is None else read_number(figure) * ORE


def paid_elsewhere(
    lines: Iterable[Line], counted: Mapping[tuple[str, str, str], Fraction], kommun_of: Mapping[str, str]
) -> list[Claim]:
    """Return what we pay for our elever at other kommuner's units: the run's lines, put together by category.

    ``counted``: yearly elever by (enhet, category, period); ``kommun_of``: where each unit lies. The price is what
    the lines come to per elev; an amount for a whole unit stands by itself.
    """
    sums: dict[tuple[str, str, str, str], int] = {}
    for line in lines:
        if line.recipient == OTHER:
            at = line.enhet, line.category, line.period, line.verksamhet
            sums[at] = sums.get(at, 0) + line.amount_ore
    return sorted(_paid(sums, counted, kommun_of), key=lambda one: one.key.encode())


def _paid(
    sums: Mapping[tuple[str, str, str, str], int],
    counted: Mapping[tuple[str, str, str], Fraction],
    kommun_of: Mapping[str, str],
) -> Iterator[Claim]:
    for (enhet, category, period, verksamhet), ore in sums.items():
        n = counted.get((enhet, category, period), Fraction(0)) or Fraction(1)
        name = category if category != ALL else f"{ALL}.{verksamhet}"
        detail = canonical_json(
            {"lines": True, "whole_unit": category == ALL or (enhet, category, period) not in counted}
        )
        yield Claim(
            TO_PAY, kommun_of.get(enhet, ""), enhet, name, WISH, period, HOME_PRICE, verksamhet, n, Fraction(ore) / n,
            ore, detail,
        )  # fmt: skip


def repriced(claim: Claim) -> Claim:
    """Return the claim with its amount worked out anew from its own elever and price."""
    exact = claim.n * claim.price
    return replace(claim, amount_ore=half_up(exact.numerator, exact.denominator))


def explain_claim(
    claim: Claim,
    model: FundingModel,
    prices: PriceTable,
    counted: Source,
    planned: Mapping[str, Fraction] | None = None,
) -> Derivation:
    """Return the tree of a claim in kronor: elever × price per elev, each down to its source.

    ``planned``: the elever that prices solved from a budget were divided by. The root equals the stored öre.
    """
    elever = leaf(f"{claim.key}/n", "Antal elever räknat på helår", claim.n, "elever", counted)
    price = _price_tree(claim, model, prices, planned or {}).must_equal(claim.price / ORE)
    exact = product(
        f"{claim.key}/exact",
        Sentence("Ersättning, {label}", label=model.category(claim.category).label),
        "kr",
        elever,
        price,
    )
    amount = Fraction(claim.amount_ore, ORE)
    if exact.value == amount:
        return exact
    note = Sentence("Avrundat till hela ören, halva uppåt.")
    return rounded(claim.key, exact.label, exact, Fraction(1, ORE), note=note).must_equal(amount)


def _price_tree(claim: Claim, model: FundingModel, prices: PriceTable, planned: Mapping[str, Fraction]) -> Derivation:
    detail = json.loads(claim.detail)
    rule = model.ike.rule_for(claim.verksamhet, detail["registered"]) if model.ike else None
    name, unit = f"{claim.key}/price", "kr/elev"
    if rule is None or claim.basis == MISSING:
        return leaf(name, "Inget pris enligt modellens regler", Fraction(0), unit, Source("model", model.title))
    source = cite(model, rule.reference, f"ike, {claim.verksamhet}")
    parts = {}
    if "own" in detail:
        parts["own"] = _own_tree(claim, model, prices, planned, rule)
    if "said" in detail:
        parts["said"] = leaf(f"{name}/said", SAID[rule.basis], Fraction(detail["said"]) / ORE, unit, source)
    if rule.basis == "lower_of_two":
        value = min(one.value for one in parts.values())
        label = Sentence("Det lägre av egen kostnad och hemkommunens")
        return Derivation(name, label, "min", value, unit, tuple(parts.values()), source)
    return parts[detail["from"]]


def _own_tree(
    claim: Claim, model: FundingModel, prices: PriceTable, planned: Mapping[str, Fraction], rule: IkeRule
) -> Derivation:
    explainer, paid = PriceExplainer(model, prices, planned), model.priced_steps()
    keys = [PriceKey(step, claim.category, OTHER, claim.period) for step in rule.prices]
    parts = [
        explainer.price(key, paid[key.step].price_on if key.step in paid else "shown")
        for key in keys
        if key in prices.by_key
    ]
    return total(f"{claim.key}/price/own", "Egen kostnad per elev, utan mervärdesskatt", "kr/elev", parts)
