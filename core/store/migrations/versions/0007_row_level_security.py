"""PostgreSQL shows and takes rows only of the kommuner that the transaction was told it reaches.

Needs: 0006_people. SQLite has no such thing: there the use cases and the repositories stand alone, and nothing is done.
Data: none moves. Going down opens every table again to whoever has a right to it.

The reach is ``skolkronan.kommuner`` (codes, comma between), set for the transaction by ``core.store.reach``. Nothing
set is nothing reached. The policies are not forced on the owner of the tables, who migrates and backs up; the program
itself runs as a role that owns nothing, and says no to any other (``core.store.guarding``).

Exceptions, each for what must be asked before a kommun is granted:
``kommun``         codes and names are public, so all may be read; written within reach.
``account``, ``role_grant``  one's own may be read in any kommun: that is how reach is found out.
``invitation``     the one whose code's hash the asker can show may be read.
``login``          has no kommun: rows of one's own subject, or of somebody who has an account within reach.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_row_level_security"
down_revision = "0006_people"

# Asked once for the statement, not once for each row.
REACH = "kommun = ANY ((SELECT string_to_array(current_setting('skolkronan.kommuner', true), ','))::text[])"
# A setting of an earlier transaction is left as the empty text, and an empty text must not meet an empty column.
SHOWN = "(SELECT NULLIF(current_setting('skolkronan.{}', true), ''))"
ALSO_READ = {
    "kommun": "true",
    "account": f"subject = {SHOWN.format('subject')}",
    "role_grant": f"subject = {SHOWN.format('subject')}",
    "invitation": f"code_hash = {SHOWN.format('invitation')}",
}
OF_SOMEBODY_HERE = f"EXISTS (SELECT 1 FROM account WHERE account.subject = login.subject AND account.{REACH})"  # noqa: S608 - constants of this module
OWN_LOGIN = f"subject = {SHOWN.format('subject')} OR {OF_SOMEBODY_HERE}"


def upgrade() -> None:
    """Guard every table."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _tables():
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY within_reach ON {table} USING ({REACH}) WITH CHECK ({REACH})")
    for table, rows in ALSO_READ.items():
        op.execute(f"CREATE POLICY also_read ON {table} FOR SELECT USING ({rows})")
    op.execute("ALTER TABLE login ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_login ON login USING ({OWN_LOGIN}) WITH CHECK ({OWN_LOGIN})")


def downgrade() -> None:
    """Take the guards away."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP POLICY own_login ON login")
    op.execute("ALTER TABLE login DISABLE ROW LEVEL SECURITY")
    for table in ALSO_READ:
        op.execute(f"DROP POLICY also_read ON {table}")
    for table in _tables():
        op.execute(f"DROP POLICY within_reach ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")


def _tables() -> list[str]:
    """Return every table that has a kommun at this revision."""
    found = sa.inspect(op.get_bind())
    return [name for name in found.get_table_names() if any(one["name"] == "kommun" for one in found.get_columns(name))]
