"""Read a funding model strictly: every fault at once, each with file, line and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from core.base import CoreError, Issue
from core.parameters.check import check_model
from core.parameters.model import FundingModel
from core.parameters.yaml_lines import LinedYaml, YamlFaultyError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.parameters.yaml_lines import Path

KINDS = ("per_elev", "weighted_pool", "per_unit", "markup", "deduction", "given")


class ModelFaultyError(CoreError):
    """A funding model has faults; ``issues`` holds them all."""

    def __init__(self, file: str, issues: Sequence[Issue]) -> None:
        self.file, self.issues = file, tuple(issues)
        shown = "\n".join(str(issue) for issue in self.issues)
        super().__init__(f"Modellen {file} har {len(self.issues)} fel och används inte:\n{shown}")


def load_model(text: str, file: str) -> FundingModel:
    """Return the model written in ``text``; raises ``ModelFaultyError`` with every fault found."""
    try:
        lined = read_yaml(text, file)
    except YamlFaultyError as error:
        raise ModelFaultyError(file, [_issue(file, error.line, "yaml", None, error.what)]) from error
    if not isinstance(lined.data, dict):
        raise ModelFaultyError(file, [_issue(file, 1, "yaml", None, "filen ska börja med nycklar, till exempel model: och year:.")])
    try:
        model = FundingModel.model_validate(lined.data)
    except ValidationError as error:
        raise ModelFaultyError(file, [_from_pydantic(lined, fault) for fault in error.errors()]) from error
    faults = check_model(model)
    if faults:
        raise ModelFaultyError(file, [_issue(file, lined.line_of(path), "model", path, text) for path, text in faults])
    return model


def _issue(file: str, line: int, code: str, path: Path | None, message: str) -> Issue:
    column = ".".join(str(part) for part in path) if path else None
    return Issue("error", code, file, line, column, None, message, message)


def _from_pydantic(lined: LinedYaml, fault: Any) -> Issue:
    path: Path = tuple(part for part in fault["loc"] if part not in KINDS)
    found = fault.get("input")
    shown = str(found) if isinstance(found, str | int | bool) else None
    return Issue("error", fault["type"], lined.file, lined.line_of(path), ".".join(map(str, path)), shown, *(2 * (_remedy(fault, path),)))


def _remedy(fault: Any, path: Path) -> str:
    key = str(path[-1]) if path else ""
    match fault["type"]:
        case "extra_forbidden":
            return f"nyckeln ”{key}” finns inte här. Rätta stavningen eller ta bort raden."
        case "missing":
            return f"nyckeln ”{key}” saknas. Lägg till den."
        case "string_type":
            return f"värdet för ”{key}” ska stå inom citattecken."
        case "literal_error" | "enum":
            return f"värdet för ”{key}” ska vara något av {fault.get('ctx', {}).get('expected', '')}."
        case "union_tag_invalid" | "union_tag_not_found":
            return f"steget saknar en känd sort. kind ska vara något av {', '.join(KINDS)}."
        case "string_pattern_mismatch":
            return f"”{key}” får bara ha a–z, 0–9, punkt, streck och understreck, och börja med bokstav eller siffra."
        case _:
            return f"”{key}”: {fault['msg'].removeprefix('Value error, ')}"
