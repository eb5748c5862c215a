"""Is this figure wrong? Who is paid says so on the line; the controller answers; the correction's effect is shown.

Every step stands in the audit chain. The correction itself is an ordinary delivery and an ordinary run: a question
only points to them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.access import ForbiddenError, Resource, may, require
from core.allocation import ALL, NoSuchAmountError, category_label, step_label
from core.base import BatchState, CoreError, Dimension, Month, RunKind, RunState, Sentence, label
from core.store import NewFlag
from core.usecases.allocation import seal_of, shown_unit
from core.usecases.choices import units_for
from core.usecases.context import kommun_of, unit_resource
from core.usecases.flag_states import ACCEPTED, CORRECTED, OPEN, REJECTED, WITHDRAWN, clean_text, must_follow
from core.usecases.flag_views import FlagsView, FlagView
from core.usecases.presenting import model_of
from core.usecases.reasons import sealed
from core.usecases.sealing import REASON

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.access import Actor
    from core.allocation import Line
    from core.parameters import FundingModel
    from core.store import FlagRecord, RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App

DECIDED = frozenset({RunState.PUBLISHED.value, RunState.DECIDED.value})
SAME_AS = {RunKind.UTFALL.value: ("utfall", "slutavrakning"), RunKind.BUDGET.value: ("budget",)}
"""The kinds of run in which a correction of a run of some kind is seen."""


class NotTheMonthError(CoreError):
    """The run does not count the month asked about."""

    def __init__(self, month: int, through: int) -> None:
        self.month, self.through = month, through
        super().__init__(
            Sentence(
                "Körningen räknar månad 1–{through}, inte månad {month}. Välj en av dess månader.",
                through=through,
                month=month,
            )
        )


class CorrectionNotDeliveredError(CoreError):
    """The delivery named cannot be what corrects the figure."""

    def __init__(self, batch: int, why: str) -> None:
        self.batch = batch
        super().__init__(
            Sentence(
                "Inläsning {batch} {why}. Välj en inläsning som är godkänd och kom in efter frågan.",
                batch=batch,
                why=why,
            )
        )


class NoCorrectedRunError(CoreError):
    """No decided run rests on the delivery that corrects."""

    def __init__(self, batch: int) -> None:
        self.batch = batch
        super().__init__(
            Sentence(
                "Ingen beslutad körning bygger på inläsning {batch} än. Räkna en ny körning, låt den beslutas, och "
                "visa sedan effekten.",
                batch=batch,
            )
        )


def raise_flag(
    app: App, viewer: Actor, enhet: str, run: int, key: str, said: str, month: int | None = None
) -> FlagView:
    """Say that a figure is wrong; ``key`` is an address of the unit's derivation, ``month`` 1–12 when it is one count.

    Raises ``ForbiddenError``, ``NoSuchAmountError``, ``NotTheMonthError`` and ``FlagTextError``.
    """
    kommun = kommun_of(viewer)
    with app.writing(viewer) as work:
        record, unit = shown_unit(work, viewer, enhet, run)
        require(viewer, "flag.raise", unit_resource(kommun, unit))
        stored = work.runs.lines(kommun, run, enhet)
        visible = seal_of(app, viewer, work, record, unit, stored).visible(stored)
        if _amount(visible, key) is None:
            raise ForbiddenError(REASON) if _amount(stored, key) is not None else NoSuchAmountError(key)
        if month is not None and not 1 <= month <= record.through_month:
            raise NotTheMonthError(month, record.through_month)
        new = NewFlag(
            kommun=kommun, about="amount" if month is None else "count", run=run, enhet=enhet, huvudman=unit.huvudman,
            key=key, month=None if month is None else Month(record.year, month).code, said=clean_text(said),
            made_at=app.clock(), made_by=viewer.subject, made_by_name=viewer.display_name,
        )  # fmt: skip
        number = work.flags.add(new, OPEN)
        _log(app, viewer, work, work.flags.get(kommun, number), "flag.raise")
        work.commit()
        return _view(app, viewer, work, work.flags.get(kommun, number))


def flags_view(app: App, viewer: Actor) -> FlagsView:
    """Return the questions about the units that the viewer answers for, or all, newest first.

    Raises ``ForbiddenError`` for who may see none at all.
    """
    kommun = kommun_of(viewer)
    whole = may(viewer, "flag.view", Resource("kommun", kommun))
    if not whole.allowed and not units_for(app, viewer, "flag.view"):
        raise ForbiddenError(whole.reason)
    with app.reading(viewer) as work:
        found = [
            _view(app, viewer, work, one)
            for one in work.flags.list(kommun)
            if may(viewer, "flag.view", unit_resource(kommun, _unit(work, one))).allowed
        ]
        answers = any(one.may_answer for one in found)
        batches = [one for one in work.batches.list(kommun) if answers and one.state == BatchState.ACCEPTED.value]
    return FlagsView(
        tuple(found),
        sum(one.state == OPEN for one in found),
        tuple((one.number, one.file_name) for one in batches),
    )


def answer_flag(app: App, viewer: Actor, number: int, text: str, *, accepted: bool) -> FlagView:
    """Answer a question: accepted with what will be done, or rejected with why."""
    state = ACCEPTED if accepted else REJECTED
    with app.writing(viewer) as work:
        flag = _to_answer(viewer, work, number)
        must_follow(number, flag.state, state)
        values = {"answer": clean_text(text), "answered_at": app.clock(), "answered_by": viewer.display_name}
        return _step(app, viewer, work, flag, "flag.answer", state=state, **values)


def link_batch(app: App, viewer: Actor, number: int, batch: int) -> FlagView:
    """Say which delivery corrects an accepted question: one that is in force and came after it was asked."""
    with app.writing(viewer) as work:
        flag = _to_answer(viewer, work, number)
        must_follow(number, flag.state, CORRECTED)
        record = work.batches.get(flag.kommun, batch)
        if record.state != BatchState.ACCEPTED.value:
            raise CorrectionNotDeliveredError(batch, Sentence("är inte godkänd"))
        if record.received_at < flag.made_at:
            raise CorrectionNotDeliveredError(batch, Sentence("kom in innan frågan ställdes"))
        return _step(app, viewer, work, flag, "flag.link", batch=batch)


def close_flag(app: App, viewer: Actor, number: int) -> FlagView:
    """Show what the correction came to: the figure in the newest decided run that rests on the delivery, less the old.

    Raises ``NoCorrectedRunError`` while there is none, and ``FlagStateError`` before a delivery is named.
    """
    with app.writing(viewer) as work:
        flag = _to_answer(viewer, work, number)
        must_follow(number, flag.state, CORRECTED)
        if flag.batch is None:
            raise CorrectionNotDeliveredError(0, Sentence("är inte angiven"))
        old = work.runs.get(flag.kommun, flag.run)
        new = _corrected_run(work, old, flag.batch)
        before, now = (
            _amount(work.runs.lines(flag.kommun, run.number, flag.enhet), flag.key) or 0 for run in (old, new)
        )
        values = {"new_run": new.number, "effect_ore": now - before}
        return _step(app, viewer, work, flag, "flag.correct", state=CORRECTED, **values)


def withdraw_flag(app: App, viewer: Actor, number: int) -> FlagView:
    """Take back what one has said oneself."""
    with app.writing(viewer) as work:
        flag = work.flags.get(kommun_of(viewer), number, to_change=True)
        require(viewer, "flag.raise", unit_resource(flag.kommun, _unit(work, flag)))
        if flag.made_by != viewer.subject:
            raise ForbiddenError(Sentence("Bara den som ställde frågan kan ta tillbaka den."))
        must_follow(number, flag.state, WITHDRAWN)
        return _step(app, viewer, work, flag, "flag.withdraw", state=WITHDRAWN)


def _corrected_run(work: UnitOfWork, old: RunRecord, batch: int) -> RunRecord:
    """Return the newest decided later run that rests on ``batch``; one through the same month before any other."""
    later = [
        run
        for run in work.runs.list(old.kommun)
        if run.number > old.number
        and run.year == old.year
        and run.kind in SAME_AS.get(old.kind, (old.kind,))
        and run.state in DECIDED
        and batch in {number for number, _ in work.runs.batches(old.kommun, run.number)}
    ]
    if not later:
        raise NoCorrectedRunError(batch)
    return max(later, key=lambda run: (run.through_month == old.through_month, run.number))


def _to_answer(viewer: Actor, work: UnitOfWork, number: int) -> FlagRecord:
    flag = work.flags.get(kommun_of(viewer), number, to_change=True)
    require(viewer, "flag.answer", unit_resource(flag.kommun, _unit(work, flag)))
    return flag


def _step(app: App, viewer: Actor, work: UnitOfWork, flag: FlagRecord, action: str, **values: object) -> FlagView:
    work.flags.change(flag.kommun, flag.number, **values)
    now = work.flags.get(flag.kommun, flag.number)
    _log(app, viewer, work, now, action)
    work.commit()
    return _view(app, viewer, work, now)


def _log(app: App, viewer: Actor, work: UnitOfWork, flag: FlagRecord, action: str) -> None:
    """Tell the audit chain of a step; the words themselves stay in the table, the chain holds their hash.

    What a correction was worth is not told: it may be one elev's support, and whoever reads the log may not see that.
    """
    about = f"flag:{flag.number}"
    facts: dict[str, object] = {
        "run": flag.run, "enhet": flag.enhet, "key": flag.key, "state": flag.state,
        "said": sealed(app, flag.kommun, about, flag.said), "answer": sealed(app, flag.kommun, about, flag.answer),
        "batch": flag.batch or 0, "new_run": flag.new_run or 0,
    }  # fmt: skip
    work.audit.append(flag.kommun, app.clock(), viewer.subject, action, about, facts)


def _unit(work: UnitOfWork, flag: FlagRecord) -> RunUnitRecord:
    unit = work.runs.unit(flag.kommun, flag.run, flag.enhet)
    if unit is None:  # a question is only ever asked about a unit of its run
        raise NoSuchAmountError(flag.key)
    return unit


def _amount(lines: Sequence[Line], key: str) -> int | None:
    """Return the öre at an address of the derivation; None where no line stands there."""
    found = [
        line.amount_ore for line in lines if key in {"total", f"dim:{line.dimension}", f"step:{line.step}", line.key}
    ]
    return sum(found) if found else None


def _view(app: App, viewer: Actor, work: UnitOfWork, flag: FlagRecord) -> FlagView:
    unit, run = _unit(work, flag), work.runs.get(flag.kommun, flag.run)
    stored = work.runs.lines(flag.kommun, flag.run, flag.enhet)
    visible = seal_of(app, viewer, work, run, unit, stored).visible(stored)
    old = _amount(visible, flag.key)
    whole = old == _amount(stored, flag.key)
    new = work.runs.get(flag.kommun, flag.new_run) if flag.new_run else None
    may_answer = may(viewer, "flag.answer", unit_resource(flag.kommun, unit)).allowed
    return FlagView(
        flag.number, flag.about, flag.run, run.kind, run.year, run.through_month, flag.enhet, unit.name, flag.key,
        what_of(model_of(run), flag.key), None if flag.month is None else Month.from_code(flag.month).number, flag.said,
        flag.made_at, flag.made_by_name, flag.state, flag.answer, flag.answered_at, flag.answered_by, flag.batch,
        old if whole else None, flag.new_run, new.through_month if new else None, flag.effect_ore if whole else None,
        may_answer, flag.made_by == viewer.subject and flag.state in {OPEN, ACCEPTED},
    )  # fmt: skip


def what_of(model: FundingModel, key: str) -> str:
    """Return what a reader calls the figure at an address of the derivation."""
    kind, _, name = key.partition(":")
    if kind == "dim":
        return label(Dimension(name))
    if kind == "step":
        return step_label(model, name)
    if kind == "line":
        step, category, period = name.split("|")
        parts = [step_label(model, step)]
        if category != ALL:
            parts.append(category_label(model, category))
        if len(model.periods()) > 1:
            parts.append(next((one.label for one in model.price_lists if one.list == period), period))
        return ", ".join(parts)
    return "Hela tilldelningen"
