"""What a huvudman needs beside the model and its own counts to recompute its own öre: ``evaluate --given``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.access import require
from core.allocation import PriceTable, SolvedPool, measures_of, over_units_of
from core.exchange.given_file import given_content, over_units_content
from core.parameters import load_model
from core.usecases.allocation import must_be_shown
from core.usecases.context import kommun_of, must, unit_resource
from core.usecases.rebuilt import units_frozen
from core.usecases.unit_in_run import unit_in_run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.access import Actor
    from core.allocation import Line, UnitFacts
    from core.store import RunRecord, UnitOfWork
    from core.usecases.context import App


def given_of_run(app: App, viewer: Actor, run: int, enhet: str | None = None) -> bytes:
    """Return the solved prices, pots and total weights of a run, and the remainders of ``enhet`` (or of all) as JSON.

    For one unit, whoever may download its statement may have it; for all, whoever may see the basis.
    """
    kommun = kommun_of(viewer)
    if enhet is None:
        must(viewer, "basis.view", kommun)
    with app.reading(viewer) as work:
        if enhet is not None:
            unit = unit_in_run(work, kommun, run, enhet)
            require(viewer, "statement.download", unit_resource(kommun, unit))
        record = work.runs.get(kommun, run)
        must_be_shown(viewer, record)
        content = content_of(work, record, work.runs.lines(kommun, run, enhet))
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def content_of(work: UnitOfWork, run: RunRecord, lines: Sequence[Line]) -> dict[str, object]:
    """Return what a run gives to the units behind ``lines``, as plain data."""
    kommun, model = run.kommun, load_model(run.model_text, f"körning {run.number}")
    pools = solved_pools(work, run)
    measured = work.measures.of_run(kommun, run.number)
    prices = PriceTable.from_rows(model, work.runs.prices(kommun, run.number))
    content = given_content(run.number, model, run.model_text, prices, pools, lines, run.through_month)
    units = units_frozen(work.runs.units(kommun, run.number))
    over = over_units_of(model, measures_of(measured, [one.enhet for one in units]), units)
    theirs = {line.enhet for line in lines}
    own = {f"{field}={word}" for one in units if one.enhet in theirs for field, word in _words(one)} | {""}
    content["over_units"] = over_units_content({key: value for key, value in over.items() if key[-1] in own})
    return content


def solved_pools(work: UnitOfWork, run: RunRecord) -> list[SolvedPool]:
    """Return the pools that a run shared, as the engine knows them; means over other units are not kept."""
    return [
        SolvedPool(one.step, one.period, one.pool_ore, one.weight, one.remainder_ore)
        for one in work.runs.pools(run.kommun, run.number)
    ]


def _words(unit: UnitFacts) -> tuple[tuple[str, str | None], ...]:
    """Return the words that a unit shares with others: nobody gets the sums of units that are not like its own."""
    return ("omrade", unit.omrade), ("recipient", unit.recipient)
