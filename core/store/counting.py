"""Runs a declared count as SQL: one scan of a batch, alike rows as one group.

``start`` and ``stop`` are places among the counting days, worked out in the database; the rows of
children never leave it, save the few that the rule of July and August moves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from core.register import COUNT_FIELDS, CountGroups

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

    from core.register import CountQuery

JULY, AUGUST = 7, 8
GROUP_COLUMNS = ("enhet", "verksamhet", *COUNT_FIELDS, "home", "start", "stop", "n", "hash_sum")


def run_count(connection: Connection, query: CountQuery) -> CountGroups:
    """Return the groups of ``query``'s batch, with the rule of July and August applied where it is asked for."""
    rows: list[Sequence[Any]] = list(_scan(connection, query))
    if query.august_year is not None:
        rows.extend(_august(connection, query))
    groups = CountGroups()
    if rows:
        for name, column in zip(GROUP_COLUMNS, zip(*rows, strict=True), strict=True):
            setattr(groups, name, list(column))
    return groups


def _bound(connection: Connection, query: CountQuery, **days: date) -> dict[str, Any]:
    """Return bound values; SQLite keeps days as ISO text, PostgreSQL as dates."""
    sqlite = connection.dialect.name == "sqlite"
    named = {f"d{place}": day for place, day in enumerate(query.days)} if not query.every_day else {"d0": query.days[0]}
    values: dict[str, Any] = {name: day.isoformat() if sqlite else day for name, day in {**named, **days}.items()}
    values |= {"kommun": query.kommun, "batch": query.batch, "size": len(query.days)}
    values |= {f"v{place}": name for place, name in enumerate(query.verksamheter)}
    return values | {f"l{place}": number for place, number in enumerate(query.later_deltas)}


def _place(connection: Connection, query: CountQuery, column: str, *, open_end: bool) -> str:
    """Return SQL for the number of counting days before the day in ``column``."""
    whole = len(query.days)
    null = f"WHEN {column} IS NULL THEN {whole} " if open_end else ""
    if not query.every_day:
        steps = " ".join(f"WHEN {column} <= :d{place} THEN {place}" for place in range(whole))
        return f"CASE {null}{steps} ELSE {whole} END"
    if connection.dialect.name == "sqlite":
        between = f"MAX(0, MIN({whole}, CAST(julianday({column}) - julianday(:d0) AS INTEGER)))"
    else:
        between = f"GREATEST(0, LEAST({whole}, {column} - CAST(:d0 AS DATE)))"
    return f"CASE {null}ELSE {between} END" if null else between


def _where(query: CountQuery) -> str:
    verksamheter = ", ".join(f":v{place}" for place in range(len(query.verksamheter)))
    where = f"e.kommun = :kommun AND e.batch = :batch AND e.verksamhet IN ({verksamheter})"
    if query.later_deltas:
        deltas = ", ".join(f":l{place}" for place in range(len(query.later_deltas)))
        where += f" AND e.elev NOT IN (SELECT elev FROM enrolment WHERE kommun = :kommun AND batch IN ({deltas}))"
    return where


def _scan(connection: Connection, query: CountQuery) -> Iterable[Sequence[Any]]:
    fields = ", ".join(f"e.{name}" for name in query.fields)
    keys = ", ".join(["enhet", "verksamhet", *query.fields, "home", "start", "stop"])
    start = _place(connection, query, "e.valid_from", open_end=False)
    stop = _place(connection, query, "e.valid_to", open_end=True)
    inner = (
        f"SELECT e.enhet, e.verksamhet, {fields + ', ' if fields else ''}e.hemkommun = :kommun AS home, "  # noqa: S608 - names of our own, values bound
        f"{start} AS start, {stop} AS stop, e.row_hash FROM enrolment e WHERE {_where(query)}"
    )
    statement = (
        f"SELECT enhet, verksamhet, {_padded(query)}, home, start, stop, COUNT(*), CAST(SUM(row_hash) AS BIGINT) "  # noqa: S608 - the same
        f"FROM ({inner}) AS counted WHERE start < stop GROUP BY {keys}"
    )
    return connection.execute(text(statement), _bound(connection, query)).all()


def _padded(query: CountQuery, prefix: str = "") -> str:
    """Return the count fields, NULL where the query does not ask for them."""
    return ", ".join(f"{prefix}{name}" if name in query.fields else f"NULL AS {name}" for name in COUNT_FIELDS)


@dataclass(frozen=True, slots=True)
class _Spell:
    """A row that the rule of July and August may move."""

    group: tuple[Any, ...]
    enhet: str
    valid_from: date
    valid_to: date | None
    row_hash: int


def _august(connection: Connection, query: CountQuery) -> Iterator[tuple[Any, ...]]:
    """Yield groups that count August starters from 1 July, and take away where they came from.

    The rule is stated in ``core.register.counting``; only the elev's first row that starts in August moves.
    """
    year = query.august_year or 0
    july, august, september = date(year, JULY, 1), date(year, AUGUST, 1), date(year, AUGUST + 1, 1)
    columns = f"enhet, verksamhet, {_padded(query)}, hemkommun = :kommun AS home"
    spell = "elev, row, valid_from, valid_to, row_hash"
    statement = f"""
        WITH spell AS (SELECT {columns}, {spell} FROM enrolment e WHERE {_where(query)} AND e.valid_from < :september),
        ender AS MATERIALIZED (SELECT * FROM spell WHERE valid_to > :july AND valid_to <= :september),
        starter AS MATERIALIZED (
          SELECT spell.* FROM spell LEFT JOIN ender AS stayed ON stayed.elev = spell.elev
            AND stayed.verksamhet = spell.verksamhet AND stayed.enhet = spell.enhet
            AND stayed.valid_to = spell.valid_from
          WHERE spell.valid_from >= :august AND stayed.elev IS NULL)
        SELECT starter.*, ender.* FROM starter LEFT JOIN ender
          ON ender.elev = starter.elev AND ender.verksamhet = starter.verksamhet AND ender.valid_to <= starter.valid_from
        ORDER BY starter.row, ender.row
    """  # noqa: S608 - names of our own, values bound
    bound = _bound(connection, query, july=july, august=august, september=september)
    width = len(COUNT_FIELDS) + 3
    rows = connection.execute(text(statement), bound).all()
    for _, joined in groupby(rows, key=lambda row: row[width + 1]):
        pairs = [(_spell(row, 0, width), _spell(row, width + 5, width)) for row in joined]
        starter = pairs[0][0]
        before = [ender for _, ender in pairs if ender is not None]
        if starter is not None and not any(ender.valid_from >= august for ender in before):
            yield from _moved(query, starter, before, july)


def _spell(row: Sequence[Any], at: int, width: int) -> _Spell | None:
    if row[at] is None:
        return None
    _, _, valid_from, valid_to, row_hash = row[at + width : at + width + 5]
    return _Spell(tuple(row[at : at + width]), row[at], _day(valid_from), valid_to and _day(valid_to), row_hash)


def _day(value: str | date) -> date:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _moved(query: CountQuery, starter: _Spell, before: list[_Spell], july: date) -> Iterator[tuple[Any, ...]]:
    stayed = [one.valid_to for one in before if one.enhet == starter.enhet and one.valid_to is not None]
    counts_from = max(stayed) if stayed else july
    yield from _between(query, starter, counts_from, starter.valid_from, 1)
    if not stayed:
        for one in before:
            yield from _between(query, one, max(july, one.valid_from), one.valid_to, -1)


def _between(query: CountQuery, spell: _Spell, first: date, after: date | None, sign: int) -> Iterator[tuple[Any, ...]]:
    start = sum(day < first for day in query.days)
    stop = len(query.days) if after is None else sum(day < after for day in query.days)
    if start < stop:
        yield (*spell.group, start, stop, sign, sign * spell.row_hash)
