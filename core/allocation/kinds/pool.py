"""A pot shared in proportion to weight × elever × index, to the last öre."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING

from core.allocation.kinds.base import SoFar, SolvedPool, StepKind, Terms, Where, append
from core.allocation.lines import ALL, LineBlock
from core.base import CoreError, canonical_json, distribute_with_remainders, half_up, read_number
from core.parameters import WeightedPool

if TYPE_CHECKING:
    from core.allocation.inputs import AllocationInput

ORE, MONTHS = 100, 12


class IndexMissingError(CoreError):
    """A unit shares in a pool but has no index value, and the model gives no default."""

    def __init__(self, step: str, index: str, enhet: str) -> None:
        self.step, self.index, self.enhet = step, index, enhet
        super().__init__(
            f"Enheten {enhet} saknar värde i indexet {index}, som steget {step} delar ut efter. Läs in ett värde för "
            "enheten, eller ange default under factor i modellen."
        )


class PoolWithoutWeightError(CoreError):
    """There is a pot, but nobody to share it."""

    def __init__(self, step: str, period: str) -> None:
        self.step, self.period = step, period
        super().__init__(
            f"Potten i steget {step} kan inte fördelas för {period}: ingen enhet har en vikt över noll. Kontrollera "
            "kategorier och index i modellen."
        )


class Pool(StepKind[WeightedPool]):
    """The price per weighted elev is solved; the whole pot is handed out and no öre twice.

    Largest remainder, ties by unit id in byte order. A line's ``quantity`` is weighted elever, its
    ``factor`` the index, its ``rate`` pot ÷ total weight.
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
        quantities = _weighted(step, place, data)
        if not months or not (quantities or (step.step, period) in data.shares):
            if months and not quantities:
                raise PoolWithoutWeightError(step.step, period)
            return
        factors = {enhet: _factor(step, data.units[enhet].enhet, data) for enhet in quantities}
        weights = {enhet: quantities[enhet] * factors[enhet][0] for enhet in quantities}
        own = data.shares.get((step.step, period))
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
        so_far.pools.append(SolvedPool(step.step, period, pot, total, sum(extra.values())))
        price = Fraction(pot) / total
        for enhet in sorted(weights):
            factor, by_default = factors[enhet]
            detail = canonical_json({"index_default": True} if by_default else {})
            where = Where(enhet, ALL, period, step.verksamhet.value if step.verksamhet else ALL, place)
            append(block, where, Terms(quantities[enhet], price, factor), shares[enhet], extra[enhet], detail)


def _weighted(step: WeightedPool, place: int, data: AllocationInput) -> dict[int, Fraction]:
    """Return weighted yearly elever by unit's place, for the recipients the pool is for."""
    allowed = {one.value for one in step.recipients}
    ids = data.category_ids
    chosen = [(ids.index(name), read_number(step.weights.get(name, "1"))) for name in step.categories]
    common = lcm(*(data.quantities.den[one] * weight.denominator for one, weight in chosen))
    columns = [(one, int(weight * common / data.quantities.den[one])) for one, weight in chosen]
    sums: dict[int, Fraction] = {}
    for enhet, unit in enumerate(data.units):
        if unit.recipient in allowed:
            total = sum(int(data.quantities.num[enhet, one, place]) * scale for one, scale in columns)
            if total:
                sums[enhet] = Fraction(total, common)
    return sums


def _factor(step: WeightedPool, enhet: str, data: AllocationInput) -> tuple[Fraction, bool]:
    if step.factor is None:
        return Fraction(1), False
    value = data.index.get(step.factor.index or "", {}).get(enhet)
    if value is not None:
        return value, False
    if step.factor.default is None:
        raise IndexMissingError(step.step, step.factor.index or "", enhet)
    return read_number(str(step.factor.default)), True


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
