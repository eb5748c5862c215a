"""Keys in use: free text is ciphertext in the table, rotation is logged, and a lost pseudonym key is noticed."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.base import year_range
from core.store import UnitOfWork, make_engine
from core.store.column_keys import ColumnKeyUnknownError, key_id
from core.usecases import basis, keys
from core.usecases.context import reach_of
from core.usecases.flags import answer_flag, flags_view, raise_flag
from core.usecases.keys import PseudonymKeyChangedError, keys_in_use, renew_stamp, rotate, stamp_view
from tests.support.column_keys import KEY
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    HANDLER,
    KOMMUN,
    REKTOR_A1,
    YEAR,
    Lillby,
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.context import App

NEW = b"n" * 32
OTHER_KEY = b"another key for pseudonyms, not ours"
ASKED = "En elev som heter Alva saknas i tvåan"
RAW = "SELECT said, answer FROM flag"


def having(lillby: Lillby, *column_keys: bytes) -> App:
    """Return the program with other keys to its columns."""
    engine = make_engine(lillby.engine.url, lambda: column_keys)
    return replace(
        lillby.app,
        reading=lambda actor: UnitOfWork(engine, reach_of(actor), read_only=True),
        writing=lambda actor: UnitOfWork(engine, reach_of(actor)),
    )


def asked(lillby: Lillby) -> int:
    return raise_flag(lillby.app, REKTOR_A1, "A1", lillby.runs[YEAR, "utfall"], "total", ASKED).number


def raw(lillby: Lillby) -> str:
    with lillby.app.reading(PEEK) as work:
        return str([tuple(row) for row in work.connection.execute(text(RAW))])


def actions(lillby: Lillby) -> list[str]:
    with lillby.app.reading(PEEK) as work:
        return [one.action for one in work.audit.entries(KOMMUN)]


def test_a_question_and_its_answer_are_ciphertext_in_the_table_and_words_on_the_page(lillby_on_both: Lillby) -> None:
    number = asked(lillby_on_both)
    answer_flag(lillby_on_both.app, CONTROLLER, number, "Alva är inskriven nu", accepted=True)
    assert "Alva" not in raw(lillby_on_both)
    (one,) = flags_view(lillby_on_both.app, CONTROLLER).flags
    assert (one.said, one.answer) == (ASKED, "Alva är inskriven nu")


def test_what_was_found_wrong_in_a_file_is_ciphertext_in_the_table(lillby: Lillby) -> None:
    row = "e31;A1;grundskola;Alva Ek;2018-03;;;9907;2026-01-01;\n"
    batch = lillby.receive("enrolments", ENROLMENT_HEADER + row, year_range(YEAR)).batch
    assert batch is not None
    with lillby.app.reading(PEEK) as work:
        stored = str(work.connection.execute(text("SELECT found, message FROM batch_issue")).all())
    assert "Alva" not in stored
    assert "Alva Ek" in str(basis.issues_of(lillby.app, CONTROLLER, batch.number))


def test_rotation_makes_the_old_key_needless_and_stands_in_the_chain(
    lillby_on_both: Lillby, monkeypatch: pytest.MonkeyPatch
) -> None:
    lillby = lillby_on_both
    for _ in range(3):
        asked(lillby)
    both = having(lillby, NEW, KEY)
    monkeypatch.setattr(keys, "BATCH", 2)
    seen: list[int] = []
    assert keys_in_use(both, CONTROLLER, KOMMUN).keys == ((key_id(NEW), 0), (key_id(KEY), 3))
    assert rotate(both, CHIEF, KOMMUN, seen.append) == 3
    assert seen == [2, 3]
    assert rotate(both, CHIEF, KOMMUN) == 0
    alone = having(lillby, NEW)
    assert keys_in_use(alone, CONTROLLER, KOMMUN).keys == ((key_id(NEW), 3),)
    assert {one.said for one in flags_view(alone, CONTROLLER).flags} == {ASKED}
    assert actions(lillby).count("keys.rotate") == 2
    with alone.reading(PEEK) as work:
        assert work.audit.first_broken(KOMMUN) is None


def test_a_rotation_killed_half_way_is_taken_up_where_it_was(lillby: Lillby, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        asked(lillby)
    both = having(lillby, NEW, KEY)
    monkeypatch.setattr(keys, "BATCH", 2)

    def killed(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(both, CHIEF, KOMMUN, killed)
    assert keys_in_use(both, CONTROLLER, KOMMUN).keys == ((key_id(NEW), 2), (key_id(KEY), 1))
    assert len(flags_view(both, CONTROLLER).flags) == 3
    assert rotate(both, CHIEF, KOMMUN) == 1


def test_with_a_lost_key_nothing_is_shown_and_the_missing_key_is_named(lillby: Lillby) -> None:
    asked(lillby)
    lost = having(lillby, NEW)
    with pytest.raises(ColumnKeyUnknownError, match=key_id(KEY)):
        flags_view(lost, CONTROLLER)
    with pytest.raises(ColumnKeyUnknownError):
        rotate(lost, CHIEF, KOMMUN)
    assert keys_in_use(lost, CONTROLLER, KOMMUN).unknown == ((key_id(KEY), 1),)


@pytest.mark.parametrize("viewer", [HANDLER, REKTOR_A1])
def test_who_does_not_look_after_keys_sees_nothing_of_them(lillby: Lillby, viewer: Actor) -> None:
    for ask in (keys_in_use, stamp_view, rotate, renew_stamp):
        with pytest.raises(ForbiddenError):
            ask(lillby.app, viewer, KOMMUN)
    with pytest.raises(ForbiddenError):
        rotate(lillby.app, CONTROLLER, KOMMUN)


def test_the_first_file_with_elever_leaves_the_keys_fingerprint_and_other_files_none(empty_lillby: Lillby) -> None:
    from tests.support.small_kommun import BOTH_YEARS, UNITS

    empty_lillby.deliver("units", UNITS, BOTH_YEARS)
    assert stamp_view(empty_lillby.app, CONTROLLER, KOMMUN).stamp is None
    row = "e31;A1;grundskola;2;2018-03;;;9907;2026-01-01;\n"
    empty_lillby.deliver("enrolments", ENROLMENT_HEADER + row, year_range(YEAR))
    view = stamp_view(empty_lillby.app, CONTROLLER, KOMMUN)
    assert view.stamp == view.now
    assert empty_lillby.app.pseudonym_key().hex() not in str(view)


def test_another_key_is_refused_and_nothing_is_read_in(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    row = "e31;A1;grundskola;2;2018-03;;;9907;2026-01-01;\n"
    before = actions(lillby)
    ours, lillby.app = lillby.app, replace(lillby.app, pseudonym_key=lambda: OTHER_KEY)
    with pytest.raises(PseudonymKeyChangedError, match="Lägg tillbaka nyckelfilen"):
        lillby.receive("enrolments", ENROLMENT_HEADER + row, year_range(YEAR), "delta")
    assert not stamp_view(lillby.app, CONTROLLER, KOMMUN).matches
    assert actions(lillby) == before
    lillby.app = ours
    assert lillby.receive("enrolments", ENROLMENT_HEADER + row, year_range(YEAR), "delta").batch


def test_files_without_elever_come_in_whatever_the_key(lillby: Lillby) -> None:
    from tests.support.small_kommun import STAFF

    lillby.app = replace(lillby.app, pseudonym_key=lambda: OTHER_KEY)
    staff = STAFF.replace("2,50", "2,25")
    assert lillby.receive("staff", staff, year_range(YEAR)).batch


def test_a_key_lost_for_ever_can_be_replaced_by_name_and_it_is_logged(lillby: Lillby) -> None:
    old = stamp_view(lillby.app, CONTROLLER, KOMMUN).stamp
    lillby.app = replace(lillby.app, pseudonym_key=lambda: OTHER_KEY)
    assert renew_stamp(lillby.app, CHIEF, KOMMUN).matches
    renew_stamp(lillby.app, CHIEF, KOMMUN)
    with lillby.app.reading(PEEK) as work:
        (link,) = [one for one in work.audit.entries(KOMMUN) if one.action == "keys.renew"]
    assert json.loads(link.payload or "")["old"] == old
    row = "e31;A1;grundskola;2;2018-03;;;9907;2026-01-01;\n"
    assert lillby.receive("enrolments", ENROLMENT_HEADER + row, year_range(YEAR)).batch
