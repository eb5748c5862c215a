"""What we are held against in the same run: SQLite alone, and OpenFisca-Core with the same rules."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import venv
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from core.base import Month, Recipient, read_number
from core.parameters import PerElevAmount, load_model
from core.register import count_plans
from tests.benchmarks.synthetic import YEAR
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from core.parameters import Predicate
    from core.usecases.context import App

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
PEERS = PROJECT / "build" / "peers"
RECIPIENTS = [one.value for one in Recipient]
RESULTS = ("run_unit", "run_count", "allocation_line", "payment_line")


def peer_python() -> Path:
    """Return the interpreter of the peers' own environment, made on first use."""
    wanted = HERE / "requirements-peers.txt"
    stamp = PEERS / "requirements-peers.txt"
    if not stamp.exists() or stamp.read_text("utf-8") != wanted.read_text("utf-8"):
        venv.create(PEERS, with_pip=True, clear=True)
        pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, "-r", str(wanted)], check=True, stderr=subprocess.DEVNULL)
        stamp.write_text(wanted.read_text("utf-8"), "utf-8")
    return PEERS / "bin" / "python"


def rules_for_peers(app: App, kommun: str, budget_run: int) -> dict[str, Any]:
    """Return what the model says, with the budget's prices, as plain data for a peer that knows nothing of ours."""
    with app.reading(PEEK) as work:
        model = load_model(work.models.in_force(kommun, YEAR).text, "modell")
        prices = {row[:3]: row.shown_ore for row in work.runs.prices(kommun, budget_run)}
        recipients = {one.enhet: RECIPIENTS.index(one.recipient) for one in work.runs.units(kommun, budget_run)}
        batch = max(one.number for one in work.batches.list(kommun) if one.kind == "enrolments")
    assert list(model.periods().values()) == [tuple(range(1, 13))], "one price list, the whole year"
    steps = [name for one in model.amounts if isinstance(one, PerElevAmount) for name in one.prices]
    plans = [plan for plan in count_plans(model, 12, app.holidays) if plan.divisor == 12]
    categories = [one for one in model.categories if one.counting in {plan.rule for plan in plans}]
    conditions = [part for one in categories for part in one.where]
    by_category = [[[prices.get((s, one.category, r), 0) for r in RECIPIENTS] for s in steps] for one in categories]
    return {
        "kommun": kommun, "batch": batch, "year": YEAR, "recipients": recipients, "prices": by_category,
        "flags": sorted({name for part in conditions if part.field == "flag" for name in _wanted(part)}),
        "counting": [
            {"rule": plan.rule, "august": plan.august_year is not None,
             "days": [int(plan.days[plan.spans[month][0]].strftime("%Y%m%d")) for month in range(1, 13)]}
            for plan in plans
        ],
        "categories": [
            {"name": one.category, "verksamhet": one.verksamhet.value, "counting": one.counting,
             "where": [_plain(part) for part in one.where]}
            for one in categories
        ],
    }  # fmt: skip


def _wanted(part: Predicate) -> list[str]:
    return [part.equals] if part.equals is not None else list(part.one_of or ())


def _plain(part: Predicate) -> dict[str, Any]:
    if part.field in {"flag", "programme"}:
        return {"field": part.field, "in": _wanted(part)}
    low, high = part.between or (_wanted(part) * 2)
    scale = 100 if part.field == "hours" else 1
    figures = [0 if text == "F" else float(read_number(text) * scale) for text in (low, high)]
    return {"field": part.field, "low": figures[0], "high": figures[1]}


def openfisca(rules: dict[str, Any], database: Path, folder: Path) -> dict[str, Any]:
    """Run the peer in a process of its own; return seconds, memory, and its counts and öre."""
    file, out = folder / "rules.json", folder / "peer.npz"
    file.write_text(json.dumps(rules), "utf-8")
    command = [str(peer_python()), str(HERE / "peer_openfisca.py"), str(file), str(database), str(out)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    with np.load(out) as saved:
        found |= {name: saved[name] for name in ("enhet", "counts", "ore")}
    return found


def sums_agree(rules: dict[str, Any], theirs: dict[str, Any], database: Path, run: int) -> tuple[int, int]:
    """Hold the peer's counts and öre against the stored run; return (elever by month, öre) that both give."""
    connection = sqlite3.connect(database)
    place = {one["name"]: number for number, one in enumerate(rules["categories"])}
    enhet = {str(one): number for number, one in enumerate(theirs["enhet"])}
    ours, ore = np.zeros_like(theirs["counts"]), np.zeros_like(theirs["ore"])
    at = (rules["kommun"], run)
    for unit, category, month, n in connection.execute(
        "SELECT enhet, category, month, n FROM run_count WHERE kommun = ? AND run = ?", at
    ):
        ours[place[category], month % 100 - 1, enhet[unit]] = n
    of_run = "kommun = ? AND run = ? AND kind = 'per_elev'"
    paid = f"SELECT enhet, SUM(amount_ore) FROM allocation_line WHERE {of_run} GROUP BY 1"
    for unit, amount in connection.execute(paid, at):
        ore[enhet[unit]] = amount
    connection.close()
    assert np.array_equal(ours, theirs["counts"]), "the peer counts other elever"
    assert np.array_equal(ore, theirs["ore"]), "the peer comes to other amounts"
    return int(ours.sum()), int(ore.sum())


def group_by(database: Path, kommun: str) -> float:
    """Return the seconds of plain SQL: the same rows counted on twelve days, grouped by enhet and årskurs."""
    days = [Month(YEAR, number).first_day.replace(day=15).isoformat() for number in range(1, 13)]
    sums = ", ".join(f"SUM(valid_from <= '{day}' AND (valid_to IS NULL OR valid_to > '{day}'))" for day in days)
    connection = sqlite3.connect(database)
    began = perf_counter()
    rows = connection.execute(
        f"SELECT enhet, verksamhet, arskurs, {sums} FROM enrolment WHERE kommun = ? GROUP BY 1, 2, 3", (kommun,)
    ).fetchall()
    seconds = perf_counter() - began
    connection.close()
    assert rows
    return seconds


def bulk_insert(database: Path, kommun: str, run: int) -> float:
    """Return the seconds that sqlite3 alone takes to store the rows of a run once more, in the same tables."""
    connection = sqlite3.connect(database, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "cache_size=-65536"):
        connection.execute(f"PRAGMA {pragma}").close()
    names = {
        table: [one[1] for one in connection.execute(f"PRAGMA table_info({table})")] for table in ("run", *RESULTS)
    }
    where = {"run": "kommun = ? AND number = ?"}
    rows = {
        table: connection.execute(
            f"SELECT {', '.join(_again(name) for name in columns)} FROM {table} "
            f"WHERE {where.get(table, 'kommun = ? AND run = ?')}", (kommun, run),
        ).fetchall()
        for table, columns in names.items()
    }  # fmt: skip
    began = perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    for table, some in rows.items():
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(names[table]))})", some)
    connection.execute("COMMIT")
    seconds = perf_counter() - began
    connection.close()
    return seconds


def _again(name: str) -> str:
    return "1000" if name in {"run", "number"} else name
