"""Hold steps with a rule of their own in law against it: what may not be scaled, deferred, or paid twice.

Individual amounts are decided from each elev's need, and nothing in a model may fit them to a frame (HFD mål 1320-19);
an addition to the own units gives enskilda huvudmän the corresponding one in the same budget year (HFD 2015:53).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import Dimension, Kostnadsslag, Recipient, read_number
from core.parameters.measure_steps import Measure
from core.parameters.riksprislista import RiksprislistaMissingError, load_riksprislista, table_years
from core.parameters.rule_steps import Addition, CaseAmounts, Guarantee, Premises
from core.parameters.steps import (
    DeductionAmount,
    DeductionPrice,
    Given,
    MarkupAmount,
    MarkupPrice,
    PerElevPrice,
    WeightedPool,
)
from core.parameters.strict import NEVER_SCALED
from core.parameters.walk import names_of_step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from core.parameters.model import FundingModel
    from core.parameters.yaml_lines import Path

Fault = tuple[tuple[str | int, ...], str]
SAME_YEAR = (
    "enskilda huvudmän ska få motsvarande tillskott under samma budgetår, medan räkenskaperna är öppna (HFD 2015:53)"
)
INDEPENDENT = {Recipient.FRISTAENDE_HEMMA, Recipient.FRISTAENDE_ANNAN}


def check_rules(model: FundingModel) -> Iterator[Fault]:
    """Yield the faults of guarantees, premises, decided amounts, additions, pools, fees and national tables."""
    for place, price in enumerate(model.prices):
        if isinstance(price, PerElevPrice):
            yield from _table(price, ("prices", place, "from_table"), model)
        if isinstance(price, DeductionPrice):
            yield from _collected(price, ("prices", place, "collected_by"))
    earlier: list[str] = []
    individual: set[str] = set()
    for place, step in enumerate(model.amounts):
        path: Path = ("amounts", place)
        yield from _never_scaled(step, path, individual)
        if isinstance(step, Guarantee):
            yield from _guarantee(step, path, model, earlier)
        elif isinstance(step, Premises):
            yield from _premises(step, path, model)
        elif isinstance(step, Addition):
            yield from _addition(step, path, model)
        elif isinstance(step, WeightedPool):
            yield from _pool(step, path, earlier)
        if decided_individually(step, individual):
            individual.update(names_of_step(step))
        earlier.extend(names_of_step(step))


def _unknown(path: Path, kind: str, names: Collection[str], known: Collection[str]) -> Iterator[Fault]:
    for name in names:
        if name not in known:
            yield path, f"{kind} ”{name}” finns inte. Finns: {', '.join(sorted(known)) or 'ingen'}."


def decided_individually(step: object, individual: set[str]) -> bool:
    """Say whether a step is decided for single elever, or builds on one that is."""
    if isinstance(step, CaseAmounts) or (isinstance(step, Given) and step.dimension is Dimension.INDIVID):
        return True
    return not individual.isdisjoint(_built_on(step))


def _built_on(step: object) -> set[str]:
    if isinstance(step, Measure):
        return {term.step for _, term in step.terms() if term.step is not None}
    return set(getattr(step, "of", None) or ())


def _never_scaled(step: object, path: Path, individual: set[str]) -> Iterator[Fault]:
    if isinstance(step, DeductionAmount | Guarantee):
        for name in sorted(individual.intersection(step.of)):
            yield (*path, "of"), f"{name} får inte stå här: {NEVER_SCALED} Ta bort namnet."
    if isinstance(step, MarkupAmount) and read_number(step.rate) < 0:
        for name in sorted(individual.intersection(step.of)):
            yield (*path, "rate"), f"{name} får inte minskas: {NEVER_SCALED} Ta bort steget."
    if isinstance(step, WeightedPool):
        if step.quantity in individual:
            yield (*path, "quantity"), f"{step.quantity} kan inte dela en pott: {NEVER_SCALED} Välj ett annat steg."
        if step.factor is not None and step.factor.step in individual:
            yield (*path, "factor"), f"{step.factor.step} kan inte vara faktor: {NEVER_SCALED} Välj ett annat steg."


def _guarantee(step: Guarantee, path: Path, model: FundingModel, earlier: Collection[str]) -> Iterator[Fault]:
    yield from _unknown((*path, "of"), "Det tidigare beloppssteget", step.of, earlier)
    yield from _unknown((*path, "categories"), "Kategorin", step.categories, [one.category for one in model.categories])
    floor, ceiling = (None if text is None else read_number(text) for text in (step.floor, step.ceiling))
    if floor is not None and floor < -1:
        yield (*path, "floor"), 'floor är lägre än allt, "-1". Skriv till exempel "-0.02" för högst två procent.'
    if floor is not None and ceiling is not None and floor > ceiling:
        yield (*path, "floor"), f"golvet {step.floor} ligger över taket {step.ceiling}. Byt plats på dem."
    if step.share is not None and not 0 <= read_number(step.share) <= 1:
        yield (*path, "share"), f"share är en del av förändringen, 0 till 1, inte {step.share}."
    if step.minimum is not None and read_number(step.minimum) < 0:
        yield (*path, "minimum"), "minimum är kronor per elev, noll eller mer."


def _premises(step: Premises, path: Path, model: FundingModel) -> Iterator[Fault]:
    prices = [one.step for one in model.prices]
    yield from _unknown((*path, "price"), "Prissteget", [step.price], prices)
    known = [one.category for one in model.categories]
    yield from _unknown((*path, "categories"), "Kategorin", step.categories or [], known)
    yield from _markups(step, path, model)
    price = next((one for one in model.prices if one.step == step.price), None)
    if price is not None and price.kostnadsslag is not Kostnadsslag.LOKALKOSTNADER:
        text = f"{step.price} har kostnadsslaget {price.kostnadsslag.value}. Ange prissteget för lokalkostnader."
        yield (*path, "price"), text
    for name in step.marked_up_by:
        if price is not None and name in prices and not _lies_on(name, step.price, model):
            text = f"{name} räknas inte på {step.price} i prislistan. Ta bort det ur marked_up_by."
            yield (*path, "marked_up_by"), text


def _lies_on(markup: str, price: str, model: FundingModel) -> bool:
    """Say whether a price step builds on another, itself or by way of steps between."""
    reached = {price}
    for one in model.prices:
        if reached & set(one.of or ()):
            reached.add(one.step)
    return markup in reached


def _markups(step: Premises | Addition, path: Path, model: FundingModel) -> Iterator[Fault]:
    markups = [one.step for one in model.prices if isinstance(one, MarkupPrice)]
    yield from _unknown((*path, "marked_up_by"), "Prissteget av sorten markup", step.marked_up_by, markups)


def _addition(step: Addition, path: Path, model: FundingModel) -> Iterator[Fault]:
    yield from _unknown((*path, "categories"), "Kategorin", step.categories, [one.category for one in model.categories])
    yield from _markups(step, path, model)
    if step.decided.year != model.year:
        text = (
            f"tillskottet är beslutat {step.decided}, men modellen gäller {model.year}: {SAME_YEAR}. Lägg det i "
            f"modellen för {step.decided.year}."
        )
        yield (*path, "decided"), text
    if step.paid_by is not None and step.paid_by.year != model.year:
        text = f"det sista betalas {step.paid_by}, efter {model.year}: {SAME_YEAR}. Betala senast {model.year}-12-31."
        yield (*path, "paid_by"), text
    elif step.paid_by is not None and step.paid_by < step.decided:
        yield (*path, "paid_by"), f"det sista betalas {step.paid_by}, före beslutet {step.decided}. Rätta datumet."
    if Recipient.EGEN not in step.recipients:
        yield (*path, "recipients"), "ett tillskott går till de egna enheterna. Lägg till egen."
    if step.corresponding and INDEPENDENT.isdisjoint(step.recipients):
        text = (
            f"inga fristående finns bland mottagarna, men {SAME_YEAR}. Lägg till dem, eller säg corresponding: "
            "false och varför."
        )
        yield (*path, "recipients"), text


def _pool(step: WeightedPool, path: Path, earlier: Collection[str]) -> Iterator[Fault]:
    named = [step.quantity] if step.quantity is not None else []
    yield from _unknown((*path, "quantity"), "Det tidigare steget", named, earlier)
    if step.quantity is not None and step.weights:
        yield (*path, "weights"), "vikter gäller kategorier. Ta bort dem när potten delas efter quantity."
    factor = step.factor
    if factor is not None and factor.step is not None:
        yield from _unknown((*path, "factor", "step"), "Det tidigare steget", [factor.step], earlier)
    if factor is not None and factor.small is not None and read_number(factor.small.below) <= 0:
        yield (*path, "factor", "small", "below"), "below är ett antal elever över noll."


def _collected(step: DeductionPrice, path: Path) -> Iterator[Fault]:
    for recipient in step.collected_by or {}:
        if recipient not in step.recipients:
            text = f"{recipient.value} är ingen mottagare av steget, så ingen avgift dras där. Ta bort raden."
            yield (*path, recipient.value), text
    if step.collected_by and step.kostnadsslag is not Kostnadsslag.AVGIFT:
        yield path, "collected_by gäller en avgift. Ange kostnadsslag: avgift, eller ta bort raden."


def _table(step: PerElevPrice, path: Path, model: FundingModel) -> Iterator[Fault]:
    if step.from_table is None:
        return
    programmes = step.from_table.programmes
    yield from _unknown(
        (*path, "programmes"), "Kategorin", list(programmes), [one.category for one in model.categories]
    )
    for year in sorted(set(table_years(step, model).values())):
        for category, programme in programmes.items():
            try:
                load_riksprislista().of(year).amount(programme, step.from_table.meals)
            except RiksprislistaMissingError as error:
                yield (*path, "programmes", category), str(error)
