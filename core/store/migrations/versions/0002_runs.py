"""Runs: what a computation froze, and its lines, payments and books.

Needs: 0001_register.
Data: none moves. Going down drops every run; batches stay, and a run can be computed anew from them.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_runs"
down_revision = "0001_register"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "run",
    "run_batch",
    "run_unit",
    "run_count",
    "run_price",
    "run_pool",
    "run_uncounted",
    "allocation_line",
    "payment_line",
    "book_line",
)


def upgrade() -> None:
    """Create the tables."""
    _create_run()
    _create_run_batch()
    _create_run_unit()
    _create_run_count()
    _create_run_price()
    _create_run_pool()
    _create_run_uncounted()
    _create_allocation_line()
    _create_payment_line()
    _create_book_line()


def downgrade() -> None:
    """Drop the tables, last made first."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _create_run() -> None:
    op.create_table(
        "run",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("model_version", sa.Integer(), nullable=False),
        sa.Column("model_text", sa.Text(), nullable=False),
        sa.Column("model_sha256", CODE, nullable=False),
        sa.Column("budget_run", sa.Integer(), nullable=True),
        sa.Column("through_month", sa.Integer(), nullable=False, comment="last counted month, 1-12"),
        sa.Column("fingerprint", CODE, nullable=True),
        sa.Column("root_hash", CODE, nullable=True),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True, comment="body, date and paragraph of the minutes"),
        sa.CheckConstraint(
            "kind = 'budget' OR kind = 'utfall' OR kind = 'slutavrakning' OR kind = 'scenario'",
            name=op.f("ck_run_kind_known"),
        ),
        sa.CheckConstraint("state = 'draft' OR fingerprint IS NOT NULL", name=op.f("ck_run_checked_is_whole")),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'checked' OR state = 'decided' OR state = 'published' OR state = 'superseded'",
            name=op.f("ck_run_state_known"),
        ),
        sa.CheckConstraint("through_month BETWEEN 1 AND 12", name=op.f("ck_run_through_month_in_year")),
        sa.ForeignKeyConstraint(["kommun", "budget_run"], ["run.kommun", "run.number"], name=op.f("fk_run_run")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_run_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_run")),
    )


def _create_run_batch() -> None:
    op.create_table(
        "run_batch",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.ForeignKeyConstraint(["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_run_batch_batch")),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_run_batch_run")),
        sa.PrimaryKeyConstraint("kommun", "run", "batch", name=op.f("pk_run_batch")),
        sqlite_with_rowid=False,
    )


def _create_run_unit() -> None:
    op.create_table(
        "run_unit",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("recipient", CODE, nullable=False),
        sa.Column("huvudman", CODE, nullable=False),
        sa.Column("huvudman_name", sa.Text(), nullable=False),
        sa.Column("verksamheter", CODE, nullable=False, comment="codes, comma between"),
        sa.Column("landsbygd", sa.Boolean(), nullable=True),
        sa.Column("omrade", CODE, nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("lines_hash", CODE, nullable=False),
        sa.Column("total_ore", sa.BigInteger(), nullable=False),
        sa.Column(
            "by_arskurs", sa.Text(), nullable=False, comment="canonical JSON: verksamhet|årskurs -> twelve headcounts"
        ),
        sa.CheckConstraint(
            "recipient = 'egen' OR recipient = 'fristaende_hemma' OR recipient = 'fristaende_annan' OR "
            "recipient = 'annan_kommun'",
            name=op.f("ck_run_unit_recipient_known"),
        ),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_run_unit_run")),
        sa.PrimaryKeyConstraint("kommun", "run", "enhet", name=op.f("pk_run_unit")),
        sqlite_with_rowid=False,
    )


def _create_run_count() -> None:
    op.create_table(
        "run_count",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("rule", CODE, nullable=False),
        sa.Column("category", CODE, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False, comment="yyyymm"),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("den", sa.BigInteger(), nullable=False),
        sa.Column("rows_hash", sa.BigInteger(), nullable=False, comment="unsigned 64 bits, folded to signed"),
        sa.CheckConstraint("den > 0", name=op.f("ck_run_count_den_positive")),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_run_count_run")),
        sa.PrimaryKeyConstraint("kommun", "run", "enhet", "rule", "category", "month", name=op.f("pk_run_count")),
        sqlite_with_rowid=False,
    )


def _create_run_price() -> None:
    op.create_table(
        "run_price",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("category", CODE, nullable=False),
        sa.Column("recipient", CODE, nullable=False),
        sa.Column("price_list", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="first day of the price list"),
        sa.Column("num", sa.BigInteger(), nullable=False, comment="öre, numerator"),
        sa.Column("den", sa.BigInteger(), nullable=False),
        sa.Column("shown_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("unit", CODE, nullable=False),
        sa.Column("detail", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.CheckConstraint(
            "recipient = 'egen' OR recipient = 'fristaende_hemma' OR recipient = 'fristaende_annan' OR "
            "recipient = 'annan_kommun'",
            name=op.f("ck_run_price_recipient_known"),
        ),
        sa.CheckConstraint("den > 0", name=op.f("ck_run_price_den_positive")),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_run_price_run")),
        sa.PrimaryKeyConstraint(
            "kommun", "run", "step", "category", "recipient", "price_list", name=op.f("pk_run_price")
        ),
        sqlite_with_rowid=False,
    )


def _create_run_pool() -> None:
    op.create_table(
        "run_pool",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("period", CODE, nullable=False),
        sa.Column("pool_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("weight_num", sa.BigInteger(), nullable=False),
        sa.Column("weight_den", sa.BigInteger(), nullable=False),
        sa.Column("remainder_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("detail", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.CheckConstraint("weight_den > 0", name=op.f("ck_run_pool_den_positive")),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_run_pool_run")),
        sa.PrimaryKeyConstraint("kommun", "run", "step", "period", name=op.f("pk_run_pool")),
        sqlite_with_rowid=False,
    )


def _create_run_uncounted() -> None:
    op.create_table(
        "run_uncounted",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("reason", CODE, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_run_uncounted_run")),
        sa.PrimaryKeyConstraint("kommun", "run", "reason", "enhet", "verksamhet", name=op.f("pk_run_uncounted")),
        sqlite_with_rowid=False,
    )


def _create_allocation_line() -> None:
    op.create_table(
        "allocation_line",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("category", CODE, nullable=False),
        sa.Column("period", CODE, nullable=False),
        sa.Column("recipient", CODE, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("kostnadsslag", CODE, nullable=False),
        sa.Column("dimension", CODE, nullable=False),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("kind_version", sa.Integer(), nullable=False),
        sa.Column("quantity_num", sa.BigInteger(), nullable=False),
        sa.Column("quantity_den", sa.BigInteger(), nullable=False),
        sa.Column("rate_num", sa.BigInteger(), nullable=False, comment="öre, numerator"),
        sa.Column("rate_den", sa.BigInteger(), nullable=False),
        sa.Column("factor_num", sa.BigInteger(), nullable=False),
        sa.Column("factor_den", sa.BigInteger(), nullable=False),
        sa.Column("before_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("remainder_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("detail", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.Column("source", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.CheckConstraint(
            "dimension = 'bas' OR dimension = 'socioekonomi' OR dimension = 'struktur' OR dimension = 'individ'",
            name=op.f("ck_allocation_line_dimension_known"),
        ),
        sa.CheckConstraint(
            "recipient = 'egen' OR recipient = 'fristaende_hemma' OR recipient = 'fristaende_annan' OR "
            "recipient = 'annan_kommun'",
            name=op.f("ck_allocation_line_recipient_known"),
        ),
        sa.CheckConstraint("amount_ore = before_ore + remainder_ore", name=op.f("ck_allocation_line_amount_is_whole")),
        sa.CheckConstraint(
            "quantity_den > 0 AND rate_den > 0 AND factor_den > 0", name=op.f("ck_allocation_line_dens_positive")
        ),
        sa.ForeignKeyConstraint(
            ["kommun", "run", "enhet"],
            ["run_unit.kommun", "run_unit.run", "run_unit.enhet"],
            name=op.f("fk_allocation_line_run_unit"),
        ),
        sa.PrimaryKeyConstraint(
            "kommun", "run", "enhet", "step", "category", "period", "recipient", name=op.f("pk_allocation_line")
        ),
        sqlite_with_rowid=False,
    )


def _create_payment_line() -> None:
    op.create_table(
        "payment_line",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False, comment="yyyymm"),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.CheckConstraint("kind = 'monthly' OR kind = 'settlement'", name=op.f("ck_payment_line_kind_known")),
        sa.ForeignKeyConstraint(
            ["kommun", "run", "enhet"],
            ["run_unit.kommun", "run_unit.run", "run_unit.enhet"],
            name=op.f("fk_payment_line_run_unit"),
        ),
        sa.PrimaryKeyConstraint("kommun", "run", "enhet", "month", "kind", name=op.f("pk_payment_line")),
        sqlite_with_rowid=False,
    )


def _create_book_line() -> None:
    op.create_table(
        "book_line",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("side", CODE, nullable=False),
        sa.Column("term", CODE, nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_book_line_run")),
        sa.PrimaryKeyConstraint("kommun", "run", "position", name=op.f("pk_book_line")),
        sqlite_with_rowid=False,
    )
