"""What is due to be erased, what holds some of it back, and carrying it out: a class whole or not at all.

A class is one transaction: the rows, the mark on their deliveries and the link in the audit chain come together or
not at all. The chain tells numbers only. What runs froze is never touched, so each still verifies at the level it says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.parameters.retention import load_retention
from core.usecases.context import must
from core.usecases.looks import LOOK
from core.usecases.retention_due import BY_ROWS, before_of, due_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from core.access import Actor
    from core.parameters.retention import RetentionRule
    from core.store import UnitOfWork
    from core.usecases.context import App
    from core.usecases.retention_due import Due


@dataclass(frozen=True, slots=True)
class ClassView:
    """A class with its rule and what is due; nothing in it is about a person."""

    record_class: str
    label: str
    keep_months: int
    counted_from: str
    happens: str
    why: str
    due: Due


def retention_plan(app: App, viewer: Actor, kommun: str) -> tuple[ClassView, ...]:
    """Return what would be erased today, class by class, and what is held back and why; nothing is changed."""
    must(viewer, "retention.view", kommun)
    with app.reading(viewer) as work:
        return tuple(_view(rule, due_of(app, work, kommun, rule)) for rule in load_retention().rules)


def carry_out(app: App, viewer: Actor, kommun: str) -> tuple[ClassView, ...]:
    """Erase what is due, a transaction a class, and return what was erased; the second time nothing is due."""
    must(viewer, "retention.carry_out", kommun)
    done = []
    for rule in load_retention().rules:
        with app.writing(viewer) as work:
            work.retention.take_turn(kommun)
            due = due_of(app, work, kommun, rule)
            if due.number:
                _ERASE[rule.record_class](work, kommun, due, app.clock(), before_of(rule, app.clock().date()))
                facts: dict[str, object] = {
                    "class": rule.record_class, "records": due.number, "items": list(due.items),
                    "until": rule.until(app.clock().date()).isoformat(), "keep_months": rule.keep_months,
                }  # fmt: skip
                about = f"retention:{rule.record_class}"
                work.audit.append(kommun, app.clock(), viewer.subject, "retention.carry_out", about, facts)
                work.commit()
            done.append(_view(rule, due))
    return tuple(done)


def _view(rule: RetentionRule, due: Due) -> ClassView:
    return ClassView(rule.record_class, rule.label, rule.keep_months, rule.counted_from, rule.happens, rule.why, due)


def _erase_rows(what: str) -> _Erase:
    def erase(work: UnitOfWork, kommun: str, due: Due, at: datetime, _before: datetime) -> None:
        work.retention.erase(kommun, what, due.items)
        if what in BY_ROWS:
            work.retention.mark_erased(kommun, due.items, at)

    return erase


def _erase_turned_down(work: UnitOfWork, kommun: str, due: Due, at: datetime, _before: datetime) -> None:
    for kind in BY_ROWS:
        work.retention.erase(kommun, kind, due.items)
    work.retention.mark_erased(kommun, due.items, at)


def _erase_questions(work: UnitOfWork, kommun: str, due: Due, _at: datetime, _before: datetime) -> None:
    for number in due.items:
        work.flags.change(kommun, number, said="", answer=None)


def _erase_spoken(work: UnitOfWork, kommun: str, due: Due, _at: datetime, _before: datetime) -> None:
    for seq in due.items:
        work.audit.erase_payload(kommun, seq)


def _erase_looks(work: UnitOfWork, kommun: str, _due: Due, _at: datetime, before: datetime) -> None:
    for seq, _ in work.retention.looks(kommun, LOOK, before):
        work.audit.erase_payload(kommun, seq)


if TYPE_CHECKING:
    _Erase = Callable[[UnitOfWork, str, Due, datetime, datetime], object]

_ERASE: dict[str, _Erase] = {
    "draft_runs": lambda work, kommun, due, _at, _before: work.retention.erase_runs(kommun, due.items),
    "turned_down": _erase_turned_down,
    "enrolments": _erase_rows("enrolments"),
    "referens": lambda work, kommun, due, _at, _before: work.retention.erase_referenser(kommun, due.items),
    "case_amounts": lambda work, kommun, due, _at, _before: work.retention.erase_case_elever(kommun, due.items),
    "staff": _erase_rows("staff"),
    "batch_issues": _erase_rows("batch_issues"),
    "questions": _erase_questions,
    "batch_reasons": lambda work, kommun, _due, _at, before: work.retention.erase_batch_reasons(kommun, before),
    "payment_reasons": lambda work, kommun, _due, _at, before: work.retention.erase_payment_reasons(kommun, before),
    "spoken_reasons": _erase_spoken,
    "looks": _erase_looks,
    "invitations": lambda work, kommun, _due, _at, before: work.retention.erase_invitations(kommun, before),
    "logins": lambda work, kommun, _due, _at, before: work.retention.erase_logins(kommun, before),
    "accounts": lambda work, kommun, _due, _at, before: work.retention.erase_accounts(kommun, before),
}
