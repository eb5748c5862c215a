"""Wire the program once: engine, units of work, clock, holiday table, key. Nobody else knows them all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.base import CoreError
from core.parameters import load_holidays
from core.settings import SettingsError
from core.store import UnitOfWork, make_engine
from core.store.column_keys import ColumnKeysUnusableError
from core.store.guarding import UnguardedRoleError, refuse_unguarded_roles
from core.usecases.context import App, reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

    from core.settings import Settings

VERSION = "0.1.0"


def build(settings: Settings) -> App:
    """Return the program for these settings; nothing is opened until a use case asks."""
    engine = _engine(settings)
    return App(
        reading=lambda actor: UnitOfWork(engine, reach_of(actor), read_only=True),
        writing=lambda actor: UnitOfWork(engine, reach_of(actor)),
        clock=lambda: datetime.now(UTC),
        holidays=load_holidays(),
        pseudonym_key=lambda: _pseudonym_key(settings),
        data_folder=settings.data_folder,
        version=VERSION,
    )


def _engine(settings: Settings) -> Engine:
    """Return the way to the database; outside the demo no role gets through that sees past the policies."""
    engine = make_engine(settings.database_url, lambda: _column_keys(settings))
    if not settings.demo:
        refuse_unguarded_roles(engine)
    return engine


class PseudonymKeyUnusableError(CoreError):
    """There is no key for pseudonyms, or none that can be used; ``said`` tells what to do."""

    def __init__(self, said: str) -> None:
        super().__init__(said)


def _pseudonym_key(settings: Settings) -> bytes:
    """Return the key of the pseudonyms; what is wrong with it is said as a page says it."""
    try:
        return settings.pseudonym_key()
    except SettingsError as error:
        raise PseudonymKeyUnusableError(str(error)) from error


def _column_keys(settings: Settings) -> Sequence[bytes]:
    """Return the keys of encrypted columns; what is wrong with them is said as a page says it."""
    try:
        return settings.column_keys()
    except SettingsError as error:
        raise ColumnKeysUnusableError(str(error)) from error


def database_answers(settings: Settings) -> bool:
    """Say whether the program can do its work on the database, for the health check."""
    try:
        return ask_database(settings)
    except UnguardedRoleError:
        return False


def ask_database(settings: Settings) -> bool:
    """Say whether the database can be reached and holds our tables; raises ``UnguardedRoleError``."""
    engine = _engine(settings)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT COUNT(*) FROM kommun"))
    except UnguardedRoleError:
        raise
    except (SQLAlchemyError, CoreError):
        return False
    finally:
        engine.dispose()
    return True
