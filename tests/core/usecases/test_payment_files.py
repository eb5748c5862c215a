"""The files of a payment, the elever behind it, and what its receiver may say of it."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import Month, kronor, year_range
from core.exchange.payment_file import COLUMNS
from core.exchange.sie_out import SieCompany, SieRow, SieVoucher, VoucherUnbalancedError, quoted, sie_file
from core.publication.payment import PartKind
from core.usecases import payment_reading, payments
from core.usecases.flag_states import FlagTextError
from core.usecases.flags import flags_view
from core.usecases.payment_files import NotApprovedError, payment_file, units_paid, voucher_file
from core.usecases.payment_objections import NothingToObjectToError, ObjectionTooLateError, object_to
from core.usecases.payment_reading import (
    NotForReceiversError,
    NotPaidError,
    elev_list,
    payment_differences,
    payment_view,
    payments_view,
)
from tests.support.reaching import PEEK
from tests.support.sie_reader import read_sie
from tests.support.small_kommun import (
    AUDITOR,
    CHIEF,
    CITIZEN,
    CONTROLLER,
    ENROLMENT_HEADER,
    KOMMUN,
    OWNER_CEDERN,
    POLITICIAN,
    REKTOR_A1,
    YEAR,
)

if TYPE_CHECKING:
    from pathlib import Path

    from core.publication.payment import PaymentPart
    from core.store import RunUnitRecord, UnitOfWork
    from core.store.payments import PaymentRecord
    from tests.support.small_kommun import Lillby

OWN = {"A1", "A2", "A3", "F1"}


@pytest.fixture
def paid(lillby: Lillby) -> Lillby:
    """Give Lillby with January and February approved."""
    for month in (1, 2):
        in_time = lillby.at(datetime(YEAR, month, 10, 9, tzinfo=UTC))
        number = payments.prepare(in_time, CONTROLLER, KOMMUN, Month(YEAR, month))
        payments.approve(lillby.app, CHIEF, KOMMUN, number)
    return lillby


def rows_of(lillby: Lillby, number: int) -> list[dict[str, str]]:
    content = payment_file(lillby.app, CONTROLLER, KOMMUN, number)[1]
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_the_payment_file_and_the_voucher_hold_the_whole_payment_and_no_row_twice(paid: Lillby) -> None:
    for number in (1, 2):
        with paid.app.reading(PEEK) as work:
            record, parts = work.payments.get(KOMMUN, number), work.payments.parts(KOMMUN, [number])
        rows = rows_of(paid, number)
        assert list(rows[0]) == list(COLUMNS)
        assert not OWN & {row["enhet"] for row in rows}
        assert len({row["referens"] for row in rows}) == len(rows)
        for row in rows:
            kinds = [kronor(row[name]) for name in COLUMNS if name.startswith("varav_")]
            assert sum(kinds) == kronor(row["belopp_kr"])
        others = sum(kronor(row["belopp_kr"]) for row in rows)
        sie = read_sie(voucher_file(paid.app, CONTROLLER, KOMMUN, number)[1])
        (voucher,) = sie.vouchers
        own = -sum(one.amount for one in voucher.rows if one.objects != (("20", "CENTRAL"),))
        assert others + own * 100 == record.total_ore == sum(one.amount_ore for one in parts)
        assert {kind for _, kind in sie.objects} >= {one.enhet for one in parts if one.enhet in OWN}


def test_the_voucher_is_sie_4i_that_balances_and_declares_what_it_uses(paid: Lillby) -> None:
    name, content, _ = voucher_file(paid.app, CONTROLLER, KOMMUN, 1)
    sie = read_sie(content)
    assert name.endswith(".si")
    assert sie.order[:8] == ["#FLAGGA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#ORGNR", "#FNAMN", "#RAR"]
    assert (sie.fields["#FLAGGA"], sie.fields["#FORMAT"], sie.fields["#SIETYP"]) == (["0"], ["PC8"], ["4"])
    assert sie.fields["#RAR"] == ["0", "20260101", "20261231"]
    (voucher,) = sie.vouchers
    assert sum(one.amount for one in voucher.rows) == Fraction(0)
    assert {one.account for one in voucher.rows} == set(sie.accounts)
    assert {pair for one in voucher.rows for pair in one.objects} <= set(sie.objects)
    assert "Fröets förskola" in sie.objects.values()
    assert content.decode("cp437").encode("cp437") == content


def test_a_voucher_that_does_not_balance_is_refused_and_odd_letters_are_never_lost_silently() -> None:
    company = SieCompany("Å", "1", "p", "1", date(2026, 1, 1), YEAR)
    voucher = SieVoucher("A", date(2026, 1, 1), "t", (SieRow(1, (), 1, "x"),))
    with pytest.raises(VoucherUnbalancedError, match="0,01"):
        sie_file(company, {}, {}, [], [voucher])
    assert quoted('Ljung–"Ek"\tš ☃') == '"Ljung-\\"Ek\\" s ?"'


def test_the_reader_of_the_tests_reads_the_4i_files_of_others(reference_data: Path) -> None:
    names = ("jsisie__BL0001_typ4I.SI", "jsisie__Sie4.si", "jsisie__si.SI", "jsisie__typ4si.si")
    for name in names:
        sie = read_sie((reference_data / "sie" / name).read_bytes())
        assert sie.vouchers, name
        assert all(sum(one.amount for one in voucher.rows) == 0 for voucher in sie.vouchers), name


def test_files_are_written_of_approved_payments_only(lillby: Lillby) -> None:
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    for make in (payment_file, voucher_file):
        with pytest.raises(NotApprovedError):
            make(lillby.app, CONTROLLER, KOMMUN, number)
        with pytest.raises(ForbiddenError):
            make(lillby.app, OWNER_CEDERN, KOMMUN, number)


def test_each_reader_sees_its_own_units_rows_and_their_sum(paid: Lillby) -> None:
    everything = payment_view(paid.app, CONTROLLER, 1)
    for viewer, units in ((OWNER_CEDERN, {"B1"}), (REKTOR_A1, {"A1"})):
        view = payment_view(paid.app, viewer, 1)
        assert {row.enhet for row in view.rows} == units
        assert view.payment.total_ore == sum(row.amount_ore for row in everything.rows if row.enhet in units)
        assert [one.total_ore for one in payments_view(paid.app, viewer).payments if one.number == 1] == [
            view.payment.total_ore
        ]
        assert {one.enhet for one in payment_differences(paid.app, viewer, 2)} == units
        assert not view.may_take_files
    for viewer in (CITIZEN, POLITICIAN):
        with pytest.raises(ForbiddenError):
            payments_view(paid.app, viewer)
        with pytest.raises(ForbiddenError):
            payment_view(paid.app, viewer, 1)


def test_approved_and_paid_months_are_seen_and_others_only_by_who_sees_the_whole_kommun(paid: Lillby) -> None:
    cancelled = payments.prepare(paid.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    payments.cancel(paid.app, CONTROLLER, KOMMUN, cancelled, "fel underlag")
    prepared = payments.prepare(paid.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    payments.mark_paid(paid.app, CONTROLLER, KOMMUN, 1)
    for viewer, shown in (
        (OWNER_CEDERN, [2, 1]), (REKTOR_A1, [2, 1]), (AUDITOR, [prepared, cancelled, 2, 1]),
        (CONTROLLER, [prepared, cancelled, 2, 1]), (CHIEF, [prepared, cancelled, 2, 1]),
    ):  # fmt: skip
        assert [one.number for one in payments_view(paid.app, viewer).payments] == shown
    for number in (cancelled, prepared):
        for ask in (payment_view, payment_differences):
            with pytest.raises(NotForReceiversError, match="inte godkänd"):
                ask(paid.app, OWNER_CEDERN, number)
        with pytest.raises(NotForReceiversError):
            elev_list(paid.app, OWNER_CEDERN, number, "B1", purpose="kontroll")


def test_units_stand_in_the_order_of_their_names(paid: Lillby, monkeypatch: pytest.MonkeyPatch) -> None:
    def renamed(work: UnitOfWork, payment: PaymentRecord, parts: list[PaymentPart]) -> dict[str, RunUnitRecord]:
        units = dict(units_paid(work, payment, parts))
        return units | {"F1": replace(units["F1"], name="Aborrens förskola")}

    monkeypatch.setattr(payment_reading, "units_paid", renamed)
    for rows in (payment_view(paid.app, CONTROLLER, 2).rows, payment_differences(paid.app, CONTROLLER, 2)):
        names = [one.name.casefold() for one in rows]
        assert names == sorted(names)
        assert rows[0].enhet == "F1"


def test_children_of_a_forskola_are_not_called_elever(paid: Lillby) -> None:
    reasons = {one.enhet: one.reason for one in payment_differences(paid.app, CONTROLLER, 2)}
    counted = {enhet: why for enhet, why in reasons.items() if "elever" in why}
    assert {enhet for enhet, why in counted.items() if "barn och elever" in why} == {"F1"}, reasons


def test_the_differences_add_up_from_one_month_to_the_next(paid: Lillby) -> None:
    first, second = (payment_view(paid.app, CONTROLLER, number).payment.total_ore for number in (1, 2))
    found = payment_differences(paid.app, CONTROLLER, 2)
    assert sum(one.change_ore for one in found) == second - first
    assert all(one.reason for one in found)
    assert payment_differences(paid.app, CONTROLLER, 1) == ()


def test_the_elever_behind_a_payment_are_those_counted_and_every_look_is_logged(paid: Lillby) -> None:
    found = elev_list(paid.app, OWNER_CEDERN, 1, "B1", purpose="kontroll")
    in_grundskola = [one for one in found.rows if one.verksamhet == "grundskola"]
    assert len(in_grundskola) == 2  # e07 and e08; e09 lives in another kommun
    assert len([one for one in found.rows if one.verksamhet == "fritidshem"]) == 1
    with paid.app.reading(PEEK) as work:
        looks = work.audit.about(KOMMUN, "register_rows.view", "enhet:B1")
    assert len(looks) == 1
    for viewer in (REKTOR_A1, POLITICIAN):
        with pytest.raises(ForbiddenError):
            elev_list(paid.app, viewer, 1, "B1", purpose="kontroll")
    with pytest.raises(NotPaidError):
        elev_list(paid.app, CONTROLLER, 1, "Z9", purpose="kontroll")


def test_elever_are_listed_by_the_huvudmans_own_reference_when_it_gave_one(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    rows = "e07;B1;grundskola;3;2017-05;;;9907;2024-08-15;;K-7\ne08;B1;grundskola;6;2014-07;;;9907;2024-08-15;;\n"
    header = ENROLMENT_HEADER.replace("till_och_med", "till_och_med;referens")
    lillby.deliver("enrolments", header + rows, year_range(YEAR))
    lillby.decide(YEAR, "budget")
    lillby.decide(YEAR, "utfall")
    payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    payments.approve(lillby.app, CHIEF, KOMMUN, 1)
    found = elev_list(lillby.app, OWNER_CEDERN, 1, "B1", purpose="kontroll").rows
    assert [one.referens for one in found] == ["K-7", None]


def test_a_month_paid_by_plan_has_no_elever_to_list(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    lillby.decide(YEAR, "budget")
    payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    payments.approve(lillby.app, CHIEF, KOMMUN, 1)
    found = elev_list(lillby.app, OWNER_CEDERN, 1, "B1", purpose="kontroll")
    assert (found.planned, found.rows) == (True, ())


def test_an_objection_is_a_question_until_the_window_closes_and_then_refused_with_where_to_turn(paid: Lillby) -> None:
    in_time = paid.at(datetime(2026, 2, 10, 22, tzinfo=UTC))
    assert payment_view(in_time, OWNER_CEDERN, 1).units[0].may_object
    flag = object_to(in_time, OWNER_CEDERN, 1, "B1", "En elev saknas.")
    (question,) = flags_view(paid.app, OWNER_CEDERN).flags
    assert (question.number, question.about, question.enhet) == (flag, "payment", "B1")
    late = paid.at(datetime(2026, 2, 11, 8, tzinfo=UTC))
    assert not payment_view(late, OWNER_CEDERN, 1).units[0].may_object
    with pytest.raises(ObjectionTooLateError, match=r"10 februari 2026.*registrator"):
        object_to(late, OWNER_CEDERN, 1, "B1", "En elev saknas.")
    with pytest.raises(FlagTextError, match=r"^Skriv vad som är fel, med minst 10 tecken\.$"):
        object_to(in_time, OWNER_CEDERN, 1, "B1", "")
    for viewer in (AUDITOR, REKTOR_A1):
        with pytest.raises(ForbiddenError):
            object_to(in_time, viewer, 1, "B1", "x")


def test_what_is_not_approved_cannot_be_objected_to(lillby: Lillby) -> None:
    payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    with pytest.raises(NothingToObjectToError):
        object_to(lillby.app, OWNER_CEDERN, 1, "B1", "En elev saknas.")


def test_a_formula_in_a_name_stays_text_in_the_payment_file() -> None:
    from core.exchange.payment_file import PaymentFileRow, payment_csv

    row = PaymentFileRow("r", None, "2026-01", "1", "=cmd()", "+E", "@n", -5, tuple([0] * len(PartKind)))
    line = payment_csv([row]).decode("utf-8-sig").splitlines()[1]
    assert line == "r;;2026-01;1;'=cmd();'+E;'@n;-0,05;0,00;0,00;0,00;0,00;0,00"


def test_nobody_is_both_who_prepares_and_who_approves_even_with_both_roles(paid: Lillby) -> None:
    both = replace(CONTROLLER, roles=CONTROLLER.roles + CHIEF.roles)
    number = payments.prepare(paid.app, both, KOMMUN, Month(YEAR, 3))
    assert not payment_view(paid.app, both, number).may_approve
    assert payment_view(paid.app, CHIEF, number).may_approve
