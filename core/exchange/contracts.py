"""What a file must hold, as data: one ``Contract`` per kind, one ``Column`` per header.

The reader, the writer, the templates, the samples and the help page all read the same
contracts, so a column is described once. Headers are Swedish and order free; the field is the
name of the database column. Hour bands and age groups belong to the model, not to a file.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.base import CoreError, Sentence


class CellKind(StrEnum):
    """How the text of a cell is read and what is stored."""

    PERSON = "person"  # an identity, stored only as a keyed hash
    CODE = "code"  # text without spaces, leading zeros kept
    UNIT = "unit"  # a code that must stand in the unit register
    TEXT = "text"
    CHOICE = "choice"  # one of the column's codes
    CHOICES = "choices"  # several of the column's codes, comma separated
    FLAGS = "flags"  # free codes a-z0-9_, comma separated
    YES_NO = "yes_no"
    KOMMUN = "kommun"  # four digits
    ORGNR = "orgnr"  # ten digits, stored 212000-1234
    MONTH = "month"  # stored 202603
    YEAR = "year"
    DATE = "date"  # stored as ISO text
    LAST_DAY = "last_day"  # inclusive in the file, stored exclusive
    WHOLE = "whole"  # 0, 1, 2 …
    HUNDREDTHS = "hundredths"  # at most two decimals, stored as a whole number of hundredths
    KRONOR = "kronor"  # stored as whole öre
    DECIMAL = "decimal"  # exact decimal text
    RATIO = "ratio"  # exact decimal, stored as numerator and denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its header in the file, its field in the database, and how it is explained."""

    header: str
    field: str
    cell: CellKind
    help: str
    example: str
    required: bool = True
    codes: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    numeric: bool = False
    """A spreadsheet number is accepted as a code: it has no leading zeros to lose."""
    per_index: bool = False
    """Said on every row but true of the whole index; kept in the batch, not in the rows."""
    summed: bool = False
    """Added up for the comparison with the deliverer's own total."""
    hashed: bool = True
    """Part of the row's hash. What only names a row to its receiver is not: it changes nothing that is counted."""

    @property
    def stored(self) -> tuple[str, ...]:
        """The database columns this column fills."""
        if self.per_index:
            return ()
        return (f"{self.field}_num", f"{self.field}_den") if self.cell is CellKind.RATIO else (self.field,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniqueness:
    """What may stand once: the rows of one ``key`` share no day (or, undated, are one row).

    Rows that all carry ``shared_flag`` may share days as long as their ``apart`` field differs.
    """

    key: tuple[str, ...]
    dated: bool
    said: str
    shared_flag: str | None = None
    apart: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """One kind of file: title, columns, the table it fills, and what must be unique in it."""

    kind: str
    title: str
    table: str
    columns: tuple[Column, ...]
    unique: Uniqueness
    hashed: bool = False
    """Rows carry ``row_hash``: see ``core.exchange.row_hash``."""
    counted_by_day: bool = False
    """A row wholly outside the delivery's period counts nowhere and is worth a warning."""

    @property
    def stored(self) -> tuple[str, ...]:
        """The database columns of a row, in the order the reader yields them."""
        fields = tuple(name for column in self.columns for name in column.stored)
        return ("kommun", "batch", "row", *fields, *(("row_hash",) if self.hashed else ()))

    def column(self, field: str) -> Column:
        """Return the column that fills ``field``."""
        return next(column for column in self.columns if column.field == field)


class ImportKindUnknownError(CoreError):
    """There is no contract of that name."""

    def __init__(self, kind: str, known: tuple[str, ...]) -> None:
        self.kind = kind
        self.known = known
        super().__init__(
            Sentence("Filtypen ”{kind}” finns inte. Välj en av: {known}.", kind=kind, known=", ".join(known))
        )
