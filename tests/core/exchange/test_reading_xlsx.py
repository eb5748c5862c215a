from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from core.exchange import CONTRACTS, xlsx_guard
from core.exchange.xlsx_source import text_of
from tests.support.deliveries import deliver, enrolment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    Rows = Sequence[Sequence[object]]

STAFF = [column.header for column in CONTRACTS["staff"].columns]
ENROLMENTS = [column.header for column in CONTRACTS["enrolments"].columns]


def workbook(rows: Rows, *, first_row: int = 0, hidden_before: bool = False) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        if hidden_before:
            book.add_worksheet("Gömt").hide()
        sheet = book.add_worksheet("Data")
        if hidden_before:
            sheet.activate()
        sheet.set_first_sheet()
        clock = book.add_format({"num_format": "hh:mm"})
        for number, cells in enumerate(rows, first_row):
            for place, cell in enumerate(cells):
                if isinstance(cell, time):
                    sheet.write_datetime(number, place, cell, clock)
                else:
                    sheet.write(number, place, cell)
    return target.getvalue()


def staff(*cells: object) -> bytes:
    return workbook([STAFF, cells])


def test_numbers_and_dates_of_a_spreadsheet_are_read_as_they_are_shown(tmp_path: Path) -> None:
    content = staff("G001", "grundskola", "lärare", date(2026, 10, 15), 0.1 + 0.2, 41300)
    delivered = deliver(tmp_path, "staff", content, name="fil.xlsx")

    assert delivered.faults == []
    assert delivered.rows[0]["measured_on"] == "2026-10-15"
    assert delivered.rows[0]["fte_hundredths"] == 30
    assert delivered.rows[0]["monthly_pay_ore"] == 4_130_000


def test_text_in_a_spreadsheet_is_read_as_in_a_csv(tmp_path: Path) -> None:
    delivered = deliver(
        tmp_path, "staff", staff("G001", "grundskola", "lärare", "2026-10-15", "12,75", "41300"), name="fil.xlsx"
    )

    assert delivered.rows[0]["fte_hundredths"] == 1275


def test_a_number_is_taken_for_arskurs_but_not_for_codes_with_zeros_to_lose(tmp_path: Path) -> None:
    sound = enrolment()
    arskurs, hemkommun = ENROLMENTS.index("arskurs"), ENROLMENTS.index("hemkommun")
    first: list[object] = [*sound]
    first[arskurs] = 4
    second: list[object] = [*enrolment(elev="prov-2")]
    second[hemkommun] = 180
    delivered = deliver(tmp_path, "enrolments", workbook([ENROLMENTS, first, second]), name="fil.xlsx")

    assert delivered.rows[0]["arskurs"] == "4"
    assert delivered.faults == [(3, "hemkommun", "code-is-number")]


def test_an_elev_given_as_a_number_is_refused_without_being_shown(tmp_path: Path) -> None:
    row: list[object] = [*enrolment()]
    row[0] = 201203171234
    delivered = deliver(tmp_path, "enrolments", workbook([ENROLMENTS, row]), name="fil.xlsx")

    assert delivered.faults == [(2, "elev", "code-is-number")]
    assert "1234" not in delivered.messages[0]


def test_a_month_that_the_spreadsheet_made_a_date_is_still_a_month(tmp_path: Path) -> None:
    header = [column.header for column in CONTRACTS["given_amounts"].columns]
    rows: Rows = [
        header,
        ["stod", "G001", "grundskola", date(2026, 3, 1), 3, 100],
        ["stod", "G001", "grundskola", date(2026, 3, 2), 3, 100],
    ]
    delivered = deliver(tmp_path, "given_amounts", workbook(rows), name="fil.xlsx")

    assert delivered.rows[0]["month"] == 202603
    assert delivered.faults == [(3, "manad", "cell-is-error")]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (("G001", "grundskola", "lärare", 46310, 1, 1), (2, "matdag", "date-malformed")),
        (("G001", "grundskola", "lärare", datetime(2026, 10, 15, 8, 30), 1, 1), (2, "matdag", "date-malformed")),  # noqa: DTZ001
        (("G001", "grundskola", "lärare", "2026-10-15", True, 1), (2, "heltidstjanster", "cell-is-error")),
        (("G001", "grundskola", "lärare", "2026-10-15", time(8, 30), 1), (2, "heltidstjanster", "cell-is-error")),
        (("G001", "grundskola", date(2026, 1, 1), "2026-10-15", 1, 1), (2, "yrkesgrupp", "cell-is-error")),
        (("G001", "grundskola", "lärare", "2026-10-15", 1e300, 1), (2, "heltidstjanster", "number-malformed")),
    ],
)
def test_a_value_of_the_wrong_type_is_told_not_guessed(
    cells: tuple[object, ...], fault: tuple[int, str, str], tmp_path: Path
) -> None:
    assert deliver(tmp_path, "staff", staff(*cells), name="fil.xlsx").faults == [fault]


def test_yes_and_no_may_be_true_and_false(tmp_path: Path) -> None:
    header = ["index", "kalla", "version", "ar", "riktning", "medel", "viktning", "publicerbar", "enhet", "varde"]
    rows: Rows = [header, ["socio", "SCB", 2, 2026, "hogre_mer", 100, "elev", True, "G001", 112.5]]
    delivered = deliver(tmp_path, "index", workbook(rows), name="fil.xlsx")

    assert delivered.faults == []
    assert delivered.found.meta["socio"]["publishable"] is True
    assert delivered.found.meta["socio"]["version"] == "2"


def test_rows_keep_their_numbers_when_the_table_begins_further_down(tmp_path: Path) -> None:
    rows: Rows = [STAFF, ["X9", "grundskola", "lärare", "2026-10-15", 1, 1]]
    delivered = deliver(tmp_path, "staff", workbook(rows, first_row=3), name="fil.xlsx")

    assert delivered.faults == [(5, "enhet", "unit-unknown")]


def test_a_hidden_sheet_is_passed_over(tmp_path: Path) -> None:
    rows: Rows = [STAFF, ["G001", "grundskola", "lärare", "2026-10-15", 1, 1]]
    delivered = deliver(tmp_path, "staff", workbook(rows, hidden_before=True), name="fil.xlsx")

    assert len(delivered.rows) == 1


def test_an_empty_workbook_is_an_empty_file(tmp_path: Path) -> None:
    assert deliver(tmp_path, "staff", workbook([]), name="fil.xlsx").faults == [(None, None, "file-empty")]


def test_an_archive_that_is_no_workbook_is_named(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("läs mig.txt", "hej")

    delivered = deliver(tmp_path, "staff", target.getvalue(), name="fil.xlsx")
    assert delivered.faults == [(None, None, "file-unreadable")]
    assert delivered.messages[0].startswith(
        "fil.xlsx: Filen går inte att läsa: den är skadad, låst eller inte en Excel"
    )


def test_a_cut_off_workbook_is_a_fault(tmp_path: Path) -> None:
    content = staff("G001", "grundskola", "lärare", "2026-10-15", 1, 1)

    assert deliver(tmp_path, "staff", content[:-200], name="fil.xlsx").faults == [(None, None, "file-unreadable")]


def bomb(size: int, claimed: int | None = None) -> bytes:
    """Return an archive with a part of ``size`` zeros, which may claim another size of itself."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * size)
    content = target.getvalue()
    return content if claimed is None else content.replace(size.to_bytes(4, "little"), claimed.to_bytes(4, "little"))


@pytest.mark.parametrize("claimed", [None, 10])
def test_a_workbook_that_unpacks_to_too_much_is_not_opened_whatever_it_claims(
    claimed: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(xlsx_guard, "MOST_UNPACKED", 10_000_000)
    delivered = deliver(tmp_path, "staff", bomb(11_000_000, claimed), name="fil.xlsx")

    assert delivered.faults == [(None, None, "file-too-large")]


def test_one_long_text_in_many_cells_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_guard, "MOST_TEXT", 100_000)
    content = workbook([STAFF, *(["x" * 10_000] * 6 for _ in range(10))])

    assert deliver(tmp_path, "staff", content, name="fil.xlsx").faults == [(None, None, "file-too-large")]


def test_an_index_that_points_past_the_end_is_a_fault(tmp_path: Path) -> None:
    content = bytearray(staff("G001", "grundskola", "lärare", "2026-10-15", 1, 1))
    entry = content.index(b"PK\x01\x02")
    content[entry + 42 : entry + 46] = (len(content) - 10).to_bytes(4, "little")

    assert deliver(tmp_path, "staff", bytes(content), name="fil.xlsx").faults == [(None, None, "file-unreadable")]


def test_midnight_is_no_clock_time() -> None:
    column = CONTRACTS["staff"].column("measured_on")

    assert text_of(column)(datetime(2026, 10, 15)) == "2026-10-15"  # noqa: DTZ001 - as a spreadsheet gives it


def test_a_packing_the_guard_does_not_know_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", "x")

    assert deliver(tmp_path, "staff", target.getvalue(), name="fil.xlsx").faults == [(None, None, "file-unreadable")]
