"""Lindvik's decisions of the year to every huvudman, and its payments month by month, as two persons made them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.base import Month, RunKind
from core.publication.decision import DecisionState
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
    with app.reading(prepares) as work:
        first = _next(work, kommun)
    for number in range(first, PAID_MONTHS + 1):
        _pay(app, prepares, decides, kommun, Month(YEAR, number))


def is_settled(work: UnitOfWork, kommun: str) -> bool:
    """Say whether the last of the months is paid."""
    return _next(work, kommun) > PAID_MONTHS


def _next(work: UnitOfWork, kommun: str) -> int:
    return max((one.month % 100 for one in work.payments.alive(kommun)), default=0) + 1


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
    number = payments.prepare(then, prepares, kommun, month)
    payments.approve(then, decides, kommun, number)
    payments.mark_paid(_at(app, month.first_day.replace(day=20)), prepares, kommun, number)


def _at(app: App, day: date) -> App:
    return replace(app, clock=lambda: datetime(day.year, day.month, day.day, 9, tzinfo=UTC))


def _actor(subject: str, name: str, kommun: str) -> Actor:
    return Actor(subject, name, (Grant(subject, "kommun", kommun, kommun),))
