"""Lindvik's decisions of the year to every huvudman, and its payments month by month, as two persons made them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.base import Month, RunKind
from core.publication.decision import DecisionState
from core.publication.payment import PaymentState
from core.usecases import decisions, payments

if TYPE_CHECKING:
    from core.store import UnitOfWork
    from core.usecases.context import App

PREPARES = ("controller", "Joar Silverhage")
DECIDES = ("forvaltningschef", "Ingegärd Mossflod")
DECIDED_ON, PARAGRAPH, DELIVERED_ON = date(2025, 11, 24), "§ 219", date(2025, 12, 1)
HOW = "E-post med läskvitto"
YEAR, PAID_MONTHS = 2026, 10


def settle(app: App, kommun: str, board: str) -> None:
    """Decide and deliver the year's decisions, and pay its months; what is done already stays as it is."""
    prepares, decides = _actor(*PREPARES, kommun), _actor(*DECIDES, kommun)
    with app.reading(prepares) as work:
        run = work.runs.latest(kommun, YEAR, RunKind.BUDGET.value, decisions.DECIDED_RUNS)
    if run is None:
        return
    _decide(app, prepares, decides, kommun, run.number, board)
    for number in range(1, PAID_MONTHS + 1):
        _pay(app, prepares, decides, kommun, Month(YEAR, number))


def is_settled(work: UnitOfWork, kommun: str) -> bool:
    """Say whether every one of the months is paid."""
    paid = {one.month for one in work.payments.alive(kommun) if one.state is PaymentState.PAID}
    return {Month(YEAR, number).code for number in range(1, PAID_MONTHS + 1)} <= paid


def _decide(app: App, prepares: Actor, decides: Actor, kommun: str, run: int, board: str) -> None:
    then = _at(app, DECIDED_ON)
    decisions.prepare_all(then, prepares, kommun, run)
    with app.reading(prepares) as work:
        waiting = {one.number: one.state for one in work.decisions.list(kommun) if one.run == run}
    for number, state in sorted(waiting.items()):
        if state is DecisionState.DRAFT:
            deciding = decisions.Deciding(body=board, on=DECIDED_ON, paragraph=PARAGRAPH)
            decisions.decide(then, decides, kommun, number, deciding)
        if state in {DecisionState.DRAFT, DecisionState.DECIDED}:
            decisions.deliver(_at(app, DELIVERED_ON), prepares, kommun, number, DELIVERED_ON, HOW)


def _pay(app: App, prepares: Actor, decides: Actor, kommun: str, month: Month) -> None:
    then = _at(app, month.first_day.replace(day=16))
    with app.reading(prepares) as work:
        begun = next((one for one in work.payments.alive(kommun) if one.month == month.code), None)
    number = payments.prepare(then, prepares, kommun, month) if begun is None else begun.number
    state = PaymentState.PREPARED if begun is None else begun.state
    if state is PaymentState.PREPARED:
        payments.approve(then, decides, kommun, number)
    if state is not PaymentState.PAID:
        payments.mark_paid(_at(app, month.first_day.replace(day=20)), prepares, kommun, number)


def _at(app: App, day: date) -> App:
    return replace(app, clock=lambda: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def _actor(subject: str, name: str, kommun: str) -> Actor:
    return Actor(subject, name, (Grant(subject, "kommun", kommun, kommun),))
