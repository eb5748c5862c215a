"""Why a delivery was turned down or a payment cancelled stands beside it, encrypted, and no longer in the audit chain.

Needs: 0006_people (batch, payment).
Data: none moves. Deliveries and payments from before have no reason here: theirs stand in words in the chain, which is
not rewritten; retention erases them there (record class ``spoken_reasons``). Going down drops the reasons.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_reasons"
down_revision = "0007_row_level_security"

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the columns, empty."""
    op.add_column("batch", sa.Column("reason", sa.Text(), nullable=True))
    op.add_column("payment", sa.Column("cancelled_at", MOMENT, nullable=True))
    op.add_column("payment", sa.Column("reason", sa.Text(), nullable=True))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("payment", "reason")
    op.drop_column("payment", "cancelled_at")
    op.drop_column("batch", "reason")
