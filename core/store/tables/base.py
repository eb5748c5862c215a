"""What every table shares: column types by meaning, names of constraints, the clustered form.

Text that is compared or sorted by machine has the collation ``C`` on PostgreSQL, so that both
engines sort in byte order, as ``core.base.distribute`` does. Moments are kept in UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import DeclarativeBase, mapped_column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Dialect

CODE_TYPE = Text().with_variant(Text(collation="C"), "postgresql")

CLUSTERED: dict[str, Any] = {"sqlite_with_rowid": False}
"""SQLite keeps such a table in its primary key alone: one tree to write and to scan instead of two."""


class UtcMoment(TypeDecorator[datetime]):
    """A moment with its time zone on both engines; SQLite itself would forget the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC; a moment without a zone is a bug and raises ``ValueError``."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the stored moment as UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Code = Annotated[str, mapped_column(CODE_TYPE)]
Prose = Annotated[str, mapped_column(Text)]
Number = Annotated[int, mapped_column(Integer)]
Big = Annotated[int, mapped_column(BigInteger)]
Flag = Annotated[bool, mapped_column(Boolean)]
Day = Annotated[date, mapped_column(Date)]
Moment = Annotated[datetime, mapped_column(UtcMoment)]


class Base(DeclarativeBase):
    """The mother of all tables; its metadata is what the migrations must arrive at."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(referred_table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        }
    )


def is_one_of(column: str, codes: Iterable[str]) -> CheckConstraint:
    """Return the check that a column holds one of ``codes``.

    Written out with OR: SQLite builds the list of an IN anew for each row, which doubles the time
    of writing a run's lines.
    """
    listed = " OR ".join(f"{column} = '{code}'" for code in codes)
    return CheckConstraint(listed, name=f"{column}_known")


def refers_to(table: str, **columns: str) -> ForeignKeyConstraint:
    """Return a foreign key within the kommun: ``refers_to("batch", batch="number")``."""
    return ForeignKeyConstraint(
        ["kommun", *columns], [f"{table}.kommun", *(f"{table}.{theirs}" for theirs in columns.values())]
    )


def of_kommun() -> ForeignKeyConstraint:
    """Return the foreign key to the kommun whose books these are."""
    return refers_to("kommun")


def half_open() -> CheckConstraint:
    """Return the check that a row's days are a range with at least one day."""
    return CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name="days_in_order")
