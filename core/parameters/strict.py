"""Read any parameter file strictly into a pydantic part; every fault names file, line and remedy."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from core.base import CoreError, Issue, short
from core.parameters.yaml_lines import LinedYaml, YamlFaultyError, read_yaml

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.parameters.yaml_lines import Path

PARAMETERS_FOLDER = FilePath(__file__).resolve().parents[2] / "data" / "parameters"
KINDS = (
    "per_elev", "weighted_pool", "per_unit", "markup", "deduction", "given", "combine", "ratio", "sliding", "guarantee",
    "premises", "case_amounts", "addition",
)  # fmt: skip
BRANCHES = ("Average",)  # parts that stand where a figure may stand instead
SCALING = frozenset({
    "frame", "ram", "scale", "skala", "share", "andel", "factor", "faktor", "weights", "rate", "pool", "of", "at_most",
    "at_least", "divisor", "rounding", "uprating", "budget",
})  # fmt: skip
NEVER_SCALED = (
    "tilläggsbelopp bestäms individuellt efter elevens behov och betalas som de beslutats. Inget får räkna om dem "
    "efter en ram (Högsta förvaltningsdomstolen mål 1320-19)."
)
SHOWN = 100  # faults in one text; a file with more has gone wrong in some way that the first ones tell
LONGEST_FOUND = 80
Part = TypeVar("Part", bound=BaseModel)


class ParametersFaultyError(CoreError):
    """A parameter file has faults; ``issues`` holds them all."""

    def __init__(self, file: str, issues: Sequence[Issue], what: str = "Parameterfilen") -> None:
        self.file, self.issues = file, tuple(issues)
        shown = "\n".join(str(issue) for issue in self.issues[:SHOWN])
        rest = f"\n… och {len(self.issues) - SHOWN} till." if len(self.issues) > SHOWN else ""
        super().__init__(f"{what} {file} har {len(self.issues)} fel och används inte:\n{shown}{rest}")


def read_part(text: str, file: str, kind: type[Part]) -> tuple[Part, LinedYaml]:
    """Return the part written in ``text`` and its line numbers; raises ``ParametersFaultyError``."""
    try:
        lined = read_yaml(text, file)
    except YamlFaultyError as error:
        raise ParametersFaultyError(file, [fault_at(file, error.line, "yaml", None, error.what)]) from error
    if not isinstance(lined.data, dict):
        what = "filen ska bestå av nycklar med värden, till exempel valid_from: 2026-01-01."
        raise ParametersFaultyError(file, [fault_at(file, 1, "yaml", None, what)])
    try:
        return kind.model_validate(lined.data), lined
    except ValidationError as error:
        raise ParametersFaultyError(file, _without_branches(lined, error)) from error


def fault_at(file: str, line: int, code: str, path: Path | None, message: str) -> Issue:
    """Return a fault on a line of a parameter file; ``path`` says which key."""
    column = short(".".join(str(part) for part in path), LONGEST_FOUND) if path else None
    return Issue("error", code, file, line, column, None, short(message), short(message))


def _without_branches(lined: LinedYaml, error: ValidationError) -> list[Issue]:
    """Return the faults; where a value could have been one of several sorts, only those of the sort it looks like.

    That is the sort whose keys it has, and otherwise the first.
    """
    issues: dict[tuple[object, ...], Issue] = {}
    within: list[str] = []
    for number, fault in enumerate(error.errors()):
        issue = _from_pydantic(lined, fault)
        in_branch = any("[" in str(part) or part in BRANCHES for part in fault["loc"])
        issues.setdefault((issue.row, issue.column) if in_branch else (number,), issue)
        within += [issue.column] if in_branch and issue.column else []
    faults = issues.items()
    return [one for key, one in faults if len(key) == 1 or not any(deep.startswith(f"{key[1]}.") for deep in within)]


def _from_pydantic(lined: LinedYaml, fault: Any) -> Issue:  # noqa: ANN401 - pydantic types its faults per version
    # A union's branch stands in the path as "dict[...]" or "function-after[...]": it is no key of the file.
    path: Path = tuple(part for part in fault["loc"] if part not in (*KINDS, *BRANCHES) and "[" not in str(part))
    found = fault.get("input")
    shown = str(found) if isinstance(found, str | int | bool) else None
    column = short(".".join(map(str, path)), LONGEST_FOUND) or None
    remedy = short(remedy_of(fault, path))
    found_text = None if shown is None else short(shown, LONGEST_FOUND)
    return Issue("error", fault["type"], lined.file, lined.line_of(path), column, found_text, remedy, remedy)


_WANTED = {
    "string_type": "en text inom citattecken",
    "int_type": "ett heltal utan citattecken",
    "bool_type": "true eller false",
    "date_type": "ett datum, ÅÅÅÅ-MM-DD, utan citattecken",
    "date_from_datetime_inexact": "ett datum, ÅÅÅÅ-MM-DD, utan klockslag",
    "string_too_long": "kortare",
    "string_too_short": "längre",
    "list_type": "en lista",
    "dict_type": "nycklar med värden",
    "model_type": "nycklar med värden",
    "model_attributes_type": "nycklar med värden",
    "too_short": "fler värden",
    "too_long": "färre värden",
    "greater_than_equal": "större",
    "less_than_equal": "mindre",
}
"""What a value should be, by pydantic's name of the fault."""


def remedy_of(fault: Any, path: Path) -> str:  # noqa: ANN401, PLR0911 - as above; one text per sort of fault
    """Return what a person is to do about a fault that pydantic found, in Swedish whatever pydantic says."""
    key = short(str(path[-1]), LONGEST_FOUND) if path else "filen"
    match fault["type"]:
        case "extra_forbidden" if "case_amounts" in fault["loc"] and key in SCALING:
            return f"nyckeln ”{key}” får inte finnas här: {NEVER_SCALED} Ta bort raden."
        case "extra_forbidden":
            return f"nyckeln ”{key}” finns inte här. Rätta stavningen eller ta bort raden."
        case "missing":
            return f"nyckeln ”{key}” saknas. Lägg till den."
        case "literal_error" | "enum":
            expected = fault.get("ctx", {}).get("expected", "").replace(" or ", " eller ")
            return f"värdet för ”{key}” ska vara något av {expected}."
        case "union_tag_invalid" | "union_tag_not_found":
            return f"steget saknar en känd sort. kind ska vara något av {', '.join(KINDS)}."
        case "string_pattern_mismatch":
            return f"”{key}” får bara ha a–z, 0–9, punkt, streck och understreck, och börja med bokstav eller siffra."
        case known if known in _WANTED:
            return f"värdet för ”{key}” ska vara {_WANTED[known]}."
        case "value_error":  # our own words, from a validator of ours
            return f"”{key}”: {fault['msg'].removeprefix('Value error, ')}"
        case _:
            return f"värdet för ”{key}” går inte att läsa. Rätta det efter beskrivningen i docs/modellfil.md."
