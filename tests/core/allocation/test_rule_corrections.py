"""The rules of corrections as cases: what is said anew of a month, and what waits for the final settlement."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from core.allocation import Said, corrections_of, monthly
from core.allocation.payments import payments_of
from core.base import Month, read_number
from core.parameters.corrections import read_correction_window
from tests.support.models import cases
from tests.support.rule_cases import RuleRun

if TYPE_CHECKING:
    from datetime import date

YEAR = 2026


def ran(run: dict[str, Any]) -> tuple[Said, int]:
    """Return what a run of the small model says of its months, and through which month it counts."""
    price = {"step": "pris", "values": {"a": run.get("price", "60000")}}
    paying = {"step": "grundbelopp", "kind": "per_elev", "prices": ["pris"]}
    units = {"e1": {"n": {"a": run["elever"]}}}
    done = RuleRun({"prices": [price], "amounts": [paying], "units": units, "through": run["through"]})
    paid = monthly(payments_of(done.data, done.allocated.blocks, done.n))
    counts = {("e1", month + 1): frozenset({("a", n, 12)}) for month, n in enumerate(done.n[0, 0].tolist())}
    prices = frozenset(done.data.prices.rows())
    return Said(paid, counts, {"e1": "egen"}, {str(YEAR): prices}, done.model), run["through"]


def ore(kronor: str) -> int:
    return int(read_number(kronor) * 100)


def window_on(case: dict[str, Any], day: date) -> int:
    """Return how many months back the case's own table says on ``day``."""
    reference = {"kind": "guideline", "title": "Påhittad"}
    rows = [f"  - {{valid_from: {day}, months: {months}, reference: {json.dumps(reference)}}}"
            for day, months in case["months_back"].items()]  # fmt: skip
    return read_correction_window("\n".join(["months_back:", *rows]), "rattelser.yaml").months_back_on(day).months


@pytest.mark.parametrize("case", cases("rules/corrections"), ids=lambda case: case["name"])
def test_a_correction_is_paid_or_waits_as_the_rule_says(case: dict[str, Any]) -> None:
    before, said_through = ran(case["before"])
    now, through = ran(case["now"])
    first_paid = 1 if case.get("final") else through - window_on(case, Month(YEAR, through).last_day)
    found = corrections_of(before, now, said_through, first_paid)
    assert [(one.month, one.old_ore, one.new_ore, one.waits) for one in found] == [
        (one["month"], ore(one["old"]), ore(one["new"]), one["waits"]) for one in case["expect"]
    ]
