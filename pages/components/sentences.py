"""The finding of a page in plain words, put together from the facts of its view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pages.components import text
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction

    from core.usecases.change_views import ChangePart
    from core.usecases.views import AllocationView, EnhetView, RunInfo, StartView, UnitChoice

_LAST_MONTH: Final = 12


def allocation(view: AllocationView, parts: Sequence[ChangePart] = ()) -> str:
    """Return "Lerbäckens skola får 43 118 200 kr 2026. Det är …"; ``parts`` mean most to the change."""
    opening = _("{enhet} får {sum} {period}.").format(
        enhet=view.unit.name, sum=text.kr(view.total_ore), period=period(view.run)
    )
    change = change_since(view.total_ore, view.previous_total_ore, view.previous_year, whole_year=_whole(view.run))
    more = more_elever(view.elever, view.previous_elever)
    return " ".join(part for part in (opening, change, main_reasons(parts) if change else "", more) if part)


def main_reasons(parts: Sequence[ChangePart]) -> str:
    """Return "Mest betyder antal elever (+1 012 000 kr) och index (−167 100 kr)."; nothing without parts."""
    if not parts:
        return ""
    told = [f"{bar(one.part).lower()} ({text.signed_kr(one.shown_ore)})" for one in parts]
    return _("Mest betyder {parts}.").format(parts=text.joined(told))


def bar(part: str) -> str:
    """Return what a part of a change is called."""
    return {
        "months": _("Räknade månader"),
        "units": _("Öppnat och stängt"),
        "correction": _("Rättade antal"),
        "volume": _("Antal elever"),
        "mix": _("Årskurser och kategorier"),
        "price": _("Belopp per elev"),
        "index": _("Index"),
        "rule": _("Potter och regler"),
        "guarantee": _("Garanti"),
        "decided": _("Beslutade belopp"),
        "pooled": _("Potter efter index"),
    }[part]


def unit(view: EnhetView) -> str:
    """Return what the unit gets this year and for how many elever, or that it is not decided."""
    if view.run is None or view.total_ore is None:
        return _("För {enhet} finns inget beslutat belopp än.").format(enhet=view.unit.name)
    opening = _("{enhet} får {sum} {period} för {elever}.").format(
        enhet=view.unit.name, sum=text.kr(view.total_ore), period=period(view.run), elever=text.elever(view.elever)
    )
    return " ".join(part for part in (opening, more_elever(view.elever, view.previous_elever)) if part)


def start(view: StartView) -> str:
    """Return what the reader's units, or the whole municipality, get this year."""
    if not view.sees_money:
        return _("Din roll visar inga belopp. Det du kan göra står i menyn.")
    if view.run is None:
        return _("{kommun} har inget beslutat år än.").format(kommun=view.kommun_name)
    if view.total_ore is None:
        return _("Ingen enhet i registret hör till din roll än.")
    facts = {"sum": text.kr(view.total_ore), "period": period(view.run), "elever": text.elever(view.elever)}
    if len(view.units) == 1:
        opening = _("{enhet} får {sum} {period} för {elever}.").format(enhet=view.units[0].name, **facts)
    else:
        opening = _("{whom} får {sum} {period} för {elever}.").format(whom=_whom(view), **facts)
    change = change_since(view.total_ore, view.previous_total_ore, view.run.year - 1, whole_year=_whole(view.run))
    return " ".join(part for part in (opening, change) if part)


def _whom(view: StartView) -> str:
    if view.units:  # only who has units of the own gets them listed
        return _("Dina {n} enheter").format(n=len(view.units))
    if view.handles:
        return _("Enheterna med {verksamheter}").format(
            verksamheter=text.joined([text.word(one).lower() for one in view.handles])
        )
    return _("Enheterna i {kommun}").format(kommun=view.kommun_name)


def period(run: RunInfo) -> str:
    """Return what a run covers: "2026", or "januari–oktober 2026"."""
    if _whole(run):
        return str(run.year)
    return _("januari–{month} {year}").format(month=text.month(run.through_month), year=run.year)


def change_since(now: int, before: int | None, year: int | None, *, whole_year: bool = True) -> str:
    """Return "Det är 1 204 300 kr mer än 2025."; nothing when there is nothing to compare with."""
    if before is None or year is None:
        return ""
    when = str(year) if whole_year else _("samma månader {year}").format(year=year)
    difference = now - before  # the only subtraction of the pages: more and less are words, not figures of the core
    if difference == 0:
        return _("Det är lika mycket som {when}.").format(when=when)
    template = _("Det är {sum} mer än {when}.") if difference > 0 else _("Det är {sum} mindre än {when}.")
    return template.format(sum=text.kr(abs(difference)), when=when)


def _whole(run: RunInfo) -> bool:
    """Say whether a run covers its whole year; the year before is then compared whole."""
    return run.through_month == _LAST_MONTH


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
    if run.provisional:
        parts.append(_("preliminär prislista: {lists}").format(lists=text.joined(run.provisional)))
    decided = run if run.decision else budget
    if decided is not None and decided.decision:
        parts.append(_("budgetbeslut {decision}").format(decision=decided.decision))
    parts.append(_("körning {number}").format(number=run.number))
    return " · ".join(parts)


def who(unit_: UnitChoice) -> str:
    """Return what kind of unit it is: "Grundskola, fritidshem · Kommunens egen enhet"."""
    return " · ".join(part for part in (text.kinds(unit_.verksamheter), text.word(unit_.recipient)) if part)
