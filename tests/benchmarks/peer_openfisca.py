"""The same sums written for OpenFisca-Core: counts by enhet, category and month, and kronor by enhet.

Run by the benchmark in an environment of its own: ``python peer_openfisca.py RULES DATABASE OUT``. RULES is
what the funding model says, as JSON (``rules_for_peers``); the rows are read from the same SQLite file as
ours. A person is a row of the register; units and (elev, verksamhet) are groups. Every formula is on
whole columns. OpenFisca's own float32 cannot hold a unit's öre, so kronor are given float64.
"""

# ruff: noqa: ANN401 - OpenFisca is not installed where types are checked
from __future__ import annotations

import json
import sqlite3
import sys
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

JULY, AUGUST, LAST_OF_AUGUST, NEVER = 701, 801, 831, 99999999
ROWS = """
SELECT elev, enhet, verksamhet, CASE arskurs WHEN 'F' THEN 0 ELSE CAST(COALESCE(arskurs, '-1') AS INTEGER) END,
       birth_month, COALESCE(hours, -1), COALESCE(programme, ''), flags, hemkommun = kommun,
       CAST(REPLACE(valid_from, '-', '') AS INTEGER),
       CAST(REPLACE(COALESCE(valid_to, '9999-99-99'), '-', '') AS INTEGER)
FROM enrolment WHERE kommun = ? AND batch = ?
"""
COLUMNS = ("elev", "enhet", "verksamhet", "arskurs", "birth", "hours", "programme", "flags", "home", "first", "after")
periods = import_module("openfisca_core.periods")
entities = import_module("openfisca_core.entities")
Variable = import_module("openfisca_core.variables").Variable
System = import_module("openfisca_core.taxbenefitsystems").TaxBenefitSystem
Builder = import_module("openfisca_core.simulations").SimulationBuilder

Row = entities.Entity("rad", "rader", "En rad i registret", "")
Unit = entities.GroupEntity("enhet", "enheter", "En enhet", "", [{"key": "elev"}])
Spell = entities.GroupEntity(
    "elev_i_verksamhet", "elever_i_verksamhet", "En elev i en verksamhet", "", [{"key": "rad"}]
)


def variable(name: str, entity: Any, value_type: type, period: str, formula: Any = None) -> Any:
    """Return a variable as OpenFisca wants it declared."""
    parts = {"value_type": value_type, "entity": entity, "label": name, "definition_period": period}
    return type(name, (Variable,), parts if formula is None else {**parts, "formula": formula})


def system(rules: dict[str, Any], codes: dict[str, dict[str, int]]) -> Any:
    """Return the rules as variables: who counts on a day, in which category, how many, for how much."""
    made = System([Row, Unit, Spell])
    inputs = ("arskurs", "birth", "hours", "programme", "verksamhet", "enhet_code", "first", "after")
    declared = [variable(name, Row, int, periods.ETERNITY) for name in inputs]
    declared += [variable(f"flag_{name}", Row, bool, periods.ETERNITY) for name in rules["flags"]]
    declared += [variable("ours", Row, bool, periods.ETERNITY), variable("recipient", Unit, int, periods.ETERNITY)]
    declared += [variable("counts_from", Row, int, periods.ETERNITY, counts_from(rules["year"]))]
    declared += [variable("counts_to", Row, int, periods.ETERNITY, counts_to(rules["year"]))]
    declared += [variable(f"on_{one['rule']}", Row, bool, periods.MONTH, on_day(one)) for one in rules["counting"]]
    for place, one in enumerate(rules["categories"]):
        declared.append(variable(f"in_{place}", Row, bool, periods.MONTH, in_category(one, codes)))
        declared.append(variable(f"n_{place}", Unit, int, periods.MONTH, number_of(place, one["counting"])))
    declared.append(variable("ore", Unit, float, periods.YEAR, ore(rules)))
    made.add_variables(*declared)
    made.get_variable("ore").dtype = np.float64
    return made


def _earlier(row: Any, period: Any, year: int) -> tuple[Any, Any]:
    """Return, by row, when and where the elev's earlier row ended in July or August (0: there is none)."""
    after = row("after", period)
    ends = (after > year * 10000 + JULY) & (after <= year * 10000 + LAST_OF_AUGUST)
    unit = (row("enhet_code", period) + 1) * ends
    return row.elev_i_verksamhet.sum(after * ends), row.elev_i_verksamhet.sum(unit)


def _starts(row: Any, period: Any, year: int) -> Any:
    first = row("first", period)
    return (first >= year * 10000 + AUGUST) & (first <= year * 10000 + LAST_OF_AUGUST)


def counts_from(year: int) -> Any:
    """Return the formula of the day a row counts from: who starts in August is counted from July."""

    def formula(row: Any, period: Any) -> Any:
        first, (end, unit) = row("first", period), _earlier(row, period, year)
        stays = (end > 0) & (end <= first) & (unit == row("enhet_code", period) + 1)
        return np.where(_starts(row, period, year), np.where(stays, end, year * 10000 + JULY), first)

    return formula


def counts_to(year: int) -> Any:
    """Return the formula of the day a row counts to: who moves in August is not counted twice in July."""

    def formula(row: Any, period: Any) -> Any:
        after, here = row("after", period), row("enhet_code", period) + 1
        starts = _starts(row, period, year)
        starter = row.elev_i_verksamhet.sum((row("enhet_code", period) + 1) * starts)
        first = row.elev_i_verksamhet.sum(row("first", period) * starts)
        moves = (after > year * 10000 + JULY) & (after <= first) & (starter != here)
        return np.where(moves, year * 10000 + JULY, after)

    return formula


def on_day(rule: dict[str, Any]) -> Any:
    """Return the formula of who counts on the month's counting day."""
    names = ("counts_from", "counts_to") if rule["august"] else ("first", "after")

    def formula(row: Any, period: Any) -> Any:
        day = rule["days"][period.start.month - 1]
        return row("ours", period) & (row(names[0], period) <= day) & (day < row(names[1], period))

    return formula


def in_category(category: dict[str, Any], codes: dict[str, dict[str, int]]) -> Any:
    """Return the formula of who belongs to a category in a month."""

    def formula(row: Any, period: Any) -> Any:
        held = row("verksamhet", period) == codes["verksamhet"].get(category["verksamhet"], -1)
        for one in category["where"]:
            held = held & _holds(one, row, period, codes)
        return held

    return formula


def _holds(one: dict[str, Any], row: Any, period: Any, codes: dict[str, dict[str, int]]) -> Any:
    if one["field"] == "flag":
        return row(f"flag_{one['in'][0]}", period)
    if one["field"] == "programme":
        return np.isin(row("programme", period), [codes["programme"].get(name, -1) for name in one["in"]])
    if one["field"] == "age":  # grows on 1 August
        value = period.start.year - row("birth", period) // 100 - (period.start.month < AUGUST // 100)
    else:
        value = row(one["field"], period)
    return (value >= one["low"]) & (value <= one["high"])


def number_of(place: int, rule: str) -> Any:
    """Return the formula of how many elever a unit has in a category in a month."""

    def formula(unit: Any, period: Any) -> Any:
        return unit.sum(unit.members(f"on_{rule}", period) & unit.members(f"in_{place}", period))

    return formula


def ore(rules: dict[str, Any]) -> Any:
    """Return the formula of a unit's öre: elever over twelve months × price ÷ 12, each product rounded half up."""
    prices = np.array(rules["prices"], np.int64)  # by category, step, recipient; 0: no price

    def formula(unit: Any, period: Any) -> Any:
        recipient = unit("recipient", period)
        total = np.zeros(unit.count, np.int64)
        for place in range(len(rules["categories"])):
            months = [unit(f"n_{place}", month) for month in period.get_subperiods(periods.MONTH)]
            yearly = np.sum(months, axis=0, dtype=np.int64)
            for step in range(prices.shape[1]):
                exact = yearly * prices[place, step][recipient]
                total += np.sign(exact) * ((2 * abs(exact) + 12) // 24)
        return total

    return formula


def loaded(rules: dict[str, Any], database: Path) -> dict[str, Any]:
    """Return the rows of the register as columns."""
    connection = sqlite3.connect(database)
    cursor = connection.execute(ROWS, (rules["kommun"], rules["batch"]))
    columns = dict(zip(COLUMNS, zip(*cursor.fetchall(), strict=True), strict=True))
    connection.close()
    return columns


def simulate(rules: dict[str, Any], columns: dict[str, Any]) -> tuple[Any, Any]:
    """Return a simulation over the rows, and the ids of the units."""
    coded = {
        name: np.unique(np.array(columns[name]), return_inverse=True) for name in ("verksamhet", "programme", "enhet")
    }
    codes = {name: {str(one): place for place, one in enumerate(values)} for name, (values, _) in coded.items()}
    spells: dict[tuple[str, str], int] = {}
    groups = [spells.setdefault(one, len(spells)) for one in zip(columns["elev"], columns["verksamhet"], strict=True)]
    builder = Builder()
    made = system(rules, codes)
    builder.create_entities(made)
    builder.declare_person_entity("rad", np.arange(len(groups)))
    enhet_ids, enhet = coded["enhet"]
    for name, members, count in (
        ("enhet", enhet, len(enhet_ids)),
        ("elev_i_verksamhet", np.array(groups), len(spells)),
    ):
        population = builder.declare_entity(name, np.arange(count))
        population.members_entity_id = members
    simulation = builder.build(made)
    own = np.array([rules["recipients"][str(one)] == 0 for one in enhet_ids])
    given = {name: np.array(columns[name]) for name in ("arskurs", "birth", "hours", "first", "after")}
    given |= {"verksamhet": coded["verksamhet"][1], "programme": coded["programme"][1], "enhet_code": enhet}
    given |= {f"flag_{name}": np.array([name in one.split(",") for one in columns["flags"]]) for name in rules["flags"]}
    given |= {"ours": np.array(columns["home"], bool) | own[enhet]}
    given |= {"recipient": np.array([rules["recipients"][str(one)] for one in enhet_ids])}
    for name, values in given.items():
        simulation.set_input(name, periods.ETERNITY, values)
    return simulation, enhet_ids


def main(rules_file: Path, database: Path, out: Path) -> None:
    """Compute, write counts and öre for the benchmark to compare, and print seconds and memory."""
    rules = json.loads(rules_file.read_text("utf-8"))
    began = perf_counter()
    columns = loaded(rules, database)
    read = perf_counter() - began
    simulation, enhet_ids = simulate(rules, columns)
    amounts = simulation.calculate("ore", str(rules["year"]))
    months = [f"{rules['year']}-{month:02d}" for month in range(1, 13)]
    counts = [[simulation.calculate(f"n_{c}", month) for month in months] for c in range(len(rules["categories"]))]
    seconds = perf_counter() - began
    status = Path("/proc/self/status").read_text("ascii")
    peak = next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:"))
    np.savez(out, enhet=enhet_ids, counts=np.array(counts, np.int64), ore=amounts.astype(np.int64))
    print(json.dumps({"seconds": seconds, "read": read, "mb": peak}))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
