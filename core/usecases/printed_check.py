"""Hold a delivered model against the control figures it carries itself (``printed``), as faults for Underlag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.allocation import MissingPlannedCountError, check_printed, compute_prices
from core.base import Issue, format_kr

if TYPE_CHECKING:
    from core.allocation import PrintedResult
    from core.parameters import FundingModel


def printed_issues(model: FundingModel, file: str) -> list[Issue]:
    """Return a fault for each figure that the model does not give, and a warning for each that its source contradicts.

    A price that is solved from a budget waits for a plan: a warning says that it was not compared.
    """
    if not model.printed:
        return []
    try:
        results = check_printed(model, compute_prices(model))
    except MissingPlannedCountError as error:
        said = f"kontrollsiffrorna är inte jämförda: priset {error.step} löses ur budget och plan."
        return [Issue("warning", "printed-unchecked", file, None, "printed", error.step, "priser utan plan", said)]
    return [_issue(one, file) for one in results if one.is_fault or one.verdict == "source_error"]


def _issue(result: PrintedResult, file: str) -> Issue:
    printed = format_kr(result.printed_ore)
    ours = "inget pris" if result.ours_ore is None else format_kr(result.ours_ore)
    where = " · ".join([*([result.row] if result.row else []), *result.key])
    said = f"{where}: listan säger {printed}, modellen ger {ours}."
    if result.is_fault:
        said += " Rätta modellen, eller kontrollsiffran efter källan."
        return Issue("error", "printed-deviates", file, None, "printed", ours, printed, said)
    return Issue("warning", "printed-source-error", file, None, "printed", ours, printed, f"{said} {result.note}")
