"""Is it the same for all? The same elev and the same units priced for each recipient: a ground, or a finding.

Prices are compared elev by elev (``equal_elev``). The other amounts — pools, lump sums, guarantees, additions — have
no price per elev: there the recipient's own units are reckoned once more as if the kommun ran them, with every pool
at the price it was solved to, and each step's difference is held against the grounds of law and model.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation.equal_conditions import applies_to, built_alike
from core.allocation.equal_elev import ElevLadder, elev_ladders
from core.allocation.equal_grounds import OWN, ground_of, law_of
from core.allocation.equal_year import YearLadder, year_ladders
from core.base import Recipient, Source, half_up
from core.parameters import DeductionAmount, PerElevAmount, WeightedPool

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.allocation.equal_elev import Rung
    from core.allocation.inputs import AllocationInput
    from core.allocation.price_table import PriceTable
    from core.parameters import AnyAmount, FundingModel

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class FindingPart:
    """A finding for one category and price list: öre per elev and year, and the yearly elever it concerns."""

    category: str
    price_list: str
    per_elev_ore: Fraction
    elever: Fraction | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference without ground. Amounts are theirs less an own unit's: negative is less than the own get.

    ``code``: ``pris`` (another price per elev), ``steg`` (a step that only some are given), ``villkor`` (a condition
    on the recipient), ``index`` (only theirs lack an index of their own). ``yearly_ore`` is for the elever they have;
    ``None`` when no counts are known. ``per_elev_ore`` is the largest per elev and year, ``None`` when it cannot be
    said. ``enheter``: how many units it concerns.
    """

    code: str
    recipient: str
    steps: tuple[str, ...]
    labels: tuple[str, ...]
    law: Source
    per_elev_ore: Fraction | None = None
    yearly_ore: int | None = None
    parts: tuple[FindingPart, ...] = ()
    enheter: int | None = None


@dataclass(frozen=True, slots=True)
class Equality:
    """The whole answer: ladders per elev, ladders of the year, and what has no ground."""

    elever: tuple[ElevLadder, ...]
    years: tuple[YearLadder, ...]
    findings: tuple[Finding, ...]


def equal_findings(model: FundingModel, prices: PriceTable, data: AllocationInput | None = None) -> tuple[Finding, ...]:
    """Return the differences without ground; with ``data`` also what each is worth in the year."""
    return equality(model, prices, data).findings


def equality(model: FundingModel, prices: PriceTable, data: AllocationInput | None = None) -> Equality:
    """Return every difference between recipients, each with its ground or as a finding."""
    ladders = elev_ladders(model, prices)
    years = tuple(year_ladders(model, ladders, data)) if data is not None else ()
    findings = [*_of_prices(model, ladders, data), *_of_amounts(model, years, data)]
    if data is not None:
        findings += _of_indexes(model, data)
    return Equality(ladders, years, tuple(findings))


def _of_prices(model: FundingModel, ladders: Sequence[ElevLadder], data: AllocationInput | None) -> Iterator[Finding]:
    """Yield a finding by recipient and verksamhet for the rungs of a kostnadsslag that do not merely follow."""
    verksamhet = {one.category: one.verksamhet.value for one in model.categories}
    grouped: dict[tuple[str, str, str], list[tuple[ElevLadder, list[Rung]]]] = {}
    for ladder in ladders:
        roots: dict[str, list[Rung]] = {}
        for rung in ladder.rungs:
            if rung.ground is None and not rung.follows:
                roots.setdefault(rung.kostnadsslag, []).append(rung)
        for slag, rungs in roots.items():
            grouped.setdefault((ladder.recipient, verksamhet[ladder.category], slag), []).append((ladder, rungs))
    for (recipient, name, _), held in grouped.items():
        parts = tuple(
            FindingPart(
                ladder.category, ladder.price_list, sum((one.difference_ore for one in rungs), ZERO),
                _elever(data, recipient, [ladder.category], ladder.price_list),
            )
            for ladder, rungs in held
        )  # fmt: skip
        yearly = None if data is None else sum((one.per_elev_ore * (one.elever or 0) for one in parts), ZERO)
        yield Finding(
            "pris", recipient, *_named((one.step, one.label) for _, rungs in held for one in rungs),
            law_of({name}, recipient), max((one.per_elev_ore for one in parts), key=abs),
            None if yearly is None else half_up(yearly.numerator, yearly.denominator), parts,
            _units_of(data, recipient, [part.category for part in parts]),
        )  # fmt: skip


def _named(steps: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    named = dict(steps)
    return tuple(named), tuple(named.values())


def _of_amounts(model: FundingModel, years: Sequence[YearLadder], data: AllocationInput | None) -> Iterator[Finding]:
    known = {(one.recipient, step.step): step for one in years for step in one.steps}
    reckoned = {one.recipient for one in years}
    if data is not None:  # who has no units has nothing to lose in the year
        reckoned |= set(Recipient) - {unit.recipient for unit in data.units}
    for step in model.amounts:
        if isinstance(step, PerElevAmount):
            continue
        for recipient in Recipient:
            who = recipient.value
            code = None if who == OWN else _unlike(step, who)
            if code is None:
                continue
            year = known.get((who, step.step))
            yearly = (year.difference_ore if year else 0) if who in reckoned else None
            categories = list(getattr(step, "categories", None) or ())
            elever = _elever(data, who, categories) if categories else None
            per_elev = Fraction(yearly) / elever if yearly is not None and elever else None
            verksamhet = getattr(step, "verksamhet", None)
            law = law_of({verksamhet.value} if verksamhet else set(), who)
            yield Finding(
                code, who, (step.step,), (step.label,), law, per_elev, yearly,
                enheter=_units_of(data, who, categories),
            )  # fmt: skip


def _unlike(step: AnyAmount, recipient: str) -> str | None:
    """Return how a step of the amounts is unlike for ``recipient`` without ground; ``None`` when it is not."""
    own, theirs = (applies_to(step, who) for who in (OWN, recipient))
    if own and theirs:
        alike = built_alike(step, recipient) or ground_of(step, recipient, more=True) is not None
        return None if alike else "villkor"
    more = own if _taken_off(step) else theirs
    return None if own == theirs or ground_of(step, recipient, more=more) else "steg"


def _taken_off(step: AnyAmount) -> bool:
    return isinstance(step, DeductionAmount)


def _of_indexes(model: FundingModel, data: AllocationInput) -> Iterator[Finding]:
    """Yield pools whose default index is used for a recipient's units but for none of the own."""
    for step in model.amounts:
        if not isinstance(step, WeightedPool) or step.factor is None or step.factor.index is None:
            continue
        if step.unequal_because is not None or step.factor.default is None:
            continue
        held = data.index.get(step.factor.index, {})
        places = [data.category_ids.index(name) for name in step.categories]
        lacking: dict[str, int] = {}
        for place, unit in enumerate(data.units):
            shares = applies_to(step, unit.recipient) and data.quantities.num[place, places].any()
            if shares and unit.enhet not in held:
                lacking[unit.recipient] = lacking.get(unit.recipient, 0) + 1
        law_for = {step.verksamhet.value} if step.verksamhet else set()
        for recipient, n in sorted(lacking.items()):
            if OWN not in lacking:
                yield Finding("index", recipient, (step.step,), (step.label,), law_of(law_for, recipient), enheter=n)


def _elever(
    data: AllocationInput | None, recipient: str, categories: Sequence[str], period: str | None = None
) -> Fraction | None:
    """Return the yearly elever of a recipient's units in some categories, in one price period or in all."""
    if data is None:
        return None
    units = [place for place, unit in enumerate(data.units) if unit.recipient == recipient]
    found = ZERO
    for name in categories:
        at = data.category_ids.index(name)
        columns = data.quantities.num[units, at]
        if period is not None:
            columns = columns[:, [data.quantities.periods.index(period)]]
        found += Fraction(int(columns.sum()), data.quantities.den[at])
    return found


def _units_of(data: AllocationInput | None, recipient: str, categories: Sequence[str]) -> int | None:
    """Return how many of a recipient's units have a counted elev of the categories, or of any when none is named."""
    if data is None:
        return None
    chosen = [data.category_ids.index(name) for name in categories] or list(range(len(data.category_ids)))
    return sum(
        unit.recipient == recipient and bool(data.quantities.num[place, chosen].any())
        for place, unit in enumerate(data.units)
    )
