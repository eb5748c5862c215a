"""Read a funding model strictly: every fault at once, each with file, line and remedy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.parameters.check import check_model
from core.parameters.model import FundingModel
from core.parameters.strict import ParametersFaultyError, fault_at, read_part

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.base import Issue


class ModelFaultyError(ParametersFaultyError):
    """A funding model has faults; ``issues`` holds them all."""

    def __init__(self, file: str, issues: Sequence[Issue]) -> None:
        super().__init__(file, issues, "Modellen")


def load_model(text: str, file: str) -> FundingModel:
    """Return the model written in ``text``; raises ``ModelFaultyError`` with every fault found."""
    try:
        model, lined = read_part(text, file, FundingModel)
    except ParametersFaultyError as error:
        raise ModelFaultyError(file, error.issues) from error
    faults = check_model(model)
    if faults:
        found = [fault_at(file, lined.line_of(path), "model", path, text) for path, text in faults]
        raise ModelFaultyError(file, found)
    return model
