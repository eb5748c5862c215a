"""The register rows behind a counted figure: for a purpose, one month at a time, never cached, never searchable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.drill_down import register_rows, rows_sealed
from pages.components import looking, messages, tables, text
from pages.components.ask import attempt
from pages.components.tables import Column, Row, Table, words
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.views import AllocationView, RegisterRow, RegisterRows
    from pages.components.reader import Reader

_PARTS: Final = 3


def behind(reader: Reader, view: AllocationView, key: str) -> None:
    """Offer the rows of the register that a line counts; ``key`` is ``line:step|category|period``."""
    parts = key.split("|")
    if len(parts) != _PARTS:
        return
    with st.expander(_("Rader i registret"), key=f"rows_{'-'.join(parts)}", on_change="rerun", type="compact") as box:
        if box.open:
            _rows(reader, view, parts[1], key)


def _rows(reader: Reader, view: AllocationView, category: str, key: str) -> None:
    sealed = attempt(rows_sealed, reader, view.unit.enhet, view.run.number, category)
    if sealed is not None:
        messages.note(sealed)
        return
    months = list(range(view.run.through_month, 0, -1))
    month = st.selectbox(_("Månad"), months, format_func=text.month, key=f"month_{key}")
    why = looking.purpose(reader, key)
    if why is None:
        return
    first = (st.session_state.get(f"page_rows_{key}", 1) - 1) * tables.ROWS_SHOWN
    found = attempt(
        register_rows, reader, view.unit.enhet, view.run.number, category, month,
        purpose=why, offset=first, limit=tables.ROWS_SHOWN,
    )  # fmt: skip
    if found is None:
        return
    if found.sealed:
        messages.note(found.sealed)
        return
    if found.erased_on is not None:
        looking.erased(found.erased_on)
        return
    st.html(tables.markup(_table(found, month)))
    looking.left_out(found.left_out)
    pages = -(-found.total // tables.ROWS_SHOWN)
    if pages > 1:
        st.pagination(pages, key=f"page_rows_{key}")


def _table(found: RegisterRows, month: int) -> Table:
    columns = (
        Column(_("Inläsning och rad")),
        Column(_("Elev (pseudonym)")),
        Column(_("Årskurs")),
        Column(_("Timmar per vecka"), figure=True),
        Column(_("Grupp")),
        Column(_("Från och med")),
        Column(_("Till och med")),
    )
    said = _("{n} rader räknas i {month}") if found.left_out is None else _("{n} rader visas för {month}")
    caption = said.format(n=text.number(found.total), month=text.month(month))
    return Table("registerrader", caption, columns, tuple(_row(row) for row in found.rows))


def _row(row: RegisterRow) -> Row:
    return Row(
        (
            words(_("inläsning {batch}, rad {row}").format(batch=row.batch, row=row.row)),
            words(row.elev),
            words(row.arskurs),
            tables.figure(row.hours, 2),
            words(row.group_name),
            words(text.day(row.valid_from)),
            words(text.last_day(row.valid_to)),
        )
    )
