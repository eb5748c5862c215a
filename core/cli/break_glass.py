"""The way in when the login provider is down: open a local account, or close it. Only here, never on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from core.cli.persons import person
from core.cli.session import Session, kommun_option
from core.cli.swedish import Command, Fault

if TYPE_CHECKING:
    from core.usecases.break_glass import Opened

_BY = "Vem som öppnar eller stänger, till exempel användarnamnet. Står i händelseloggen."


@click.command("break-glass", cls=Command)
@click.argument("name", metavar="NAMN", help="Kontots namn: 2–30 tecken, bara a–z och 0–9.")
@click.option(
    "--role", metavar="ROLL", help="Roll för hela kommunen, till exempel controller. Krävs när kontot öppnas."
)
@click.option("--hours", metavar="TIMMAR", type=int, default=4, help="Hur länge kontot är öppet, högst 24. Förval: 4.")
@click.option("--by", metavar="NAMN", required=True, help=_BY)
@click.option("--close", "closes", is_flag=True, help="Stäng kontot; den som är inloggad med det åker ut.")
@kommun_option
@click.pass_obj
def break_glass(
    session: Session, name: str, role: str | None, hours: int, by: str, kommun: str | None, *, closes: bool
) -> None:
    """Öppna ett lokalt konto en kort tid när inloggningstjänsten inte svarar, eller stäng det.

    Lösenordet skapas och visas en enda gång. Öppnande, varje försök och stängning står i händelseloggen. Efter fem
    misslyckade försök stängs kontot.
    """
    from core.usecases import break_glass as use
    from core.usecases.operators import administering

    actor, _ = person(session, kommun, by)
    if closes:
        use.close_account(session.app, administering(actor), name)
        click.echo(f"Det lokala kontot {name} är stängt.")
        return
    if role is None:
        raise Fault("Skriv vilken roll kontot får, till exempel --role controller.")
    _say(use.open_account(session.app, administering(actor), name, role, hours))


def _say(opened: Opened) -> None:
    until = opened.expires_at.astimezone().strftime("%Y-%m-%d %H:%M")
    click.echo(f"Det lokala kontot {opened.name} är öppet till {until} som {opened.role} i kommun {opened.kommun}.")
    click.echo(f"Lösenord (visas bara nu): {opened.password}")
    click.echo(f"Logga in på sidan Logga in. Stäng när du är klar: break-glass {opened.name} --close --by …")
