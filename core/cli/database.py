"""Commands on the database itself: migrate and demo."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.session import progress_bar
from core.cli.swedish import Command, Fault

if TYPE_CHECKING:
    from core.cli.session import Session

SQLITE = "sqlite:///"


@click.command(cls=Command)
@click.pass_obj
def migrate(session: Session) -> None:
    """Skapa databasen eller uppgradera den till programmets version."""
    from core.store.migrate import current, upgrade

    url = session.settings.database_url
    folder = Path(url.removeprefix(SQLITE)).parent
    if url.startswith(SQLITE) and not folder.is_dir():
        raise Fault(f"Mappen {folder} finns inte. Skapa den, eller ange en annan databas med SKOLKRONAN_DATABASE_URL.")
    before = current(url)
    upgrade(url)
    after = current(url)
    click.echo(f"Databasen har redan version {after}." if before == after else f"Databasen har nu version {after}.")


@click.command(cls=Command)
@click.argument("code", metavar="KOD", help="Kommunkoden, till exempel 0180.")
@click.argument("name", metavar="NAMN", help="Kommunens namn.")
@click.argument("orgnr", metavar="ORGNR", help="Kommunens organisationsnummer, till exempel 212000-0142.")
@click.pass_obj
def kommun(session: Session, code: str, name: str, orgnr: str) -> None:
    """Lägg upp en kommun med KOD, NAMN och ORGNR innan något läses in för den."""
    from core.usecases.kommuner import add_kommun

    added = add_kommun(session.app, code, name, orgnr)
    click.echo(f"Kommunen {added.kommun} {added.name} är upplagd. Läs in enheterna härnäst: import units FIL.")


@click.command(cls=Command)
@click.option("--if-empty", is_flag=True, help="Gör ingenting om databasen redan innehåller en kommun.")
@click.pass_obj
def demo(session: Session, *, if_empty: bool) -> None:
    """Läs in demokommunen Lindvik: register, modeller och beslutade körningar för tre år."""
    from core.usecases.demo_load import load_demo

    with progress_bar("Läser in Lindvik") as bar:
        done = load_demo(session.app, if_empty=if_empty, progress=lambda share: bar.update(int(share * 1000) - bar.pos))
    click.echo("Demokommunen Lindvik är inläst." if done else "Databasen är inte tom; ingenting ändrades.")
