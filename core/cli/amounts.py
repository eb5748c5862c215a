"""Commands on amounts: explain, statement, given, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.base import format_kr
from core.cli.session import Session, echo_json, json_option, kommun_option, write_file
from core.cli.swedish import Command

if TYPE_CHECKING:
    from core.usecases.statements import Format

YEARS = click.IntRange(2000, 2100)
_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_KIND = click.option(
    "--kind",
    type=click.Choice(["utfall", "budget", "slutavrakning"]),
    default="utfall",
    help="Vilken körning (förval utfall).",
)


@click.command(cls=Command)
@click.argument("enhet", metavar="ENHET", help="Enhetens id i kommunens register.")
@kommun_option
@click.option("--year", metavar="ÅR", type=YEARS, required=True, help="Kalenderår, till exempel 2026.")
@_KIND
@click.option("--key", metavar="NYCKEL", default="total", help="Vilket belopp, till exempel dim:bas (förval total).")
@click.option("--depth", metavar="ANTAL", type=click.IntRange(0), help="Visa högst så många nivåer.")
@json_option
@click.pass_obj
def explain(  # noqa: PLR0913  # one parameter for each option
    session: Session,
    enhet: str,
    kommun: str | None,
    year: int,
    kind: str,
    key: str,
    depth: int | None,
    *,
    as_json: bool,
) -> None:
    """Visa hur tilldelningen till ENHET räknades fram, ner till varje källa."""
    from core.usecases import allocation

    operator, _ = session.operator(kommun)
    view = allocation.allocation_of(session.app, operator, enhet, year, kind)
    tree = allocation.derivation_of(session.app, operator, enhet, view.run.number, key)
    if as_json:
        echo_json({"enhet": enhet, "run": view.run.number, "derivation": tree.to_json()})
        return
    for level, node in tree.walk():
        if depth is None or level <= depth:
            click.echo("  " * level + node.sentence())


@click.command(cls=Command)
@click.argument("enhet", metavar="ENHET", help="Enhetens id i kommunens register.")
@kommun_option
@click.option("--year", metavar="ÅR", type=YEARS, required=True, help="Kalenderår, till exempel 2026.")
@_KIND
@click.option(
    "--format",
    "file_format",
    type=click.Choice(["pdf", "xlsx", "csv", "json"]),
    default="pdf",
    help="Filformat (förval pdf).",
)
@click.option(
    "--out", metavar="FIL", type=_OUT, help="Filnamn. Utan det: ett namn efter enhet och år i den mapp du står i."
)
@click.pass_obj
def statement(
    session: Session, enhet: str, kommun: str | None, year: int, kind: str, file_format: Format, out: Path | None
) -> None:
    """Skriv redovisningen av tilldelningen till ENHET som fil."""
    from core.usecases import allocation, statements

    operator, _ = session.operator(kommun)
    run = allocation.allocation_of(session.app, operator, enhet, year, kind).run.number
    name, content, _ = statements.statement(session.app, operator, enhet, run, file_format)
    write_file(out or Path(name), content)


@click.command(cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, help="Körningens nummer, se kommandot runs.")
@kommun_option
@click.option("--enhet", metavar="ENHET", help="Rester bara för denna enhet. Utan valet: för alla.")
@click.option("--out", metavar="FIL", type=_OUT, help="Filnamn. Utan det: korning_NUMMER.json i den mapp du står i.")
@click.pass_obj
def given(session: Session, run: int, kommun: str | None, enhet: str | None, out: Path | None) -> None:
    """Skriv det ur KÖRNING som evaluate behöver: lösta priser, potter, vikter och enhetens rester."""
    from core.usecases.given import given_of_run

    operator, _ = session.operator(kommun)
    write_file(out or Path(f"korning_{run}.json"), given_of_run(session.app, operator, run, enhet))


@click.command(cls=Command)
@click.argument("model", metavar="MODELL", type=_EXISTING, help="Resursfördelningsmodell, en YAML-fil.")
@click.option(
    "--units", metavar="FIL", type=_EXISTING, required=True, help="Enheternas antal, så som modellen beskriver."
)
@click.option("--out", metavar="FIL", type=_OUT, required=True, help="Raderna skrivs hit som CSV.")
@click.option("--given", metavar="FIL", type=_EXISTING, help="Lösta priser, vikter och rester ur en körning (JSON).")
def evaluate(model: Path, units: Path, out: Path, given: Path | None) -> None:
    """Räkna MODELL på en fil med enheter, utan databas: så räknar en utomstående om beloppen."""
    from core.usecases.evaluate import evaluate as recompute

    amounts = recompute(model.read_text(encoding="utf-8"), model.name, units, given)
    amounts.write(out)
    click.echo(f"Skrev {out}: {len(amounts.rows)} rader, summa {format_kr(amounts.total_ore)}.")
