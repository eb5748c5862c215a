"""Commands on runs: allocate, runs, verify-run."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.base import RunKind, RunState, label
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import FINDINGS, Command, table

if TYPE_CHECKING:
    from core.usecases.views import RunInfo

YEARS = click.IntRange(2000, 2100)


@click.command(cls=Command)
@kommun_option
@click.option("--year", metavar="ÅR", type=YEARS, required=True, help="Kalenderår, till exempel 2026.")
@click.option(
    "--kind",
    type=click.Choice(["budget", "utfall", "slutavrakning"]),
    required=True,
    help="budget räknar på planerat antal, utfall på registret, slutavrakning på registret för hela året.",
)
@click.option(
    "--through",
    metavar="MÅNAD",
    type=click.IntRange(1, 12),
    default=12,
    help="Sista månad som räknas, 1–12 (förval 12).",
)
@json_option
@click.pass_obj
def allocate(session: Session, kommun: str | None, year: int, kind: str, through: int, *, as_json: bool) -> None:
    """Räkna en körning och frys den som utkast."""
    from core.usecases import runs as use

    operator, code = session.operator(kommun)
    run = use.allocate(session.app, operator, code, year, kind, through)
    if as_json:
        echo_json(asdict(run))
        return
    click.echo(f"Körning {run.number}: {_kind(run)} {run.year}, {_state(run).lower()}.")
    click.echo(f"Fingeravtryck {run.fingerprint}")


@click.command(cls=Command)
@kommun_option
@json_option
@click.pass_obj
def runs(session: Session, kommun: str | None, *, as_json: bool) -> None:
    """Visa körningarna: slag, år, läge, modell, beslut och fingeravtryck."""
    from core.usecases import runs as use

    found = use.list_runs(session.app, *session.operator(kommun))
    if as_json:
        echo_json([asdict(one) for one in found])
        return
    rows = [
        [str(one.number), _kind(one), str(one.year), _state(one), f"t.o.m. månad {one.through_month}",
         f"{one.model_title} v{one.model_version}", one.decision or "", one.fingerprint[:12]]
        for one in found
    ]  # fmt: skip
    click.echo(table(("Nr", "Slag", "År", "Läge", "Räknad", "Modell", "Beslut", "Fingeravtryck"), rows))


@click.command("verify-run", cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, help="Körningens nummer, se kommandot runs.")
@kommun_option
@json_option
@click.pass_obj
def verify_run(session: Session, run: int, kommun: str | None, *, as_json: bool) -> None:
    """Räkna om KÖRNING från dess frysta underlag och jämför varje rad."""
    from core.usecases.verify import verify

    report = verify(session.app, *session.operator(kommun), run)
    if as_json:
        echo_json(
            {"run": run, "level": report.level, "ok": report.ok, "findings": list(report.findings)}
            | ({"erased_on": report.erased_on} if report.erased_on else {})
        )
    else:
        gone = f" (registerraderna gallrades {report.erased_on})" if report.erased_on else ""
        click.echo(f"Körning {run}, kontrollerad: {report.level}{gone}. " + ("Allt stämmer." if report.ok else "Fel:"))
        for finding in report.findings:
            click.echo(f"  {finding}")
    if not report.ok:
        raise SystemExit(FINDINGS)


def _kind(run: RunInfo) -> str:
    return label(RunKind(run.kind))


def _state(run: RunInfo) -> str:
    return label(RunState(run.state))
