"""Who may do what, and the audit chain with the triggers that keep it append-only.

Needs: 0001_register (kommun).
Data: none moves. Going down drops grants and the chain: export the chain first where it must be kept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_access"
down_revision = "0002_runs"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
KEPT = ("kommun", "seq", "at", "actor", "action", "subject", "payload_hash", "prev_hash", "hash")
REFUSAL = "audit_entry is append-only"
# The one change allowed: payload and salt are erased together, everything else stays as it is.
SQLITE_ERASURE = " AND ".join(
    ["NEW.payload IS NULL", "NEW.salt IS NULL", *(f"NEW.{column} IS OLD.{column}" for column in KEPT)]
)
SQLITE_GUARD = (
    f"""CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry WHEN NOT ({SQLITE_ERASURE})
    BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END""",
    f"CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)
POSTGRESQL_ERASURE = " AND ".join(
    ["NEW.payload IS NULL", "NEW.salt IS NULL", *(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in KEPT)]
)
POSTGRESQL_GUARD = (
    f"""CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF {POSTGRESQL_ERASURE} THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",
    """CREATE TRIGGER audit_entry_no_change BEFORE UPDATE OR DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()""",
    """CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()""",
)
TABLES = ("role_grant", "audit_entry")


def upgrade() -> None:
    """Create the tables."""
    _create_role_grant()
    _create_audit_entry()
    for statement in POSTGRESQL_GUARD if op.get_bind().dialect.name == "postgresql" else SQLITE_GUARD:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables, last made first; their triggers go with them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_entry_is_append_only()")


def _create_role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("scope_kind", CODE, nullable=False),
        sa.Column("scope_id", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "scope_kind = 'allman' OR scope_kind = 'kommun' OR scope_kind = 'omrade' OR scope_kind = 'enhet' "
            "OR scope_kind = 'huvudman'",
            name=op.f("ck_role_grant_scope_kind_known"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_role_grant_days_in_order")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_role_grant_kommun")),
        sa.PrimaryKeyConstraint("kommun", "subject", "role", "scope_kind", "scope_id", name=op.f("pk_role_grant")),
    )


def _create_audit_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", CODE, nullable=False),
        sa.Column("action", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("payload", sa.Text(), nullable=True, comment="canonical JSON"),
        sa.Column("salt", CODE, nullable=True),
        sa.Column("payload_hash", CODE, nullable=False),
        sa.Column("prev_hash", CODE, nullable=False),
        sa.Column("hash", CODE, nullable=False),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_audit_entry_kommun")),
        sa.PrimaryKeyConstraint("kommun", "seq", name=op.f("pk_audit_entry")),
    )
