"""Why something was turned down: the words for who may see it, a checksum in the chain, and gone in time."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.base import Month, sha256, year_range
from core.usecases import flags, imports, payments, reasons, recoveries
from core.usecases.auditing import audit_view, verify_chain
from core.usecases.payment_reading import payment_view
from core.usecases.retention import carry_out
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AREA_NORTH,
    AUDITOR,
    CHIEF,
    CONTROLLER,
    GIVEN_HEADER,
    KOMMUN,
    REKTOR_A1,
    YEAR,
    Lillby,
    actor,
    grant,
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.reasons import Reason

WORDS = "Mormor till Elsa ringde: fel fil"
STAFF = "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster\n"
ADMINISTRATOR = actor(grant("systemforvaltare", "kommun", KOMMUN))
WHOLE = year_range(YEAR)
UTFALL = 2
KEYED = {"reason", "said", "answer"}
IN_TWO_YEARS = datetime(2028, 12, 1, tzinfo=UTC)
IN_EIGHT_YEARS = datetime(2034, 12, 1, tzinfo=UTC)


def turned_down(lillby: Lillby, kind: str = "staff", rows: str = STAFF) -> int:
    batch = lillby.receive(kind, rows, WHOLE).batch
    assert batch is not None
    imports.reject(lillby.app, CONTROLLER, KOMMUN, batch.number, f"  {WORDS}\n")
    return batch.number


def cancelled(lillby: Lillby) -> int:
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    payments.cancel(lillby.app, CONTROLLER, KOMMUN, number, WORDS)
    return number


def link_of(lillby: Lillby, about: str, viewer: Actor = AUDITOR) -> Reason | None:
    """Return the reason behind the newest link about something."""
    newest = next(one for one in audit_view(lillby.app, AUDITOR).rows if one.about == about)
    return reasons.reason_of_link(lillby.app, viewer, newest.seq)


def overwrite(lillby: Lillby, table: str, value: str | None) -> None:
    with lillby.app.writing(PEEK) as work:
        work.connection.execute(
            text(f"UPDATE {table} SET reason = :value WHERE kommun = :kommun AND reason IS NOT NULL"),
            {"value": value, "kommun": KOMMUN},
        )
        work.commit()


def test_the_chain_holds_a_checksum_of_the_words_and_the_table_ciphertext(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    turned_down(lillby)
    cancelled(lillby)
    with lillby.app.reading(PEEK) as work:
        told = [json.loads(one.payload or "{}") for one in work.audit.entries(KOMMUN)]
        raw = [
            str(work.connection.scalar(text(f"SELECT reason FROM {table} WHERE reason IS NOT NULL")))
            for table in ("batch", "payment")
        ]
    said = [one["reason"] for one in told if one.get("reason")]
    assert len(said) == len(set(said)) == 2, "samma ord om två saker ser inte lika ut"
    assert "Mormor" not in json.dumps(told) + "".join(raw)


def test_who_reads_the_log_cannot_try_what_a_short_reason_was(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    batch, payment = turned_down(lillby), cancelled(lillby)
    asked = flags.raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, "total", WORDS)
    flags.answer_flag(lillby.app, CONTROLLER, asked.number, WORDS, accepted=False)
    with lillby.app.reading(PEEK) as work:
        links = work.audit.entries(KOMMUN)
    told = [fact for one in links for fact in json.loads(one.payload or "{}").items() if fact[0] in KEYED and fact[1]]
    said = [WORDS, *(f"{before}{WORDS}" for one in links for before in (one.salt, f"{KOMMUN}\x1f{one.subject}\x1f"))]
    tried = {sha256(one) for one in said}
    assert {name for name, _ in told} == KEYED
    assert [(name, fact) for name, fact in told if fact in tried or len(fact) != 64] == []
    one, other = (replace(lillby.app, pseudonym_key=(b"the key of " + key).lower) for key in (b"ONE", b"ANOTHER"))
    about, again = f"batch:{batch}", f"payment:{payment}"
    different = {
        reasons.sealed(one, KOMMUN, about, WORDS), reasons.sealed(other, KOMMUN, about, WORDS),
        reasons.sealed(one, KOMMUN, again, WORDS), reasons.sealed(one, "9902", about, WORDS),
    }  # fmt: skip
    assert len(different) == 4
    assert reasons.sealed(one, KOMMUN, about, None) == reasons.sealed(one, KOMMUN, about, "") == ""


def test_a_checksum_of_a_key_that_has_been_replaced_says_nothing_of_the_words(lillby: Lillby) -> None:
    number = turned_down(lillby)
    lillby.app = replace(lillby.app, pseudonym_key=lambda: b"the key that came instead")
    for words in (WORDS, "Ingen ringde"):
        found = link_of(lillby, f"batch:{number}")
        assert found is not None
        assert (found.words, found.fits) == (words, None)
        overwrite(lillby, "batch", "Ingen ringde")
    assert verify_chain(lillby.app, AUDITOR, KOMMUN).ok


def test_who_may_see_the_delivery_reads_why_it_was_turned_down_and_nobody_else(lillby: Lillby) -> None:
    number = turned_down(lillby)
    for viewer in (CONTROLLER, CHIEF, AUDITOR, AREA_NORTH):
        assert reasons.batch_reason(lillby.app, viewer, number) == WORDS
    for viewer in (REKTOR_A1, ADMINISTRATOR):
        with pytest.raises(ForbiddenError):
            reasons.batch_reason(lillby.app, viewer, number)
    assert reasons.batch_reason(lillby.app, CONTROLLER, 1) is None


def test_why_decided_support_was_turned_down_is_for_who_may_see_all_of_it(lillby: Lillby) -> None:
    number = turned_down(lillby, "given_amounts", GIVEN_HEADER)
    assert reasons.batch_reason(lillby.app, CONTROLLER, number) == WORDS
    assert reasons.batch_reason(lillby.app, AREA_NORTH, number) is None


def test_why_a_payment_was_cancelled_stands_on_it_for_who_sees_the_whole(lillby: Lillby) -> None:
    number = cancelled(lillby)
    view = payment_view(lillby.app, CONTROLLER, number)
    assert (view.reason, view.payment.cancelled_at) == (WORDS, lillby.app.clock())
    with pytest.raises(ForbiddenError):
        payment_view(lillby.app, REKTOR_A1, number)
    again = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    assert payment_view(lillby.app, CONTROLLER, again).reason is None


def test_who_reads_the_log_sees_the_words_only_where_the_page_would_show_them(lillby: Lillby) -> None:
    batch, payment = turned_down(lillby), cancelled(lillby)
    support = turned_down(lillby, "given_amounts", GIVEN_HEADER)
    paid = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    payments.approve(lillby.app, CHIEF, KOMMUN, paid)
    recovery = recoveries.propose(
        lillby.app, CONTROLLER, KOMMUN, "B1", amount_ore=100, months=1, first_month=Month(YEAR, 4), reason=WORDS
    )
    for about in (f"batch:{batch}", f"batch:{support}", f"payment:{payment}", f"recovery:{recovery}"):
        seen = link_of(lillby, about)
        assert seen is not None
        assert (seen.words, seen.closed, seen.fits) == (WORDS, None, True)
        hidden = link_of(lillby, about, ADMINISTRATOR)
        assert hidden is not None
        assert hidden.words is None
        assert hidden.closed
        with pytest.raises(ForbiddenError):
            link_of(lillby, about, CONTROLLER)
    assert link_of(lillby, f"payment:{paid}") is None
    assert reasons.reason_of_link(lillby.app, AUDITOR, 10_000) is None


def test_words_changed_behind_the_programs_back_do_not_fit_the_chain(lillby: Lillby) -> None:
    number = turned_down(lillby)
    overwrite(lillby, "batch", "Ingen ringde")
    found = link_of(lillby, f"batch:{number}")
    assert found is not None
    assert (found.words, found.fits) == ("Ingen ringde", False)


def test_the_words_go_in_time_and_what_was_done_stays(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    batch, payment = turned_down(lillby), cancelled(lillby)
    done = {one.record_class: one.due.number for one in carry_out(lillby.at(IN_TWO_YEARS), CHIEF, KOMMUN)}
    assert (done["batch_reasons"], done["payment_reasons"], done["spoken_reasons"]) == (1, 0, 0)
    assert reasons.batch_reason(lillby.app, CONTROLLER, batch) is None
    assert payment_view(lillby.app, CONTROLLER, payment).reason == WORDS
    done = {one.record_class: one.due.number for one in carry_out(lillby.at(IN_EIGHT_YEARS), CHIEF, KOMMUN)}
    assert (done["batch_reasons"], done["payment_reasons"], done["spoken_reasons"]) == (0, 1, 0)
    assert payment_view(lillby.app, CONTROLLER, payment).reason is None
    gone = link_of(lillby, f"batch:{batch}")
    assert gone is not None
    assert (gone.words, gone.closed) == (None, None)
    assert verify_chain(lillby.app, AUDITOR, KOMMUN).ok


def test_words_that_an_earlier_version_wrote_in_the_chain_go_with_what_the_link_says_and_the_chain_holds(
    lillby_on_both: Lillby,
) -> None:
    lillby = lillby_on_both
    with lillby.app.writing(PEEK) as work:
        for facts in ({"kind": "staff", "reason": WORDS}, {"kind": "staff", "reason": ""}):
            work.audit.append(KOMMUN, lillby.app.clock(), "controller", "batch.rejected", "batch:1", dict(facts))
        work.commit()
    assert link_of(lillby, "batch:1") is None
    done = {one.record_class: one.due for one in carry_out(lillby.at(IN_TWO_YEARS), CHIEF, KOMMUN)}
    assert done["spoken_reasons"].number == 1
    with lillby.app.reading(PEEK) as work:
        payloads = [one.payload for one in work.audit.entries(KOMMUN) if one.action == "batch.rejected"]
    assert payloads == [None, '{"kind":"staff","reason":""}']
    assert verify_chain(lillby.app, AUDITOR, KOMMUN).ok


@pytest.mark.parametrize(("said", "why"), [("å" * 1001, "högst 1000"), ("Rör 20120229-2395", "personnummer")])
def test_a_reason_that_is_too_long_or_names_a_person_changes_nothing(lillby: Lillby, said: str, why: str) -> None:
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    with pytest.raises(reasons.ReasonUnfitError, match=why):
        payments.cancel(lillby.app, CONTROLLER, KOMMUN, number, said)
    with pytest.raises(reasons.ReasonUnfitError, match=why):
        imports.revert(lillby.app, CONTROLLER, KOMMUN, 1, said)
    assert payment_view(lillby.app, CONTROLLER, number).payment.state == "prepared"


def test_without_the_key_only_who_asks_for_the_words_is_stopped(lillby: Lillby) -> None:
    from core.store.column_keys import ColumnKeyUnknownError

    number = turned_down(lillby)
    overwrite(lillby, "batch", "sk1:00000000:AAAA")
    with lillby.app.reading(PEEK) as work:
        assert work.batches.get(KOMMUN, number).state == "rejected"
    with pytest.raises(ColumnKeyUnknownError):
        reasons.batch_reason(lillby.app, CONTROLLER, number)
