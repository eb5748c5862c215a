"""Import after export is the identity, for every kind and both formats; templates and samples import."""

from __future__ import annotations

import io
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from core.base import holds_identity
from core.exchange import CONTRACTS, CellKind, Fault, TooManyRowsError, sample, template, write, writing
from core.exchange.cells import FORMULA_SIGNS, LARGEST_STORED, plain, protected, reader_of
from core.exchange.written import written
from core.parameters.arskurser import load_arskurser
from tests.support.deliveries import CONTEXT, deliver

if TYPE_CHECKING:
    from pathlib import Path

    from core.exchange import Column, Contract, FileFormat

FORMATS: tuple[FileFormat, ...] = ("csv", "xlsx")
ENHET = "G001"


def texts(longest: int) -> st.SearchStrategy[str]:
    """Return texts as they are stored: printable, composed, without outer spaces, no personnummer."""
    signs = st.characters(exclude_categories=["Cs", "Cc", "Cn"]) | st.sampled_from("=+-@'\"; ,åÖ0")
    return (
        st.text(signs, min_size=1, max_size=longest)
        .map(plain)
        .filter(lambda text: text.isprintable() and plain(protected(text)) == text and 0 < len(text) <= longest)
        .filter(lambda text: not holds_identity(text))
    )


codes = texts(12).map(lambda text: "".join(sign for sign in text if sign not in ' ,;"')).filter(bool)
codes = codes.filter(lambda text: plain(protected(text)) == text and not text.isspace())
days = st.dates(min_value=date(1900, 1, 2), max_value=date(2199, 12, 31))
flags = st.sets(st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True), max_size=3).map(lambda found: ",".join(sorted(found)))
decimals = st.decimals(-90, 90, places=4).map(lambda value: Fraction(str(value)))


def values(column: Column) -> st.SearchStrategy[Any]:
    """Return stored values of a column."""
    several = st.sets(st.sampled_from(column.codes or ("x",)), min_size=1)
    by_kind: dict[CellKind, st.SearchStrategy[Any]] = {
        CellKind.PERSON: st.from_regex(r"[0-9a-f]{20}", fullmatch=True),
        CellKind.CODE: codes,
        CellKind.UNIT: st.just(ENHET),
        CellKind.TEXT: texts(40),
        CellKind.CHOICE: st.sampled_from(column.codes or ("x",)),
        CellKind.CHOICES: several.map(lambda found: ",".join(code for code in column.codes if code in found)),
        CellKind.FLAGS: flags,
        CellKind.YES_NO: st.booleans(),
        CellKind.KOMMUN: st.from_regex(r"[0-9]{4}", fullmatch=True),
        CellKind.ORGNR: st.from_regex(r"[0-9]{6}-[0-9]{4}", fullmatch=True),
        CellKind.MONTH: st.builds(lambda year, month: year * 100 + month, st.integers(1900, 2199), st.integers(1, 12)),
        CellKind.YEAR: st.integers(1900, 2199),
        CellKind.DATE: days.map(str),
        CellKind.LAST_DAY: days.map(str),
        CellKind.WHOLE: st.integers(0, 1_000_000),
        CellKind.HUNDREDTHS: st.integers(0, 16_800),
        CellKind.KRONOR: st.integers(0 if column.low == 0 else -(10**13), 10**13),
        CellKind.DECIMAL: decimals.map(lambda value: written(CellKind.DECIMAL, value).replace(",", ".")),
        CellKind.RATIO: st.decimals(-(10**6) if column.low is None else "0.000001", column.high or 10**6, places=6).map(
            lambda value: Fraction(str(value))
        ),
    }
    found = by_kind[column.cell]
    return found if column.required or column.cell is CellKind.FLAGS else st.none() | found


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Contract, list[tuple[Any, ...]], dict[str, dict[str, Any]]]:
    """Draw a contract, stored rows of it without batch numbers and hashes, and facts of its indexes."""
    contract = CONTRACTS[draw(st.sampled_from(list(CONTRACTS)))]
    per_row = [column for column in contract.columns if not column.per_index]
    rows, meta = [], {}
    for number in range(draw(st.integers(1, 4))):
        row = {column.field: draw(values(column)) for column in per_row}
        if row.get("valid_to") is not None and row["valid_to"] <= row["valid_from"]:
            row["valid_to"] = None
        if "index_name" in row:
            meta[row["index_name"]] = {c.field: draw(values(c)) for c in contract.columns if c.per_index}
        if "arskurs" in row and load_arskurser().on(date(2026, 1, 1)).of(row["verksamhet"]) is not None:
            row["arskurs"] = None if row["verksamhet"] == "forskoleklass" else draw(st.sampled_from((None, "1", "9")))
        if contract.kind == "successions":
            row["enhet"] = row["enhet"] or ENHET
        for name in [one.field for one in per_row if one.cell is CellKind.RATIO]:
            ratio = row.pop(name)
            row |= {f"{name}_num": ratio.numerator, f"{name}_den": ratio.denominator}
        rows.append(("9901", 7, number + 2, *row.values(), *([0] if contract.hashed else [])))
    return contract, rows, meta


@given(drawn=deliveries(), file_format=st.sampled_from(FORMATS))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=400, deadline=None)
def test_what_is_written_reads_back_the_same(
    drawn: tuple[Contract, list[tuple[Any, ...]], dict[str, dict[str, Any]]], file_format: FileFormat, tmp_path: Path
) -> None:
    contract, rows, meta = drawn
    content = write(contract.kind, rows, file_format, meta)
    delivered = deliver(tmp_path, contract.kind, content, name=f"fil.{file_format}")
    width = len(contract.stored) - contract.hashed

    across = {
        "period-overlap",
        "row-duplicate",
        "period-outside",
        "succession-shares",
    }  # drawn rows may clash; that is another test's matter
    assert set(delivered.found.counts) <= across, delivered.messages
    assert [tuple(row.values())[:width] for row in delivered.rows] == [row[:width] for row in rows]
    assert delivered.found.meta == meta


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("kind", CONTRACTS)
def test_a_sample_passes_its_own_import_and_is_the_same_each_time(
    kind: str, file_format: FileFormat, tmp_path: Path
) -> None:
    content = sample(kind, file_format)
    delivered = deliver(tmp_path, kind, content, name=f"fil.{file_format}")

    assert delivered.messages == []
    assert len(delivered.rows) >= 2
    assert content == sample(kind, file_format)


@pytest.mark.parametrize("kind", CONTRACTS)
def test_a_sample_says_the_same_in_both_formats(kind: str, tmp_path: Path) -> None:
    first, second = (deliver(tmp_path, kind, sample(kind, form), name=f"fil.{form}") for form in FORMATS)

    assert first.rows == second.rows


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("kind", CONTRACTS)
def test_a_template_is_a_sound_header_without_rows(kind: str, file_format: FileFormat, tmp_path: Path) -> None:
    delivered = deliver(tmp_path, kind, template(kind, file_format), name=f"fil.{file_format}")

    assert delivered.faults == [(None, None, "file-without-rows")]


@pytest.mark.parametrize("kind", CONTRACTS)
def test_a_spreadsheet_template_explains_every_column_on_a_sheet_of_its_own(kind: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(template(kind, "xlsx")))
    explained = [row[0] for row in book.get_sheet_by_name(writing.GUIDE).to_python()]

    assert explained == ["Kolumn", *(column.header for column in CONTRACTS[kind].columns)]


def test_a_csv_opens_in_a_swedish_spreadsheet() -> None:
    content = sample("staff", "csv")

    assert content.startswith(b"\xef\xbb\xbfenhet;verksamhet;yrkesgrupp;")
    assert "12,75" in content.decode("utf-8-sig")
    assert content.count(b"\r\n") == content.count(b"\n")


@pytest.mark.parametrize("sign", sorted(FORMULA_SIGNS))
def test_no_cell_leaves_as_a_formula(sign: str) -> None:
    assert written(CellKind.TEXT, f"{sign}cmd|' /C calc'!A0").startswith("'")
    assert written(CellKind.KRONOR, -1250) == "-12,5"  # a number is no formula


@pytest.mark.parametrize("text", ["=1+1", "'=1+1", "''=x", "'", "'x", "@a", "-", "o'clock"])
def test_protection_is_undone_exactly(text: str) -> None:
    assert plain(protected(text)) == text


def test_more_rows_than_a_spreadsheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "SPREADSHEET_ROWS", 3)

    with pytest.raises(TooManyRowsError, match="Välj CSV"):
        sample("units", "xlsx")


def test_every_column_has_an_example_its_own_reader_takes() -> None:
    for contract in CONTRACTS.values():
        for column in contract.columns:
            if column.cell is not CellKind.PERSON:
                assert not isinstance(reader_of(column, CONTEXT.enhet_ids)(column.example), Fault), column


def test_stored_fractions_fit_the_database() -> None:
    assert LARGEST_STORED < 2**63
