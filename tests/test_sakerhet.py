"""docs/sakerhet.md says of each threat what makes it hard and which test tries it; every such test must be there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "sakerhet.md"
TEST = re.compile(r"`(tests/[\w/.]+\.py)(?:::(\w+))?`")
FILE = re.compile(r"`((?:core|pages|docs|data|scripts|static|\.ci)/[\w./*@-]+|asgi\.py|app\.py)`")


def rows() -> list[list[str]]:
    """Return the rows of the page's tables: threat, measure, how it is tried."""
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    return [row for row in cells if row[0] not in {"Hot", "---"}]


def test_every_threat_has_a_measure_and_a_test() -> None:
    assert len(rows()) > 40
    for row in rows():
        assert len(row) == 3, row
        threat, measure, tried = row
        assert threat
        assert measure
        assert TEST.search(tried), f"nothing tries: {threat}"


@pytest.mark.parametrize("named", sorted(set(TEST.findall(PAGE.read_text(encoding="utf-8")))))
def test_every_test_that_is_named_is_there(named: tuple[str, str]) -> None:
    path, function = named
    text = (PROJECT / path).read_text(encoding="utf-8")
    assert not function or re.search(rf"^\s*def {function}\(", text, re.MULTILINE), f"{path} has no {function}"


@pytest.mark.parametrize("named", sorted(set(FILE.findall(PAGE.read_text(encoding="utf-8")))))
def test_every_file_that_is_named_is_there(named: str) -> None:
    assert list(PROJECT.glob(named)), named
