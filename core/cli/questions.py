"""Commands on questions about figures: flags, answer-flag."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.base import format_kr
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import Command, Fault, table

if TYPE_CHECKING:
    from core.usecases.flag_views import FlagView

ANSWERS = ("accept", "reject", "correct")
STATES = {
    "open": "Väntar på svar", "accepted": "Ska rättas", "rejected": "Avvisad", "corrected": "Rättad",
    "withdrawn": "Återtagen",
}  # fmt: skip


@click.command(cls=Command)
@kommun_option
@json_option
@click.pass_obj
def flags(session: Session, kommun: str | None, *, as_json: bool) -> None:
    """Visa frågorna om underlaget: vad som sagts vara fel, svaret och vad rättelsen ändrade."""
    from core.usecases.flags import flags_view

    operator, _ = session.operator(kommun)
    found = flags_view(session.app, operator).flags
    if as_json:
        echo_json([asdict(one) for one in found])
        return
    rows = [
        [
            str(one.number),
            STATES[one.state],
            one.unit_name,
            one.what,
            one.said or "(gallrad)",
            one.answer or "",
            _effect(one),
        ]
        for one in found
    ]
    click.echo(table(("Nr", "Läge", "Enhet", "Uppgift", "Fråga", "Svar", "Effekt"), rows))


def _effect(flag: FlagView) -> str:
    return "" if flag.effect_ore is None else f"{format_kr(flag.effect_ore, decimals=True)} i körning {flag.new_run}"


@click.command("answer-flag", cls=Command)
@click.argument("number", metavar="FRÅGA", type=int, help="Frågans nummer, se kommandot flags.")
@click.argument("given", metavar="SVAR", type=click.Choice(ANSWERS), help="accept, reject eller correct.")
@click.option("--text", metavar="TEXT", default="", help="Vad som ska göras (accept) eller varför inte (reject).")
@click.option("--batch", metavar="INLÄSNING", type=int, help="Inläsningen som rättar (correct).")
@kommun_option
@click.pass_obj
def answer_flag(session: Session, number: int, given: str, text: str, batch: int | None, kommun: str | None) -> None:
    """Svara på en FRÅGA: den ska rättas (accept), uppgiften är rätt (reject), eller den är rättad (correct)."""
    from core.usecases import flags as use

    operator, _ = session.operator(kommun)
    if given == "correct":
        if batch is not None:
            use.link_batch(session.app, operator, number, batch)
        done = use.close_flag(session.app, operator, number)
    elif not text:
        raise Fault(f"Skriv svaret med --text när svaret är {given}.")
    else:
        done = use.answer_flag(session.app, operator, number, text, accepted=given == "accept")
    effect = _effect(done)
    click.echo(f"Fråga {done.number}: {STATES[done.state].lower()}{f', {effect}' if effect else ''}.")
