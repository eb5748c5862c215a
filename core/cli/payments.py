"""Commands on payments: list, prepare, approve, note as paid or cancelled, write the files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from core.base import Month, NotAMonthError, format_kr
from core.cli.persons import by_option, person
from core.cli.session import Session, echo_json, json_option, kommun_option, write_file
from core.cli.swedish import Command, Fault, table

if TYPE_CHECKING:
    from core.usecases.payment_views import PaymentInfo

ACTS = ("approve", "paid", "cancel")
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
_NUMBER = click.argument("number", metavar="UTBETALNING", type=int, help="Utbetalningens nummer, se payments.")


@click.command("payments", cls=Command)
@kommun_option
@json_option
@click.pass_obj
def payments(session: Session, kommun: str | None, *, as_json: bool) -> None:
    """Visa utbetalningarna, den senaste först."""
    from core.usecases.payment_reading import payments_view

    operator, _ = session.operator(kommun)
    found = payments_view(session.app, operator).payments
    if as_json:
        echo_json([asdict(one) for one in found])
        return
    click.echo(table(("Nr", "Månad", "Körning", "Läge", "Betalas", "Invänd senast", "Summa"), list(map(_row, found))))


def _row(one: PaymentInfo) -> list[str]:
    days = [str(one.pay_on or ""), str(one.object_until or "")]
    sum_text = format_kr(one.total_ore, decimals=True)
    return [str(one.number), str(Month.from_code(one.month)), str(one.run), one.state_label, *days, sum_text]


@click.command("payment-prepare", cls=Command)
@click.argument("month", metavar="MÅNAD", help="År och månad, till exempel 2026-11.")
@by_option
@click.option("--below-zero", is_flag=True, help="Återkrav får dra mer än vad enheten betalas i månaden.")
@kommun_option
@click.pass_obj
def payment_prepare(session: Session, month: str, by: str, kommun: str | None, *, below_zero: bool) -> None:
    """Ta fram utbetalningen för en MÅNAD; någon annan godkänner den."""
    from core.usecases.payments import prepare

    try:
        when = Month.parse(month)
    except NotAMonthError as error:
        raise Fault(str(error)) from error
    actor, code = person(session, kommun, by)
    number = prepare(session.app, actor, code, when, below_zero=below_zero)
    click.echo(f"Utbetalning {number} för {when} är framtagen och väntar på godkännande.")


@click.command("payment", cls=Command)
@_NUMBER
@click.argument("act", metavar="STEG", type=click.Choice(ACTS), help="approve, paid eller cancel.")
@by_option
@click.option("--reason", metavar="SKÄL", default="", help="Varför, för cancel.")
@kommun_option
@click.pass_obj
def payment(session: Session, number: int, act: str, by: str, reason: str, kommun: str | None) -> None:
    """Godkänn (approve), anteckna som betald (paid) eller avbryt (cancel) en UTBETALNING."""
    from core.usecases import payments as use

    actor, code = person(session, kommun, by)
    if act == "approve":
        use.approve(session.app, actor, code, number)
    elif act == "paid":
        use.mark_paid(session.app, actor, code, number)
    else:
        use.cancel(session.app, actor, code, number, reason)
    said = {"approve": "godkänd", "paid": "betald", "cancel": "avbruten"}[act]
    click.echo(f"Utbetalning {number} är {said}.")


@click.command("payment-file", cls=Command)
@_NUMBER
@click.argument("kind", metavar="FIL", type=click.Choice(["csv", "sie"]), help="csv: betalfil, sie: verifikation.")
@click.option("--out", metavar="FIL", type=_OUT, help="Filnamn. Utan det: eget namn i den mapp du står i.")
@kommun_option
@click.pass_obj
def payment_file(session: Session, number: int, kind: str, out: Path | None, kommun: str | None) -> None:
    """Skriv betalfilen (csv) eller verifikationen för egna enheter (sie) för en godkänd UTBETALNING."""
    from core.usecases import payment_files as use

    operator, code = session.operator(kommun)
    make = use.payment_file if kind == "csv" else use.voucher_file
    name, content, _ = make(session.app, operator, code, number)
    write_file(out or Path(name), content)
