"""Command on the rows of elever behind a count: asked for with a purpose, and every look is logged."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.cli.persons import by_option, person
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import Command, table

if TYPE_CHECKING:
    from core.usecases.views import RegisterRow

MOST = 100_000


@click.command("register-rows", cls=Command)
@click.argument("enhet", metavar="ENHET", help="Enhetens id, till exempel G03.")
@click.argument("run", metavar="KÖRNING", type=int, help="Körningens nummer, se kommandot runs.")
@click.argument("category", metavar="KATEGORI", help="Kategorins id i modellen.")
@click.argument("month", metavar="MÅNAD", type=click.IntRange(1, 12), help="Månad, 1–12.")
@click.option(
    "--purpose", metavar="ÄNDAMÅL", required=True, help="Varför: ett av ändamålen i data/parameters/andamal.yaml."
)
@by_option
@kommun_option
@json_option
@click.pass_obj
def register_rows(  # noqa: PLR0913 - which rows, why and who
    session: Session, enhet: str, run: int, category: str, month: int, *, purpose: str, by: str,
    kommun: str | None, as_json: bool,
) -> None:  # fmt: skip
    """Visa raderna i registret bakom ett antal. Ändamålet, vem och vad skrivs i händelseloggen."""
    from core.usecases.drill_down import register_rows as use

    actor, _ = person(session, kommun, by)
    found = use(session.app, actor, enhet, run, category, month, purpose=purpose, limit=MOST)
    if as_json:
        echo_json(asdict(found))
        return
    if found.sealed:
        click.echo(found.sealed)
    elif found.erased_on:
        click.echo(f"Raderna är gallrade {found.erased_on}. Antalet finns kvar i körningen.")
    else:
        click.echo(table(("Inläsning", "Rad", "Elev", "Årskurs", "Grupp", "Från och med"), list(map(_row, found.rows))))
    if found.left_out:
        n = found.left_out.number
        said = f"{n} elever" if n is not None else f"Färre än {found.left_out.fewest} elever"
        click.echo(f"{said} med skyddade personuppgifter räknas men visas inte; frågor om dem hanteras för hand.")


def _row(row: RegisterRow) -> list[str]:
    return [str(row.batch), str(row.row), row.elev, row.arskurs or "", row.group_name or "", str(row.valid_from)]
