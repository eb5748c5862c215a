from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.store import (
    AccountRecord,
    AccountUnknownError,
    GrantRecord,
    InvitationRecord,
    Reach,
    RowRefusedError,
    UnitOfWork,
)
from core.store.reach import OutOfReachError
from tests.core.store.rows import KOMMUN, NOON, lindvik

if TYPE_CHECKING:
    from sqlalchemy import Engine

ACCOUNT = AccountRecord(
    kommun=KOMMUN, subject="kim", issuer="https://inloggning.example", issuer_subject="k-1", name="Kim", state="active",
    made_at=NOON, made_by="alex",
)  # fmt: skip
GRANT = GrantRecord(
    kommun=KOMMUN, number=1, subject="kim", role="rektor", scope_kind="enhet", scope_id="G01",
    valid_from=date(2026, 1, 1), valid_to=None, given_at=NOON, given_by="alex",
)  # fmt: skip
INVITATION = InvitationRecord(
    kommun=KOMMUN, number=1, code_hash="ab" * 32, name="Kim", role="rektor", scope_kind="enhet", scope_id="G01",
    valid_from=date(2026, 1, 1), valid_to=None, made_at=NOON, made_by="alex", expires_at=NOON,
)  # fmt: skip


@pytest.fixture
def peopled(engine: Engine) -> Engine:
    with UnitOfWork(engine, Reach(frozenset({KOMMUN, "9902"}))) as work:
        for kommun in (KOMMUN, "9902"):
            lindvik(work, kommun)
            work.people.add_account(replace(ACCOUNT, kommun=kommun))
        work.people.add_grant(GRANT)
        work.people.add_grant(replace(GRANT, kommun="9902", scope_id="H01"))
        work.people.add_grant(replace(GRANT, number=2, scope_id="G02", valid_to=date(2026, 6, 1)))
        work.people.add_grant(replace(GRANT, number=3, subject="alex"))
        work.people.add_invitation(INVITATION)
        work.commit()
    return engine


def own_scopes(engine: Engine, subject: str, day: date) -> set[str]:
    with UnitOfWork(engine, Reach(subject=subject), read_only=True) as work:
        return {one.scope_id for one in work.people.own_grants(day)}


def test_a_role_holds_from_its_first_day_up_to_the_day_after_its_last(peopled: Engine) -> None:
    assert own_scopes(peopled, "kim", date(2025, 12, 31)) == set()
    assert own_scopes(peopled, "kim", date(2026, 5, 31)) == {"G01", "G02", "H01"}
    assert own_scopes(peopled, "kim", date(2026, 6, 1)) == {"G01", "H01"}
    assert own_scopes(peopled, "sam", date(2026, 5, 31)) == set()


def test_a_role_taken_back_holds_no_longer_and_can_still_be_read(peopled: Engine) -> None:
    with UnitOfWork(peopled, Reach(frozenset({KOMMUN}))) as work:
        work.people.end_grant(KOMMUN, 1, NOON, "alex")
        work.commit()
        assert [(one.number, one.ended_by) for one in work.people.grants(KOMMUN)] == [(1, "alex"), (2, None), (3, None)]
        assert work.people.next_grant(KOMMUN) == 4
    assert own_scopes(peopled, "kim", date(2026, 6, 1)) == {"H01"}


def test_a_role_without_known_scope_is_refused(peopled: Engine) -> None:
    with UnitOfWork(peopled, Reach(frozenset({KOMMUN}))) as work, pytest.raises(RowRefusedError):
        work.people.add_grant(replace(GRANT, number=9, scope_kind="planet"))


def test_who_asks_about_themselves_sees_their_accounts_everywhere_and_nobody_elses(peopled: Engine) -> None:
    with UnitOfWork(peopled, Reach(subject="kim"), read_only=True) as work:
        assert [one.kommun for one in work.people.own_accounts()] == [KOMMUN, "9902"]
        with pytest.raises(OutOfReachError):
            work.people.accounts(KOMMUN)
    with UnitOfWork(peopled, Reach(subject="sam"), read_only=True) as work:
        assert work.people.own_accounts() == []


def test_an_account_is_closed_and_an_unknown_one_is_told_of(peopled: Engine) -> None:
    with UnitOfWork(peopled, Reach(frozenset({KOMMUN}))) as work:
        work.people.set_account(KOMMUN, "kim", state="closed", closed_at=NOON, closed_by="alex")
        assert [one.state for one in work.people.accounts(KOMMUN)] == ["closed"]
        with pytest.raises(AccountUnknownError, match="sam"):
            work.people.account(KOMMUN, "sam")


def test_an_invitation_is_used_once(peopled: Engine) -> None:
    with UnitOfWork(peopled, Reach(frozenset({KOMMUN}))) as work:
        assert work.people.invitation_of("ab" * 32) == INVITATION
        assert work.people.invitation_of("cd" * 32) is None
        assert work.people.use_invitation(KOMMUN, 1, NOON, "kim")
        assert not work.people.use_invitation(KOMMUN, 1, NOON, "sam")
        assert not work.people.withdraw_invitation(KOMMUN, 1, NOON, "alex")
        assert [one.used_by for one in work.people.invitations(KOMMUN)] == ["kim"]
        assert work.people.next_invitation(KOMMUN) == 2
