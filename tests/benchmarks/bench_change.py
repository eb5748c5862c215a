"""Why did it change? Every unit of a large kommun between two runs that differ in all six factors.

``python -m tests.benchmarks.bench_change DATABASE`` prints seconds as JSON.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING, Any

import numpy as np

from core.allocation import Price, PriceTable, Side, decompose, quantities_of
from core.parameters import Guarantee, WeightedPool
from core.usecases.change_store import side_of_run
from tests.benchmarks.bench_run import BUDGET_RUN, TOWN, UTFALL_RUN, counted_town
from tests.benchmarks.measuring import Figure, Table, in_own_process
from tests.benchmarks.towns import program
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from core.parameters import AnyAmount, FundingModel

BAR_SECONDS = 5.0
TIMES = 3
WHOLE = 100_000
SHAPLEY = {"volume", "mix", "price", "index", "rule", "guarantee"}


def changes(database: Path) -> dict[str, Any]:
    """Decompose a change in memory, then store that of the town's own two runs; return seconds and sizes."""
    app = program(database)
    with app.reading(PEEK) as work:
        began = perf_counter()
        before = side_of_run(work, work.runs.get(TOWN.kommun, UTFALL_RUN))
        read = perf_counter() - began
    before = replace(before, kind="budget", data=replace(before.data, model=_guaranteed(before.data.model, 40_000)))
    after = _next_year(before)
    taken, cpu = [], []
    for _ in range(TIMES):
        began, began_cpu = perf_counter(), process_time()
        found = decompose(before, after)
        rows = list(found.rows())
        taken.append(perf_counter() - began)
        cpu.append(process_time() - began_cpu)
    assert {one.part for one in found.parts} >= SHAPLEY
    assert sum(Fraction(num, den) for *_, num, den in rows) == int(found.after.sum() - found.before.sum())
    began = perf_counter()
    with app.writing(PEEK) as work:
        runs_compared = (BUDGET_RUN, UTFALL_RUN)
        work.changes.write(TOWN.kommun, runs_compared, int(found.after.sum() - found.before.sum()), rows)
    stored = perf_counter() - began
    return {"seconds": taken, "cpu": cpu, "read": read, "stored": stored, "rows": len(rows)}


def _next_year(side: Side) -> Side:
    """Return the same kommun with other elever, prices, index, pots and a higher guarantee."""
    draw = np.random.default_rng(1)
    moved = draw.integers(-1, 3, side.n.shape[:2])[:, :, None] * (side.n > 3)
    n = side.n + moved
    data = side.data
    model = _guaranteed(data.model.model_copy(update={"amounts": [_larger(one) for one in data.model.amounts]}), 60_000)
    prices = PriceTable({key: _dearer(one) for key, one in data.prices.by_key.items()})
    index = {name: {enhet: value + 5 for enhet, value in values.items()} for name, values in data.index.items()}
    quantities = quantities_of(model, n, data.quantities.den, side.through)
    return replace(side, n=n, data=replace(data, model=model, prices=prices, index=index, quantities=quantities))


def _dearer(price: Price) -> Price:
    return replace(price, exact=price.exact * Fraction(103, 100), shown_ore=price.shown_ore * 103 // 100)


def _larger(step: AnyAmount) -> AnyAmount:
    if isinstance(step, WeightedPool):
        return step.model_copy(update={"pool": str(int(step.pool) * 105 // 100)})
    return step


def _guaranteed(model: FundingModel, minimum: int) -> FundingModel:
    """Return the model with kronor per elev that every grundskola gets at least, were the elever ``WHOLE``.

    The budget is the same in a smaller town, and so its prices are higher.
    """
    least = str(minimum * WHOLE // TOWN.elever)
    kept = [one for one in model.amounts if one.kind != "guarantee"]
    pool = next(one for one in kept if isinstance(one, WeightedPool))
    said = pool.model_dump(include={"label", "kostnadsslag", "verksamhet", "reference"})
    floor = Guarantee.model_validate(
        {**said, "step": "golv", "kind": "guarantee", "of": ["grundskola.undervisning"], "minimum": least,
         "categories": pool.categories}
    )  # fmt: skip
    return model.model_copy(update={"amounts": [*kept, floor]})


def measure(table: Table, folder: Path) -> None:
    """Add the decomposition's figures to the table; uses the town of the run, or makes it."""
    database = counted_town(folder)
    found = in_own_process("tests.benchmarks.bench_change", database)
    what = f"{TOWN.units} units, {len(SHAPLEY)} factors, {found['rows']} rows"
    table.add(
        Figure("why did it change, in memory", found["seconds"], "s", BAR_SECONDS, note=what),
        Figure("its processor time", found["cpu"], "s"),
        Figure("reading one run's input back", [found["read"]], "s"),
        Figure("storing the rows", [found["stored"]], "s"),
    )


if __name__ == "__main__":
    print(json.dumps(changes(Path(sys.argv[1]))))
