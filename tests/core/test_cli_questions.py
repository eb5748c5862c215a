"""flags and answer-flag: questions about figures from the command line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from core.base import year_range
from core.cli import main
from core.usecases.flags import raise_flag
from tests.support.databases import demo_environment
from tests.support.small_kommun import ENROLMENT_HEADER, ENROLMENTS_2026, REKTOR_A1, YEAR, lillby_2026

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby

    Run = Callable[..., Result]


@pytest.fixture
def lillby(sqlite_database: Database, tmp_path: Path) -> Lillby:
    """Give Lillby with a question about elever of A1."""
    found = lillby_2026(sqlite_database.url, tmp_path)
    raise_flag(found.app, REKTOR_A1, "A1", 2, "step:undervisning", "Vi har haft en elev till sedan september.")
    return found


@pytest.fixture
def run(sqlite_database: Database, tmp_path: Path) -> Run:
    environment = demo_environment(sqlite_database.url, tmp_path)
    return lambda *words: CliRunner().invoke(main, [str(one) for one in words], env=environment)


def test_a_question_is_listed_answered_and_closed_with_its_effect(lillby: Lillby, run: Run) -> None:
    shown = run("flags").stdout
    assert "Väntar på svar" in shown
    assert "Alskolan" in shown
    assert "Vi har haft en elev till sedan september." in shown
    assert run("answer-flag", 1, "accept", "--text", "En rättad fil läses in.").stdout == "Fråga 1: ska rättas.\n"
    more = ENROLMENT_HEADER + ENROLMENTS_2026 + "e16;A1;grundskola;2;2018-06;;;9907;2026-09-02;\n"
    batch = lillby.deliver("enrolments", more, year_range(YEAR)).number
    early = run("answer-flag", 1, "correct", "--batch", batch)
    assert early.exit_code == 1
    assert "Ingen beslutad körning bygger på inläsning" in early.stderr
    number = lillby.decide(YEAR, "utfall", 10).number
    done = run("answer-flag", 1, "correct").stdout.replace("\u00a0", " ")
    assert done == f"Fråga 1: rättad, 10 500,00 kr i körning {number}.\n"
    (flag,) = json.loads(run("flags", "--json").stdout)
    assert (flag["state"], flag["effect_ore"], flag["batch"]) == ("corrected", 1_050_000, batch)


def test_an_answer_has_words(lillby: Lillby, run: Run) -> None:
    assert lillby.runs
    refused = run("answer-flag", 1, "reject")
    assert (refused.exit_code, refused.stderr) == (1, "Fel: Skriv svaret med --text när svaret är reject.\n")
    assert run("answer-flag", 9, "reject", "--text", "Uppgiften är rätt.").exit_code == 1
