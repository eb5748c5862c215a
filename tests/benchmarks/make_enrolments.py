"""A register of any size, the same each time: ``python -m tests.benchmarks.make_enrolments 2000000 out.csv``.

As a register is delivered: unit by unit, most pupils of the early years with a place in
fritidshem as well, one in twenty with a flag, one in fifty from elsewhere, one in five with an end.
"""

from __future__ import annotations

import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from core.exchange import CONTRACTS

if TYPE_CHECKING:
    from collections.abc import Iterator

ENHETER = 1_100
ENHET_IDS = frozenset(f"E{number:04d}" for number in range(ENHETER))
GYMNASIUM_FROM = 900
LINES_AT_ONCE = 10_000
FILLED = 14  # the columns of each line; the contract's later ones are left empty


def lines(rows: int) -> Iterator[str]:
    """Yield ``rows`` lines of ``FILLED`` cells without their line break, the header not counted."""
    return islice(_all(max(rows * 10 // (18 * ENHETER), 1) + 1), rows)


def _all(per_enhet: int) -> Iterator[str]:
    person = 0
    for number in range(ENHETER):
        for place in range(per_enhet):
            person += 1
            yield from _places(f"reg{person:08d}", f"E{number:04d}", number >= GYMNASIUM_FROM, person, place)


def _places(elev: str, enhet: str, older: bool, person: int, place: int) -> Iterator[str]:  # noqa: FBT001 - private
    arskurs = place % 3 + 1 if older else place % 9 + 1
    born = f"{(2010 if older else 2019) - arskurs}-{person % 12 + 1:02d}"
    flag = "nyanland" if person % 20 == 0 else ""
    home, ground = ("9902", "onskemal") if person % 50 == 0 else ("9901", "")
    days = f"2025-08-{person % 28 + 1:02d};{f'2026-06-{person % 28 + 1:02d}' if person % 5 == 0 else ''}"
    group = f"{arskurs}{'ABC'[person % 3]}"
    verksamhet, programme = ("gymnasieskola", ("NA", "SA", "TE", "VO")[person % 4]) if older else ("grundskola", "")
    yield f"{elev};{enhet};{verksamhet};{arskurs};{born};;;{programme};{group};{flag};{home};{ground};{days}"
    if not older:
        yield f"{elev};{enhet};fritidshem;;{born};{'22,5' if person % 2 else '18'};;;{group};;{home};{ground};{days}"


def make(path: Path, rows: int, *, quoted: bool = False) -> None:
    """Write the file; ``quoted``: with quotation marks around each group, which closes the quick way of reading."""
    headers = [column.header for column in CONTRACTS["enrolments"].columns]
    header, left_empty = ";".join(headers), ";" * (len(headers) - FILLED)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(header.replace("grupp", '"grupp"') + "\r\n" if quoted else header + "\r\n")
        source = lines(rows)
        while some := list(islice(source, LINES_AT_ONCE)):
            file.write("".join(f"{line}{left_empty}\r\n" for line in some))


if __name__ == "__main__":
    make(Path(sys.argv[2]), int(sys.argv[1]))
