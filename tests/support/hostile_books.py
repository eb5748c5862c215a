"""Workbooks of our own making, part by part, with the damages that only a workbook can have."""

from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from tests.support.hostile import damages

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.hostile import Damage, Table

CELL_TYPES = ("inlineStr", "str", "n", "b", "e", "d", "s", "formula", "date", "")
XML_DAMAGES = (
    "typed",
    "typed",
    "typed",
    "typed",
    "far",
    "twice_cell",
    "no_place",
    "xml",
    "dimension",
    "hidden",
    "no_sheet",
    "part_gone",
    "part_twice",
    "doctype",
    "external",
    "macro",
    "shared",
    "rename",
)
_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ROOT = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_BOOK_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="rId1" Type="{_RELS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELS}/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId3" Type="{_RELS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_BOOK = (
    f'<?xml version="1.0"?><workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>'
    '<sheet name="Blad" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
_STYLES = (
    f'<?xml version="1.0"?><styleSheet xmlns="{_MAIN}"><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def letters(place: int) -> str:
    """Return a column's letters, 0 = A."""
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        text = chr(65 + rest) + text
    return text


def _xml_text(text: str) -> str:
    allowed = (
        sign
        for sign in text
        if sign in "\t\n\r" or "\x20" <= sign <= "\ud7ff" or "\ue000" <= sign <= "\ufffd" or sign > "\uffff"
    )
    return escape("".join(allowed))


def _cell(place: str, text: str, kind: str) -> str:
    said = _xml_text(text)
    match kind:
        case "inlineStr":
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{said}</t></is></c>'
        case "formula":
            return f'<c r="{place}" t="str"><f>{said}</f><v>{said}</v></c>'
        case "date":
            return f'<c r="{place}" s="1"><v>{said}</v></c>'
        case "":
            return f'<c r="{place}"><v>{said}</v></c>'
    return f'<c r="{place}" t="{kind}"><v>{said}</v></c>'


def workbook(table: Table, found: Sequence[Damage] = ()) -> bytes:
    """Return the cells as a workbook of our own making, with the damages that only a workbook can have."""
    cells = {
        (row, column): _cell(f"{letters(column)}{row + 1}", text, "inlineStr")
        for row, line in enumerate(table)
        for column, text in enumerate(line)
        if text
    }
    parts = {
        "[Content_Types].xml": _TYPES, "_rels/.rels": _ROOT, "xl/workbook.xml": _BOOK,
        "xl/_rels/workbook.xml.rels": _BOOK_RELS, "xl/styles.xml": _STYLES,
        "xl/sharedStrings.xml": f'<?xml version="1.0"?><sst xmlns="{_MAIN}"><si><t>G001</t></si></sst>',
    }  # fmt: skip
    extra, dimension = "", ""
    for what, place, other, text in found:
        row, column = place % max(len(table), 1), other % max(len(table[0]) if table else 1, 1)
        if what == "typed":
            kind = CELL_TYPES[(place + other) % len(CELL_TYPES)]
            cells[row, column] = _cell(f"{letters(column)}{row + 1}", text, kind)
        elif what == "far":
            far = 10 ** (place % 8)
            cells[far, column] = _cell(f"{letters(other ** (place % 3) % 20_000)}{far}", text, "inlineStr")
        elif what == "twice_cell":
            cells[row, 10_000 + column] = _cell(f"{letters(column)}{row + 1}", text, "inlineStr")
        elif what == "no_place":
            cells[row, 10_000 + column] = f'<c t="str"><v>{_xml_text(text)}</v></c>'
        elif what == "xml":
            extra += _xml_text(text).replace("&lt;", "<").replace("&gt;", ">")
        elif what == "dimension":
            dimension = f'<dimension ref="A1:{letters(other * 40)}{10 ** (place % 9)}"/>'
        else:
            _hurt_parts(parts, what, place, text)
    rows: dict[int, list[str]] = {}
    for (row, _), cell in sorted(cells.items()):
        rows.setdefault(row, []).append(cell)
    body = "".join(f'<row r="{row + 1}">{"".join(line)}</row>' for row, line in rows.items())
    parts["xl/worksheets/sheet1.xml"] = (
        f'<?xml version="1.0"?><worksheet xmlns="{_MAIN}">{dimension}<sheetData>{body}</sheetData>{extra}</worksheet>'
    )
    gone = [one[1] for one in found if one[0] == "part_gone"]
    names = [name for place, name in enumerate(sorted(parts)) if place not in {one % len(parts) for one in gone}]
    return zipped(
        [(name, parts[name]) for name in names] + [(names[0], "x") for one in found if one[0] == "part_twice" and names]
    )


def _hurt_parts(parts: dict[str, str], what: str, place: int, text: str) -> None:
    book, said = parts["xl/workbook.xml"], _xml_text(text).replace('"', "")
    match what:
        case "hidden":
            parts["xl/workbook.xml"] = book.replace('sheetId="1"', 'sheetId="1" state="hidden"')
        case "no_sheet":
            parts["xl/workbook.xml"] = book.replace('<sheet name="Blad" sheetId="1" r:id="rId1"/>', "")
        case "rename":
            parts["xl/workbook.xml"] = book.replace('name="Blad"', f'name="{said}"')
        case "doctype":
            entity = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b "&a;&a;&a;">]>'
            target = sorted(parts)[place % len(parts)]
            parts[target] = parts[target].replace('<?xml version="1.0"?>', f'<?xml version="1.0"?>{entity}')
        case "external":
            targets = ("../../../etc/passwd", 'http://x/y" TargetMode="External', said)
            parts["xl/_rels/workbook.xml.rels"] = _BOOK_RELS.replace("worksheets/sheet1.xml", targets[place % 3])
        case "macro":
            parts["xl/vbaProject.bin"] = text
        case "shared":
            parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}" count="{place**4}">' + "<si><r><t>x</t></r></si>" * (
                place % 50
            )


def zipped(parts: Sequence[tuple[str, str | bytes]], *, level: int = 1) -> bytes:
    """Return an archive of the parts, names given twice included."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the same name twice is what is wanted
        for name, content in parts:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


WORKBOOK = damages(XML_DAMAGES)
