from __future__ import annotations

import tracemalloc
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.base import holds_identity
from core.exchange import CONTRACTS, CellKind, Column, blocks, conversion, crossing, csv_source, read, survey
from core.exchange.cells import decimal_text, reader_of
from core.exchange.faults import Fault
from tests.support.deliveries import CONTEXT, csv_of, deliver, enrolment

if TYPE_CHECKING:
    from pathlib import Path


def column(cell: CellKind, **changes: object) -> Column:
    return Column(header="x", field="x", cell=cell, help="", example="x", codes=("a", "b", "c"), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cell", "text", "canonical"),
    [
        (CellKind.CHOICES, "c, a", "a,c"),
        (CellKind.FLAGS, "b2,a_1, b2", "a_1,b2"),
        (CellKind.ORGNR, "2120001234", "212000-1234"),
        (CellKind.YES_NO, "JA", "1"),
        (CellKind.MONTH, "2026-03", "202603"),
        (CellKind.LAST_DAY, "2024-02-28", "2024-02-29"),
        (CellKind.HUNDREDTHS, "22,5", "2250"),
        (CellKind.HUNDREDTHS, "22,50", "2250"),
        (CellKind.KRONOR, "57 400.5", "5740050"),
        (CellKind.DECIMAL, "59,3100", "59.31"),
        (CellKind.DECIMAL, "-0,5", "-0.5"),
        (CellKind.RATIO, "112,50", "225/2"),
        (CellKind.TEXT, "  A\u00a0b ", "A b"),
        (CellKind.TEXT, "A\u030angan", "Ångan"),
        (CellKind.CODE, "007", "007"),
    ],
)
def test_a_cell_has_one_canonical_form(cell: CellKind, text: str, canonical: str) -> None:
    assert reader_of(column(cell))(text) == canonical


@pytest.mark.parametrize(
    ("cell", "text", "code"),
    [
        (CellKind.CODE, "två ord", "code-malformed"),
        (CellKind.CODE, "19121212-1212", "identity-misplaced"),
        (CellKind.TEXT, "Tolvan 191212121212", "identity-misplaced"),
        (CellKind.TEXT, "x" * 501, "cell-too-long"),
        (CellKind.CHOICES, "a,d", "code-unknown"),
        (CellKind.FLAGS, "Nyanländ", "code-malformed"),
        (CellKind.FLAGS, "a,,b", "code-malformed"),
        (CellKind.KOMMUN, "٠١٨٠", "code-malformed"),
        (CellKind.YEAR, "26", "number-malformed"),
        (CellKind.WHOLE, "1,5", "number-too-fine"),
        (CellKind.WHOLE, "-1", "number-out-of-range"),
        (CellKind.RATIO, "1/2", "number-malformed"),
        (CellKind.HUNDREDTHS, "0,005", "number-too-fine"),
        (CellKind.MONTH, "1800-01", "month-malformed"),
        (CellKind.LAST_DAY, "2026-02-29", "date-malformed"),
    ],
)
def test_a_cell_that_cannot_be_read_is_a_fault(cell: CellKind, text: str, code: str) -> None:
    fault = reader_of(column(cell))(text)

    assert isinstance(fault, Fault)
    assert fault.code == code


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("19121212-1212", True),
        ("121212-1212", True),
        ("19121232-1213", False),  # no such day
        ("19121272-1219", True),  # a samordningsnummer: the day plus 60
        ("999900-9901", False),  # an organisation number: no such month
        ("19121212-1213", False),  # the control digit is wrong
        ("klass 4A", False),
    ],
)
def test_a_personnummer_is_known_by_its_date_and_control_digit(text: str, answer: bool) -> None:  # noqa: FBT001 - a table
    assert holds_identity(text) == answer


def test_decimal_text_is_exact() -> None:
    assert decimal_text(Fraction(-1, 8)) == "-0.125"
    assert decimal_text(Fraction(120)) == "120"


def test_a_column_that_has_forgotten_still_reads_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        enrolment(
            elev=f"prov-{number}", grupp=f"grupp {number % 7}", timmar_per_vecka=str(number % 5) if number % 2 else ""
        )
        for number in range(50)
    ]
    text = csv_of("enrolments", *rows)
    at_ease = deliver(tmp_path, "enrolments", text)
    monkeypatch.setattr(conversion, "REMEMBERED", 2)
    pressed = deliver(tmp_path, "enrolments", text)

    assert pressed.rows == at_ease.rows
    assert pressed.faults == at_ease.faults == []


def test_blocks_of_any_size_give_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = csv_of("enrolments", *(enrolment(elev=f"prov-{number}") for number in range(40)))
    quoted = plain.replace("grundskola", '"grundskola"')
    whole = deliver(tmp_path, "enrolments", plain)
    monkeypatch.setattr(csv_source, "CHARACTERS_PER_READ", 50)
    monkeypatch.setattr(csv_source, "ROWS_PER_BLOCK", 3)

    assert deliver(tmp_path, "enrolments", plain).rows == whole.rows
    assert deliver(tmp_path, "enrolments", quoted).rows == whole.rows
    assert whole.found.warning_count == 0


def test_memory_does_not_grow_with_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_source, "CHARACTERS_PER_READ", 1 << 16)
    monkeypatch.setattr(crossing, "RECORDS_PER_SHARE", 1000)
    monkeypatch.setattr(survey, "BLOCK", 1 << 16)
    peaks = []
    for size in (5_000, 5_000, 40_000):  # the first warms up what is only loaded once
        path = tmp_path / "fil.csv"
        path.write_text(csv_of("enrolments", *(enrolment(elev=f"prov-{number}") for number in range(size))))
        tracemalloc.start()
        found = read("enrolments", path, CONTEXT)
        assert sum(len(chunk) for chunk in found.chunks(1)) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[2] < 1.3 * peaks[1]


def test_every_header_is_told_apart_and_every_contract_fills_a_table_once() -> None:
    for contract in CONTRACTS.values():
        headers = [one.header for one in contract.columns]
        assert len(set(headers)) == len(headers)
        assert len(set(contract.stored)) == len(contract.stored)
    assert blocks.ROWS_PER_BLOCK <= blocks.REMEMBERED
