"""Commands on people: who has which role, invite, give and end a role, close an account.

The first systemförvaltare of a kommun is made here. Each change tells the audit chain under which name it was done
(``--by``), and as a fact who was logged in to the server.
"""

from __future__ import annotations

import os
import pwd
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from core.cli.persons import person
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import Command, Fault, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.usecases.people_views import GrantView
    from core.usecases.role_days import NewRole

_STANDING = {"now": "gäller", "coming": "börjar senare", "ended": "avslutad"}
_WAITING = {"open": "väntar", "used": "använd", "expired": "för gammal", "withdrawn": "återtagen"}


def _by_option(command: Callable[..., None]) -> Callable[..., None]:
    text = "Vem som gör det, till exempel användarnamnet. Loggas med den som är inloggad på servern."
    return click.option("--by", metavar="NAMN", required=True, help=text)(command)


def _role_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add what a role is about and when it holds."""
    about = "Vad rollen gäller: enhet:G01, huvudman:ORGNR, omrade:NAMN, verksamhet:KOD. Utan valet: hela kommunen."
    command = click.option("--until", metavar="DAG", help="Sista dagen med rollen. Utan valet: tills vidare.")(command)
    command = click.option("--from", "first", metavar="DAG", help="Första dagen. Utan valet: i dag.")(command)
    return click.option("--scope", metavar="SLAG:KOD", help=about)(command)


@click.command("access", cls=Command)
@click.option("--all", "everything", is_flag=True, help="Visa också roller som har avslutats.")
@kommun_option
@json_option
@click.pass_obj
def access(session: Session, kommun: str | None, *, everything: bool, as_json: bool) -> None:
    """Visa vem som har vilken roll, och vilka inbjudningar som väntar."""
    from core.usecases.operators import administering
    from core.usecases.people_reading import people_view

    operator, code = session.operator(kommun)
    view = people_view(session.app, administering(operator), code)
    grants = [one for one in view.grants if everything or one.standing != "ended"]
    waiting = [one for one in view.invitations if everything or one.state == "open"]
    if as_json:
        accounts = [asdict(one) for one in view.accounts]
        roles, invited = [asdict(one) for one in grants], [asdict(one) for one in waiting]
        echo_json({"accounts": accounts, "grants": roles, "invitations": invited})
        return
    header = ("Nr", "Person", "Konto", "Roll", "Gäller", "Från", "Till och med", "Läge")
    click.echo(table(header, list(map(_row, grants))))
    if waiting:
        rows = [[str(one.number), one.name, one.role_label, one.scope_name, _WAITING[one.state]] for one in waiting]
        click.echo("\n" + table(("Inbjudan", "Person", "Roll", "Gäller", "Läge"), rows))


def _row(one: GrantView) -> list[str]:
    days = [str(one.first_day), str(one.last_day or "tills vidare")]
    return [str(one.number), one.name, one.subject, one.role_label, one.scope_name, *days, _STANDING[one.standing]]


@click.command("access-invite", cls=Command)
@click.argument("name", metavar="NAMN", help="För- och efternamn på den som bjuds in.")
@click.argument("role", metavar="ROLL", help="Rollens namn i data/parameters/roller.yaml, till exempel rektor.")
@_role_options
@_by_option
@kommun_option
@click.pass_obj
def access_invite(  # noqa: PLR0913, PLR0917 - one parameter for each option
    session: Session,
    name: str,
    role: str,
    scope: str | None,
    first: str | None,
    until: str | None,
    by: str,
    kommun: str | None,
) -> None:
    """Bjud in NAMN till ROLL. Koden skrivs en gång, på standard output, och sparas inte."""
    from core.usecases.invitations import invite

    actor, code = _administrator(session, kommun, by)
    invited = invite(session.app, actor, code, name, _new(role, code, scope, first, until), os_user=os_user())
    click.echo(f"Inbjudan {invited.number} gäller en gång, till {invited.expires_at:%Y-%m-%d}. Koden:", err=True)
    click.echo(invited.code)


@click.command("access-grant", cls=Command)
@click.option("--issuer", metavar="ADRESS", required=True, help="Inloggningstjänsten, som den anger sig själv (iss).")
@click.option("--subject", metavar="ID", required=True, help="Personens id hos inloggningstjänsten (sub).")
@click.option("--name", metavar="NAMN", help="För- och efternamn. Behövs när personen saknar konto.")
@click.option(
    "--role", metavar="ROLL", required=True, help="Rollens namn i roller.yaml, till exempel systemforvaltare."
)
@_role_options
@_by_option
@kommun_option
@click.pass_obj
def access_grant(  # noqa: PLR0913, PLR0917 - one parameter for each option
    session: Session,
    issuer: str,
    subject: str,
    name: str | None,
    role: str,
    scope: str | None,
    first: str | None,
    until: str | None,
    by: str,
    kommun: str | None,
) -> None:
    """Ge en person en roll, med konto om det saknas; så får en ny kommun sin första systemförvaltare."""
    from core.access.subjects import subject_of
    from core.usecases import people
    from core.usecases.people_reading import people_view
    from core.usecases.people_views import Person

    actor, code = _administrator(session, kommun, by)
    new, own = _new(role, code, scope, first, until), subject_of(issuer, subject)
    known = {one.subject for one in people_view(session.app, actor, code).accounts}
    if own not in known:
        if name is None:
            raise Fault("Personen har inget konto än. Ange --name med för- och efternamn.")
        people.make_account(session.app, actor, code, Person(own, issuer, subject, name), os_user=os_user())
    number = people.give_role(session.app, actor, code, own, new, os_user=os_user())
    click.echo(f"Roll {number} är given till konto {own}.")


@click.command("access-end", cls=Command)
@click.argument("number", metavar="NUMMER", type=int, help="Den tilldelade rollens nummer, se access.")
@_by_option
@kommun_option
@click.pass_obj
def access_end(session: Session, number: int, by: str, kommun: str | None) -> None:
    """Avsluta den tilldelade rollen NUMMER från och med nu."""
    from core.usecases.people import end_role

    actor, code = _administrator(session, kommun, by)
    left = end_role(session.app, actor, code, number, os_user=os_user())
    click.echo(f"Roll {number} är avslutad.")
    _warn(left)


@click.command("access-close", cls=Command)
@click.argument("account", metavar="KONTO", help="Kontots id, p: och 24 tecken, se access.")
@_by_option
@kommun_option
@click.pass_obj
def access_close(session: Session, account: str, by: str, kommun: str | None) -> None:
    """Stäng KONTO: dess roller avslutas, och inbjudningar som personen har gjort slutar gälla."""
    from core.usecases.people import close_account

    actor, code = _administrator(session, kommun, by)
    left = close_account(session.app, actor, code, account, os_user=os_user())
    click.echo(f"Konto {account} är stängt.")
    _warn(left)


def os_user() -> str:
    """Return who is logged in to the server, as the operating system itself knows it (an environment can be set)."""
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:  # a container may run as a number without a name
        return f"uid {number}"


def _warn(left: int) -> None:
    if not left:
        said = "Kommunen har nu ingen systemförvaltare. Ge någon rollen med access-grant --role systemforvaltare."
        click.echo(said, err=True)


def _administrator(session: Session, kommun: str | None, by: str) -> tuple[Actor, str]:
    from core.usecases.operators import administering

    actor, code = person(session, kommun, by)
    return administering(actor), code


def _new(role: str, kommun: str, scope: str | None, first: str | None, until: str | None) -> NewRole:
    from core.usecases.role_days import NewRole

    kind, sign, scope_id = (scope or f"kommun:{kommun}").partition(":")
    if not sign:
        raise Fault(f"”{scope}” säger inte vad rollen gäller. Skriv slag och kod, till exempel enhet:G01.")
    first_day, last_day = (None if one is None else _day(one) for one in (first, until))
    return NewRole(
        role=role, scope_kind=kind.strip(), scope_id=scope_id.strip(), first_day=first_day, last_day=last_day
    )


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError as error:
        raise Fault(f"”{text}” är ingen dag. Skriv år, månad och dag, till exempel 2026-12-31.") from error
