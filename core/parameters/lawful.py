"""What law forbids in a model that somebody wants to try: each fault with its reason and paragraph.

Used where a model is tried and decided on (Modellverkstad), never when a file is read: a published list may be wrong
and must still be readable. Figures of law are data (``data/parameters/lagens_granser.yaml``); how a model reads them
is the model's own declaration (``read_as``), and a rate that follows the declared reading is lawful.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from core.base import Dimension, Kostnadsslag, Recipient, Verksamhet, format_number, read_number
from core.parameters.figures import figures_of
from core.parameters.parts import Figure, Reference, Strict
from core.parameters.rule_steps import Addition, CaseAmounts, Guarantee, Premises
from core.parameters.step import Enum
from core.parameters.steps import (
    DeductionAmount,
    DeductionPrice,
    Given,
    MarkupAmount,
    MarkupPrice,
    PerElevAmount,
    WeightedPool,
)
from core.parameters.strict import PARAMETERS_FOLDER, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from core.parameters.model import FundingModel
    from core.parameters.steps import AnyAmount, AnyPrice

Severity = Literal["refused", "advice"]
NEVER_NEGATIVE = frozenset(
    {
        "values", "from_budget", "weights", "weight", "pool", "amount", "minimum", "rate", "default", "decided",
        "below", "divisor",
    }
)  # fmt: skip
HUNDRED = 100
CLOSE = 10**6  # a reading such as 6 ÷ 94 is written with a handful of decimals
OWN, PRIVATE = Recipient.EGEN, Recipient.FRISTAENDE_HEMMA
NOT_GROUNDS = frozenset({Kostnadsslag.MERVARDESSKATT, Kostnadsslag.AVGIFT, Kostnadsslag.ADMINISTRATION})
"""Kostnadsslag that by law differ between own and enskilda: tax, fees, and the administration of one's own units."""


class RateOfLaw(Strict):
    """A share that law fixes for a kostnadsslag, from a day; ``recipients`` who may be given it."""

    kostnadsslag: Annotated[Kostnadsslag, Enum]
    verksamheter: list[Annotated[Verksamhet, Enum]]
    valid_from: dt.date
    share: Figure
    recipients: list[Annotated[Recipient, Enum]] = Field(default_factory=lambda: list(Recipient))
    reference: Reference


class SameGrounds(Strict):
    """The paragraph that gives enskilda huvudmän their grant on the same grounds."""

    verksamhet: Verksamhet = Field(strict=False)
    reference: Reference


class LawLimits(Strict):
    """The whole file."""

    rates: list[RateOfLaw]
    same_grounds: list[SameGrounds]
    general_grounds: Reference
    whole_need: Reference
    additions: Reference

    def rate_of(self, kostnadsslag: str, verksamhet: Verksamhet | None, day: dt.date) -> RateOfLaw | None:
        """Return the share in force on ``day``; where a step names no verksamhet, the commonest (the first)."""
        known = [
            one
            for one in self.rates
            if one.kostnadsslag == kostnadsslag
            and one.valid_from <= day
            and (verksamhet is None or verksamhet in one.verksamheter)
        ]
        return max(known, key=lambda one: one.valid_from, default=None)

    def grounds_of(self, verksamhet: Verksamhet | None) -> Reference:
        """Return the paragraph on the same grounds for a verksamhet, or the general one."""
        found = (one.reference for one in self.same_grounds if one.verksamhet == verksamhet)
        return next(found, self.general_grounds)


@cache
def load_limits() -> LawLimits:
    """Return the limits that come with the program, read once."""
    path = PARAMETERS_FOLDER / "lagens_granser.yaml"
    limits, _ = read_part(path.read_text(encoding="utf-8"), path.name, LawLimits)
    return limits


@dataclass(frozen=True, slots=True)
class LawFinding:
    """What law says of a trial: ``where`` the step or address, ``what`` is wrong, ``reason`` and paragraph."""

    where: str
    what: str
    reason: str
    source: Reference
    severity: Severity


def lawful(before: FundingModel, after: FundingModel, today: dt.date | None = None) -> tuple[LawFinding, ...]:
    """Return what law says of ``after``, tried in place of ``before``.

    What the trial brings is refused; what the model said already is advice, so that one old fault does not stop every
    other trial. ``today`` tells whether the year is over.
    """
    known = {(one.where, one.what) for one in _all(before, None)}
    found = [*_all(after, before), *_after_the_year(before, after, today)]
    return tuple(
        LawFinding(one.where, one.what, one.reason, one.source, "advice") if (one.where, one.what) in known else one
        for one in dict.fromkeys(found)
    )


def refused(findings: tuple[LawFinding, ...]) -> tuple[LawFinding, ...]:
    """Return the findings that stop a trial from being saved."""
    return tuple(one for one in findings if one.severity == "refused")


def _all(model: FundingModel, before: FundingModel | None) -> Iterator[LawFinding]:
    steps = [*model.prices, *(one for one in model.amounts if not isinstance(one, PerElevAmount))]
    for step in steps:
        yield from _rate(model, step)
    yield from _signs(model)
    yield from _individual(model)
    yield from _additions(model)
    if before is not None:
        yield from _one_side(before, model)


def _rate(model: FundingModel, step: AnyPrice | AnyAmount) -> Iterator[LawFinding]:
    if not isinstance(step, MarkupPrice | MarkupAmount):
        return
    law = load_limits().rate_of(step.kostnadsslag, step.verksamhet, dt.date(model.year, 1, 1))
    if law is None:
        return
    name = step.label.lower()
    rate, wanted = read_number(step.rate), _as_read(read_number(law.share), step.reference)
    if abs(rate - wanted) * CLOSE > 1:
        yield LawFinding(
            step.step,
            f"{step.label} är {percent(rate)}.",
            f"Påslaget för {name} är bestämt till {percent(wanted)}, så som modellen läser lagtexten. Det kan inte "
            "ändras av nämnden.",
            law.reference,
            "refused",
        )
    for recipient in sorted({one.value for one in step.recipients} - {one.value for one in law.recipients}):
        yield LawFinding(
            step.step,
            f"{step.label} betalas till {recipient}.",
            "Mervärdesskatten ersätter enskilda huvudmän för moms de inte får dra av. Egna enheter och andra kommuner "
            "får den inte.",
            law.reference,
            "refused",
        )


def percent(share: Fraction) -> str:
    """Return a share as Swedish per cent."""
    return f"{format_number(share * HUNDRED)} %"


def _as_read(share: Fraction, reference: Reference) -> Fraction:
    """Return the mark-up that a share of law is, as the model declares that it reads it."""
    return share / (1 - share) if reference.read_as == "of_whole" else share


def _signs(model: FundingModel) -> Iterator[LawFinding]:
    general = load_limits().general_grounds
    for place in figures_of(model):
        if NEVER_NEGATIVE.intersection(place.address.split("/")) and read_number(place.value) < 0:
            yield LawFinding(
                place.address,
                f"{place.label} är {place.value}.",
                "Pengar fördelas efter barns och elevers behov. Ett pris, en pott, en vikt eller en andel kan inte "
                "vara mindre än noll.",
                general,
                "refused",
            )


def _individual(model: FundingModel) -> Iterator[LawFinding]:
    """Yield steps that would change single elever's amounts: only mervärdesskatt may lie on them."""
    decided = {
        one.step
        for one in model.amounts
        if isinstance(one, Given | CaseAmounts) and getattr(one, "dimension", None) is Dimension.INDIVID
    }
    for step in model.amounts:
        if isinstance(step, PerElevAmount) or step.kostnadsslag is Kostnadsslag.MERVARDESSKATT:
            continue
        touched = sorted(decided & _named_by(step))
        if touched and isinstance(step, MarkupAmount | DeductionAmount | Guarantee | WeightedPool):
            yield LawFinding(
                step.step,
                f"{step.label} räknas på {', '.join(touched)}.",
                "Beslutade belopp för en enskild elev täcker hela behovet. De kan inte räknas upp, räknas ned eller "
                "anpassas till en ram.",
                load_limits().whole_need,
                "refused",
            )


def _named_by(step: AnyAmount) -> set[str]:
    names = {one for one in getattr(step, "of", None) or () if isinstance(one, str)}
    factor = getattr(step, "factor", None)
    return names | {name for name in (getattr(step, "quantity", None), getattr(factor, "step", None)) if name}


def _additions(model: FundingModel) -> Iterator[LawFinding]:
    limits = load_limits()
    for step in model.amounts:
        if not isinstance(step, Addition):
            continue
        late = [day for day in (step.decided, step.paid_by) if day is not None and day.year > model.year]
        if late:
            yield LawFinding(
                step.step,
                f"{step.label} beslutas eller betalas {max(late)}, efter budgetåret {model.year}.",
                "Får de egna enheterna mer under budgetåret ska motsvarande tillskott till enskilda huvudmän ges under "
                "samma budgetår.",
                limits.additions,
                "refused",
            )
        if not step.corresponding:
            yield LawFinding(
                step.step,
                f"{step.label} ger inget motsvarande tillskott: {step.no_corresponding_because}",
                "Skälet prövas om beslutet överklagas.",
                limits.additions,
                "advice",
            )


def _one_side(before: FundingModel, model: FundingModel) -> Iterator[LawFinding]:
    """Yield figures that are changed on a step which reaches own units but not enskilda, or the other way round."""
    was = {place.address: place for place in figures_of(before)}
    steps = {one.step: one for one in (*model.prices, *model.amounts) if not isinstance(one, PerElevAmount)}
    for place in figures_of(model):
        step = steps.get(place.step)
        old = was.get(place.address)
        if step is None or old is None or read_number(old.value) == read_number(place.value) or not _is_ground(step):
            continue
        reached = _reached(step)
        if (OWN in reached) == (PRIVATE in reached):
            continue
        side = "kommunens egna enheter" if OWN in reached else "enskilda huvudmän"
        reason = "Bidraget till enskilda huvudmän ska bestämmas efter samma grunder som fördelningen till egna enheter."
        ground = getattr(step, "unequal_because", None)
        rest = f" Modellens skäl för skillnaden: {ground.title}." if ground else " Modellen anger inget skäl."
        yield LawFinding(
            place.address,
            f"{place.label} ändras bara för {side}.",
            reason + rest,
            load_limits().grounds_of(step.verksamhet),
            "advice" if ground else "refused",
        )


def _is_ground(step: AnyPrice | AnyAmount) -> bool:
    """Say whether a step is a ground of the grundbelopp, which must be the same for own and enskilda."""
    if isinstance(step, PerElevAmount | DeductionPrice | DeductionAmount | Premises | Given | CaseAmounts | Addition):
        return False
    return step.kostnadsslag not in NOT_GROUNDS and step.dimension is not Dimension.INDIVID


def _reached(step: AnyPrice | AnyAmount) -> set[Recipient]:
    """Return whom a step can give something: its recipients, less those its conditions shut out."""
    reached = set(getattr(step, "recipients", ()))
    for part in getattr(step, "where", ()):
        if part.field == "recipient" and (part.equals is not None or part.one_of is not None):
            wanted = {part.equals} if part.equals is not None else set(part.one_of or ())
            reached = {one for one in reached if one.value in wanted}
    return reached


def _after_the_year(before: FundingModel, after: FundingModel, today: dt.date | None) -> Iterator[LawFinding]:
    if today is None or today.year <= after.year:
        return
    amounts = {one.step: one.amount for one in before.amounts if isinstance(one, Addition)}
    for step in after.amounts:
        if isinstance(step, Addition) and read_number(amounts.get(step.step, "0")) != read_number(step.amount):
            yield LawFinding(
                step.step,
                f"{step.label} ändras efter budgetåret {after.year}.",
                "Ett tillskott för ett år som är slut kan inte ges: det ska ha betalats under samma budgetår.",
                load_limits().additions,
                "refused",
            )
