"""Command on retention: what would be erased and why some of it is held back, and carrying it out."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import Command, table

if TYPE_CHECKING:
    from core.usecases.retention import ClassView

HAPPENS = {"rows": "raderna tas bort", "text": "uppgiften tas bort ur raden", "payload": "innehållet tas bort"}


@click.command("retention", cls=Command)
@click.option("--carry-out", is_flag=True, help="Gallra på riktigt. Utan valet visas bara vad som skulle gallras.")
@click.option("--by", metavar="NAMN", default="", help="Vem som gallrar; krävs med --carry-out.")
@kommun_option
@json_option
@click.pass_obj
def retention(session: Session, by: str, kommun: str | None, *, carry_out: bool, as_json: bool) -> None:
    """Visa vad som ska gallras enligt data/parameters/gallring.yaml, eller gallra det.

    Varje slag gallras helt eller inte alls, och händelseloggen säger hur mycket. Körningarnas antal, priser och rader
    rörs aldrig.
    """
    from core.usecases import retention as use
    from core.usecases.operators import named

    operator, code = session.operator(kommun)
    if carry_out:
        found = use.carry_out(session.app, named(operator, by), code)
    else:
        found = use.retention_plan(session.app, operator, code)
    if as_json:
        echo_json([asdict(one) for one in found])
        return
    click.echo(
        table(("Slag", "Sparas", "Gallras" if not carry_out else "Gallrat", "Äldst", "Så"), list(map(_row, found)))
    )
    for one in found:
        for number, reason in one.due.held:
            click.echo(f"Sparas ändå: {one.label.lower()}, nummer {number}: {reason}.")
    if not any(one.due.number for one in found):
        click.echo("Inget ska gallras.")
    elif not carry_out:
        click.echo("Inget är gallrat än. Skriv --carry-out --by NAMN för att göra det.")


def _row(one: ClassView) -> list[str]:
    years, months = divmod(one.keep_months, 12)
    kept = f"{years} år" if not months else f"{one.keep_months} månader"
    number = f"{one.due.number} st"
    return [one.label, kept, number, str(one.due.oldest or ""), HAPPENS[one.happens]]
