"""Commands that answer a delivery and take a run to its next state."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from core.base import BatchState, RunKind, RunState, label
from core.cli.session import kommun_option
from core.cli.swedish import Command, Fault

if TYPE_CHECKING:
    from core.cli.session import Session

ANSWERS = ("accept", "reject", "revert")
STATES = (RunState.CHECKED.value, RunState.DECIDED.value, RunState.PUBLISHED.value)


@click.command(cls=Command)
@click.argument("batch", metavar="INLÄSNING", type=int, help="Inläsningens nummer, se kommandot batches.")
@click.argument("given", metavar="SVAR", type=click.Choice(ANSWERS), help="accept, reject eller revert.")
@click.option("--reason", metavar="SKÄL", default="", help="Varför, för reject och revert.")
@kommun_option
@click.pass_obj
def answer(session: Session, batch: int, given: str, reason: str, kommun: str | None) -> None:
    """Godkänn (accept), avvisa (reject) eller ta tillbaka (revert) en INLÄSNING."""
    from core.usecases import imports

    operator, code = session.operator(kommun)
    if given == "accept":
        done = imports.accept(session.app, operator, code, batch)
    elif not reason:
        raise Fault(f"Ange skälet med --reason när svaret är {given}.")
    else:
        turn = imports.reject if given == "reject" else imports.revert
        done = turn(session.app, operator, code, batch, reason)
    click.echo(f"Inläsning {done.number}: {label(BatchState(done.state)).lower()}.")


@click.command(cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, help="Körningens nummer, se kommandot runs.")
@click.argument("state", metavar="LÄGE", type=click.Choice(STATES), help="checked, decided eller published.")
@click.option("--decision", metavar="BESLUT", help="Organ, dag och paragraf; krävs för decided.")
@kommun_option
@click.pass_obj
def decide(session: Session, run: int, state: str, decision: str | None, kommun: str | None) -> None:
    """För KÖRNING till nästa LÄGE: kontrollerad, beslutad eller publicerad."""
    from core.usecases import runs

    if state == RunState.DECIDED.value and not decision:
        raise Fault("Ange beslutet med --decision, till exempel: --decision ”Utbildningsnämnden 2026-11-17 § 212”.")
    operator, code = session.operator(kommun)
    done = runs.set_state(session.app, operator, code, run, state, decision)
    click.echo(
        f"Körning {done.number}: {label(RunKind(done.kind))} {done.year}, {label(RunState(done.state)).lower()}."
    )
