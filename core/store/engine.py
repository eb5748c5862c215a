"""The way to the database: SQLite tuned for one writer and many readers, or PostgreSQL through psycopg.

Both engines are made to answer alike: explicit transactions, foreign keys on, moments in UTC,
and a broken constraint raised as a ``CoreError``.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import StaticPool

from core.base import CoreError
from core.store.encrypted import hand_keys
from core.store.errors import (
    DatabaseAddressError,
    DatabaseBusyError,
    DatabaseDamagedError,
    DatabaseFullError,
    DatabaseReadOnlyError,
    DatabaseUnreachableError,
    RowRefusedError,
    ValueUnfitError,
)

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Sequence

    from sqlalchemy import URL, Dialect
    from sqlalchemy.engine import ExceptionContext

BUSY_TIMEOUT_MS = 15_000
READ_ONLY = "store_read_only"
PATIENCE_MS = "store_patience_ms"
PRAGMAS = (
    "journal_mode=WAL",  # readers never wait for the writer
    "synchronous=NORMAL",  # safe with WAL against a killed process; a power cut may lose the last commit, never more
    "foreign_keys=ON",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "cache_size=-65536",  # 64 MiB: a kommun's year fits
    "mmap_size=268435456",
    "temp_store=MEMORY",
)


def make_engine(url: str | URL, column_keys: Callable[[], Sequence[bytes]] | None = None) -> Engine:
    """Return an engine for ``sqlite:///…`` or ``postgresql://…``; nothing is opened until it is used.

    ``column_keys`` gives the keys of encrypted columns when the first is read or written; without it they cannot be.
    """
    address = _address(url)
    engine = _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)
    event.listen(engine, "handle_error", _raise_core_error)
    hand_keys(engine, column_keys)
    return engine


def _address(url: str | URL) -> URL:
    try:
        address = make_url(url)
    except ArgumentError as error:
        raise DatabaseAddressError from error
    if address.get_backend_name() not in {"sqlite", "postgresql"}:
        raise DatabaseAddressError
    return address


def _sqlite(address: URL) -> Engine:
    options: dict[str, Any] = {"hide_parameters": True}  # an error or a log never repeats what a row was to say
    if address.database in {None, "", ":memory:"}:  # one connection, or each would get a database of its own
        options |= {"poolclass": StaticPool, "connect_args": {"check_same_thread": False}}
    engine = create_engine(address, **options)
    event.listen(engine, "do_connect", _private_from_the_start)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgresql(address: URL) -> Engine:
    return create_engine(
        address.set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"options": "-c timezone=UTC"},
    )


def _private_from_the_start(_dialect: Dialect, _record: object, arguments: list[Any], _named: dict[str, Any]) -> None:
    """Make a file that is not there readable by its owner alone; SQLite gives what it puts beside it the same rights.

    SQLite itself would let every user of the machine read the elever. A file that is there keeps what its owner chose.
    """
    name = str(arguments[0]) if arguments else ""
    if name in {"", ":memory:"} or name.startswith("file:"):
        return
    with suppress(OSError):  # it is there already, or SQLite says why it cannot be made
        os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # the driver's own implicit BEGIN comes too late to protect a read
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    """Begin reading, or take the write lock at once: a read that later turns to writing could not wait for it."""
    options = connection.get_execution_options()
    read_only, patience = options.get(READ_ONLY, False), options.get(PATIENCE_MS)
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if read_only else 'OFF'}")
    if patience is None:
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
        return
    as_ever = connection.exec_driver_sql("PRAGMA busy_timeout").scalar()
    connection.exec_driver_sql(f"PRAGMA busy_timeout={int(patience)}")
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={as_ever}")  # the connection goes back to the pool


def _raise_core_error(context: ExceptionContext) -> None:
    """Raise what a person can mend as a ``CoreError``; everything else stays what it is."""
    if isinstance(context.original_exception, CoreError):  # said while a value was being encrypted
        raise context.original_exception
    if context.dialect is not None:
        told = _unfit(context) or as_core_error(context.dialect, context.original_exception)
        lost = context.is_disconnect or context.connection is None
        if told is None and lost and isinstance(context.sqlalchemy_exception, OperationalError):
            told = DatabaseUnreachableError(str(context.original_exception).splitlines()[0])
        if told is not None and not (isinstance(told, DatabaseReadOnlyError) and _only_reads(context.connection)):
            raise told from context.original_exception


def _unfit(context: ExceptionContext) -> CoreError | None:
    """Return that a value fits no column, never in the driver's words: they may hold the value itself."""
    unfit = (OverflowError, context.dialect.loaded_dbapi.DataError)
    return ValueUnfitError() if isinstance(context.original_exception, unfit) else None


def _only_reads(connection: Connection | None) -> bool:
    """Tell whether we asked for reading only: what then tries to write is a bug."""
    return connection is not None and connection.get_execution_options().get(READ_ONLY, False)


def as_core_error(dialect: Dialect, fault: BaseException) -> CoreError | None:
    """Return the driver's fault as one that a person can mend, or None when it is a bug."""
    driver = dialect.loaded_dbapi
    if isinstance(fault, driver.IntegrityError):
        return RowRefusedError(str(fault).splitlines()[0])  # the row's values may follow on later lines
    said = str(fault)
    if isinstance(fault, driver.OperationalError):
        if "database is locked" in said:
            return DatabaseBusyError()
        if "readonly database" in said:
            return DatabaseReadOnlyError(said)
        if "disk is full" in said:
            return DatabaseFullError()
    if isinstance(fault, driver.DatabaseError) and ("not a database" in said or "malformed" in said):
        return DatabaseDamagedError(said)
    return None
