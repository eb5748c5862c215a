"""Counting and erasing what retention says is due; one unit of work erases a class whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select, update

from core.store.cleaning import remove_runs
from core.store.numbers import take_turn
from core.store.reach import KommunBound
from core.store.tables import (
    AccountRow,
    AuditEntryRow,
    Base,
    BatchIssueRow,
    BatchRow,
    CaseAmountRow,
    EnrolmentRow,
    InvitationRow,
    LoginRow,
    PaymentRow,
    StaffRow,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

FACTS: dict[str, type[EnrolmentRow | StaffRow | CaseAmountRow | BatchIssueRow]] = {
    "enrolments": EnrolmentRow,
    "staff": StaffRow,
    "case_amounts": CaseAmountRow,
    "batch_issues": BatchIssueRow,
}
"""Rows that are erased by delivery, by record class."""
NOBODY = "gallrad-"
"""What stands before a number in place of a pseudonym that has been erased."""


class RetentionRepository(KommunBound):
    """What is due in one unit of work; never commits."""

    def take_turn(self, kommun: str) -> None:
        """Wait until nobody else takes numbers for the kommun: what is found due is still so when erased."""
        take_turn(self._connection, kommun)

    def count(self, kommun: str, what: str, batches: Collection[int]) -> int:
        """Return how many rows of a class the deliveries hold."""
        table = FACTS[what]
        return self._number(select(func.count()).where(table.kommun == kommun, table.batch.in_(batches)))

    def erase(self, kommun: str, what: str, batches: Collection[int]) -> int:
        """Erase the rows of a class that the deliveries hold; return how many there were."""
        table = FACTS[what]
        return self._done(delete(table).where(table.kommun == kommun, table.batch.in_(batches)))

    def mark_erased(self, kommun: str, batches: Collection[int], at: datetime) -> None:
        """Say on the deliveries that their rows are gone since ``at``."""
        self._done(update(BatchRow).where(BatchRow.kommun == kommun, BatchRow.number.in_(batches)).values(erased_at=at))

    def batches_with(self, kommun: str, what: str) -> set[int]:
        """Return the deliveries that still hold something of a class."""
        if what == "referens":
            rows = select(EnrolmentRow.batch).where(EnrolmentRow.kommun == kommun, EnrolmentRow.referens.is_not(None))
        elif what == "case_amounts":
            rows = select(CaseAmountRow.batch).where(
                CaseAmountRow.kommun == kommun, CaseAmountRow.elev.not_like(f"{NOBODY}%")
            )
        else:
            rows = select(FACTS[what].batch).where(FACTS[what].kommun == kommun)
        return set(self._connection.scalars(rows.distinct()))

    def count_referenser(self, kommun: str, batches: Collection[int]) -> int:
        """Return how many rows carry the huvudman's own name of the elev."""
        return self._number(select(func.count()).where(*_referenser(kommun, batches)))

    def erase_referenser(self, kommun: str, batches: Collection[int]) -> int:
        """Erase the huvudman's own names of elever; no count and no hash rests on them."""
        return self._done(update(EnrolmentRow).where(*_referenser(kommun, batches)).values(referens=None))

    def erase_case_elever(self, kommun: str, batches: Collection[int]) -> int:
        """Put a number in place of each elev of decided amounts, the same one throughout; return the rows changed."""
        table = CaseAmountRow
        here = (table.kommun == kommun, table.batch.in_(batches), table.elev.not_like(f"{NOBODY}%"))
        elever = self._connection.scalars(
            select(table.elev).where(*here).group_by(table.elev).order_by(func.min(table.batch), func.min(table.row))
        ).all()
        first = min(batches, default=0)
        return sum(
            self._done(update(table).where(*here, table.elev == elev).values(elev=f"{NOBODY}{first}-{place}"))
            for place, elev in enumerate(elever, start=1)
        )

    def runs_referred(self, kommun: str, runs: Collection[int]) -> set[int]:
        """Return those of ``runs`` that something else than their own parts refers to."""
        found: set[int] = set()
        for table in Base.metadata.sorted_tables:
            for key in table.foreign_keys:
                own_part = key.parent.name == "run" and key.parent.primary_key
                if str(key.column) == "run.number" and not own_part:
                    rows = select(key.parent).where(table.c.kommun == kommun, key.parent.in_(runs))
                    found |= set(self._connection.scalars(rows))
        return found

    def erase_runs(self, kommun: str, runs: Sequence[int]) -> int:
        """Erase runs with all their parts; return how many."""
        remove_runs(self._connection, kommun, runs)
        return len(runs)

    def looks(self, kommun: str, action: str, before: datetime) -> list[tuple[int, datetime]]:
        """Return the links (number, moment) of an action before a moment whose payload is still there."""
        table = AuditEntryRow
        rows = select(table.seq, table.at).where(
            table.kommun == kommun, table.action == action, table.at < before, table.payload.is_not(None)
        )
        return [(seq, at) for seq, at in self._connection.execute(rows.order_by(table.seq))]

    def invitations(self, kommun: str, before: datetime) -> list[datetime]:
        """Return when invitations that ended before a moment and still carry a name did so."""
        ended = func.coalesce(InvitationRow.used_at, InvitationRow.withdrawn_at, InvitationRow.expires_at)
        rows = select(InvitationRow.used_at, InvitationRow.withdrawn_at, InvitationRow.expires_at).where(
            InvitationRow.kommun == kommun, ended < before, InvitationRow.name != ""
        )
        return [used or withdrawn or expires for used, withdrawn, expires in self._connection.execute(rows)]

    def erase_invitations(self, kommun: str, before: datetime) -> int:
        """Erase the names in invitations that ended before a moment."""
        ended = func.coalesce(InvitationRow.used_at, InvitationRow.withdrawn_at, InvitationRow.expires_at)
        here = (InvitationRow.kommun == kommun, ended < before, InvitationRow.name != "")
        return self._done(update(InvitationRow).where(*here).values(name=""))

    def batch_reasons(self, kommun: str, before: datetime) -> list[datetime]:
        """Return when deliveries that still say why they were turned down were so, of those before a moment."""
        rows = select(BatchRow.decided_at).where(*_batch_reasons(kommun, before))
        return [at for at in self._connection.scalars(rows) if at is not None]

    def erase_batch_reasons(self, kommun: str, before: datetime) -> int:
        """Erase why deliveries were turned down before a moment; that they were, by whom and when, stays."""
        return self._done(update(BatchRow).where(*_batch_reasons(kommun, before)).values(reason=None))

    def payment_reasons(self, kommun: str, before: datetime) -> list[datetime]:
        """Return when payments that still say why they were cancelled were so, of those before a moment."""
        rows = select(PaymentRow.cancelled_at).where(*_payment_reasons(kommun, before))
        return [at for at in self._connection.scalars(rows) if at is not None]

    def erase_payment_reasons(self, kommun: str, before: datetime) -> int:
        """Erase why payments were cancelled before a moment; that they were, by whom and when, stays."""
        return self._done(update(PaymentRow).where(*_payment_reasons(kommun, before)).values(reason=None))

    def spoken(self, kommun: str, actions: Collection[str], before: datetime) -> list[tuple[int, datetime, str]]:
        """Return the links (number, moment, payload) of some actions before a moment that tell a reason."""
        table = AuditEntryRow
        rows = select(table.seq, table.at, table.payload).where(
            table.kommun == kommun, table.action.in_(actions), table.at < before, table.payload.like('%"reason"%')
        )
        found = self._connection.execute(rows.order_by(table.seq))
        return [(seq, at, payload) for seq, at, payload in found if payload is not None]

    def logins(self, kommun: str, before: datetime) -> list[datetime]:
        """Return when people with an account in the kommun were last seen, of logins older than a moment."""
        return list(self._connection.scalars(select(LoginRow.seen_at).where(*_logins(kommun, before))))

    def erase_logins(self, kommun: str, before: datetime) -> int:
        """Erase logins of people with an account in the kommun that were last seen before a moment."""
        return self._done(delete(LoginRow).where(*_logins(kommun, before)))

    def accounts(self, kommun: str, before: datetime) -> list[datetime]:
        """Return when accounts that still carry a name were closed, of those closed before a moment."""
        rows = select(AccountRow.closed_at).where(*_accounts(kommun, before))
        return [at for at in self._connection.scalars(rows) if at is not None]

    def erase_accounts(self, kommun: str, before: datetime) -> int:
        """Erase the names of accounts closed before a moment; the account's code stays."""
        return self._done(update(AccountRow).where(*_accounts(kommun, before)).values(name="", issuer_subject=""))

    def _number(self, statement: Any) -> int:  # noqa: ANN401 - a SELECT of one number
        return int(self._connection.scalar(statement) or 0)

    def _done(self, statement: Any) -> int:  # noqa: ANN401 - an UPDATE or DELETE
        return int(self._connection.execute(statement).rowcount)


def _referenser(kommun: str, batches: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    table = EnrolmentRow
    return table.kommun == kommun, table.batch.in_(batches), table.referens.is_not(None)


def _batch_reasons(kommun: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return BatchRow.kommun == kommun, BatchRow.decided_at < before, BatchRow.reason.is_not(None)


def _payment_reasons(kommun: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return PaymentRow.kommun == kommun, PaymentRow.cancelled_at < before, PaymentRow.reason.is_not(None)


def _logins(kommun: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    ours = select(AccountRow.subject).where(AccountRow.kommun == kommun)
    return LoginRow.seen_at < before, LoginRow.subject.in_(ours)


def _accounts(kommun: str, before: datetime) -> tuple[ColumnElement[bool], ...]:
    return AccountRow.kommun == kommun, AccountRow.closed_at < before, AccountRow.name != ""
