"""Every statement that the program sends is looked at: each table with a kommun that it touches is tied to one.

A table is tied when the statement says ``table.kommun = '9901'`` with a kommun within reach, or ``table.kommun =
other.kommun`` of a table that is tied. In WHERE and ON only what must hold counts, never one side of an OR.
What may be asked before a kommun is known (``ASKED_FIRST``) is tied to who asks instead.

``watch()`` listens to every unit of work of this process; a statement that is not tied fails where it is sent.
"""

from __future__ import annotations

import sys
from collections import Counter
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
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from sqlalchemy import ClauseElement, Connection

    from core.store import Reach

CORE = str(Path(__file__).resolve().parents[2] / "core")
PUBLIC = {"kommun"}
"""Codes and names of kommuner are told to anyone; they are written within reach only."""
ASKED_FIRST = {"account": "subject", "role_grant": "subject", "invitation": "code_hash"}
TEXTS = ("set_config('skolkronan.",)
"""The only SQL that the store writes as text within a unit of work: how far it reaches."""
SEEN: Counter[tuple[str, str]] = Counter()
"""How many statements of the program have touched a table, by what they did and its name."""


class UntiedError(AssertionError):
    """A statement reads or writes rows of a kommun without saying which."""


def faults(statement: ClauseElement, reach: Reach, rows: Iterable[dict[str, Any]] = ()) -> list[str]:
    """Return what a statement touches without a kommun; ``rows`` are the values sent along."""
    if isinstance(statement, TextClause):
        return [] if any(one in statement.text for one in TEXTS) else [f"text: {statement.text}"]
    if isinstance(statement, Insert):
        return _faults_of_insert(statement, reach, list(rows))
    touched, held = _touched(statement), list(_held(statement))
    tied = _tied(held, reach)
    names = [(one, _table(one)) for one in touched]
    _count(statement, (table for _, table in names if table is not None))
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
    _count(statement, [table])  # type: ignore[list-item]  # we only insert into tables
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


def _tied(held: list[ColumnElement[Any]], reach: Reach) -> set[int]:
    """Return the tables tied to a kommun, those tied through another too."""
    pairs = [
        (one.left, one.right) for one in held if isinstance(one, BinaryExpression) and one.operator is operators.eq
    ]
    pairs += [(right, left) for left, right in pairs]
    tied: set[int] = set()
    while True:
        more = {
            hash(left.table)
            for left, right in pairs
            if isinstance(getattr(left, "table", None), FromClause) and _ties(left, right, tied, reach)
        }
        if more <= tied:
            return tied
        tied |= more


def _ties(left: Any, right: Any, tied: set[int], reach: Reach) -> bool:  # noqa: ANN401 - two sides of any comparison
    if isinstance(right, BindParameter):
        if left.name == "kommun":
            return right.effective_value in reach.kommuner
        table = _table(left.table)
        asked = None if table is None else ASKED_FIRST.get(table.name)
        return left.name == asked and (asked != "subject" or right.effective_value == reach.subject)
    other = getattr(right, "table", None)
    return left.name == "kommun" and getattr(right, "name", None) == "kommun" and hash(other) in tied


def _table(one: FromClause) -> Table | None:
    if isinstance(one, Alias):
        return _table(one.element)
    return Base.metadata.tables.get(one.name) if isinstance(one, Table) else None


def _count(statement: ClauseElement, tables: Iterable[Table]) -> None:
    what = type(statement).__name__.lower()
    SEEN.update((what, table.name) for table in tables)
