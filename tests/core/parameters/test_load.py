from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.parameters import ModelFaultyError, PerElevAmount, load_model, read_roles
from core.parameters.strict import ParametersFaultyError
from tests.support.cases import CASES_FOLDER, cases

SMALL = (CASES_FOLDER / "parameters" / "liten_modell.yaml").read_text(encoding="utf-8")
MODELS = sorted((Path(__file__).parents[3] / "data" / "models").rglob("*.yaml"))


def changed(case: dict[str, Any]) -> str:
    old, new = case["change"]
    assert SMALL.count(old) == 1, f"{old!r} ska stå precis en gång i liten_modell.yaml"
    return SMALL.replace(old, new)


def test_the_small_model_is_sound() -> None:
    model = load_model(SMALL, "liten.yaml")
    assert model.periods() == {"ar": tuple(range(1, 13))}
    assert model.category("gy").counting == "fasta"
    assert model.price("avgift").kind == "deduction"
    step = model.priced_steps()["administration"]
    assert isinstance(step, PerElevAmount)
    assert step.step == "grundbelopp"


@pytest.mark.parametrize("case", cases("parameters/model_faults"), ids=lambda case: case["name"])
def test_every_fault_names_file_line_and_remedy(case: dict[str, Any]) -> None:
    with pytest.raises(ModelFaultyError) as raised:
        load_model(changed(case), "liten.yaml")
    found = [(issue.row, issue.message) for issue in raised.value.issues]
    missing = [
        (line, text) for line, text in case["faults"] if not any(line == row and text in said for row, said in found)
    ]
    assert not missing, found
    assert len(found) == len(case["faults"]), found
    for issue in raised.value.issues:
        assert str(issue).startswith(f"liten.yaml, rad {issue.row}")
        assert str(issue) in str(raised.value)
        assert "nput should" not in issue.message  # pydantic's English never reaches a reader


def test_all_faults_are_told_at_once() -> None:
    faulty = (
        SMALL.replace('pool: "1000"', "pool: 1000")
        .replace("kind: monthly", "kind: weekly")
        .replace("title: En", "t: En")
    )
    with pytest.raises(ModelFaultyError, match="har 4 fel") as raised:
        load_model(faulty, "liten.yaml")
    assert sorted(issue.row or 0 for issue in raised.value.issues) == [1, 4, 9, 32]


@pytest.mark.parametrize("text", ["- a\n- b\n", "bara text\n", "12\n"])
def test_a_file_that_is_no_set_of_keys_is_refused(text: str) -> None:
    with pytest.raises(ModelFaultyError, match="filen ska bestå av nycklar med värden"):
        load_model(text, "liten.yaml")


def test_a_list_that_is_closed_before_the_year_pays_nothing_and_the_latest_to_start_wins() -> None:
    model = load_model(SMALL.replace("valid_to: 2026-01-01}", "valid_to: 2027-01-01}"), "liten.yaml")
    assert model.periods() == {"ar": tuple(range(1, 13))}


@pytest.mark.parametrize("file", MODELS, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_every_model_that_comes_with_the_program_is_sound(file: Path) -> None:
    model = load_model(file.read_text(encoding="utf-8"), file.name)
    assert model.title


def test_a_faulty_role_book_names_the_rule() -> None:
    text = (
        "valid_from: 2024-01-01\nreference: {kind: guideline, title: Ordning}\nactions: {start.view: se}\n"
        "roles:\n  - {role: rektor, label: rektor, ask: Fråga.}\nrules:\n"
        "  - {rule: a, role: rektor, effect: allow, actions: [start.view], scopes: [enhet], reason: Ja.}\n"
        "  - {rule: a, role: vaktmastare, effect: allow, actions: [start.view], scopes: [enhet], reason: Ja.}\n"
    )
    with pytest.raises(ParametersFaultyError) as raised:
        read_roles(text, "roller.yaml")
    assert [(issue.row, issue.message) for issue in raised.value.issues] == [
        (8, "rollen ”vaktmastare” finns inte under roles. Finns: rektor."),
        (8, "regeln ”a” finns två gånger. Ge en av dem ett annat namn."),
    ]
