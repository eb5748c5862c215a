"""The page Beslut and its files: each huvudman sees its own decision, the administration all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from core.access import ForbiddenError, Resource, may, require
from core.base import RunKind, Sentence
from core.exchange.decision_files import decision_json, decision_pdf, decision_xlsx
from core.exchange.statement_rows import JSON, PDF, XLSX
from core.parameters.paying import appeal_terms_on
from core.publication.decision import FORM_LABELS, STATE_LABELS, DecisionForm, DecisionState, form_of
from core.publication.decision_document import AppealText, Registered
from core.publication.decision_texts import build_document
from core.usecases.context import kommun_of, may_in, unit_resource
from core.usecases.decision_basis import huvudman_of
from core.usecases.decision_views import DecidedUnit, DecisionInfo, DecisionsView, DecisionView, HuvudmanRow
from core.usecases.decisions import DECIDED_RUNS, basis_of, decided_matter
from core.usecases.presenting import run_info

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.parameters.roles import Action
    from core.publication.decision_document import DecisionDocument
    from core.store import RunRecord, UnitOfWork
    from core.store.decisions import DecisionRecord
    from core.usecases.context import App

Format = Literal["pdf", "json", "xlsx"]
_WRITERS: dict[Format, tuple[Callable[[DecisionDocument], bytes], str]] = {
    "pdf": (decision_pdf, PDF),
    "json": (decision_json, JSON),
    "xlsx": (decision_xlsx, XLSX),
}


class DraftDecisionError(ForbiddenError):
    """A draft is not shown to the huvudman it is about."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(
            Sentence(
                "Beslut {number} är ett utkast. Det visas när det är beslutat; fråga kommunens controller.",
                number=number,
            )
        )


DECIDES_ON = (RunKind.BUDGET.value, RunKind.SLUTAVRAKNING.value, RunKind.UTFALL.value)


def decisions_view(app: App, viewer: Actor, run: int | None = None) -> DecisionsView:
    """Return the huvudmän of a run with their decisions; without ``run``, of the run last decided on.

    A draft is nobody's decision yet: only who sees the whole kommun's decisions sees it, and a huvudman is offered
    the runs that have decisions of its own. Raises ``ForbiddenError`` for who may see no huvudman's decision.
    """
    kommun = kommun_of(viewer)
    drafts = _may_see_drafts(viewer, kommun)
    with app.reading(viewer) as work:
        decisions = [
            one
            for one in work.decisions.list(kommun)
            if _may_see(viewer, kommun, one.huvudman) and (drafts or one.state is not DecisionState.DRAFT)
        ]
        runs = [one for one in work.runs.list(kommun) if one.state in DECIDED_RUNS and one.kind in DECIDES_ON]
        if not drafts and decisions:
            runs = [one for one in runs if one.number in {decision.run for decision in decisions}]
        chosen = next((one for one in runs if one.number == run), None) or _standing(runs, decisions)
        units = {} if chosen is None else huvudman_of(work.runs.units(kommun, chosen.number))
        forms = {huvudman: form_of({one.recipient for one in mine}) for huvudman, mine in units.items()}
        rows = tuple(
            HuvudmanRow(
                huvudman, mine[0].huvudman_name, FORM_LABELS[forms[huvudman]],
                sum(bool(one.total_ore) for one in mine),
                _newest(decisions, chosen, huvudman, forms[huvudman]),
            )
            for huvudman, mine in sorted(units.items(), key=lambda one: one[1][0].huvudman_name.casefold())
            if _may_see(viewer, kommun, huvudman) and any(one.total_ore for one in mine)
        )  # fmt: skip
    whole = may(viewer, "decision.view", Resource("kommun", kommun))
    if not whole.allowed and not rows and not decisions:
        raise ForbiddenError(whole.reason)
    runs.sort(key=lambda one: chosen is None or one.number != chosen.number)  # the one shown stands first
    return DecisionsView(
        tuple(run_info(one) for one in runs), None if chosen is None else run_info(chosen), rows,
        *(_may_all(viewer, one, kommun) for one in ("decision.prepare", "decision.decide", "decision.deliver")),
    )  # fmt: skip


def decision_view(app: App, viewer: Actor, number: int) -> DecisionView:
    """Return one decision with its units; raises ``ForbiddenError`` and ``DecisionUnknownError``."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        record = _allowed(work, viewer, kommun, number)
        basis = basis_of(work, record)
        changed = {one.enhet: one.new_ore for one in work.decisions.changes(kommun, number)}
        recomputes = all(
            may(viewer, "individual.view", unit_resource(kommun, one)).allowed
            for one in work.runs.units(kommun, record.run)
            if one.enhet in {unit.enhet for unit in basis.units}
        )
    about = decided_matter(record, basis)
    decides, delivers = (may_in(viewer, action, about) for action in ("decision.decide", "decision.deliver"))
    appealable = basis.form is DecisionForm.BESLUT
    return DecisionView(
        decision=_info(record, basis.form),
        provisional=basis.provisional,
        units=tuple(
            DecidedUnit(one.enhet, one.name, one.amount_ore, changed.get(one.enhet, one.amount_ore))
            for one in basis.units
        ),
        may_recompute=recomputes,
        may_decide=decides and record.state is DecisionState.DRAFT and record.created_by != viewer.subject,
        may_deliver=delivers and record.state is DecisionState.DECIDED,
        may_appeal=delivers and appealable and record.state is DecisionState.DELIVERED,
        may_settle=decides and appealable and record.state in {DecisionState.APPEALED, DecisionState.DELIVERED},
    )


def decision_file(app: App, viewer: Actor, number: int, file_format: Format) -> tuple[str, bytes, str]:
    """Return (file name, content, media type) of a decision's document as it stands now."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        record = _allowed(work, viewer, kommun, number)
        basis = basis_of(work, record)
        changes = tuple(
            (one.enhet, one.old_ore, one.new_ore, one.reason) for one in work.decisions.changes(kommun, number)
        )
    made_on = app.clock().date()
    terms = appeal_terms_on(record.delivered_on or made_on)
    appeal = AppealText(terms.weeks, terms.to, terms.via, terms.late, terms.reference.title, record.appeal_until)
    registered = Registered(
        number, STATE_LABELS[record.state], record.body, record.decided_on, record.paragraph, record.decided_by,
        record.delegation, record.delivered_on, record.delivered_how, record.appeal_outcome, changes,
    )  # fmt: skip
    write, media_type = _WRITERS[file_format]
    document = build_document(basis, registered, appeal, made_on)
    return f"beslut_{number}_{record.huvudman}_{basis.year}.{file_format}", write(document), media_type


def _standing(runs: list[RunRecord], decisions: list[DecisionRecord]) -> RunRecord | None:
    """Return the run of the newest decision, else the newest budget: decisions are made before the year."""
    by_number = {one.number: one for one in runs}
    decided = next((by_number[one.run] for one in decisions if one.run in by_number), None)
    budgets = [one for one in runs if one.kind == RunKind.BUDGET.value]
    return decided or next(iter(budgets or runs), None)


def _newest(
    decisions: list[DecisionRecord], run: RunRecord | None, huvudman: str, form: DecisionForm
) -> DecisionInfo | None:
    mine = [one for one in decisions if run is not None and (one.run, one.huvudman) == (run.number, huvudman)]
    return _info(mine[0], form) if mine else None


def _info(one: DecisionRecord, form: DecisionForm) -> DecisionInfo:
    return DecisionInfo(
        one.number, one.run, one.huvudman, one.huvudman_name, form, FORM_LABELS[form], one.state,
        STATE_LABELS[one.state], one.total_ore, one.body, one.decided_on, one.paragraph, one.delegation,
        one.delivered_on, one.delivered_how, one.appeal_until, one.appealed_on, one.appeal_outcome, one.replaces,
    )  # fmt: skip


def _allowed(work: UnitOfWork, viewer: Actor, kommun: str, number: int) -> DecisionRecord:
    record = work.decisions.get(kommun, number)
    require(viewer, "decision.view", _of(kommun, record.huvudman, record.huvudman_name))
    if record.state is DecisionState.DRAFT and not _may_see_drafts(viewer, kommun):
        raise DraftDecisionError(number)
    return record


def _may_see_drafts(viewer: Actor, kommun: str) -> bool:
    return _may_all(viewer, "decision.view", kommun)


def _may_see(viewer: Actor, kommun: str, huvudman: str) -> bool:
    return may(viewer, "decision.view", _of(kommun, huvudman, None)).allowed


def _of(kommun: str, huvudman: str, name: str | None) -> Resource:
    return Resource("decision", kommun, None, huvudman, None, name)


def _may_all(viewer: Actor, action: Action, kommun: str) -> bool:
    return may(viewer, action, Resource("kommun", kommun)).allowed
