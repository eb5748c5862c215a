"""Real HTML tables: caption, headers with scope, cards on a phone, at most 50 rows a page, files beside.

A cell has a text to show and a raw value for the files. Streamlit's own table cannot say which cell
is a row's header, so the markup is ours; every text is escaped.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import streamlit as st

from pages.components import downloads, text
from pages.components.text import _

ROWS_SHOWN = 50
# A date is never broken at its hyphens or blanks: "2026-11-22 14:05", "22 Nov 2026, 14:05".
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?|\b\d{1,2} [A-Z][a-z]{2,3} \d{4}(, \d{2}:\d{2})?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading; figures stand to the right."""

    title: str
    figure: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """What is shown, and the raw value that files carry (kronor as an exact fraction)."""

    shown: str
    raw: Fraction | int | str | None = None
    swedish: bool = False  # the municipality's own words: marked as Swedish on an English page
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row; the first cell is its header. ``look`` is a class of the style sheet: l1, l2, l3 or sum."""

    cells: tuple[Cell, ...]
    look: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table ready to show; ``name`` becomes the file name."""

    name: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    foot: Row | None = None
    pairs: bool = False  # two columns of name and value: stays a list on a phone

    @property
    def all_rows(self) -> tuple[Row, ...]:
        """The rows with the sum last."""
        return self.rows if self.foot is None else (*self.rows, self.foot)

    def values(self) -> list[list[Fraction | int | str | None]]:
        """Return what files carry, row by row: the raw value, or the words where there is none."""
        return [
            [cell.shown if cell.raw is None and cell.shown != text.ABSENT else cell.raw for cell in row.cells]
            for row in self.all_rows
        ]


def money(ore: int | Fraction | None, *, exact: bool = False) -> Cell:
    """Return an amount: shown in kronor, kept exact."""
    return Cell(text.kr(ore, exact=exact), None if ore is None else Fraction(ore) / text.ORE_PER_KRONA)


def change(ore: int | None) -> Cell:
    """Return a difference with its sign written out."""
    return money(ore) if ore is None else Cell(text.signed_kr(ore), Fraction(ore) / text.ORE_PER_KRONA)


def figure(value: Fraction | int | None, places: int = 1) -> Cell:
    """Return a figure, or a dash for a missing one."""
    return Cell(text.count(value, places), value)


def words(shown: str | None, *, swedish: bool = False, href: str | None = None) -> Cell:
    """Return a text; ``swedish`` for words that came from the municipality, or from the core without a translation."""
    said = text.told(shown or "")
    return Cell(said or shown or text.ABSENT, said or shown or "", swedish or said is None, href)


def show(table: Table, *, files: bool = True) -> None:
    """Show the table, its pages when it is long, and its files."""
    first = 0
    pages = -(-len(table.rows) // ROWS_SHOWN)
    holder = st.container()
    if pages > 1:
        chosen = st.pagination(pages, key=f"page_{table.name}")
        first = (chosen - 1) * ROWS_SHOWN
    holder.html(markup(table, first))
    if files:
        downloads.buttons(table, table.name)


def markup(table: Table, first: int = 0) -> str:
    """Return the table as HTML, rows ``first`` to ``first + 49``."""
    head = "".join(
        f'<th scope="col" role="columnheader"{_right(column)}>{html.escape(column.title)}</th>'
        for column in table.columns
    )
    shown = table.rows[first : first + ROWS_SHOWN]
    body = "".join(_row(table, row) for row in shown)
    last_page = first + ROWS_SHOWN >= len(table.rows)
    foot = f'<tfoot role="rowgroup">{_row(table, table.foot)}</tfoot>' if table.foot and last_page else ""
    # Roles are written out: on a phone rows become cards, and display: block would strip them of their meaning.
    look = "sk pairs" if table.pairs else "sk"
    return (
        f'<table class="{look}" role="table"><caption>{html.escape(table.caption)}</caption>'
        f'<thead role="rowgroup"><tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody>{foot}</table>'
    )


def _row(table: Table, row: Row) -> str:
    look = f' class="{row.look}"' if row.look else ""
    cells = [f'<th scope="row" role="rowheader">{_content(row.cells[0])}</th>']
    for column, cell in zip(table.columns[1:], row.cells[1:], strict=True):
        cells.append(f'<td role="cell" data-label="{html.escape(column.title)}"{_right(column)}>{_content(cell)}</td>')
    return f'<tr role="row"{look}>{"".join(cells)}</tr>'


def _content(cell: Cell) -> str:
    shown = text.foreign(cell.shown) if cell.swedish else html.escape(cell.shown)
    shown = _DATE.sub(r'<span class="sk-date">\g<0></span>', shown)
    if cell.href:
        return f'<a href="{html.escape(cell.href)}" target="_blank" rel="noopener">{shown}</a>'
    return f"<span>{shown}</span>" if shown else ""


def _right(column: Column) -> str:
    return ' class="n"' if column.figure else ""


def behind(table: Table, key: str) -> None:
    """Show the table behind a picture, closed until asked for, so that a closed one costs nothing."""
    with st.expander(
        _("Tabell: {caption}").format(caption=text.plain(table.caption)), key=key, on_change="rerun"
    ) as box:
        if box.open:
            show(table)
