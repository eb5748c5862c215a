"""A made-up register of any size: the same rows every time, with moves, läsår and hour bands.

Of 100 000 elever come about 180 000 rows: förskola, förskoleklass to årskurs 9 with a new row when
the läsår turns, fritidshem beside it, gymnasieskola.
"""

from __future__ import annotations

import random
from datetime import date
from typing import TYPE_CHECKING

from core.store import KommunRecord, NewBatch, write_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.bootstrap import App

YEAR = 2026
LASAR = date(YEAR, 8, 12).isoformat()
START, END = date(YEAR - 1, 8, 12).isoformat(), None
ENROLMENT_COLUMNS = (
    "kommun", "batch", "row", "elev", "enhet", "verksamhet", "arskurs", "birth_month", "hours", "source_category",
    "programme", "group_name", "flags", "hemkommun", "ground", "valid_from", "valid_to", "row_hash",
)  # fmt: skip
UNIT_COLUMNS = (
    "kommun", "batch", "row", "enhet", "skolenhetskod", "name", "verksamheter", "huvudman", "huvudman_name",
    "huvudmannatyp", "lageskommun", "omrade", "landsbygd", "latitude", "longitude", "valid_from", "valid_to",
)  # fmt: skip
PROGRAMMES = ("NA", "TE", "SA", "EK", "BF", "VO", "EE", "IM")


def unit_rows(kommun: str, batch: int, units: int) -> Iterator[tuple[object, ...]]:
    """Yield units: a third förskolor, the rest grundskolor with fritidshem, a tenth gymnasieskolor; a fifth enskilda."""
    for place in range(units):
        kind = _kind(place)
        private = place % 5 == 4
        yield (
            kommun, batch, place + 2, f"E{place:05d}", None, f"Enhet {place}", kind,
            f"999000-{place:04d}" if private else f"{kommun}00-0000", "Huvudman", "enskild" if private else "kommunal",
            kommun, None, place % 7 == 0, None, None, date(2020, 1, 1).isoformat(), None,
        )  # fmt: skip


def _kind(place: int) -> str:
    if place % 10 < 4:
        return "forskola"
    return "gymnasieskola" if place % 10 == 9 else "fritidshem,forskoleklass,grundskola"


def enrolment_rows(kommun: str, batch: int, elever: int, units: int, seed: int = 1) -> Iterator[tuple[object, ...]]:
    """Yield register rows of ``elever`` elever spread over ``units`` units."""
    draw = random.Random(f"{seed}-{kommun}")
    places = {name: [p for p in range(units) if _kind(p).startswith(name)] for name in ("forskola", "frit", "gymn")}
    row = 2
    for number in range(elever):
        elev = f"{number:020x}"
        for enhet, verksamhet, arskurs, birth, hours, programme, start, end in _spells(draw, places):
            yield (
                kommun, batch, row, elev, f"E{enhet:05d}", verksamhet, arskurs, birth, hours, None, programme, None,
                "modersmal" if number % 9 == 0 else "", kommun, None, start, end, draw.getrandbits(48),
            )  # fmt: skip
            row += 1


def _spells(draw: random.Random, places: dict[str, list[int]]) -> Iterator[tuple[object, ...]]:
    age = draw.random() * 17
    if age < 3.5:
        birth = (YEAR - 2 - int(age)) * 100 + draw.randint(1, 12)
        hours = draw.choice((1500, 2500, 3000, 4000))
        yield draw.choice(places["forskola"]), "forskola", None, birth, hours, None, START, END
    elif age < 14:
        yield from _grundskola(draw, places["frit"], int(age - 3.5))
    else:
        yield from _gymnasieskola(draw, places["gymn"], int(age - 13))


def _grundskola(draw: random.Random, places: list[int], level: int) -> Iterator[tuple[object, ...]]:
    unit, birth = draw.choice(places), (YEAR - 7 - level) * 100 + draw.randint(1, 12)
    then = unit if draw.random() < 0.95 else draw.choice(places)
    now, following = ("F" if level == 0 else str(level)), str(min(level + 1, 9))
    verksamhet = "forskoleklass" if level == 0 else "grundskola"
    if draw.random() < 0.72:
        yield unit, verksamhet, now, birth, None, None, START, LASAR
        yield then, "grundskola", following, birth, None, None, LASAR, END
    else:
        yield unit, verksamhet, now, birth, None, None, START, END
    if level < 4:
        yield unit, "fritidshem", now, birth, None, None, START, END


def _gymnasieskola(draw: random.Random, places: list[int], level: int) -> Iterator[tuple[object, ...]]:
    unit, birth, programme = draw.choice(places), (YEAR - 17 - level) * 100 + draw.randint(1, 12), draw.choice(PROGRAMMES)
    yield unit, "gymnasieskola", str(level), birth, None, programme, START, LASAR
    if level < 3:
        yield unit, "gymnasieskola", str(level + 1), birth, None, programme, LASAR, END


def fill(app: App, kommun: str, elever: int, units: int) -> int:
    """Store a kommun, its units, index and register as accepted batches; return the number of register rows."""
    with app.writing() as work:
        work.kommuner.add(KommunRecord(kommun, f"Kommun {kommun}", f"{kommun}00-0000"))
        numbers = {}
        for kind in ("units", "enrolments", "index"):
            numbers[kind] = work.batches.receive(
                NewBatch(
                    kommun=kommun, kind=kind, period_from=date(YEAR, 1, 1), period_to=date(YEAR + 1, 1, 1), mode="snapshot",
                    delivered_by="bench", file_name=f"{kind}.csv", sha256=f"{kommun}-{kind}", received_at=app.clock(),
                )
            )  # fmt: skip
        write_rows(work.connection, "unit", UNIT_COLUMNS, unit_rows(kommun, numbers["units"], units))
        rows = list(enrolment_rows(kommun, numbers["enrolments"], elever, units))
        write_rows(work.connection, "enrolment", ENROLMENT_COLUMNS, rows)
        index = ((kommun, numbers["index"], p + 2, "socioekonomi", f"E{p:05d}", 60 + p % 130, 1) for p in range(units))
        write_rows(
            work.connection, "index_value", ("kommun", "batch", "row", "index_name", "enhet", "value_num", "value_den"), index
        )
        for number in numbers.values():
            work.batches.finish(kommun, number, row_count=1, our_total=None, meta="{}")
            work.batches.move(kommun, number, _accepted(), app.clock(), "bench")
        work.commit()
    return len(rows)


def _accepted() -> object:
    from core.base import BatchState  # noqa: PLC0415 - beside its only use

    return BatchState.ACCEPTED
