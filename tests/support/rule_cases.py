"""A case of a rule: a small model, units with elever, and what must come out, worked out by hand.

What a case does not say gets a plain default: category ``a``, list ``2026`` for the year, recipient ``egen``.
``units``: by id, ``n`` elever by category (every month, or twelve numbers), or ``elever`` by their fields, counted
by the model's own categories. ``expect``: prices (``price``), lines (``enhet`` and ``step``), what is paid in a month
(``paid``), counted elever (``count``), or a term of the books (``books``); kronor as in a list.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from core.allocation import Allocated, AllocationInput, GivenAmount, UnitFacts, allocate, compute_prices, quantities_of
from core.allocation.books import BookLine, budget_books
from core.allocation.inputs import CaseAmount
from core.allocation.payments import payments_of
from core.base import read_number
from core.register import Counts, PlannedRow, RowFields, planned_counts
from tests.support.small_amounts import divisors, paying_model

if TYPE_CHECKING:
    import numpy as np

    from core.parameters import FundingModel

MONTHS = 12
PARTS = ("prices", "categories", "counting", "lists", "books", "year")
Case = dict[str, Any]


class RuleRun:
    """A case worked out: its model, counts, prices, lines, payments and books."""

    def __init__(self, case: Case) -> None:
        """Work the case out; a model with faults, or a rule that refuses, raises as it does for anybody."""
        self.units: Case = dict(sorted(case.get("units", {"e1": {}}).items()))
        self.model = model_of(case)
        self.through = case.get("through", MONTHS)
        self.n = self._counts()
        quantities = quantities_of(self.model, self.n, divisors(self.model), self.through)
        totals = self.n.sum(axis=(0, 2)).tolist()
        planned = zip(self.model.categories, totals, strict=True)
        self.planned = {one.category: Fraction(total, MONTHS) for one, total in planned}
        facts = tuple(_facts(enhet, unit) for enhet, unit in self.units.items())
        prices = compute_prices(self.model, self.planned)
        self.data = AllocationInput(
            self.model, facts, quantities, prices, self._figures(), list(self._given()), list(self._cases()),
            self._words(),
        )  # fmt: skip
        self.allocated: Allocated = allocate(self.data)

    def _counts(self) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        names = [one.category for one in self.model.categories]
        counts = Counts.empty(list(self.units), names, ["plan"] * len(names), [MONTHS] * len(names), MONTHS)
        rows = [row for enhet, unit in self.units.items() for row in _planned(enhet, unit)]
        n = planned_counts(counts, self.model.categories, rows, self.model.year).n
        for place, unit in enumerate(self.units.values()):
            for category, elever in unit.get("n", {}).items():
                n[place, names.index(category)] = elever
        n[:, :, self.through :] = 0
        return n

    def _figures(self) -> dict[str, dict[str, Fraction]]:
        figures: dict[str, dict[str, Fraction]] = {}
        for enhet, unit in self.units.items():
            for name, value in unit.get("index", {}).items():
                figures.setdefault(name, {})[enhet] = read_number(value)
        return figures

    def _words(self) -> dict[str, dict[str, str]]:
        words: dict[str, dict[str, str]] = {}
        for enhet, unit in self.units.items():
            for name, value in unit.get("attributes", {}).items():
                words.setdefault(name, {})[enhet] = value
        return words

    def _given(self) -> Any:  # noqa: ANN401 - a generator of amounts
        for enhet, unit in self.units.items():
            for one in unit.get("given", []):
                yield GivenAmount(one["step"], enhet, "grundskola", one["month"], 1, _ore(one["kr"]))

    def _cases(self) -> Any:  # noqa: ANN401 - a generator of amounts
        for enhet, unit in self.units.items():
            for one in unit.get("cases", []):
                for month in one["months"]:
                    form = one.get("verksamhet", "grundskola")
                    yield CaseAmount(one["step"], one["decision"], enhet, form, month, _ore(one["kr"]))

    def lines(self, expected: Case) -> int:
        """Return the öre of the lines that an expectation is about."""
        return sum(
            line.amount_ore
            for line in self.allocated.lines()
            if line.enhet == expected["enhet"]
            and expected.get("step", line.step) == line.step
            and expected.get("category", line.category) == line.category
            and expected.get("period", line.period) == line.period
        )

    def paid(self, enhet: str, month: int) -> int:
        """Return the öre paid to a unit in a month, the settlement of roundings apart."""
        payments = payments_of(self.data, self.allocated.blocks, self.n)
        return sum(ore for unit, at, kind, ore in payments if (unit, at, kind) == (enhet, month, "monthly"))

    def books(self) -> list[BookLine]:
        """Return the terms of the books of the case as a budget run."""
        return budget_books(self.model, self.allocated.blocks, self.planned)


def model_of(case: Case) -> FundingModel:
    """Return the case's model, checked."""
    parts: Case = {"prices": [], "categories": ["a"], **{key: case[key] for key in PARTS if key in case}}
    year = case.get("year", 2026)
    parts.setdefault("lists", {str(year): date(year, 1, 1)})
    return paying_model(case.get("amounts", []), **parts)


def _facts(enhet: str, unit: Case) -> UnitFacts:
    return UnitFacts(
        enhet, enhet, unit.get("recipient", "egen"), tuple(unit.get("verksamheter", ())),
        landsbygd=unit.get("landsbygd", False), omrade=unit.get("omrade"),
    )  # fmt: skip


def _planned(enhet: str, unit: Case) -> list[PlannedRow]:
    rows = []
    for one in unit.get("elever", []):
        fields = RowFields(
            one.get("verksamhet", "grundskola"), one.get("arskurs"), one.get("birth_month"), _hundredths(one),
            one.get("source_category"), one.get("programme"), one.get("flags"), one.get("ground"),
            home=one.get("home", True),
        )  # fmt: skip
        rows += [PlannedRow(enhet, fields, month, one["n"], 0) for month in one.get("months", range(1, MONTHS + 1))]
    return rows


def _hundredths(one: Case) -> int | None:
    return int(read_number(one["hours"]) * 100) if "hours" in one else None


def _ore(kronor: str) -> int:
    return int(read_number(kronor) * 100)
