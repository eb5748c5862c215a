"""A pot shared in proportion to weight × elever × index, to the last öre."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from core.allocation.kinds.base import SoFar, SolvedPool, StepKind, Terms, Where, append
from core.allocation.kinds.pool_factor import FactorReader
from core.allocation.lines import ALL, LineBlock
from core.base import CoreError, Sentence, canonical_json, distribute_with_remainders, half_up, read_number
from core.parameters import WeightedPool

if TYPE_CHECKING:
    from core.allocation.inputs import AllocationInput

ORE, MONTHS = 100, 12


class PoolWithoutWeightError(CoreError):
    """There is a pot, but nobody to share it."""

    def __init__(self, step: str, period: str) -> None:
        self.step, self.period = step, period
        super().__init__(
            Sentence(
                "Potten i steget {step} kan inte fördelas för {period}: ingen enhet har en vikt över noll. Kontrollera "
                "kategorier och index i modellen.",
                step=step,
                period=period,
            )
        )


class PoolWeightNegativeError(CoreError):
    """A unit's weight in a pool is below zero: it would pay in instead of sharing."""

    def __init__(self, step: str, enhet: str) -> None:
        self.step, self.enhet = step, enhet
        super().__init__(
            Sentence(
                "Enheten {enhet} har en vikt under noll i potten {step}. Kontrollera indexet eller det tidigare steg "
                "som potten delas efter: en vikt är noll eller mer.",
                enhet=enhet,
                step=step,
            )
        )


class Pool(StepKind[WeightedPool]):
    """The price per weighted elev is solved; the whole pot is handed out and no öre twice.

    Largest remainder, ties by unit id in byte order. A line's ``quantity`` is weighted elever (or an earlier step's
    value), its ``factor`` the index, its ``rate`` pot ÷ total weight.
    """

    name, version = "weighted_pool", 1

    def compute(self, step: WeightedPool, so_far: SoFar) -> None:
        """Add one line per enhet and period with weight."""
        block = LineBlock(so_far.facts(step, self))
        for place, period in enumerate(so_far.data.quantities.periods):
            self._share(step, place, period, block, so_far)
        so_far.add(block)

    def _share(self, step: WeightedPool, place: int, period: str, block: LineBlock, so_far: SoFar) -> None:
        data = so_far.data
        months = data.quantities.months[place]
        quantities = _weighted(step, place, data) if step.quantity is None else _of_step(step, period, so_far)
        if not months or not (quantities or (step.step, period) in data.shares):
            if months and not quantities:
                raise PoolWithoutWeightError(step.step, period)
            return
        own = data.shares.get((step.step, period))
        reader = FactorReader(step, (place, period), quantities, so_far, own)
        factors = {enhet: found for enhet in quantities if (found := reader.of(enhet)) is not None}
        weights = {enhet: quantities[enhet] * factor for enhet, (factor, _) in factors.items()}
        _must_not_be_negative(step, weights, data)
        if own is not None:
            pot, total = own.pool_ore, own.weight
            extra = {enhet: own.remainders.get(data.units[enhet].enhet, 0) for enhet in weights}
            shares = {enhet: _floor(pot * weight / total) + extra[enhet] for enhet, weight in weights.items()}
        else:
            yearly = read_number(step.pool) * ORE * months / MONTHS
            pot, total = half_up(yearly.numerator, yearly.denominator), sum(weights.values(), Fraction(0))
            if not total:
                raise PoolWithoutWeightError(step.step, period)
            shares, extra = _distribute(pot, weights, data)
        so_far.pools.append(SolvedPool(step.step, period, pot, total, sum(extra.values()), reader.means))
        price = Fraction(pot) / total
        for enhet in sorted(weights):
            factor, said = factors[enhet]
            where = Where(enhet, ALL, period, step.verksamhet.value if step.verksamhet else ALL, place)
            append(
                block, where, Terms(quantities[enhet], price, factor), shares[enhet], extra[enhet], canonical_json(said)
            )


def _weighted(step: WeightedPool, place: int, data: AllocationInput) -> dict[int, Fraction]:
    """Return weighted yearly elever by unit's place, for the recipients the pool is for."""
    allowed = {one.value for one in step.recipients}
    ids = data.category_ids
    chosen = [(ids.index(name), read_number(step.weights.get(name, "1"))) for name in step.categories]
    common = lcm(*(data.quantities.den[one] * weight.denominator for one, weight in chosen))
    columns = [(one, int(weight * common / data.quantities.den[one])) for one, weight in chosen]
    num = data.quantities.num[:, [one for one, _ in columns], place].tolist()
    sums: dict[int, Fraction] = {}
    for enhet, unit in enumerate(data.units):
        if unit.recipient in allowed:
            total = sum(n * scale for n, (_, scale) in zip(num[enhet], columns, strict=True))
            if total:
                sums[enhet] = Fraction(total, common)
    return sums


def _of_step(step: WeightedPool, period: str, so_far: SoFar) -> dict[int, Fraction]:
    """Return the value of the earlier step that the pool is shared by, by unit's place, where it has one."""
    allowed = {one.value for one in step.recipients}
    found: dict[int, Fraction] = {}
    for enhet, unit in enumerate(so_far.data.units):
        value = so_far.value_of(step.quantity or "", enhet, period) if unit.recipient in allowed else None
        if value is not None and value[0]:
            found[enhet] = value[0]
    return found


def _must_not_be_negative(step: WeightedPool, weights: dict[int, Fraction], data: AllocationInput) -> None:
    for enhet, weight in weights.items():
        if weight < 0:
            raise PoolWeightNegativeError(step.step, data.units[enhet].enhet)


def _distribute(pot: int, weights: dict[int, Fraction], data: AllocationInput) -> tuple[dict[int, int], dict[int, int]]:
    common = lcm(*(weight.denominator for weight in weights.values()))
    by_id = {
        data.units[enhet].enhet: weight.numerator * (common // weight.denominator) for enhet, weight in weights.items()
    }
    shares, extra = distribute_with_remainders(pot, by_id)
    return (
        {enhet: shares[data.units[enhet].enhet] for enhet in weights},
        {enhet: extra[data.units[enhet].enhet] for enhet in weights},
    )


def _floor(value: Fraction) -> int:
    whole = abs(value.numerator) // value.denominator
    return whole if value >= 0 else -whole
