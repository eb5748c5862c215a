"""Commands on decisions per huvudman: list, prepare, decide, deliver, enter an appeal and its outcome, write files."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.base import format_kr, kronor
from core.cli.persons import by_option, person
from core.cli.session import Session, echo_json, json_option, kommun_option, write_file
from core.cli.swedish import Command, Fault, table

if TYPE_CHECKING:
    from core.usecases.decision_reading import Format
    from core.usecases.decision_views import HuvudmanRow

_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_NUMBER = click.argument("number", metavar="BESLUT", type=int, help="Beslutets nummer, se decisions.")
_FORMATS = ("pdf", "xlsx", "json")


@click.command("decisions", cls=Command)
@click.option("--run", metavar="KÖRNING", type=int, help="Körningens nummer. Utan det: den senast beslutade.")
@kommun_option
@json_option
@click.pass_obj
def decisions(session: Session, run: int | None, kommun: str | None, *, as_json: bool) -> None:
    """Visa varje huvudmans beslut i en körning."""
    from core.usecases.decision_reading import decisions_view

    operator, _ = session.operator(kommun)
    rows = decisions_view(session.app, operator, run).rows
    if as_json:
        echo_json([asdict(one) for one in rows])
        return
    header = ("Nr", "Organisationsnummer", "Huvudman", "Slag", "Läge", "Överklagas senast", "Summa")
    click.echo(table(header, list(map(_row, rows))))


def _row(row: HuvudmanRow) -> list[str]:
    one = row.decision
    if one is None:
        return ["", row.huvudman, row.name, row.form_label, "Inte framtaget", "", ""]
    until = "" if one.appeal_until is None else str(one.appeal_until)
    total = format_kr(one.total_ore, decimals=True)
    return [str(one.number), row.huvudman, row.name, row.form_label, one.state_label, until, total]


@click.command("decision-prepare", cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, help="En beslutad körnings nummer, se runs.")
@by_option
@click.option("--huvudman", metavar="ORGNR", help="Bara denna huvudman. Utan valet: alla som saknar beslut.")
@click.option("--special-reasons", metavar="SKÄL", help="Varför andra kostnadsslag visas tillsammans.")
@kommun_option
@click.pass_obj
def decision_prepare(
    session: Session, run: int, by: str, huvudman: str | None, special_reasons: str | None, kommun: str | None
) -> None:
    """Ta fram beslut ur en beslutad KÖRNING; någon annan för in att de är beslutade."""
    from core.usecases import decisions as use

    actor, code = person(session, kommun, by)
    if huvudman is None:
        numbers = use.prepare_all(session.app, actor, code, run)
    else:
        numbers = (use.prepare(session.app, actor, code, run, huvudman, special_reasons),)
    click.echo(f"Framtagna beslut: {', '.join(map(str, numbers)) or 'inga, alla finns redan'}.")


@click.command("decision-decide", cls=Command)
@_NUMBER
@by_option
@click.option("--body", metavar="ORGAN", required=True, help="Vem som har beslutat: nämnden, eller på delegation.")
@click.option("--on", metavar="DAG", required=True, help="Beslutsdagen, till exempel 2025-11-24.")
@click.option("--paragraph", metavar="PARAGRAF", required=True, help="Paragraf i protokoll eller delegationslista.")
@click.option("--delegation", metavar="PUNKT", help="Punkt i delegationsordningen, om det är på delegation.")
@kommun_option
@click.pass_obj
def decision_decide(  # noqa: PLR0913, PLR0917 - one parameter for each option
    session: Session,
    number: int,
    by: str,
    body: str,
    on: str,
    paragraph: str,
    delegation: str | None,
    kommun: str | None,
) -> None:
    """För in att ett framtaget BESLUT är beslutat."""
    from core.usecases import decisions as use

    actor, code = person(session, kommun, by)
    deciding = use.Deciding(body=body, on=_day(on), paragraph=paragraph, delegation=delegation)
    use.decide(session.app, actor, code, number, deciding)
    click.echo(f"Beslut {number} är beslutat.")


@click.command("decision-deliver", cls=Command)
@_NUMBER
@click.option("--on", metavar="DAG", required=True, help="Dagen då huvudmannen fick beslutet.")
@click.option("--how", metavar="HUR", required=True, help="Till exempel: brev med mottagningsbevis.")
@kommun_option
@click.pass_obj
def decision_deliver(session: Session, number: int, on: str, how: str, kommun: str | None) -> None:
    """För in att huvudmannen har fått BESLUT; tiden att överklaga räknas från den dagen."""
    from core.usecases import decisions as use

    operator, code = session.operator(kommun)
    use.deliver(session.app, operator, code, number, _day(on), how)
    click.echo(f"Beslut {number} är delgivet.")


@click.command("decision-appeal", cls=Command)
@_NUMBER
@click.option("--on", metavar="DAG", help="Dagen då överklagandet kom in.")
@click.option("--outcome", metavar="TEXT", help="Domstolens utgång, eller omprövningen: vem, dag och målnummer.")
@click.option("--new", "new", metavar="ENHET=KRONOR", multiple=True, help="Nytt belopp för året; upprepa per enhet.")
@kommun_option
@click.pass_obj
def decision_appeal(
    session: Session, number: int, on: str | None, outcome: str | None, new: tuple[str, ...], kommun: str | None
) -> None:
    """För in ett överklagande av BESLUT (--on), eller hur det gick (--outcome, med --new när belopp ändras)."""
    from core.usecases import decisions as use

    operator, code = session.operator(kommun)
    if on is not None:
        use.appeal(session.app, operator, code, number, _day(on))
        click.echo(f"Beslut {number} är överklagat.")
    if outcome is None:
        if on is None:
            raise Fault("Ange --on när överklagandet kommer in, eller --outcome när det är avgjort.")
        return
    if new:
        use.change(session.app, operator, code, number, outcome, dict(map(_amount, new)))
        click.echo(f"Beslut {number} är ändrat; skillnaden betalas från nästa utbetalning.")
    else:
        use.uphold(session.app, operator, code, number, outcome)
        click.echo(f"Beslut {number} står fast.")


@click.command("decision-document", cls=Command)
@_NUMBER
@click.option("--format", "suffix", type=click.Choice(_FORMATS), default="pdf", help="Filens format (förval pdf).")
@click.option("--out", metavar="FIL", type=_OUT, help="Filnamn. Utan det: eget namn i den mapp du står i.")
@kommun_option
@click.pass_obj
def decision_document(session: Session, number: int, suffix: Format, out: Path | None, kommun: str | None) -> None:
    """Skriv beslutshandlingen för BESLUT med bilaga och hur man överklagar."""
    from core.usecases.decision_reading import decision_file

    operator, _ = session.operator(kommun)
    name, content, _ = decision_file(session.app, operator, number, suffix)
    write_file(out or Path(name), content)


@click.command("recompute-kit", cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, help="Körningens nummer, se kommandot runs.")
@click.argument("enheter", metavar="ENHET…", nargs=-1, required=True, help="Enheternas id i kommunens register.")
@click.option("--out", metavar="FIL", type=_OUT, help="Filnamn. Utan det: rakna_om_KÖRNING.zip.")
@kommun_option
@click.pass_obj
def recompute_kit(session: Session, run: int, enheter: tuple[str, ...], out: Path | None, kommun: str | None) -> None:
    """Skriv allt som behövs för att räkna om ENHET… ur KÖRNING med evaluate: modell, enhetsfil, uppgifter, facit."""
    from core.usecases.recompute_kit import recompute_kit as kit

    operator, _ = session.operator(kommun)
    write_file(out or Path(f"rakna_om_{run}.zip"), kit(session.app, operator, run, enheter))


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError as error:
        raise Fault(f"”{text}” är ingen dag. Skriv år, månad och dag, till exempel 2025-11-24.") from error


def _amount(text: str) -> tuple[str, int]:
    enhet, sign, amount = text.partition("=")
    if not sign:
        raise Fault(f"”{text}” ska vara en enhet och ett belopp, till exempel G12=1250000.")
    return enhet.strip(), kronor(amount)
