"""Files as somebody who means harm, or a broken program, would send them: valid samples, damaged.

Every damage is a small tuple of plain values, so that hypothesis shrinks it to what matters: ``(what, place, other,
text)``. ``csv_file`` and ``workbook`` build the file; ``bytes_damaged`` then hurts the bytes themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from core.exchange import CONTRACTS
from core.exchange.samples import SAMPLES

if TYPE_CHECKING:
    from collections.abc import Sequence

Damage = tuple[str, int, int, str]
Table = list[list[str]]

PERSON = "19121212-1212"  # the example that Skatteverket itself uses
PERSONS = (PERSON, "191212121212", "121212-1212", "1212121212", "121212+1212", "121212–1212", "19121212 1212")
NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\r",
    "\n",
    "\r\n",
    "\t",
    "\x0b\x0c",
    "\x1e",
    "\x1f",
    "\x7f",
    "\x85",
    "\u2028",
    "\ufeff",
    "\u200b",
    "\u202e",
    "\u2067cba\u2069",
    "e\u0301",
    "\U0001f600",
    "\U000e0041",
    "\ufffe",
    "a" * 501,
    "å" * 70_000,
    "x" * 140_000,
    "9" * 5_000,
    "0" * 400 + "1",
    "0000-00-00",
    "0000-01-01",
    "0001-01-01",
    "1899-12-31",
    "1900-01-01",
    "2199-12-31",
    "2200-01-01",
    "9999-12-31",
    "10000-01-01",
    "2026-02-30",
    "20260815",
    "2026-W33-6",
    "2026-8-1",
    "\uff12\uff10\uff12\uff16-01-01",
    "2026-13",
    "0000-01",
    "9999-12",
    "1e999",
    "1E5",
    "-1e-999",
    "NaN",
    "nan",
    "inf",
    "Infinity",
    "-inf",
    "0x10",
    "1_000",
    "+5",
    "--5",
    "-5",
    "\u22125",
    "1,2,3",
    "1.234,50",
    "1 234,5",
    "1\u00a0234",
    "\uff11\uff12\uff13",
    "\u0661\u0662\u0663",
    "\u00b2",
    "\u2460",
    "999999999999999",
    "9999999999999999",
    "999999999999999,99",
    "0,000000000000001",
    "-0",
    "00",
    "1/0",
    "1/3",
    "true",
    "False",
    "None",
    "null",
    "#REF!",
    '"',
    '""',
    '"""',
    'a"b',
    '"öppen',
    "';",
    ";",
    ",",
    "a;b",
    "|",
    "\\",
    "'",
    "'=1",
    "''",
    "´",  # noqa: RUF001 - ambiguous is what is wanted
    "=1+1",
    "=cmd|' /C calc'!A0",
    "@SUM(A1)",
    "+cmd",
    "-2+3",
    "\uff1d1",
    '=HYPERLINK("http://x")',
    "%2e%2e",
    "../../x",
    "C:\\x",
    "'; DROP TABLE batch; --",
    "1 OR 1=1",
    "<script>alert(1)</script>",
    "<img src=x onerror=y>",
    "&amp;",
    "{{7*7}}",
    "${x}",
    "{found}",
    "{0}",
    "%s%n",
    "ja",
    "nej",
    "JA",
    "G001",
    "g001",
    "F001",
    "grundskola",
    "forskola",
    "skogsskola",
    "F",
    "4",
    "10",
    "-1",
    "ALLA",
    "*",
    "pseudonym:",
    "pseudonym:0123456789abcdef0123",
    "pseudonym:zz",
    *PERSONS,
    f"namn {PERSON} här",
)
TABLE_DAMAGES = (
    "cell",
    "cell",
    "cell",
    "cell",
    "head",
    "drop_column",
    "twice_column",
    "swap_columns",
    "drop_row",
    "twice_row",
    "long_row",
    "short_row",
    "no_head",
    "blank_rows",
    "headless_column",
    "all_cells_of_column",
)
BYTE_DAMAGES = (
    "flip",
    "cut",
    "insert",
    "nul",
    "twice",
    "bom",
    "bom16",
    "cr",
    "utf16",
    "cp1252",
    "latin_bytes",
    "lines",
    "none",
)
_FREE = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXTS = st.sampled_from(NASTY) | _FREE
PLACES = st.integers(0, 400)


def damages(what: Sequence[str], *, most: int = 3) -> st.SearchStrategy[list[Damage]]:
    """Return lists of damages of the kinds named."""
    return st.lists(st.tuples(st.sampled_from(what), PLACES, PLACES, TEXTS), min_size=0, max_size=most)


TABLE = damages(TABLE_DAMAGES)
BYTES = damages(BYTE_DAMAGES, most=2)


def sample_table(kind: str) -> Table:
    """Return the sample of a kind as cells, header first."""
    header = [column.header for column in CONTRACTS[kind].columns]
    return [header, *([*row, *[""] * (len(header) - len(row))] for row in SAMPLES[kind])]


def table_damaged(table: Table, found: Sequence[Damage]) -> Table:
    """Return the cells with every damage done, in order."""
    rows = [list(row) for row in table]
    for what, place, other, text in found:
        if rows and rows[0]:
            _hurt(rows, what, place, other, text)
    return rows


def _hurt(rows: Table, what: str, place: int, other: int, text: str) -> None:  # noqa: C901, PLR0912, PLR0915 - a branch each
    row = rows[place % len(rows)]
    column = other % max(len(rows[0]), 1)
    match what:
        case "cell" if column < len(row):
            row[column] = text
        case "head":
            rows[0][column] = text
        case "drop_column":
            for one in rows:
                del one[column : column + 1]
        case "twice_column":
            for one in rows:
                one.insert(place % (len(one) + 1), one[column] if column < len(one) else "")
        case "swap_columns":
            for one in rows[1:]:
                one.reverse()
        case "drop_row":
            del rows[place % len(rows)]
        case "twice_row":
            rows.append(list(row))
        case "long_row":
            row.extend([text] * (other % 30 + 1))
        case "short_row":
            del row[column:]
        case "no_head":
            del rows[0]
        case "blank_rows":
            rows[place % len(rows) : 0] = [[""] * len(row)] * (other % 5)
        case "headless_column":
            for one in rows[1:]:
                one.append(text)
            rows[0].append("")
        case "all_cells_of_column":
            for one in rows[1:]:
                if column < len(one):
                    one[column] = text


def csv_file(table: Table, *, delimiter: str = ";", quoted: bool = False) -> bytes:
    """Return the cells as text; without ``quoted`` nothing is protected, as a careless program writes."""
    lines = []
    for row in table:
        cells = ['"' + cell.replace('"', '""') + '"' for cell in row] if quoted else row
        lines.append(delimiter.join(cells))
    return ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass")


def bytes_damaged(content: bytes, found: Sequence[Damage]) -> bytes:
    """Return the bytes with every damage done, in order."""
    for what, place, other, text in found:
        content = _bytes_hurt(content, what, (place * 401 + other) % (len(content) + 1), other, text)
    return content


def _bytes_hurt(content: bytes, what: str, at: int, other: int, text: str) -> bytes:  # noqa: C901, PLR0911 - the same
    match what:
        case "flip":
            return (
                content[:at] + bytes([(content[at] if at < len(content) else 0) ^ (1 << other % 8)]) + content[at + 1 :]
            )
        case "cut":
            return content[:at]
        case "insert":
            return content[:at] + text.encode("utf-8", "surrogatepass") + content[at:]
        case "nul":
            return content[:at] + b"\x00" * (other % 4 + 1) + content[at:]
        case "twice":
            return content + content[at:]
        case "bom":
            return b"\xef\xbb\xbf" * (other % 2 + 1) + content
        case "bom16":
            return b"\xff\xfe" + content
        case "cr":
            return content.replace(b"\n", b"\r" if other % 2 else b"\r\n")
        case "utf16":
            return content.decode("utf-8", "replace").encode("utf-16-le" if other % 2 else "utf-16")
        case "cp1252":
            return content.decode("utf-8", "replace").encode("cp1252", "replace")
        case "latin_bytes":
            return content[:at] + bytes([0x80 + other % 128]) + content[at:]
        case "lines":
            return content[:at] + b"\n" * (other % 9) + content[at:]
    return content
