"""The payment file of a month: one row per huvudman and unit, as docs/betalfil.md says.

UTF-8 with a byte order mark, semicolons, decimal comma: what a spreadsheet and the payment systems' own mappings
read. Amounts are kronor with two decimals, written from whole öre without a float.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.exchange.cells import shielded

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

CSV_TYPE = "text/csv; charset=utf-8"
COLUMNS = (
    "referens", "betalningsdag", "period", "organisationsnummer", "huvudman", "enhet", "enhetens_namn", "belopp_kr",
    "varav_manadsbelopp_kr", "varav_avrundning_kr", "varav_rattelse_kr", "varav_efter_overklagande_kr",
    "varav_aterkrav_kr",
)  # fmt: skip
ORE_PER_KRONA = 100


@dataclass(frozen=True, slots=True)
class PaymentFileRow:
    """One row: öre in all, and by kind in the order of the columns."""

    reference: str
    pay_on: date | None
    period: str
    huvudman: str
    huvudman_name: str
    enhet: str
    name: str
    amount_ore: int
    by_kind_ore: tuple[int, ...]


def payment_csv(rows: Iterable[PaymentFileRow]) -> bytes:
    """Return the file."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        day = "" if row.pay_on is None else row.pay_on.isoformat()
        words = (row.reference, day, row.period, row.huvudman, row.huvudman_name, row.enhet, row.name)
        writer.writerow([*map(shielded, words), kronor_text(row.amount_ore), *map(kronor_text, row.by_kind_ore)])
    return out.getvalue().encode("utf-8-sig")


def kronor_text(ore: int) -> str:
    """Return öre as ``-1234,50``."""
    whole, rest = divmod(abs(ore), ORE_PER_KRONA)
    return f"{'-' if ore < 0 else ''}{whole},{rest:02d}"
