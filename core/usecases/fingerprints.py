"""What a run's fingerprint covers: inputs and lines, nothing that differs between two machines or two moments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.allocation import measured_rows
from core.base import canonical_json, sha256

if TYPE_CHECKING:
    from core.allocation import MeasuredRow
    from core.store import UnitOfWork
    from core.usecases.runs import Computed

COUNT_TEXT = "|".join(["%s"] * 7)


def measures_made(computed: Computed) -> list[MeasuredRow]:
    """Return what the run's steps yielded for each other, in the order it is stored."""
    return measured_rows(computed.allocated.measures, [unit.enhet for unit in computed.data.units])


def fingerprint_of(work: UnitOfWork, kommun: str, computed: Computed, counts: list[tuple[Any, ...]]) -> str:
    """Return the hash of inputs and lines: no surrogate ids, clock times or code version are part of it."""
    gathered = computed.gathered
    numbers = [number for number, _ in gathered.batches]
    delivered = [
        [one.kind, one.scope, one.mode, str(one.period_from), str(one.period_to), one.sha256]
        for one in work.batches.of_numbers(kommun, numbers)
    ]
    claims = sha256("\n".join(one.row() for one in computed.claims)) if computed.claims else ""
    unused = None if gathered.model.ike else {"ike"}  # a model without the section is fingerprinted as ever
    rows = ["|".join(map(str, row)) for row in measures_made(computed)]
    measures = sha256("\n".join(rows)) if rows else ""  # a model without measures is fingerprinted as ever
    return sha256(
        canonical_json(
            {
                "kommun": kommun,
                "year": gathered.model.year,
                "through_month": gathered.through_month,
                "model": sha256(canonical_json(gathered.model.model_dump(mode="json", by_alias=True, exclude=unused))),
                "batches": sorted(delivered),
                "counts": sha256("\n".join([COUNT_TEXT % row for row in counts])),
                "prices": sha256("\n".join(sorted("|".join(map(str, row)) for row in computed.prices.rows()))),
                "pools": sorted(
                    [one.step, one.period, one.pool_ore, str(one.weight)] for one in computed.allocated.pools
                ),
                "payments": sha256("\n".join("|".join(map(str, row)) for row in sorted(computed.payments))),
                "root": computed.allocated.root_hash,
                **({"measures": measures} if measures else {}),
                **({"claims": claims} if claims else {}),
            }
        )
    )
