"""Trials with names, why amounts changed, decisions per huvudman, payments, recoveries, and questions on figures.

Needs: 0004_rules (run, batch).
Data: none moves. Going down drops decisions and payments: export them first where they must be kept.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_questions"
down_revision = "0004_rules"

CODE = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "scenario",
    "scenario_run",
    "run_change",
    "decision",
    "decision_change",
    "payment",
    "payment_part",
    "recovery",
    "flag",
)

# What is paid stays as it was prepared: rows are written while the payment is being prepared and never changed, and
# once it is approved only its state moves on.
KEPT = (
    "kommun",
    "number",
    "run",
    "month",
    "pay_on",
    "object_until",
    "sha256",
    "total_ore",
    "prepared_at",
    "prepared_by",
)
PARTS_KEPT, PAYMENT_KEPT = "payment_part is kept as prepared", "an approved payment is kept"
SQLITE_GUARD = (
    f"""CREATE TRIGGER payment_part_no_update BEFORE UPDATE ON payment_part
    BEGIN SELECT RAISE(ABORT, '{PARTS_KEPT}'); END""",
    f"""CREATE TRIGGER payment_part_no_delete BEFORE DELETE ON payment_part
    BEGIN SELECT RAISE(ABORT, '{PARTS_KEPT}'); END""",
    f"""CREATE TRIGGER payment_part_no_late_insert BEFORE INSERT ON payment_part
    WHEN NOT EXISTS (SELECT 1 FROM payment WHERE payment.kommun = NEW.kommun AND payment.number = NEW.payment
    AND payment.state = 'prepared')
    BEGIN SELECT RAISE(ABORT, '{PARTS_KEPT}'); END""",  # noqa: S608 - constants of this module
    f"""CREATE TRIGGER payment_no_update BEFORE UPDATE ON payment
    WHEN OLD.state <> 'prepared' AND ({" OR ".join(f"NEW.{column} IS NOT OLD.{column}" for column in KEPT)})
    BEGIN SELECT RAISE(ABORT, '{PAYMENT_KEPT}'); END""",
)
POSTGRESQL_GUARD = (
    f"""CREATE FUNCTION payment_part_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            IF EXISTS (SELECT 1 FROM payment WHERE payment.kommun = NEW.kommun AND payment.number = NEW.payment
                AND payment.state = 'prepared') THEN
                RETURN NEW;
            END IF;
        END IF;
        RAISE EXCEPTION '{PARTS_KEPT}' USING ERRCODE = 'integrity_constraint_violation';
    END $$""",  # noqa: S608 - constants of this module
    """CREATE TRIGGER payment_part_no_change BEFORE INSERT OR UPDATE OR DELETE ON payment_part
    FOR EACH ROW EXECUTE FUNCTION payment_part_is_kept()""",
    f"""CREATE FUNCTION payment_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF OLD.state <> 'prepared' AND ({" OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in KEPT)})
        THEN
            RAISE EXCEPTION '{PAYMENT_KEPT}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END $$""",
    """CREATE TRIGGER payment_no_change BEFORE UPDATE ON payment
    FOR EACH ROW EXECUTE FUNCTION payment_is_kept()""",
)


def upgrade() -> None:
    """Create the tables."""
    _create_scenario()
    _create_scenario_run()
    _create_run_change()
    _create_decision()
    _create_decision_change()
    _create_payment()
    _create_payment_part()
    _create_recovery()
    _create_flag()
    for statement in POSTGRESQL_GUARD if op.get_bind().dialect.name == "postgresql" else SQLITE_GUARD:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables, last made first; their triggers go with them."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION payment_part_is_kept()")
        op.execute("DROP FUNCTION payment_is_kept()")


def _create_scenario() -> None:
    op.create_table(
        "scenario",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("base_run", sa.Integer(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False, comment="canonical JSON: the list of changes"),
        sa.Column("run", sa.Integer(), nullable=True, comment="the scenario run that the saved trial froze"),
        sa.Column("total_ore", sa.BigInteger(), nullable=True, comment="öre, when last computed"),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("state = 'open' OR state = 'archived'", name=op.f("ck_scenario_state_known")),
        sa.ForeignKeyConstraint(["kommun", "base_run"], ["run.kommun", "run.number"], name=op.f("fk_scenario_run")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_scenario_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_scenario")),
    )


def _create_scenario_run() -> None:
    op.create_table(
        "scenario_run",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("base_run", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False, comment="canonical JSON: the list of changes"),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_scenario_run_run")),
        sa.ForeignKeyConstraint(["kommun", "base_run"], ["run.kommun", "run.number"], name="fk_scenario_run_base_run"),
        sa.PrimaryKeyConstraint("kommun", "run", name=op.f("pk_scenario_run")),
    )


def _create_run_change() -> None:
    op.create_table(
        "run_change",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("run_from", sa.Integer(), nullable=False),
        sa.Column("run_to", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("part", CODE, nullable=False, comment="months, units, correction, volume, mix, …"),
        sa.Column("step", CODE, nullable=False),
        sa.Column("num", sa.BigInteger(), nullable=False, comment="öre, numerator"),
        sa.Column("den", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("den > 0", name=op.f("ck_run_change_den_positive")),
        sa.ForeignKeyConstraint(["kommun", "run_from"], ["run.kommun", "run.number"], name=op.f("fk_run_change_run")),
        sa.ForeignKeyConstraint(["kommun", "run_to"], ["run.kommun", "run.number"], name="fk_run_change_run_to"),
        sa.PrimaryKeyConstraint("kommun", "run_from", "run_to", "enhet", "part", "step", name=op.f("pk_run_change")),
        sqlite_with_rowid=False,
    )


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("huvudman", CODE, nullable=False, comment="organisation number"),
        sa.Column("huvudman_name", sa.Text(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("body", sa.Text(), nullable=True, comment="who decides: nämnden, or by delegation"),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("paragraph", sa.Text(), nullable=True, comment="of the minutes or the list of delegated decisions"),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("delegation", sa.Text(), nullable=True, comment="the point of the delegation order, when delegated"),
        sa.Column("special_reasons", sa.Text(), nullable=True, comment="why other kostnadsslag stand together"),
        sa.Column("total_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("content_sha256", CODE, nullable=False, comment="of the canonical content that was decided"),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("delivered_how", sa.Text(), nullable=True),
        sa.Column("appeal_until", sa.Date(), nullable=True, comment="last day to appeal"),
        sa.Column("appealed_on", sa.Date(), nullable=True),
        sa.Column("appeal_outcome", sa.Text(), nullable=True),
        sa.Column("replaces", sa.Integer(), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'decided' OR state = 'delivered' OR "
            "state = 'appealed' OR state = 'changed' OR state = 'replaced'",
            name=op.f("ck_decision_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["kommun", "replaces"], ["decision.kommun", "decision.number"], name=op.f("fk_decision_decision")
        ),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_decision_run")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_decision_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_decision")),
    )


def _create_decision_change() -> None:
    op.create_table(
        "decision_change",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("old_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("new_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kommun", "decision"], ["decision.kommun", "decision.number"], name=op.f("fk_decision_change_decision")
        ),
        sa.PrimaryKeyConstraint("kommun", "decision", "enhet", name=op.f("pk_decision_change")),
    )


def _create_payment() -> None:
    op.create_table(
        "payment",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False, comment="yyyymm"),
        sa.Column("state", CODE, nullable=False),
        sa.Column("pay_on", sa.Date(), nullable=True),
        sa.Column("object_until", sa.Date(), nullable=True, comment="last day of the objection window"),
        sa.Column("sha256", CODE, nullable=False, comment="of the canonical rows"),
        sa.Column("total_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("prepared_at", MOMENT, nullable=False),
        sa.Column("prepared_by", CODE, nullable=False, comment="subject"),
        sa.Column("approved_at", MOMENT, nullable=True),
        sa.Column("approved_by", CODE, nullable=True, comment="subject"),
        sa.Column("paid_at", MOMENT, nullable=True),
        sa.CheckConstraint(
            "state = 'prepared' OR state = 'approved' OR state = 'paid' OR state = 'cancelled'",
            name=op.f("ck_payment_state_known"),
        ),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> prepared_by", name=op.f("ck_payment_four_eyes")),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_payment_run")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_payment_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_payment")),
    )
    alive = sa.text("state <> 'cancelled'")
    op.create_index(
        "ix_payment_kommun_month", "payment", ["kommun", "month"], unique=True, sqlite_where=alive,
        postgresql_where=alive,
    )  # fmt: skip


def _create_payment_part() -> None:
    op.create_table(
        "payment_part",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("payment", sa.Integer(), nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False, comment="yyyymm it concerns"),
        sa.Column("kind", CODE, nullable=False),
        sa.Column("huvudman", CODE, nullable=False),
        sa.Column("old_ore", sa.BigInteger(), nullable=True, comment="öre paid before, for a correction"),
        sa.Column("new_ore", sa.BigInteger(), nullable=True, comment="öre due, for a correction"),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind = 'monthly' OR kind = 'settlement' OR kind = 'correction' OR kind = 'appeal' OR kind = 'recovery'",
            name=op.f("ck_payment_part_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["kommun", "payment"], ["payment.kommun", "payment.number"], name=op.f("fk_payment_part_payment")
        ),
        sa.PrimaryKeyConstraint("kommun", "payment", "enhet", "month", "kind", name=op.f("pk_payment_part")),
    )


def _create_recovery() -> None:
    op.create_table(
        "recovery",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("huvudman", CODE, nullable=False),
        sa.Column("amount_ore", sa.BigInteger(), nullable=False, comment="öre"),
        sa.Column("months", sa.Integer(), nullable=False),
        sa.Column("first_month", sa.Integer(), nullable=False, comment="yyyymm"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", CODE, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("decided_by", CODE, nullable=True),
        sa.Column("paragraph", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state = 'proposed' OR state = 'decided' OR state = 'settled' OR state = 'cancelled'",
            name=op.f("ck_recovery_state_known"),
        ),
        sa.CheckConstraint("amount_ore > 0", name=op.f("ck_recovery_amount_positive")),
        sa.CheckConstraint("months BETWEEN 1 AND 36", name=op.f("ck_recovery_months_in_reason")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_recovery_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_recovery")),
    )


def _create_flag() -> None:
    op.create_table(
        "flag",
        sa.Column("kommun", CODE, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("about", CODE, nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("payment", sa.Integer(), nullable=True),
        sa.Column("enhet", CODE, nullable=False),
        sa.Column("huvudman", CODE, nullable=False),
        sa.Column("key", CODE, nullable=False),
        sa.Column("month", sa.Integer(), nullable=True, comment="yyyymm"),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by", CODE, nullable=False),
        sa.Column("made_by_name", sa.Text(), nullable=False),
        sa.Column("state", CODE, nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("batch", sa.Integer(), nullable=True, comment="the delivery that corrects"),
        sa.Column("new_run", sa.Integer(), nullable=True, comment="the run in which the effect is seen"),
        sa.Column("effect_ore", sa.BigInteger(), nullable=True, comment="öre, new amount less old"),
        sa.CheckConstraint(
            "about = 'amount' OR about = 'count' OR about = 'payment'", name=op.f("ck_flag_about_known")
        ),
        sa.CheckConstraint(
            "state = 'open' OR state = 'accepted' OR state = 'rejected' OR state = 'corrected' OR state = 'withdrawn'",
            name=op.f("ck_flag_state_known"),
        ),
        sa.ForeignKeyConstraint(["kommun", "batch"], ["batch.kommun", "batch.number"], name=op.f("fk_flag_batch")),
        sa.ForeignKeyConstraint(["kommun", "run"], ["run.kommun", "run.number"], name=op.f("fk_flag_run")),
        sa.ForeignKeyConstraint(["kommun"], ["kommun.kommun"], name=op.f("fk_flag_kommun")),
        sa.PrimaryKeyConstraint("kommun", "number", name=op.f("pk_flag")),
    )
