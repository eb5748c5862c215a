"""Every fault has a specimen, and its Swedish text is read here."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter

from core.exchange import CONTRACTS, FAULTS
from tests.support.cases import cases
from tests.support.deliveries import csv_of, deliver, enrolment

if TYPE_CHECKING:
    from pathlib import Path

SPECIMENS = cases("exchange/faults")
STAFF = csv_of("staff", ["G001", "grundskola", "lärare", "2026-10-15", "12,75", "41300"])


def workbook(rows: list[list[object]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return target.getvalue()


def staff_sheet(*cells: object) -> bytes:
    return workbook([[column.header for column in CONTRACTS["staff"].columns], [*cells]])


def scattered_sheet() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "enhet")
        sheet.write(1_048_575, 16_383, "långt bort")
    return target.getvalue()


UNREADABLE: dict[str, tuple[str, bytes, str]] = {
    "file-empty": ("fil.csv", b"", "fil.csv: Filen är tom. Förväntat: en rubrikrad och minst en rad under den."),
    "file-unreadable": (
        "fil.csv",
        STAFF.encode("utf-16"),
        (
            "fil.csv: Filen går inte att läsa: den är sparad som UTF-16 (”Unicode-text”). "
            "Förväntat: en fil sparad som ”CSV UTF-8 (kommaavgränsad)” eller som Excel-arbetsbok (.xlsx)."
        ),
    ),
    "file-too-large": (
        "fil.xlsx",
        scattered_sheet(),
        (
            "fil.xlsx: Kalkylfilen är för stor att packa upp: cellerna sträcker sig över 16384 kolumner "
            "och 1048576 rader. Förväntat: en kalkylfil med en tabell per blad; spara stora uttag som CSV."
        ),
    ),
    "line-too-long": (
        "fil.csv",
        STAFF.encode() + b"x" * 3_000_000,
        (
            "fil.csv, rad 3: Här börjar en rad eller cell som är längre än 1048576 tecken; resten av filen "
            "är inte läst. Förväntat: en rad per uppgift, avslutad med radbrytning."
        ),
    ),
    "columns-too-many": (
        "fil.csv",
        b";".join(b"x%d" % number for number in range(501)) + b"\n1\n",
        ("fil.csv, rad 1: Rubrikraden har 501 kolumner. Förväntat: högst 500 kolumner, en för varje uppgift."),
    ),
    "encoding-mixed": (
        "fil.csv",
        STAFF.encode() + "G001;grundskola;förskollärare;2026-10-15;1;1\n".encode("cp1252"),
        (
            "fil.csv, rad 3: Filen börjar som UTF-8 men har på den här raden tecken i en annan kodning (byte F6). "
            "Förväntat: en fil sparad som ”CSV UTF-8 (kommaavgränsad)” eller som Excel-arbetsbok (.xlsx)."
        ),
    ),
    "encoding-unreadable": (
        "fil.csv",
        STAFF.encode("cp1252") + b"\x81\x8d\n",
        (
            "fil.csv: Filens teckenkodning känns inte igen (varken UTF-8 eller Windows-1252). "
            "Förväntat: en fil sparad som ”CSV UTF-8 (kommaavgränsad)” eller som Excel-arbetsbok (.xlsx)."
        ),
    ),
    "code-is-number": (
        "fil.xlsx",
        staff_sheet(1, "grundskola", "lärare", "2026-10-15", 12.75),
        (
            "fil.xlsx, rad 2, kolumn enhet: Cellen ”1” är ett tal, men kolumnen innehåller koder; inledande nollor "
            "kan ha försvunnit. Förväntat: id för en enhet i enhetsregistret, till exempel G001, i en cell "
            "formaterad som text."
        ),
    ),
    "cell-is-error": (
        "fil.xlsx",
        staff_sheet("G001", "grundskola", "#REF!", "2026-10-15", 12.75),
        (
            "fil.xlsx, rad 2, kolumn yrkesgrupp: Cellen visar ett formelfel eller ett värde av fel slag: ”#REF!”. "
            "Förväntat: text på en rad, högst 500 tecken, till exempel lärare."
        ),
    ),
}


@pytest.mark.parametrize("case", SPECIMENS, ids=lambda case: case["name"])
def test_a_specimen_gives_its_fault_in_plain_swedish(case: dict[str, Any], tmp_path: Path) -> None:
    header = case.get("header") or csv_of(case["kind"]).strip()
    delivered = deliver(tmp_path, case["kind"], "\n".join([header, *case["rows"], ""]))

    assert delivered.faults == [tuple(case["expect"])]
    assert delivered.messages == [case["text"]]


@pytest.mark.parametrize("code", UNREADABLE)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(code: str, tmp_path: Path) -> None:
    name, content, text = UNREADABLE[code]
    delivered = deliver(tmp_path, "staff", content, name=name)

    assert [issue.code for issue in delivered.found.issues] == [code]
    assert delivered.messages == [text]


def test_every_kind_of_fault_has_a_specimen() -> None:
    assert {case["expect"][2] for case in SPECIMENS} | set(UNREADABLE) == set(FAULTS)


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    delivered = deliver(
        tmp_path,
        "enrolments",
        csv_of(
            "enrolments",
            enrolment(enhet="X9", hemkommun="99"),
            enrolment(elev="prov-2"),
            enrolment(elev="prov-3", fodelsemanad="2015-3", fran_och_med="igår"),
        ),
    )

    assert delivered.faults == [
        (2, "enhet", "unit-unknown"),
        (2, "hemkommun", "code-malformed"),
        (4, "fodelsemanad", "month-malformed"),
        (4, "fran_och_med", "date-malformed"),
    ]
    assert [row["row"] for row in delivered.rows] == [3]


def test_faults_in_the_rows_are_told_even_when_a_column_is_missing(tmp_path: Path) -> None:
    delivered = deliver(tmp_path, "staff", "enhet;verksamhet;yrkesgrupp;matdag\nX9;grundskola;lärare;2026-10-15\n")

    assert delivered.faults == [(1, "heltidstjanster", "column-missing"), (2, "enhet", "unit-unknown")]
    assert delivered.rows == []


def test_the_first_thousand_of_each_kind_are_kept_and_the_rest_counted(tmp_path: Path) -> None:
    rows = [enrolment(elev=f"prov-{number}", hemkommun="99") for number in range(1500)]
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", *rows, enrolment(enhet="X9")))

    assert delivered.found.counts == {"code-malformed": 1500, "unit-unknown": 1}
    assert delivered.found.error_count == 1501
    assert len(delivered.found.issues) == 1001
    assert delivered.faults[999] == (1001, "hemkommun", "code-malformed")


def test_a_fault_in_the_elev_column_never_shows_the_elev(tmp_path: Path) -> None:
    long_identity = "20150317-2384 " * 10
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment(elev=long_identity)))

    assert delivered.faults == [(2, "elev", "cell-too-long")]
    assert "2384" not in delivered.messages[0]
    assert delivered.found.issues[0].found == "(visas inte)"


def test_what_looks_like_a_personnummer_is_not_shown_in_any_column(tmp_path: Path) -> None:
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment(fodelsemanad="150317-2384")))

    assert delivered.faults == [(2, "fodelsemanad", "month-malformed")]
    assert "2384" not in delivered.messages[0]
