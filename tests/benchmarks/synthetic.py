"""A made-up kommun of any size: the same rows every time, with moves, läsår and hour bands.

Of 100 000 elever come about 180 000 rows: förskola, förskoleklass to årskurs 9 with a new row when
the läsår turns, fritidshem beside it, gymnasieskola. One in ten comes or goes in the year; one in
fifty lives elsewhere. Rules and prices are Lindvik's.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.access import Actor, Grant
from core.base import BatchState, sha256
from core.store import KommunRecord, ModelRecord, NewBatch, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.store import UnitOfWork
    from core.usecases.context import App

YEAR = 2026
MODEL = Path(__file__).parents[2] / "data" / "models" / "lindvik" / f"{YEAR}.yaml"
LASAR = date(YEAR, 8, 12).isoformat()
START, END = date(YEAR - 1, 8, 12).isoformat(), None
PROGRAMMES = ("NA", "TE", "SA", "EK", "BF", "VO", "EE", "IM")
COLUMNS = {
    "unit": (
        "kommun", "batch", "row", "enhet", "skolenhetskod", "name", "verksamheter", "huvudman", "huvudman_name",
        "huvudmannatyp", "lageskommun", "omrade", "landsbygd", "latitude", "longitude", "valid_from", "valid_to",
    ),
    "enrolment": (
        "kommun", "batch", "row", "elev", "enhet", "verksamhet", "arskurs", "birth_month", "hours", "source_category",
        "programme", "group_name", "flags", "hemkommun", "ground", "valid_from", "valid_to", "row_hash",
    ),
    "planned_count": (
        "kommun", "batch", "row", "enhet", "verksamhet", "arskurs", "birth_month", "hours", "source_category",
        "programme", "flags", "month", "n", "row_hash",
    ),
    "index_value": ("kommun", "batch", "row", "index_name", "enhet", "value_num", "value_den"),
    "given_amount": ("kommun", "batch", "row", "step", "enhet", "verksamhet", "month", "decisions", "amount_ore"),
}  # fmt: skip
TABLES = {
    "units": "unit",
    "enrolments": "enrolment",
    "planned_counts": "planned_count",
    "index": "index_value",
    "given_amounts": "given_amount",
}
Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """A made-up kommun. ``elsewhere``: how many of its elever's units lie in, and belong to, other kommuner."""

    kommun: str
    elever: int
    units: int
    elsewhere: int = 0


def unit_rows(town: Town, batch: int) -> Iterator[Row]:
    """Yield units: four in ten förskolor, half grundskolor with fritidshem, a tenth gymnasieskolor; a fifth private."""
    for place in range(town.units + town.elsewhere):
        away = place >= town.units
        private = away or place % 5 == 4
        yield (
            town.kommun, batch, place + 2, f"E{place:05d}", None, f"Enhet {place}", _kind(place),
            f"999000-{place:04d}" if private else f"{town.kommun}00-0000", "Huvudman",
            "enskild" if private else "kommunal", "9999" if away else town.kommun, None, place % 7 == 0, None, None,
            date(2020, 1, 1).isoformat(), None,
        )  # fmt: skip


def _kind(place: int) -> str:
    if place % 10 < 4:
        return "forskola"
    return "gymnasieskola" if place % 10 == 9 else "fritidshem,forskoleklass,grundskola"


def enrolment_rows(town: Town, batch: int, seed: int = 1) -> Iterator[Row]:
    """Yield register rows of the town's elever spread over its units."""
    draw = random.Random(f"{seed}-{town.kommun}")
    units = range(town.units + town.elsewhere)
    places = {name: [p for p in units if _kind(p).startswith(name)] for name in ("forskola", "frit", "gymn")}
    row = 2
    for number in range(town.elever):
        elev, home = f"{number:020x}", "9998" if number % 50 == 7 else town.kommun
        changes = number % 10 == 0
        for enhet, verksamhet, arskurs, birth, hours, programme, start, end in _spells(draw, places):
            first, after = _changed(draw, start, end) if changes else (start, end)
            yield (
                town.kommun, batch, row, elev, f"E{enhet:05d}", verksamhet, arskurs, birth, hours, None, programme,
                None, _flags(number), home, None, first, after, draw.getrandbits(48),
            )  # fmt: skip
            row += 1


def _flags(number: int) -> str:
    return ",".join(name for name, every in (("modersmal", 9), ("nyanland", 25)) if number % every == 0)


def _changed(draw: random.Random, start: str, end: str | None) -> tuple[str, str | None]:
    """Let a row that began last autumn begin in the spring instead, or one without end stop in the autumn."""
    if start == START:
        return (date(YEAR, 1, 1) + timedelta(days=draw.randrange(140))).isoformat(), end
    return start, end or (date(YEAR, 9, 1) + timedelta(days=draw.randrange(120))).isoformat()


def _spells(draw: random.Random, places: dict[str, list[int]]) -> Iterator[Row]:
    age = draw.random() * 17
    if age < 3.5:
        birth = (YEAR - 2 - int(age)) * 100 + draw.randint(1, 12)
        hours = draw.choice((1500, 2500, 3000, 4000))
        yield draw.choice(places["forskola"]), "forskola", None, birth, hours, None, START, END
    elif age < 14:
        yield from _grundskola(draw, places["frit"], min(int(age - 3.5), 9))
    else:
        yield from _gymnasieskola(draw, places["gymn"], int(age - 13))


def _grundskola(draw: random.Random, places: list[int], level: int) -> Iterator[Row]:
    unit, birth = draw.choice(places), (YEAR - 7 - level) * 100 + draw.randint(1, 12)
    then = unit if draw.random() < 0.95 else draw.choice(places)
    now, following = ("F" if level == 0 else str(level)), str(min(level + 1, 9))
    verksamhet = "forskoleklass" if level == 0 else "grundskola"
    if draw.random() < 0.72:
        yield unit, verksamhet, now, birth, None, None, START, LASAR
        yield then, "grundskola", following, birth, None, None, LASAR, END
    else:
        yield unit, verksamhet, now, birth, None, None, START, END
    if level < 6 and draw.random() < 0.67:
        yield unit, "fritidshem", now, birth, None, None, START, END


def _gymnasieskola(draw: random.Random, places: list[int], level: int) -> Iterator[Row]:
    unit, birth, programme = (
        draw.choice(places),
        (YEAR - 17 - level) * 100 + draw.randint(1, 12),
        draw.choice(PROGRAMMES),
    )
    yield unit, "gymnasieskola", str(level), birth, None, programme, START, LASAR
    if level < 3:
        yield unit, "gymnasieskola", str(level + 1), birth, None, programme, LASAR, END


def planned_rows(town: Town, batch: int, enrolments: Iterable[Row]) -> Iterator[Row]:
    """Yield a plan by month: a little more than who was enrolled in February, then in October, by unit and årskurs."""
    spring, autumn = f"{YEAR}-02-15", f"{YEAR}-10-15"
    counted: dict[str, Counter[Row]] = {spring: Counter(), autumn: Counter()}
    for row in enrolments:
        born = row[7] // 100 * 100 + 6 if row[5] == "forskola" else None
        for day, found in counted.items():
            if row[15] <= day and (row[16] is None or day < row[16]):
                found[row[4], row[5], row[6], born, row[8], row[9], row[10], ""] += 1
    number = 2
    for month in range(1, 13):
        for key, n in sorted(counted[spring if month < 7 else autumn].items(), key=lambda one: str(one[0])):
            yield town.kommun, batch, number, *key, YEAR * 100 + month, n + (number % 7 == 0), number
            number += 1


def given_rows(town: Town, batch: int) -> Iterator[Row]:
    """Yield decided sums of individual support: every third unit of the town's own, each month."""
    number = 2
    for place in range(0, town.units, 3):
        verksamhet = _kind(place).split(",")[-1]
        for month in range(1, 13):
            amount = 1_000_000 + place * 1_000
            yield (
                town.kommun,
                batch,
                number,
                "individuellt_stod",
                f"E{place:05d}",
                verksamhet,
                YEAR * 100 + month,
                2,
                amount,
            )
            number += 1


def index_rows(town: Town, batch: int) -> Iterator[Row]:
    """Yield an index value for every unit."""
    for place in range(town.units + town.elsewhere):
        yield town.kommun, batch, place + 2, "socioekonomi", f"E{place:05d}", 60 + place % 130, 1


def filler(kommun: str) -> Actor:
    """Return who fills a kommun: the unit of work reaches it and no other."""
    return Actor("bench", "Bench", (Grant("controller", "kommun", kommun, kommun),))


def fill(app: App, town: Town) -> int:
    """Store a kommun, its model and everything a run needs, as accepted batches; return the number of register rows."""
    with app.writing(filler(town.kommun)) as work:
        work.kommuner.add(KommunRecord(town.kommun, f"Kommun {town.kommun}", f"{town.kommun}00-0000"))
        batch = {kind: _accepted(work, app, town, kind) for kind in (*TABLES, "model")}
        enrolments = list(enrolment_rows(town, batch["enrolments"]))
        rows: dict[str, Iterable[Row]] = {
            "units": unit_rows(town, batch["units"]),
            "enrolments": enrolments,
            "planned_counts": planned_rows(town, batch["planned_counts"], enrolments),
            "index": index_rows(town, batch["index"]),
            "given_amounts": given_rows(town, batch["given_amounts"]),
        }
        for kind, table in TABLES.items():
            write_rows(work.connection, table, COLUMNS[table], rows[kind])
        text = MODEL.read_text("utf-8").replace('kommun: "9901"', f'kommun: "{town.kommun}"')
        state = BatchState.ACCEPTED.value
        work.models.add(ModelRecord(town.kommun, YEAR, 1, f"lindvik-{YEAR}", text, sha256(text), state, batch["model"]))
        work.commit()
    return len(enrolments)


def _accepted(work: UnitOfWork, app: App, town: Town, kind: str) -> int:
    new = NewBatch(
        kommun=town.kommun, kind=kind, period_from=date(YEAR, 1, 1), period_to=date(YEAR + 1, 1, 1), mode="snapshot",
        delivered_by="bench", file_name=f"{kind}.csv", sha256=f"{town.kommun}-{kind}", received_at=app.clock(),
    )  # fmt: skip
    number = work.batches.receive(new)
    work.batches.finish(town.kommun, number, row_count=1, our_total=None, meta="{}")
    work.batches.move(town.kommun, number, BatchState.ACCEPTED, app.clock(), "bench")
    return number
