"""Files to take along: a shown table as XLSX and CSV, a derivation as JSON, made when the reader asks for them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import streamlit as st

from core.exchange.table_files import table_csv, table_xlsx
from pages.components import present, text
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.base import Derivation
    from pages.components.tables import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv"


def csv_bytes(table: Table) -> bytes:
    """Return the table as CSV."""
    return table_csv([column.title for column in table.columns], table.values())


def xlsx_bytes(table: Table) -> bytes:
    """Return the table as a workbook."""
    return table_xlsx(table.caption, [column.title for column in table.columns], table.values())


def buttons(table: Table, key: str) -> None:
    """Offer the table as XLSX and CSV; the file is made when the reader clicks."""
    with st.container(horizontal=True, key=f"files_{key}"):
        for suffix, mime, make in (("xlsx", XLSX, xlsx_bytes), ("csv", CSV, csv_bytes)):
            button(
                _("Ladda ner som {format}").format(format=suffix.upper()),
                lambda make=make: make(table),  # type: ignore[misc]  # bound now, called later
                f"{table.name}.{suffix}",
                mime,
                key=f"{suffix}_{key}",
            )


def button(label: str, make: Callable[[], bytes], file_name: str, mime: str, *, key: str) -> None:
    """Show one download button; ``make`` runs on click, in the language of the page, for who is still there."""
    asked = text.in_language(present.asked_again(make))
    st.download_button(
        label, asked, file_name, mime, key=key, on_click="ignore", type="tertiary", icon=":material/download:"
    )


def derivation_json(tree: Derivation) -> bytes:
    """Return a derivation as JSON, values exact as ``numerator/denominator``."""
    return json.dumps(tree.to_json(), ensure_ascii=False, indent=2).encode()


def safe_name(parts: Sequence[str]) -> str:
    """Return a file name of ``parts``: letters, digits and hyphens."""
    joined = "-".join(parts).lower().translate(str.maketrans("åäöé", "aaoe"))
    return re.sub(r"[^a-z0-9_]+", "-", joined).strip("-")
