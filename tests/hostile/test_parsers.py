"""Everything else that reads text from outside: an outsider's files, trials, links, numbers. A clear answer, always."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import CoreError, kronor, read_number
from core.parameters import read_changes
from core.usecases.evaluate import evaluate
from core.usecases.what_if import read_tries
from tests.core.usecases.test_evaluate import DALEN, HEADER, TEXT, UNITS, the_run, write_given, write_units
from tests.hostile.judging import EACH_TIME, LONGEST_TEXT, judge_ten_thousand, must_be_plain
from tests.support.hostile import BYTES, NASTY, TABLE, TEXTS, bytes_damaged, csv_file, table_damaged

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.support.hostile import Damage

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([10**30, -(10**18), 0, 13]) | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
STEPS = st.lists(st.integers(0, 50), max_size=5)
HURTS = st.lists(st.tuples(STEPS, PLAIN), max_size=2)
CHANGE = [
    {"kind": "count", "enhet": "A1", "category": "gs.1_3", "from_month": 1, "delta": 1},
    {"kind": "figure", "address": "prices/a/values/b", "value": "1"},
    {"kind": "index", "index": "socio", "enhet": "A1", "value": "1,5"},
]


def hurt(content: Any, way: Sequence[int], value: Any) -> Any:  # noqa: ANN401 - plain data
    """Return plain data with ``value`` in place of what stands at the end of ``way``."""
    if not way or not isinstance(content, dict | list) or not content:
        return value
    names = list(content) if isinstance(content, dict) else list(range(len(content)))
    name = names[way[0] % len(names)]
    copy = dict(content) if isinstance(content, dict) else list(content)
    copy[name] = hurt(content[name], way[1:], value)
    return copy


def as_json(content: Any, hurts: Sequence[tuple[Sequence[int], Any]]) -> bytes:  # noqa: ANN401 - plain data
    for way, value in hurts:
        content = hurt(content, way, value)
    return json.dumps(content).encode("utf-8", "surrogatepass")


def answered(read: Callable[[], object], longest: int = LONGEST_TEXT) -> None:
    """Assert that something is read, or refused in plain Swedish."""
    try:
        read()
    except CoreError as error:
        must_be_plain(str(error), longest=longest, own=True)  # read on the own machine, or out of the own address


class _Outsider:
    """The files of an outsider, to be damaged."""

    def __init__(self, folder: Path) -> None:
        self.units, self.given = folder / "egna.csv", folder / "fel.json"
        run = the_run(write_units(folder, UNITS))
        self.whole = json.loads(write_given(folder, run, {"dalen"}).read_text("utf-8"))

    def evaluate(
        self, table: list[Damage], raw: list[Damage], hurts: list[tuple[list[int], Any]], raw_given: list[Damage]
    ) -> None:
        cells = table_damaged([HEADER, DALEN], table)
        self.units.write_bytes(bytes_damaged(csv_file(cells, quoted=True), raw))
        self.given.write_bytes(bytes_damaged(as_json(self.whole, hurts), raw_given))
        answered(lambda: evaluate(TEXT, "modell.yaml", self.units, self.given))


FILES = {"table": TABLE, "raw": st.just([]) | BYTES, "hurts": HURTS, "raw_given": st.just([]) | BYTES}


def test_an_outsiders_files_are_computed_or_refused(tmp_path: Path) -> None:
    outsider = _Outsider(tmp_path)

    @given(**FILES)
    @EACH_TIME
    def holds(
        table: list[Damage], raw: list[Damage], hurts: list[tuple[list[int], Any]], raw_given: list[Damage]
    ) -> None:
        outsider.evaluate(table, raw, hurts, raw_given)

    holds()


@pytest.mark.nightly
def test_ten_thousand_of_an_outsiders_files(tmp_path: Path) -> None:
    judge_ten_thousand(_Outsider(tmp_path).evaluate, **FILES)


def changes(hurts: list[tuple[list[int], Any]], raw: list[Damage]) -> None:
    text = bytes_damaged(as_json(CHANGE, hurts), raw).decode("utf-8", "replace")
    answered(lambda: read_changes(text), 1_500)


def texts(text: str) -> None:
    for read in (read_number, kronor, read_tries, read_changes):
        answered(lambda read=read: read(text), 1_500)  # type: ignore[misc]  # bound now, called at once


TRIAL = {"hurts": HURTS, "raw": st.just([]) | BYTES}
TEXT_FROM_OUTSIDE = {"text": st.sampled_from(NASTY) | st.text() | st.from_regex(r"[-−]?[0-9 ]+[.,:;|][0-9a-z]*")}


def test_a_trial_is_read_or_refused() -> None:
    given(**TRIAL)(EACH_TIME(changes))()


def test_a_text_is_read_as_what_it_should_be_or_refused() -> None:
    given(**TEXT_FROM_OUTSIDE)(EACH_TIME(texts))()


@pytest.mark.nightly
def test_ten_thousand_trials() -> None:
    judge_ten_thousand(changes, **TRIAL)


@pytest.mark.nightly
def test_ten_thousand_texts() -> None:
    judge_ten_thousand(texts, **TEXT_FROM_OUTSIDE)
