"""A statement is the same in every format: the same amounts, the same tree, and no text that can do harm."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pikepdf
import pypdf
import pytest

from core.base import Derivation, Source, leaf, total
from core.exchange.statement_csv import statement_csv
from core.exchange.statement_json import statement_content, statement_json
from core.exchange.statement_pdf import statement_pdf
from core.exchange.statement_rows import node_rows
from core.exchange.statement_xlsx import statement_xlsx
from core.publication import Part, Statement, Totals, build_statement
from tests.support.statements import MADE_ON, POLICY, RUN, UNIT, Amounts, parts_of, statement_of, tree_of, usual

if TYPE_CHECKING:
    from collections.abc import Callable

HARM = '=HYPERLINK("http://x") #panic() $a$ *b* `c` [d] <e> \\ "f" @g // h'


def pdf_text(file: bytes) -> str:
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(file)).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def csv_rows(file: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig")), delimiter=";"))


def sheet(file: bytes, name: str) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(file))
    return [[cell.value for cell in row] for row in book[name].iter_rows()]


def harmful() -> Statement:
    """Return a statement where every text somebody else wrote tries to be code."""
    source = Source("law", HARM, url="javascript:alert(1)", detail=HARM)
    line = Derivation(f"line:a.b|{HARM}|1", HARM, "leaf", Fraction(5), "kr", source=source, note=HARM)
    tree = total("total", HARM, "kr", [total("dim:bas", HARM, "kr", [total("step:a.b", HARM, "kr", [line])])])
    parts = (Part("dim:bas", "total", HARM, 500, expectation=HARM, source=source), Part("total", None, HARM, 500))
    unit = replace(UNIT, name=HARM, huvudman_name=HARM, kommun=HARM)
    run = replace(RUN, decision=HARM, model_title=HARM)
    return build_statement(unit, run, Totals(500), parts, tree, policy=POLICY, made_on=MADE_ON)


@pytest.mark.parametrize("decisions", [2, 9])
def test_pdf_spreadsheet_csv_and_json_show_the_same_amounts(decisions: int) -> None:
    statement = statement_of(usual(decisions=decisions))
    expected = [round(row.node.value, 4) for row in node_rows(statement.derivation)]
    in_csv = [
        Fraction(row["varde"].replace(",", "."))
        for row in csv_rows(statement_csv(statement))
        if row["avsnitt"] == "Så räknades det fram"
    ]
    in_xlsx = [row[3] for row in sheet(statement_xlsx(statement), "Så räknades det fram")[1:]]
    tree = json.loads(statement_json(statement))["derivation"]
    text = pdf_text(statement_pdf(statement))
    assert in_csv == expected
    assert in_xlsx == [pytest.approx(float(value), abs=1e-9) for value in expected]
    assert tree == statement.derivation.to_json()
    assert [Fraction(value) for value in _values(tree)] == [row.node.value for row in node_rows(statement.derivation)]
    for row in node_rows(statement.derivation):
        assert row.text.replace("\u00a0", " ") in text


def _values(node: dict[str, Any]) -> list[str]:
    return [node["value"], *(value for child in node.get("children", ()) for value in _values(child))]


@pytest.mark.parametrize("decisions", [2, 9])
def test_every_row_of_the_sum_stands_in_every_format(decisions: int) -> None:
    statement = statement_of(usual(decisions=decisions))
    amounts = [part.amount_ore for part in statement.parts]
    in_csv = [row["varde"] for row in csv_rows(statement_csv(statement)) if row["avsnitt"] == "Delar"]
    in_xlsx = [row[4] for row in sheet(statement_xlsx(statement), "Summa och delar")[1:]]
    in_json = [part["amount_ore"] for part in json.loads(statement_json(statement))["parts"]]
    assert [Fraction(text.replace(",", ".")) * 100 for text in in_csv] == amounts
    assert [round(kronor * 100) for kronor in in_xlsx] == amounts
    assert in_json == amounts


@pytest.mark.parametrize("write", [statement_pdf, statement_xlsx, statement_csv, statement_json])
def test_the_same_statement_gives_the_same_bytes(write: Callable[[Statement], bytes]) -> None:
    assert write(statement_of()) == write(statement_of())


@pytest.mark.parametrize("write", [statement_pdf, statement_xlsx, statement_csv, statement_json])
def test_units_that_differ_only_in_sealed_support_get_the_same_file(write: Callable[[Statement], bytes]) -> None:
    one, other = usual(100_00, 1), usual(200_00, 4)
    steps = {**other.steps, "struktur": {"grundskola.landsbygd": 251_500_00}}
    assert write(statement_of(one)) == write(statement_of(Amounts(steps, other.decisions)))


def test_the_pdf_is_tagged_titled_in_swedish_and_has_bookmarks_and_page_numbers() -> None:
    file = statement_pdf(statement_of())
    reader = pypdf.PdfReader(io.BytesIO(file))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "sv-SE"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Redovisning av tilldelning 2026: Lerbäckens skola"
    assert [str(mark["/Title"]) for mark in reader.outline if isinstance(mark, dict)] == [
        "Så är summan uppbyggd",
        "Så räknades det fram",
        "Källor",
        "Kontrollera redovisningen",
    ]
    assert f"Sida 1 av {len(reader.pages)}" in pdf_text(file)
    width, height = (round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:])
    assert (width, height) == (210, 297)


def test_the_pdf_says_that_it_follows_the_accessibility_and_archive_standards() -> None:
    with pikepdf.open(io.BytesIO(statement_pdf(statement_of()))) as pdf:
        meta = bytes(pdf.Root.Metadata.read_bytes())
        roles, alts = _roles(pdf.Root.StructTreeRoot)
    assert b"pdfuaid:part" in meta
    assert b"<pdfaid:part>2</pdfaid:part>" in meta
    assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/L", "/LI", "/Link"} <= roles
    assert any("andel av summan: Bas 88 procent" in alt for alt in alts)


def _roles(tree: Any) -> tuple[set[str], list[str]]:  # noqa: ANN401  # a PDF object has no narrower type
    roles, alts, waiting, met = set(), [], [tree], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting.extend(node)
        elif isinstance(node, pikepdf.Dictionary) and node.objgen not in met:
            if node.objgen != (0, 0):
                met.add(node.objgen)
            roles.add(str(node.get("/S", "")))
            if "/Alt" in node:
                alts.append(str(node.Alt))
            if "/K" in node:
                waiting.append(node.K)
    return roles, alts


def test_the_pdf_holds_its_fonts_and_needs_none_of_the_machine() -> None:
    pages: Any = pypdf.PdfReader(io.BytesIO(statement_pdf(statement_of()))).pages
    fonts = [
        font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in pages
        for font in (each.get_object() for each in page["/Resources"]["/Font"].values())
    ]
    assert fonts
    assert all({"/FontFile2", "/FontFile3"} & set(font) for font in fonts)
    assert all(re.search("Libertinus|DejaVuSansMono", font["/FontName"]) for font in fonts)


def test_text_that_looks_like_markup_is_printed_as_it_stands() -> None:
    text = pdf_text(statement_pdf(harmful()))
    assert text.count("#panic()") >= 8
    assert re.sub(r"\s", "", HARM) in re.sub(r"\s", "", text)


def test_only_web_addresses_become_links_on_paper() -> None:
    with pikepdf.open(io.BytesIO(statement_pdf(harmful()))) as pdf:
        assert not [note for page in pdf.pages for note in page.get("/Annots", []) if "/URI" in note.get("/A", {})]
    with pikepdf.open(io.BytesIO(statement_pdf(statement_of()))) as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        assert [str(note.A.URI) for note in notes if "/URI" in note.get("/A", {})] == [
            "https://lagen.nu/2010:800#K2P8b"
        ] * len(notes)
        assert notes


def test_no_cell_of_the_spreadsheet_is_a_formula() -> None:
    book = openpyxl.load_workbook(io.BytesIO(statement_xlsx(harmful())))
    assert book.sheetnames == ["Summa och delar", "Så räknades det fram", "Om redovisningen"]
    kinds = {cell.data_type for page in book for row in page.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    assert book["Summa och delar"]["A2"].value == HARM


def test_kronor_in_the_spreadsheet_are_numbers_with_two_decimals() -> None:
    book = openpyxl.load_workbook(io.BytesIO(statement_xlsx(statement_of())))
    last = book["Summa och delar"].max_row
    cell = book["Summa och delar"].cell(last, 5)
    assert (cell.value, cell.number_format) == (43_118_200.5, "#,##0.00")
    assert book["Summa och delar"].freeze_panes == "B2"
    tree = book["Så räknades det fram"]
    assert tree.cell(4, 3).alignment.indent == 2
    assert [row[6].value for row in tree.iter_rows() if row[6].value] == ["Exakt värde", "516500/9"]


def test_csv_has_bom_semicolon_decimal_comma_and_no_cell_a_formula() -> None:
    file = statement_csv(harmful())
    assert file.startswith(b"\xef\xbb\xbfavsnitt;nummer;")
    rows = csv_rows(file)
    assert not [text for row in rows for text in row.values() if text.startswith(("=", "+", "@", "\t"))]
    assert next(row for row in rows if row["nyckel"] == "total" and row["avsnitt"] == "Delar")["varde"] == "5"
    assert next(row for row in csv_rows(statement_csv(statement_of())) if row["nyckel"] == "total")["varde"] == (
        "43118200,5"
    )


def test_a_negative_part_and_a_missing_amount_are_shown_without_a_bar() -> None:
    tree = tree_of(Amounts({"bas": {"a.b": 300_00, "a.c": -400_00}, "struktur": {"a.d": 250_00}}, {}))
    parts = (
        Part("dim:bas", "total", "Bas", None, quantity=Fraction(3), quantity_unit="elever"),
        Part("total", None, "Summa", 150_00),
    )
    statement = build_statement(UNIT, RUN, Totals(150_00), parts, tree, policy=POLICY, made_on=MADE_ON)
    text = pdf_text(statement_pdf(statement))
    assert "uppgift saknas" in text
    assert "−100 kr" in text
    assert "Andel av summan" not in text
    assert sheet(statement_xlsx(statement), "Summa och delar")[1][4] is None


def test_nodes_are_numbered_by_their_place_in_the_tree() -> None:
    rows = list(node_rows(tree_of(usual())))
    assert [row.number for row in rows][:9] == [
        "1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.1.1", "1.1.1.1.2", "1.1.1.1.2.1", "1.1.1.1.2.1.1", "1.1.1.1.2.1.2",
    ]  # fmt: skip
    assert rows[-1].number == "1.4.1.1"
    assert len({row.number for row in rows}) == len(rows)


def test_a_long_derivation_goes_on_over_pages_with_its_column_heads() -> None:
    leaves = [leaf(f"line:a.b|{n}|1", f"Rad {n}", Fraction(n), "kr", Source("rule", "regel")) for n in range(1500)]
    tree = total("total", "Summa", "kr", [total("dim:bas", "Bas", "kr", [total("step:a.b", "Steg", "kr", leaves)])])
    statement = build_statement(
        UNIT, RUN, Totals(int(tree.value * 100)), (Part("total", None, "Summa", int(tree.value * 100)),), tree,
        policy=POLICY, made_on=MADE_ON,
    )  # fmt: skip
    reader = pypdf.PdfReader(io.BytesIO(statement_pdf(statement)))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) > 20
    assert all("Så räknat, källa" in page for page in pages[2:-2])


def test_the_documented_keys_are_the_keys_that_are_written() -> None:
    guide = (Path(__file__).resolve().parents[3] / "docs" / "redovisning_json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `([a-z_.]+)` \|", guide, re.MULTILINE))
    content = statement_content(statement_of())
    assert documented == set(_keys(content))


def _keys(content: dict[str, Any]) -> set[str]:
    found = set(content)
    for name in ("unit", "run"):
        found |= {f"{name}.{key}" for key in content[name]}
    found |= {f"parts.{key}" for part in content["parts"] for key in part}
    found |= {f"sources.{key}" for source in content["sources"] for key in source}
    waiting = [content["derivation"]]
    while waiting:
        node = waiting.pop()
        found |= {f"derivation.{key}" for key in node}
        waiting.extend(node.get("children", ()))
    return found


def test_amounts_and_tree_of_the_parts_agree_with_the_rows_they_were_built_from() -> None:
    amounts = usual()
    assert statement_of(amounts).parts == tuple(
        part for part in parts_of(amounts) if part.key != "line:grundskola.stod|alla|2026"
    )
