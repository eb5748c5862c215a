"""The audit chain: what was done, by whom, in an order that cannot be rewritten unseen."""

from __future__ import annotations

from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Code, Moment, Number, Prose, of_kommun


class AuditEntryRow(Base):
    """One link. Triggers refuse every change but one: retention may erase ``payload`` and ``salt`` together.

    The chain runs over ``payload_hash`` (salted), so it still holds when a payload is erased.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (of_kommun(),)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    seq: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[Moment]
    actor: Mapped[Code]
    action: Mapped[Code]
    subject: Mapped[Code]
    payload: Mapped[Prose | None] = mapped_column(comment="canonical JSON")
    salt: Mapped[Code | None]
    payload_hash: Mapped[Code]
    prev_hash: Mapped[Code]
    hash: Mapped[Code]
