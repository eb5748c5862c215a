from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from core.allocation import difference_of
from core.base import format_kr
from core.parameters import load_model
from tests.support.reading_demo import demo_to_read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.store import UnitOfWork
    from tests.support.databases import DatabaseMaker

RUNS = [(year, kind) for year in (2024, 2025, 2026) for kind in ("budget", "utfall")]


@pytest.fixture(scope="module")
def work(database_maker: DatabaseMaker) -> Iterator[UnitOfWork]:
    """Give the demo to read from, one copy for the whole file."""
    with demo_to_read(database_maker) as opened:
        yield opened


def run_number(work: UnitOfWork, year: int, kind: str) -> int:
    return next(run.number for run in work.runs.list("9901") if (run.year, run.kind) == (year, kind))


@pytest.mark.parametrize(("year", "kind"), RUNS)
def test_the_books_of_every_run_close_to_the_ore(work: UnitOfWork, year: int, kind: str) -> None:
    books = work.runs.books("9901", run_number(work, year, kind))
    assert difference_of(books) == 0, [(one.side, one.term, format_kr(one.amount_ore)) for one in books]
    assert all(one.label for one in books)


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_what_is_decided_is_round_and_the_reserve_is_what_is_left(work: UnitOfWork, year: int) -> None:
    books = {one.term: one.amount_ore for one in work.runs.books("9901", run_number(work, year, "budget"))}
    assert books["beslutad_budget"] % 500_000_000 == 0  # whole five million kronor
    assert 400_000_000 < books["reserv"] < 1_000_000_000
    assert abs(books["avrundning"]) < 100 * 50 * 6_500  # at most half a hundred kronor per elev


@pytest.mark.parametrize(("year", "kind"), RUNS)
def test_every_kind_of_step_and_every_recipient_is_used(work: UnitOfWork, year: int, kind: str) -> None:
    lines = work.runs.lines("9901", run_number(work, year, kind))
    assert {one.kind for one in lines} == {"per_elev", "weighted_pool", "per_unit", "markup", "deduction", "given"}
    assert {one.recipient for one in lines} == {"egen", "fristaende_hemma", "fristaende_annan", "annan_kommun"}
    assert {one.dimension for one in lines} == {"bas", "socioekonomi", "struktur", "individ"}


@pytest.mark.parametrize(("year", "kind"), RUNS)
def test_mervardesskatt_goes_to_fristaende_only_and_holdings_concern_own_units_only(
    work: UnitOfWork, year: int, kind: str
) -> None:
    for line in work.runs.lines("9901", run_number(work, year, kind)):
        if line.kostnadsslag == "mervardesskatt":
            assert line.recipient in {"fristaende_hemma", "fristaende_annan"}
        if line.kind == "deduction":
            assert line.recipient == "egen"
            assert line.amount_ore < 0
        if line.kostnadsslag == "avgift":
            assert line.recipient != "egen"


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_fristaende_grundbelopp_has_its_kostnadsslag_one_by_one(work: UnitOfWork, year: int) -> None:
    found: dict[str, set[str]] = {}
    for line in work.runs.lines("9901", run_number(work, year, "utfall")):
        if line.recipient == "fristaende_hemma" and line.dimension == "bas":
            found.setdefault(line.verksamhet, set()).add(line.kostnadsslag)
    list_a = {
        "undervisning",
        "larverktyg",
        "elevhalsa",
        "maltider",
        "lokalkostnader",
        "administration",
        "mervardesskatt",
    }
    list_b = {
        "omsorg_pedagogik", "pedagogiskt_material", "maltider", "lokalkostnader", "administration", "mervardesskatt",
    }  # fmt: skip
    assert found["grundskola"] == found["forskoleklass"] == found["gymnasieskola"] == list_a
    assert found["forskola"] == found["fritidshem"] == found["pedagogisk_omsorg"] == list_b | {"avgift"}


def test_pots_are_handed_out_whole_in_a_whole_year(work: UnitOfWork) -> None:
    run = run_number(work, 2025, "utfall")
    handed = Counter[str]()
    for line in work.runs.lines("9901", run):
        if line.kind == "weighted_pool":
            handed[line.step] += line.amount_ore
    model = load_model(work.runs.get("9901", run).model_text, "2025.yaml")
    pools = {step.step: int(step.pool) * 100 for step in model.amounts if step.kind == "weighted_pool"}
    assert handed == pools


def test_meals_and_premises_cost_more_from_july_2025_and_nothing_else_does(work: UnitOfWork) -> None:
    shown = {row[:4]: row.shown_ore for row in work.runs.prices("9901", run_number(work, 2025, "budget"))}
    dearer = {
        step for (step, category, recipient, period), ore in shown.items()
        if period == "juli_2025" and abs(ore) > abs(shown[step, category, recipient, "januari_2025"])
    }  # fmt: skip
    assert {step.split(".")[1] for step in dearer} == {"maltider", "lokalkostnader", "administration", "mervardesskatt"}


def test_the_price_of_the_early_years_is_a_hundred_kronor_even(work: UnitOfWork) -> None:
    prices = work.runs.prices("9901", run_number(work, 2026, "budget"))
    found = {row.category: row.shown_ore // 100 for row in prices if row.step == "grundskola.undervisning"}
    assert found == {"grundskola.1_3": 57_400, "grundskola.4_6": 61_200, "grundskola.7_9": 76_400}
