"""The secrets that the two kommuner hold, gathered from what was written in them and from what the store computed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sqlalchemy import text

from tests.support.canaries import EVERY_UNIT, Secret
from tests.support.reaching import PEEK
from tests.support.two_kommuner import (
    APPROVED,
    BUDGET,
    DRAFT,
    LILLBY,
    PAID,
    PERSONAL_NUMBER,
    PREPARED,
    TOWNS,
    TRIAL,
    UTFALL,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.store import UnitOfWork
    from tests.support.two_kommuner import Town, World

SUPPORTED = frozenset({"A1", "B1"})
LARGE = 1_000_00
"""Öre from which an amount is told from others by its size alone."""
WORDS = {
    "fil": ("basis", None), "delgivning": ("decision", None), "skal": ("undecided", None),
    "aterkrav": ("recovery", "B1"), "fragaA1": ("question", "A1"), "svarA1": ("question", "A1"),
    "fragaB1": ("question", "B1"), "invandningB1": ("question", "B1"), "forsok": ("trial", None),
    "avvisning": ("basis", None), "avbrott": ("unpaid", None),
    "anteckning": ("trial", None), "konto2": ("people", None), "inbjuden": ("people", None),
    "subject": ("nobody", None),
}  # fmt: skip
NAMES = ("Alskolan", "Björkskolan", "Ekskolan", "Cedern AB", "Dungen AB", "Grannskolan", "Fröets förskola")


def secrets_of(world: World) -> list[Secret]:
    """Return every secret of both kommuner."""
    with world.app.reading(PEEK) as work:
        return [one for town in TOWNS for one in _of(work, town)]


def _of(work: UnitOfWork, town: Town) -> Iterator[Secret]:
    for what, (kind, enhet) in WORDS.items():
        yield Secret(town, _kinds(kind), f"{what} i {town.name}", town.canary(what), units=_units(enhet))
    for name in NAMES:
        yield Secret(town, _kinds("town"), f"{name} i {town.name}", town.text(name))
    if town is not LILLBY:  # Lillby's are letters and figures that stand in every digest
        for enhet in EVERY_UNIT:
            yield Secret(town, _kinds("town"), f"id {enhet} i {town.name}", town.unit(enhet))
    for number in (PERSONAL_NUMBER, PERSONAL_NUMBER.replace("-", "")):
        yield Secret(town, _kinds("nobody"), "ett personnummer", number)
    yield from _elever(work, town)
    yield from _support(work, town)
    yield from _payments(work, town)
    yield from _draft(work, town)


def _kinds(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


def _units(*units: str | None) -> frozenset[str]:
    return frozenset(one for one in units if one)


def _elever(work: UnitOfWork, town: Town) -> Iterator[Secret]:
    """Yield pseudonyms, by all the units that the elev has been at, and the references and groups of each unit."""
    rows = work.connection.execute(
        text("SELECT elev, enhet, referens, group_name, skydd FROM enrolment WHERE kommun = :kommun"),
        {"kommun": town.code},
    ).fetchall()  # fmt: skip
    at: dict[str, set[str]] = defaultdict(set)
    hidden = {elev for elev, *_, mark in rows if mark not in {None, "", "ingen"}}
    assert len(hidden) == 1
    for elev, enhet, referens, group, _ in rows:
        kinds = _kinds("nobody" if elev in hidden else "elev")
        unit = enhet.removeprefix(town.mark)
        at[elev].add(unit)
        if referens:
            yield Secret(town, kinds, f"referensen för en elev på {enhet}", referens, units=_units(unit))
        if group:
            yield Secret(town, _kinds("elev"), f"gruppen på {enhet}", group, units=_units(unit))
    for elev, units in at.items():
        kinds = _kinds("nobody" if elev in hidden else "elev")
        yield Secret(town, kinds, f"pseudonymen för en elev på {sorted(units)}", elev, units=_units(*units))


def _support(work: UnitOfWork, town: Town) -> Iterator[Secret]:
    """Yield what individual support of few decisions came to, and the totals that give it away beside the open rows."""
    for run in (BUDGET, UTFALL):
        lines = work.runs.lines(town.code, run)
        whole = 0
        for enhet in SUPPORTED:
            mine = [one.amount_ore for one in lines if one.enhet == town.unit(enhet) and one.dimension == "individ"]
            whole += sum(mine)
            unit = work.runs.unit(town.code, run, town.unit(enhet))
            assert unit is not None
            assert mine
            for ore in {*mine, sum(mine), unit.total_ore}:
                yield Secret(
                    town, _kinds("support"), f"stöd på {enhet} i körning {run}: {ore}", ore=ore, units=_units(enhet)
                )
        total = sum(one.amount_ore for one in lines)
        tried = sum(one.amount_ore for one in work.runs.lines(town.code, TRIAL))
        for ore in (whole, total, tried):
            yield Secret(town, _kinds("whole"), f"stödet i hela {town.name}, körning {run}: {ore}", ore=ore)


def _payments(work: UnitOfWork, town: Town) -> Iterator[Secret]:
    for part in work.payments.parts(town.code, [PAID, APPROVED]):
        enhet = part.enhet.removeprefix(town.mark)
        if enhet in SUPPORTED and part.amount_ore > LARGE:  # of the others nothing but what is open to all
            what = f"utbetalt till {enhet}: {part.amount_ore}"
            yield Secret(town, _kinds("payment"), what, ore=part.amount_ore, units=_units(enhet))
    waits = work.payments.get(town.code, PREPARED)
    yield Secret(
        town, _kinds("unpaid", "people"), "kontrollsumman för en utbetalning som ingen har godkänt", waits.sha256
    )


def _draft(work: UnitOfWork, town: Town) -> Iterator[Secret]:
    """Yield the totals of the run that is a draft, where no decided run has the same."""
    shown = {one.total_ore for run in range(1, DRAFT) for one in work.runs.units(town.code, run)}
    for unit in work.runs.units(town.code, DRAFT):
        if unit.total_ore not in shown:
            yield Secret(
                town, _kinds("basis"), f"utkastets summa för {unit.enhet}: {unit.total_ore}", ore=unit.total_ore
            )
    record = work.runs.get(town.code, DRAFT)
    yield Secret(town, _kinds("basis", "people"), "utkastets fingeravtryck", str(record.fingerprint))
