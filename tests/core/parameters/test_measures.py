from __future__ import annotations

from typing import Any

import pytest

from core.parameters import ModelFaultyError, load_model, steps_on_variables, steps_read
from core.parameters.parts import read_limit
from tests.support.cases import CASES_FOLDER, cases

SMALL = (CASES_FOLDER / "parameters" / "liten_modell.yaml").read_text("utf-8")
HEAD, PRINTED = SMALL.split("printed:\n")
CASES = cases("parameters/measure_faults")


def written(case: dict[str, Any]) -> str:
    added = "".join(f"  {line}\n" for line in case["amounts"].splitlines())
    return f"{HEAD}{added}{case.get('units', '')}printed:\n{PRINTED}"


@pytest.mark.parametrize("case", [one for one in CASES if one["faults"]], ids=lambda case: case["name"])
def test_every_fault_of_a_measure_names_its_line_and_what_to_do(case: dict[str, Any]) -> None:
    with pytest.raises(ModelFaultyError) as raised:
        load_model(written(case), "liten.yaml")
    before = HEAD.count("\n")
    found = [((issue.row or 0) - before, issue.message) for issue in raised.value.issues]
    missing = [one for one in case["faults"] if not any(one[0] == row and one[1] in said for row, said in found)]
    assert not missing, found
    assert len(found) == len(case["faults"]), found


@pytest.mark.parametrize("case", [one for one in CASES if not one["faults"]], ids=lambda case: case["name"])
def test_a_sound_measure_is_read(case: dict[str, Any]) -> None:
    assert load_model(written(case), "liten.yaml").amounts[-1].label


def test_what_a_step_reads_is_found_wherever_it_stands() -> None:
    amounts = """\
- {step: a, kind: combine, label: A, yields: count, how: sum, of: [{variable: x}], reference: *nu}
- step: b
  kind: sliding
  label: B
  yields: factor
  of: {step: pott}
  curves: [{points: [["0", "1"]], of: {step: a}, where: [{field: step.liten, =: "1"}]}]
  reference: *nu
- {step: c, kind: combine, label: C, yields: count, how: sum, of: [{value: "1"}], reference: *nu}
"""
    model = load_model(written({"amounts": amounts}), "liten.yaml")
    by_name = {getattr(one, "step", ""): one for one in model.amounts}
    assert steps_read(by_name["b"]) == {"pott", "a", "liten"}
    assert steps_read(by_name["moms"]) == {"pott", "undervisning"}
    assert steps_on_variables(model, {"x"}) == {"a", "b"}
    assert steps_on_variables(model, set()) == frozenset()


@pytest.mark.parametrize(
    ("text", "limit"),
    [("5", (5, True)), ("<5", (5, False)), (">5", (5, False)), ("*", (None, True)), (" * ", (None, True))],
)
def test_a_limit_is_within_or_not_or_none(text: str, limit: tuple[int | None, bool]) -> None:
    assert read_limit(text) == limit
