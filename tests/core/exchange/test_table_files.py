from __future__ import annotations

import io
from fractions import Fraction

from openpyxl import load_workbook

from core.exchange.table_files import table_csv, table_xlsx

HEADINGS = ("Del", "Kronor", "Antal")
ROWS = (("Bas", Fraction(-123450, 100), 3), ("=HYPERLINK(1)", None, 0))


def test_csv_has_decimal_comma_plain_minus_and_harmless_formulas() -> None:
    assert table_csv(HEADINGS, ROWS).decode("utf-8-sig").split("\r\n") == [
        "Del;Kronor;Antal",
        "Bas;-1234,5;3",
        "'=HYPERLINK(1);;0",
        "",
    ]


def test_a_spreadsheet_gets_figures_as_figures_and_formulas_as_text() -> None:
    sheet = load_workbook(io.BytesIO(table_xlsx("Delar", HEADINGS, ROWS))).active
    assert sheet is not None
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        list(HEADINGS),
        ["Bas", -1234.5, 3],
        ["=HYPERLINK(1)", None, 0],
    ]
    assert sheet["A3"].data_type == "s"


def test_a_missing_figure_stays_an_empty_cell_and_is_not_zero() -> None:
    assert table_csv(("a",), ((None,),)).decode("utf-8-sig") == 'a\r\n""\r\n'
