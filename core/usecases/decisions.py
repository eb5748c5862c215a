"""Decisions on grants, huvudman by huvudman: prepared, decided by another, delivered, appealed, changed, replaced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import CoreError, RunState, Sentence, sha256
from core.parameters.paying import appeal_terms_on
from core.publication import decision as steps
from core.publication.decision import STATE_LABELS, DecisionForm, DecisionStanding, DecisionState
from core.publication.decision_document import content_hash, shares_of
from core.store.decisions import ChangeRecord, NewDecision
from core.usecases.context import matter, must, must_in
from core.usecases.decision_basis import basis_for, huvudman_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from core.access import Actor, Resource
    from core.parameters.roles import Action
    from core.publication.decision_document import DecisionBasis
    from core.store import RunRecord, UnitOfWork
    from core.store.decisions import DecisionRecord
    from core.usecases.context import App

DECIDED_RUNS = (RunState.DECIDED.value, RunState.PUBLISHED.value)
SAID = frozenset({"body", "paragraph", "delegation", "decided_by", "delivered_how", "appeal_outcome"})
"""Free text: it stays in the table, the audit chain holds its hash."""
STANDING = (DecisionState.DECIDED, DecisionState.DELIVERED)


class RunNotDecidedError(CoreError):
    """Individual decisions rest on a run that is decided."""

    def __init__(self, run: int) -> None:
        self.run = run
        super().__init__(
            Sentence(
                "Körning {run} är inte beslutad. Beslut till huvudmän bygger på en beslutad körning: för den till "
                "beslutad i Underlag först.",
                run=run,
            )
        )


class DecisionExistsError(CoreError):
    """The huvudman has a decision of the run, or one that must end before a new one."""

    def __init__(self, number: int, state: DecisionState) -> None:
        self.number, self.state = number, state
        super().__init__(
            Sentence(
                "Huvudmannen har redan beslut {number} för året ({state}). Det går inte att ta fram ett nytt förrän "
                "det är ersatt, eller överklagandet avgjort.",
                number=number,
                state=Sentence(STATE_LABELS[state].lower()),
            )
        )


class DecisionContentError(CoreError):
    """What was prepared and what the run now gives are not the same."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Innehållet i beslut {number} stämmer inte med dess kontrollsumma. Beslutet får inte lämnas ut; kör "
                "verify-run på körningen och ta fram beslutet på nytt.",
                number=number,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Deciding:
    """Who decided, when and under which paragraph; ``delegation`` is the point of the delegation order, when used."""

    body: str
    on: date
    paragraph: str
    delegation: str | None = None


def prepare(app: App, viewer: Actor, kommun: str, run: int, huvudman: str, special_reasons: str | None = None) -> int:
    """Prepare the decision of a run for one huvudman and return its number.

    ``special_reasons``: why kostnadsslag other than lokalkostnader, administration and mervärdesskatt stand together.
    """
    must(viewer, "decision.prepare", kommun)
    with app.writing(viewer) as work:
        work.decisions.take_turn(kommun)
        number = _prepare(app, viewer, work, _decided_run(work, kommun, run), huvudman, special_reasons)
        work.commit()
    return number


def prepare_all(app: App, viewer: Actor, kommun: str, run: int) -> tuple[int, ...]:
    """Prepare the decision of every huvudman that has none of the run; return their numbers."""
    must(viewer, "decision.prepare", kommun)
    with app.writing(viewer) as work:
        work.decisions.take_turn(kommun)
        record = _decided_run(work, kommun, run)
        have = {one.huvudman for one in work.decisions.list(kommun) if one.run == run}
        numbers = tuple(
            _prepare(app, viewer, work, record, huvudman, None)
            for huvudman, units in huvudman_of(work.runs.units(kommun, run)).items()
            if huvudman not in have and any(unit.total_ore for unit in units)
        )
        work.commit()
    return numbers


def decide(app: App, viewer: Actor, kommun: str, number: int, deciding: Deciding) -> None:
    """Enter that a prepared decision has been decided; raises ``SameEyesError`` for who prepared it."""
    must(viewer, "decision.decide", kommun)
    with app.writing(viewer) as work:
        record, basis = _turn(work, viewer, "decision.decide", kommun, number)
        after = steps.decide(
            standing_of(record, basis.form), body=deciding.body, paragraph=deciding.paragraph, by=viewer.subject
        )
        _move(
            app, viewer, work, record, "decision.decide", after,
            body=deciding.body.strip(), decided_on=deciding.on, paragraph=deciding.paragraph.strip(),
            decided_by=viewer.display_name, delegation=(deciding.delegation or "").strip() or None,
        )  # fmt: skip
        if record.replaces is not None:
            older = work.decisions.get(kommun, record.replaces)
            if older.state in STANDING:
                _move(app, viewer, work, older, "decision.decide", steps.replace(standing_of(older, basis.form)))
        work.commit()


def deliver(app: App, viewer: Actor, kommun: str, number: int, on: date, how: str) -> None:
    """Enter that the huvudman has received the decision; the time to appeal runs from that day."""
    must(viewer, "decision.deliver", kommun)
    with app.writing(viewer) as work:
        record, basis = _turn(work, viewer, "decision.deliver", kommun, number)
        after = steps.deliver(standing_of(record, basis.form), on=on, how=how)
        appealable = basis.form is DecisionForm.BESLUT
        until = appeal_terms_on(on).last_day(on, app.holidays) if appealable else None
        _move(
            app, viewer, work, record, "decision.deliver", after,
            delivered_on=on, delivered_how=how.strip(), appeal_until=until,
        )  # fmt: skip
        work.commit()


def appeal(app: App, viewer: Actor, kommun: str, number: int, received_on: date) -> None:
    """Enter an appeal; raises ``AppealTooLateError`` and ``NotAppealableError``."""
    must(viewer, "decision.deliver", kommun)
    with app.writing(viewer) as work:
        record, basis = _turn(work, viewer, "decision.deliver", kommun, number)
        after = steps.appeal(standing_of(record, basis.form), received_on=received_on)
        _move(app, viewer, work, record, "decision.deliver", after, appealed_on=received_on)
        work.commit()


def uphold(app: App, viewer: Actor, kommun: str, number: int, outcome: str) -> None:
    """Enter that the court left the decision as it was."""
    must(viewer, "decision.deliver", kommun)
    with app.writing(viewer) as work:
        record, basis = _turn(work, viewer, "decision.deliver", kommun, number)
        after = steps.upheld(standing_of(record, basis.form), outcome=outcome)
        _move(app, viewer, work, record, "decision.deliver", after, appeal_outcome=outcome.strip())
        work.commit()


def change(app: App, viewer: Actor, kommun: str, number: int, outcome: str, new_ore: Mapping[str, int]) -> None:
    """Enter new amounts of the year for units of this huvudman alone; payments carry the difference from now on."""
    must(viewer, "decision.decide", kommun)
    with app.writing(viewer) as work:
        record, basis = _turn(work, viewer, "decision.decide", kommun, number)
        old = shares_of(basis)
        after = steps.change(standing_of(record, basis.form), outcome=outcome, old=old, new=new_ore)
        changed = [
            ChangeRecord(enhet, old[enhet], ore, outcome.strip())
            for enhet, ore in sorted(new_ore.items())
            if ore != old[enhet]
        ]
        work.decisions.change(kommun, number, changed)
        _move(app, viewer, work, record, "decision.decide", after, appeal_outcome=outcome.strip())
        work.commit()


def standing_of(record: DecisionRecord, form: DecisionForm) -> DecisionStanding:
    """Return a decision as the rules of its next step look at it."""
    return DecisionStanding(
        record.number, record.state, form, record.created_by, record.decided_on, record.delivered_on,
        record.appeal_until,
    )  # fmt: skip


def basis_of(work: UnitOfWork, record: DecisionRecord) -> DecisionBasis:
    """Return what a decision was prepared of; raises ``DecisionContentError`` when the run gives something else now."""
    run = work.runs.get(record.kommun, record.run)
    basis = basis_for(work, run, record.huvudman, record.special_reasons)
    if content_hash(basis) != record.content_sha256:
        raise DecisionContentError(record.number)
    return basis


def _decided_run(work: UnitOfWork, kommun: str, run: int) -> RunRecord:
    record = work.runs.get(kommun, run)
    if record.state not in DECIDED_RUNS:
        raise RunNotDecidedError(run)
    return record


def _prepare(
    app: App, viewer: Actor, work: UnitOfWork, run: RunRecord, huvudman: str, special_reasons: str | None
) -> int:
    kommun = run.kommun
    older = _older(work, run, huvudman)
    basis = basis_for(work, run, huvudman, (special_reasons or "").strip() or None)
    must_in(viewer, "decision.prepare", matter(kommun, huvudman, [one.enhet for one in basis.units]))
    new = NewDecision(
        kommun=kommun, run=run.number, huvudman=huvudman, huvudman_name=basis.huvudman_name,
        special_reasons=basis.special_reasons, total_ore=basis.total_ore, content_sha256=content_hash(basis),
        replaces=_replaced(older), created_at=app.clock(), created_by=viewer.subject,
    )  # fmt: skip
    number = work.decisions.create(new)
    if older is not None and older.state is DecisionState.DRAFT:
        _move(app, viewer, work, older, "decision.prepare", DecisionState.REPLACED)
    facts: dict[str, object] = {"run": run.number, "huvudman": huvudman, "sha256": new.content_sha256}
    work.audit.append(kommun, app.clock(), viewer.subject, "decision.prepare", f"decision:{number}", facts)
    return number


def _replaced(older: DecisionRecord | None) -> int | None:
    """Return the decision that gives way: a draft that is made anew passes on the one it would have replaced."""
    if older is not None and older.state is DecisionState.DRAFT and older.replaces is not None:
        return older.replaces
    return None if older is None else older.number


def _older(work: UnitOfWork, run: RunRecord, huvudman: str) -> DecisionRecord | None:
    """Return the decision that a new one takes the place of; raises ``DecisionExistsError``."""
    for one in work.decisions.list(run.kommun):
        if one.huvudman != huvudman or one.state is DecisionState.REPLACED:
            continue
        other = work.runs.get(run.kommun, one.run)
        if (other.year, other.kind) != (run.year, run.kind):
            continue
        same = one.run == run.number and one.state is not DecisionState.DRAFT
        if same or one.state in {DecisionState.APPEALED, DecisionState.CHANGED}:
            raise DecisionExistsError(one.number, one.state)
        return one
    return None


def decided_matter(record: DecisionRecord, basis: DecisionBasis) -> tuple[Resource, ...]:
    """Return what a decision is about: its huvudman and the units it gives money."""
    return matter(record.kommun, record.huvudman, [one.enhet for one in basis.units])


def _turn(
    work: UnitOfWork, viewer: Actor, action: Action, kommun: str, number: int
) -> tuple[DecisionRecord, DecisionBasis]:
    """Return a decision held for its next step; raises ``ForbiddenError`` for jäv in what it is about."""
    work.decisions.take_turn(kommun)
    record = work.decisions.get(kommun, number)
    basis = basis_of(work, record)
    must_in(viewer, action, decided_matter(record, basis))
    return record, basis


def _move(
    app: App,
    viewer: Actor,
    work: UnitOfWork,
    record: DecisionRecord,
    action: Action,
    after: DecisionState,
    **values: date | str | None,
) -> None:
    work.decisions.move(record.kommun, record.number, record.state, after, **values)
    said = {name: sha256(str(one)) if name in SAID else str(one) for name, one in values.items() if one}
    facts: dict[str, object] = {"state": after.value, **said}
    work.audit.append(record.kommun, app.clock(), viewer.subject, action, f"decision:{record.number}", facts)
