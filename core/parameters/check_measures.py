"""Hold measures, terms and conditions against the model: names that exist and come earlier, curves in order.

Individual amounts are decided elev by elev, and nothing a model says can scale them to a frame: HFD mål 1320-19.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import Dimension, read_number
from core.parameters.check_conditions import check_condition
from core.parameters.measure_steps import Combine, Measure, Sliding
from core.parameters.parts import Predicate, Term
from core.parameters.rule_steps import CaseAmounts
from core.parameters.steps import PerElevAmount, PerUnit
from core.parameters.walk import names_of_step, parts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from core.parameters.measure_steps import Curve
    from core.parameters.model import FundingModel
    from core.parameters.yaml_lines import Path

Fault = tuple[tuple[str | int, ...], str]
NOT_SCALED = (
    "{name} är beslutade belopp för enskilda elever och får inte räknas om: inget i modellen får anpassa dem till en "
    "ram (Högsta förvaltningsdomstolen, mål 1320-19). De får bara läggas ihop, i combine med how: sum och weight 1, "
    "utan gränser."
)


def check_measures(model: FundingModel) -> Iterator[Fault]:
    """Yield the faults of every measure, and of every term and condition on a unit in any amount step."""
    earlier: list[str] = []
    measures: list[str] = []
    individual: set[str] = set()
    for place, step in enumerate(model.amounts):
        path: Path = ("amounts", place)
        for where, part in parts_of(step, path):
            if isinstance(part, Predicate):
                yield from check_condition(part, where, _called(step), earlier)
            elif isinstance(part, Term):
                yield from _term(part, where, model, earlier, measures)
        if isinstance(step, Measure):
            yield from _measure(step, path, model)
            yield from _not_scaled(step, path, individual)
            measures.append(step.step)
        else:
            yield from _paid_steps(step, path, model)
        if _is_individual(step, individual):
            individual.update(names_of_step(step))
        earlier.extend(names_of_step(step))


def _called(step: object) -> str:
    if isinstance(step, PerUnit):
        return "ett enhetsbelopp"
    return "ett steg" if isinstance(step, Measure) else "ett beloppssteg"


def _unknown(path: Path, kind: str, name: str | None, known: Iterable[str], remedy: str = "") -> Iterator[Fault]:
    allowed = sorted(set(known))
    if name is not None and name not in allowed:
        yield path, f"{kind} ”{name}” finns inte i modellen{remedy}. Finns: {', '.join(allowed) or 'inget'}."


def _term(
    term: Term, path: Path, model: FundingModel, earlier: Sequence[str], measures: Sequence[str]
) -> Iterator[Fault]:
    yield from _unknown((*path, "category"), "Kategorin", term.category, (one.category for one in model.categories))
    yield from _unknown((*path, "price"), "Prissteget", term.price, (one.step for one in model.prices))
    if term.over_units is None:
        yield from _unknown((*path, "step"), "Steget", term.step, earlier, " före detta steg")
    elif term.step is not None and term.step not in measures:
        text = (
            f"over_units lägger ihop ett tidigare steg av sorten combine, ratio eller sliding, och ”{term.step}” är "
            "inget sådant. Gör först ett combine av det."
        )
        yield (*path, "over_units"), text


def _measure(step: Measure, path: Path, model: FundingModel) -> Iterator[Fault]:
    for name in step.categories or []:
        yield from _unknown((*path, "categories"), "Kategorin", name, (one.category for one in model.categories))
    low, high = step.at_least, step.at_most
    if low is not None and high is not None and read_number(low) > read_number(high):
        yield (*path, "at_least"), f"at_least {low} är mer än at_most {high}. Byt plats på dem."
    if isinstance(step, Sliding):
        for place, curve in enumerate(step.curves):
            yield from _points(curve, (*path, "curves", place, "points"))


def _points(curve: Curve, path: Path) -> Iterator[Fault]:
    x = [read_number(point[0]) for point in curve.points]
    for place in range(1, len(x)):
        if x[place] < x[place - 1]:
            yield (*path, place), "punkterna ska stå i ordning efter sitt första tal. Flytta punkten."
        elif place > 1 and x[place] == x[place - 2]:
            yield (*path, place), "tre punkter har samma första tal. Behåll två: den före och den efter hoppet."


def _is_individual(step: object, individual: set[str]) -> bool:
    """Say whether a step is decided for single elever, or adds such amounts up."""
    if isinstance(step, PerElevAmount):
        return False
    if isinstance(step, CaseAmounts) or getattr(step, "dimension", None) is Dimension.INDIVID:
        return True
    return isinstance(step, Measure) and any(term.step in individual for _, term in step.terms())


def _not_scaled(step: Measure, path: Path, individual: set[str]) -> Iterator[Fault]:
    adds = isinstance(step, Combine) and step.how == "sum" and step.at_least is None and step.at_most is None
    for where, term in step.terms():
        if term.step in individual and not (adds and read_number(term.weight) == 1):
            yield (*path, *where), NOT_SCALED.format(name=term.step)


def _paid_steps(step: object, path: Path, model: FundingModel) -> Iterator[Fault]:
    """Yield earlier steps that a rate or a guarantee is taken on though they pay nothing."""
    unpaid = {one.step: one.yields for one in model.amounts if isinstance(one, Measure) and one.yields != "amount"}
    for name in getattr(step, "of", None) or ():
        if isinstance(name, str) and name in unpaid:
            yield (
                (*path, "of"),
                f"”{name}” är {unpaid[name]} och betalar inga kronor. Låt steget ha yields: amount, eller ta bort det.",
            )
