"""Everything that an answer tells, however it is wrapped: every text, every number, files unpacked.

Walks dataclasses, mappings, sequences and bytes; unpacks ZIP and XLSX, reads PDF, JSON, CSV and SIE.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from pypdf import PdfReader

if TYPE_CHECKING:
    from collections.abc import Iterable

HUNDRED = 100
_GAP = re.compile(r"(?<=\d)[\s\u00a0\u202f\u2009']+(?=\d{3})")  # thousands apart
_NUMBER = re.compile(r"\d+(?:[.,]\d{1,2})?(?!\d)")
_DIGEST = re.compile(
    r"\b(?:(?=[0-9a-f]*[a-f])[0-9a-f]{12,}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\b", re.IGNORECASE
)  # checksums and drawn ids: figures among their letters are no amounts
_FRACTION = re.compile(r"(?<![\d/])(\d+)/(\d+)(?![\d/])")


@dataclass(slots=True)
class Told:
    """What was told: texts as they stand, and numbers, as öre where they are kronor."""

    texts: list[str] = field(default_factory=list)
    numbers: set[Fraction] = field(default_factory=set)

    def whole(self) -> str:
        """Return all texts as one."""
        return "\n".join(self.texts)

    def amounts(self) -> set[Fraction]:
        """Return every amount that is told, in öre: a number may be öre already, or kronor."""
        found = {*self.numbers, *(one * HUNDRED for one in self.numbers)}
        text = _GAP.sub("", _DIGEST.sub(" ", self.whole()))
        for said in set(_NUMBER.findall(text)):
            number = Fraction(said.replace(",", "."))
            found |= {number, number * HUNDRED}
        for top, bottom in set(_FRACTION.findall(text)):
            if int(bottom):
                found |= {Fraction(int(top), int(bottom)), Fraction(int(top), int(bottom)) * HUNDRED}
        return found


def told(*answers: object) -> Told:
    """Return everything that answers tell."""
    found = Told()
    for answer in answers:
        _take(answer, found)
    return found


def _take(answer: object, found: Told) -> None:
    if answer is None or isinstance(answer, bool | date):
        return
    if isinstance(answer, enum.Enum):
        _take(answer.value, found)
    elif isinstance(answer, str):
        found.texts.append(answer)
    elif isinstance(answer, int | Fraction | Decimal):
        found.numbers.add(Fraction(answer))
    elif isinstance(answer, float):
        found.numbers.add(Fraction(str(answer)))
    elif isinstance(answer, bytes | bytearray):
        _unpack(bytes(answer), found)
    else:
        for part in _parts(answer):
            _take(part, found)


def _parts(answer: object) -> Iterable[object]:
    if dataclasses.is_dataclass(answer) and not isinstance(answer, type):
        return [getattr(answer, one.name) for one in dataclasses.fields(answer)]
    if isinstance(answer, dict):
        return [*answer.keys(), *answer.values()]
    if isinstance(answer, list | tuple | set | frozenset):
        return answer
    if hasattr(answer, "model_dump"):
        return [answer.model_dump()]
    msg = f"the walk does not know how to look into {type(answer).__name__}"
    raise TypeError(msg)


def _unpack(content: bytes, found: Told) -> None:
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                found.texts.append(name)
                _unpack(archive.read(name), found)
    elif content.startswith(b"%PDF"):
        texts, attachments = _read_pdf(content)
        found.texts += texts
        for attached in attachments:
            _unpack(attached, found)
    else:
        try:
            found.texts.append(content.decode("utf-8-sig"))
        except UnicodeDecodeError:
            found.texts.append(content.decode("cp437"))  # SIE


@functools.lru_cache(maxsize=100)
def _read_pdf(content: bytes) -> tuple[tuple[str, ...], tuple[bytes, ...]]:
    """Return the texts of a PDF and what is attached to it; many readers are sent the same one."""
    reader = PdfReader(io.BytesIO(content))
    said = (str(value) for value in (reader.metadata or {}).values())
    attachments = (attached for one in reader.attachments.values() for attached in one)
    return (*said, *(page.extract_text() for page in reader.pages)), tuple(attachments)
