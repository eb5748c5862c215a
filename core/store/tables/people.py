"""Who the people are, how they come in, and who may do what: accounts, invitations, grants, logins.

A *subject* is our own name of a person: a digest of the login's issuer and subject, never an e-mail address. Accounts
and grants belong to a kommun, so that each administers its own people; one person may have an account in several.
A login (the time between logging in and out) belongs to no kommun: who logs in is known before what they may see.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from core.store.tables.base import Base, Code, Day, Moment, Number, Prose, half_open, is_one_of, of_kommun

SCOPE_KINDS = ("allman", "kommun", "omrade", "enhet", "huvudman", "verksamhet")
ACCOUNT_STATES = ("active", "closed")


class AccountRow(Base):
    """A person who may log in to a kommun's books; without a grant the account opens nothing."""

    __tablename__ = "account"
    __table_args__ = (of_kommun(), is_one_of("state", ACCOUNT_STATES))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code] = mapped_column(primary_key=True, comment="digest of issuer and the issuer's subject")
    issuer: Mapped[Code]
    issuer_subject: Mapped[Code] = mapped_column(comment="what the issuer calls the person")
    name: Mapped[Prose]
    state: Mapped[Code]
    made_at: Mapped[Moment]
    made_by: Mapped[Code]
    closed_at: Mapped[Moment | None]
    closed_by: Mapped[Code | None]


class RoleGrantRow(Base):
    """A role that a subject has within a scope, for a time. Ended by a day, never removed."""

    __tablename__ = "role_grant"
    __table_args__ = (
        of_kommun(),
        is_one_of("scope_kind", SCOPE_KINDS),
        half_open(),
        Index("ix_role_grant_subject", "subject"),
    )

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[Code]
    role: Mapped[Code]
    scope_kind: Mapped[Code]
    scope_id: Mapped[Code]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None] = mapped_column(comment="first day without the role")
    given_at: Mapped[Moment]
    given_by: Mapped[Code]
    ended_at: Mapped[Moment | None] = mapped_column(comment="taken back, from that moment on")
    ended_by: Mapped[Code | None]


class InvitationRow(Base):
    """A role that waits for somebody: whoever logs in and says the code gets it, once."""

    __tablename__ = "invitation"
    __table_args__ = (of_kommun(), is_one_of("scope_kind", SCOPE_KINDS), half_open())

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    number: Mapped[Number] = mapped_column(primary_key=True, autoincrement=False)
    code_hash: Mapped[Code] = mapped_column(
        index=True, unique=True, comment="sha256 of the code; the code itself is shown once"
    )
    name: Mapped[Prose]
    role: Mapped[Code]
    scope_kind: Mapped[Code]
    scope_id: Mapped[Code]
    valid_from: Mapped[Day]
    valid_to: Mapped[Day | None]
    made_at: Mapped[Moment]
    made_by: Mapped[Code]
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    used_by: Mapped[Code | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by: Mapped[Code | None]


class LoginRow(Base):
    """One login of one person: when it began, was last seen, and ended. Belongs to no kommun."""

    __tablename__ = "login"
    __table_args__ = (Index("ix_login_subject", "subject"),)

    login: Mapped[Code] = mapped_column(primary_key=True, comment="digest of what the login provider signed")
    subject: Mapped[Code]
    began_at: Mapped[Moment]
    seen_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    ended_why: Mapped[Code | None]


class LocalAccountRow(Base):
    """A way in when the login provider is down: made by command, short-lived, each use logged."""

    __tablename__ = "local_account"
    __table_args__ = (of_kommun(), CheckConstraint("failures >= 0", name="failures_not_negative"))

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    name: Mapped[Code] = mapped_column(primary_key=True)
    subject: Mapped[Code]
    password_hash: Mapped[Code] = mapped_column(comment="argon2id")
    made_at: Mapped[Moment]
    made_by: Mapped[Code]
    expires_at: Mapped[Moment]
    failures: Mapped[Number]
    closed_at: Mapped[Moment | None]


class KeyStampRow(Base):
    """The fingerprint of a key that a kommun's rows rest on, so that a lost key is noticed, not replaced."""

    __tablename__ = "key_stamp"
    __table_args__ = (of_kommun(),)

    kommun: Mapped[Code] = mapped_column(primary_key=True)
    purpose: Mapped[Code] = mapped_column(primary_key=True)
    stamp: Mapped[Code]
    set_at: Mapped[Moment]
