"""The program does not run as a role that row level security does not bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event

from core.base import CoreError

if TYPE_CHECKING:
    from psycopg import Connection
    from sqlalchemy import Engine

# Null before the tables are there; false for their owner, a superuser and a role with BYPASSRLS.
_IS_BOUND = "SELECT row_security_active(to_regclass('batch')), current_user"


class UnguardedRoleError(CoreError):
    """The database's policies do not bind the role that the program runs as."""

    def __init__(self, role: str) -> None:
        self.role = role
        super().__init__(
            f"Databasrollen {role} ser alla kommuners rader: den äger tabellerna, är superanvändare, har BYPASSRLS, "
            "eller så är databasen inte migrerad till programmets version. Kör python -m core migrate som ägaren, och "
            "programmet som skolkronan_app (SKOLKRONAN_DATABASE_URL). Rollerna skapas med "
            "docs/drift/postgresql-roller.sql."
        )


def refuse_unguarded_roles(engine: Engine) -> None:
    """Let no connection of ``engine`` be used that sees past the policies; raises ``UnguardedRoleError`` then."""
    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _must_be_bound)


def _must_be_bound(connection: Connection, _record: object) -> None:
    row = connection.execute(_IS_BOUND).fetchone()
    connection.rollback()
    if row is not None and row[0] is False:
        raise UnguardedRoleError(row[1])
