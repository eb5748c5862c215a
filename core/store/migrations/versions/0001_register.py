"""The register: kommuner, batches with their issues, funding models, and the facts of each batch.

Needs: an empty database.
Data: none moves. Going down drops every delivered row; the files themselves are not touched.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_register"
down_revision = None

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "kommun",
    "batch",
    "batch_issue",
    "funding_model",
    "unit",
    "enrolment",
    "planned_count",
    "index_value",
    "given_amount",
    "staff",
    "premises",
)


def upgrade() -> None:
    """Create the tables."""
    _create_kommun()
    _create_batch()
    _create_batch_issue()
    _create_funding_model()
    _create_unit()
    _create_enrolment()
    _create_planned_count()
    _create_index_value()
    _create_given_amount()
    _create_staff()
    _create_premises()


def downgrade() -> None:
    """Drop the tables, last made first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_kommun() -> None:
    op.create_table(
        "kommun",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("orgnr", CODE, nullable=False),
        sa.PrimaryKeyConstraint("kommun", name=op.f("pk_kommun")),
    )


def _create_batch() -> None:
    op.create_table(
        "batch",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("scope", CODE, nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False, comment="first day after the period"),
        sa.Column("mode", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("delivered_by", sa.Text(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", CODE, nullable=False, comment="of the file as delivered"),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("file_total", sa.Text(), nullable=True, comment="the source's own total, as text"),
        sa.Column("our_total", sa.Text(), nullable=True),
        sa.Column("error_count", sa.Integer(), nullable=False),
        sa.Column("warning_count", sa.Integer(), nullable=False),
        sa.Column("meta", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.CheckConstraint(
            "kind = 'units' OR kind = 'enrolments' OR kind = 'index' OR kind = 'planned_counts' OR "
            "kind = 'given_amounts' OR kind = 'staff' OR kind = 'premises' OR kind = 'model'",
            name=op.f("ck_batch_kind_known"),
        ),
        sa.CheckConstraint("mode = 'snapshot' OR mode = 'delta'", name=op.f("ck_batch_mode_known")),
        sa.CheckConstraint("state <> 'accepted' OR row_count IS NOT NULL", name=op.f("ck_batch_accepted_is_whole")),
        sa.CheckConstraint(
            "state = 'received' OR state = 'accepted' OR state = 'rejected' OR state = 'reverted'",
            name=op.f("ck_batch_state_known"),
        ),
        sa.CheckConstraint("period_from < period_to", name=op.f("ck_batch_period_in_order")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_batch_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_batch")),
    )


def _create_batch_issue() -> None:
    op.create_table(
        "batch_issue",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("severity", CODE, nullable=False),
        sa.Column("code", CODE, nullable=False),
        sa.Column("row", sa.Integer(), nullable=True, comment="row of the file, header = 1"),
        sa.Column("column_name", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("expected", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.CheckConstraint("severity = 'error' OR severity = 'warning'", name=op.f("ck_batch_issue_severity_known")),
        sa.ForeignKeyConstraint(
            ["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_batch_issue_batch")
        ),
        sa.PrimaryKeyConstraint("kommun", "batch", "seq", name=op.f("pk_batch_issue")),
    )


def _create_funding_model() -> None:
    op.create_table(
        "funding_model",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("model_id", CODE, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sha256", CODE, nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state = 'received' OR state = 'accepted' OR state = 'rejected' OR state = 'reverted'",
            name=op.f("ck_funding_model_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_funding_model_batch")
        ),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_funding_model_kommun")),
        sa.PrimaryKeyConstraint("kommun", "year", "version", name=op.f("pk_funding_model")),
    )


def _create_unit() -> None:
    op.create_table(
        "unit",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("skolenhetskod", CODE, nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verksamheter", CODE, nullable=False, comment="codes, comma between"),
        sa.Column("huvudman", CODE, nullable=False, comment="organisation number"),
        sa.Column("huvudman_name", sa.Text(), nullable=False),
        sa.Column("huvudmannatyp", CODE, nullable=False),
        sa.Column("lageskommun", CODE, nullable=False),
        sa.Column("omrade", CODE, nullable=True),
        sa.Column("landsbygd", sa.Boolean(), nullable=True),
        sa.Column("latitude", CODE, nullable=True, comment="decimal degrees as delivered"),
        sa.Column("longitude", CODE, nullable=True, comment="decimal degrees as delivered"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "huvudmannatyp = 'kommunal' OR huvudmannatyp = 'enskild' OR huvudmannatyp = 'region' OR "
            "huvudmannatyp = 'stat'",
            name=op.f("ck_unit_huvudmannatyp_known"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_unit_days_in_order")),
        sa.ForeignKeyConstraint(["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_unit_batch")),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_unit")),
    )


def _create_enrolment() -> None:
    op.create_table(
        "enrolment",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("elev", CODE, nullable=False, comment="pseudonym"),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("arskurs", CODE, nullable=True),
        sa.Column("birth_month", sa.Integer(), nullable=False, comment="yyyymm"),
        sa.Column("hours", sa.Integer(), nullable=True, comment="hundredths of an hour per week"),
        sa.Column("source_category", CODE, nullable=True),
        sa.Column("programme", CODE, nullable=True),
        sa.Column("group_name", CODE, nullable=True),
        sa.Column("flags", CODE, nullable=False, comment="sorted codes, comma between; empty for none"),
        sa.Column("hemkommun", CODE, nullable=False),
        sa.Column("ground", CODE, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("referens", CODE, nullable=True, comment="the huvudman's own name of the elev; no personal number"),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_enrolment_days_in_order")),
        sa.ForeignKeyConstraint(["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_enrolment_batch")),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_enrolment")),
        sqlite_with_rowid=False,
    )


def _create_planned_count() -> None:
    op.create_table(
        "planned_count",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("arskurs", CODE, nullable=True),
        sa.Column("birth_month", sa.Integer(), nullable=True, comment="yyyymm"),
        sa.Column("hours", sa.Integer(), nullable=True, comment="hundredths of an hour per week"),
        sa.Column("source_category", CODE, nullable=True),
        sa.Column("programme", CODE, nullable=True),
        sa.Column("flags", CODE, nullable=False, comment="sorted codes, comma between; empty for none"),
        sa.Column("month", sa.Integer(), nullable=False, comment="yyyymm"),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("row_hash", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("n >= 0", name=op.f("ck_planned_count_n_not_negative")),
        sa.ForeignKeyConstraint(
            ["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_planned_count_batch")
        ),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_planned_count")),
        sqlite_with_rowid=False,
    )


def _create_index_value() -> None:
    op.create_table(
        "index_value",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("index_name", CODE, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("value_num", sa.BigInteger(), nullable=False),
        sa.Column("value_den", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("value_den > 0", name=op.f("ck_index_value_den_positive")),
        sa.ForeignKeyConstraint(
            ["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_index_value_batch")
        ),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_index_value")),
    )


def _create_given_amount() -> None:
    op.create_table(
        "given_amount",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("month", sa.Integer(), nullable=False, comment="yyyymm"),
        sa.Column("decisions", sa.Integer(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("decisions >= 0", name=op.f("ck_given_amount_decisions_not_negative")),
        sa.ForeignKeyConstraint(
            ["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_given_amount_batch")
        ),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_given_amount")),
    )


def _create_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("measured_on", sa.Date(), nullable=False),
        sa.Column("fte_hundredths", sa.Integer(), nullable=False, comment="hundredths of a full-time post"),
        sa.Column("monthly_pay_ore", sa.BigInteger(), nullable=True, comment="öre per full-time post and month"),
        sa.ForeignKeyConstraint(["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_staff_batch")),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_staff")),
    )


def _create_premises() -> None:
    op.create_table(
        "premises",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=True),
        sa.Column("area_m2_hundredths", sa.BigInteger(), nullable=False, comment="hundredths of a square metre"),
        sa.Column("rent_ore_per_year", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_premises_days_in_order")),
        sa.ForeignKeyConstraint(["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_premises_batch")),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_premises")),
    )
