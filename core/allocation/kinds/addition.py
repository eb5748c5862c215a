"""More resources to the own units in the year, and the corresponding addition to enskilda huvudmän in the same year.

Skolförordningen (2011:185) 14 kap. 2 §, gymnasieförordningen (2010:2039) 13 kap. 2 §; HFD 2015:53: a part that comes
only the next year, when the accounts are closed, is unlawful.
"""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from core.allocation.kinds.base import SolvedPool, StepKind, Terms, Where, append
from core.allocation.kinds.conditions import meets
from core.allocation.kinds.markups import factor_of, markups_on
from core.allocation.lines import ALL, LineBlock
from core.base import CoreError, Recipient, Sentence, canonical_json, distribute_with_remainders, half_up, read_number
from core.parameters import Addition

if TYPE_CHECKING:
    from core.allocation.inputs import AllocationInput
    from core.allocation.kinds.base import SoFar

ORE = 100
OWN = Recipient.EGEN.value


class AdditionWithoutUnitsError(CoreError):
    """There is an addition to the own units, but none of them has an elev."""

    def __init__(self, step: str, period: str) -> None:
        self.step, self.period = step, period
        super().__init__(
            Sentence(
                "Tillskottet i steget {step} kan inte fördelas för {period}: ingen egen enhet har en räknad elev i "
                "stegets kategorier under månaderna. Kontrollera categories, where och månaderna i modellen.",
                step=step,
                period=period,
            )
        )


class Added(StepKind[Addition]):
    """The own units share the kronor by their elever, to the last öre; others get the same kronor per elev.

    ``quantity`` is yearly elever of the addition's months, ``rate`` the own units' kronor per elev, ``factor`` what
    administration and mervärdesskatt make of it for the recipient.
    """

    name, version = "addition", 1

    def compute(self, step: Addition, so_far: SoFar) -> None:
        """Add one line per unit with an elev in the addition's months, and price period: own units', then others'."""
        own = LineBlock(so_far.facts(step, self))
        so_far.add(own)
        others = LineBlock(so_far.facts(step, self))
        paid = 0
        for place, period in enumerate(so_far.data.quantities.periods):
            months = months_of(step, place, so_far.data)
            if months:
                _share(step, (place, period), months, paid, (own, others), so_far)
            paid += len(months)
        so_far.add(others)


def months_of(step: Addition, place: int, data: AllocationInput) -> list[int]:
    """Return the addition's counted months (1–12) in the price period at ``place``."""
    period = data.quantities.periods[place]
    counted = data.model.periods()[period][: data.quantities.months[place]]
    return [month for month in counted if step.first_month <= month <= step.last_month]


def _share(
    step: Addition,
    when: tuple[int, str],
    months: list[int],
    paid: int,
    blocks: tuple[LineBlock, LineBlock],
    so_far: SoFar,
) -> None:
    data, (place, period) = so_far.data, when
    elever = _elever(step, period, months, so_far)
    own = {enhet: n for enhet, n in elever.items() if data.units[enhet].recipient == OWN}
    known = data.shares.get((step.step, period))
    if known is None:
        pot, total = _part(step, paid, len(months)), sum(own.values(), Fraction(0))
        if not total:
            raise AdditionWithoutUnitsError(step.step, period)
        shares, extra = _distribute(pot, own, data)
        so_far.pools.append(SolvedPool(step.step, period, pot, total, sum(extra.values())))
    else:
        pot, total = known.pool_ore, known.weight
        extra = {enhet: known.remainders.get(data.units[enhet].enhet, 0) for enhet in own}
        shares = {enhet: _floor(pot * n / total) + extra[enhet] for enhet, n in own.items()}
    detail = canonical_json({"months": months})
    for enhet, n in sorted(elever.items()):
        recipient = data.units[enhet].recipient
        where = Where(enhet, ALL, period, step.verksamhet.value if step.verksamhet else ALL, place)
        if recipient == OWN:
            append(blocks[0], where, Terms(n, Fraction(pot) / total), shares[enhet], extra[enhet], detail)
        elif step.corresponding:
            factor = factor_of(markups_on(data.model, None, step.marked_up_by, recipient, None, period))
            terms = Terms(n, Fraction(pot) / total, factor)
            append(blocks[1], where, terms, terms.amount_ore, detail=detail)


def _part(step: Addition, before: int, months: int) -> int:
    """Return the öre of some months, so that all the months' together are the whole amount."""
    ore, whole = read_number(step.amount) * ORE, step.last_month - step.first_month + 1
    upto, earlier = ore * (before + months) / whole, ore * before / whole
    return half_up(*upto.as_integer_ratio()) - half_up(*earlier.as_integer_ratio())


def _elever(step: Addition, period: str, months: list[int], so_far: SoFar) -> dict[int, Fraction]:
    """Return yearly elever of the months by unit's place, for those the addition is for."""
    data = so_far.data
    counted = data.quantities.by_month
    if counted is None:
        msg = f"{step.step}: an addition needs the counts of each month"
        raise ValueError(msg)
    allowed = {one.value for one in step.recipients}
    places = [data.category_ids.index(name) for name in step.categories]
    found: dict[int, Fraction] = {}
    for enhet, unit in enumerate(data.units):
        if unit.recipient in allowed and meets(step.where, enhet, period, so_far, categories=places, step=step.step):
            sums = counted[enhet][places][:, [month - 1 for month in months]].sum(axis=1).tolist()
            n = sum((Fraction(one, data.quantities.den[at]) for one, at in zip(sums, places, strict=True)), Fraction(0))
            if n:
                found[enhet] = n
    return found


def _distribute(pot: int, weights: dict[int, Fraction], data: AllocationInput) -> tuple[dict[int, int], dict[int, int]]:
    common = lcm(*(weight.denominator for weight in weights.values()))
    ids = {enhet: data.units[enhet].enhet for enhet in weights}
    by_id = {ids[enhet]: int(weight * common) for enhet, weight in weights.items()}
    shares, extra = distribute_with_remainders(pot, by_id)
    return {enhet: shares[one] for enhet, one in ids.items()}, {enhet: extra[one] for enhet, one in ids.items()}


def _floor(value: Fraction) -> int:
    whole = abs(value.numerator) // value.denominator
    return whole if value >= 0 else -whole
