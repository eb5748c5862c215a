"""Commands on keys: which encrypt the texts, encrypt anew with the first, and what the pseudonyms rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from core.cli.persons import by_option
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import FINDINGS, Command, Group, table

if TYPE_CHECKING:
    from core.access import Actor


@click.group("keys", cls=Group)
def keys() -> None:
    """Visa och byt nycklar: de som krypterar fritext, och den som gör elever till pseudonymer."""


@keys.command("show", cls=Command)
@kommun_option
@json_option
@click.pass_obj
def show(session: Session, kommun: str | None, *, as_json: bool) -> None:
    """Visa nycklarnas fingeravtryck och hur många texter var och en krypterar; aldrig själva nycklarna."""
    from core.usecases.keys import keys_in_use

    use = keys_in_use(session.app, *session.operator(kommun))
    if as_json:
        echo_json({"keys": dict(use.keys), "unknown": dict(use.unknown), "clear": use.clear})
    else:
        rows = [[one, str(n), "krypterar" if place == 0 else "läser"] for place, (one, n) in enumerate(use.keys)]
        rows += [[one, str(n), "SAKNAS: texterna går inte att läsa"] for one, n in use.unknown]
        rows += [["(klartext)", str(use.clear), "krypteras av python -m core keys rotate"]] if use.clear else []
        click.echo(table(("Fingeravtryck", "Texter", "Nyckeln"), rows))
    if use.unknown:
        raise SystemExit(FINDINGS)


@keys.command("rotate", cls=Command)
@by_option
@kommun_option
@click.pass_obj
def rotate(session: Session, by: str, kommun: str | None) -> None:
    """Kryptera om alla texter med den första nyckeln; lägg den nya först i listan och starta om innan.

    Går att avbryta: det som är omkrypterat är klart, och nästa gång fortsätter den därifrån.
    """
    from core.usecases.keys import rotate as use

    total = 0
    for operator, code in _each(session, kommun, by):
        total += use(session.app, operator, code, lambda done: click.echo(f"{done} texter …", err=True))
    click.echo(
        f"{total} texter är omkrypterade." if total else "Alla texter är redan krypterade med den första nyckeln."
    )


@keys.command("stamp", cls=Command)
@click.option("--renew", is_flag=True, help="Den gamla nyckeln är borta för alltid: fortsätt med den som finns nu.")
@click.option("--by", metavar="NAMN", default="", help="Vem som gör det; krävs med --renew.")
@kommun_option
@json_option
@click.pass_obj
def stamp(session: Session, by: str, kommun: str | None, *, renew: bool, as_json: bool) -> None:
    """Visa vilken nyckel elevernas pseudonymer är gjorda med, och om programmet har den nu."""
    from core.usecases import keys as use
    from core.usecases.operators import named

    operator, code = session.operator(kommun)
    if renew:
        found = use.renew_stamp(session.app, named(operator, by), code)
    else:
        found = use.stamp_view(session.app, operator, code)
    if as_json:
        echo_json({"stamp": found.stamp, "set_at": found.set_at, "now": found.now, "matches": found.matches})
    elif found.stamp is None:
        click.echo(f"Inga elever är inlästa än. Nyckeln nu: {found.now}")
    else:
        said = "är densamma" if found.matches else f"är en annan: {found.now}. Lägg tillbaka den gamla nyckelfilen"
        click.echo(f"Pseudonymerna vilar på {found.stamp} sedan {found.set_at:%Y-%m-%d}. Nyckeln nu {said}.")
    if not found.matches:
        raise SystemExit(FINDINGS)


def _each(session: Session, kommun: str | None, by: str) -> list[tuple[Actor, str]]:
    """Return the operator, under the name that was given, of one kommun or of each there is."""
    from core.access import NOBODY
    from core.usecases.operators import named

    if kommun is not None:
        codes = [kommun]
    else:
        with session.app.reading(NOBODY) as work:
            codes = [one.kommun for one in work.kommuner.list()]
    return [(named(operator, by), code) for operator, code in map(session.operator, codes)]
