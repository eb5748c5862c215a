"""Any text at all as a funding model: every fault in Swedish with its line, or a model; and nothing half done."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import CoreError
from core.parameters import load_model
from tests.hostile.judging import EACH_TIME, LONGEST_TEXT, delivery_of, judge_ten_thousand, must_be_plain
from tests.support.hostile import BYTE_DAMAGES, NASTY, PLACES, bytes_damaged, damages
from tests.support.models import ROOT
from tests.support.small_kommun import model_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.hostile.judging import Bench
    from tests.support.hostile import Damage

MODELS = (
    model_text(),
    (ROOT / "tests" / "cases" / "allocation" / "evaluate_model.yaml").read_text("utf-8"),
)
YAML = (
    "&a [*a]",
    "*a",
    "&a {b: *a}",
    "!!python/object/apply:os.system ['x']",
    "!!python/name:os.system",
    "!!binary aGVq",
    "<<: *a",
    "{a: 1, a: 2}",
    "[" * 200,
    "{a: " * 200,
    "- " * 300,
    "!!bool ja",
    "!!bool maybe",
    "!!null x",
    "!!int 0x1F",
    "!!float 1",
    "!!str [1]",
    "!!map x",
    "!!set {a}",
    "!!omap [a: 1]",
    "!!timestamp 2026-01-01",
    "2026-01-01 10:00:00",
    "0o17",
    "1_000",
    "1e5",
    ".inf",
    ".nan",
    "~",
    "yes",
    "on",
    "|\n  x",
    "> y",
    "%YAML 2.0",
    "---",
    "...",
    "# x",
    "'",
    '"',
    '"\\x"',
    "\t",
    "0",
    "-1",
    "1",
    "13",
    "99999",
    "1000000",
    "'0'",
    "'1/0'",
    "'-5'",
    "'1e999'",
    f"'{'9' * 5000}'",
    "9" * 5000,
    "'99999999999'",
    "[]",
    "{}",
    "null",
    "'*'",
    "['1', '0']",
    "['<1', '>5']",
    "0001-01-01",
    "9999-12-31",
    "2026-02-30",
    "egen",
    "grundskola",
    "x" * 5000,
)
LINE_DAMAGES = ("value", "value", "value", "key", "number", "word", "drop", "twice", "indent", "insert", "swap", "deep")
TEXTS = st.sampled_from(YAML) | st.sampled_from(NASTY)
LINES = st.lists(st.tuples(st.sampled_from(LINE_DAMAGES), PLACES, PLACES, TEXTS), max_size=4)
_VALUE = re.compile(r"(\s*(?:- )?[\w.\"]+:\s)(.*)")


def damaged(text: str, found: list[Damage]) -> str:  # noqa: C901 - a branch each
    """Return a model with every damage done to its lines, in order."""
    lines = text.split("\n")
    for what, place, other, said in found:
        at, beside = place % len(lines), other % len(lines)
        line = lines[at]
        match what:
            case "value":
                known = _VALUE.match(line)
                lines[at] = known[1] + said if known else line
            case "key":
                lines[at] = re.sub(r"\w+:", _always(f"{said[:60]}:"), line, count=1)
            case "number":
                wild = ("0", "-1", "13", "9" * 20, "1", "0001-01-01")[other % 6]
                lines[at] = re.sub(r"\d+", _always(wild), line, count=1)
            case "word":
                words = re.findall(r"[a-z_]{4,}", lines[beside]) or ["x"]
                lines[at] = re.sub(r"[a-z_]{4,}", _always(words[0]), line, count=1)
            case "drop":
                del lines[at]
                lines = lines or [""]
            case "twice":
                lines.insert(at, line)
            case "indent":
                lines[at] = " " * (other % 5) + line
            case "insert":
                lines.insert(at, said)
            case "swap":
                lines[at], lines[beside] = lines[beside], line
            case "deep":
                lines[at] = re.sub(r":.*", _always(": " + "[" * other), line, count=1)
    return "\n".join(lines)


def _always(text: str) -> Callable[[re.Match[str]], str]:
    """Return what puts ``text`` in place of a match as it stands, whatever signs it holds."""
    return lambda _: text


RAW = damages(BYTE_DAMAGES, most=1)


@st.composite
def models(draw: st.DrawFn) -> bytes:
    """Draw a damaged model."""
    text = damaged(draw(st.sampled_from(MODELS)), draw(LINES))
    return bytes_damaged(text.encode("utf-8", "surrogatepass"), draw(RAW) if draw(st.booleans()) else [])


def test_any_model_is_received_or_refused_whole(hostile_bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "modell.yaml"

    @given(content=models())
    @EACH_TIME
    def holds(content: bytes) -> None:
        path.write_bytes(content)
        hostile_bench.receive(delivery_of("model", path, "modell.yaml"))

    holds()


@pytest.mark.nightly
def test_ten_thousand_models_are_read_or_refused() -> None:
    def holds(content: bytes) -> None:
        try:
            load_model(content.decode("utf-8-sig", "replace"), "modell.yaml")
        except CoreError as error:
            must_be_plain(str(error), longest=LONGEST_TEXT)

    judge_ten_thousand(holds, content=models())
