"""What a reader without the right to individual support sees of a unit: everything but that support.

When it rests on few decisions, a sum would tell what one elev got. Hiding the row is not enough: a
total less the other rows gives it back. So the lines of individual support, and the lines that are
computed on them, are left out of everything this reader is shown of the unit, the total included,
and the row says so.

Two sums that each rest on many decisions may differ by one decision. So support is shown of the runs
that stand for their years alone, never of one that was replaced, is a draft or a trial; and never
month by month. A sum over several units is shown with support on few decisions only if it hides the
rest from each of those who know their own. Source: skollagen (2010:800) 26 a kap.; offentlighets- och sekretesslagen
(2009:400) 23 kap.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.access import may
from core.base import Dimension, Recipient, Sentence
from core.parameters import steps_on_variables, steps_read
from core.parameters.thresholds import load_thresholds
from core.usecases.choices import shown_run
from core.usecases.context import unit_resource
from core.usecases.presenting import model_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from core.access import Actor
    from core.allocation import Line
    from core.parameters import FundingModel
    from core.store import RunRecord, RunUnitRecord, UnitOfWork

SUMS = Sentence(
    "Beloppen visas inte: ur dem går det att räkna ut individuellt stöd som bygger på för få beslut för att kunna "
    "visas utan att röja enskilda."
)
REASON = Sentence(
    "Individuellt stöd ingår inte i det som visas här: det bygger på för få beslut, eller går att jämföra med en "
    "annan körning, och skulle röja enskilda."
)


@dataclass(frozen=True, slots=True)
class Seal:
    """The steps left out for a reader; empty when everything may be shown."""

    steps: frozenset[str] = frozenset()
    secret_index: frozenset[str] = frozenset()
    """Steps whose index may pay but not be shown (a flag on the index file)."""

    def __bool__(self) -> bool:
        """Say whether anything is left out."""
        return bool(self.steps)

    def visible(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines that are shown."""
        return [line for line in lines if line.step not in self.steps]


def seal_for(
    model: FundingModel,
    lines: Sequence[Line],
    day: date,
    *,
    may_see: bool,
    secret: frozenset[str] = frozenset(),
    stands: bool = True,
) -> Seal:
    """Return what to leave out of a unit's lines for a reader who may, or may not, see individual support.

    ``secret``: names of indexes that may not be published; the same readers do not see them. ``stands``: the lines
    are of the run that stands for its year, so that there is no other to compare them with.
    """
    if may_see:
        return Seal()
    pools = steps_on_variables(model, secret)
    support = [line for line in lines if line.dimension == Dimension.INDIVID.value]
    if not support or (stands and cases_of(support) >= load_thresholds().individual_support_on(day).fewest):
        return Seal(secret_index=pools)
    return Seal(individual_steps(model), pools)


def has_support(lines: Sequence[Line]) -> bool:
    """Say whether some line is individual support: its months are then for those who may see it."""
    return any(line.dimension == Dimension.INDIVID.value for line in lines)


def stands_for_its_year(work: UnitOfWork, run: RunRecord) -> bool:
    """Say whether a run is the one that is shown for its year and kind."""
    shown = shown_run(work, run.kommun, run.year, run.kind)
    return shown is not None and shown.number == run.number


def secret_indexes(work: UnitOfWork, run: RunRecord) -> frozenset[str]:
    """Return the names of the run's indexes that their files say may not be published."""
    return frozenset(name for name, said in index_facts(work, run) if not said.get("publishable"))


def index_facts(work: UnitOfWork, run: RunRecord) -> list[tuple[str, dict[str, Any]]]:
    """Return what the run's index files say of each index, with its name, oldest file first."""
    numbers = [number for number, kind in work.runs.batches(run.kommun, run.number) if kind == "index"]
    return [fact for one in work.batches.of_numbers(run.kommun, numbers) for fact in json.loads(one.meta).items()]


def may_see_support(viewer: Actor, kommun: str, unit: RunUnitRecord) -> bool:
    """Say whether the viewer may see sums of individual support at the unit."""
    return may(viewer, "individual.view", unit_resource(kommun, unit)).allowed


@dataclass(frozen=True, slots=True)
class Support:
    """Individual support within a sum over units, as one viewer may know it.

    ``hidden``: öre by each unit whose support the viewer may not see. ``few``: those of them where it rests on few
    decisions, so that the unit is shown without it. ``secret``: those of them that even
    the sum would give away, since together they are one unit or rest on few decisions. ``lines`` are all
    units' lines of support, read only when something is hidden.
    """

    hidden: Mapping[str, int] = field(default_factory=dict)
    secret: Mapping[str, int] = field(default_factory=dict)
    lines: Sequence[Line] = ()
    few: Mapping[str, int] = field(default_factory=dict)

    @property
    def secret_ore(self) -> int:
        """What a sum over the units is shown without."""
        return sum(self.secret.values())


def support_within(
    work: UnitOfWork, run: RunRecord, model: FundingModel, units: Sequence[RunUnitRecord], viewer: Actor, day: date
) -> Support:
    """Return what a viewer may not know of individual support in a sum over ``units`` of a run."""
    closed = [one.enhet for one in units if not may_see_support(viewer, run.kommun, one)]
    if not closed:
        return Support()
    ids = [one.enhet for one in units]
    lines = work.runs.lines_of_steps(run.kommun, run.number, ids, individual_steps(model))
    by_enhet: dict[str, list[Line]] = {enhet: [] for enhet in closed}
    for line in lines:
        if line.enhet in by_enhet:
            by_enhet[line.enhet].append(line)
    hidden = {enhet: sum(line.amount_ore for line in mine) for enhet, mine in by_enhet.items()}
    stands = stands_for_its_year(work, run)
    few = {enhet: mine for enhet, mine in by_enhet.items() if seal_for(model, mine, day, may_see=False, stands=stands)}
    left_out = {enhet: hidden[enhet] for enhet in few}
    holders = _holders(units)
    if stands and _hides_each({enhet: (holders[enhet], cases_of(mine)) for enhet, mine in few.items()}, day):
        return Support(hidden, {}, lines, left_out)
    return Support(hidden, left_out, lines, left_out)


def _holders(units: Sequence[RunUnitRecord]) -> dict[str, str]:
    """Return by unit who knows its support: the rektor of an own unit, a huvudman of all of theirs."""
    return {one.enhet: one.enhet if one.recipient == Recipient.EGEN.value else one.huvudman for one in units}


def _hides_each(few: Mapping[str, tuple[str, int]], day: date) -> bool:
    """Say whether support on few decisions may stand together in a sum: none who knows their own learns the rest.

    ``few``: by unit who knows its support (the rektor of an own unit, a huvudman of all of theirs) and its cases.
    """
    known: dict[str, int] = {}
    for holder, cases in few.values():
        known[holder] = known.get(holder, 0) + cases
    rest = sum(known.values()) - max(known.values(), default=0)
    return rest >= load_thresholds().individual_support_on(day).fewest


def sums_tell(work: UnitOfWork, run: RunRecord, viewer: Actor, day: date) -> bool:
    """Say whether the books' sums, of the kommun, a recipient, a verksamhet or a kostnadsslag, would tell too much.

    They would when the support that the viewer may not see rests on few decisions: the rest of the sum is open to all.
    """
    model, units = model_of(run), work.runs.units(run.kommun, run.number)
    groups = [units, *([one for one in units if one.recipient == kind] for kind in {one.recipient for one in units})]
    found = [support_within(work, run, model, group, viewer, day) for group in groups]
    if any(one.secret for one in found):
        return True
    few, holders = [line for line in found[0].lines if line.enhet in found[0].few], _holders(units)
    parts = [[one for one in few if one.verksamhet == name] for name in {one.verksamhet for one in few}]
    parts += [[one for one in few if one.kostnadsslag == name] for name in {one.kostnadsslag for one in few}]
    whole = _by_enhet(few)
    return not all(
        _hides_each({one: (holders[one], cases_of(mine) or cases_of(whole[one])) for one, mine in part.items()}, day)
        for part in map(_by_enhet, parts)
    )


def _by_enhet(lines: Sequence[Line]) -> dict[str, list[Line]]:
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.enhet, []).append(line)
    return found


def individual_steps(model: FundingModel) -> frozenset[str]:
    """Return the steps of individual support and, in turn, every amount step computed on one of them."""
    hidden = {
        one.step for one in (*model.prices, *model.amounts) if getattr(one, "dimension", None) is Dimension.INDIVID
    }
    for step in model.amounts:  # a step only names earlier ones
        if hidden & steps_read(step):
            hidden.add(step.step)
    return frozenset(hidden)


def _fewest(detail: Mapping[str, int]) -> int:
    """Return how few a decided sum rests on: its decisions, or the elever they are about where that is known."""
    decisions = int(detail.get("decisions", 0))
    return min(decisions, int(detail.get("elever", decisions)))


def cases_of(lines: Sequence[Line]) -> int:
    """Return the smallest number of decisions, or of elever, that some sum of the lines rests on.

    Each period of a step and category stands on a row of its own, and so counts by itself.
    """
    numbers: dict[tuple[str, str, str], Fraction] = {}
    for line in lines:
        if line.kind in {"given", "case_amounts"}:
            cases = Fraction(_fewest(json.loads(line.detail)))
        elif line.kind == "per_elev":
            cases = line.quantity
        else:
            continue
        key = (line.step, line.category, line.period)
        numbers[key] = max(numbers.get(key, Fraction(0)), cases)
    return int(min(numbers.values(), default=Fraction(0)))
