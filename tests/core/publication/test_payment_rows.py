"""A month's payment: what is due less what was paid, whatever was known when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base import Month
from core.publication.payment import PartKind, PaymentPart, rows_hash
from core.publication.payment_difference import differences
from core.publication.payment_rows import (
    AppealChange,
    DuePayment,
    PaymentBasis,
    RecoveryPlan,
    payment_parts,
    recovered,
    settled_recoveries,
)

YEAR, KRONA = 2026, 100
UNITS = ("A", "B", "C")
HUVUDMAN = {"A": "h1", "B": "h1", "C": "h2"}

kronor = st.integers(-50, 500).map(lambda value: value * KRONA)
rows_of_run = st.dictionaries(st.tuples(st.sampled_from(UNITS), st.integers(1, 12)), kronor, max_size=20)


def run_of(monthly: dict[tuple[str, int], int], rest: int, through: int) -> list[DuePayment]:
    """Return a run's rows: months to ``through``, and for each unit with any a settlement at its last month."""
    held = {place: ore for place, ore in monthly.items() if place[1] <= through and ore}
    due = [DuePayment(enhet, YEAR * 100 + month, "monthly", ore) for (enhet, month), ore in held.items()]
    for enhet in {enhet for enhet, _ in held}:
        last = max(month for one, month in held if one == enhet)
        due.append(DuePayment(enhet, YEAR * 100 + last, "settlement", rest))
    return due


def basis(run: list[DuePayment], month: int, paid: list[PaymentPart]) -> PaymentBasis:
    """Return the basis of a month: what a use case gathers of a run and of the months paid before."""
    ends = dict.fromkeys(UNITS, 1)
    for one in run:
        ends[one.enhet] = max(ends[one.enhet], one.month % 100)
    return PaymentBasis(
        month=Month(YEAR, month),
        due=[one for one in run if one.month % 100 <= month],
        huvudman=HUVUDMAN,
        paid=paid,
        settled={(enhet, YEAR) for enhet, end in ends.items() if end <= month},
        paid_months={YEAR * 100 + earlier for earlier in range(1, month)},
    )


@given(st.lists(st.tuples(rows_of_run, st.integers(-99, 99)), min_size=12, max_size=12))
def test_the_payments_of_a_year_sum_to_the_last_run_whatever_each_month_knew(
    known: list[tuple[dict[tuple[str, int], int], int]],
) -> None:
    paid: list[PaymentPart] = []
    for month, (monthly, rest) in enumerate(known, start=1):
        paid += payment_parts(basis(run_of(monthly, rest, 12), month, paid))
    last = run_of(*known[-1], 12)
    for enhet in UNITS:
        owed = sum(one.ore for one in last if one.enhet == enhet)
        assert sum(one.amount_ore for one in paid if one.enhet == enhet) == owed


@given(rows_of_run, st.integers(-99, 99))
def test_a_run_that_says_the_same_again_is_paid_once_and_corrects_nothing(
    monthly: dict[tuple[str, int], int], rest: int
) -> None:
    run = run_of(monthly, rest, 12)
    paid: list[PaymentPart] = []
    for month in range(1, 13):
        paid += payment_parts(basis(run, month, paid))
    assert not [one for one in paid if one.kind is PartKind.CORRECTION]
    next_year = replace(basis(run, 12, paid), month=Month(YEAR + 1, 1), paid_months={YEAR * 100 + 12})
    assert payment_parts(next_year) == ()


def test_a_correction_shows_what_was_paid_what_is_due_and_the_difference() -> None:
    before = run_of({("A", 1): 10_000}, 0, 1)
    paid = list(payment_parts(basis(before, 1, [])))
    after = run_of({("A", 1): 12_500, ("A", 2): 9_000}, 0, 2)
    correction = next(one for one in payment_parts(basis(after, 2, paid)) if one.kind is PartKind.CORRECTION)
    assert (correction.month, correction.old_ore, correction.new_ore, correction.amount_ore) == (
        202601, 10_000, 12_500, 2_500,
    )  # fmt: skip


def test_a_correction_that_waits_for_the_settlement_is_not_paid_until_then() -> None:
    paid = list(payment_parts(basis(run_of({("A", 1): 10_000}, 0, 1), 1, [])))
    after = basis(run_of({("A", 1): 12_500, ("A", 2): 9_000}, 0, 2), 2, paid)
    assert [one.kind for one in payment_parts(replace(after, waiting={("A", 202601)}))] == [PartKind.MONTHLY]


def test_a_unit_that_no_run_has_any_more_pays_back_what_it_was_paid() -> None:
    paid = list(payment_parts(basis(run_of({("A", 1): 10_000}, 0, 1), 1, [])))
    after = payment_parts(basis(run_of({("B", 2): 5_000}, 0, 2), 2, paid))
    assert {one.enhet: one.amount_ore for one in after} == {"A": -10_000, "B": 5_000}


@given(st.integers(-(10**9), 10**9), st.integers(1, 12))
def test_an_appeal_is_paid_for_its_huvudman_alone_and_in_full_by_december(change_ore: int, first: int) -> None:
    appeal = AppealChange("A", "h1", YEAR, change_ore, "dom")
    paid: list[PaymentPart] = []
    for month in range(first, 13):
        rows = payment_parts(replace(basis([], month, paid), appeals=[appeal]))
        assert {one.huvudman for one in rows} <= {"h1"}
        paid += rows
    assert sum(one.amount_ore for one in paid) == change_ore
    late = replace(basis([], 12, paid), month=Month(YEAR + 1, 1), appeals=[appeal])
    assert payment_parts(late) == ()


def test_an_appeal_decided_after_the_year_is_paid_at_once() -> None:
    late = replace(basis([], 1, []), month=Month(YEAR + 1, 1), appeals=[AppealChange("A", "h1", YEAR, 1_200, "dom")])
    assert [(one.month, one.amount_ore) for one in payment_parts(late)] == [(202612, 1_200)]


@given(
    amount_ore=st.integers(1, 10**7),
    months=st.integers(1, 12),
    monthly=st.lists(st.integers(0, 10**6), min_size=12, max_size=12),
    below_zero=st.booleans(),
)
def test_a_recovery_takes_its_sum_and_never_makes_a_month_negative(
    amount_ore: int, months: int, monthly: list[int], *, below_zero: bool
) -> None:
    plan = RecoveryPlan(1, "A", "h1", amount_ore, months, YEAR * 100 + 1)
    run = run_of({("A", place): ore for place, ore in enumerate(monthly, start=1)}, 0, 12)
    paid: list[PaymentPart] = []
    for month in range(1, 13):
        rows = payment_parts(replace(basis(run, month, paid), recoveries=[plan], below_zero=below_zero))
        assert below_zero or sum(one.amount_ore for one in rows) >= 0
        paid += rows
        assert recovered(paid).get("A", 0) <= plan.due_through(Month(YEAR, month))
    taken = recovered(paid).get("A", 0)
    assert taken <= amount_ore
    assert (settled_recoveries([plan], paid) == (1,)) == (taken == amount_ore)
    if below_zero:
        assert taken == amount_ore


def test_two_recoveries_of_a_unit_are_settled_oldest_first() -> None:
    plans = [RecoveryPlan(1, "A", "h1", 500, 1, 202601), RecoveryPlan(2, "A", "h1", 300, 1, 202601)]
    row = PaymentPart("A", 202601, PartKind.RECOVERY, "h1", -600, "")
    assert settled_recoveries(plans, [row]) == (1,)
    assert settled_recoveries(plans, [row, replace(row, amount_ore=-200)]) == (1, 2)


def test_the_hash_of_rows_does_not_ask_in_which_order_they_come_and_sees_every_change() -> None:
    rows = [
        PaymentPart("A", 202601, PartKind.MONTHLY, "h1", 100, "r"),
        PaymentPart("B", 202601, PartKind.MONTHLY, "h", 1, "r"),
    ]
    assert rows_hash(rows) == rows_hash(reversed(rows))
    for changed in (
        {"amount_ore": 101}, {"enhet": "Å"}, {"month": 202602}, {"huvudman": "h2"}, {"reason": "s"}, {"old_ore": 0},
    ):  # fmt: skip
        assert rows_hash([replace(rows[0], **changed), rows[1]]) != rows_hash(rows)


@pytest.mark.parametrize(
    ("now", "before", "reason"),
    [
        ({"A": {PartKind.MONTHLY: 100}}, {}, "Ingen betalning månaden före"),
        ({}, {"A": {PartKind.MONTHLY: 100}}, "Ingen betalning den här månaden"),
        ({"A": {PartKind.MONTHLY: 100}}, {"A": {PartKind.MONTHLY: 100}}, "Samma belopp"),
        (
            {"A": {PartKind.MONTHLY: 300, PartKind.RECOVERY: -50}},
            {"A": {PartKind.MONTHLY: 100, PartKind.CORRECTION: 100}},
            "Månadsbelopp +2\u00a0kr; rättelse \u22121\u00a0kr; återkrav \u22120,50\u00a0kr",
        ),
    ],
)
def test_every_difference_from_the_month_before_has_its_reason(
    now: dict[str, dict[PartKind, int]], before: dict[str, dict[PartKind, int]], reason: str
) -> None:
    def parts(sums: dict[str, dict[PartKind, int]]) -> list[PaymentPart]:
        return [PaymentPart(u, 202601, kind, "h", ore, "") for u, kinds in sums.items() for kind, ore in kinds.items()]

    (found,) = differences(parts(now), parts(before))
    assert found.reason == reason
    assert found.change_ore == found.now_ore - (found.before_ore or 0)
