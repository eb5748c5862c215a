"""Interkommunal ersättning, both ways: what other kommuner owe us, and what we pay for our elever elsewhere."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation import PriceTable, category_label
from core.allocation.claims import MISSING, TO_CLAIM, TO_PAY, explain_claim, paid_elsewhere
from core.base import CoreError, Month, Recipient, Sentence, Source, half_up
from core.usecases.choices import SHOWN
from core.usecases.claim_counts import COUNTED
from core.usecases.claim_views import ClaimLine, ClaimSum, ClaimsView
from core.usecases.context import kommun_of, must
from core.usecases.frozen import batches_frozen, current_units
from core.usecases.presenting import model_of, run_info

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from core.access import Actor
    from core.allocation.claims import Claim
    from core.base import Derivation
    from core.parameters import FundingModel
    from core.store import RunRecord, UnitOfWork
    from core.usecases.context import App

OTHER = Recipient.ANNAN_KOMMUN.value


class NoSuchClaimError(CoreError):
    """The address names no claim of the run."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(
            Sentence(
                "Det finns inget krav med adressen ”{key}” i körningen. Öppna kravet ur tabellen i stället.", key=key
            )
        )


def claims_view(app: App, viewer: Actor, run: int | None = None) -> ClaimsView:
    """Return both directions of a run that counts the register (the newest decided when none is named)."""
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        counted = [one for one in work.runs.list(kommun) if one.kind in COUNTED]
        record = work.runs.get(kommun, run) if run is not None else _newest(counted)
        runs = tuple(run_info(one) for one in counted)
        if record is None:
            return ClaimsView(None, runs, has_rules=False, to_claim_ore=0, to_pay_ore=0, without_price=0,
                              sums=(), lines=())  # fmt: skip
        model = model_of(record)
        names = {one.enhet: one.name for one in work.runs.units(kommun, record.number)}
        claims = [*work.claims.of_run(kommun, record.number), *_to_pay(work, record, model)]
    lines = tuple(_line(one, model, names) for one in claims)
    return ClaimsView(
        run_info(record),
        runs,
        model.ike is not None,
        sum(one.amount_ore for one in claims if one.direction == TO_CLAIM),
        sum(one.amount_ore for one in claims if one.direction == TO_PAY),
        sum(one.basis == MISSING for one in claims),
        tuple(_sums(lines)),
        lines,
    )


def _newest(runs: Sequence[RunRecord]) -> RunRecord | None:
    decided = [one for one in runs if one.state in SHOWN]
    return next(iter(sorted(decided or runs, key=lambda one: (one.year, one.number), reverse=True)), None)


def _to_pay(work: UnitOfWork, run: RunRecord, model: FundingModel) -> list[Claim]:
    """Return what the run's own lines pay to other kommuner, by where their units lie."""
    elsewhere = [one.enhet for one in work.runs.units(run.kommun, run.number) if one.recipient == OTHER]
    lines = [line for enhet in elsewhere for line in work.runs.lines(run.kommun, run.number, enhet)]
    counted: dict[tuple[str, str, str], Fraction] = {}
    for period, numbers in model.periods().items():
        codes = [Month(run.year, number).code for number in numbers if number <= run.through_month]
        for enhet, category, den, n, _ in work.sums.counted(run.kommun, run.number, codes):
            counted[enhet, category, period] = Fraction(n, den)
    last = Month(run.year, run.through_month).last_day
    numbers_held = batches_frozen(work, run)("units", [last])[last]
    lies = {one.enhet: one.lageskommun for one in current_units(work.facts.units(run.kommun, numbers_held), run.year)}
    return paid_elsewhere(lines, counted, lies)


def _line(claim: Claim, model: FundingModel, names: Mapping[str, str]) -> ClaimLine:
    missing = claim.basis == MISSING
    whole_unit = claim.direction == TO_PAY and claim.category.startswith("alla.")
    category = "hela enheten" if whole_unit else category_label(model, claim.category)
    return ClaimLine(
        claim.key, claim.direction, claim.other_kommun, claim.enhet, names.get(claim.enhet, claim.enhet), category,
        claim.verksamhet, claim.ground, claim.basis, claim.period, None if whole_unit else claim.n,
        None if missing or whole_unit else half_up(claim.price.numerator, claim.price.denominator),
        None if missing else claim.amount_ore,
    )  # fmt: skip


def _sums(lines: Sequence[ClaimLine]) -> list[ClaimSum]:
    held: dict[tuple[str, str, str, str, str], list[ClaimLine]] = {}
    for one in lines:
        held.setdefault((one.direction, one.other_kommun, one.verksamhet, one.ground, one.basis), []).append(one)
    return [
        ClaimSum(
            *key,
            sum((one.elever or Fraction(0) for one in mine), Fraction(0)),
            None if key[-1] == MISSING else sum(one.amount_ore or 0 for one in mine),
        )
        for key, mine in sorted(held.items())
    ]


def claim_derivation(app: App, viewer: Actor, run: int, key: str) -> Derivation:
    """Return how a claim follows from counted elever and its price; raises ``NoSuchClaimError``."""
    kommun = kommun_of(viewer)
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        record = work.runs.get(kommun, run)
        claim = next((one for one in work.claims.of_run(kommun, run) if one.key == key), None)
        if claim is None:
            raise NoSuchClaimError(key)
        model = model_of(record)
        prices = PriceTable.from_rows(model, work.runs.prices(kommun, run))
        planned = work.runs.planned(kommun, run)
        files = [number for number, kind in work.runs.batches(kommun, run) if kind == "enrolments"]
    source = Source("batch", "elevregister", detail=f"hemkommun {claim.other_kommun}", batch=files[-1])
    return explain_claim(claim, model, prices, source, planned)
