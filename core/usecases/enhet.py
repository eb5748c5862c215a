"""The page Skolan: who the unit is, its elever, what it gets, what it has."""

from __future__ import annotations

import json
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
from core.usecases.sealing import REASON, Seal, may_see_support, seal_for
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

MONTHS, HUNDREDTHS = 12, 100


def enhet_view(app: App, viewer: Actor, enhet: str, year: int) -> EnhetView:
    """Return a unit's page for a year; figures that are missing are ``None``, and ``missing`` says which."""
    kommun = kommun_of(viewer)
    must_be_a_year(year)
    with app.reading(viewer) as work:
        unit = unit_of(work, kommun, enhet, app.clock().date())
        must_see(viewer, "enhet.view", kommun, unit)
        run = _run(work, kommun, year)
        frozen = work.runs.unit(kommun, run.number, enhet) if run else None
        return _view(app, viewer, work, unit, run, frozen, year)


def _run(work: UnitOfWork, kommun: str, year: int) -> RunRecord | None:
    try:
        return run_for(work, kommun, year)
    except NoRunError:
        return None


def _view(
    app: App,
    viewer: Actor,
    work: UnitOfWork,
    unit: UnitRecord,
    run: RunRecord | None,
    frozen: RunUnitRecord | None,
    year: int,
) -> EnhetView:
    kommun = kommun_of(viewer)
    record = work.kommuner.get(kommun)
    heads = headcount_of(work, run, model_of(run)) if run else None
    elever = heads.mean(unit.enhet) if heads else None
    stored = work.runs.lines(kommun, run.number, unit.enhet) if run and frozen else []
    may_see = frozen is not None and may_see_support(viewer, kommun, frozen)
    seal = seal_for(model_of(run), stored, app.clock().date(), may_see=may_see) if run else Seal()
    lines = seal.visible(stored)
    counts = tuple(_counts(frozen, run)) if frozen and run else ()
    staff = _staff(work, kommun, unit.enhet, year)
    premises = _premises(work, kommun, unit.enhet, year)
    area = Fraction(sum(one.area_m2_hundredths for one in premises), HUNDREDTHS) if premises else None
    total = sum(line.amount_ore for line in lines) if frozen else None
    recipient = recipient_of(unit, record)
    pay = mean_pay(work, kommun, unit.enhet, year) if recipient is Recipient.EGEN or may_see else None
    return EnhetView(
        unit=UnitChoice(unit.enhet, unit.name, unit.verksamheter, recipient.value, unit.huvudman_name),
        skolenhetskod=unit.skolenhetskod,
        huvudman=unit.huvudman_name,
        lageskommun=_kommun_name(work, unit.lageskommun),
        omrade=unit.omrade,
        landsbygd=bool(unit.landsbygd),
        latitude=unit.latitude,
        longitude=unit.longitude,
        run=run_info(run) if run and frozen else None,
        total_ore=total,
        per_elev_ore=per(total, heads.yearly.get(unit.enhet)) if total is not None and heads else None,
        kommun_per_elev_ore=kommun_per_elev(work, run, heads, frozen, viewer, app.clock().date())
        if run and heads and frozen and not seal
        else None,
        elever=elever,
        previous_elever=year_before(work, run, run_before(work, run), unit.enhet).elever if run else None,
        counts=counts,
        shares=_shares(lines, heads, unit.enhet, seal),
        staff=tuple(_staff_rows(staff, elever)),
        area_m2=area,
        area_per_elev=area / elever if area is not None and elever else None,
        rent_ore=sum(one.rent_ore_per_year for one in premises) if premises else None,
        posts_hundredths=posts_for(total * MONTHS // run.through_month, pay) if total is not None and run else None,
        missing=tuple(_missing(unit, frozen, run, counts)),
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


def _shares(lines: list[Line], heads: Headcount | None, enhet: str, seal: Seal) -> tuple[DimensionShare, ...]:
    years = heads.yearly.get(enhet) if heads else None
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


def _missing(
    unit: UnitRecord, frozen: RunUnitRecord | None, run: RunRecord | None, counts: tuple[MonthlyCount, ...]
) -> Iterator[str]:
    """Yield sentences about months in which the unit has no counted elev between months that have."""
    if run is None or frozen is None or run.kind == "budget":
        return
    by_month = [sum(one.elever for one in counts if one.month == month) for month in range(1, run.through_month + 1)]
    counted = [month for month, n in enumerate(by_month, start=1) if n]
    for month in range(counted[0], counted[-1]) if counted else ():
        if not by_month[month - 1]:
            yield (
                f"Uppgift saknas: {unit.name} har ingen rad i elevregistret för {run.year}-{month:02d}. Månaden räknas "
                "som utan elever tills en rättad fil är godkänd."
            )
