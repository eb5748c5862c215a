"""Accounts, invitations, grants with days, logins, local accounts, key fingerprints, and erased batches.

Needs: 0005_questions (kommun, batch, role_grant).
Data: none moves. Grants made before this revision are dropped: no program could give them. Going down drops every
account, grant and login: nobody but the command line comes in until they are made anew.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_people"
down_revision = "0005_questions"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TABLES = ("account", "role_grant", "invitation", "login", "local_account", "key_stamp")
SCOPES = (
    "scope_kind = 'allman' OR scope_kind = 'kommun' OR scope_kind = 'omrade' OR scope_kind = 'enhet' "
    "OR scope_kind = 'huvudman'"
)
SCOPES_NOW = f"{SCOPES} OR scope_kind = 'verksamhet'"
DAYS = "valid_to IS NULL OR valid_from < valid_to"


def upgrade() -> None:
    """Create the tables; the old grants give way."""
    op.drop_table("role_grant")
    _create_account()
    _create_role_grant()
    _create_invitation()
    _create_login()
    _create_local_account()
    _create_key_stamp()
    op.add_column("batch", sa.Column("erased_at", MOMENT, nullable=True, comment="when retention removed the rows"))
    said = "protected identity: counted, never listed"
    op.add_column("enrolment", sa.Column("skydd", CODE, nullable=True, comment=said))
    where = sa.text("skydd <> 'ingen'")
    op.create_index(
        "ix_enrolment_protected", "enrolment", ["kommun", "elev"], sqlite_where=where, postgresql_where=where
    )


def downgrade() -> None:
    """Drop the tables, last made first, and put the former table of grants back, empty."""
    op.drop_index("ix_enrolment_protected", "enrolment")
    op.drop_column("enrolment", "skydd")
    op.drop_column("batch", "erased_at")
    for table in reversed(TABLES):
        op.drop_table(table)
    op.create_table(
        "role_grant",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("scope_kind", CODE, nullable=False),
        sa.Column("scope_id", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(SCOPES, name=op.f("ck_role_grant_scope_kind_known")),
        sa.CheckConstraint(DAYS, name=op.f("ck_role_grant_days_in_order")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_role_grant_kommun")),
        sa.PrimaryKeyConstraint("kommun", "subject", "role", "scope_kind", "scope_id", name=op.f("pk_role_grant")),
    )


def _create_account() -> None:
    op.create_table(
        "account",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False, comment="digest of issuer and the issuer's subject"),
        sa.Column("issuer", CODE, nullable=False),
        sa.Column("issuer_subject", CODE, nullable=False, comment="what the issuer calls the person"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", CODE, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", CODE, nullable=True),
        sa.CheckConstraint("state = 'active' OR state = 'closed'", name=op.f("ck_account_state_known")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_account_kommun")),
        sa.PrimaryKeyConstraint("kommun", "subject", name=op.f("pk_account")),
    )


def _create_role_grant() -> None:
    op.create_table(
        "role_grant",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("scope_kind", CODE, nullable=False),
        sa.Column("scope_id", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="first day without the role"),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.Column("given_by", CODE, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True, comment="taken back, from that moment on"),
        sa.Column("ended_by", CODE, nullable=True),
        sa.CheckConstraint(SCOPES_NOW, name=op.f("ck_role_grant_scope_kind_known")),
        sa.CheckConstraint(DAYS, name=op.f("ck_role_grant_days_in_order")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_role_grant_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_role_grant")),
    )
    op.create_index("ix_role_grant_subject", "role_grant", ["subject"])


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_hash", CODE, nullable=False, comment="sha256 of the code; the code itself is shown once"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", CODE, nullable=False),
        sa.Column("scope_kind", CODE, nullable=False),
        sa.Column("scope_id", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", CODE, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("used_by", CODE, nullable=True),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
        sa.Column("withdrawn_by", CODE, nullable=True),
        sa.CheckConstraint(SCOPES_NOW, name=op.f("ck_invitation_scope_kind_known")),
        sa.CheckConstraint(DAYS, name=op.f("ck_invitation_days_in_order")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_invitation_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_invitation")),
    )
    op.create_index("ix_invitation_code_hash", "invitation", ["code_hash"], unique=True)


def _create_login() -> None:
    op.create_table(
        "login",
        sa.Column("login", CODE, nullable=False, comment="digest of what the login provider signed"),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_why", CODE, nullable=True),
        sa.PrimaryKeyConstraint("login", name=op.f("pk_login")),
    )
    op.create_index("ix_login_subject", "login", ["subject"])


def _create_local_account() -> None:
    op.create_table(
        "local_account",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("name", CODE, nullable=False),
        sa.Column("subject", CODE, nullable=False),
        sa.Column("password_hash", CODE, nullable=False, comment="argon2id"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", CODE, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_local_account_failures_not_negative")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_local_account_kommun")),
        sa.PrimaryKeyConstraint("kommun", "name", name=op.f("pk_local_account")),
    )


def _create_key_stamp() -> None:
    op.create_table(
        "key_stamp",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("purpose", CODE, nullable=False),
        sa.Column("stamp", CODE, nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_key_stamp_kommun")),
        sa.PrimaryKeyConstraint("kommun", "purpose", name=op.f("pk_key_stamp")),
    )
