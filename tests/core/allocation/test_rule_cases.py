"""The rules as cases: every row of data/parameters/regelrader.yaml that a model can say, to the öre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from core.allocation.price_explain import PriceExplainer
from core.allocation.prices import PriceKey
from core.base import CoreError, read_number
from tests.support.models import ROOT, cases
from tests.support.rule_cases import RuleRun

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = ROOT / "tests" / "cases" / "rules"
OWN_TESTS = ("counting", "corrections", "ike")  # tables of another shape, each with a test of its own
TABLES = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem not in OWN_TESTS)
CASES = [pytest.param(case, id=f"{table}: {case['name']}") for table in TABLES for case in cases(f"rules/{table}")]


@pytest.mark.parametrize("case", CASES)
def test_a_rule_gives_what_was_worked_out_by_hand(case: dict[str, Any]) -> None:
    if "raises" in case:
        with pytest.raises((CoreError, AssertionError), match=case["raises"]):
            RuleRun(case)
        return
    run = RuleRun(case)
    assert case["expect"]
    for expected in case["expect"]:
        assert HELD[next(key for key in HELD if key in expected)](run, expected), (expected, list(run.allocated.rows))


def holds_price(run: RuleRun, expected: dict[str, Any]) -> bool:
    """Say whether a price is as the case has it, shown and hidden, and as its own derivation says."""
    lists = [one.list for one in run.model.price_lists]
    key = PriceKey(
        expected["price"], expected.get("category", "a"), expected.get("recipient", "egen"),
        expected.get("list", lists[0]),
    )  # fmt: skip
    price = run.data.prices.get(*key)
    if expected.get("absent"):
        return price is None
    if price is None:
        return False
    tree = PriceExplainer(run.model, run.data.prices, run.planned).price(key)
    shown = read_number(expected["shown"]) if "shown" in expected else tree.value
    exact = read_number(expected["exact"]) if "exact" in expected else price.exact / 100
    return price.shown_ore == shown * 100 and tree.value == shown and price.exact == exact * 100


def holds_books(run: RuleRun, expected: dict[str, Any]) -> bool:
    """Say whether a term of the books is as the case has it, and the books close."""
    books = run.books()
    closed = sum(one.amount_ore if one.side == "left" else -one.amount_ore for one in books) == 0
    (term,) = [one for one in books if one.term == expected["books"]]
    return closed and read_number(expected["kr"]) * 100 == term.amount_ore


def holds_count(run: RuleRun, expected: dict[str, Any]) -> bool:
    """Say whether a unit's elever of a category are as the case has them, month by month."""
    unit, category = list(run.units).index(expected["enhet"]), run.data.category_ids.index(expected["count"])
    elever = expected["elever"]
    months: list[int] = elever if isinstance(elever, list) else [elever] * 12
    return [int(one) for one in run.n[unit, category]] == months


def holds_payment(run: RuleRun, expected: dict[str, Any]) -> bool:
    """Say whether a unit is paid in a month what the case has."""
    return read_number(expected["paid"]) * 100 == run.paid(expected["enhet"], expected["month"])


def holds_amount(run: RuleRun, expected: dict[str, Any]) -> bool:
    """Say whether a unit's lines, of a step, category or period where one is named, sum to what the case has."""
    return read_number(expected["kr"]) * 100 == run.lines(expected)


HELD: dict[str, Callable[[RuleRun, dict[str, Any]], bool]] = {
    "price": holds_price,
    "books": holds_books,
    "count": holds_count,
    "paid": holds_payment,
    "kr": holds_amount,
}
