"""A unit's actual premises in place of the municipality's average, where there are special reasons.

Skolförordningen (2011:185) 14 kap. 6 §, gymnasieförordningen (2010:2039) 13 kap. 5 §.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.kinds.base import StepKind, Terms, Where, append
from core.allocation.kinds.markups import factor_of, markups_on
from core.allocation.kinds.terms import TermReader
from core.allocation.lines import LineBlock
from core.allocation.price_table import PriceKey
from core.base import CoreError, Sentence, canonical_json, format_number
from core.parameters import Premises

if TYPE_CHECKING:
    from core.allocation.inputs import AllocationInput
    from core.allocation.kinds.base import SoFar

ORE = 100


class PremisesAboveCostError(CoreError):
    """More is decided for a unit's premises than they actually and reasonably cost."""

    def __init__(self, step: str, enhet: str, decided: Fraction, cost: Fraction) -> None:
        self.step, self.enhet, self.decided, self.cost = step, enhet, decided, cost
        super().__init__(
            Sentence(
                "Steget {step} ger enheten {enhet} {decided} kr per elev för lokaler, men enhetens faktiska, skäliga "
                "kostnad är {cost} kr per elev. Ersättningen får högst vara den faktiska kostnaden (skolförordningen "
                "14 kap. 6 §): rätta det beslutade beloppet.",
                step=step,
                enhet=enhet,
                decided=format_number(decided),
                cost=format_number(cost),
            )
        )


class ActualPremises(StepKind[Premises]):
    """The difference between what is decided and the average, × elever × what lies on premises.

    ``quantity`` is yearly elever, ``rate`` the difference per elev, ``factor`` 1 + administration and mervärdesskatt.
    """

    name, version = "premises", 1

    def compute(self, step: Premises, so_far: SoFar) -> None:
        """Add one line per unit with a decided cost, category with the average price, and period."""
        data, reader = so_far.data, TermReader(step, so_far)
        block = LineBlock(so_far.facts(step, self))
        allowed = {one.value for one in step.recipients}
        decided = data.index.get(step.actual.variable or "", {})
        for enhet, unit in enumerate(data.units):
            if unit.recipient in allowed and (unit.enhet in decided or step.actual.default is not None):
                for place, period in enumerate(data.quantities.periods):
                    _unit(step, enhet, (place, period), reader, block)
        so_far.add(block)


def _unit(step: Premises, enhet: int, when: tuple[int, str], reader: TermReader, block: LineBlock) -> None:
    data, (place, period) = reader.so_far.data, when
    unit = data.units[enhet]
    actual = reader.value(step.actual, enhet, period)
    if actual is None or not data.quantities.num[enhet, :, place].any():
        return
    cost = None if step.at_most is None else reader.value(step.at_most, enhet, period)
    if cost is not None and actual > cost:
        raise PremisesAboveCostError(step.step, unit.enhet, actual, cost)
    for number, category in enumerate(data.model.categories):
        n = int(data.quantities.num[enhet, number, place])
        average = average_paid(step, PriceKey(step.price, category.category, unit.recipient, period), data)
        if not n or average is None or actual * ORE == average:
            continue
        if step.categories is not None and category.category not in step.categories:
            continue
        markups = markups_on(data.model, step.price, step.marked_up_by, unit.recipient, category.category, period)
        terms = Terms(Fraction(n, data.quantities.den[number]), actual * ORE - average, factor_of(markups))
        where = Where(
            enhet, category.category, period, category.verksamhet.value, number * len(data.quantities.periods) + place
        )
        detail = {"actual": str(actual), "average": str(average / ORE)}
        more = {} if cost is None else {"at_most": str(cost)}
        append(block, where, terms, terms.amount_ore, detail=canonical_json({**detail, **more}))


def average_paid(step: Premises, key: PriceKey, data: AllocationInput) -> Fraction | None:
    """Return the average in öre per elev as the unit is paid it: shown, unless the model pays hidden prices."""
    price = data.prices.by_key.get(key)
    paid = data.model.priced_steps().get(step.price)
    return None if price is None else price.on(paid.price_on if paid else "shown")
