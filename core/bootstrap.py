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
from core.usecases.context import App, reach_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.settings import Settings

VERSION = "0.1.0"


def build(settings: Settings) -> App:
    """Return the program for these settings; nothing is opened until a use case asks."""
    engine = make_engine(settings.database_url, lambda: _column_keys(settings))
    return App(
        reading=lambda actor: UnitOfWork(engine, reach_of(actor), read_only=True),
        writing=lambda actor: UnitOfWork(engine, reach_of(actor)),
        clock=lambda: datetime.now(UTC),
        holidays=load_holidays(),
        pseudonym_key=settings.pseudonym_key,
        data_folder=settings.data_folder,
        version=VERSION,
    )


def _column_keys(settings: Settings) -> Sequence[bytes]:
    """Return the keys of encrypted columns; what is wrong with them is said as a page says it."""
    try:
        return settings.column_keys()
    except SettingsError as error:
        raise ColumnKeysUnusableError(str(error)) from error


def database_answers(settings: Settings) -> bool:
    """Say whether the database can be reached and holds our tables, for the health check."""
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT COUNT(*) FROM kommun"))
    except (SQLAlchemyError, CoreError):
        return False
    finally:
        engine.dispose()
    return True
