"""A small reader of SIE 4 for the tests: what an importer sees of a file, and nothing more (SIE edition 4B)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction

TOKEN = re.compile(r'"((?:[^"\\]|\\.)*)"|(\{[^}]*\})|([^\s"{}]+)')


@dataclass
class Row:
    """A transaction: kronor, debit positive."""

    account: str
    objects: tuple[tuple[str, str], ...]
    amount: Fraction


@dataclass
class Voucher:
    """A voucher with its rows."""

    series: str
    day: str
    rows: list[Row] = field(default_factory=list)


@dataclass
class Sie:
    """A file: single records by label, what is declared, and the vouchers."""

    order: list[str] = field(default_factory=list)
    fields: dict[str, list[str]] = field(default_factory=dict)
    accounts: dict[str, str] = field(default_factory=dict)
    objects: dict[tuple[str, str], str] = field(default_factory=dict)
    vouchers: list[Voucher] = field(default_factory=list)


def tokens(line: str) -> list[str]:
    """Return label and fields; an object list stays one field with its braces."""
    return [
        match[1].replace('\\"', '"') if match[1] is not None else match[2] or match[3] for match in TOKEN.finditer(line)
    ]


def read_sie(content: bytes) -> Sie:
    """Return the file, read as code page 437."""
    sie = Sie()
    for line in content.decode("cp437").splitlines():
        label, *fields = tokens(line.strip()) or [""]
        label = label.upper()
        if label == "#KONTO":
            sie.accounts[fields[0]] = fields[1]
        elif label == "#OBJEKT":
            sie.objects[fields[0], fields[1]] = fields[2]
        elif label == "#VER":
            sie.vouchers.append(Voucher(fields[0], fields[2]))
        elif label == "#TRANS":
            pairs = tokens(fields[1].strip("{}"))
            objects = tuple(zip(pairs[::2], pairs[1::2], strict=True))
            sie.vouchers[-1].rows.append(Row(fields[0], objects, Fraction(fields[2])))
        elif label.startswith("#") and label not in {"#DIM", "#BTRANS", "#RTRANS"}:
            sie.order.append(label)
            sie.fields[label] = fields
    return sie
