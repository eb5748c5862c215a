"""A whole year's work, step by step: Lillby's files in, budget and utfall through their states, decisions, months paid.

Each step is one use case and can be seen in the database, so that whoever takes the work up begins with the first step
that is not there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from core.base import BatchState, Month, RunState, year_range
from core.publication.decision import DecisionState
from core.publication.payment import PaymentState
from core.usecases import decisions, imports, payments, runs
from tests.support.small_kommun import (
    BOTH_YEARS,
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    HANDLER,
    INDEX,
    INDEX_HEADER,
    KOMMUN,
    NOW,
    PLANNED_2026,
    PREMISES,
    STAFF,
    UNITS,
    YEAR,
    given_text,
    model_text,
    planned_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.base import DateRange
    from core.store import UnitOfWork
    from core.store.decisions import DecisionRecord
    from core.usecases.context import App

Kind = Literal["import", "run", "decision", "payment"]
KINDS: tuple[Kind, ...] = ("import", "run", "decision", "payment")
MANY = 4000
"""Elever beside Lillby's own, so that reading and counting them takes long enough to be hit in the middle."""
HUVUDMEN, MONTHS = 3, 4
DECIDING = decisions.Deciding(body="Nämnden", on=NOW.date(), paragraph="§ 7")


@dataclass(frozen=True, slots=True)
class Step:
    """One use case of the chain: what it is called, how to see that it is done, and how to do it."""

    name: str
    kind: Kind
    is_done: Callable[[UnitOfWork], bool]
    do: Callable[[App, Path], object]


def register_text() -> str:
    """Return Lillby's register with many more elever in its largest school."""
    more = (f"m{one:05d};A1;grundskola;{one % 6 + 1};2017-0{one % 9 + 1};;;9907;2025-08-15;\n" for one in range(MANY))
    return ENROLMENT_HEADER + ENROLMENTS_2026 + "".join(more)


# --- the chain ------------------------------------------------------------------------------------------------------


def _chain() -> Iterator[Step]:
    files: tuple[tuple[str, Callable[[], str], DateRange], ...] = (
        ("units", lambda: UNITS, BOTH_YEARS),
        ("enrolments", register_text, year_range(YEAR)),
        ("planned_counts", lambda: planned_text(PLANNED_2026, YEAR), year_range(YEAR)),
        ("index", lambda: INDEX_HEADER + INDEX, year_range(YEAR)),
        ("given_amounts", given_text, year_range(YEAR)),
        ("staff", lambda: STAFF, year_range(YEAR)),
        ("premises", lambda: PREMISES, year_range(YEAR)),
        (imports.MODEL, model_text, year_range(YEAR)),
    )
    for kind, content, period in files:
        yield Step(f"receive {kind}", "import", partial(_received, kind), partial(_receive, kind, content, period))
        yield Step(f"accept {kind}", "import", partial(_accepted, kind), partial(_accept, kind))
    for kind, last in (("budget", RunState.PUBLISHED), ("utfall", RunState.PUBLISHED)):
        yield Step(f"allocate {kind}", "run", partial(_reached, kind, RunState.DRAFT), partial(_allocate, kind))
        for state in (RunState.CHECKED, RunState.DECIDED, last):
            yield Step(f"{state} {kind}", "run", partial(_reached, kind, state), partial(_move, kind, state))
    yield Step("prepare decisions", "decision", lambda work: len(_decisions(work)) == HUVUDMEN, _prepare_decisions)
    for place in range(HUVUDMEN):
        for step, decide in ((DecisionState.DECIDED, _decide), (DecisionState.DELIVERED, _deliver)):
            name = f"decision {place + 1} {step}"
            yield Step(name, "decision", partial(_decision_is, place, step), partial(decide, place))
    for month in (Month(YEAR, number) for number in range(1, MONTHS + 1)):
        for paid, pay in (
            (PaymentState.PREPARED, _prepare_payment), (PaymentState.APPROVED, _approve), (PaymentState.PAID, _pay),
        ):  # fmt: skip
            yield Step(f"{month} {paid}", "payment", partial(_payment_is, month, paid), partial(pay, month))


def _batch(work: UnitOfWork, kind: str) -> Any:  # noqa: ANN401  # a record of the store, or nothing
    return next((one for one in work.batches.list(KOMMUN) if one.kind == kind), None)


def _received(kind: str, work: UnitOfWork) -> bool:
    return _batch(work, kind) is not None


def _accepted(kind: str, work: UnitOfWork) -> bool:
    return _received(kind, work) and _batch(work, kind).state == BatchState.ACCEPTED


def _receive(kind: str, content: Callable[[], str], period: DateRange, app: App, folder: Path) -> None:
    path = folder / f"{kind}.{'yaml' if kind == imports.MODEL else 'csv'}"
    path.write_text(content(), encoding="utf-8")
    delivery = imports.Delivery(kommun=KOMMUN, kind=kind, path=path, file_name=path.name, period=period)
    imports.receive(app, HANDLER, delivery)


def _accept(kind: str, app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _batch(work, kind).number
    imports.accept(app, CONTROLLER, KOMMUN, number)


def _run(work: UnitOfWork, kind: str) -> Any:  # noqa: ANN401  # a record of the store, or nothing
    return next((one for one in work.runs.list(KOMMUN) if one.kind == kind), None)


def _reached(kind: str, state: RunState, work: UnitOfWork) -> bool:
    order = (RunState.DRAFT, RunState.CHECKED, RunState.DECIDED, RunState.PUBLISHED)
    run = _run(work, kind)
    return run is not None and order.index(RunState(run.state)) >= order.index(state)


def _allocate(kind: str, app: App, _: Path) -> None:
    runs.allocate(app, CONTROLLER, KOMMUN, YEAR, kind, 12 if kind == "budget" else 10)


def _move(kind: str, state: RunState, app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _run(work, kind).number
    runs.set_state(app, CHIEF, KOMMUN, number, state.value, "Nämnden § 1" if state is RunState.DECIDED else None)


def _decisions(work: UnitOfWork) -> list[DecisionRecord]:
    return sorted(work.decisions.list(KOMMUN), key=lambda one: one.number)


def _prepare_decisions(app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _run(work, "budget").number
    decisions.prepare_all(app, CONTROLLER, KOMMUN, number)


def _decision_is(place: int, state: DecisionState, work: UnitOfWork) -> bool:
    order = (DecisionState.DRAFT, DecisionState.DECIDED, DecisionState.DELIVERED)
    return order.index(_decisions(work)[place].state) >= order.index(state)


def _decide(place: int, app: App, _: Path) -> None:
    decisions.decide(app, CHIEF, KOMMUN, place + 1, DECIDING)


def _deliver(place: int, app: App, _: Path) -> None:
    decisions.deliver(app, CONTROLLER, KOMMUN, place + 1, NOW.date(), "E-post med läskvitto")


def _payment(work: UnitOfWork, month: Month) -> Any:  # noqa: ANN401  # a record of the store, or nothing
    return next((one for one in work.payments.alive(KOMMUN) if one.month == month.code), None)


def _payment_is(month: Month, state: PaymentState, work: UnitOfWork) -> bool:
    order = (PaymentState.PREPARED, PaymentState.APPROVED, PaymentState.PAID)
    payment = _payment(work, month)
    return payment is not None and order.index(payment.state) >= order.index(state)


def _prepare_payment(month: Month, app: App, _: Path) -> None:
    payments.prepare(app, CONTROLLER, KOMMUN, month)


def _approve(month: Month, app: App, _: Path) -> None:
    with app.reading(CHIEF) as work:
        number = _payment(work, month).number
    payments.approve(app, CHIEF, KOMMUN, number)


def _pay(month: Month, app: App, _: Path) -> None:
    with app.reading(CONTROLLER) as work:
        number = _payment(work, month).number
    payments.mark_paid(app, CONTROLLER, KOMMUN, number)


CHAIN = tuple(_chain())
