"""Decided individual amounts, successions of units, measures and corrections of runs, claims between kommuner.

Needs: 0003_access (batch, run, run_unit).
Data: none moves. Batches may be of two more kinds. Going down refuses while batches of those kinds are kept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_rules"
down_revision = "0003_access"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
TABLES = (
    "case_amount",
    "succession",
    "run_measure",
    "run_correction",
    "ike_claim",
)

OLD_KINDS = ("units", "enrolments", "index", "planned_counts", "given_amounts", "staff", "premises", "model")
NEW_KINDS = (
    "units", "enrolments", "index", "planned_counts", "given_amounts", "case_amounts", "successions", "staff",
    "premises", "model",
)  # fmt: skip


EARLIER = "the run of the year whose months this one says anew"


def _known_kinds(kinds: tuple[str, ...]) -> None:
    listed = " OR ".join(f"kind = '{kind}'" for kind in kinds)
    with op.batch_alter_table("batch") as table:
        table.drop_constraint(op.f("ck_batch_kind_known"), type_="check")
        table.create_check_constraint(op.f("ck_batch_kind_known"), listed)


def upgrade() -> None:
    """Create the tables."""
    _known_kinds(NEW_KINDS)
    _create_case_amount()
    _create_succession()
    _create_run_measure()
    _create_run_correction()
    _create_ike_claim()
    op.add_column("run", sa.Column("earlier_run", sa.Integer(), nullable=True, comment=EARLIER))


def downgrade() -> None:
    """Drop the tables, last made first."""
    op.drop_column("run", "earlier_run")
    for table in reversed(TABLES):
        op.drop_table(table)
    _known_kinds(OLD_KINDS)


def _create_case_amount() -> None:
    op.create_table(
        "case_amount",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("decision", CODE, nullable=False, comment="the decision's reference in the case system"),
        sa.Column("elev", CODE, nullable=False, comment="pseudonym"),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False, comment="öre a month"),
        sa.CheckConstraint("amount_ore >= 0", name=op.f("ck_case_amount_not_below")),
        sa.CheckConstraint("valid_to IS NULL OR valid_from < valid_to", name=op.f("ck_case_amount_days_in_order")),
        sa.ForeignKeyConstraint(
            ["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_case_amount_batch")
        ),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_case_amount")),
    )


def _create_succession() -> None:
    op.create_table(
        "succession",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("batch", sa.Integer(), nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enhet", CODE, nullable=True),
        sa.Column("successor", CODE, nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("share_num", sa.BigInteger(), nullable=False),
        sa.Column("share_den", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("enhet IS NOT NULL OR successor IS NOT NULL", name=op.f("ck_succession_names_a_unit")),
        sa.CheckConstraint("share_num > 0 AND share_den >= share_num", name=op.f("ck_succession_share_of_one")),
        sa.ForeignKeyConstraint(
            ["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_succession_batch")
        ),
        sa.PrimaryKeyConstraint("kommun", "batch", "row", name=op.f("pk_succession")),
    )


def _create_run_measure() -> None:
    op.create_table(
        "run_measure",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("step", CODE, nullable=False),
        sa.Column("period", CODE, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("yields", CODE, nullable=False),
        sa.Column("num", sa.BigInteger(), nullable=False),
        sa.Column("den", sa.BigInteger(), nullable=False),
        sa.Column("shown_num", sa.BigInteger(), nullable=False),
        sa.Column("shown_den", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.CheckConstraint("den > 0 AND shown_den > 0", name=op.f("ck_run_measure_dens_positive")),
        sa.ForeignKeyConstraint(
            ["kommun", "run", "enhet"],
            ["run_unit.kommun", "run_unit.run", "run_unit.enhet"],
            name=op.f("fk_run_measure_run_unit"),
        ),
        sa.PrimaryKeyConstraint("kommun", "run", "enhet", "step", "period", name=op.f("pk_run_measure")),
        sqlite_with_rowid=False,
    )


def _create_run_correction() -> None:
    op.create_table(
        "run_correction",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False, comment="yyyymm"),
        sa.Column("earlier_run", sa.Integer(), nullable=False),
        sa.Column("old_ore", sa.BigInteger(), nullable=True, comment="öre; absent where the earlier run had no amount"),
        sa.Column("new_ore", sa.BigInteger(), nullable=True, comment="öre; absent where this run has no amount"),
        sa.Column("reason", CODE, nullable=False, comment="units, counts, prices, model, facts, pools; comma between"),
        sa.Column(
            "waits", sa.Boolean(), nullable=False, comment="beyond the correction window: paid by the final settlement"
        ),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_run_correction_run")),
        sa.PrimaryKeyConstraint("kommun", "run", "enhet", "month", name=op.f("pk_run_correction")),
        sqlite_with_rowid=False,
    )


def _create_ike_claim() -> None:
    op.create_table(
        "ike_claim",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("direction", CODE, nullable=False),
        sa.Column("other_kommun", CODE, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("category", CODE, nullable=False),
        sa.Column("ground", CODE, nullable=False),
        sa.Column("period", CODE, nullable=False),
        sa.Column("basis", CODE, nullable=False),
        sa.Column("verksamhet", CODE, nullable=False),
        sa.Column("n_num", sa.BigInteger(), nullable=False, comment="yearly elever, numerator"),
        sa.Column("n_den", sa.BigInteger(), nullable=False),
        sa.Column("price_num", sa.BigInteger(), nullable=False, comment="öre per elev and year, numerator"),
        sa.Column("price_den", sa.BigInteger(), nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("detail", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.CheckConstraint("direction = 'to_pay' OR direction = 'to_claim'", name=op.f("ck_ike_claim_direction_known")),
        sa.CheckConstraint("n_den > 0 AND price_den > 0", name=op.f("ck_ike_claim_dens_positive")),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_ike_claim_run")),
        sa.PrimaryKeyConstraint(
            "kommun",
            "run",
            "direction",
            "other_kommun",
            "enhet",
            "category",
            "ground",
            "period",
            name=op.f("pk_ike_claim"),
        ),
        sqlite_with_rowid=False,
    )
