"""How Alembic runs a revision: on the connection that ``core.store.migrate`` hands over."""

from __future__ import annotations

from alembic import context

from core.store.tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
