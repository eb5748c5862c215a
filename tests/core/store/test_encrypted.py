"""Free text is ciphertext in the table: bound to its column, told when it was touched, and rotated by key."""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text, insert, select, text, type_coerce
from sqlalchemy.dialects import postgresql

from core.store import UnitOfWork, make_engine
from core.store.column_keys import (
    ColumnKeysUnusableError,
    ColumnKeyUnknownError,
    ColumnValueDamagedError,
    Keyring,
    key_id,
)
from core.store.resealing import CLEAR, encrypted_columns
from core.store.tables import Base, ScenarioRow
from tests.core.store.rows import KOMMUN, NOON, lindvik
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sqlalchemy import Engine

    from tests.support.databases import Database

OLD, NEW = b"o" * 32, b"n" * 32
WORDS = "Eleven bor hos mormor på Ängsvägen"
# Every other column of running text, by its name or by table and name, and why it stays in the clear.
IN_THE_CLEAR = {
    "name": "of a kommun, unit, trial or official, sorted and shown in lists",
    "huvudman_name": "of an organisation",
    "label": "from the model",
    "occupation": "of a group of staff",
    "unit": "of a measure",
    "file_name": "what the deliverer calls the file",
    "delivered_by": "an official in office",
    "decided_by": "an official in office",
    "created_by": "an official in office",
    "changed_by": "an official in office",
    "made_by_name": "an official in office",
    "answered_by": "an official in office",
    "detail": "figures, written by the program",
    "source": "file and row, written by the program",
    "meta": "facts of a whole index",
    "changes": "figures of a trial, written by the program",
    "payload": "the audit chain: neither free text about persons nor identities, and nothing in it may ever change",
    "by_arskurs": "counts",
    "model_text": "a decided model, word by word what its hash says",
    "text": "a decided model, word by word what its hash says",
    "code_version": "of the program",
    "decision": "body, date and paragraph of the minutes",
    "file_total": "a number",
    "our_total": "numbers",
    "column_name": "a heading of the file",
    "body": "who decides",
    "paragraph": "of the minutes",
    "delegation": "a point of the delegation order",
    "batch_issue.expected": "what the file's column wants, never what stood in it",
    "payment_part.reason": "written by the program",
    "decision_change.reason": "a court's outcome for a huvudman's unit, part of a public decision",
    "decision.special_reasons": "about kostnadsslag, part of a public decision",
    "decision.delivered_how": "how a public decision was sent",
    "decision.appeal_outcome": "a public judgment on a grant",
}


def keyring(*keys: bytes) -> Keyring:
    return Keyring(lambda: keys)


def read_by(*keys: bytes) -> Callable[[], Sequence[bytes]]:
    return lambda: keys


@pytest.fixture
def opened(database: Database) -> Callable[..., Engine]:
    return lambda *keys: make_engine(database.url, read_by(*keys))


def put_note(engine: Engine, number: int = 1, note: str = WORDS, *, first: bool = True) -> None:
    """Write a trial with a note; the run it was tried on does not matter here."""
    with UnitOfWork(engine, EVERYWHERE) as work:
        if first:
            lindvik(work)
            work.connection.execute(
                text(
                    "INSERT INTO run (kommun, number, kind, year, state, model_version, model_text, model_sha256, "
                    "through_month, code_version, created_at, created_by) VALUES "
                    f"('{KOMMUN}', 1, 'budget', 2026, 'draft', 1, '', '', 12, '', '2026-01-01 00:00:00', '')"
                )
            )
        work.connection.execute(
            insert(ScenarioRow).values(
                kommun=KOMMUN, number=number, name="Prov", note=note, base_run=1, state="open", edition=1,
                changes="[]", created_at=NOON, created_by="Kim", changed_at=NOON, changed_by="Kim",
            )
        )  # fmt: skip
        work.commit()


def raw_note(engine: Engine, number: int = 1) -> str:
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
        raw = select(type_coerce(ScenarioRow.note, Text)).where(ScenarioRow.number == number)
        return str(work.connection.scalar(raw))


def note(engine: Engine, number: int = 1) -> str:
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
        return str(work.connection.scalar(select(ScenarioRow.note).where(ScenarioRow.number == number)))


def overwrite(engine: Engine, raw: str) -> None:
    with UnitOfWork(engine, EVERYWHERE) as work:
        work.connection.execute(text("UPDATE scenario SET note = :raw"), {"raw": raw})
        work.commit()


def counts(engine: Engine) -> dict[str, int]:
    with UnitOfWork(engine, EVERYWHERE, read_only=True) as work:
        return work.resealing.counts(KOMMUN)


def reseal(engine: Engine, limit: int = 100) -> int:
    with UnitOfWork(engine, EVERYWHERE) as work:
        done = work.resealing.reseal(KOMMUN, limit)
        work.commit()
        return done


@given(st.text(), st.sampled_from(["flag.said", "scenario.note"]))
def test_any_text_comes_back_and_is_never_seen_in_what_is_stored(said: str, column: str) -> None:
    sealed = keyring(OLD).encrypt(column, said)
    assert keyring(NEW, OLD).decrypt(column, sealed) == said
    assert re.fullmatch(rf"sk1:{key_id(OLD)}:[A-Za-z0-9_=-]+", sealed)
    assert sealed != keyring(OLD).encrypt(column, said)


@given(st.text(min_size=1), st.data())
def test_whatever_is_changed_in_a_stored_value_is_told(said: str, data: st.DataObject) -> None:
    sealed = keyring(OLD).encrypt("flag.said", said)
    body = sealed.index(":", 4) + 1
    place = data.draw(st.integers(body, len(sealed) - 4))
    other = data.draw(st.sampled_from("ABCxyz019").filter(lambda sign: sign != sealed[place]))
    with pytest.raises(ColumnValueDamagedError):
        keyring(OLD).decrypt("flag.said", sealed[:place] + other + sealed[place + 1 :])


@pytest.mark.parametrize("stored", ["sk1:", "sk1:{key}", "sk1:{key}:", "sk1:{key}:å", "sk1:{key}:AAAA"])
def test_a_broken_value_is_told_rather_than_shown(stored: str) -> None:
    with pytest.raises((ColumnValueDamagedError, ColumnKeyUnknownError)):
        keyring(OLD).decrypt("flag.said", stored.format(key=key_id(OLD)))


def test_a_value_cannot_be_moved_to_another_column() -> None:
    with pytest.raises(ColumnValueDamagedError, match=r"flag\.answer"):
        keyring(OLD).decrypt("flag.answer", keyring(OLD).encrypt("flag.said", WORDS))


def test_the_table_never_holds_the_text(opened: Callable[..., Engine]) -> None:
    engine = opened(OLD)
    put_note(engine)
    assert "mormor" not in raw_note(engine)
    assert raw_note(engine).startswith(f"sk1:{key_id(OLD)}:")
    assert note(engine) == WORDS


def test_without_the_right_key_the_text_is_not_read_and_the_reader_is_told_which_key(
    opened: Callable[..., Engine],
) -> None:
    put_note(opened(OLD))
    with pytest.raises(ColumnKeyUnknownError, match=key_id(OLD)):
        note(opened(NEW))
    with pytest.raises(ColumnKeysUnusableError):
        note(opened())


def test_without_keys_nothing_is_written_and_no_error_repeats_the_text(opened: Callable[..., Engine]) -> None:
    with pytest.raises(ColumnKeysUnusableError, match="Nycklarna") as told:
        put_note(opened())
    assert "mormor" not in "".join(traceback.format_exception(told.value))
    assert counts(opened(OLD)) == {}


def test_without_keys_everything_else_can_be_read(database: Database) -> None:
    with UnitOfWork(make_engine(database.url), EVERYWHERE) as work:
        lindvik(work)
        assert work.kommuner.get(KOMMUN).name == "Lindvik"


def test_an_error_from_the_database_never_repeats_what_was_to_be_written(opened: Callable[..., Engine]) -> None:
    engine = opened(OLD)
    with pytest.raises(Exception) as told, UnitOfWork(engine, EVERYWHERE) as work:  # noqa: PT011 - whatever it is
        work.connection.execute(text("INSERT INTO nowhere (a) VALUES (:a)"), {"a": WORDS})
    assert "mormor" not in str(told.value)


def test_a_touched_value_is_told(opened: Callable[..., Engine]) -> None:
    engine = opened(OLD)
    put_note(engine)
    raw = raw_note(engine)
    overwrite(engine, raw[:-6] + ("A" if raw[-6] != "A" else "B") + raw[-5:])
    with pytest.raises(ColumnValueDamagedError, match=r"scenario\.note"):
        note(engine)


def test_rotation_encrypts_everything_with_the_first_key_and_the_old_one_may_go(opened: Callable[..., Engine]) -> None:
    put_note(opened(OLD))
    put_note(opened(OLD), 2, "och en till", first=False)
    both = opened(NEW, OLD)
    assert counts(both) == {key_id(OLD): 2}
    assert [reseal(both, 1), reseal(both, 1), reseal(both, 1)] == [1, 1, 0]  # broken off, it goes on where it was
    assert counts(both) == {key_id(NEW): 2}
    assert (note(opened(NEW)), note(opened(NEW), 2)) == (WORDS, "och en till")


def test_rotation_goes_on_while_others_read_and_write_with_the_old_key_first(opened: Callable[..., Engine]) -> None:
    old_process, new_process = opened(OLD, NEW), opened(NEW, OLD)
    put_note(old_process)
    assert reseal(new_process) == 1
    assert note(old_process) == WORDS
    put_note(old_process, 2, "senare", first=False)
    assert (note(new_process, 2), reseal(new_process), note(old_process, 2)) == ("senare", 1, "senare")


def test_a_key_that_came_after_the_process_began_is_found(opened: Callable[..., Engine], database: Database) -> None:
    keys = [OLD]
    running = make_engine(database.url, lambda: list(keys))
    put_note(running)
    reseal(opened(NEW, OLD))
    keys.insert(0, NEW)
    assert note(running) == WORDS


def test_rotation_with_a_lost_key_changes_nothing(opened: Callable[..., Engine]) -> None:
    put_note(opened(OLD))
    with pytest.raises(ColumnKeyUnknownError):
        reseal(opened(NEW))
    assert note(opened(OLD)) == WORDS


def test_a_text_from_before_the_column_was_encrypted_is_read_as_it_is_and_rotation_encrypts_it(
    opened: Callable[..., Engine],
) -> None:
    engine = opened(OLD)
    put_note(engine)
    overwrite(engine, "skriven i klartext")
    assert (note(engine), counts(engine)) == ("skriven i klartext", {CLEAR: 1})
    assert reseal(engine) == 1
    assert counts(engine) == {key_id(OLD): 1}
    assert note(engine) == "skriven i klartext"


def test_an_encrypted_column_can_neither_be_searched_nor_sorted() -> None:
    for column in encrypted_columns():
        for asked in (lambda one: one == WORDS, lambda one: one.like("%mormor%"), lambda one: one.desc()):
            with pytest.raises(TypeError, match="neither be searched nor sorted"):
                asked(column)  # type: ignore[no-untyped-call]  # a lambda
        assert column.is_(None) is not None


def test_every_encrypted_column_is_bound_to_its_own_name() -> None:
    assert {str(column): column.type.column for column in encrypted_columns()} == {  # type: ignore[attr-defined]
        name: name
        for name in (
            "flag.said", "flag.answer", "batch_issue.found", "batch_issue.message", "scenario.note", "recovery.reason",
            "batch.reason", "payment.reason",
        )
    }  # fmt: skip


def test_every_column_of_running_text_is_encrypted_or_says_why_not() -> None:
    encrypted = {str(column) for column in encrypted_columns()}
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's own
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_running_text = column.type.compile(dialect=dialect) == "TEXT"  # a code has a collation
            if is_running_text and str(column) not in encrypted:
                assert {str(column), column.name} & IN_THE_CLEAR.keys(), column
