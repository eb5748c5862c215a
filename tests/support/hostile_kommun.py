"""Lillby whose names are meant to do harm: formulas, markup, queries and marks that turn the text round.

Every name goes in the ordinary way, through the register's file, and out through every page and every writer.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.base import Month, year_range
from core.usecases import decisions, imports, payments, scenarios
from tests.support import small_kommun
from tests.support.small_kommun import BOTH_YEARS, CHIEF, CONTROLLER, HANDLER, KOMMUN, YEAR

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.small_kommun import Lillby

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"
LINK = "![bild](https://evil.example/x.png) [klick](https://evil.example) :red[x] $x$ **fet** `kod` <b>b</b>"
FILE = "=cmd :red[x] [klick](x) **fet**.csv"
NAMES = {
    "A1": '=HYPERLINK("https://evil.example","klick")',
    "A2": "@SUM(1+1)*cmd|' /C calc'!A0",
    "A3": "+cmd|x' \U0001f600 åäö",
    "B1": SCRIPT,
    "B2": "'; DROP TABLE unit; -- \" OR 1=1",
    "C1": LINK,
    "F1": '#set page(width: 1pt) #read("/etc/passwd") *x* _y_ $z$ \\ {data} ' + "lång " * 60,
}
OWNERS = {"Cedern AB": "-2+3+cmd|' /C calc'!A0", "Dungen AB": "\uff1d1+1 :red[x]", "Granne kommun": SCRIPT}
DECIDING = decisions.Deciding(body=LINK, on=date(2025, 12, 1), paragraph=SCRIPT, delegation="=1+1")
HOSTILE = (*NAMES.values(), *OWNERS.values())


def _units() -> str:
    rows = []
    for line in small_kommun.UNITS.splitlines():
        cells = line.split(";")
        cells[2] = NAMES.get(cells[0], cells[2])
        cells[5] = OWNERS.get(cells[5], cells[5])
        rows.append(";".join('"' + cell.replace('"', '""') + '"' for cell in cells))
    return "\n".join(rows) + "\n"


def hostile_lillby(url: str, folder: Path) -> Lillby:
    """Return Lillby under hostile names with runs, decisions, payments, a trial and a faulty file that waits."""
    lillby = small_kommun.founded(url, folder)
    _deliver_all(lillby)
    lillby.decide(YEAR, "budget")
    run = lillby.decide(YEAR, "utfall", 10)
    for number in decisions.prepare_all(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, "budget"]):
        decisions.decide(lillby.app, CHIEF, KOMMUN, number, DECIDING)
    at = lillby.at(datetime(YEAR, 1, 10, 9, tzinfo=UTC))
    payments.approve(lillby.app, CHIEF, KOMMUN, payments.prepare(at, CONTROLLER, KOMMUN, Month(YEAR, 1)))
    changes = '[{"kind":"count","enhet":"A1","category":"gs.1_3","delta":1}]'
    scenarios.save_scenario(lillby.app, CONTROLLER, run.number, LINK[:110], changes, SCRIPT)
    waiting = lillby.receive("staff", f"enhet;{LINK};{SCRIPT}\nA1;x;=1+1\n", year_range(YEAR), file_total="=1+1")
    assert waiting.batch is not None
    path = lillby.folder / "x.csv"
    path.write_text(small_kommun.STAFF + "\n", "utf-8")  # other bytes, or nothing would be received
    imports.receive(
        lillby.app, HANDLER,
        imports.Delivery(
            kommun=KOMMUN, kind="staff", path=path, file_name=f"../../{FILE}", period=year_range(YEAR)
        ),
    )  # fmt: skip
    return lillby


def _deliver_all(lillby: Lillby) -> None:
    year = year_range(YEAR)
    kommun = small_kommun
    lillby.deliver("units", _units(), BOTH_YEARS)
    lillby.deliver("enrolments", kommun.ENROLMENT_HEADER + kommun.ENROLMENTS_2026, year)
    lillby.deliver("planned_counts", kommun.planned_text(kommun.PLANNED_2026, YEAR), year)
    lillby.deliver("index", kommun.INDEX_HEADER + kommun.INDEX, year)
    lillby.deliver("given_amounts", kommun.given_text(), year)
    lillby.deliver("staff", kommun.STAFF, year)
    lillby.deliver("premises", kommun.PREMISES, year)
    lillby.deliver(imports.MODEL, kommun.model_text(), year)
