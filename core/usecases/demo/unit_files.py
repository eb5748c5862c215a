"""The unit register and the two socioeconomic indexes, written out of the table of units."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.base import Verksamhet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.usecases.demo.units import DemoUnits

UNIT_HEADERS = (
    "enhet", "skolenhetskod", "namn", "verksamheter", "huvudman", "huvudmannens_namn", "huvudmannatyp", "lageskommun",
    "omrade", "landsbygd", "latitud", "longitud", "fran_och_med", "till_och_med",
)  # fmt: skip
INDEX_HEADERS = ("index", "kalla", "version", "ar", "riktning", "medel", "viktning", "publicerbar", "enhet", "varde")
GRUNDSKOLA_INDEX, FORSKOLA_INDEX = "socioekonomi", "socioekonomi_forskola"
_SOURCE = "Lindviks kommun, påhittat index efter vårdnadshavares utbildning, inkomst och invandringsår"


def unit_rows(units: DemoUnits, year: int) -> Iterator[tuple[str, ...]]:
    """Yield the units known in a year: a closing decided later is not told, a closed unit keeps its row."""
    for unit in units:
        if unit.opens > date(year, 12, 31):
            continue
        told = {
            **unit.row,
            "till_och_med": unit.row["till_och_med"] if unit.closes and unit.closes.year <= year else "",
        }
        yield tuple(told[header] for header in UNIT_HEADERS)


def index_rows(units: DemoUnits, year: int) -> Iterator[tuple[str, ...]]:
    """Yield both indexes of a year; a unit without value has no row. Values of förskolor may not be published."""
    for unit in units:
        forskola = unit.verksamheter[0] is Verksamhet.FORSKOLA
        if year in unit.index:
            name, publishable = (FORSKOLA_INDEX, "nej") if forskola else (GRUNDSKOLA_INDEX, "ja")
            value = str(unit.index[year])
            yield (
                name,
                _SOURCE,
                f"{year - 1}:1",
                str(year),
                "hogre_mer",
                "100",
                "elev",
                publishable,
                unit.enhet,
                value,
            )
