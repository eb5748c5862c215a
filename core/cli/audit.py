"""Commands on the audit chain: audit verify, audit list."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING

import click

from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import FINDINGS, Command, Group, table

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.auditing import ChainReport


class Day(click.ParamType):  # type: ignore[type-arg]  # generic to the type checker only
    """A day: ``2026-03-01``."""

    name = "dag"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} är ingen dag. Skriv den som 2026-03-01.", param, ctx)


DAY = Day()


@click.group("audit", cls=Group)
def audit() -> None:
    """Kontrollera och läs händelseloggen."""


newest_option = click.option(
    "--newest",
    "mark",
    metavar="MÄRKE",
    help="Ett sparat märke (nummer:kontrollsumma), till exempel ur förra kontrollen: visar om kedjans slut är borta.",
)


@audit.command("verify", cls=Command)
@kommun_option
@newest_option
@json_option
@click.pass_obj
def verify(session: Session, kommun: str | None, mark: str | None, *, as_json: bool) -> None:
    """Kontrollera att ingen händelse i loggens kedja har ändrats eller tagits bort.

    Visar också kedjans märke: numret och kontrollsumman på den senaste händelsen. Spara det någon annanstans än i
    databasen och ange det med --newest nästa gång: då syns även om de senaste händelserna har tagits bort, eller om
    hela kedjan har skrivits om. Utan --kommun kontrolleras alla kommuners kedjor, men ett märke gäller en kommun.
    """
    _verify(session, kommun, mark, as_json=as_json)


@click.command("verify-audit", cls=Command)
@kommun_option
@newest_option
@json_option
@click.pass_obj
def verify_audit(session: Session, kommun: str | None, mark: str | None, *, as_json: bool) -> None:
    """Samma sak som audit verify, med dess äldre namn."""
    _verify(session, kommun, mark, as_json=as_json)


@audit.command("list", cls=Command)
@kommun_option
@click.option("--action", metavar="HANDLING", help="Bara en handling, till exempel run.decide.")
@click.option("--actor", metavar="VEM", help="Bara en person, skriven som i kolumnen Vem i --json (actor).")
@click.option("--from", "first_day", metavar="DAG", type=DAY, help="Första dagen, till exempel 2026-01-01.")
@click.option("--to", "last_day", metavar="DAG", type=DAY, help="Sista dagen, till och med.")
@click.option("--page", metavar="SIDA", type=click.IntRange(1), default=1, help="Sida om 50 händelser (förval 1).")
@json_option
@click.pass_obj
def list_(  # noqa: PLR0913 - which links
    session: Session,
    kommun: str | None,
    action: str | None,
    actor: str | None,
    first_day: date | None,
    last_day: date | None,
    page: int,
    *,
    as_json: bool,
) -> None:
    """Visa händelserna, den senaste först: när, vem, vad och om vad. Läsningen står själv i loggen."""
    from core.usecases.audit_words import in_words
    from core.usecases.auditing import AuditWanted, audit_view

    wanted = AuditWanted(action=action, actor=actor, first_day=first_day, last_day=last_day)
    administrator, code = _administrator(session, kommun)
    view = audit_view(session.app, administrator, wanted, page=page, kommun=code)
    if as_json:
        echo_json({"links": view.links, "found": view.found, "rows": [asdict(one) for one in view.rows]})
        return
    rows = [
        [str(one.seq), f"{one.at:%Y-%m-%d %H:%M}Z", one.actor_name, in_words(one.action), one.about,
         "gallrad" if one.payload is None else one.payload]
        for one in view.rows
    ]  # fmt: skip
    click.echo(table(("Nr", "När", "Vem", "Vad", "Om", "Uppgifter"), rows))
    click.echo(f"{view.found} av {view.links} händelser.")


def _verify(session: Session, kommun: str | None, mark: str | None, *, as_json: bool) -> None:
    from core.usecases.auditing import verify_chain
    from core.usecases.open_kommuner import kommuner

    codes: list[str | None] = [kommun]
    if kommun is None and mark is None:  # a mark is of one kommun's chain; without any, every chain is checked
        codes = [code for code, _ in kommuner(session.app)] or [None]
    reports: dict[str, ChainReport] = {}
    for one in codes:
        administrator, code = _administrator(session, one)
        reports[code] = verify_chain(session.app, administrator, code, mark=mark)
    if as_json:
        told = {code: _as_json(report) for code, report in reports.items()}
        whole = {"ok": all(one.ok for one in reports.values()), "kommuner": told}
        echo_json(whole if len(told) > 1 else next(iter(told.values())))
    else:
        for code, report in reports.items():
            _say(report, f"Kommun {code}: " if len(reports) > 1 else "")
    if not all(one.ok for one in reports.values()):
        raise SystemExit(FINDINGS)


def _as_json(report: ChainReport) -> dict[str, object]:
    held = {"ok": report.ok, "links": report.links, "first_broken": report.first_broken}
    return {**held, "mark": report.mark, "kept": report.kept}


def _say(report: ChainReport, whose: str) -> None:
    if report.first_broken is not None:
        click.echo(f"{whose}Kedjan är bruten vid händelse {report.first_broken}.")
    if report.kept == "gone":
        click.echo(f"{whose}Det sparade märkets händelse finns inte: kedjan slutar vid händelse {report.links}.")
    elif report.kept == "other":
        click.echo(f"{whose}Det sparade märkets händelse har en annan kontrollsumma: kedjan har skrivits om.")
    if report.ok:
        said = " Det sparade märket finns kvar." if report.kept else ""
        click.echo(f"{whose}Kedjan är hel: {report.links} händelser.{said}")
        if report.mark:
            click.echo(f"{whose}Märke att spara utanför databasen: {report.mark}")


def _administrator(session: Session, kommun: str | None) -> tuple[Actor, str]:
    """Return the operator as who may see the log, and the kommun."""
    from core.usecases.operators import administering

    operator, code = session.operator(kommun)
    return administering(operator), code
