"""What the program's own role may do on PostgreSQL: exactly what it needs, table by table.

The role ``skolkronan_app`` reads everything its policies let it see and adds rows. It changes rows only of the tables
in ``CHANGED`` and removes rows only where ``is_removed_from`` says so: what a run froze, what a delivery said, and the
audit chain cannot be rewritten by the program, whatever bug it may have. It never empties, alters or owns a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from core.store.tables import Base

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

APP_ROLE = "skolkronan_app"
CHANGED = {
    "kommun": "UPDATE (name)",  # a writer that takes numbers locks the row, which asks for a right to change it
    "batch": "UPDATE",
    "funding_model": "UPDATE (state)",
    "run": "UPDATE",
    "scenario": "UPDATE",
    "decision": "UPDATE",
    "payment": "UPDATE",
    "recovery": "UPDATE",
    "flag": "UPDATE",
    "account": "UPDATE",
    "role_grant": "UPDATE",
    "invitation": "UPDATE",
    "login": "UPDATE",
    "local_account": "UPDATE",
    "key_stamp": "UPDATE",
    "batch_issue": "UPDATE (found, message)",  # encrypted anew with a new key
    "enrolment": "UPDATE (referens)",  # retention
    "case_amount": "UPDATE (elev)",  # retention
    "audit_entry": "UPDATE (payload, salt)",  # retention; the trigger lets only both go, to nothing
}
REMOVED_FROM = frozenset(
    {
        "run",  # a draft that nobody decided, with its parts
        "enrolment", "staff", "case_amount", "batch_issue",  # rows of old deliveries
        "login",  # logins that ended long ago
    }
)  # fmt: skip
"""What retention removes; nothing else is ever removed."""
# The tables here that this role may give away rights to.
_OWN_TABLES = text(
    "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') "
    "AND pg_has_role(relowner, 'USAGE') ORDER BY relname"
)


def is_removed_from(table: Table) -> bool:
    """Say whether the program ever removes rows of a table: what retention does, and the parts of a run."""
    return table.name in REMOVED_FROM or "run" in table.primary_key.columns


def rights_on(table: str) -> tuple[str, ...]:
    """Return the rights of the program's role on a table; it may only read one that the program does not know."""
    known = Base.metadata.tables.get(table)
    if known is None:
        return ("SELECT",)
    rights = ["SELECT", "INSERT"]
    if table in CHANGED:
        rights.append(CHANGED[table])
    if is_removed_from(known):
        rights.append("DELETE")
    return tuple(rights)


def give_rights(connection: Connection) -> None:
    """Give the program's role its rights on every table there is, and no others; nothing where there is no such role.

    For the end of a migration, as the owner of the tables.
    """
    if connection.dialect.name != "postgresql":
        return
    exists = connection.scalar(text("SELECT 1 FROM pg_roles WHERE rolname = :role"), {"role": APP_ROLE})
    mine = connection.scalar(text("SELECT current_user = :role"), {"role": APP_ROLE})
    if not exists or mine:
        return
    for name in connection.scalars(_OWN_TABLES).all():
        connection.exec_driver_sql(f'REVOKE ALL ON "{name}" FROM {APP_ROLE}')
        connection.exec_driver_sql(f'GRANT {", ".join(rights_on(name))} ON "{name}" TO {APP_ROLE}')
