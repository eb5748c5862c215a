from __future__ import annotations

from fractions import Fraction

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import downloads, tables, text
from pages.components.tables import Cell, Column, Row, Table

COLUMNS = (Column("Del"), Column("Kronor", figure=True))


@pytest.fixture(autouse=True)
def swedish() -> None:
    text.speak("sv")


def table_of(count: int) -> Table:
    rows = tuple(Row((tables.words(f"rad {number}"), tables.money(number * 100))) for number in range(count))
    return Table("delar", "Delarna", COLUMNS, rows, Row((tables.words("Summa"), tables.money(count * 100))))


def test_headers_have_scope_and_the_first_cell_of_a_row_is_its_header() -> None:
    markup = tables.markup(table_of(1))
    assert "<caption>Delarna</caption>" in markup
    assert '<th scope="col" role="columnheader" class="n">Kronor</th>' in markup
    assert '<th scope="row" role="rowheader"><span>rad 0</span></th>' in markup


def test_each_cell_carries_its_heading_for_the_cards_of_a_phone() -> None:
    assert 'data-label="Kronor"' in tables.markup(table_of(1))


def test_text_from_outside_is_escaped() -> None:
    hostile = Table("x", "<script>", COLUMNS, (Row((Cell("<img src=x>"), Cell('"', href='https://a/"><b'))),))
    markup = tables.markup(hostile)
    assert "<script>" not in markup
    assert "<img" not in markup
    assert '"><b' not in markup


def test_at_most_fifty_rows_are_sent_and_the_sum_stands_on_the_last_page() -> None:
    assert tables.markup(table_of(60)).count("<tr") == 1 + 50
    assert tables.markup(table_of(60), 50).count("<tr") == 1 + 10 + 1


def test_files_hold_every_row_exact_and_a_missing_figure_as_nothing() -> None:
    rows = (Row((tables.words("a"), tables.money(7546))), Row((tables.words("=b"), tables.money(None))))
    table = Table("x", "x", COLUMNS, rows, Row((tables.words("Summa"), tables.money(7546))))
    assert table.values() == [["a", Fraction(7546, 100)], ["=b", None], ["Summa", Fraction(7546, 100)]]
    assert downloads.csv_bytes(table).decode("utf-8-sig").splitlines()[1:] == ["a;75,46", "'=b;", "Summa;75,46"]
    assert downloads.xlsx_bytes(table).startswith(b"PK")


def test_a_long_table_has_pages_and_both_files_beside_it() -> None:
    def screen() -> None:
        from pages.components import tables
        from tests.pages.test_tables import table_of

        tables.show(table_of(60))

    test = AppTest.from_function(screen).run()
    assert len(test.get("pagination")) == 1
    assert [one.proto.label for one in test.get("download_button")] == ["Ladda ner som XLSX", "Ladda ner som CSV"]


def test_a_file_name_is_plain() -> None:
    assert downloads.safe_name(("Lerbäckens skola", "2026", "utfall")) == "lerbackens-skola-2026-utfall"
