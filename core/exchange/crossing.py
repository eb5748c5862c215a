"""Checks across rows: nothing is said twice for the same day. Flat in memory, same on every database.

Each sound row leaves a record of 32 bytes in an unnamed temporary file: an 80-bit digest of its
key, its days, its row, and — where a placement may be shared — the digest of what must differ.
At the end the records are taken up one share of the keys at a time, sorted by key and first
day, and swept: a row clashes when it begins before an earlier row of its key has ended.
"""

from __future__ import annotations

import tempfile
from array import array
from hashlib import blake2b
from typing import TYPE_CHECKING, Self

import numpy as np

from core.exchange.blocks import REMEMBERED
from core.exchange.contracts import CellKind
from core.exchange.faults import PeriodOverlap, RowDuplicate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy.typing as npt

    from core.exchange.contracts import Contract
    from core.exchange.faults import FaultLog

RECORD = np.dtype(
    [
        ("high", "<u8"),
        ("low", "<u2"),
        ("part", "<u2"),
        ("start", "<i4"),
        ("stop", "<i4"),
        ("row", "<i4"),
        ("apart", "<u4"),
        ("shared", "<u4"),
    ]
)
RECORDS_PER_SHARE = 200_000
_KEY_BYTES = 10
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # odd, so that equal identities in different parts fall apart
_FOREVER = 2**31 - 1
_DIGEST = np.dtype([("high", ">u8"), ("low", ">u2")])


class CrossCheck:
    """The uniqueness of one contract, gathered block by block, judged once; use as a context manager."""

    def __init__(self, contract: Contract) -> None:
        self._rule = contract.unique
        first, *others = (contract.column(field) for field in contract.unique.key)
        quick = first.cell is CellKind.PERSON and len(others) == 1 and bool(others[0].codes)
        self._parts = {code: place for place, code in enumerate(others[0].codes)} if quick else None
        self._days: dict[str, int] = _DayNumbers()
        self._marks: dict[str, int] = _Numbers()
        self._sharing: dict[str, int] = _Sharing(contract.unique.shared_flag or "")
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the check
        self._records = 0

    def __enter__(self) -> Self:
        """Give the open check."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the temporary file vanish."""
        self._file.close()

    def take(self, rows: Sequence[int], texts: Mapping[str, Sequence[str]]) -> None:
        """Take in sound rows: their numbers and canonical texts by field."""
        size = len(rows)
        records = np.zeros(size, RECORD)
        keys = np.frombuffer(self._digests(texts), _DIGEST)
        records["high"], records["low"] = keys["high"], keys["low"]
        if self._parts is not None:
            records["part"] = _look_up(self._parts, texts[self._rule.key[1]])
        records["row"] = rows
        records["stop"] = 1
        if self._rule.dated:
            records["start"] = _look_up(self._days, texts["valid_from"])
            records["stop"] = _look_up(self._days, texts["valid_to"])
        if self._rule.shared_flag and self._rule.apart:
            records["shared"] = _look_up(self._sharing, texts["flags"])
            records["apart"] = _look_up(self._marks, texts[self._rule.apart])
        self._file.write(records.tobytes())
        self._records += size

    def _digests(self, texts: Mapping[str, Sequence[str]]) -> bytes:
        if self._parts is not None:
            return bytes.fromhex("".join(texts[self._rule.key[0]]))
        joined = map("\x1f".join, zip(*(texts[field] for field in self._rule.key), strict=True))
        return b"".join(blake2b(text.encode(), digest_size=_KEY_BYTES).digest() for text in joined)

    def report(self, log: FaultLog) -> None:
        """Log every clash, on the later of its two rows."""
        clashes = array("q")
        for records in self._shares():
            for row, other in _clashes(records):
                clashes.extend((max(row, other), min(row, other)))
        found = np.frombuffer(clashes, np.int64).reshape(-1, 2)
        kind = PeriodOverlap if self._rule.dated else RowDuplicate
        for row, other in found[np.argsort(found[:, 0], kind="stable")]:
            log.add(kind(f"rad {other}", self._rule.said), int(row))

    def _shares(self) -> Iterator[npt.NDArray[np.void]]:
        """Yield, share by share of the keys, the records whose key recurs, sorted by key, first day and row."""
        shares = self._records // RECORDS_PER_SHARE + 1
        for share in range(shares):
            self._file.seek(0)
            taken = [np.empty(0, RECORD)]
            while data := self._file.read(RECORDS_PER_SHARE * RECORD.itemsize):
                records = np.frombuffer(data, RECORD)
                taken.append(records[records["high"] % shares == share] if shares > 1 else records)
            records = _recurring(np.concatenate(taken))
            yield records[np.lexsort([records[name] for name in ("row", "start", "part", "low", "high")])]


def _recurring(records: npt.NDArray[np.void]) -> npt.NDArray[np.void]:
    """Return the records whose key may stand more than once; in a sound register that is next to none."""
    keys = records["high"] + records["part"].astype(np.uint64) * _SPREAD
    ordered = np.sort(keys)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return records[np.isin(keys, twice)]


def _look_up(numbers: Mapping[str, int], texts: Sequence[str]) -> npt.NDArray[np.int64]:
    return np.fromiter(map(numbers.__getitem__, texts), np.int64, len(texts))


class _DayNumbers(dict[str, int]):
    """Days as numbers in order; empty is for ever."""

    def __missing__(self, day: str) -> int:
        number = int(np.datetime64(day).astype("datetime64[D]").astype(np.int64)) if day else _FOREVER
        self[day] = number
        return number


class _Numbers(dict[str, int]):
    """Texts numbered as they come."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


class _Sharing(dict[str, int]):
    """Whether a list of flags holds the one that lets a placement be shared."""

    def __init__(self, flag: str) -> None:
        super().__init__()
        self._flag = flag

    def __missing__(self, flags: str) -> int:
        if len(self) >= REMEMBERED:
            self.clear()
        shared = self[flags] = int(self._flag in flags.split(","))
        return shared


def _clashes(records: npt.NDArray[np.void]) -> Iterator[tuple[int, int]]:
    """Yield ``(row, other row)`` for each row that begins before an earlier one of its key has ended."""
    if len(records) < 2:  # noqa: PLR2004 - a pair
        return
    keys = records[["high", "low", "part"]]
    group = np.concatenate([[0], np.cumsum(keys[1:] != keys[:-1])]).astype(np.int64) << 32
    ended = np.maximum.accumulate(group + records["stop"].astype(np.int64))
    clashing = group[1:] + records["start"][1:] < ended[:-1]
    for number in np.unique(group[1:][clashing]):
        here = slice(int(np.searchsorted(group, number)), int(np.searchsorted(group, number, side="right")))
        yield from _sweep(records[here])


def _sweep(records: npt.NDArray[np.void]) -> Iterator[tuple[int, int]]:
    """Hold each of one key's rows, by first day, against the longest earlier one it may not share days with."""
    longest: tuple[int, int] | None = None
    longest_unshared: tuple[int, int] | None = None
    longest_at: dict[int, tuple[int, int]] = {}
    columns = (records[name].tolist() for name in ("start", "stop", "row", "apart", "shared"))
    for start, stop, row, apart, shared in zip(*columns, strict=True):
        rivals = [longest_unshared, longest_at.get(apart)] if shared else [longest]
        other = max((one for one in rivals if one is not None and start < one[0]), default=None)
        if other is not None:
            yield row, other[1]
        mine = (stop, row)
        longest = max(longest or mine, mine)
        if not shared:
            longest_unshared = max(longest_unshared or mine, mine)
        longest_at[apart] = max(longest_at.get(apart, mine), mine)
