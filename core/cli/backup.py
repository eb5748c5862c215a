"""Commands that copy the whole database out to a file, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.cli.swedish import Command

if TYPE_CHECKING:
    from core.cli.session import Session
    from core.store.manifest import Manifest

FILE = click.Path(path_type=Path)


@click.command(cls=Command)
@click.argument("file", metavar="FIL", type=FILE, help="Filen som ska skrivas. Den får inte finnas.")
@click.pass_obj
def backup(session: Session, file: Path) -> None:
    """Säkerhetskopiera hela databasen till FIL medan programmet går.

    På PostgreSQL körs kommandot som tabellernas ägare. Filen innehåller allt i databasen men inga nycklar.
    """
    from core.store.backup import make_backup

    manifest = make_backup(session.settings.database_url, file, datetime.now(UTC))
    click.echo(f"Skrev {file} ({manifest.size} byte, sha256 {manifest.sha256}).")
    _tell(manifest)


@click.command(cls=Command)
@click.argument("file", metavar="FIL", type=FILE, help="Säkerhetskopian.")
@click.option("--replace", is_flag=True, help="Ersätt det som finns i databasen. Utan detta rörs bara en tom databas.")
@click.pass_obj
def restore(session: Session, file: Path, *, replace: bool) -> None:
    """Återställ databasen ur FIL, och kontrollera fingeravtryck och revisionskedjor efteråt.

    På PostgreSQL körs kommandot som tabellernas ägare. Stoppa programmet först.
    """
    from core.store.restore import restore_backup

    manifest = restore_backup(session.settings.database_url, file, replace=replace)
    click.echo(f"Återställt ur {file}, säkerhetskopierat {manifest.made_at}.")
    click.echo("Rader, fingeravtryck och revisionskedjor är desamma som när kopian gjordes.")
    _tell(manifest)


def _tell(manifest: Manifest) -> None:
    """Say what the copy holds, and which keys it needs and does not hold."""
    for kommun, held in manifest.kommuner.items():
        click.echo(f"Kommun {kommun} {held.name}: {len(held.runs)} körningar, {held.links} länkar i revisionskedjan.")
        if held.broken_link is not None:
            click.echo(f"Revisionskedjan för {kommun} är bruten vid länk {held.broken_link}.", err=True)
    click.echo("Nycklarna finns inte i filen. Förvara dem för sig. De som behövs har fingeravtrycken:")
    for kommun, held in manifest.kommuner.items():
        for purpose, stamp in held.key_stamps:
            click.echo(f"  {kommun} {'pseudonymer' if purpose == 'pseudonym' else purpose}: {stamp}")
        for name in held.column_keys:
            click.echo(f"  {kommun} krypterad text: {name}")
