"""Interkommunal ersättning: on what ground another kommun pays for its elev at our units, and at whose cost.

Skollagen 8 kap. 17 §, 9 kap. 16 §, 10 kap. 34 §, 11 kap. 33 §, 14 kap. 14 §, 16 kap. 50–51 §§, 17 kap. 23–27 §§ and
19 kap. 43–44 §§. Mervärdesskatt is never part of it: it compensates enskilda huvudmän for what a kommun gets back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator

from core.base import Kostnadsslag, Recipient, Verksamhet
from core.parameters.parts import Figure, Name, Reference, Strict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.parameters.model import FundingModel

Basis = Literal["home_price", "receiver_cost", "agreement", "lower_of_two", "agency_amount"]
IkeGround = Literal[
    "vardnadshavarens_onskemal",
    "sarskilda_skal",
    "avtal",
    "forstahandsmottagen",
    "andrahandsmottagen",
    "sarskild_variant",
]
KommunCode = Annotated[str, Field(pattern=r"^\d{4}$")]
Fault = tuple[tuple[str | int, ...], str]


class IkeRule(Strict):
    """What is claimed for elever of a verksamhet who are here on one ground.

    ``registered``: the codes of the ground in the register; ``""`` is no code at all. ``basis``: whose cost decides.
    ``prices``: our price steps for ``annan_kommun``, summed. ``by_kommun``: kronor per elev and year by home kommun
    and category, as that kommun or an agreement with it says. ``values``: kronor by category, whichever the kommun.
    """

    verksamhet: Verksamhet = Field(strict=False)
    ground: IkeGround
    registered: list[str] = Field(min_length=1)
    basis: Basis
    prices: list[Name] = Field(default_factory=list)
    by_kommun: dict[KommunCode, dict[Name, Figure]] = Field(default_factory=dict)
    values: dict[Name, Figure] = Field(default_factory=dict)
    reference: Reference
    note: str | None = None

    @model_validator(mode="after")
    def _a_price_to_claim(self) -> IkeRule:
        named = {"prices": self.prices, "by_kommun": self.by_kommun, "values": self.values}
        needed = {
            "home_price": ("by_kommun", "prices"),
            "receiver_cost": ("prices",),
            "agreement": ("by_kommun", "values", "prices"),
            "agency_amount": ("values",),
            "lower_of_two": ("prices",),
        }[self.basis]
        if not any(named[key] for key in needed):
            msg = f"basis {self.basis} kräver {' eller '.join(needed)}"
            raise ValueError(msg)
        if self.basis == "lower_of_two" and not (self.by_kommun or self.values):
            msg = "basis lower_of_two kräver också hemkommunens kostnad: by_kommun eller values"
            raise ValueError(msg)
        return self


class Ike(Strict):
    """The section ``ike:`` of a model."""

    rules: list[IkeRule] = Field(min_length=1)

    def rule_for(self, verksamhet: str, registered: str) -> IkeRule | None:
        """Return the rule for elever of a verksamhet with a code of ground, or ``None``."""
        mine = (one for one in self.rules if one.verksamhet.value == verksamhet)
        return next((one for one in mine if registered in one.registered), None)


def check_ike(model: FundingModel) -> Iterator[Fault]:
    """Yield what the section says that the model has not, what law forbids, and what is said twice."""
    categories = {one.category: one.verksamhet for one in model.categories}
    seen: set[tuple[str, str]] = set()
    for place, rule in enumerate(model.ike.rules if model.ike else []):
        path = ("ike", "rules", place)
        for step in rule.prices:
            yield from _price(model, step, (*path, "prices"))
        for kommun, figures in [*rule.by_kommun.items(), ("", rule.values)]:
            where = (*path, "by_kommun", kommun) if kommun else (*path, "values")
            for category in figures:
                if categories.get(category) is not rule.verksamhet:
                    yield where, f"kategorin ”{category}” finns inte i {rule.verksamhet.value}. Rätta namnet."
        if model.kommun in rule.by_kommun:
            yield (*path, "by_kommun"), f"{model.kommun} är den egna kommunen. Ange hemkommunernas priser."
        for code in rule.registered:
            key = rule.verksamhet.value, code
            if key in seen:
                text = f"grunden ”{code}” i {rule.verksamhet.value} har redan en regel. Behåll en av dem."
                yield (*path, "registered"), text
            seen.add(key)


def _price(model: FundingModel, name: str, path: tuple[str | int, ...]) -> Iterator[Fault]:
    step = next((one for one in model.prices if one.step == name), None)
    if step is None:
        known = ", ".join(one.step for one in model.prices)
        yield path, f"Prissteget ”{name}” finns inte i modellen. Finns: {known or 'inget'}."
    elif name in _with_vat(model):
        text = (
            f"{name} innehåller mervärdesskatt, som aldrig ingår i ersättning mellan kommuner: den är en ersättning "
            "till enskilda huvudmän (skolförordningen 14 kap. 4–5 §§). Ta bort steget."
        )
        yield path, text
    elif Recipient.ANNAN_KOMMUN not in step.recipients:
        yield path, f"{name} har inget pris för annan_kommun. Lägg till mottagaren i steget, eller ta bort det här."


def _with_vat(model: FundingModel) -> set[str]:
    """Return the price steps of mervärdesskatt and those built on one."""
    found: set[str] = set()
    for step in model.prices:
        if step.kostnadsslag is Kostnadsslag.MERVARDESSKATT or found & set(step.of or ()):
            found.add(step.step)
    return found
