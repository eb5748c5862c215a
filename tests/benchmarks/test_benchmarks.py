"""Every benchmark at its smallest: it runs and gives its figures; how large they are is nobody's test.

A benchmark's own process is run in this one, on a small town. OpenFisca-Core is not installed here: its answer is the
run's own, so that what holds it against the run is tried as well.
"""

from __future__ import annotations

import json
import runpy
import sqlite3
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.benchmarks import (
    __main__,
    bench_change,
    bench_derivation,
    bench_import,
    bench_nation,
    bench_page,
    bench_run,
    bench_what_if,
    peers,
)
from tests.benchmarks.measuring import Table
from tests.benchmarks.synthetic import Town

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.servers import AppServer

TOWN = Town("9901", elever=400, units=20, elsewhere=2)
ONE_KOMMUN = 1 / bench_nation.KOMMUNER
OF_TOWN = {
    "run": (bench_run, "utfall run, 100 000 elever, stored", 8),
    "derivation": (bench_derivation, "derivation of a unit's total, 100 units", 3),
    "change": (bench_change, "why did it change, in memory", 4),
    "what-if": (bench_what_if, "what-if on 22 units, in memory", 3),
}
"""Benchmarks of one town: module, name of the first figure, how many figures."""


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    """Make every benchmark small and let it run in this process, once."""

    def in_this_process(module: str, *arguments: object) -> dict[str, Any]:
        with monkeypatch.context() as patched, warnings.catch_warnings():
            patched.setattr(sys, "argv", [module, *map(str, arguments)])
            warnings.simplefilter("ignore", RuntimeWarning)  # the module is imported already, which is meant
            capfd.readouterr()
            runpy.run_module(module, run_name="__main__")
        said: dict[str, Any] = json.loads(capfd.readouterr().out.splitlines()[-1])
        return said

    for module, _, _ in OF_TOWN.values():
        monkeypatch.setattr(module, "TOWN", TOWN)
        monkeypatch.setattr(module, "in_own_process", in_this_process)
    monkeypatch.setattr(bench_import, "in_own_process", in_this_process)
    for module in (bench_run, bench_import):
        monkeypatch.setattr(module, "TIMES", 1)
    monkeypatch.setattr(peers, "openfisca", _answer_of_the_run)


def _answer_of_the_run(rules: dict[str, Any], database: Path, _folder: Path) -> dict[str, Any]:
    """Return what a peer that agrees would answer, as ``peers.openfisca`` does."""
    enhet = list(rules["recipients"])
    category = [one["name"] for one in rules["categories"]]
    counts, ore = np.zeros((len(category), 12, len(enhet)), np.int64), np.zeros(len(enhet), np.int64)
    connection = sqlite3.connect(database)
    for unit, name, month, n in connection.execute("SELECT enhet, category, month, n FROM run_count WHERE run = 2"):
        counts[category.index(name), month % 100 - 1, enhet.index(unit)] = n
    paid = "SELECT enhet, SUM(amount_ore) FROM allocation_line WHERE run = 2 AND kind = 'per_elev' GROUP BY enhet"
    for unit, amount in connection.execute(paid):
        ore[enhet.index(unit)] = amount
    connection.close()
    return {"seconds": 1.0, "mb": 1.0, "enhet": np.array(enhet), "counts": counts, "ore": ore}


def _has_figures(table: Table, first: str, how_many: int) -> None:
    assert table.figures[0].name == first
    assert len(table.figures) == how_many
    assert all(len(one.values) and min(one.values) >= 0 for one in table.figures)
    assert table.text().count("\n") == how_many


@pytest.mark.usefixtures("small")
def test_each_benchmark_of_a_town_gives_its_figures(tmp_path: Path) -> None:
    for module, first, how_many in OF_TOWN.values():  # one after another: the run leaves its town to the others
        table = Table()
        module.measure(table, tmp_path)
        _has_figures(table, first, how_many)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("name", ["derivation", "change", "what-if"])
def test_a_benchmark_of_a_town_makes_the_town_when_it_is_asked_for_alone(name: str, tmp_path: Path) -> None:
    table = Table()
    OF_TOWN[name][0].measure(table, tmp_path)
    _has_figures(table, *OF_TOWN[name][1:])


@pytest.mark.usefixtures("small")
def test_the_benchmark_of_the_import_gives_its_figures(tmp_path: Path) -> None:
    table = Table()
    bench_import.measure(table, tmp_path, rows=500)
    _has_figures(table, "import of 500 enrolments, CSV to SQLite, checked", 7)


def test_the_benchmark_of_the_nation_gives_its_figures_of_one_kommun(tmp_path: Path) -> None:
    table = Table()
    bench_nation.measure(table, tmp_path, ONE_KOMMUN)
    _has_figures(table, "the nation's utfall runs, share 0.001", 3)
    assert table.figures[0].note.startswith("1 kommuner, ")


def test_the_benchmark_of_pages_gives_its_figures(app_server: AppServer) -> None:
    table = Table()
    bench_page.measure_pages(table, app_server, ["resursfordelning"], reruns=1)
    _has_figures(table, "a page, one reader, warm script run", 5)


def test_whoever_asks_for_all_benchmarks_gets_them_all_in_one_table(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def note(module: Any) -> Callable[..., None]:  # noqa: ANN401 - a module
        return lambda *_: asked.append(module.__name__.rpartition(".")[2])

    modules = [bench_page, bench_import, bench_nation, *(module for module, _, _ in OF_TOWN.values())]
    for module in modules:
        monkeypatch.setattr(module, "measure", note(module))
    monkeypatch.setattr(sys, "argv", ["benchmarks"])
    with pytest.raises(SystemExit) as ended:
        __main__.main()
    assert ended.value.code == 0
    assert len(asked) == len(__main__.PARTS)
    assert sorted(asked) == sorted(one.stem for one in Path(__main__.__file__).parent.glob("bench_*.py"))
    assert "processors, load" in capsys.readouterr().out
