"""What the measures of one unit were made of, read from what a run froze: for their trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import MeasuredFacts, measures_of, over_units_of
from core.base import Month
from core.parameters import Measure
from core.usecases.frozen import batches_frozen
from core.usecases.rebuilt import units_frozen

if TYPE_CHECKING:
    from core.parameters import FundingModel
    from core.store import RunRecord, UnitOfWork


def measured_facts(work: UnitOfWork, run: RunRecord, model: FundingModel, enhet: str) -> MeasuredFacts | None:
    """Return a unit's measures with what they read; None where the model has none or the run not the unit."""
    steps = [one for one in model.amounts if isinstance(one, Measure)]
    unit = work.runs.unit(run.kommun, run.number, enhet) if steps else None
    if unit is None:
        return None
    last = Month(run.year, run.through_month).last_day
    figures = work.facts.index_values(run.kommun, batches_frozen(work, run)("index", [last])[last])
    together = any(term.over_units for step in steps for _, term in step.terms())
    rows = work.measures.of_run(run.kommun, run.number, None if together else enhet)
    units = units_frozen(work.runs.units(run.kommun, run.number)) if together else ()
    everywhere = measures_of(rows, [one.enhet for one in units]) if together else {}
    return MeasuredFacts(
        unit=units_frozen([unit])[0],
        months={
            period: sum(month <= run.through_month for month in months) for period, months in model.periods().items()
        },
        rows=[row for row in rows if row.enhet == enhet],
        variables={name: values[enhet] for name, values in figures.items() if enhet in values},
        over_units=over_units_of(model, everywhere, units) if together else {},
    )
