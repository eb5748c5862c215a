"""Corrections and a final settlement, made by hand for the pages' tests."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.usecases.settlement import CorrectionRow, CorrectionsView, SettlementRow
from tests.pages.fakes import RUN

if TYPE_CHECKING:
    from collections.abc import Callable

LATER = replace(RUN, number=16, earlier_run=14)
FINAL = replace(LATER, number=17, kind="slutavrakning", through_month=12)
NOW = CorrectionRow("G03", "Lerbäckens skola", 16, 10, 361_250_000, 362_207_000, 957_000, ("counts",), waits=False)
WAITS = replace(NOW, month=3, reasons=("counts", "facts"), waits=True)
BEFORE = replace(NOW, run=14, month=2, old_ore=None, waits=True)
CORRECTIONS = CorrectionsView(LATER, RUN, (WAITS, NOW), (BEFORE, WAITS))
SETTLED = (
    SettlementRow("G03", "Lerbäckens skola", "Lindviks kommun", "egen", 4_311_820_000, 4_313_734_000, 1_914_000),
    SettlementRow(
        "F31", "Förskolan Lärkan", "Lärkan ek. för.", "fristaende_hemma", 900_000_000, 899_000_000, -1_000_000
    ),
)
SETTLEMENT = CorrectionsView(FINAL, RUN, (NOW,), (), SETTLED, 1_914_000, 1_000_000, left_out=1)


def _forwarded(_app: object, _viewer: object, _enhet: str) -> tuple[object, ...]:
    return ()


def answers() -> dict[str, Callable[..., object]]:
    """Return the answers by use case."""
    return {
        "settlement.corrections_of_unit": lambda _app, _viewer, _enhet, run: (
            replace(SETTLEMENT, settlement=SETTLED[:1]) if run == FINAL.number else CORRECTIONS
        ),
        "succession.forwarded": _forwarded,
        "settlement.corrections_of_run": lambda _app, _viewer, run: SETTLEMENT if run == FINAL.number else CORRECTIONS,
    }
