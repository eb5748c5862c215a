"""Write every file of Lindvik: the same bytes every time, in the order they were delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import BatchMode, year_range
from core.settings import PROJECT_FOLDER
from core.usecases.demo import enrolment_files, planned, resources, support, unit_files
from core.usecases.demo.dates import YEARS
from core.usecases.demo.files import DemoFile, write_csv
from core.usecases.demo.register import build_register
from core.usecases.demo.units import read_units

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from core.usecases.demo.register import Register

DATA = PROJECT_FOLDER / "data" / "demo"
_REGISTRAR = "Elevregistret, Lindviks kommun"
_FINANCE = "Ekonomienheten, Lindviks kommun"


def generate(folder: Path) -> list[DemoFile]:
    """Write the demo's files into ``folder`` and return them in the order to import."""
    folder.mkdir(parents=True, exist_ok=True)
    register = build_register(read_units(DATA))
    files = [_unit_file(folder, register, year) for year in YEARS]
    files += [_enrolment_file(folder, register, delivery) for delivery in enrolment_files.deliveries()]
    for year in YEARS:
        files += _yearly_files(folder, register, year)
    return files


def _unit_file(folder: Path, register: Register, year: int) -> DemoFile:
    rows = unit_files.unit_rows(register.units, year)
    return _yearly(folder, "units", f"enheter_{year}.csv", (unit_files.UNIT_HEADERS, rows), year)


def _yearly_files(folder: Path, register: Register, year: int) -> Iterator[DemoFile]:
    contents = {
        ("index", "socioekonomi"): (unit_files.INDEX_HEADERS, unit_files.index_rows(register.units, year)),
        ("planned_counts", "planerat_antal"): (planned.HEADERS, planned.planned_rows(register, year)),
        ("given_amounts", "individuellt_stod"): (support.HEADERS, support.support_rows(register, year)),
        ("staff", "personal"): (resources.STAFF_HEADERS, resources.staff_rows(register, year)),
        ("premises", "lokaler"): (resources.PREMISES_HEADERS, resources.premises_rows(register, year)),
    }
    for (kind, name), table in contents.items():
        yield _yearly(folder, kind, f"{name}_{year}.csv", table, year)


def _yearly(
    folder: Path, kind: str, name: str, table: tuple[Sequence[str], Iterable[Sequence[str]]], year: int
) -> DemoFile:
    path, period = folder / name, year_range(year)
    rows = write_csv(path, *table)
    period_to = period.valid_to or period.valid_from
    total = str(rows) if kind == "units" else None  # the others are sent without a total of their own
    return DemoFile(kind, path, period.valid_from, period_to, BatchMode.SNAPSHOT, _FINANCE, total)


def _enrolment_file(folder: Path, register: Register, delivery: enrolment_files.Delivery) -> DemoFile:
    """Write one delivery; the deliverer's total counts what the file should hold, also what was left out."""
    spells = enrolment_files.spells_of(register, delivery)
    path = folder / delivery.name
    write_csv(path, enrolment_files.HEADERS, enrolment_files.rows_of(spells, delivery))
    return DemoFile(
        "enrolments", path, delivery.period_from, delivery.period_to, BatchMode.SNAPSHOT, _REGISTRAR, str(len(spells))
    )
