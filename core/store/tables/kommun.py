"""The kommuner whose books are kept."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Code, Prose


class KommunRow(Base):
    """A kommun with its official code and organisation number."""

    __tablename__ = "kommun"

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Prose]
    orgnr: Mapped[Code]
