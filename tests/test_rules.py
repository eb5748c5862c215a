"""Every rule of data/parameters/regelrader.yaml is shown: M by a case that cites it, D by a test that is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from core.parameters.rule_rows import load_rule_rows, read_rule_rows
from core.parameters.strict import ParametersFaultyError
from tests.support.cited_rules import cited

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).resolve().parent.parent
ROWS = {one.row: one for one in load_rule_rows().all_rows()}
SECTIONS = [str(number) for number in range(1, 13)] + ["15"]
CITED = cited(ROOT / "tests" / "cases")


def missing(marked: str, shown: Iterable[str]) -> list[str]:
    """Return the rows of a mark that nothing shows."""
    have = set(shown)
    return [f"{row}: {one.title}" for row, one in ROWS.items() if one.mark == marked and row not in have]


def test_every_section_has_its_rows() -> None:
    assert [one.section for one in load_rule_rows().sections] == SECTIONS
    assert all(one.rows for one in load_rule_rows().sections)


def test_every_row_that_a_model_can_say_has_a_case() -> None:
    assert missing("M", CITED) == []


def test_every_row_that_is_a_document_or_a_course_of_events_has_a_test() -> None:
    assert missing("D", (row for row, one in ROWS.items() if one.tests)) == []


def test_no_case_cites_a_row_that_is_not_there() -> None:
    assert {row: where for row, where in CITED.items() if row not in ROWS} == {}


def test_every_test_that_a_row_names_is_there() -> None:
    lost = []
    for row, one in ROWS.items():
        for name in one.tests:
            file, function = name.split("::")
            path = ROOT / file
            if not path.exists() or not re.search(rf"^\s*def {function}\(", path.read_text("utf-8"), re.MULTILINE):
                lost.append((row, name))
    assert lost == []


HEAD = """valid_from: 2026-01-01
reference: {kind: guideline, title: Påhittad}
sections:
  - section: "1"
    title: Ett
    rows:
"""


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ('      - {row: "2.a", mark: N, title: a, reference: b}', "står i avsnitt 1"),
        ('      - {row: "1.a", mark: N, title: a, reference: b}\n' * 2, "står två gånger"),
        ('      - {row: "1.a", mark: X, title: a, reference: b}', "något av 'M', 'D' eller 'N'"),
        ('      - {row: "1.a", mark: M, title: a, reference: b, tests: ["tests/a.py::test_b"]}', "bara D visas"),
        ('      - {row: "1.a", mark: D, title: a, reference: b, tests: ["någon annanstans"]}', "tests"),
        ('      - {row: "1.a", mark: M, title: a}', "saknas"),
    ],
)
def test_a_registry_with_faults_is_refused(rows: str, fault: str) -> None:
    with pytest.raises(ParametersFaultyError) as raised:
        read_rule_rows(HEAD + rows, "regelrader.yaml")
    assert fault in str(raised.value)


def test_a_citation_is_found_wherever_a_case_has_it(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.yaml").write_text('- {name: x, rule: "4.A1"}\n- {name: y, rule: ["4.A2", "4.A1"]}\n', "utf-8")
    found: dict[str, Any] = cited(tmp_path)
    assert {row: [one.name for one in cases] for row, cases in found.items()} == {"4.A1": ["x", "y"], "4.A2": ["y"]}
