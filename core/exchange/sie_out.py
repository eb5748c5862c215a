"""An internal voucher as SIE 4I: the file that a ledger takes in (SIE edition 4B, 2008-09-30).

Code page 437, one record to a line with CR and LF, fields in quotes, amounts in kronor with two decimals: debit is
positive, credit negative. A voucher that does not sum to nothing is refused here, before a ledger refuses it.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence, format_kr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date


SIE = "application/octet-stream"
CODE_PAGE = "cp437"
ORE_PER_KRONA, FIRST_PRINTED, DELETE = 100, 32, 127
_STAND_INS = str.maketrans({"–": "-", "—": "-", "−": "-", "”": "'", "“": "'", "’": "'", "\u00a0": " ", "\u202f": " "})


class VoucherUnbalancedError(CoreError):
    """Debit and credit differ."""

    def __init__(self, difference_ore: int) -> None:
        self.difference_ore = difference_ore
        super().__init__(
            Sentence(
                "Verifikationen balanserar inte: {difference_ore} skiljer. Filen skrivs inte; kontrollera "
                "utbetalningens rader.",
                difference_ore=format_kr(difference_ore, decimals=True),
            )
        )


@dataclass(frozen=True, slots=True)
class SieCompany:
    """Whose books, in which program, for which year."""

    name: str
    orgnr: str
    program: str
    version: str
    made_on: date
    year: int


@dataclass(frozen=True, slots=True)
class SieRow:
    """One row of a voucher; ``objects`` are (dimension, code)."""

    account: int
    objects: tuple[tuple[int, str], ...]
    amount_ore: int
    text: str


@dataclass(frozen=True, slots=True)
class SieVoucher:
    """A voucher without number: the ledger gives it one."""

    series: str
    day: date
    text: str
    rows: tuple[SieRow, ...]


def sie_file(
    company: SieCompany,
    accounts: Mapping[int, str],
    dimensions: Mapping[int, str],
    objects: Sequence[tuple[int, str, str]],
    vouchers: Sequence[SieVoucher],
) -> bytes:
    """Return the file; raises ``VoucherUnbalancedError``."""
    for voucher in vouchers:
        difference = sum(row.amount_ore for row in voucher.rows)
        if difference:
            raise VoucherUnbalancedError(difference)
    lines = [
        *_identification(company),
        *(_record("#KONTO", str(number), quoted(name)) for number, name in sorted(accounts.items())),
        *(_record("#DIM", str(number), quoted(name)) for number, name in sorted(dimensions.items())),
        *(_record("#OBJEKT", str(number), quoted(code), quoted(name)) for number, code, name in objects),
        *(line for voucher in vouchers for line in _voucher(voucher)),
    ]
    return "".join(f"{line}\r\n" for line in lines).encode(CODE_PAGE)


def quoted(text: str) -> str:
    """Return a text as a field: in quotes, quotes inside escaped, what code page 437 lacks replaced."""
    return '"' + _plain(text).replace('"', '\\"') + '"'


def amount_text(ore: int) -> str:
    """Return öre as ``-1234.50``."""
    kronor, rest = divmod(abs(ore), ORE_PER_KRONA)
    return f"{'-' if ore < 0 else ''}{kronor}.{rest:02d}"


def _identification(company: SieCompany) -> Iterator[str]:
    yield _record("#FLAGGA", "0")
    yield _record("#PROGRAM", quoted(company.program), quoted(company.version))
    yield _record("#FORMAT", "PC8")
    yield _record("#GEN", _day(company.made_on))
    yield _record("#SIETYP", "4")
    yield _record("#ORGNR", company.orgnr)
    yield _record("#FNAMN", quoted(company.name))
    yield _record("#RAR", "0", f"{company.year}0101", f"{company.year}1231")


def _voucher(voucher: SieVoucher) -> Iterator[str]:
    day = _day(voucher.day)
    yield _record("#VER", quoted(voucher.series), '""', day, quoted(voucher.text))
    yield "{"
    for row in voucher.rows:
        objects = " ".join(f"{quoted(str(number))} {quoted(code)}" for number, code in row.objects)
        yield "  " + _record(
            "#TRANS", str(row.account), f"{{{objects}}}", amount_text(row.amount_ore), day, quoted(row.text)
        )
    yield "}"


def _record(label: str, *fields: str) -> str:
    return " ".join((label, *fields))


def _day(day: date) -> str:
    return f"{day:%Y%m%d}"


def _plain(text: str) -> str:
    """Return text that code page 437 has: a letter without its accent, else a question mark that can be seen."""
    return "".join(_letters(text.translate(_STAND_INS)))


def _letters(text: str) -> Iterable[str]:
    for letter in text:
        if ord(letter) < FIRST_PRINTED or ord(letter) == DELETE:
            yield " "
        elif _has(letter):
            yield letter
        else:
            base = unicodedata.normalize("NFKD", letter)[0]
            yield base if _has(base) else "?"


def _has(letter: str) -> bool:
    try:
        letter.encode(CODE_PAGE)
    except UnicodeEncodeError:
        return False
    return True
