"""Payments of Lillby from the first to the last step, on both engines."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.base import Month, year_range
from core.publication.payment import PartKind, PaymentAlteredError, PaymentState, PaymentStateError, SameEyesError
from core.publication.recovery import RecoveryState, RecoveryStateError
from core.store import make_engine
from core.store.errors import RowRefusedError
from core.usecases import payments, recoveries, runs
from core.usecases.payment_basis import NothingToPayError
from core.usecases.payments import LaterPaymentError, MonthOutOfOrderError, MonthTakenError, ReasonMissingError
from core.usecases.recoveries import RecoveryUnfitError
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    CHIEF,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    KOMMUN,
    OWNER_CEDERN,
    REKTOR_A1,
    YEAR,
)

if TYPE_CHECKING:
    from core.publication.payment import PaymentPart
    from core.usecases.context import App
    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby

OTHER = replace(CHIEF, subject="someone-else")


def in_time(lillby: Lillby, month: Month) -> App:
    return lillby.at(datetime(month.year, month.number, 10, 9, tzinfo=UTC))


def pay(lillby: Lillby, month: int, year: int = YEAR) -> int:
    """Prepare, approve and pay a month, in that month."""
    number = payments.prepare(in_time(lillby, Month(year, month)), CONTROLLER, KOMMUN, Month(year, month))
    payments.approve(lillby.app, CHIEF, KOMMUN, number)
    payments.mark_paid(lillby.app, CONTROLLER, KOMMUN, number)
    return number


def paid(lillby: Lillby, *numbers: int) -> list[PaymentPart]:
    with lillby.app.reading(PEEK) as work:
        chosen = numbers or [one.number for one in work.payments.alive(KOMMUN)]
        return work.payments.parts(KOMMUN, chosen)


def test_ten_months_pay_exactly_what_the_utfall_of_ten_months_says(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    for month in range(1, 11):
        pay(lillby, month)
    with lillby.app.reading(PEEK) as work:
        units = work.runs.units(KOMMUN, lillby.runs[YEAR, "utfall"])
        assert work.audit.first_broken(KOMMUN) is None
    sums = {unit.enhet: 0 for unit in units}
    for one in paid(lillby):
        sums[one.enhet] += one.amount_ore
    assert sums == {unit.enhet: unit.total_ore for unit in units}
    assert any(sums.values())


def test_months_paid_by_plan_are_corrected_when_the_utfall_is_decided(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.decide(YEAR, "budget")
    for month in range(1, 5):
        pay(lillby, month)
    lillby.decide(YEAR, "utfall")
    for month in range(5, 13):
        pay(lillby, month)
    with lillby.app.reading(PEEK) as work:
        units = work.runs.units(KOMMUN, lillby.runs[YEAR, "utfall"])
    sums = {unit.enhet: 0 for unit in units}
    for one in paid(lillby):
        sums[one.enhet] += one.amount_ore
    assert sums == {unit.enhet: unit.total_ore for unit in units}
    assert [one for one in paid(lillby, 5) if one.kind is PartKind.CORRECTION]


def test_a_month_is_prepared_once_and_in_its_turn(lillby: Lillby) -> None:
    first = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    with pytest.raises(MonthTakenError, match="mars 2026"):
        payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    with pytest.raises(MonthOutOfOrderError, match="april 2026"):
        payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 5))
    payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 4))
    with pytest.raises(LaterPaymentError):
        payments.cancel(lillby.app, CONTROLLER, KOMMUN, first, "fel")


def test_a_cancelled_month_is_prepared_anew_and_paid_once(lillby: Lillby) -> None:
    first = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    with pytest.raises(ReasonMissingError):
        payments.cancel(lillby.app, CONTROLLER, KOMMUN, first, " ")
    payments.cancel(lillby.app, CONTROLLER, KOMMUN, first, "fel underlag")
    again = pay(lillby, 3)
    assert paid(lillby, first) == paid(lillby, again) == paid(lillby)
    with pytest.raises(PaymentStateError, match="ändras inte mer"):
        payments.cancel(lillby.app, CONTROLLER, KOMMUN, again, "ångrar mig")


def test_nobody_approves_what_they_prepared_and_the_database_says_so_too(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    both = replace(CONTROLLER, roles=CONTROLLER.roles + CHIEF.roles)
    number = payments.prepare(lillby.app, both, KOMMUN, Month(YEAR, 1))
    with pytest.raises(SameEyesError, match="någon annan"):
        payments.approve(lillby.app, both, KOMMUN, number)
    with pytest.raises(RowRefusedError, match="four_eyes"), lillby.app.writing(PEEK) as work:
        work.payments.move(KOMMUN, number, PaymentState.PREPARED, PaymentState.APPROVED, approved_by=both.subject)
    with pytest.raises(PaymentStateError):
        payments.mark_paid(lillby.app, both, KOMMUN, number)
    payments.approve(lillby.app, OTHER, KOMMUN, number)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE payment_part SET amount_ore = amount_ore + 1",
        "DELETE FROM payment_part",
        "UPDATE payment SET total_ore = total_ore + 1",
        "UPDATE payment SET sha256 = 'x'",
        """INSERT INTO payment_part (kommun, payment, enhet, month, kind, huvudman, amount_ore, reason)
        VALUES ('9907', 1, 'Z', 202601, 'monthly', 'h', 1, 'r')""",
        """INSERT INTO payment (kommun, number, run, month, state, sha256, total_ore, prepared_at, prepared_by)
        SELECT kommun, 99, run, month, 'prepared', sha256, total_ore, prepared_at, prepared_by FROM payment""",
    ],
)
def test_the_database_refuses_every_change_of_an_approved_payment_and_a_second_of_its_month(
    lillby_on_both: Lillby, database: Database, change: str
) -> None:
    lillby = lillby_on_both
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    payments.approve(lillby.app, CHIEF, KOMMUN, number)
    before = paid(lillby)
    owner = make_engine(database.owner_url)  # the program's own role has no right even to try
    with pytest.raises(RowRefusedError), owner.begin() as connection:
        connection.execute(text(change))
    owner.dispose()
    assert paid(lillby) == before


def test_rows_that_are_not_those_prepared_are_not_approved(lillby: Lillby) -> None:
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    with lillby.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER payment_part_no_update"))
        connection.execute(text("UPDATE payment_part SET amount_ore = amount_ore + 1"))
    with pytest.raises(PaymentAlteredError, match="kontrollsumma"):
        payments.approve(lillby.app, CHIEF, KOMMUN, number)


def test_a_year_without_a_decided_run_pays_nothing(lillby: Lillby) -> None:
    with pytest.raises(NothingToPayError, match="januari 2027"):
        payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(2027, 1))


def test_the_day_of_payment_is_a_banking_day_and_the_window_closes_three_weeks_later(lillby: Lillby) -> None:
    for month in range(1, 7):
        pay(lillby, month)
    with lillby.app.reading(PEEK) as work:
        days = {one.month: (one.pay_on, one.object_until) for one in work.payments.alive(KOMMUN)}
    assert days[202601] == (date(2026, 1, 20), date(2026, 2, 10))
    assert days[202606] == (date(2026, 6, 18), date(2026, 7, 9))  # the 20th is a Saturday, the 19th midsommarafton


@pytest.mark.parametrize(
    ("prepared_on", "pay_on"),
    [
        (date(2026, 11, 20), date(2026, 11, 20)),  # the pay day itself
        (date(2026, 11, 22), date(2026, 11, 23)),  # a Sunday: the Monday after
        (date(2026, 12, 24), date(2026, 12, 28)),  # julafton, and Christmas falls on a weekend
    ],
)
def test_a_month_prepared_after_its_day_is_paid_on_the_first_banking_day_and_the_window_counts_from_it(
    lillby: Lillby, prepared_on: date, pay_on: date
) -> None:
    now = lillby.at(datetime(prepared_on.year, prepared_on.month, prepared_on.day, 9, tzinfo=UTC))
    number = payments.prepare(now, CONTROLLER, KOMMUN, Month(YEAR, 11))
    with lillby.app.reading(PEEK) as work:
        payment = work.payments.get(KOMMUN, number)
    assert (payment.pay_on, payment.object_until) == (pay_on, pay_on + timedelta(days=21))


@pytest.mark.parametrize("viewer", [REKTOR_A1, OWNER_CEDERN, CHIEF])
def test_only_those_who_prepare_payments_prepare_them(lillby: Lillby, viewer: object) -> None:
    with pytest.raises(ForbiddenError):
        payments.prepare(lillby.app, viewer, KOMMUN, Month(YEAR, 1))  # type: ignore[arg-type]
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    with pytest.raises(ForbiddenError):
        payments.approve(lillby.app, CONTROLLER, KOMMUN, number)


def test_a_recovery_is_decided_by_another_taken_back_over_months_and_settled(lillby: Lillby) -> None:
    pay(lillby, 1)
    number = recoveries.propose(
        lillby.app, CONTROLLER, KOMMUN, "B1", amount_ore=100_001, months=3, first_month=Month(YEAR, 2),
        reason="Dubbelt räknad elev i januari",
    )  # fmt: skip
    assert not [one for one in paid(lillby, pay(lillby, 2)) if one.kind is PartKind.RECOVERY]
    both = replace(CONTROLLER, roles=CONTROLLER.roles + CHIEF.roles)
    with pytest.raises(SameEyesError):
        recoveries.decide(lillby.app, both, KOMMUN, number, "§ 9", date(2026, 3, 1))
    recoveries.decide(lillby.app, CHIEF, KOMMUN, number, "§ 9", date(2026, 3, 1))
    taken = []
    for month in (3, 4, 5):
        rows = [one for one in paid(lillby, pay(lillby, month)) if one.kind is PartKind.RECOVERY]
        taken.append([one.amount_ore for one in rows])
    assert taken == [[-66_667], [-33_334], []]  # March takes February's third too
    with lillby.app.reading(PEEK) as work:
        assert work.payments.recovery(KOMMUN, number).state is RecoveryState.SETTLED
        facts = work.audit.about(KOMMUN, "recovery.decide", f"recovery:{number}")
    assert len(facts) == 2
    with pytest.raises(RecoveryStateError):
        recoveries.withdraw(lillby.app, CONTROLLER, KOMMUN, number)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"enhet": "Z"}, "inte fått någon utbetalning"),
        ({"amount_ore": 0}, "större än noll"),
        ({"amount_ore": 10**12}, "mer kan inte krävas"),
        ({"months": 0}, "1–36"),
        ({"months": 37}, "1–36"),
        ({"reason": " "}, "skälet saknas"),
    ],
)
def test_a_recovery_that_cannot_be_is_refused(lillby: Lillby, changed: dict[str, object], said: str) -> None:
    pay(lillby, 1)
    terms = {"enhet": "B1", "amount_ore": 100, "months": 1, "first_month": Month(YEAR, 2), "reason": "fel"} | changed
    with pytest.raises(RecoveryUnfitError, match=said):
        recoveries.propose(lillby.app, CONTROLLER, KOMMUN, **terms)  # type: ignore[arg-type]


def test_a_withdrawn_recovery_takes_nothing(lillby: Lillby) -> None:
    pay(lillby, 1)
    number = recoveries.propose(
        lillby.app, CONTROLLER, KOMMUN, "B1", amount_ore=100, months=1, first_month=Month(YEAR, 2), reason="fel"
    )
    recoveries.withdraw(lillby.app, CONTROLLER, KOMMUN, number)
    assert not [one for one in paid(lillby, pay(lillby, 2)) if one.kind is PartKind.RECOVERY]


def test_a_decided_run_needs_its_decision_written(lillby: Lillby) -> None:
    run = lillby.allocate(YEAR, "budget")
    lillby.move(run.number, "checked")
    for missing in (None, "", "  "):
        with pytest.raises(runs.DecisionTextMissingError, match="organ, dag och paragraf"):
            runs.set_state(lillby.app, CHIEF, KOMMUN, run.number, "decided", missing)


def test_a_correction_of_an_old_month_waits_for_the_settlement_that_then_pays_it(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.decide(YEAR, "budget")
    lillby.decide(YEAR, "utfall", 11)
    for month in range(1, 12):
        pay(lillby, month)
    was = "e10;B2;grundskola;4;2016-09;;;9907;2024-08-15;"
    assert was in ENROLMENTS_2026
    now = ENROLMENTS_2026.replace(was, "e10;B2;grundskola;4;2016-09;;;9907;2026-02-01;")
    lillby.deliver("enrolments", ENROLMENT_HEADER + now, year_range(YEAR))
    lillby.decide(YEAR, "utfall", 12)
    waiting = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 12))
    assert not [one for one in paid(lillby, waiting) if (one.enhet, one.month) == ("B2", 202601)]
    payments.cancel(lillby.app, CONTROLLER, KOMMUN, waiting, "slutavräkningen är klar")
    lillby.decide(YEAR, "slutavrakning", 12)
    (row,) = [one for one in paid(lillby, pay(lillby, 12)) if (one.enhet, one.month) == ("B2", 202601)]
    assert (row.kind, row.new_ore) == (PartKind.CORRECTION, 0)
    with lillby.app.reading(PEEK) as work:
        units = work.runs.units(KOMMUN, lillby.runs[YEAR, "slutavrakning"])
    sums = {unit.enhet: 0 for unit in units}
    for one in paid(lillby):
        sums[one.enhet] += one.amount_ore
    assert sums == {unit.enhet: unit.total_ore for unit in units}
