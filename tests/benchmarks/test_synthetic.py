from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from core.exchange import read
from core.usecases import runs
from tests.benchmarks.bench_import import CONTEXT
from tests.benchmarks.bench_nation import ELEVER, UNITS, nation, shared_out
from tests.benchmarks.make_enrolments import make
from tests.benchmarks.measuring import Figure, Table
from tests.benchmarks.peers import rules_for_peers
from tests.benchmarks.synthetic import YEAR, Town, enrolment_rows
from tests.benchmarks.towns import build_town, operator, program

if TYPE_CHECKING:
    from pathlib import Path

TOWN = Town("9901", elever=900, units=20, elsewhere=2)
HELD = """
SELECT e.enhet, COUNT(*) FROM enrolment e JOIN unit u ON u.kommun = e.kommun AND u.enhet = e.enhet
WHERE e.verksamhet = 'grundskola' AND e.valid_from <= '2026-10-15' AND (e.valid_to IS NULL OR e.valid_to > '2026-10-15')
  AND (e.hemkommun = e.kommun OR u.huvudmannatyp = 'kommunal') GROUP BY e.enhet
"""
COUNTED = """
SELECT enhet, SUM(n) FROM run_count WHERE run = 2 AND month = 202610
  AND category IN ('grundskola.1_3', 'grundskola.4_6', 'grundskola.7_9') GROUP BY enhet
"""


def test_a_made_up_town_runs_and_counts_what_plain_sql_counts(tmp_path: Path) -> None:
    database = tmp_path / "town.db"
    rows = build_town(database, TOWN)
    app = program(database)
    runs.allocate(app, operator(TOWN.kommun), TOWN.kommun, YEAR, "utfall")
    assert rows == len(list(enrolment_rows(TOWN, 1)))
    connection = sqlite3.connect(database)
    held, counted = (dict(connection.execute(statement)) for statement in (HELD, COUNTED))
    connection.close()
    assert held == counted
    assert len(held) > 5
    rules = rules_for_peers(app, TOWN.kommun, 1)
    assert len(rules["recipients"]) == TOWN.units + TOWN.elsewhere
    assert all(len(one["days"]) == 12 for one in rules["counting"])


def test_the_same_town_has_the_same_rows_each_time() -> None:
    assert list(enrolment_rows(TOWN, 1)) == list(enrolment_rows(TOWN, 1))


def test_the_nation_is_as_large_as_the_design_says_and_shared_out_evenly() -> None:
    towns = nation()
    assert abs(sum(town.elever for town in towns) - ELEVER) < 300
    assert abs(sum(town.units for town in towns) - UNITS) < UNITS * 0.05
    loads = [sum(town.elever for town in mine) for mine in shared_out(towns, 2)]
    assert max(loads) < 1.02 * min(loads)


def test_the_register_that_the_import_is_measured_with_has_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    for quoted in (False, True):
        make(path, 300, quoted=quoted)
        found = read("enrolments", path, CONTEXT)
        assert sum(len(chunk) for chunk in found.chunks(1)) == 300
        assert not found.issues


def test_a_figure_says_whether_it_holds_its_bar() -> None:
    quick, slow = Figure("a", [1.0, 1.4], "s", 1.5), Figure("b", [9.0], "rows/s", 10, at_least=True)
    assert (quick.holds, slow.holds, Figure("c", [1.0], "s").holds) == (True, False, None)
    table = Table([quick, slow])
    assert [line.split("  ")[0] for line in table.text().splitlines()] == ["measured", "a", "b"]
    assert "NOT HELD" in table.text()
