"""The rules that the product answers for, row by row: ``data/parameters/regelrader.yaml``.

A row is marked **M** (a model can say it: cases cite its id), **D** (a document or a course of events: tests
named here show it) or **N** (a note). ``tests/test_rules.py`` holds every M and D against what is there.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from core.parameters.parts import Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, ParametersFaultyError, fault_at, read_part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.parameters.check import Fault

Mark = Literal["M", "D", "N"]
TestName = Annotated[str, Field(pattern=r"^tests/[a-z0-9_/]+\.py::test_[a-z0-9_]+$")]


class RuleRow(Strict):
    """One rule: its stable id ``<section>.<name>``, what it says in a few words, and what it rests on.

    ``tests``: for D, the tests that show it, as ``path::name``.
    """

    row: Annotated[str, Field(pattern=r"^[0-9]+\.[A-Za-z0-9_.]+$")]
    mark: Mark
    title: Annotated[str, Field(min_length=1)]
    reference: Annotated[str, Field(min_length=1)]
    tests: list[TestName] = Field(default_factory=list)


class RuleSection(Strict):
    """The rows of one subject."""

    section: str
    title: str
    rows: list[RuleRow]


class RuleRows(Strict):
    """The whole file."""

    valid_from: dt.date
    reference: Reference
    sections: list[RuleSection]

    def all_rows(self) -> Iterator[RuleRow]:
        """Yield every row in the file's order."""
        for section in self.sections:
            yield from section.rows


def read_rule_rows(text: str, file: str) -> RuleRows:
    """Return the rows written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    table, lined = read_part(text, file, RuleRows)
    faults = list(_faults(table))
    if faults:
        found = [fault_at(file, lined.line_of(path), "regelrader", path, text) for path, text in faults]
        raise ParametersFaultyError(file, found)
    return table


def _faults(table: RuleRows) -> Iterator[Fault]:
    seen: set[str] = set()
    for number, section in enumerate(table.sections):
        for place, one in enumerate(section.rows):
            path = ("sections", number, "rows", place)
            if one.row.split(".")[0] != section.section:
                yield (*path, "row"), f"{one.row} står i avsnitt {section.section}. Flytta raden eller rätta dess id."
            if one.row in seen:
                yield (*path, "row"), f"{one.row} står två gånger. Ett id är en enda rad."
            if one.tests and one.mark != "D":
                yield (*path, "tests"), f"{one.row} är märkt {one.mark}, men bara D visas av tests. Ta bort dem."
            seen.add(one.row)


@cache
def load_rule_rows() -> RuleRows:
    """Return the rows that come with the program, read once."""
    path = PARAMETERS_FOLDER / "regelrader.yaml"
    return read_rule_rows(path.read_text(encoding="utf-8"), path.name)
