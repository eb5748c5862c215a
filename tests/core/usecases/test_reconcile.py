"""Avstämning on Lillby: everything agrees, on either engine, until somebody changes what is stored."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.publication.payment import PartKind, PaymentPart, PaymentState
from core.store.payments import NewPayment
from core.usecases import reconcile
from core.usecases.choices import MissingDataError
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AUDITOR,
    CITIZEN,
    CONTROLLER,
    KOMMUN,
    NOW,
    OWNER_CEDERN,
    REKTOR_A1,
    YEAR,
)

if TYPE_CHECKING:
    from core.usecases.reconcile_views import ReconcileLine, ReconcileView
    from tests.support.small_kommun import Lillby

BUDGET, UTFALL = 1, 2


def view_of(lillby: Lillby, run: int = UTFALL) -> ReconcileView:
    return reconcile.reconcile_view(lillby.app, CONTROLLER, run)


def line(view: ReconcileView, code: str, name: str = "") -> ReconcileLine:
    return next(one for one in view.lines if one.code == code and (not name or one.name == name))


@pytest.mark.parametrize("run", [BUDGET, UTFALL])
def test_every_line_of_lillby_agrees_on_both_engines(lillby_on_both: Lillby, run: int) -> None:
    view = view_of(lillby_on_both, run)
    assert view.differs == 0, [one for one in view.lines if one.state == "differs"]
    assert view.books_difference_ore == 0
    assert {one.state for one in view.deliveries} == {"absent"}  # no file said a total of its own


def test_the_run_that_stands_is_taken_when_none_is_named(shared_lillby: Lillby) -> None:
    assert reconcile.reconcile_view(shared_lillby.app, AUDITOR).run.number == UTFALL


def test_figures_worked_out_by_hand_stand_on_both_sides(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby)
    assert line(view, "enheter").left == 109_583_402
    assert line(view, "pott", "socio|var").left == 50_000_00
    assert line(view, "pott", "socio|host").right == 33_333_33
    assert line(view, "pris_antal", "omsorg").left == (84_400 + 49_200) * 100  # 334 dagar × 400 kr
    assert line(view, "budgetkorning").right == 121_199_002
    # e17 in årskurs 9 has no category: ten elevmånader in the register that no category counts
    assert line(view, "en_gang", "grundskola").difference == -10


def test_what_has_nothing_to_be_held_against_says_so(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby)
    absent = {(one.group, one.code) for one in view.lines if one.state == "absent"}
    assert absent == {("utbetalt", "ingen"), ("huvudbok", "ingen")}


def paid(lillby: Lillby, month: int, ore: int, state: PaymentState = PaymentState.APPROVED) -> None:
    """Store a payment of one row."""
    code = YEAR * 100 + month
    new = NewPayment(
        kommun=KOMMUN, run=UTFALL, month=code, pay_on=date(YEAR, month, 20), object_until=date(YEAR, month, 28),
        sha256="0" * 64, total_ore=ore, prepared_at=NOW, prepared_by="controller",
    )  # fmt: skip
    with lillby.app.writing(PEEK) as work:
        number = work.payments.create(new, [PaymentPart("A1", code, PartKind.MONTHLY, "x", ore, "")])
        if state is not PaymentState.PREPARED:
            work.payments.move(KOMMUN, number, PaymentState.PREPARED, state)
        work.commit()


def test_what_is_paid_is_held_against_the_run_month_by_month(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        due = work.sums.paid_by_month(KOMMUN, UTFALL)
    paid(lillby, 1, due[1])
    paid(lillby, 2, due[2] - 100)
    view = view_of(lillby)
    assert line(view, "manad", "1").state == "agrees"
    assert (line(view, "manad", "2").difference, line(view, "manad", "2").state) == (-100, "differs")
    assert line(view, "manad", "3").state == "absent"
    assert view.differs == 1


def test_a_run_that_another_has_taken_over_from_is_not_held_against_payments(shared_lillby: Lillby) -> None:
    """The utfall counts January–October; the budget still pays November and December."""
    assert line(view_of(shared_lillby, BUDGET), "ingen").group == "utbetalt"
    with shared_lillby.app.reading(PEEK) as work:
        budget, utfall = (work.runs.get(KOMMUN, one) for one in (BUDGET, UTFALL))
        assert [m for m in range(1, 13) if reconcile._pays(work, budget, m)] == [11, 12]
        assert [m for m in range(1, 13) if reconcile._pays(work, utfall, m)] == list(range(1, 11))


def test_a_payment_that_nobody_has_approved_is_not_paid(lillby: Lillby) -> None:
    paid(lillby, 1, 100, PaymentState.PREPARED)
    assert line(view_of(lillby), "ingen").group == "utbetalt"


def test_a_line_changed_in_the_database_is_found_with_the_unit_to_open(lillby: Lillby) -> None:
    with lillby.engine.begin() as connection:
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).fetchall():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(
            text(
                "UPDATE allocation_line SET amount_ore = amount_ore + 1, before_ore = before_ore + 1 "
                "WHERE run = 2 AND enhet = 'B1' AND step = 'adm' AND period = 'var' AND category = 'gs.1_3'"
            )
        )
    view = view_of(lillby)
    found = {one.code: one for one in view.lines if one.state == "differs"}
    assert set(found) == {"enheter", "mottagare", "betalplan", "pris_antal"}
    assert dict(found["enheter"].query) == {"enhet": "B1", "ar": "2026", "visa": "utfall"}
    assert found["pris_antal"].name == "adm"
    assert found["pris_antal"].page == "underlag"


def test_a_total_of_the_deliverer_stands_beside_ours(undecided_lillby: Lillby) -> None:
    from core.base import year_range
    from core.usecases import imports
    from tests.support.small_kommun import STAFF

    received = undecided_lillby.receive(
        "staff", STAFF + "A2;grundskola;lärare;2026-10-15;1;\n", year_range(YEAR), file_total="5"
    )
    assert received.batch is not None
    imports.accept(undecided_lillby.app, CONTROLLER, KOMMUN, received.batch.number)
    with undecided_lillby.app.reading(PEEK) as work:
        (record,) = work.batches.of_numbers(KOMMUN, [received.batch.number])
    told = reconcile._delivered(record)  # staff is in no run, yet is told the same way
    assert (told.theirs, told.state) == ("5", "differs")


def test_a_kommun_without_runs_is_told_what_to_do(empty_lillby: Lillby) -> None:
    with pytest.raises(MissingDataError, match="Räkna en körning"):
        reconcile.reconcile_view(empty_lillby.app, CONTROLLER)


@pytest.mark.parametrize("viewer", [CITIZEN, REKTOR_A1, OWNER_CEDERN], ids=lambda one: one.subject)
def test_who_may_not_see_the_basis_may_not_reconcile(shared_lillby: Lillby, viewer: object) -> None:
    with pytest.raises(ForbiddenError):
        reconcile.reconcile_view(shared_lillby.app, viewer)  # type: ignore[arg-type]  # an actor
