"""No file of ours holds a cell that a spreadsheet runs, whatever units and owners are called; no markup is obeyed."""

from __future__ import annotations

import ast
import csv
import io
import re
import zipfile
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import openpyxl
import pypdf
import pytest

from core.exchange import CONTRACTS, sample, template, write
from core.exchange.cells import FORMULA_SIGNS
from core.exchange.table_files import table_csv, table_xlsx
from core.settings import PROJECT_FOLDER
from core.usecases import statements
from core.usecases.decision_reading import decision_file, decisions_view
from core.usecases.evaluate import evaluate
from core.usecases.payment_files import payment_file, voucher_file
from core.usecases.recompute_kit import recompute_kit
from tests.support.hostile_kommun import HOSTILE, NAMES
from tests.support.reaching import PEEK
from tests.support.sie_reader import read_sie
from tests.support.small_kommun import CHIEF, CONTROLLER, KOMMUN, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.small_kommun import Lillby

FIGURE = re.compile(r"-?[0-9]+(?:[.,][0-9]+|/[0-9]+)?\Z")
WRITERS = {
    "core.exchange.writing": "what is stored, as it was delivered",
    "core.exchange.table_files": "a table of a page",
    "core.exchange.statement_csv": "a unit's statement",
    "core.exchange.statement_xlsx": "the same",
    "core.exchange.pdf_text": "a statement or a decision on paper",
    "core.exchange.decision_files": "a decision",
    "core.exchange.payment_file": "a month's payments",
    "core.exchange.sie_out": "a month's voucher",
    "core.usecases.recompute_kit": "what an outsider recomputes from",
    "core.usecases.evaluated": "what an outsider recomputed",
    "core.usecases.demo.files": "the invented kommun's own files: no text from outside",
}
"""Every module that writes a file for a spreadsheet, a printer or a ledger; ``files_of`` makes them write."""
SIGNS_OF_WRITING = {"csv.writer", "csv.DictWriter", "xlsxwriter.Workbook", "typst.compile", "to_csv", "to_excel"}


def modules_that_write() -> set[str]:
    """Return the modules of core and pages that call what writes such files."""
    found = set()
    for folder in ("core", "pages"):
        for path in (PROJECT_FOLDER / folder).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            calls = (ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call))
            if any(call in SIGNS_OF_WRITING or call.rpartition(".")[2] in SIGNS_OF_WRITING for call in calls):
                found.add(".".join(path.relative_to(PROJECT_FOLDER).with_suffix("").parts))
    return found


def test_every_module_that_writes_such_a_file_is_made_to_write_here() -> None:
    assert modules_that_write() | {"core.exchange.sie_out"} == set(WRITERS)


def files_of(lillby: Lillby, folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file that the program writes of Lillby."""
    app, budget, utfall = lillby.app, lillby.runs[YEAR, "budget"], lillby.runs[YEAR, "utfall"]
    for enhet in NAMES:
        for file_format in ("csv", "xlsx", "json", "pdf"):
            name, content, _ = statements.statement(app, CONTROLLER, enhet, utfall, file_format)
            yield name, content
    for row in decisions_view(app, CHIEF, budget).rows:
        assert row.decision is not None
        for file_format in ("xlsx", "pdf", "json"):
            name, content, _ = decision_file(app, CHIEF, row.decision.number, file_format)  # type: ignore[arg-type]
            yield name, content
    yield payment_file(app, CONTROLLER, KOMMUN, 1)[:2]
    yield from _kit(lillby, folder)
    yield from _register(lillby)
    headings, rows = [*NAMES.values()], [[name, Fraction(-5, 2), -3, None] for name in HOSTILE]
    yield "tabell.csv", table_csv(headings[:4], rows)
    yield "tabell.xlsx", table_xlsx(HOSTILE[0], headings[:4], rows)
    for kind in CONTRACTS:
        yield f"{kind}_mall.csv", template(kind, "csv")
        yield f"{kind}_exempel.xlsx", sample(kind, "xlsx")


def _kit(lillby: Lillby, folder: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(
        io.BytesIO(recompute_kit(lillby.app, CONTROLLER, lillby.runs[YEAR, "utfall"], list(NAMES)))
    ) as kit:
        kit.extractall(folder)
        yield from ((name, kit.read(name)) for name in kit.namelist() if name.endswith(".csv"))
    again = evaluate(
        (folder / "modell.yaml").read_text("utf-8"), "modell.yaml", folder / "enheter.csv", folder / "korning.json"
    )
    again.write(folder / "rader.csv")
    yield "rader.csv", (folder / "rader.csv").read_bytes()


def _register(lillby: Lillby) -> Iterator[tuple[str, bytes]]:
    with lillby.app.reading(PEEK) as work:
        day = date(YEAR, 6, 1)
        (batch,) = work.batches.in_force(KOMMUN, "units", [day])[day]
        rows = list(
            work.connection.exec_driver_sql(
                f"SELECT {', '.join(CONTRACTS['units'].stored)} FROM unit WHERE batch = {batch}"
            )
        )
    assert len(rows) == len(NAMES)
    yield "enheter_ut.csv", write("units", rows, "csv")
    yield "enheter_ut.xlsx", write("units", rows, "xlsx")


def test_no_cell_of_any_file_is_a_formula_and_figures_stay_figures(hostile_lillby: Lillby, tmp_path: Path) -> None:
    texts: dict[str, list[str]] = {}
    for name, content in files_of(hostile_lillby, tmp_path):
        if name.endswith(".csv"):
            texts[name] = [
                cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";") for cell in row
            ]
            for cell in texts[name]:
                assert not cell or cell[0] not in FORMULA_SIGNS - {"'"} or FIGURE.match(cell), (name, cell)
        elif name.endswith(".xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            for sheet in book:
                for row in sheet.iter_rows():
                    for one in row:
                        assert one.data_type != "f", (name, one.coordinate, one.value)
                        assert one.hyperlink is None or "evil" not in str(one.hyperlink.target), (name, one.coordinate)
            assert "xl/externalLinks" not in " ".join(zipfile.ZipFile(io.BytesIO(content)).namelist())
        elif name.endswith(".pdf"):
            _must_be_text(name, content)
    assert "tabell.csv" in texts
    assert "-2,5" in texts["tabell.csv"]
    assert {f"'{NAMES['A1']}", f"'{NAMES['A2']}", f"'{NAMES['A3']}"} <= set(texts["facit.csv"]) | set(
        texts["enheter_ut.csv"]
    )


def _must_be_text(name: str, content: bytes) -> None:
    """Assert that a PDF shows what it was given and links nowhere that it was told to by a name."""
    reader = pypdf.PdfReader(io.BytesIO(content))
    for page in reader.pages:
        for note in page.get("/Annots") or []:
            assert "evil" not in str(note.get_object()), name
    said = "".join(page.extract_text() for page in reader.pages)
    assert "root:" not in said, name
    assert 'HYPERLINK("https://evil' not in said or "=HYPERLINK" in said, name


def test_what_is_written_of_hostile_names_is_read_back_the_same(hostile_lillby: Lillby, tmp_path: Path) -> None:
    from core.exchange import read
    from tests.support.deliveries import CONTEXT

    for name, content in _register(hostile_lillby):
        path = tmp_path / name
        path.write_bytes(content)
        found = read("units", path, CONTEXT)
        names = {row[4 - 1 + 2]: row for chunk in found.chunks(1) for row in chunk}
        assert list(found.issues) == []
        stored = CONTRACTS["units"].stored
        assert {row[stored.index("enhet")]: row[stored.index("name")] for row in names.values()} == {
            enhet: " ".join(said.split(" ")).strip() for enhet, said in NAMES.items()
        }


def test_a_voucher_holds_hostile_names_as_fields(hostile_lillby: Lillby) -> None:
    sie = read_sie(voucher_file(hostile_lillby.app, CONTROLLER, KOMMUN, 1)[1])
    (voucher,) = sie.vouchers
    assert sum(row.amount for row in voucher.rows) == 0
    assert any("HYPERLINK" in name for name in sie.objects.values())


def test_an_outsider_recomputes_hostile_names_to_the_ore(hostile_lillby: Lillby, tmp_path: Path) -> None:
    list(_kit(hostile_lillby, tmp_path))
    with hostile_lillby.app.reading(PEEK) as work:
        total = sum(one.total_ore for one in work.runs.units(KOMMUN, hostile_lillby.runs[YEAR, "utfall"]))
    again = evaluate(
        (tmp_path / "modell.yaml").read_text("utf-8"),
        "modell.yaml",
        tmp_path / "enheter.csv",
        tmp_path / "korning.json",
    )
    assert again.total_ore == total


@pytest.mark.parametrize("sign", sorted(FORMULA_SIGNS))
def test_a_cell_that_begins_with_a_sign_is_shielded_and_unshielded(sign: str) -> None:
    from core.exchange.cells import protected, shielded, unprotected

    assert shielded(f"{sign}x")[0] == "'"
    assert unprotected(protected(f"{sign}x")) == f"{sign}x"
    assert shielded("-12,50") == "-12,50"
