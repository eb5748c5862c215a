from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.base import BatchMode, BatchState, Issue
from core.store import BatchStateError, BatchUnfinishedError, BatchUnknownError, KommunUnknownError
from tests.core.store.rows import KOMMUN, NOON, accepted, lindvik, new_batch

if TYPE_CHECKING:
    from core.store import UnitOfWork

DELTA = BatchMode.DELTA.value
SPRING, AUTUMN = date(2026, 2, 15), date(2026, 10, 15)


def test_numbers_run_by_kommun(work: UnitOfWork) -> None:
    lindvik(work, "9902")
    assert [work.batches.receive(new_batch()), work.batches.receive(new_batch())] == [1, 2]
    assert work.batches.receive(new_batch(kommun="9902")) == 1


def test_a_delivery_for_an_unknown_kommun_is_refused(work: UnitOfWork) -> None:
    with pytest.raises(KommunUnknownError, match="9999"):
        work.batches.receive(new_batch(kommun="9999"))


def test_a_received_delivery_is_read_back_as_it_was_described(work: UnitOfWork) -> None:
    number = work.batches.receive(new_batch(file_total="11 034 elever", scope="s"))
    batch = work.batches.get(KOMMUN, number)
    assert (batch.state, batch.row_count, batch.received_at) == ("received", None, NOON)
    assert (batch.file_total, batch.scope, batch.period_to) == ("11 034 elever", "s", date(2027, 1, 1))


def test_an_unknown_delivery_is_told_of(work: UnitOfWork) -> None:
    with pytest.raises(BatchUnknownError, match="Leverans 7"):
        work.batches.get(KOMMUN, 7)


def test_a_delivery_that_was_never_finished_cannot_be_accepted(work: UnitOfWork) -> None:
    number = work.batches.receive(new_batch())
    with pytest.raises(BatchUnfinishedError):
        work.batches.move(KOMMUN, number, BatchState.ACCEPTED, NOON, "Kim")


@pytest.mark.parametrize(
    ("states", "refused"),
    [
        (["accepted"], "accepted"),
        (["accepted"], "rejected"),
        (["rejected"], "accepted"),
        ([], "reverted"),
        (["accepted", "reverted"], "accepted"),
    ],
)
def test_a_delivery_goes_only_forward(work: UnitOfWork, states: list[str], refused: str) -> None:
    number = work.batches.receive(new_batch())
    work.batches.finish(KOMMUN, number, row_count=0, our_total=None, meta="{}")
    for state in states:
        work.batches.move(KOMMUN, number, BatchState(state), NOON, "Kim")
    with pytest.raises(BatchStateError):
        work.batches.move(KOMMUN, number, BatchState(refused), NOON, "Kim")


def test_accepting_says_who_and_when(work: UnitOfWork) -> None:
    batch = work.batches.get(KOMMUN, accepted(work))
    assert (batch.decided_by, batch.decided_at) == ("Kim", NOON)


def test_faults_are_read_back_in_order_with_the_file_they_were_found_in(work: UnitOfWork) -> None:
    number = work.batches.receive(new_batch())
    first = Issue(
        "error", "not_a_date", "enrolments.csv", 3, "fran_och_med", "31/2", "ÅÅÅÅ-MM-DD", "31/2 är ingen dag."
    )
    second = Issue("warning", "few", "enrolments.csv", None, None, None, "fler rader", "Filen är kort.")
    work.batches.add_issues(KOMMUN, number, [first, second], errors=1200, warnings=1)
    assert list(work.batches.issues(KOMMUN, number)) == [first, second]
    assert work.batches.get(KOMMUN, number).error_count == 1200


def test_a_delivery_without_faults_has_none(work: UnitOfWork) -> None:
    number = work.batches.receive(new_batch())
    work.batches.add_issues(KOMMUN, number, [], errors=0, warnings=0)
    assert list(work.batches.issues(KOMMUN, number)) == []


def test_deliveries_are_listed_newest_first_and_by_number(work: UnitOfWork) -> None:
    for _ in range(3):
        accepted(work)
    assert [one.number for one in work.batches.list(KOMMUN)] == [3, 2, 1]
    assert [one.number for one in work.batches.of_numbers(KOMMUN, [3, 1])] == [1, 3]


def test_the_same_file_is_known_again_only_while_it_is_accepted(work: UnitOfWork) -> None:
    new = new_batch()
    assert work.batches.same_accepted(new) is None
    number = accepted(work)
    found = work.batches.same_accepted(new)
    assert found is not None
    assert found.number == number
    assert work.batches.same_accepted(new_batch(sha256="cd" * 32)) is None
    assert work.batches.same_accepted(new_batch(period_to=date(2026, 7, 1))) is None
    work.batches.move(KOMMUN, number, BatchState.REVERTED, NOON, "Kim")
    assert work.batches.same_accepted(new) is None


def test_nothing_is_in_force_before_anything_is_accepted(work: UnitOfWork) -> None:
    work.batches.receive(new_batch())
    assert work.batches.in_force(KOMMUN, "enrolments", [SPRING]) == {SPRING: ()}


def test_the_latest_snapshot_that_holds_the_day_is_in_force(work: UnitOfWork) -> None:
    whole = accepted(work)
    autumn = accepted(work, period_from=date(2026, 7, 1))
    assert work.batches.in_force(KOMMUN, "enrolments", [SPRING, AUTUMN]) == {SPRING: (whole,), AUTUMN: (autumn,)}


def test_later_deltas_that_hold_the_day_follow_in_order(work: UnitOfWork) -> None:
    before = accepted(work, mode=DELTA)
    snapshot = accepted(work)
    first = accepted(work, mode=DELTA)
    second = accepted(work, mode=DELTA, period_from=date(2026, 7, 1))
    in_force = work.batches.in_force(KOMMUN, "enrolments", [SPRING, AUTUMN])
    assert in_force == {SPRING: (snapshot, first), AUTUMN: (snapshot, first, second)}
    assert before not in in_force[SPRING]


def test_reverting_a_snapshot_brings_the_one_before_back(work: UnitOfWork) -> None:
    first, second = accepted(work), accepted(work)
    work.batches.move(KOMMUN, second, BatchState.REVERTED, NOON, "Kim")
    assert work.batches.in_force(KOMMUN, "enrolments", [SPRING]) == {SPRING: (first,)}


def test_each_index_has_its_own_snapshot(work: UnitOfWork) -> None:
    first = accepted(work, "index", scope="socioekonomi")
    second = accepted(work, "index", scope="landsbygd")
    assert sorted(work.batches.in_force(KOMMUN, "index", [SPRING])[SPRING]) == [first, second]


def test_other_kinds_and_kommuner_are_not_in_force(work: UnitOfWork) -> None:
    lindvik(work, "9902")
    accepted(work, "units")
    accepted(work, kommun="9902")
    assert work.batches.in_force(KOMMUN, "enrolments", [SPRING]) == {SPRING: ()}
