"""Every statement that the program sends is looked at: each table with a kommun that it touches is tied to one.

A table is tied when the statement says ``table.kommun = '9901'`` with a kommun within reach, or ``table.kommun =
other.kommun`` of a table that is tied. In WHERE and ON only what must hold counts, never one side of an OR.
What may be asked before a kommun is known (``ASKED_FIRST``) is tied to who asks instead.

``watch()`` listens to every unit of work of this process; a statement that is not tied fails where it is sent.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import BindParameter, Delete, Insert, Select, Table, TextClause, Update, event
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ColumnElement, Grouping
from sqlalchemy.sql.selectable import Alias, FromClause, Join

from core.store import UnitOfWork
from core.store.tables import Base

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import FrameType

    from sqlalchemy import ClauseElement, Connection

    from core.store import Reach

CORE = str(Path(__file__).resolve().parents[2] / "core")
PUBLIC = {"kommun"}
"""Codes and names of kommuner are told to anyone; they are written within reach only."""
ASKED_FIRST = {"account": "subject", "role_grant": "subject", "invitation": "code_hash"}
Pair = tuple[Any, Any]
"""The two sides of an equality; the left is a column."""
TEXTS = ("set_config('skolkronan.",)
"""The only SQL that the store writes as text within a unit of work: how far it reaches."""


class UntiedError(AssertionError):
    """A statement reads or writes rows of a kommun without saying which."""


def faults(statement: ClauseElement, reach: Reach, rows: Iterable[dict[str, Any]] = ()) -> list[str]:
    """Return what a statement touches without a kommun; ``rows`` are the values sent along."""
    if isinstance(statement, TextClause):
        return [] if any(one in statement.text for one in TEXTS) else [f"text: {statement.text}"]
    if isinstance(statement, Insert):
        return _faults_of_insert(statement, reach, list(rows))
    key = statement._generate_cache_key()
    if key is None:
        return _faults(statement, reach, _pairs(statement))
    if (known := _KINDS.get(key.key)) is None:
        known = _KINDS[key.key] = _Kind(tuple(_looked_at(_pairs(statement), key.bindparams)))
    fits = tuple(_fits(name, key.bindparams[place], reach) for place, name in known.looked_at)
    if fits not in known.faults:
        known.faults[fits] = tuple(_faults(statement, reach, _pairs(statement)))
    return list(known.faults[fits])


@dataclass(frozen=True, slots=True)
class _Kind:
    """Statements that differ in their values alone, as SQLAlchemy tells them apart when it keeps what it has compiled.

    Each is examined once for every way in which the values that matter are within reach or not; the program sends the
    same few hundred again and again.
    """

    looked_at: tuple[tuple[int, str], ...]
    """The places of the values that say how far the statement goes, and the columns that they are held against."""
    faults: dict[tuple[bool, ...], tuple[str, ...]] = field(default_factory=dict)


_KINDS: dict[tuple[Any, ...], _Kind] = {}


def _looked_at(pairs: list[Pair], values: Sequence[BindParameter[Any]]) -> Iterator[tuple[int, str]]:
    for left, right in pairs:
        if isinstance(right, BindParameter) and left.name in {"kommun", *ASKED_FIRST.values()}:
            yield next(place for place, one in enumerate(values) if one is right), left.name


def _fits(column: str, value: BindParameter[Any], reach: Reach) -> bool:
    """Say whether what a column is held against lies within reach."""
    if column == "kommun":
        return value.effective_value in reach.kommuner
    return column != "subject" or value.effective_value == reach.subject


def _faults(statement: ClauseElement, reach: Reach, pairs: list[Pair]) -> list[str]:
    tied = _tied(pairs, reach)
    names = [(one, _table(one)) for one in _touched(statement)]
    return [
        table.name
        for one, table in names
        if table is not None and "kommun" in table.columns and hash(one) not in tied
        if not (table.name in PUBLIC and isinstance(statement, Select))
    ]


def watch() -> Iterator[None]:
    """Look at the statements of every unit of work until the end."""
    enter = UnitOfWork.__enter__

    def entered(work: UnitOfWork) -> UnitOfWork:
        opened = enter(work)
        event.listen(opened.connection, "before_execute", _look)
        return opened

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UnitOfWork, "__enter__", entered)
        yield


def _look(
    connection: Connection,
    statement: ClauseElement,
    many: list[dict[str, Any]],
    one: dict[str, Any],
    options: Any,  # noqa: ANN401 - SQLAlchemy's
) -> None:
    reach = connection.get_execution_options().get("store_reach")
    if reach is None or not _sent_by_the_program():
        return
    if found := faults(statement, reach, many or ([one] if one else [])):
        raise UntiedError(f"{', '.join(found)}: ingen kommun i {statement}")


def _sent_by_the_program() -> bool:
    """Say whether the nearest code of ours is the program's: a test may look anywhere."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        file = frame.f_code.co_filename
        if "site-packages" not in file and file != __file__:
            return file.startswith(CORE)
        frame = frame.f_back
    return False


def _faults_of_insert(statement: Insert, reach: Reach, rows: list[dict[str, Any]]) -> list[str]:
    table = statement.table
    if "kommun" not in table.columns:
        return []
    values = rows or [statement.compile().params]
    return [] if all(row.get("kommun") in reach.kommuner for row in values) else [table.name]


def _touched(statement: ClauseElement) -> list[FromClause]:
    """Return the tables and aliases of tables that a statement and its subqueries read or write."""
    found: dict[int, FromClause] = {}
    for part in visitors.iterate(statement):
        if isinstance(part, Select):
            sources = list(part.get_final_froms())
        elif isinstance(part, Update | Delete):
            sources = [part.table]
        else:
            continue
        while sources:
            one = sources.pop()
            if isinstance(one, Join):
                sources += [one.left, one.right]
            else:
                found[hash(one)] = one
    return list(found.values())


def _held(statement: ClauseElement) -> Iterator[ColumnElement[Any]]:
    """Yield what must hold of the rows: the parts of WHERE and ON that stand under AND alone."""
    for part in visitors.iterate(statement):
        if isinstance(part, Select | Update | Delete):
            for condition in part._where_criteria:
                yield from _parts(condition)
        if isinstance(part, Select):
            joins = [one for one in part.get_final_froms() if isinstance(one, Join)]
            while joins:
                join = joins.pop()
                joins += [one for one in (join.left, join.right) if isinstance(one, Join)]
                if join.onclause is not None:
                    yield from _parts(join.onclause)


def _parts(condition: Any) -> Iterator[ColumnElement[Any]]:  # noqa: ANN401 - any expression
    if isinstance(condition, Grouping):
        yield from _parts(condition.element)
    elif isinstance(condition, BooleanClauseList) and condition.operator is operators.and_:
        for one in condition.clauses:
            yield from _parts(one)
    else:
        yield condition


def _pairs(statement: ClauseElement) -> list[Pair]:
    """Return what must be equal for a row to be met, each way round."""
    pairs = [
        (one.left, one.right)
        for one in _held(statement)
        if isinstance(one, BinaryExpression) and one.operator is operators.eq
    ]
    pairs += [(right, left) for left, right in pairs]
    return [(left, right) for left, right in pairs if isinstance(getattr(left, "table", None), FromClause)]


def _tied(pairs: list[Pair], reach: Reach) -> set[int]:
    """Return the tables tied to a kommun, those tied through another too."""
    tied: set[int] = set()
    while True:
        more = {hash(left.table) for left, right in pairs if _ties(left, right, tied, reach)}
        if more <= tied:
            return tied
        tied |= more


def _ties(left: Any, right: Any, tied: set[int], reach: Reach) -> bool:  # noqa: ANN401 - two sides of any comparison
    if isinstance(right, BindParameter):
        table = _table(left.table)
        asked = None if table is None else ASKED_FIRST.get(table.name)
        return left.name in {"kommun", asked} and _fits(left.name, right, reach)
    other = getattr(right, "table", None)
    return left.name == "kommun" and getattr(right, "name", None) == "kommun" and hash(other) in tied


def _table(one: FromClause) -> Table | None:
    if isinstance(one, Alias):
        return _table(one.element)
    return Base.metadata.tables.get(one.name) if isinstance(one, Table) else None
