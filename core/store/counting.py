"""Runs a declared count as SQL: one scan of a batch, its days turned into places among the counting days.

The database picks the rows, leaves out elever that a later delta names, and compares days; what
comes back is one narrow row per enrolment, and alike rows are added up in columns of integers.
(``GROUP BY`` in SQLite sorts whole rows of text: twice the time of the scan for no fewer rows read.)
Pseudonyms leave the database only for the rows that the rule of July and August may move.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from sqlalchemy import Date, Integer, and_, case, func, literal, or_, select
from sqlalchemy import Text as SqlText
from sqlalchemy import cast as sql_cast

from core.register import COUNT_FIELDS, CountGroups
from core.store.august import OPEN, AugustRule, Numbers, Spells
from core.store.tables import EnrolmentRow as Row

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import ColumnElement, Connection, Select
    from sqlalchemy.orm import InstrumentedAttribute

    from core.register import CountQuery

Ints = np.ndarray[tuple[int, ...], np.dtype[np.int64]]
PLACES = 1024  # more than a year has days: home, start and stop share one whole number
HEMKOMMUN = "hemkommun"
CHUNK = 4096  # rows at a time: tuples that die young cost the collector nothing


def run_count(connection: Connection, query: CountQuery) -> CountGroups:
    """Return the groups of ``query``'s batch, with the rule of July and August applied where it is asked for."""
    if not query.days:
        return CountGroups()
    rule = None if query.august_year is None else AugustRule(query.august_year, query.days)
    scan = _Scan()
    cursor = connection.execute(_statement(connection, query, rule)).cursor
    while rows := cursor.fetchmany(CHUNK):  # the driver's own tuples: nothing here needs conversion
        scan.take(rows, rule)
    return _groups(query, scan, rule)


class _Scan:
    """Rows taken in so far, as columns of whole numbers; text is kept once."""

    def __init__(self) -> None:
        self.enhet = Numbers[str]()
        self.facts = Numbers[tuple[Any, ...]]()
        self.spells = Spells()
        self._size = 0
        self._columns: tuple[list[Ints], ...] = ([], [], [], [])

    def take(self, rows: Sequence[tuple[Any, ...]], rule: AugustRule | None) -> None:
        """Take in rows of ``_statement``."""
        enhet, packed, hashes, *facts = zip(*rows, strict=True)
        if rule is not None:
            self.spells.take(facts.pop(), facts[0], self._size)
        self._size += len(rows)
        alike = map(self.facts.__getitem__, zip(*facts, strict=True))
        coded = (map(self.enhet.__getitem__, enhet), alike, packed, hashes)
        for column, values in zip(self._columns, coded, strict=True):
            column.append(np.fromiter(values, np.int64, len(rows)))

    def columns(self) -> list[Ints]:
        """Return enhet, facts, home, start, stop and hash by row."""
        if not self._size:
            return [np.array([], np.int64)] * 6
        enhet, alike, packed, hashes = (np.concatenate(column) for column in self._columns)
        return [enhet, alike, packed // PLACES**2, packed // PLACES % PLACES, packed % PLACES, hashes]


def _statement(connection: Connection, query: CountQuery, rule: AugustRule | None) -> Select[Any]:
    """Select enhet, home with places, hash, verksamhet, the fields, and the days and elev of a row that may move."""
    sqlite = connection.dialect.name == "sqlite"
    start = _place(query, Row.valid_from, sqlite=sqlite)
    stop = case((Row.valid_to.is_(None), len(query.days)), else_=_place(query, Row.valid_to, sqlite=sqlite))
    home = case((Row.hemkommun == query.kommun, 1), else_=0)
    columns: list[Any] = [Row.enhet, (home * PLACES + start) * PLACES + stop, Row.row_hash, Row.verksamhet]
    columns += [getattr(Row, name) for name in _fields(query)]
    if rule is not None:
        days = sql_cast(Row.valid_from, SqlText) + func.coalesce(sql_cast(Row.valid_to, SqlText), OPEN)
        columns.append(case((_may_move(rule), days + Row.elev)))
    return select(*columns).where(*_conditions(query, rule)).order_by(Row.row)  # the key's order: costs SQLite nothing


def _fields(query: CountQuery) -> tuple[str, ...]:
    """Return the columns that tell groups apart beside enhet, verksamhet and home."""
    return (*query.fields, HEMKOMMUN) if query.by_hemkommun else query.fields


def _place(query: CountQuery, column: InstrumentedAttribute[Any], *, sqlite: bool) -> ColumnElement[int]:
    """Return the number of counting days before the day in ``column``."""
    whole = len(query.days)
    if not query.every_day:
        return _halving(column, query.days, 0)
    first = literal(query.days[0], Date)
    if sqlite:
        return func.max(0, func.min(whole, sql_cast(func.julianday(column) - func.julianday(first), Integer)))
    return func.greatest(0, func.least(whole, column - first))


def _halving(column: InstrumentedAttribute[Any], days: Sequence[date], before: int) -> ColumnElement[int]:
    """Return the number of ``days`` before the day in ``column``, plus ``before``, in few comparisons."""
    if not days:
        return literal(before)
    half = len(days) // 2
    left, right = _halving(column, days[:half], before), _halving(column, days[half + 1 :], before + half + 1)
    return case((column <= days[half], left), else_=right)


def _conditions(query: CountQuery, rule: AugustRule | None) -> list[ColumnElement[bool]]:
    first, last = query.days[0], query.days[-1]
    if rule is not None:  # a row that starts after the last counting day may be moved before it
        first, last = min(first, rule.july), max(last, rule.last_of_august)
    wanted = [
        Row.kommun == query.kommun,
        Row.batch == query.batch,
        Row.verksamhet.in_(query.verksamheter),
        Row.valid_from <= last,
        or_(Row.valid_to.is_(None), Row.valid_to > first),
    ]
    if query.later_deltas:
        named = select(Row.elev).where(Row.kommun == query.kommun, Row.batch.in_(query.later_deltas))
        wanted.append(Row.elev.not_in(named))
    return wanted


def _may_move(rule: AugustRule) -> ColumnElement[bool]:
    """Say in SQL which rows start in August, or end from July on so that they may be an earlier row of one."""
    starts = Row.valid_from.between(rule.august, rule.last_of_august)
    ends = and_(Row.valid_to > rule.july, Row.valid_to <= rule.last_of_august)
    return or_(starts, ends)


def _groups(query: CountQuery, scan: _Scan, rule: AugustRule | None) -> CountGroups:
    """Return alike rows added up: same enhet, same facts, same days; rows on no counting day are left out."""
    columns = scan.columns()
    if rule is not None:
        rule.move(scan.spells, columns[0], columns[3], columns[4])
    counted = columns[3] < columns[4]
    if not counted.any():
        return CountGroups()
    enhet, alike, home, start, stop, hashes = (column[counted] for column in columns)
    key = (((enhet * len(scan.facts) + alike) * 2 + home) * PLACES + start) * PLACES + stop
    order = np.argsort(key, kind="stable")
    key = key[order]
    first = np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
    one = order[first]
    enhet_ids, kinds = list(scan.enhet), list(scan.facts)
    facts = zip(*[kinds[place] for place in alike[one].tolist()], strict=True)
    by_name: dict[str, Any] = dict.fromkeys((*COUNT_FIELDS, HEMKOMMUN), [None] * len(one))
    by_name |= {name: list(column) for name, column in zip(("verksamhet", *_fields(query)), facts, strict=True)}
    return CountGroups(
        enhet=[enhet_ids[place] for place in enhet[one].tolist()],
        **by_name,
        home=home[one].astype(bool).tolist(),
        start=start[one].tolist(),
        stop=stop[one].tolist(),
        n=np.diff(np.append(first, key.size)).tolist(),
        hash_sum=np.add.reduceat(hashes[order], first).tolist(),
    )
