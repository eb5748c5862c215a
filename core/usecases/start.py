"""The page Start: what concerns this reader now."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import Resource, may, may_somewhere
from core.allocation import difference_of
from core.base import BatchState, Dimension, Month, RunKind, RunState
from core.parameters import counting_day
from core.usecases.choices import newest_run, shown_run, units_for
from core.usecases.context import kommun_of, must
from core.usecases.flag_states import ACCEPTED, CORRECTED, OPEN, REJECTED
from core.usecases.headcount import headcount_of, per
from core.usecases.presenting import model_of, run_info
from core.usecases.sealing import support_within
from core.usecases.views import KommunTile, StartView, Task
from core.usecases.year_before import of_all, tells_too_much

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from core.access import Actor
    from core.parameters import CountingRule, FundingModel
    from core.store import RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.headcount import Headcount
    from core.usecases.sealing import Support
    from core.usecases.views import UnitChoice

FLAGS_PAGE = "fragor"
ANSWER_IS_NEWS = 30  # days
NARROW = frozenset({"enhet", "huvudman", "omrade"})


def start_view(app: App, viewer: Actor) -> StartView:
    """Return the start page: own units for who has a narrow role, the whole kommun for the others."""
    kommun = kommun_of(viewer)
    must(viewer, "start.view", kommun)
    units = units_for(app, viewer)
    with app.reading(viewer) as work:
        run = newest_run(work, kommun)
        tasks = tuple(_tasks(app, viewer, work, kommun, run, units))
        name = work.kommuner.get(kommun).name
        if run is None or not units:
            shown, money = None if run is None else run_info(run), may_somewhere(viewer, "allocation.view")
            return StartView(
                name, _role(viewer), viewer.display_name, units, shown, None, None, None, None, None, (), (), tasks,
                sees_money=money,
            )  # fmt: skip
        return _with_run(app, viewer, work, name, units, run, tasks)


def _role(viewer: Actor) -> str:
    """Return the role a reader goes by: the first that is not a jäv."""
    return next((grant.role for grant in viewer.roles if grant.role != "jav"), "")


def _handles(viewer: Actor) -> tuple[str, ...]:
    """Return the verksamheter that the reader's roles are for; none for who has a role over something else."""
    roles = [grant for grant in viewer.roles if grant.role != "jav"]
    return tuple(grant.scope_id for grant in roles) if all(one.scope_kind == "verksamhet" for one in roles) else ()


def _with_run(
    app: App,
    viewer: Actor,
    work: UnitOfWork,
    name: str,
    units: tuple[UnitChoice, ...],
    run: RunRecord,
    tasks: tuple[Task, ...],
) -> StartView:
    kommun, today = run.kommun, app.clock().date()
    mine = {unit.enhet for unit in units}
    frozen = [one for one in work.runs.units(kommun, run.number) if one.enhet in mine]
    ids = [one.enhet for one in frozen]
    heads = headcount_of(work, run, model_of(run))
    support = support_within(work, run, model_of(run), frozen, viewer, today)
    total = sum(one.total_ore for one in frozen) - support.secret_ore
    years = sum((heads.yearly.get(enhet, Fraction(0)) for enhet in ids), Fraction(0))
    narrow = all(grant.scope_kind in NARROW for grant in viewer.roles)
    previous_total, elever_before = _before(work, viewer, run, ids, mine, today, narrow=narrow)
    overview = () if narrow else tuple(_tiles(frozen, heads, support.few))
    return StartView(
        kommun_name=name,
        role=_role(viewer),
        display_name=viewer.display_name,
        units=units if narrow else (),
        run=run_info(run),
        total_ore=total,
        previous_total_ore=previous_total,
        elever=heads.total(ids),
        previous_elever=elever_before,
        per_elev_ore=per(total, years),
        verksamheter=tuple(_by_verksamhet(work, run, heads, ids, support)),
        overview=overview,
        tasks=tasks,
        handles=_handles(viewer),
    )


def _tiles(units: list[RunUnitRecord], heads: Headcount, few: Mapping[str, int]) -> Iterator[KommunTile]:
    """Yield the units by name, as their own pages show them: without support that rests on few decisions."""
    for one in sorted(units, key=lambda one: (one.name.casefold(), one.enhet)):
        shown = one.total_ore - few.get(one.enhet, 0)
        mean, per_elev = heads.mean(one.enhet), heads.per_elev(one.enhet, shown)
        whole = one.enhet not in few
        yield KommunTile(one.enhet, one.name, one.recipient, one.verksamheter, mean, shown, per_elev, whole)


def _before(  # of which units, and for whom
    work: UnitOfWork, viewer: Actor, run: RunRecord, ids: list[str], mine: Collection[str], day: date, *, narrow: bool
) -> tuple[int | None, Fraction | None]:
    """Return the öre and the elever of the year before; who has few units is shown those that they follow."""
    before = shown_run(work, run.kommun, run.year - 1, run.kind)
    if before is None:
        return None, None
    followed = of_all(work, run, before, mine) if narrow else None
    if followed is not None:
        hidden = tells_too_much(work, viewer, before, followed.units, day)
        return None if hidden else followed.total_ore, followed.elever
    elever = headcount_of(work, before, model_of(before)).total(ids)
    return _previous_total(work, before, run, mine, viewer, day), elever


def _previous_total(
    work: UnitOfWork, before: RunRecord, run: RunRecord, mine: Collection[str], viewer: Actor, day: date
) -> int | None:
    """Return what the year before paid the same units in the same months; ``None`` if it would tell too much."""
    units = [one for one in work.runs.units(before.kommun, before.number) if one.enhet in mine]
    if support_within(work, before, model_of(before), units, viewer, day).secret:
        return None
    paid = work.sums.paid_by_month(before.kommun, before.number, [one.enhet for one in units])
    return sum(ore for month, ore in paid.items() if month <= run.through_month)


def _by_verksamhet(
    work: UnitOfWork, run: RunRecord, heads: Headcount, ids: list[str], support: Support
) -> Iterator[tuple[str, int, Fraction | None]]:
    """Yield öre and elever by verksamhet; where some unit's support is hidden, all support as one sum by itself."""
    years: dict[str, Fraction] = {}
    for enhet in ids:
        for name, part in heads.by_verksamhet.get(enhet, {}).items():
            years[name] = years.get(name, Fraction(0)) + part
    apart: dict[str, int] = {}
    for line in support.lines:
        apart[line.verksamhet] = apart.get(line.verksamhet, 0) + line.amount_ore
    for name, ore in work.sums.by_verksamhet(run.kommun, run.number, ids):
        mean = years[name] * 12 / run.through_month if name in years else None
        if ore - apart.get(name, 0):
            yield name, ore - apart.get(name, 0), mean
    shown = sum(apart.values()) - support.secret_ore
    if shown:
        yield Dimension.INDIVID.value, shown, None


def _tasks(
    app: App, viewer: Actor, work: UnitOfWork, kommun: str, run: RunRecord | None, units: Sequence[UnitChoice]
) -> Iterator[Task]:
    """Yield what there is to do: for who handles the underlag, and the next counting day for everybody with units."""
    today = app.clock().date()
    if may(viewer, "batch.accept", Resource("kommun", kommun)).allowed:
        waiting = [one for one in work.batches.list(kommun) if one.state == BatchState.RECEIVED.value]
        if waiting:
            yield Task("batches_waiting", (("n", str(len(waiting))),), None, "underlag")
    yield from _flag_tasks(viewer, work, kommun, units, today)
    if may(viewer, "basis.view", Resource("kommun", kommun)).allowed:
        yield from _run_tasks(work, kommun, run)
    if run is not None and any(grant.role in {"rektor", "huvudman"} for grant in viewer.roles):
        day = _next_counting_day(app, model_of(run), {name for unit in units for name in unit.verksamheter}, today)
        if day is not None:
            yield Task("counting_day", (("day", str(day)),), day, "skolan")
        decided = shown_run(work, kommun, today.year + 1, "budget")
        if decided is not None:
            query = (("ar", str(decided.year)), ("visa", "budget"))
            yield Task("new_decision", (("year", str(decided.year)),), None, "resursfordelning", query)


def _flag_tasks(
    viewer: Actor, work: UnitOfWork, kommun: str, units: Sequence[UnitChoice], today: date
) -> Iterator[Task]:
    """Yield questions that wait for an answer, and answers of late to who asks them."""
    if may(viewer, "flag.answer", Resource("kommun", kommun)).allowed:
        waiting = len(work.flags.list(kommun, [OPEN]))
        if waiting:
            yield Task("flags_open", (("n", str(waiting)),), None, FLAGS_PAGE)
    elif any(grant.role in {"rektor", "huvudman"} for grant in viewer.roles):
        mine = {unit.enhet for unit in units}
        late = [
            one
            for one in work.flags.list(kommun, [ACCEPTED, REJECTED, CORRECTED])
            if one.enhet in mine and one.answered_at and (today - one.answered_at.date()).days <= ANSWER_IS_NEWS
        ]
        if late:
            yield Task("flags_answered", (("n", str(len(late))),), None, FLAGS_PAGE)


def _run_tasks(work: UnitOfWork, kommun: str, run: RunRecord | None) -> Iterator[Task]:
    seen: set[tuple[int, str]] = set()
    for one in work.runs.list(kommun):  # newest first
        if one.kind == RunKind.SCENARIO.value:  # nobody has to do anything about a trial
            continue
        newest = (one.year, one.kind) not in seen
        seen.add((one.year, one.kind))
        if one.state == RunState.CHECKED.value:
            yield Task("run_to_decide", (("number", str(one.number)),), None, "underlag")
        elif newest and one.state == RunState.DRAFT.value and difference_of(work.runs.books(kommun, one.number)):
            yield Task("books_open", (("year", str(one.year)),), None, "underlag")
    if run is not None:
        uncounted = sum(one.n for one in work.runs.uncounted(kommun, run.number) if one.reason != "annan_kommuns_elev")
        if uncounted:
            yield Task("uncounted", (("n", str(uncounted)),), None, "underlag")


def _next_counting_day(app: App, model: FundingModel, verksamheter: Collection[str], today: date) -> date | None:
    """Return the next day that decides money for any of the verksamheter, as the model's rules say."""
    rules = {one.counting for one in model.categories if one.verksamhet.value in verksamheter}
    days = [
        day
        for rule in model.counting
        if rule.rule in rules
        for day in _days_of(rule, today, app.holidays)
        if day > today
    ]
    return min(days, default=None)


def _days_of(rule: CountingRule, today: date, holidays: frozenset[date]) -> Iterator[date]:
    """Yield a rule's counting days from this month on; where every day counts there is none to wait for."""
    if rule.kind == "fixed_dates":
        yield from (one.date for one in rule.dates)
    elif rule.kind == "monthly":
        month = Month.of(today)
        for one in (month, month.next()):
            yield counting_day(one.year, one.number, rule.day, rule.fallback, holidays)
