"""Is this figure wrong? Asked, answered, corrected by a delivery, the effect seen; every step in the audit chain."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.allocation import NoSuchAmountError
from core.base import CoreError, year_range
from core.store import FlagUnknownError
from core.usecases import flags
from core.usecases.data_version import data_version
from core.usecases.flag_states import AFTER, FlagStateError, FlagTextError, clean_text, must_follow
from core.usecases.start import start_view
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AUDITOR,
    CHIEF,
    CITIZEN,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    KOMMUN,
    NOW,
    OWNER_CEDERN,
    POLITICIAN,
    REKTOR_A1,
    STRANGER,
    YEAR,
    actor,
    grant,
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.flag_views import FlagView
    from tests.support.small_kommun import Lillby

LINE = "line:undervisning|gs.1_3|host"
SAID = "Vi har haft tre elever i årskurs 2 sedan september."
ANSWER = "Ja, en elev saknades i registret. En rättad fil läses in."
UTFALL = 2
NEW_ELEV = "e16;A1;grundskola;2;2018-06;;;9907;2026-09-02;\n"


def ask(lillby: Lillby, viewer: Actor = REKTOR_A1, enhet: str = "A1", key: str = LINE, said: str = SAID) -> FlagView:
    return flags.raise_flag(lillby.app, viewer, enhet, UTFALL, key, said)


def deliver_correction(lillby: Lillby) -> int:
    return lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026 + NEW_ELEV, year_range(YEAR)).number


def test_from_the_question_to_the_effect_on_the_amount(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    asked = ask(lillby)
    assert (asked.state, asked.what, asked.old_ore) == (
        "open", "Undervisning, Årskurs 1–3, juli–december", 4_200_000
    )  # fmt: skip
    assert not asked.may_answer
    answered = flags.answer_flag(lillby.app, CONTROLLER, asked.number, ANSWER, accepted=True)
    assert (answered.state, answered.answer, answered.answered_by) == ("accepted", ANSWER, "Controller")
    with pytest.raises(CoreError, match="inte angiven"):
        flags.close_flag(lillby.app, CONTROLLER, asked.number)
    batch = deliver_correction(lillby)
    flags.link_batch(lillby.app, CONTROLLER, asked.number, batch)
    with pytest.raises(flags.NoCorrectedRunError, match="Ingen beslutad körning"):
        flags.close_flag(lillby.app, CONTROLLER, asked.number)
    run = lillby.decide(YEAR, "utfall", 10).number
    closed = flags.close_flag(lillby.app, CONTROLLER, asked.number)
    # one more elev in September and October: 2/12 of 63 000 kronor
    assert (closed.state, closed.new_run, closed.effect_ore, closed.new_months) == ("corrected", run, 1_050_000, False)
    (seen,) = flags.flags_view(lillby.app, REKTOR_A1).flags
    assert (seen.effect_ore, seen.batch, seen.answer) == (1_050_000, batch, ANSWER)
    with lillby.app.reading(PEEK) as work:
        told = [one for one in work.audit.entries(KOMMUN) if one.subject == f"flag:{asked.number}"]
        assert [one.action for one in told] == ["flag.raise", "flag.answer", "flag.link", "flag.correct"]
        assert json.loads(told[-1].payload or "")["new_run"] == run
        assert "1050000" not in "".join(one.payload or "" for one in told), "kan vara en elevs stöd"
        assert SAID not in "".join(one.payload or "" for one in told)
        assert work.audit.first_broken(KOMMUN) is None


def test_a_later_run_that_counts_more_months_says_so(lillby: Lillby) -> None:
    number = ask(lillby).number
    flags.answer_flag(lillby.app, CONTROLLER, number, ANSWER, accepted=True)
    flags.link_batch(lillby.app, CONTROLLER, number, deliver_correction(lillby))
    lillby.decide(YEAR, "utfall", 11)
    closed = flags.close_flag(lillby.app, CONTROLLER, number)
    assert (closed.new_months, closed.new_through_month) == (True, 11)
    assert closed.effect_ore == 1_050_000 + 3 * 6_300_000 // 12


def test_a_question_is_about_a_figure_that_stands_in_the_derivation(lillby: Lillby) -> None:
    for key in ("total", "dim:bas", "step:undervisning", LINE):
        assert ask(lillby, key=key).old_ore
    for key in ("line:undervisning|gs.1_3|2027", "step:finns_inte", "", "dim:annat"):
        with pytest.raises(NoSuchAmountError):
            ask(lillby, key=key)
    with pytest.raises(flags.NotTheMonthError, match="1–10, inte månad 11"):
        flags.raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, LINE, SAID, 11)
    with_month = flags.raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, LINE, SAID, 9)
    assert (with_month.about, with_month.month) == ("count", 9)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("fel", "minst 10 tecken"),
        ("a" * 1001, "1001 tecken"),
        ("Kalle, 180604-1234, saknas i listan.", "personnummer"),
        ("Kalle, 20180604 1234, saknas i listan.", "personnummer"),
        ("Kalle, 1806041234, saknas i listan.", "personnummer"),
    ],
)
def test_what_is_written_is_neither_too_short_nor_too_long_nor_about_a_person(said: str, why: str) -> None:
    with pytest.raises(FlagTextError, match=why):
        clean_text(said)


def test_space_is_tidied_and_ordinary_figures_are_left_alone() -> None:
    assert clean_text("  Beloppet 1 234 567 kr   är fel\nsedan 2026-09-01. ") == (
        "Beloppet 1 234 567 kr är fel sedan 2026-09-01."
    )


def test_only_who_answers_for_the_unit_asks_and_only_the_controller_answers(lillby: Lillby) -> None:
    for viewer in (OWNER_CEDERN, CONTROLLER, CHIEF, AUDITOR, POLITICIAN, CITIZEN):
        with pytest.raises(ForbiddenError):
            ask(lillby, viewer)
    number = ask(lillby).number
    conflicted = actor(grant("controller"), grant("jav", "enhet", "A1"))
    for viewer in (REKTOR_A1, OWNER_CEDERN, CHIEF, AUDITOR, CITIZEN, conflicted):
        with pytest.raises(ForbiddenError):
            flags.answer_flag(lillby.app, viewer, number, ANSWER, accepted=True)
        with pytest.raises(ForbiddenError):
            flags.link_batch(lillby.app, viewer, number, 1)
        with pytest.raises(ForbiddenError):
            flags.close_flag(lillby.app, viewer, number)
    with pytest.raises(CoreError):
        flags.answer_flag(lillby.app, STRANGER, number, ANSWER, accepted=True)


def test_a_reader_sees_the_questions_of_the_own_units(lillby: Lillby) -> None:
    ask(lillby)
    ask(lillby, OWNER_CEDERN, "B1", "total")
    seen = {
        viewer.subject: [one.enhet for one in flags.flags_view(lillby.app, viewer).flags]
        for viewer in (REKTOR_A1, OWNER_CEDERN, CONTROLLER, AUDITOR)
    }
    assert seen == {"rektor": ["A1"], "huvudman": ["B1"], "controller": ["B1", "A1"], "revisor": ["B1", "A1"]}
    for viewer in (POLITICIAN, CITIZEN):
        with pytest.raises(ForbiddenError):
            flags.flags_view(lillby.app, viewer)
    assert flags.flags_view(lillby.app, CONTROLLER).batches
    assert flags.flags_view(lillby.app, REKTOR_A1).batches == ()


def test_a_question_is_withdrawn_by_who_asked_it_and_by_nobody_else(lillby: Lillby) -> None:
    number = ask(lillby).number
    with pytest.raises(ForbiddenError, match="Bara den som ställde frågan"):
        flags.withdraw_flag(lillby.app, replace(REKTOR_A1, subject="en annan rektor"), number)
    assert flags.withdraw_flag(lillby.app, REKTOR_A1, number).state == "withdrawn"
    with pytest.raises(FlagStateError, match="återtagen"):
        flags.answer_flag(lillby.app, CONTROLLER, number, ANSWER, accepted=False)


def test_a_rejected_question_has_its_reason_and_is_done(lillby: Lillby) -> None:
    number = ask(lillby).number
    rejected = flags.answer_flag(
        lillby.app, CONTROLLER, number, "Eleven är folkbokförd i en annan kommun.", accepted=False
    )
    assert (rejected.state, rejected.may_withdraw) == ("rejected", False)
    with pytest.raises(FlagStateError):
        flags.link_batch(lillby.app, CONTROLLER, number, 1)


def test_a_correction_is_a_delivery_in_force_that_came_after_the_question(lillby: Lillby) -> None:
    later = replace(lillby.app, clock=lambda: NOW + timedelta(hours=1))
    number = flags.raise_flag(later, REKTOR_A1, "A1", UTFALL, LINE, SAID).number
    flags.answer_flag(later, CONTROLLER, number, ANSWER, accepted=True)
    with pytest.raises(flags.CorrectionNotDeliveredError, match="innan frågan ställdes"):
        flags.link_batch(later, CONTROLLER, number, 1)
    received = lillby.receive("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026 + NEW_ELEV, year_range(YEAR))
    assert received.batch is not None
    with pytest.raises(flags.CorrectionNotDeliveredError, match="inte godkänd"):
        flags.link_batch(later, CONTROLLER, number, received.batch.number)
    with pytest.raises(FlagUnknownError):
        flags.close_flag(later, CONTROLLER, 99)


def test_start_tells_the_controller_of_questions_and_the_rektor_of_answers(lillby: Lillby) -> None:
    def tasks(viewer: Actor) -> dict[str, tuple[tuple[str, str], ...]]:
        return {one.code: one.facts for one in start_view(lillby.app, viewer).tasks if one.code.startswith("flags_")}

    assert (tasks(CONTROLLER), tasks(REKTOR_A1)) == ({}, {})
    before = data_version(lillby.app, REKTOR_A1)
    number = ask(lillby).number
    assert data_version(lillby.app, REKTOR_A1) != before  # or a page's memory would not know
    assert (tasks(CONTROLLER), tasks(REKTOR_A1)) == ({"flags_open": (("n", "1"),)}, {})
    flags.answer_flag(lillby.app, CONTROLLER, number, ANSWER, accepted=True)
    assert (tasks(CONTROLLER), tasks(REKTOR_A1), tasks(OWNER_CEDERN)) == ({}, {"flags_answered": (("n", "1"),)}, {})


def test_every_state_is_left_only_as_the_table_says() -> None:
    for state, following in AFTER.items():
        for wanted in AFTER:
            if wanted in following:
                must_follow(1, state, wanted)
            else:
                with pytest.raises(FlagStateError):
                    must_follow(1, state, wanted)
