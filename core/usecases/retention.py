"""What is due to be erased, what holds some of it back, and carrying it out: a class whole or not at all.

A class is one transaction: the rows, the mark on their deliveries and the link in the audit chain come together or
not at all. The chain tells numbers only. What runs froze is never touched, so each still verifies at the level it says.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.base import BatchState, RunKind, RunState
from core.parameters.retention import load_retention
from core.usecases.context import must
from core.usecases.flag_states import CORRECTED, REJECTED, WITHDRAWN
from core.usecases.looks import LOOK
from core.usecases.retention_guards import Guards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from core.access import Actor
    from core.parameters.retention import RetentionRule
    from core.store import BatchRecord, RunRecord, UnitOfWork
    from core.usecases.context import App

TURNED_DOWN = (BatchState.REJECTED.value, BatchState.REVERTED.value)
SPOKEN = ("batch.rejected", "batch.reverted", "payment.prepare")
"""What was written in the audit chain with a reason in words once; no longer (``core.usecases.reasons``)."""
CHECKSUM = re.compile(r"([0-9a-f]{64})?")
"""What stands for a reason in the chain, and for none."""
BY_ROWS = ("enrolments", "staff", "case_amounts")
"""Record classes that are a kind of delivery, too."""


@dataclass(frozen=True, slots=True)
class Due:
    """What of one class is due: how many records, since when, in which deliveries or runs; and what is held back."""

    number: int = 0
    oldest: date | None = None
    items: tuple[int, ...] = ()
    held: tuple[tuple[int, str], ...] = ()


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
        return tuple(_view(rule, _due(app, work, kommun, rule)) for rule in load_retention().rules)


def carry_out(app: App, viewer: Actor, kommun: str) -> tuple[ClassView, ...]:
    """Erase what is due, a transaction a class, and return what was erased; the second time nothing is due."""
    must(viewer, "retention.carry_out", kommun)
    done = []
    for rule in load_retention().rules:
        with app.writing(viewer) as work:
            work.retention.take_turn(kommun)
            due = _due(app, work, kommun, rule)
            if due.number:
                _ERASE[rule.record_class](work, kommun, due, app.clock(), _before(app, rule))
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


def _before(app: App, rule: RetentionRule) -> datetime:
    """Return the moment after the last day that is due."""
    return datetime.combine(rule.until(app.clock().date()) + timedelta(days=1), time(), UTC)


def _due(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    return _FIND[rule.record_class](app, work, kommun, rule)


def _of_batches(
    app: App,
    work: UnitOfWork,
    kommun: str,
    rule: RetentionRule,
    moment: Callable[[BatchRecord], date],
    why_held: Callable[[Guards, BatchRecord, Sequence[int]], str | None],
    of: Iterable[BatchRecord],
) -> Due:
    """Return the deliveries among ``of`` that are old enough, less those that something holds."""
    what = rule.record_class
    until = rule.until(app.clock().date())
    holding = work.retention.batches_with(kommun, what)
    old = [one for one in of if one.number in holding and moment(one) <= until]
    if not old:
        return Due()
    guards = Guards(work, kommun, app.clock().date())
    numbers = [one.number for one in old]
    reasons = {one.number: why_held(guards, one, numbers) for one in old}
    due = [one for one in old if reasons[one.number] is None]
    held = tuple((number, reason) for number, reason in sorted(reasons.items()) if reason is not None)
    items = tuple(sorted(one.number for one in due))
    count = work.retention.count_referenser if what == "referens" else None
    number = 0 if not items else count(kommun, items) if count else work.retention.count(kommun, what, items)
    return Due(number, min(map(moment, due), default=None), items, held)


def _last_day(batch: BatchRecord) -> date:
    return batch.period_to - timedelta(days=1)


def _decided_or_received(batch: BatchRecord) -> date:
    return (batch.decided_at or batch.received_at).date()


def _by_period(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    kind = "enrolments" if rule.record_class == "referens" else rule.record_class
    batches = work.batches.list(kommun)
    kinds = {one.number: one.kind for one in batches}

    def held(guards: Guards, batch: BatchRecord, due: Sequence[int]) -> str | None:
        if kind == "staff":
            return guards.of_period(batch)
        return guards.of_cases(batch, due, kinds) if kind == "case_amounts" else guards.of_rows(batch)

    return _of_batches(app, work, kommun, rule, _last_day, held, [one for one in batches if one.kind == kind])


def _issues(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    batches = work.batches.list(kommun)
    return _of_batches(app, work, kommun, rule, _decided_or_received, lambda *_: None, batches)


def _turned_down(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    """Return rejected and reverted deliveries of elever and staff that no run rests on; the others go by their kind."""
    until = rule.until(app.clock().date())
    holding = set().union(*(work.retention.batches_with(kommun, kind) for kind in BY_ROWS))
    old = [
        one
        for one in work.batches.list(kommun)
        if one.state in TURNED_DOWN and one.number in holding and _decided_or_received(one) <= until
    ]
    if not old:
        return Due()
    rests_on = Guards(work, kommun, app.clock().date()).rests_on
    due = [one for one in old if one.number not in rests_on]
    held = tuple(
        (one.number, f"körning {rests_on[one.number][0]} vilar på den") for one in old if one.number in rests_on
    )
    items = tuple(sorted(one.number for one in due))
    number = sum(work.retention.count(kommun, kind, items) for kind in BY_ROWS) if items else 0
    return Due(number, min(map(_decided_or_received, due), default=None), items, held)


def _drafts(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    before = _before(app, rule)
    runs = work.runs.list(kommun)
    old = [
        run
        for run in runs
        if run.state == RunState.DRAFT.value and run.kind != RunKind.SCENARIO.value and run.created_at < before
    ]
    if not old:
        return Due()
    newest = runs[0].number  # numbers go on from the highest one, which therefore stays
    referred = work.retention.runs_referred(kommun, [run.number for run in old])
    held = dict.fromkeys(referred, "något annat hänvisar till den")
    held[newest] = "den senaste körningen: numren räknas vidare från den"
    due = [run for run in old if run.number not in held]
    while compared := _compared_with(runs, due):  # what stays may hold one more, and so on
        held |= compared
        due = [run for run in due if run.number not in held]
    days = [run.created_at.date() for run in due]
    of_old = tuple((run.number, held[run.number]) for run in reversed(old) if run.number in held)
    return Due(len(due), min(days, default=None), tuple(sorted(run.number for run in due)), of_old)


def _compared_with(runs: Iterable[RunRecord], due: Iterable[RunRecord]) -> dict[int, str]:
    """Return those of ``due`` that a run which stays is priced or corrected from, with the reason."""
    going = {run.number for run in due}
    return {
        number: f"körning {run.number} räknar från den"
        for run in runs
        for number in (run.budget_run, run.earlier_run)
        if run.number not in going and number in going and number is not None
    }


def _questions(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    before = _before(app, rule)
    flags = work.flags.list(kommun, (REJECTED, CORRECTED, WITHDRAWN))
    due = [(one.number, one.answered_at or one.made_at) for one in flags if one.said or one.answer]
    due = [(number, at) for number, at in due if at < before]
    days = [at.date() for _, at in due]
    return Due(len(due), min(days, default=None), tuple(sorted(number for number, _ in due)))


def _spoken(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    """Return links of earlier versions that say a reason in words; those of now hold its checksum."""
    found = [
        (seq, at)
        for seq, at, payload in work.retention.spoken(kommun, SPOKEN, _before(app, rule))
        if not CHECKSUM.fullmatch(json.loads(payload).get("reason", ""))
    ]
    return Due(len(found), found[0][1].date() if found else None, tuple(seq for seq, _ in found))


def _looks(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    found = work.retention.looks(kommun, LOOK, _before(app, rule))
    return Due(len(found), found[0][1].date() if found else None)


def _moments(ask: Callable[[UnitOfWork], Callable[[str, datetime], list[datetime]]]) -> _Find:
    def find(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
        found = ask(work)(kommun, _before(app, rule))
        return Due(len(found), min((at.date() for at in found), default=None))

    return find


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
    _Find = Callable[[App, UnitOfWork, str, RetentionRule], Due]
    _Erase = Callable[[UnitOfWork, str, Due, datetime, datetime], object]

_FIND: dict[str, _Find] = {
    "draft_runs": _drafts,
    "turned_down": _turned_down,
    "enrolments": _by_period,
    "referens": _by_period,
    "case_amounts": _by_period,
    "staff": _by_period,
    "batch_issues": _issues,
    "questions": _questions,
    "batch_reasons": _moments(lambda work: work.retention.batch_reasons),
    "payment_reasons": _moments(lambda work: work.retention.payment_reasons),
    "spoken_reasons": _spoken,
    "looks": _looks,
    "invitations": _moments(lambda work: work.retention.invitations),
    "logins": _moments(lambda work: work.retention.logins),
    "accounts": _moments(lambda work: work.retention.accounts),
}
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
