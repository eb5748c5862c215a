"""The kommuner whose books are kept, and who may do what in them."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Code, Day, Prose, half_open, is_one_of, of_kommun

SCOPE_KINDS = ("allman", "kommun", "omrade", "enhet", "huvudman")


class KommunRow(Base):
    """A kommun with its official code and organisation number."""

    __tablename__ = "kommun"

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Prose]
    orgnr: Mapped[Code]


class RoleGrantRow(Base):
    """A role that a subject (the login's own id) has within a scope, for a time."""

    __tablename__ = "role_grant"
    __table_args__ = (of_kommun(), is_one_of("scope_kind", SCOPE_KINDS), half_open())

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code] = mapped_column(primary_key=True)
    role: Mapped[Code] = mapped_column(primary_key=True)
    scope_kind: Mapped[Code] = mapped_column(primary_key=True)
    scope_id: Mapped[Code] = mapped_column(primary_key=True)
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
