"""A run's corrections: which earlier run it says anew, what differs, and what of the books' terms they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import (
    Corrected,
    PriceTable,
    Said,
    blocks_of,
    by_elev_and_other,
    corrections_of,
    less,
    lines_until,
    monthly,
)
from core.base import CoreError, Month, RunKind, RunState, Sentence
from core.parameters.corrections import load_correction_window
from core.usecases.frozen import count_rows, counts_frozen, in_force_then
from core.usecases.presenting import model_of, provisional_lists

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from core.allocation import AllocationInput, Correction, PriceRow
    from core.allocation.lines import LineBlock
    from core.parameters import FundingModel
    from core.store import RunRecord, UnitOfWork
    from core.usecases.runs import Computed

    PlanAt = Callable[[FundingModel, PriceTable], AllocationInput]

MONTHS = 12
PAID = (RunState.PUBLISHED.value, RunState.DECIDED.value)
BESIDE_COUNTS = ("given_amounts", "case_amounts", "premises")
"""Deliveries that hold by month and move amounts without moving counts."""


class NothingToSettleError(CoreError):
    """A final settlement settles what a decided utfall paid, and there is none."""

    def __init__(self, kommun: str, year: int) -> None:
        self.kommun, self.year = kommun, year
        super().__init__(
            Sentence(
                "Det finns inget beslutat utfall för {year} i kommun {kommun} att slutavräkna. Räkna utfallet och låt "
                "det beslutas först.",
                year=year,
                kommun=kommun,
            )
        )


class NotDecidedPricesError(CoreError):
    """A final settlement pays decided prices only."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.labels = tuple(labels)
        super().__init__(
            Sentence(
                "Prislistan {labels} är preliminär. Slutavräkningen görs på beslutade priser: läs in och godkänn "
                "modellen med den beslutade listan först.",
                labels=" och ".join(labels),
            )
        )


def must_be_decided(model: FundingModel) -> None:
    """Return if every price list of the year is decided; raises ``NotDecidedPricesError``."""
    undecided = provisional_lists(model, MONTHS)
    if undecided:
        raise NotDecidedPricesError(undecided)


def run_before(work: UnitOfWork, kommun: str, year: int, kind: RunKind, through: int) -> RunRecord | None:
    """Return the run whose months a new run says anew: the newest utfall that is decided or published, else newest.

    A final settlement only settles what was decided.
    """
    if kind not in {RunKind.UTFALL, RunKind.SLUTAVRAKNING}:
        return None
    number = work.corrections.earlier(kommun, year, through, PAID)
    if number is None and kind is RunKind.UTFALL:
        number = work.corrections.earlier(kommun, year, through)
    return None if number is None else work.runs.get(kommun, number)


def corrections(work: UnitOfWork, computed: Computed, earlier: RunRecord, *, final: bool) -> list[Correction]:
    """Return what differs; nothing waits for a final settlement when this is one (``final``)."""
    through = computed.gathered.through_month
    back = load_correction_window().months_back_on(Month(earlier.year, through).last_day).months
    first_paid = 1 if final else through - back
    return corrections_of(_said_before(work, earlier), _said_now(work, computed), earlier.through_month, first_paid)


def _said_before(work: UnitOfWork, run: RunRecord) -> Said:
    at = run.kommun, run.number
    counts: dict[tuple[str, int], set[tuple[str, int, int]]] = {}
    for row in work.runs.counts(*at):
        counts.setdefault((row.enhet, row.month), set()).add((row.category, row.n, row.den))
    return Said(
        monthly(work.runs.payments(*at)),
        {place: frozenset(found) for place, found in counts.items()},
        {one.enhet: (one.recipient, bool(one.landsbygd), one.omrade, one.huvudman) for one in work.runs.units(*at)},
        _by_list(work.runs.prices(*at)),
        model_of(run),
        _facts(work, run.kommun, [number for number, _ in work.runs.batches(*at)], run.year, run.through_month),
    )


def _said_now(work: UnitOfWork, computed: Computed) -> Said:
    gathered = computed.gathered
    counts: dict[tuple[str, int], set[tuple[str, int, int]]] = {}
    for enhet, _, category, month, n, den, _ in count_rows(gathered.counts, gathered.model.year):
        counts.setdefault((enhet, Month.from_code(month).number), set()).add((category, n, den))
    numbers = [number for number, _ in gathered.batches]
    return Said(
        monthly(computed.payments),
        {place: frozenset(found) for place, found in counts.items()},
        {one.enhet: (one.recipient, one.landsbygd, one.omrade, one.huvudman) for one in gathered.units},
        _by_list(computed.prices.rows()),
        gathered.model,
        _facts(work, gathered.kommun.kommun, numbers, gathered.model.year, gathered.through_month),
    )


def _by_list(rows: Iterable[PriceRow]) -> dict[str, frozenset[object]]:
    found: dict[str, set[object]] = {}
    for row in rows:
        found.setdefault(row.price_list, set()).add(row)
    return {name: frozenset(prices) for name, prices in found.items()}


def _facts(
    work: UnitOfWork, kommun: str, numbers: Collection[int], year: int, through: int
) -> dict[int, frozenset[int]]:
    """Return, by month, the deliveries beside the register that its amounts rest on; an index holds for all months."""
    records = work.batches.of_numbers(kommun, numbers)
    index = {one.number for one in records if one.kind == "index"}
    found = {}
    for month in range(1, through + 1):
        day: date = Month(year, month).last_day
        held = {
            one.number
            for kind in BESIDE_COUNTS
            for one in in_force_then([record for record in records if record.kind == kind], day)
        }
        found[month] = frozenset(index | held)
    return found


def taken_out(
    work: UnitOfWork,
    computed: Computed,
    budget: RunRecord,
    earlier: RunRecord,
    found: Sequence[Correction],
    plan: tuple[AllocationInput, Sequence[LineBlock]],
    plan_at: PlanAt,
) -> Corrected:
    """Return the corrections as the books carry them.

    ``plan``: the budget's plan as this run pays it; ``plan_at`` gives it at another model and its prices.
    """
    until = earlier.through_month
    now = lines_until(computed.data, computed.allocated.blocks, computed.gathered.counts.n, until)
    before = {
        (kind, dimension): ore
        for kind, dimension, ore in work.runs.sums(earlier.kommun, earlier.number, "kind", "dimension")
    }
    (elev_now, other_now), (elev_before, other_before) = by_elev_and_other(now), by_elev_and_other(before)
    moved_elev, moved_other = _moved(work, computed, budget, earlier, plan, plan_at)
    return Corrected(
        sum(one.difference_ore for one in found),
        elev_now - elev_before,
        less(other_now, other_before),
        moved_elev,
        moved_other,
    )


def _moved(
    work: UnitOfWork,
    computed: Computed,
    budget: RunRecord,
    earlier: RunRecord,
    plan: tuple[AllocationInput, Sequence[LineBlock]],
    plan_at: PlanAt,
) -> tuple[int, Mapping[str, int]]:
    """Return how much more the plan of the months said before is at our prices than at the earlier run's."""
    model = model_of(earlier)
    stored = work.runs.prices(earlier.kommun, earlier.number)
    if model == computed.gathered.model and set(stored) == set(computed.prices.rows()):
        return 0, {}
    then = plan_at(model, PriceTable.from_rows(model, stored))
    until = earlier.through_month

    def earned(data: AllocationInput, blocks: Sequence[LineBlock]) -> tuple[int, dict[str, int]]:
        n = counts_frozen(work, budget, data.model, [unit.enhet for unit in data.units]).n
        return by_elev_and_other(lines_until(data, blocks, n, until))

    (elev_now, other_now), (elev_then, other_then) = earned(*plan), earned(then, blocks_of(then).blocks)
    return elev_now - elev_then, less(other_now, other_then)
