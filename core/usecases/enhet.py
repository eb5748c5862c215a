"""The page Skolan: who the unit is, its elever, what it gets, what it has."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import Dimension, Recipient, Verksamhet, half_up, label
from core.register import age_in
from core.usecases.allocation import kommun_per_elev
from core.usecases.choices import NoRunError, must_be_a_year, must_see, run_for, unit_of
from core.usecases.context import kommun_of
from core.usecases.frozen import recipient_of
from core.usecases.headcount import headcount_of, per
from core.usecases.posts import mean_pay, posts_for
from core.usecases.presenting import model_of, run_info
from core.usecases.sealing import REASON, may_see_support, seal_for
from core.usecases.succession import history
from core.usecases.views import DimensionShare, EnhetView, MonthlyCount, StaffRow, UnitChoice
from core.usecases.year_before import run_before, year_before

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.access import Actor
    from core.allocation import Line
    from core.store import PremisesRecord, RunRecord, RunUnitRecord, StaffRecord, UnitOfWork, UnitRecord
    from core.usecases.context import App
    from core.usecases.headcount import Headcount
    from core.usecases.sealing import Seal
    from core.usecases.views import RunInfo

MONTHS, HUNDREDTHS = 12, 100


def enhet_view(app: App, viewer: Actor, enhet: str, year: int) -> EnhetView:
    """Return a unit's page for a year; figures that are missing are ``None``, and ``missing`` says which."""
    kommun = kommun_of(viewer)
    must_be_a_year(year)
    with app.reading(viewer) as work:
        unit = unit_of(work, kommun, enhet, app.clock().date())
        must_see(viewer, "enhet.view", kommun, unit)
        recipient = recipient_of(unit, work.kommuner.get(kommun))
        run = _run(work, kommun, year)
        told = _Told() if run is None else _told(app, viewer, work, run, unit, recipient)
        return _view(app, viewer, work, unit, recipient, told, year)


def _run(work: UnitOfWork, kommun: str, year: int) -> RunRecord | None:
    try:
        return run_for(work, kommun, year)
    except NoRunError:
        return None


@dataclass(frozen=True, slots=True)
class _Told:
    """What the year's run says of a unit, as far as the viewer may see; nothing where there is no run.

    A unit that the run does not hold has elever at the most.
    """

    elever: Fraction | None = None
    previous_elever: Fraction | None = None
    run: RunInfo | None = None
    total_ore: int | None = None
    per_elev_ore: int | None = None
    kommun_per_elev_ore: int | None = None
    counts: tuple[MonthlyCount, ...] = ()
    shares: tuple[DimensionShare, ...] = ()
    posts_hundredths: int | None = None
    missing: tuple[str, ...] = ()


def _told(app: App, viewer: Actor, work: UnitOfWork, run: RunRecord, unit: UnitRecord, recipient: Recipient) -> _Told:
    enhet, today, model = unit.enhet, app.clock().date(), model_of(run)
    heads = headcount_of(work, run, model)
    elever = _Told(heads.mean(enhet), year_before(work, run, run_before(work, run), enhet).elever)
    frozen = work.runs.unit(run.kommun, run.number, enhet)
    if frozen is None:
        return elever
    stored = work.runs.lines(run.kommun, run.number, enhet)
    may_see = may_see_support(viewer, run.kommun, frozen)
    seal = seal_for(model, stored, today, may_see=may_see)
    lines = seal.visible(stored)
    total = sum(line.amount_ore for line in lines)
    pay = mean_pay(work, run.kommun, enhet, run.year) if recipient is Recipient.EGEN or may_see else None
    counts = tuple(_counts(frozen, run))
    return replace(
        elever,
        run=run_info(run),
        total_ore=total,
        per_elev_ore=per(total, heads.yearly.get(enhet)),
        kommun_per_elev_ore=None if seal else kommun_per_elev(work, run, heads, frozen, viewer, today),
        counts=counts,
        shares=_shares(lines, heads, enhet, seal),
        posts_hundredths=posts_for(total * MONTHS // run.through_month, pay),
        missing=tuple(_missing(unit, run, counts)),
    )


def _view(
    app: App, viewer: Actor, work: UnitOfWork, unit: UnitRecord, recipient: Recipient, told: _Told, year: int
) -> EnhetView:
    """Return what the registers and the run say of a unit."""
    kommun = kommun_of(viewer)
    staff = _staff(work, kommun, unit.enhet, year)
    premises = _premises(work, kommun, unit.enhet, year)
    area = Fraction(sum(one.area_m2_hundredths for one in premises), HUNDREDTHS) if premises else None
    return EnhetView(
        unit=UnitChoice(unit.enhet, unit.name, unit.verksamheter, recipient.value, unit.huvudman_name),
        skolenhetskod=unit.skolenhetskod,
        huvudman=unit.huvudman_name,
        lageskommun=_kommun_name(work, unit.lageskommun),
        omrade=unit.omrade,
        landsbygd=bool(unit.landsbygd),
        latitude=unit.latitude,
        longitude=unit.longitude,
        run=told.run,
        total_ore=told.total_ore,
        per_elev_ore=told.per_elev_ore,
        kommun_per_elev_ore=told.kommun_per_elev_ore,
        elever=told.elever,
        previous_elever=told.previous_elever,
        counts=told.counts,
        shares=told.shares,
        staff=tuple(_staff_rows(staff, told.elever)),
        area_m2=area,
        area_per_elev=area / told.elever if area is not None and told.elever else None,
        rent_ore=sum(one.rent_ore_per_year for one in premises) if premises else None,
        posts_hundredths=told.posts_hundredths,
        missing=told.missing,
        history=history(work, kommun, unit.enhet, app.clock().date()),
    )


def _kommun_name(work: UnitOfWork, code: str) -> str:
    return next((one.name for one in work.kommuner.list() if one.kommun == code), code)


def _counts(unit: RunUnitRecord, run: RunRecord) -> Iterator[MonthlyCount]:
    """Yield headcounts by årskurs (or age) and month; fritidshem is told apart by its name."""
    for key, months in sorted(json.loads(unit.by_arskurs).items(), key=lambda item: _order(item[0])):
        verksamhet, _, grade = key.partition("|")
        name = _grade_name(verksamhet, grade, run.year)
        for month, elever in enumerate(months[: run.through_month], start=1):
            yield MonthlyCount(key, name, month, elever)


def _order(key: str) -> tuple[int, int, str]:
    verksamhet, _, grade = key.partition("|")
    place = list(Verksamhet).index(Verksamhet(verksamhet))
    digits = "".join(character for character in grade if character.isdigit())
    number = -int(digits) if grade.startswith("f.") else int(digits or 0)
    return place, number, grade


def _grade_name(verksamhet: str, grade: str, year: int) -> str:
    kind = Verksamhet(verksamhet)
    if grade.startswith("f. "):
        age = age_in(int(grade[3:]) * HUNDREDTHS + 1, year, MONTHS, "calendar")
        return f"{label(kind)}, födda {grade[3:]} ({age} år i år)"
    if grade == "F":
        return label(kind) if kind is Verksamhet.FORSKOLEKLASS else f"{label(kind)}, förskoleklass"
    named = f"Årskurs {grade}" if grade else label(kind)
    return named if kind is Verksamhet.GRUNDSKOLA or not grade else f"{label(kind)}, årskurs {grade}"


def _shares(lines: list[Line], heads: Headcount, enhet: str, seal: Seal) -> tuple[DimensionShare, ...]:
    years = heads.yearly.get(enhet)
    shares = []
    for dimension in Dimension if lines else ():
        total = sum(line.amount_ore for line in lines if line.dimension == dimension.value)
        if seal and dimension is Dimension.INDIVID:
            shares.append(DimensionShare(dimension.value, None, None, REASON))
        else:
            shares.append(DimensionShare(dimension.value, total, per(total, years)))
    return tuple(shares)


def _in_force(work: UnitOfWork, kommun: str, kind: str, year: int) -> tuple[int, ...]:
    for one in (year, year - 1):
        day = date(one, MONTHS, 31)
        numbers = work.batches.in_force(kommun, kind, [day])[day]
        if numbers:
            return numbers
    return ()


def _staff(work: UnitOfWork, kommun: str, enhet: str, year: int) -> list[StaffRecord]:
    rows = work.facts.staff(kommun, _in_force(work, kommun, "staff", year), enhet)
    newest = max((one.measured_on for one in rows), default=None)
    return [one for one in rows if one.measured_on == newest]


def _staff_rows(staff: list[StaffRecord], elever: Fraction | None) -> Iterator[StaffRow]:
    by_occupation: dict[str, int] = {}
    for one in staff:
        by_occupation[one.occupation] = by_occupation.get(one.occupation, 0) + one.fte_hundredths
    for occupation, hundredths in sorted(by_occupation.items()):
        share = None if not elever else Fraction(hundredths * HUNDREDTHS) / elever
        yield StaffRow(occupation, hundredths, None if share is None else half_up(share.numerator, share.denominator))


def _premises(work: UnitOfWork, kommun: str, enhet: str, year: int) -> list[PremisesRecord]:
    return work.facts.premises(kommun, _in_force(work, kommun, "premises", year), enhet)


def _missing(unit: UnitRecord, run: RunRecord, counts: tuple[MonthlyCount, ...]) -> Iterator[str]:
    """Yield sentences about months in which the unit has no counted elev between months that have."""
    if run.kind == "budget":
        return
    by_month = [sum(one.elever for one in counts if one.month == month) for month in range(1, run.through_month + 1)]
    counted = [month for month, n in enumerate(by_month, start=1) if n]
    for month in range(counted[0], counted[-1]) if counted else ():
        if not by_month[month - 1]:
            yield (
                f"Uppgift saknas: {unit.name} har ingen rad i elevregistret för {run.year}-{month:02d}. Månaden räknas "
                "som utan elever tills en rättad fil är godkänd."
            )
