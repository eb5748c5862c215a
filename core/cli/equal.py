"""The command equal: is it the same for all, with an error code when something lacks ground."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.base import Recipient, format_kr, label
from core.cli.amounts import YEARS
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import FINDINGS, Command, table

if TYPE_CHECKING:
    from core.usecases.equal_views import EqualFinding, EqualView


@click.command("equal", cls=Command)
@kommun_option
@click.option("--year", metavar="ÅR", type=YEARS, required=True, help="Kalenderår, till exempel 2026.")
@click.option(
    "--kind", type=click.Choice(["utfall", "budget"]), help="Vilken körning. Utan valet: utfall, annars budget."
)
@json_option
@click.pass_obj
def equal(session: Session, kommun: str | None, year: int, kind: str | None, *, as_json: bool) -> None:
    """Jämför samma elev hos varje mottagare: varje skillnad har en grund eller är ett fynd (felkod 3)."""
    from core.usecases.equal import equal_view

    operator, _ = session.operator(kommun)
    view = equal_view(session.app, operator, year, kind)
    if as_json:
        echo_json(asdict(view))
    else:
        _say(view)
    if view.findings:
        raise SystemExit(FINDINGS)


def _say(view: EqualView) -> None:
    n = len(view.findings)
    opening = (
        f"{n} skillnader saknar grund."
        if n > 1
        else "En skillnad saknar grund."
        if n
        else "Varje skillnad har en grund."
    )
    click.echo(f"Körning {view.run.number}, {view.run.model_title}: {opening}")
    for finding in view.findings:
        click.echo(f"  {finding.sentence}")
        click.echo(f"    {_worth(finding)}")
        click.echo(f"    {finding.law.title}. {finding.remedy}")
    rows = [
        [
            label(Recipient(one.recipient)),
            str(one.enheter),
            *_money(one.as_own_ore, one.explained_ore, one.unexplained_ore, one.as_is_ore),
        ]
        for one in view.years
    ]
    if rows:
        click.echo(table(("Mottagare", "Enheter", "Som egna", "Med grund", "Utan grund", "Som det är"), rows))


def _worth(finding: EqualFinding) -> str:
    per_elev = "okänt per elev" if finding.per_elev_ore is None else f"{format_kr(finding.per_elev_ore)} per elev"
    yearly = "okänt på året" if finding.yearly_ore is None else f"{format_kr(finding.yearly_ore)} på året"
    return f"Skillnad mot en egen enhet: {per_elev}, {yearly}."


def _money(*amounts: int) -> list[str]:
    return [format_kr(ore, decimals=True) for ore in amounts]
