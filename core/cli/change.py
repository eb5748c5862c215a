"""The command change: why a unit's amount, or the whole kommun's, differs between two runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.base import format_kr
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import Command, table

if TYPE_CHECKING:
    from core.usecases.change_views import ChangeView
    from core.usecases.views import RunInfo

PARTS = {
    "months": "Räknade månader",
    "units": "Öppnat och stängt",
    "correction": "Rättade antal",
    "volume": "Antal elever",
    "mix": "Årskurser och kategorier",
    "price": "Belopp per elev",
    "index": "Index",
    "rule": "Potter och regler",
    "guarantee": "Garanti",
    "decided": "Beslutade belopp",
    "pooled": "Potter efter index",
}


@click.command("change", cls=Command)
@click.argument("enhet", metavar="[ENHET]", required=False, help="Enhetens id. Utan id: hela kommunen.")
@kommun_option
@click.option(
    "--from", "run_from", metavar="KÖRNING", type=click.IntRange(1), required=True, help="Den tidigare körningen."
)
@click.option("--to", "run_to", metavar="KÖRNING", type=click.IntRange(1), required=True, help="Den senare körningen.")
@click.option("--steps", is_flag=True, help="Visa också stegen i varje del.")
@json_option
@click.pass_obj
def change(  # one parameter for each option
    session: Session,
    enhet: str | None,
    kommun: str | None,
    run_from: int,
    run_to: int,
    *,
    steps: bool,
    as_json: bool,
) -> None:
    """Visa varför ett belopp skiljer sig mellan två körningar: delar som går ihop på öret."""
    from core.usecases.change import change_of

    operator, _ = session.operator(kommun)
    view = change_of(session.app, operator, run_from, run_to, enhet)
    if as_json:
        echo_json(asdict(view))
    else:
        _say(view, steps=steps)


def _say(view: ChangeView, *, steps: bool) -> None:
    whose = view.unit.name if view.unit else view.kommun_name
    click.echo(f"{whose}: {_run(view.run_from)} → {_run(view.run_to)}")
    rows = [["Från", _kr(view.from_ore)]]
    for part in view.parts:
        rows.append([PARTS[part.part], _kr(part.shown_ore)])
        if steps:
            rows += [[f"  {one.label}", _kr(one.shown_ore)] for one in part.steps]
    click.echo(table(("Del", "Kronor"), [*rows, ["Till", _kr(view.to_ore)]]))
    if view.units:
        click.echo(
            table(("Enhet", "Från", "Till", "Skillnad"), [
                [one.name, _kr(one.from_ore), _kr(one.to_ore), _kr(one.difference_ore)] for one in view.units
            ])
        )  # fmt: skip


def _run(run: RunInfo) -> str:
    through = "" if run.through_month == 12 else f" till och med månad {run.through_month}"  # noqa: PLR2004 - a year
    return f"körning {run.number} ({run.kind} {run.year}{through})"


def _kr(ore: int | None) -> str:
    return "–" if ore is None else format_kr(ore, decimals=True)
