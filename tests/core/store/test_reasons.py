"""Revision 0008 on a database that is in use: what is there stays, and the words from before are left in the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

from core.store.engine import make_engine
from core.store.migrate import downgrade, newest, upgrade

if TYPE_CHECKING:
    from sqlalchemy import Engine

BEFORE = "0007_row_level_security"
ROWS = (
    "INSERT INTO kommun (kommun, name, orgnr) VALUES ('9901', 'Lindvik', '9999009901')",
    (
        "INSERT INTO batch (kommun, number, kind, scope, period_from, period_to, mode, state, delivered_by, file_name, "
        "sha256, row_count, received_at, decided_at, decided_by, error_count, warning_count, meta) VALUES ('9901', 1, "
        "'staff', '', '2026-01-01', '2027-01-01', 'snapshot', 'rejected', 'Kim', 'personal.csv', 'ab', 3, "
        "'2026-01-02 03:04:05', '2026-01-03 03:04:05', 'Lo', 1, 0, '{}')"
    ),
    (
        "INSERT INTO run (kommun, number, kind, year, state, model_version, model_text, model_sha256, through_month, "
        "code_version, created_at, created_by) VALUES ('9901', 1, 'budget', 2026, 'draft', 1, '', '', 12, '', "
        "'2026-01-01 00:00:00', '')"
    ),
    (
        "INSERT INTO payment (kommun, number, run, month, state, sha256, total_ore, prepared_at, prepared_by) VALUES "
        "('9901', 1, 1, 202601, 'cancelled', 'ab', 100, '2026-01-02 03:04:05', 'p:1')"
    ),
    (
        "INSERT INTO audit_entry (kommun, seq, at, actor, action, subject, payload, salt, payload_hash, prev_hash, "
        "hash) VALUES ('9901', 1, "
        """'2026-01-03 03:04:05', 'a', 'batch.rejected', 'batch:1', '{"reason":"fel fil"}', 's', """
        "'p', '', 'h')"
    ),
)


def told(engine: Engine) -> list[tuple[object, ...]]:
    """Return what stood there before the revision, and still should."""
    with engine.connect() as connection:
        return [
            tuple(row)
            for statement in (
                "SELECT number, state, decided_by, row_count FROM batch",
                "SELECT number, state, total_ore FROM payment",
                "SELECT seq, payload, hash FROM audit_entry",
            )
            for row in connection.execute(text(statement))
        ]


def test_a_database_in_use_gets_the_columns_empty_and_keeps_every_row_up_and_down(empty_url: str) -> None:
    upgrade(empty_url)
    downgrade(empty_url, BEFORE)
    engine = make_engine(empty_url)
    with engine.begin() as connection:
        for statement in ROWS:
            connection.exec_driver_sql(statement)
    before = told(engine)
    assert len(before) == 3
    upgrade(empty_url)
    assert told(engine) == before
    with engine.connect() as connection:
        assert connection.execute(text("SELECT reason FROM batch")).scalars().all() == [None]
        assert [tuple(row) for row in connection.execute(text("SELECT reason, cancelled_at FROM payment"))] == [
            (None, None)
        ]
    downgrade(empty_url, BEFORE)
    assert told(engine) == before
    upgrade(empty_url)
    assert newest() >= "0008_reasons"
    engine.dispose()
