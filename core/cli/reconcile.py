"""The command reconcile: does a run add up, line by line, with an error code when something does not."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.base import Kostnadsslag, Recipient, Verksamhet, format_kr, label
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import FINDINGS, Command, table

if TYPE_CHECKING:
    from core.usecases.reconcile_views import ReconcileLine, ReconcileView

STATES = {"agrees": "stämmer", "differs": "SKILJER", "absent": "underlag saknas"}
NAMES = {
    "enheter": "Rader = enheternas summor",
    "mottagare": "Rader = enheternas summor",
    "dimension": "Rader = de fyra delarna",
    "kostnadsslag": "Rader = kostnadsslagen",
    "verksamhet": "Rader = verksamheterna",
    "disponibelt": "Brutto − centralt hållet = disponibelt",
    "betalplan": "Betalplan = rader",
    "pott": "Potten är utdelad",
    "pris_antal": "Pris × antal = rader",
    "en_gang": "Elever räknade högst en gång (elevmånader)",
    "budgetkorning": "Bokens budget = budgetkörningens rader",
    "ingen_utbetalning": "Utbetalt = körningen: inget är utbetalt än",
    "annan": "Utbetalt = körningen: en annan körning betalar årets månader",
    "manad": "Utbetalt = körningen, månad",
    "ingen_huvudbok": "Utbetalt = huvudboken: ingen huvudbok är inläst",
}


@click.command("reconcile", cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, required=False, help="Körningens nummer. Utan det: den som gäller.")
@kommun_option
@json_option
@click.pass_obj
def reconcile(session: Session, run: int | None, kommun: str | None, *, as_json: bool) -> None:
    """Stäm av KÖRNING: boken post för post och varje identitet omräknad ur raderna (felkod 3 när något skiljer)."""
    from core.usecases.reconcile import reconcile_view

    operator, _ = session.operator(kommun)
    view = reconcile_view(session.app, operator, run)
    if as_json:
        echo_json(asdict(view))
    else:
        _say(view)
    if view.differs:
        raise SystemExit(FINDINGS)


def _say(view: ReconcileView) -> None:
    click.echo(
        f"Körning {view.run.number}, {view.run.model_title}: {view.agrees} stämmer, {view.differs} skiljer, "
        f"{view.absent} saknar underlag."
    )
    if view.books_difference_ore is not None:
        click.echo(f"Boken: skillnad {format_kr(view.books_difference_ore, decimals=True)}.")
    rows = [[_name(one), _sum(one, one.left), _sum(one, one.right), _sum(one, one.difference), STATES[one.state]]
            for one in view.lines]  # fmt: skip
    click.echo(table(("Avstämning", "Vänster", "Höger", "Skillnad", "Läge"), rows))
    delivered = [[str(one.batch), one.file_name, one.theirs or "–", one.ours or "–", STATES[one.state]]
                 for one in view.deliveries]  # fmt: skip
    click.echo(table(("Inläsning", "Fil", "Lämnarens summa", "Vår", "Läge"), delivered))


def _name(one: ReconcileLine) -> str:
    if one.group == "huvudbok" and one.code != "ingen":
        return f"Huvudbok {one.name}: {label(Kostnadsslag(one.code)).lower()}"
    name = NAMES[
        f"ingen_{'huvudbok' if one.group == 'huvudbok' else 'utbetalning'}" if one.code == "ingen" else one.code
    ]
    about = one.label or _term(one.name)
    return f"{name}: {about}" if about else name


def _term(name: str) -> str:
    for terms in (Recipient, Verksamhet):
        if name in set(terms):
            return label(terms(name)).lower()
    return name


def _sum(one: ReconcileLine, value: int | None) -> str:
    if value is None:
        return "–"
    return format_kr(value, decimals=True) if one.measure == "ore" else str(value)
