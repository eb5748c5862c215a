"""The counting rules of the registry as cases: counted by the database, and once more row by row in plain Python."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.parameters import load_holidays
from core.register import Classifier, Counter, CountPlan, CountQuery, Counts, RowFields, count_plans
from core.register.plain import PlainSpell, counted_days
from core.store.work import UnitOfWork
from tests.core.store.rows import KOMMUN, accepted, enrol, enrolment, lindvik
from tests.support.models import cases
from tests.support.reaching import EVERYWHERE
from tests.support.small_amounts import paying_model

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from core.parameters import FundingModel

UNITS = ("e1", "e2")
Months = dict[str, list[int]]


def model_of(case: dict[str, Any]) -> FundingModel:
    category = {"category": "a", "verksamhet": case.get("verksamhet", "grundskola"), "where": case.get("where", [])}
    category |= case.get("category", {})
    return paying_model([], counting=[{"rule": "r", **case["counting"]}], categories=[category])


def rows_of(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the case's rows with their defaults, each of an elev of its own unless it says whose."""
    defaults = {"enhet": "e1", "to": None, "hemkommun": KOMMUN}
    return [{**defaults, "elev": f"elev {place}", **one} for place, one in enumerate(case["rows"])]


def by_the_database(engine: Engine, case: dict[str, Any], model: FundingModel, plan: CountPlan) -> Months:
    counts = Counts.empty(UNITS, ["a"], ["r"], [plan.divisor], case.get("through", 12))
    counter = Counter(counts, model.categories, case.get("own", []), model.year)
    verksamhet = case.get("verksamhet", "grundskola")
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        batch = accepted(work, period_from=date(2025, 1, 1))
        enrol(work, [
            enrolment(
                batch, place, one["elev"], one["enhet"], str(one["from"]), one["to"] and str(one["to"]),
                verksamhet=verksamhet, hemkommun=one["hemkommun"], hours=one.get("hours"),
                birth_month=one.get("birth_month", 201603),
            )
            for place, one in enumerate(rows_of(case), start=2)
        ])  # fmt: skip
        query = CountQuery(
            KOMMUN, batch, (), plan.days, plan.verksamheter, plan.fields, every_day=plan.every_day,
            august_year=plan.august_year,
        )  # fmt: skip
        counter.add(plan, 0, work.count(query))
    counts = counter.finish()
    return {enhet: counts.n[place, 0].tolist() for place, enhet in enumerate(UNITS)}


def by_hand(case: dict[str, Any], model: FundingModel, plan: CountPlan) -> Months:
    months: Months = {enhet: [0] * 12 for enhet in UNITS}
    elever: dict[str, list[dict[str, Any]]] = {}
    for one in rows_of(case):
        elever.setdefault(one["elev"], []).append(one)
    for rows in elever.values():
        spells = [PlainSpell(one["enhet"], one["from"], one["to"]) for one in rows]
        for one, days in zip(rows, counted_days(spells, plan.days, plan.august_year), strict=True):
            ours = one["hemkommun"] == KOMMUN or one["enhet"] in case.get("own", [])
            fields = RowFields(
                case.get("verksamhet", "grundskola"), "4", one.get("birth_month", 201603), one.get("hours"), None,
                None, None, None, home=one["hemkommun"] == KOMMUN,
            )  # fmt: skip
            segments = Classifier(model.categories, model.year, plan.months).segments(fields)
            for month, (low, high) in plan.spans.items():
                months[one["enhet"]][month - 1] += sum(
                    ours and day in days and first <= plan.month_of(day) < after
                    for day in plan.days[low:high]
                    for _, first, after in segments
                )
    return months


@pytest.mark.parametrize("case", cases("rules/counting"), ids=lambda case: case["name"])
def test_a_counting_rule_counts_what_was_counted_by_hand(engine: Engine, case: dict[str, Any]) -> None:
    model = model_of(case)
    (plan,) = count_plans(model, case.get("through", 12), load_holidays())
    expect = {enhet: [0] * 12 for enhet in UNITS} | case["expect"]
    assert by_the_database(engine, case, model, plan) == expect
    assert by_hand(case, model, plan) == expect
