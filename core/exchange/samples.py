"""A small filled file of each kind, invented throughout, which passes its own import.

The cells are texts as a person would type them. The other kinds refer to the units of the first;
``SAMPLE_ENHET_IDS`` are those.
"""

from __future__ import annotations

from itertools import product

_MONTHS = tuple(f"2026-{number:02d}" for number in range(1, 13))

_UNITS = (
    (
        "F001",
        "",
        "Provförskolan Tallrisa",
        "forskola",
        "999900-9901",
        "Lindviks kommun",
        "kommunal",
        "9901",
        "Norra",
        "nej",
    ),
    (
        "F002",
        "",
        "Provförskolan Barrstigen",
        "forskola",
        "999900-9902",
        "Barrstigen AB",
        "enskild",
        "9901",
        "Södra",
        "ja",
    ),
    (
        "G001",
        "01234567",
        "Provskolan Kvistholma",
        "forskoleklass,grundskola,fritidshem",
        "999900-9901",
        "Lindviks kommun",
        "kommunal",
        "9901",
        "Norra",
        "nej",
    ),
    (
        "G002",
        "01234568",
        "Provskolan Strandhed",
        "grundskola",
        "999900-9903",
        "Strandmarks kommun",
        "kommunal",
        "9902",
        "",
        "",
    ),
    (
        "Y001",
        "01234569",
        "Provgymnasiet Lindvik",
        "gymnasieskola",
        "999900-9901",
        "Lindviks kommun",
        "kommunal",
        "9901",
        "Norra",
        "nej",
    ),
)
PROTECTED_ELEV = "prov-0008"
_PLACES = (("59,3121", "15,8804"), ("59,2977", "15,9011"), ("59,3140", "15,8790"), ("", ""), ("59,3093", "15,8866"))

_ENROLMENTS = (
    # elev, enhet, verksamhet, arskurs, fodelsemanad, timmar, kallkategori, program, grupp, flaggor, hemkommun, …
    ("prov-0001", "F001", "forskola", "", "2021-03", "22,5", "", "", "Blåbäret", "", "9901", "", "2025-08-18", "", ""),
    (
        "prov-0002",
        "F001",
        "forskola",
        "",
        "2022-11",
        "15",
        "15T",
        "",
        "Blåbäret",
        "",
        "9901",
        "",
        "2025-09-01",
        "2026-05-31",
        "",
    ),
    (
        "prov-0003",
        "F002",
        "forskola",
        "",
        "2020-06",
        "38,75",
        "",
        "",
        "",
        "",
        "9902",
        "kommunens_val",
        "2025-01-01",
        "",
        "",
    ),
    ("prov-0004", "G001", "forskoleklass", "F", "2019-05", "", "", "", "FA", "", "9901", "", "2025-08-18", "", ""),
    ("prov-0004", "G001", "fritidshem", "", "2019-05", "18", "", "", "Solen", "", "9901", "", "2025-08-18", "", ""),
    (
        "prov-0005",
        "G001",
        "grundskola",
        "4",
        "2015-12",
        "",
        "",
        "",
        "4A",
        "nyanland,svenska_som_andrasprak",
        "9901",
        "",
        "2024-08-19",
        "",
        "K-1042",
    ),
    (
        "prov-0006",
        "G001",
        "grundskola",
        "7",
        "2012-01",
        "",
        "",
        "",
        "7B",
        "delad_placering",
        "9901",
        "",
        "2025-08-18",
        "2026-06-12",
        "",
    ),
    (
        "prov-0006",
        "G002",
        "grundskola",
        "7",
        "2012-01",
        "",
        "",
        "",
        "7C",
        "delad_placering",
        "9901",
        "",
        "2025-08-18",
        "2026-06-12",
        "",
    ),
    ("prov-0007", "Y001", "gymnasieskola", "1", "2009-08", "", "", "NA", "NA25", "", "9901", "", "2025-08-18", "", ""),
    (
        "prov-0008",
        "Y001",
        "gymnasieskola",
        "2",
        "2008-02",
        "",
        "",
        "VO",
        "VO24",
        "",
        "9903",
        "samverkansavtal",
        "2024-08-19",
        "",
        "",
    ),
)


def _units() -> list[tuple[str, ...]]:
    return [(*unit, *place, "2020-01-01", "") for unit, place in zip(_UNITS, _PLACES, strict=True)]


def _enrolments() -> list[tuple[str, ...]]:
    """Return the rows with the elev's protection last; most have none."""
    return [(*row, "sekretessmarkering" if row[0] == PROTECTED_ELEV else "") for row in _ENROLMENTS]


def _index() -> list[tuple[str, ...]]:
    facts = ("socioekonomi", "Provkällan", "2025:1", "2026", "hogre_mer", "100", "elev", "nej")
    return [(*facts, enhet, value) for enhet, value in (("G001", "112,5"), ("G002", "87,4"))]


def _planned_counts() -> list[tuple[str, ...]]:
    groups = (
        ("F001", "forskola", "", "2021-03", "22,5", "", "", "", "48"),
        ("G001", "grundskola", "4", "", "", "", "", "", "52"),
        ("Y001", "gymnasieskola", "1", "", "", "", "NA", "", "31"),
    )
    return [(*group[:-1], month, group[-1]) for group, month in product(groups, _MONTHS)]


def _given_amounts() -> list[tuple[str, ...]]:
    return [("tillaggsbelopp.grundskola", "G001", "grundskola", month, "3", "48250,50") for month in _MONTHS]


_CASE_AMOUNTS = (
    ("tillaggsbelopp", "TB-2026-0117", "prov-0005", "G001", "grundskola", "2026-01-01", "2026-06-30", "18500"),
    ("tillaggsbelopp", "TB-2026-0117", "prov-0005", "G001", "grundskola", "2026-07-01", "2026-12-31", "12250,50"),
    ("tillaggsbelopp", "TB-2026-0204", "prov-0003", "F002", "forskola", "2026-02-01", "", "9400"),
)
_STAFF = (
    ("G001", "grundskola", "lärare", "2026-10-15", "12,75", "41300"),
    ("G001", "grundskola", "elevassistent", "2026-10-15", "3,5", "29150,50"),
    ("F001", "forskola", "förskollärare", "2026-10-15", "6", ""),
)
_PREMISES = (
    ("G001", "", "4210,5", "6315000", "2024-01-01", ""),
    ("F001", "forskola", "640", "1088000", "2024-01-01", "2026-06-30"),
    ("F001", "forskola", "655", "1113500,50", "2026-07-01", ""),
)

_SUCCESSIONS = (
    ("F001", "F002", "2026-08-01", "1"),
    ("G001", "G001", "2026-08-01", "0,6"),
    ("G001", "G002", "2026-08-01", "0,4"),
    ("", "Y001", "2026-08-01", "1"),
)

SAMPLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "units": tuple(_units()),
    "enrolments": tuple(_enrolments()),
    "index": tuple(_index()),
    "planned_counts": tuple(_planned_counts()),
    "given_amounts": tuple(_given_amounts()),
    "successions": _SUCCESSIONS,
    "case_amounts": _CASE_AMOUNTS,
    "staff": _STAFF,
    "premises": _PREMISES,
}
"""Rows of texts by kind, in the order of the contract's columns."""

SAMPLE_ENHET_IDS = frozenset(unit[0] for unit in _UNITS)
