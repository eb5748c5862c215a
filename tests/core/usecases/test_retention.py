"""Retention: what is due goes whole, what somebody still needs stays, every run still verifies and the chain holds."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from core.access import ForbiddenError
from core.base import Month, year_range
from core.parameters.retention import RetentionRule, load_retention, read_retention
from core.parameters.strict import ParametersFaultyError
from core.store.audit import AuditRepository
from core.store.people import AccountRecord, InvitationRecord
from core.store.tables import EnrolmentRow, LoginRow
from core.usecases import payments, retention, retention_due
from core.usecases.auditing import verify_chain
from core.usecases.drill_down import register_rows
from core.usecases.flags import answer_flag, flags_view, raise_flag
from core.usecases.imports import reject, revert
from core.usecases.payment_reading import elev_list
from core.usecases.retention import ClassView, carry_out, retention_plan
from core.usecases.rows_kept import RowsErasedError
from core.usecases.verify import FROM_COUNTS, FROM_ROWS, verify
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AUDITOR,
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    HANDLER,
    KOMMUN,
    OWNER_CEDERN,
    REKTOR_A1,
    YEAR,
    Lillby,
)

if TYPE_CHECKING:
    from core.usecases.context import App

UTFALL = 2
LATER = datetime(2030, 3, 1, 9, tzinfo=UTC)
MUCH_LATER = datetime(2034, 3, 1, 9, tzinfo=UTC)
ROW = "e31;A1;grundskola;2;2018-03;;;9907;2026-01-01;\n"


def rule(record_class: str) -> RetentionRule:
    return next(one for one in load_retention().rules if one.record_class == record_class)


def numbers(found: tuple[ClassView, ...]) -> dict[str, int]:
    return {one.record_class: one.due.number for one in found if one.due.number}


def held(lillby: Lillby, record_class: str, at: datetime = LATER) -> dict[int, str]:
    plan = retention_plan(lillby.at(at), CONTROLLER, KOMMUN)
    return dict(next(one for one in plan if one.record_class == record_class).due.held)


def enrolled(lillby: Lillby) -> int:
    with lillby.app.reading(PEEK) as work:
        return int(work.connection.scalar(select(func.count()).select_from(EnrolmentRow)) or 0)


def links(lillby: Lillby) -> list[tuple[str, str]]:
    with lillby.app.reading(PEEK) as work:
        return [(one.action, one.payload or "") for one in work.audit.entries(KOMMUN)]


def every_run_is_in_order(app: App, lillby: Lillby) -> set[str]:
    """Check every run and the chain; return the levels."""
    with lillby.app.reading(PEEK) as work:
        runs = [one.number for one in work.runs.list(KOMMUN)]
    reports = [verify(app, CONTROLLER, KOMMUN, run) for run in runs]
    assert [one.findings for one in reports if not one.ok] == []
    assert verify_chain(app, AUDITOR, KOMMUN).ok
    return {one.level for one in reports}


def test_today_nothing_is_due(lillby: Lillby) -> None:
    assert numbers(retention_plan(lillby.app, CONTROLLER, KOMMUN)) == {}
    before = links(lillby)
    assert numbers(carry_out(lillby.app, CHIEF, KOMMUN)) == {}
    assert links(lillby) == before


def test_who_does_not_look_after_records_neither_sees_nor_erases(lillby: Lillby) -> None:
    for viewer in (HANDLER, REKTOR_A1, OWNER_CEDERN):
        with pytest.raises(ForbiddenError):
            retention_plan(lillby.app, viewer, KOMMUN)
    for viewer in (HANDLER, CONTROLLER, AUDITOR):
        with pytest.raises(ForbiddenError):
            carry_out(lillby.at(LATER), viewer, KOMMUN)


def test_showing_what_is_due_changes_nothing(lillby: Lillby) -> None:
    before = (enrolled(lillby), links(lillby))
    assert numbers(retention_plan(lillby.at(LATER), AUDITOR, KOMMUN)) == {"enrolments": 22, "staff": 3}
    assert (enrolled(lillby), links(lillby)) == before


def test_rows_go_and_runs_still_verify_and_say_from_where(lillby_on_both: Lillby) -> None:
    lillby, later = lillby_on_both, lillby_on_both.at(LATER)
    assert every_run_is_in_order(lillby.app, lillby) == {FROM_ROWS}
    assert numbers(carry_out(later, CHIEF, KOMMUN)) == {"enrolments": 22, "staff": 3}
    assert enrolled(lillby) == 0
    assert every_run_is_in_order(later, lillby) == {FROM_ROWS, FROM_COUNTS}  # a budget counts no register
    report = verify(later, CONTROLLER, KOMMUN, UTFALL)
    assert (report.level, report.erased_on) == (FROM_COUNTS, LATER.date())


def test_the_chain_tells_numbers_and_carried_out_twice_is_once(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    carry_out(lillby.at(LATER), CHIEF, KOMMUN)
    told = [json.loads(payload) for action, payload in links(lillby) if action == "retention.carry_out"]
    assert [(one["class"], one["records"], one["items"]) for one in told] == [
        ("enrolments", 22, [2]),
        ("staff", 3, [6]),
    ]
    assert set(told[0]) == {"class", "records", "items", "until", "keep_months"}
    before = links(lillby)
    assert numbers(carry_out(lillby.at(LATER), CHIEF, KOMMUN)) == {}
    assert links(lillby) == before


def test_where_rows_are_gone_it_is_said_since_when_and_no_look_is_logged(lillby: Lillby) -> None:
    later = lillby.at(LATER)
    carry_out(later, CHIEF, KOMMUN)
    found = register_rows(later, CONTROLLER, "A1", UTFALL, "gs.4_6", 9, purpose="kontroll")
    assert (found.rows, found.total, found.erased_on) == ((), 0, LATER.date())
    assert "register_rows.view" not in {action for action, _ in links(lillby)}


def test_a_year_whose_rows_are_gone_is_not_counted_anew_in_silence(lillby: Lillby) -> None:
    later = lillby.at(LATER)
    carry_out(later, CHIEF, KOMMUN)
    lillby.app = later
    with pytest.raises(RowsErasedError, match="inläsning 2 gallrades 2030-03-01"):
        lillby.allocate(YEAR, "utfall", 10)
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026, year_range(YEAR))  # read out of the source again
    assert lillby.allocate(YEAR, "utfall", 10).number


def test_the_current_year_and_the_one_before_stay_whatever_the_plan_says(
    lillby: Lillby, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = load_retention()
    short = book.model_copy(update={"rules": [one.model_copy(update={"keep_months": 1}) for one in book.rules]})
    monkeypatch.setattr(retention, "load_retention", lambda: short)
    for at in (datetime(2027, 3, 1, tzinfo=UTC), datetime(2027, 12, 31, tzinfo=UTC)):
        assert held(lillby, "enrolments", at) == {2: "gäller innevarande eller föregående år"}
        assert held(lillby, "staff", at) == {6: "gäller innevarande eller föregående år"}
    assert held(lillby, "enrolments", datetime(2028, 1, 1, tzinfo=UTC)) == {}


def test_an_open_question_holds_the_rows_it_is_about_until_it_is_answered(lillby: Lillby) -> None:
    number = raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, "total", "En elev saknas i tvåan").number
    later = lillby.at(LATER)
    assert held(lillby, "enrolments") == {2: f"fråga {number} är inte avslutad"}
    assert "enrolments" not in numbers(carry_out(later, CHIEF, KOMMUN))
    assert enrolled(lillby) == 22
    answer_flag(later, CONTROLLER, number, "Eleven finns i trean", accepted=False)
    assert numbers(carry_out(later, CHIEF, KOMMUN))["enrolments"] == 22


def test_an_undecided_run_holds_its_rows_until_it_goes_itself(lillby: Lillby) -> None:
    draft = lillby.allocate(YEAR, "utfall", 9).number
    lillby.move(draft, "checked")
    assert held(lillby, "enrolments") == {2: f"körning {draft} är inte beslutad"}


def test_corrections_that_wait_for_the_settlement_hold_the_year(
    lillby: Lillby, monkeypatch: pytest.MonkeyPatch
) -> None:
    from core.store.payments import PaymentRepository

    monkeypatch.setattr(PaymentRepository, "waiting", lambda *_: {("A1", 202603)})
    assert held(lillby, "enrolments") == {2: "rättelser av 2026 väntar på slutavräkningen"}


def test_a_payment_that_may_be_objected_to_holds_its_rows(lillby: Lillby, monkeypatch: pytest.MonkeyPatch) -> None:
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 10))
    payments.approve(lillby.app, CHIEF, KOMMUN, number)
    with lillby.app.reading(PEEK) as work:
        last = work.payments.get(KOMMUN, number).object_until
    assert last is not None
    monkeypatch.setattr("core.usecases.retention_guards.Guards.of_period", lambda *_: None)
    book = load_retention()
    short = book.model_copy(update={"rules": [one.model_copy(update={"keep_months": 1}) for one in book.rules]})
    monkeypatch.setattr(retention, "load_retention", lambda: short)
    at = datetime(2027, 2, 1, tzinfo=UTC)
    assert last < at.date()
    assert held(lillby, "enrolments", at) == {}
    with lillby.app.writing(PEEK) as work:
        monkeypatch.setattr(type(work.payments), "list", _still_open(work.payments.list(KOMMUN), at.date()))
    assert held(lillby, "enrolments", at) == {2: f"utbetalning {number} kan ännu ifrågasättas"}


def _still_open(found: object, last: date) -> object:
    return lambda *_: [replace(one, object_until=last) for one in found]  # type: ignore[attr-defined]  # records


def test_killed_half_way_nothing_is_half_done(lillby_on_both: Lillby, monkeypatch: pytest.MonkeyPatch) -> None:
    lillby, appended = lillby_on_both, AuditRepository.append

    def killed(*args: object, **_: object) -> object:
        if "staff" in str(args):
            raise KeyboardInterrupt
        return appended(*args)  # type: ignore[arg-type]  # passed on as it came

    with monkeypatch.context() as patch:
        patch.setattr(AuditRepository, "append", killed)
        with pytest.raises(KeyboardInterrupt):
            carry_out(lillby.at(LATER), CHIEF, KOMMUN)
    assert enrolled(lillby) == 0  # the class before was done, and told
    with lillby.app.reading(PEEK) as work:
        assert work.batches.get(KOMMUN, 2).erased_at == LATER
        assert work.batches.get(KOMMUN, 6).erased_at is None
        assert len(work.facts.staff(KOMMUN, [6])) == 3
    every_run_is_in_order(lillby.at(LATER), lillby)
    assert numbers(carry_out(lillby.at(LATER), CHIEF, KOMMUN)) == {"staff": 3}


def test_the_words_of_a_closed_question_go_and_what_became_of_it_stays(lillby_on_both: Lillby) -> None:
    lillby, later = lillby_on_both, lillby_on_both.at(LATER)
    closed = raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, "total", "En elev saknas i tvåan").number
    answer_flag(lillby.app, CONTROLLER, closed, "Eleven finns i trean", accepted=False)
    waiting = raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, "total", "Ännu en elev saknas").number
    assert numbers(carry_out(later, CHIEF, KOMMUN))["questions"] == 1
    found = {one.number: one for one in flags_view(later, CONTROLLER).flags}
    assert (found[closed].said, found[closed].answer, found[closed].state) == ("", None, "rejected")
    assert found[waiting].said == "Ännu en elev saknas"
    every_run_is_in_order(later, lillby)


def test_what_was_looked_at_goes_and_that_somebody_looked_stays_in_a_whole_chain(lillby_on_both: Lillby) -> None:
    lillby, later = lillby_on_both, lillby_on_both.at(MUCH_LATER)
    register_rows(lillby.app, CONTROLLER, "A1", UTFALL, "gs.4_6", 9, purpose="kontroll")
    assert numbers(carry_out(later, CHIEF, KOMMUN))["looks"] == 1
    assert ("register_rows.view", "") in links(lillby)
    assert verify_chain(later, AUDITOR, KOMMUN).ok


def test_rows_of_a_turned_down_delivery_go_after_half_a_year_unless_a_run_rests_on_them(lillby_on_both: Lillby) -> None:
    lillby, soon = lillby_on_both, lillby_on_both.at(datetime(2027, 7, 1, tzinfo=UTC))
    batch = lillby.receive("enrolments", ENROLMENT_HEADER + ROW, year_range(YEAR), "delta").batch
    assert batch is not None
    reject(lillby.app, CONTROLLER, KOMMUN, batch.number, "fel period")
    revert(lillby.app, CONTROLLER, KOMMUN, 2, "en bättre kom")
    assert held(lillby, "turned_down", soon.clock()) == {2: "körning 2 vilar på den"}
    assert numbers(carry_out(soon, CHIEF, KOMMUN)) == {"turned_down": 1}
    assert enrolled(lillby) == 22
    assert every_run_is_in_order(soon, lillby) == {FROM_ROWS}


def test_a_draft_nobody_decided_goes_with_all_its_parts_but_never_the_newest_run(lillby_on_both: Lillby) -> None:
    lillby, later = lillby_on_both, lillby_on_both.at(datetime(2028, 1, 2, tzinfo=UTC))
    first, draft = lillby.allocate(YEAR, "utfall", 8).number, lillby.allocate(YEAR, "utfall", 9).number
    asked, newest = lillby.allocate(YEAR, "budget").number, lillby.allocate(YEAR, "budget").number
    raise_flag(lillby.app, CONTROLLER_ASKING, "A1", asked, "total", "En elev saknas i tvåan")
    assert set(held(lillby, "draft_runs", later.clock())) == {asked, newest}
    assert numbers(carry_out(later, CHIEF, KOMMUN)) == {"draft_runs": 2}
    with lillby.app.reading(PEEK) as work:
        assert {one.number for one in work.runs.list(KOMMUN)} == {1, UTFALL, asked, newest}
        left = f"SELECT COUNT(*) FROM allocation_line WHERE run IN ({first}, {draft})"
        assert work.connection.execute(text(left)).scalar_one() == 0
    every_run_is_in_order(later, lillby)


CONTROLLER_ASKING = replace(REKTOR_A1, subject="kim", roles=(*REKTOR_A1.roles, *CONTROLLER.roles))


def test_the_huvudmans_own_names_of_elever_go_first_and_change_no_hash(lillby: Lillby) -> None:
    header = ENROLMENT_HEADER.replace("till_och_med", "till_och_med;referens")
    rows = "".join(f"{row};K-{place}\n" for place, row in enumerate(ENROLMENTS_2026.splitlines()))
    lillby.deliver("enrolments", header + rows, year_range(YEAR))
    run = lillby.decide(YEAR, "utfall", 10).number
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 10))
    payments.approve(lillby.app, CHIEF, KOMMUN, number)
    soon = lillby.at(datetime(2028, 7, 1, tzinfo=UTC))
    assert any(one.referens for one in elev_list(lillby.app, OWNER_CEDERN, number, "B1", purpose="fraga").rows)
    assert numbers(carry_out(soon, CHIEF, KOMMUN))["referens"] == 22
    assert not any(one.referens for one in elev_list(soon, OWNER_CEDERN, number, "B1", purpose="fraga").rows)
    assert verify(soon, CONTROLLER, KOMMUN, run).level == FROM_ROWS
    assert every_run_is_in_order(soon, lillby) == {FROM_ROWS}


def test_issues_invitations_logins_and_closed_accounts_lose_what_names_somebody(lillby_on_both: Lillby) -> None:
    lillby, then = lillby_on_both, datetime(2026, 11, 1, tzinfo=UTC)
    lillby.receive("enrolments", ENROLMENT_HEADER + ROW.replace("2018-03", "mars"), year_range(YEAR), "delta")
    with lillby.app.writing(PEEK) as work:
        account = AccountRecord(
            kommun=KOMMUN, subject="p:1", issuer="prov", issuer_subject="kim", name="Kim", state="closed",
            made_at=then, made_by="x", closed_at=then, closed_by="x",
        )  # fmt: skip
        work.people.add_account(account)
        work.people.add_account(replace(account, subject="p:2", state="active", closed_at=None, closed_by=None))
        work.people.add_invitation(
            InvitationRecord(
                kommun=KOMMUN, number=0, code_hash="c", name="Alva Ek", role="rektor", scope_kind="enhet",
                scope_id="A1", valid_from=date(2026, 1, 1), valid_to=None, made_at=then, made_by="x",
                expires_at=then + timedelta(days=7), used_at=None, used_by=None, withdrawn_at=None, withdrawn_by=None,
            )
        )  # fmt: skip
        for login, subject in (("a", "p:1"), ("b", "p:2"), ("c", "p:elsewhere")):
            if subject != "p:elsewhere" or lillby.engine.dialect.name == "sqlite":
                values = {"login": login, "subject": subject, "began_at": then, "seen_at": then}
                work.connection.execute(LoginRow.__table__.insert().values(values))  # type: ignore[attr-defined]
        work.commit()
    later = lillby.at(datetime(2029, 1, 2, tzinfo=UTC))
    found = numbers(carry_out(later, CHIEF, KOMMUN))
    assert {name: found[name] for name in ("batch_issues", "invitations", "logins", "accounts")} == {
        "batch_issues": 1, "invitations": 1, "logins": 2, "accounts": 1,
    }  # fmt: skip
    with lillby.app.reading(PEEK) as work:
        assert "Alva" not in str(work.people.invitations(KOMMUN))
        assert sorted(one.name for one in work.people.accounts(KOMMUN)) == ["", "Kim"]
    every_run_is_in_order(later, lillby)


def test_year_after_year_every_run_verifies_and_the_chain_holds(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    register_rows(lillby.app, CONTROLLER, "A1", UTFALL, "gs.4_6", 9, purpose="kontroll")
    lillby.allocate(YEAR, "utfall", 9)
    raise_flag(lillby.app, REKTOR_A1, "A1", UTFALL, "total", "En elev saknas i tvåan")
    for year in (2027, 2028, 2030, 2034):
        at = lillby.at(datetime(year, 6, 1, tzinfo=UTC))
        carry_out(at, CHIEF, KOMMUN)
        every_run_is_in_order(at, lillby)
        assert numbers(carry_out(at, CHIEF, KOMMUN)) == {}


def test_a_draft_that_a_later_run_is_corrected_from_stays(lillby: Lillby) -> None:
    draft = lillby.allocate(YEAR, "utfall", 9).number
    newest = lillby.decide(YEAR, "utfall", 10).number
    with lillby.app.reading(PEEK) as work:
        earlier = work.runs.get(KOMMUN, newest).earlier_run
    found = held(lillby, "draft_runs", datetime(2028, 1, 2, tzinfo=UTC))
    assert (draft in found) == (earlier == draft)
    later = lillby.at(datetime(2028, 1, 2, tzinfo=UTC))
    carry_out(later, CHIEF, KOMMUN)
    every_run_is_in_order(later, lillby)


@given(st.dates(date(2000, 1, 1), date(2199, 12, 31)), st.integers(1, 1200))
def test_the_last_day_due_is_so_many_months_ago_and_never_later(today: date, months: int) -> None:
    until = rule("enrolments").model_copy(update={"keep_months": months}).until(today) if today.year > 101 else today
    apart = (today.year - until.year) * 12 + today.month - until.month
    assert apart == months
    assert until.day <= today.day
    assert until.day == today.day or (until + timedelta(days=1)).month != until.month


def test_every_class_has_a_rule_and_each_says_why() -> None:
    book = load_retention()
    assert [one.record_class for one in book.rules] == list(retention_due._FIND)
    assert set(retention_due._FIND) == set(retention._ERASE)
    assert all(one.why and one.reference.title for one in book.rules)
    assert all(one.why for one in book.kept)


def test_a_class_said_twice_or_without_a_time_is_told() -> None:
    path = "data/parameters/gallring.yaml"
    from core.settings import PROJECT_FOLDER

    text = (PROJECT_FOLDER / path).read_text(encoding="utf-8")
    with pytest.raises(ParametersFaultyError, match="två gånger"):
        read_retention(text.replace("class: staff", "class: looks"), path)
    with pytest.raises(ParametersFaultyError, match="keep_months"):
        read_retention(text.replace("keep_months: 6\n", "keep_months: 0\n"), path)
