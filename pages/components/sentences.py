"""The finding of a page in plain words, put together from the facts of its view."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.components import text
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from fractions import Fraction

    from core.usecases.views import AllocationView, EnhetView, RunInfo, StartView, UnitChoice


def allocation(view: AllocationView) -> str:
    """Return "Lerbäckens skola får 43 118 200 kr 2026. Det är …"."""
    opening = _("{enhet} får {sum} {year}.").format(
        enhet=view.unit.name, sum=text.kr(view.total_ore), year=view.run.year
    )
    change = change_since(view.total_ore, view.previous_total_ore, view.previous_year)
    return " ".join(part for part in (opening, change, more_elever(view.elever, view.previous_elever)) if part)


def unit(view: EnhetView) -> str:
    """Return what the unit gets this year and for how many elever, or that it is not decided."""
    if view.run is None or view.total_ore is None:
        return _("För {enhet} finns inget beslutat belopp än.").format(enhet=view.unit.name)
    opening = _("{enhet} får {sum} {year} för {elever}.").format(
        enhet=view.unit.name, sum=text.kr(view.total_ore), year=view.run.year, elever=text.elever(view.elever)
    )
    return " ".join(part for part in (opening, more_elever(view.elever, view.previous_elever)) if part)


def start(view: StartView) -> str:
    """Return what the reader's units, or the whole municipality, get this year."""
    if view.run is None or view.total_ore is None:
        return _("{kommun} har inget beslutat år än.").format(kommun=view.kommun_name)
    facts = {"sum": text.kr(view.total_ore), "year": view.run.year, "elever": text.elever(view.elever)}
    if len(view.units) == 1:
        opening = _("{enhet} får {sum} {year} för {elever}.").format(enhet=view.units[0].name, **facts)
    else:
        opening = _("{whom} får {sum} {year} för {elever}.").format(whom=_whom(view), **facts)
    change = change_since(view.total_ore, view.previous_total_ore, view.run.year - 1)
    return " ".join(part for part in (opening, change) if part)


def _whom(view: StartView) -> str:
    if view.role in {"rektor", "huvudman", "omradeschef"}:
        return _("Dina {n} enheter").format(n=len(view.units))
    return _("Enheterna i {kommun}").format(kommun=view.kommun_name)


def change_since(now: int, before: int | None, year: int | None) -> str:
    """Return "Det är 1 204 300 kr mer än 2025."; nothing when there is nothing to compare with."""
    if before is None or year is None:
        return ""
    difference = now - before  # the only subtraction of the pages: more and less are words, not figures of the core
    if difference == 0:
        return _("Det är lika mycket som {year}.").format(year=year)
    template = _("Det är {sum} mer än {year}.") if difference > 0 else _("Det är {sum} mindre än {year}.")
    return template.format(sum=text.kr(abs(difference)), year=year)


def more_elever(now: Fraction | None, before: Fraction | None) -> str:
    """Return "Eleverna är 14 fler än året före."."""
    if now is None or before is None:
        return ""
    difference = now - before
    if difference == 0:
        return _("Eleverna är lika många som året före.")
    if difference > 0:
        template = ngettext("Det är {n} elev fler än året före.", "Det är {n} elever fler än året före.", difference)
    else:
        template = ngettext("Det är {n} elev färre än året före.", "Det är {n} elever färre än året före.", -difference)
    return template.format(n=text.count(abs(difference)))


def run_status(run: RunInfo, budget: RunInfo | None = None) -> str:
    """Return the run's standing in one line: outcome through which month, budget decided when, which run."""
    parts = []
    if run.kind == "utfall":
        parts.append(_("Utfall t.o.m. {month}").format(month=text.month(run.through_month)))
    else:
        parts.append(f"{text.word(run.kind)}: {text.word(run.state).lower()}")
    decided = run if run.decision else budget
    if decided is not None and decided.decision:
        parts.append(_("budget beslutad {decision}").format(decision=decided.decision))
    parts.append(_("körning {number}").format(number=run.number))
    return " · ".join(parts)


def who(unit_: UnitChoice) -> str:
    """Return what kind of unit it is: "Grundskola, fritidshem · Kommunens egen enhet"."""
    kinds = [text.word(one) for one in unit_.verksamheter]
    listed = ", ".join([kinds[0], *(one.lower() for one in kinds[1:])]) if kinds else ""
    return " · ".join(part for part in (listed, text.word(unit_.recipient)) if part)
