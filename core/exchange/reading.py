"""Reading a delivered file: chunks of rows ready for the store, and every fault at once.

    delivery = read("enrolments", path, ImportContext(kommun="9901", key=key, enhet_ids=known))
    for rows in delivery.chunks(batch=7):
        writer.write(rows)              # columns: CONTRACTS["enrolments"].stored
    delivery.issues, delivery.counts, delivery.totals

``sha256`` and faults of the file as a whole are known before the first chunk. Faulty rows are
left out of the chunks; whether the batch is then refused is the use case's decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any, Protocol

from core.exchange.arskurs_rule import check_arskurser
from core.exchange.conversion import Storer, converter_of
from core.exchange.crossing import CrossCheck
from core.exchange.csv_source import CsvSource
from core.exchange.faults import ColumnUnnamed, FaultLog, FileEmpty, FileWithoutRows, shown
from core.exchange.header import columns_of, folded
from core.exchange.pseudonym import Pseudonymiser
from core.exchange.register_contracts import contract_of
from core.exchange.row_hash import row_hashes
from core.exchange.row_rules import IndexFacts, SoundRows, check_period, fault_rows
from core.exchange.succession_contract import SuccessionCheck
from core.exchange.survey import survey
from core.exchange.xlsx_guard import guard
from core.exchange.xlsx_source import XlsxSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from core.base import DateRange, Issue
    from core.exchange.blocks import Block
    from core.exchange.contracts import Column, Contract

Row = tuple[Any, ...]


class Progress(Protocol):
    """Told after each block how far the reading has come."""

    def __call__(self, rows: int, bytes_done: int, bytes_total: int, /) -> None:
        """Take in rows read so far, bytes read so far, and the file's size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportContext:
    """What a file is read against: whose it is, the key for pseudonyms, its period, the known units."""

    kommun: str
    key: bytes
    period: DateRange | None = None
    enhet_ids: frozenset[str] | None = None


class Chunk:
    """Rows ready for the store: give it to ``executemany`` as it is, or walk it; each row is made when asked for."""

    __slots__ = ("_columns", "_size")

    def __init__(self, size: int, columns: Sequence[Iterable[Any]]) -> None:
        self._size = size
        self._columns = columns

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._size

    def __iter__(self) -> Iterator[Row]:
        """Walk the rows; may be done again."""
        return zip(*self._columns, strict=False)  # kommun and batch repeat without end


class Import:
    """One file being read; ``chunks`` may be asked once, and the findings grow as it goes."""

    def __init__(
        self, contract: Contract, path: Path, context: ImportContext, progress: Progress | None, file_name: str
    ) -> None:
        self.contract = contract
        self.file = file_name
        self.rows_read = 0
        self.rows_ready = 0
        self.totals: dict[str, int] = {column.field: 0 for column in contract.columns if column.summed}
        self._path = path
        self._context = context
        self._progress = progress or _silent
        self._log = FaultLog(self.file)
        self._index = IndexFacts(contract)
        self._successions = SuccessionCheck(contract)
        self._survey = survey(path)
        fault = self._survey.fault or (guard(path) if self._survey.file_format == "xlsx" else None)
        self._readable = fault is None
        if fault is not None:
            self._log.add(fault, self._survey.row)

    @property
    def sha256(self) -> str:
        """The file's own hash, in hexadecimal."""
        return self._survey.sha256

    @property
    def size(self) -> int:
        """The file's size in bytes."""
        return self._survey.size

    @property
    def issues(self) -> Sequence[Issue]:
        """The first 1 000 faults of each code, in the order of discovery."""
        return self._log.issues

    @property
    def counts(self) -> dict[str, int]:
        """How many faults of each code, kept or not."""
        return dict(self._log.counts)

    @property
    def error_count(self) -> int:
        """How many faults forbid acceptance."""
        return self._log.error_count

    @property
    def warning_count(self) -> int:
        """How many faults are only worth knowing."""
        return self._log.warning_count

    @property
    def meta(self) -> dict[str, dict[str, Any]]:
        """Facts about whole indexes by index name; empty for other kinds."""
        return self._index.facts

    def chunks(self, batch: int, *, absent: float | None = None) -> Iterator[Chunk]:
        """Yield rows in the order of ``contract.stored``; ``absent`` stands for NULL.

        A driver that binds ``None`` slowly may ask for another mark (SQLite stores a bound NaN as
        NULL); columns that are never absent never hold it.
        """
        if not self._readable:
            return
        known = {column.header for column in self.contract.columns}
        with CrossCheck(self.contract) as crossing:
            if self._survey.file_format == "xlsx":
                with XlsxSource(self._path, self._survey.size, self.file) as sheet:
                    columns = columns_of(self.contract, sheet.header, self._log)
                    sheet.read_as(columns)
                    yield from self._rows(
                        _Plan(self, sheet.header, columns, batch, absent), sheet.blocks(len(columns)), crossing
                    )
            else:
                with CsvSource(self._path, self._survey, self._log, lambda name: folded(name) in known) as text:
                    columns = columns_of(self.contract, text.header, self._log)
                    yield from self._rows(
                        _Plan(self, text.header, columns, batch, absent), text.blocks(len(columns)), crossing
                    )
            crossing.report(self._log)
        self._successions.report(self._log)
        self._finish(columns)

    def _rows(self, plan: _Plan, blocks: Iterator[Block], crossing: CrossCheck) -> Iterator[Chunk]:
        if not any(plan.columns):
            return  # a header without one known column: the rows would only repeat that
        for block in blocks:
            self.rows_read += len(block.rows)
            sound = plan.sound_rows(block)
            if plan.complete:
                sound = self._successions.take(sound, self._log)
            if plan.complete and sound.rows:
                crossing.take(sound.rows, sound.texts)
                for field in self.totals:
                    self.totals[field] += sum(map(int, filter(None, sound.texts[field])))
                self.rows_ready += len(sound.rows)
                yield plan.stored(sound)
            self._progress(self.rows_read, block.bytes_done, self._survey.size)

    def _finish(self, columns: Sequence[Column | None]) -> None:
        if not columns and not self._log.error_count:
            self._log.add(FileEmpty(None, "en rubrikrad och minst en rad under den"))
        elif not self.rows_read and any(columns) and not self._log.error_count:
            self._log.add(FileWithoutRows(None, "minst en rad under rubrikraden"))


def _silent(rows: int, bytes_done: int, bytes_total: int) -> None:
    """Tell nobody."""


class _Plan:
    """How the columns of one file become rows: converters and storers, made once."""

    def __init__(
        self,
        delivery: Import,
        header: Sequence[str],
        columns: Sequence[Column | None],
        batch: int,
        absent: float | None,
    ) -> None:
        context, contract = delivery._context, delivery.contract  # noqa: SLF001 - the plan is a part of the import
        pseudonymiser = Pseudonymiser(context.key, context.kommun)
        self.columns = columns
        self._header = header
        self.complete = all(column in columns or not column.required for column in contract.columns)
        self._log, self._index = delivery._log, delivery._index  # noqa: SLF001 - the same
        self._contract, self._context, self._batch = contract, context, batch
        self._converters = [
            None if column is None else converter_of(column, pseudonymiser, context.enhet_ids) for column in columns
        ]
        self._storers = [Storer(column, absent) for column in contract.columns]
        self._period = context.period if contract.counted_by_day else None
        self._unnamed_told = False

    def sound_rows(self, block: Block) -> SoundRows:
        """Return the canonical texts of a block without its faulty rows, whose faults are logged."""
        texts: dict[str, Sequence[Any]] = {}
        faulty = []
        for header, column, converter, cells in zip(
            self._header, self.columns, self._converters, block.columns, strict=True
        ):
            if column is None or converter is None:
                self._tell_unnamed(block, header, cells)
                continue
            texts[column.field] = converted = converter.convert(cells)
            if converter.faulty:
                faulty += fault_rows(block.rows, converted, column.header)
        for column in self._contract.columns:
            texts.setdefault(column.field, [""] * len(block.rows))
        self._log.add_all(faulty)
        sound = SoundRows(block.rows, texts).without({row for row, _, _ in faulty})
        if self.complete:
            sound = check_period(sound, self._period, self._log)
            sound = check_arskurser(sound, self._log)
            sound = self._index.check(sound, self._log)
        return sound

    def _tell_unnamed(self, block: Block, header: str, cells: Sequence[Any]) -> None:
        """Log the first cell that stands in a column without a header; an unknown header is told of already."""
        if header.strip() or self._unnamed_told:
            return
        for row, cell in zip(block.rows, cells, strict=True):
            if cell:
                self._unnamed_told = True
                self._log.add(ColumnUnnamed(shown(str(cell)), "en rubrik över varje kolumn som är ifylld"), row)
                return

    def stored(self, sound: SoundRows) -> Chunk:
        """Return rows as the database wants them."""
        columns: list[Iterable[Any]] = [repeat(self._context.kommun), repeat(self._batch), sound.rows]
        for column, storer in zip(self._contract.columns, self._storers, strict=True):
            columns += storer.store(sound.texts[column.field])
        if self._contract.hashed:
            columns.append(row_hashes([sound.texts[one.field] for one in self._contract.columns if one.hashed]))
        return Chunk(len(sound.rows), columns)


def read(
    kind: str, path: Path, context: ImportContext, progress: Progress | None = None, *, file_name: str | None = None
) -> Import:
    """Return the import of a file of ``kind``; raises ``ImportKindUnknownError`` or ``FileMissingError``.

    ``file_name``: what the deliverer calls the file, when it lies here under another name (an upload).
    """
    return Import(contract_of(kind), path, context, progress, file_name or path.name)
