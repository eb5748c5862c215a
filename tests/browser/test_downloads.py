"""What a reader takes along says the same as the page."""

from __future__ import annotations

import csv
import io
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pypdf
import pytest

from core.exchange import CONTRACTS
from tests.browser.looking import choose, plain
from tests.browser.screens import ALLOCATION, BASIS, OWN, UNIT
from tests.browser.tree import TOTAL, row
from tests.support.browsing import console_errors, settle, visit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.servers import AppServer

    Cells = list[list[object]]


def fetched(page: Page, label: str) -> tuple[str, bytes]:
    """Press a download button; return the file's name and content."""
    with page.expect_download() as download:
        page.get_by_role("button", name=label, exact=True).first.click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def of_csv(content: bytes) -> Cells:
    """Return a CSV's cells, read the way a Swedish spreadsheet program does."""
    assert content.startswith(b"\xef\xbb\xbf"), "utan märket läser Excel å, ä och ö fel"
    return [list(cells) for cells in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";")]


def of_xlsx(content: bytes) -> Cells:
    """Return the cells of a workbook's first sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [list(cells) for cells in book.worksheets[0].iter_rows(values_only=True)]


def kronor(value: object) -> Decimal:
    """Return an amount as a file writes it, in whole kronor as the page does."""
    return Decimal(re.sub(r"[^\d,.\-]", "", str(value)).replace(",", ".")).quantize(Decimal(1))


@pytest.fixture
def statement_page(app_server: AppServer, tab: Callable[..., Page]) -> Page:
    """Give the page Resursfördelning with the files of the statement offered."""
    page = tab()
    visit(page, ALLOCATION.address(app_server.url))
    page.get_by_text("Ladda ner besked").first.click()
    page.get_by_role("button", name="Besked som PDF").wait_for()
    settle(page)
    return page


@pytest.fixture
def total(statement_page: Page) -> Decimal:
    return kronor(statement_page.locator(f"{row(TOTAL)} p > strong").inner_text())


def test_the_statement_as_pdf_is_tagged_and_says_the_sum_of_the_page(statement_page: Page, total: Decimal) -> None:
    name, content = fetched(statement_page, "Besked som PDF")
    assert name == "lerbackens-skola-utfall-2026.pdf"
    document = pypdf.PdfReader(io.BytesIO(content))
    root = document.root_object
    assert str(root["/Lang"]) == "sv-SE"
    assert "'/Marked': True" in str(root["/MarkInfo"].get_object())
    said = plain(document.pages[0].extract_text())
    found = re.search(r"Lerbäckens skola får ([\d ,]+) kr 2026 till och med oktober", said)
    assert found is not None
    assert kronor(found[1]) == total


def test_the_statement_as_spreadsheet_csv_and_json_sums_to_the_page(statement_page: Page, total: Decimal) -> None:
    name, content = fetched(statement_page, "Besked som XLSX")
    cells = of_xlsx(content)
    place = cells[0].index("Kronor")
    assert name.endswith(".xlsx")
    assert kronor(next(cell[place] for cell in cells if cell[0] == "Summa")) == total

    name, content = fetched(statement_page, "Besked som CSV")
    header, *cells = of_csv(content)
    keys = {str(cell[header.index("nyckel")]): cell for cell in cells}
    dimensions = [cell for key, cell in keys.items() if key.startswith("dim:")]
    assert name.endswith(".csv")
    assert kronor(keys["total"][header.index("varde")]) == total
    assert abs(sum(kronor(cell[header.index("varde")]) for cell in dimensions) - total) <= 2

    name, content = fetched(statement_page, "Besked som JSON")
    made = json.loads(content)
    assert name.endswith(".json")
    assert made["schema"] == "skolkronan.statement.v1"
    assert made["unit"]["enhet"] == OWN
    assert console_errors(statement_page) == []


def test_a_table_downloads_as_spreadsheet_and_csv_with_the_rows_it_shows(
    app_server: AppServer, tab: Callable[..., Page]
) -> None:
    page = tab()
    visit(page, UNIT.address(app_server.url))
    shown = page.locator("table.sk", has_text="Tilldelningen i fyra delar")
    names = shown.locator("tbody th, tfoot th").all_inner_texts()
    amounts = [kronor(text) for text in shown.locator('td[data-label="Kronor"]').all_inner_texts()]
    assert [names[0], names[-1], len(amounts)] == ["Bas", "Summa", 5]
    for suffix, cells_of in (("XLSX", of_xlsx), ("CSV", of_csv)):
        name, content = fetched(page, f"Ladda ner som {suffix}")
        header, *cells = cells_of(content)
        assert name == f"lerbackens-skola-delar.{suffix.lower()}"
        assert header == ["Del", "Kronor", "Per elev"]
        assert [cell[0] for cell in cells] == names
        assert [kronor(cell[1]) for cell in cells] == amounts
    assert console_errors(page) == []


@pytest.mark.parametrize(("kind", "words"), [("enrolments", "Elevregister"), ("staff", "Personal")])
def test_underlag_hands_out_an_empty_template_and_a_filled_sample(
    app_server: AppServer, tab: Callable[..., Page], kind: str, words: str
) -> None:
    page = tab()
    visit(page, BASIS.address(app_server.url))
    choose(page, "Slag av fil", words)
    wanted = [column.header for column in CONTRACTS[kind].columns]
    for suffix, cells_of in (("CSV", of_csv), ("XLSX", of_xlsx)):
        name, content = fetched(page, f"Tom mall, {suffix}")
        assert name == f"mall-{kind}.{suffix.lower()}"
        assert cells_of(content)[0] == wanted
        name, content = fetched(page, f"Ifyllt exempel, {suffix}")
        assert name == f"exempel-{kind}.{suffix.lower()}"
        assert cells_of(content)[0] == wanted
        assert len(cells_of(content)) > 1


def test_a_derivation_downloads_as_json_with_exact_values(
    app_server: AppServer, tab: Callable[..., Page], tmp_path: Path
) -> None:
    page = tab()
    visit(page, ALLOCATION.address(app_server.url, rad="step:grundskola.undervisning"))
    page.locator(row("line:grundskola.undervisning|grundskola.1_3|2026")).click()
    name, content = fetched(page, "JSON")
    tree = json.loads(content)
    assert name == "g01-2026-line-grundskola-undervisning-grundskola-1_3-2026.json"
    assert tree["key"] == "line:grundskola.undervisning|grundskola.1_3|2026"
    assert re.fullmatch(r"\d+(/\d+)?", tree["value"])
