"""Is a stored run still what it was? Recompute it from what it froze, level by level.

Rows → counts while the register rows are kept; counts → prices → lines → payments → books always. A
changed amount, a changed quantity, or both together, is found: lines are compared with the recomputed
ones, and their hashes with those of the run. Whoever changes those too meets the audit chain, which
got the run's hashes when it was computed, and every state since.
"""

from __future__ import annotations

import json
from collections import Counter as Tally
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.allocation import LINE_COLUMNS, PriceTable, root_hash, unit_hashes
from core.allocation.claims import repriced
from core.base import CoreError, Month, RunKind, RunState, format_kr, sha256
from core.store import RunPoolRecord
from core.usecases.claim_counts import COUNTED, claims_counted
from core.usecases.context import must
from core.usecases.correcting import corrections
from core.usecases.fingerprints import fingerprint_of, measures_made
from core.usecases.frozen import batches_frozen, count_rows, counts_frozen, gather
from core.usecases.looks import erased_on
from core.usecases.presenting import model_of
from core.usecases.rebuilt import units_frozen
from core.usecases.runs import books_of, compute_with, prices_of
from core.usecases.scenario_inputs import tried_index
from core.usecases.trial_base import scenario_differs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from core.access import Actor
    from core.store import RunRecord, RunUnitRecord, UnitOfWork
    from core.usecases.context import App
    from core.usecases.frozen import Gathered
    from core.usecases.runs import Computed

FROM_ROWS, FROM_COUNTS = "registerrader → antal → belopp", "antal → belopp"
SHOWN = 20
AMOUNT = LINE_COLUMNS.index("amount_ore")
CHAINED = (("fingerprint", "fingeravtryck"), ("root_hash", "rotsumma"))


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """From which level the run was recomputed, whether all is as it was, and what is not."""

    level: str
    ok: bool
    findings: tuple[str, ...]
    erased_on: date | None = None
    """When retention erased the register rows, so that the counts are where it begins."""


def verify(app: App, viewer: Actor, kommun: str, run: int) -> VerifyReport:
    """Recompute a run from its frozen inputs and compare everything that is stored."""
    must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        record = work.runs.get(kommun, run)
        numbers = [number for number, kind in work.runs.batches(kommun, run) if kind == "enrolments"]
        erased = erased_on(work.batches.of_numbers(kommun, numbers))
        kept = record.kind != RunKind.SCENARIO.value and work.facts.rows_kept(kommun, numbers)
        found = [*_chain_differs(work, record)]
        try:
            found += _findings(app, work, record, from_rows=kept)
        except CoreError as error:  # what is stored cannot even be computed: that is a finding, and says which
            found.append(str(error))
    rest = [f"… och {len(found) - SHOWN} till."] if len(found) > SHOWN else []
    return VerifyReport(FROM_ROWS if kept else FROM_COUNTS, not found, tuple(found[:SHOWN] + rest), erased)


def _chain_differs(work: UnitOfWork, run: RunRecord) -> Iterator[str]:
    """Yield where the run is not what the audit chain was told; the first time it was told counts."""
    broken = work.audit.first_broken(run.kommun)
    if broken is not None:
        yield f"Revisionskedjan håller inte: länk {broken} saknas eller är ändrad (audit verify)."
    subject = f"run:{run.number}"
    created = work.audit.about(run.kommun, "run.create", subject)
    if not created or created[0].payload is None:
        yield "Revisionskedjan har ingen läsbar uppgift om att körningen räknades."
    else:
        told = json.loads(created[0].payload)
        for name, word in CHAINED:
            if told.get(name) != getattr(run, name):
                yield f"Körningens {word} är inte den som revisionskedjan fick när körningen räknades."
    moved = work.audit.about(run.kommun, "run.decide", subject)
    last = {"state": RunState.DRAFT.value} if not moved else json.loads(moved[-1].payload or "{}")
    if last.get("state", run.state) != run.state:
        yield f"Körningen har läget {run.state}, men revisionskedjan säger {last['state']}."


def _findings(app: App, work: UnitOfWork, run: RunRecord, *, from_rows: bool) -> Iterator[str]:
    if sha256(run.model_text) != run.model_sha256:
        yield "Modellens text är inte den som körningen frös."
    units = work.runs.units(run.kommun, run.number)
    gathered = _gathered(app, work, run, units, from_rows=from_rows)
    stored = sorted(_stored_counts(work, run))
    if from_rows:
        yield from _counts_differ(set(stored), set(count_rows(gathered.counts, run.year)))
        yield from _headcounts_differ(units, gathered)
    gathered.counts = counts_frozen(work, run, gathered.model, [unit.enhet for unit in units])
    yield from scenario_differs(work, run, gathered)
    budget = work.runs.get(run.kommun, run.budget_run) if run.budget_run else None
    own = PriceTable.from_rows(gathered.model, work.runs.prices(run.kommun, run.number))
    if set(prices_of(work, gathered, budget)[0].rows()) != set(own.rows()):
        yield f"Priserna är inte de som {'budgetkörningen' if budget else 'de frysta antalen'} ger."
    computed = compute_with(gathered, own)
    computed.claims = work.claims.of_run(run.kommun, run.number)
    yield from _claims_differ(run, computed, from_rows=from_rows)
    yield from _lines_differ(work, run, units, computed)
    yield from _rest_differs(work, run, computed)
    earlier = work.runs.get(run.kommun, run.earlier_run) if run.earlier_run else None
    final = run.kind == RunKind.SLUTAVRAKNING.value
    corrected = corrections(work, computed, earlier, final=final) if earlier else []
    if corrected != work.corrections.of_run(run.kommun, run.number):
        yield "Rättelserna är inte de som den tidigare körningen och raderna ger."
    if list(books_of(work, app, computed, budget, earlier, corrected)) != work.runs.books(run.kommun, run.number):
        yield "Böckernas poster är inte de som raderna ger."
    if fingerprint_of(work, run.kommun, computed, stored) != run.fingerprint:
        yield "Körningens fingeravtryck stämmer inte."


def _gathered(app: App, work: UnitOfWork, run: RunRecord, units: list[RunUnitRecord], *, from_rows: bool) -> Gathered:
    """Return the run's inputs; without register rows, the counts are left for the stored ones."""
    model, frozen = model_of(run), batches_frozen(work, run)
    gathered = gather(
        work, run.kommun, model, RunKind(run.kind), run.through_month, app.holidays, frozen, counted=from_rows
    )
    gathered.units = units_frozen(units)
    gathered.index = tried_index(work, run, gathered.index)
    gathered.batches = work.runs.batches(run.kommun, run.number)  # those of rows that are gone too
    return gathered


def _stored_counts(work: UnitOfWork, run: RunRecord) -> Iterator[tuple[Any, ...]]:
    for row in work.runs.counts(run.kommun, run.number):
        month = Month(run.year, row.month).code
        signed = int(np.uint64(row.rows_hash).astype(np.int64))
        yield row.enhet, row.rule, row.category, month, row.n, row.den, signed


def _counts_differ(stored: set[tuple[Any, ...]], counted: set[tuple[Any, ...]]) -> Iterator[str]:
    before, after = ({(row[0], row[2], row[3]): row[4] for row in rows} for rows in (stored, counted))
    for enhet, category, code in sorted({(row[0], row[2], row[3]) for row in stored ^ counted}):
        then, now, month = before.get((enhet, category, code), 0), after.get((enhet, category, code), 0), code % 100
        what = f"{then} sparade, {now} i registret" if then != now else "samma antal, men andra rader"
        yield f"{enhet}: antalet i {category}, månad {month}, stämmer inte ({what})."


def _headcounts_differ(units: list[RunUnitRecord], gathered: Gathered) -> Iterator[str]:
    for unit in units:
        if json.loads(unit.by_arskurs) != gathered.counts.by_arskurs.get(unit.enhet, {}):
            yield f"{unit.enhet}: elevantalen per årskurs är inte registrets."


def _lines_differ(work: UnitOfWork, run: RunRecord, units: list[RunUnitRecord], computed: Computed) -> Iterator[str]:
    stored = [line.as_tuple() for line in work.runs.lines(run.kommun, run.number)]
    hashes = unit_hashes(stored)
    for unit in units:
        if hashes.get(unit.enhet, "") != unit.lines_hash:
            yield f"{unit.enhet}: raderna har inte den kontrollsumma som körningen frös."
    if root_hash(hashes) != run.root_hash:
        yield "Körningens rotsumma stämmer inte med raderna."
    before, now = Tally(stored), Tally(computed.allocated.rows)
    recomputed = {row[:5]: row for row in now}
    for row in sorted((before - now), key=str):
        should = recomputed.get(row[:5])
        shown = format_kr(int(should[AMOUNT]), decimals=True) if should else "ingen rad"  # type: ignore[call-overload]  # öre
        yield (
            f"{row[0]}: {row[1]}, {row[2]}: {format_kr(int(row[AMOUNT]), decimals=True)} är sparat, men de frysta "  # type: ignore[call-overload]  # öre
            f"antalen och priserna ger {shown}."
        )
    for row in sorted((now - before), key=str):
        if not any(row[:5] == one[:5] for one in before):
            yield f"{row[0]}: raden {row[1]}, {row[2]} saknas i körningen."


def _claims_differ(run: RunRecord, computed: Computed, *, from_rows: bool) -> Iterator[str]:
    """Yield claims on other kommuner that the register, or their own elever and prices, do not give."""
    stored = list(computed.claims)
    if computed.gathered.model.ike is None or run.kind not in COUNTED:
        now = []
    elif from_rows:
        now = claims_counted(computed.gathered, computed.prices)
    else:
        now = [repriced(one) for one in stored]
    for one in sorted(set(stored) ^ set(now), key=lambda one: one.key):
        if one in stored:
            yield f"{one.enhet}: kravet på kommun {one.other_kommun} för {one.category} är inte det som underlaget ger."
        elif not any(one.key == other.key for other in stored):
            yield f"{one.enhet}: ett krav på kommun {one.other_kommun} för {one.category} saknas i körningen."


def _rest_differs(work: UnitOfWork, run: RunRecord, computed: Computed) -> Iterator[str]:
    totals = {unit.enhet: unit.total_ore for unit in work.runs.units(run.kommun, run.number)}
    for enhet, total in computed.allocated.totals.items():
        if totals.get(enhet) != total:
            yield f"{enhet}: enhetens summa stämmer inte."
    if sorted(work.runs.payments(run.kommun, run.number)) != sorted(computed.payments):
        yield "Utbetalningarna stämmer inte med raderna."
    pools = [
        RunPoolRecord(one.step, one.period, one.pool_ore, one.weight, one.remainder_ore)
        for one in computed.allocated.pools
    ]
    made = measures_made(computed)
    stored = work.measures.of_run(run.kommun, run.number)
    for enhet, step in dict.fromkeys(row[:2] for row in sorted(set(made) ^ set(stored))):
        yield f"{enhet}: värdet av {step} är inte det som de frysta antalen och modellen ger."
    if sorted(pools, key=lambda one: (one.step, one.period)) != work.runs.pools(run.kommun, run.number):
        yield "Potterna är inte de som antalen och modellen ger."
