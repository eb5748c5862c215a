"""docs/regler.md is what the registry, the kinds, the dated figures and the cases say, and says it all."""

from __future__ import annotations

from typing import get_args

import pytest

from core.allocation.kinds import KINDS
from core.cli import rules_guide
from core.cli.rules_guide import CASES, GUIDE, GuideIncompleteError, cited, regler
from core.parameters.guide_texts import load_guide_texts
from core.parameters.rule_rows import load_rule_rows
from core.parameters.steps import AnyAmount
from core.parameters.strict import PARAMETERS_FOLDER

PAGE = GUIDE.read_text("utf-8")


def test_the_page_is_not_stale() -> None:
    assert regler() == PAGE, "skriv sidan på nytt: python -m core.cli.rules_guide"


def test_every_rule_stands_there_with_where_it_is_shown() -> None:
    found = cited(CASES)
    for row in load_rule_rows().all_rows():
        (line,) = [line for line in PAGE.split("\n") if line.startswith(f"| {row.row} |")]
        assert row.title in line
        assert all(case.name in line for case in found.get(row.row, []))
        assert all(test in line for test in row.tests)


def test_every_kind_of_step_has_its_text_and_its_version() -> None:
    for part in get_args(get_args(AnyAmount)[0]):
        (kind,) = get_args(part.model_fields["kind"].annotation)
        assert f"### `{kind}` som belopp\n" in PAGE
        assert KINDS[kind].version >= 1


@pytest.mark.parametrize("path", sorted(PARAMETERS_FOLDER.glob("*.yaml")), ids=lambda path: path.name)
def test_every_file_of_dated_figures_stands_there(path: object) -> None:
    name = getattr(path, "name", "")
    assert f"`{name}`" in PAGE or name in ("modellfil_texter.yaml", "regelrader.yaml")


def test_a_kind_without_a_text_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    poorer = load_guide_texts().model_copy(update={"kinds": {}})
    monkeypatch.setattr(rules_guide, "load_guide_texts", lambda: poorer)
    with pytest.raises(GuideIncompleteError, match=r"pris\.per_elev"):
        regler()


def test_no_cell_of_a_table_breaks_its_row() -> None:
    rows = [line for line in PAGE.split("\n") if line.startswith("| ")]
    columns = {len(line.replace("\\|", "").split("|")) for line in rows}
    assert columns <= {6, 7}
