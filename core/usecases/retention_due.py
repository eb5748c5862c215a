"""What of each class of records is due to be erased today, and what holds some of it back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

from core.base import BatchState, RunKind, RunState
from core.usecases.flag_states import CORRECTED, REJECTED, WITHDRAWN
from core.usecases.looks import LOOK
from core.usecases.retention_guards import Guards

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

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


def before_of(rule: RetentionRule, today: date) -> datetime:
    """Return the moment after the last day that is due."""
    return datetime.combine(rule.until(today) + timedelta(days=1), time(), UTC)


def due_of(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    """Return what of a class is due today."""
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
    before = before_of(rule, app.clock().date())
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
    before = before_of(rule, app.clock().date())
    flags = work.flags.list(kommun, (REJECTED, CORRECTED, WITHDRAWN))
    due = [(one.number, one.answered_at or one.made_at) for one in flags if one.said or one.answer]
    due = [(number, at) for number, at in due if at < before]
    days = [at.date() for _, at in due]
    return Due(len(due), min(days, default=None), tuple(sorted(number for number, _ in due)))


def _spoken(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    """Return links of earlier versions that say a reason in words; those of now hold its checksum."""
    found = [
        (seq, at)
        for seq, at, payload in work.retention.spoken(kommun, SPOKEN, before_of(rule, app.clock().date()))
        if not CHECKSUM.fullmatch(json.loads(payload).get("reason", ""))
    ]
    return Due(len(found), found[0][1].date() if found else None, tuple(seq for seq, _ in found))


def _looks(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
    found = work.retention.looks(kommun, LOOK, before_of(rule, app.clock().date()))
    return Due(len(found), found[0][1].date() if found else None)


def _moments(ask: Callable[[UnitOfWork], Callable[[str, datetime], list[datetime]]]) -> _Find:
    def find(app: App, work: UnitOfWork, kommun: str, rule: RetentionRule) -> Due:
        found = ask(work)(kommun, before_of(rule, app.clock().date()))
        return Due(len(found), min((at.date() for at in found), default=None))

    return find


if TYPE_CHECKING:
    _Find = Callable[[App, UnitOfWork, str, RetentionRule], Due]

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
