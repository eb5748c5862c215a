from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.base import BatchState
from core.store import KommunUnknownError, ModelRecord, ModelUnknownError, UnitOfWork
from core.store.audit import PAGE
from tests.core.store.rows import KOMMUN, NOON, accepted, lindvik
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from sqlalchemy import Engine

MODEL = ModelRecord(KOMMUN, 2026, 1, "lindvik", "id: lindvik\n", "ab" * 32, "accepted", None)


def test_kommuner_come_by_code_and_an_unknown_one_is_told_of(work: UnitOfWork) -> None:
    lindvik(work, "0100")
    assert [one.kommun for one in work.kommuner.list()] == ["0100", KOMMUN]
    with pytest.raises(KommunUnknownError):
        work.kommuner.get("0000")


def test_the_highest_accepted_version_of_a_model_is_in_force(work: UnitOfWork) -> None:
    with pytest.raises(ModelUnknownError, match="2026"):
        work.models.in_force(KOMMUN, 2026)
    work.models.add(MODEL)
    work.models.add(replace(MODEL, version=2))
    work.models.add(replace(MODEL, version=3, state="received"))
    assert work.models.in_force(KOMMUN, 2026).version == 2
    assert work.models.next_version(KOMMUN, 2026) == 4
    assert work.models.next_version(KOMMUN, 2027) == 1


def test_a_model_follows_the_delivery_it_came_in(work: UnitOfWork) -> None:
    batch = accepted(work, "model")
    work.models.add(replace(MODEL, batch=batch, state="received"))
    with pytest.raises(ModelUnknownError):
        work.models.in_force(KOMMUN, MODEL.year)
    work.models.move(KOMMUN, batch, BatchState.ACCEPTED)
    assert work.models.in_force(KOMMUN, MODEL.year).batch == batch


def append(work: UnitOfWork, times: int = 1) -> None:
    for number in range(times):
        work.audit.append(KOMMUN, NOON, "kim", "batch.accept", f"batch:{number}", {"skäl": "rätt"})


def test_the_same_thing_was_told_only_if_it_was_told_since(work: UnitOfWork) -> None:
    hours = [NOON + timedelta(hours=number) for number in range(4)]
    for hour, unit in zip(hours, ("a", "b", "a", "b"), strict=True):
        work.audit.append(KOMMUN, hour, "kim", "look", f"enhet:{unit}", {"enhet": unit})

    def told(since: int, unit: str) -> bool:
        payload = f'{{"enhet":"{unit}"}}'
        return work.audit.said_since(KOMMUN, hours[0] + timedelta(hours=since), "kim", "look", f"enhet:{unit}", payload)

    assert [told(since, "a") for since in (-1, 0, 1, 2, 3)] == [True, True, True, True, False]
    assert [told(since, "b") for since in (-1, 2, 3, 4)] == [True, True, True, False]
    work.audit.append(KOMMUN, hours[0], "kim", "look", "enhet:a", {"enhet": "a"})  # a clock has gone back
    assert not told(3, "a")
    assert not told(3, "b")  # told once too often rather than not at all


def test_links_follow_one_another(work: UnitOfWork) -> None:
    append(work, 3)
    first, second, third = work.audit.entries(KOMMUN)
    assert (first.prev_hash, second.prev_hash, third.prev_hash) == ("0" * 64, first.hash, second.hash)
    assert first.payload == '{"skäl":"rätt"}'
    assert [one.seq for one in work.audit.entries(KOMMUN, after=1, limit=1)] == [2]
    assert work.audit.first_broken(KOMMUN) is None


def test_like_payloads_have_unlike_hashes(work: UnitOfWork) -> None:
    append(work, 2)
    assert len({one.payload_hash for one in work.audit.entries(KOMMUN)}) == 2


def test_a_moment_in_another_zone_is_the_same_moment(work: UnitOfWork) -> None:
    work.audit.append(KOMMUN, NOON.astimezone(timezone(timedelta(hours=1))), "kim", "run.create", "run:1", {})
    assert work.audit.entries(KOMMUN)[0].at == NOON
    assert work.audit.first_broken(KOMMUN) is None


def test_the_chain_holds_after_a_payload_is_erased(work: UnitOfWork) -> None:
    append(work, 2)
    work.audit.erase_payload(KOMMUN, 1)
    assert work.audit.entries(KOMMUN)[0].payload is None
    assert work.audit.first_broken(KOMMUN) is None


def test_a_long_chain_is_verified_page_by_page(work: UnitOfWork) -> None:
    append(work, PAGE + 1)
    assert work.audit.first_broken(KOMMUN) is None


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ("UPDATE audit_entry SET actor = 'alex' WHERE seq = 2", 2),
        ("UPDATE audit_entry SET payload = '{}' WHERE seq = 2", 2),
        ("UPDATE audit_entry SET prev_hash = 'x' WHERE seq = 3", 3),
        ("DELETE FROM audit_entry WHERE seq = 1", 1),
        ("DELETE FROM audit_entry WHERE seq = 2", 2),
    ],
)
def test_whoever_gets_past_the_triggers_is_found_out(owner: Engine, change: str, broken: int) -> None:
    off = {
        "sqlite": ["DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete"],
        "postgresql": ["ALTER TABLE audit_entry DISABLE TRIGGER USER"],
    }
    with UnitOfWork(owner, EVERYWHERE) as work:
        lindvik(work)
        append(work, 3)
        work.commit()
        for statement in (*off[owner.dialect.name], change):
            work.connection.execute(text(statement))
        assert work.audit.first_broken(KOMMUN) == broken
