from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.allocation import UnitFacts, allocate, must_fit
from core.allocation.kinds.conditions import AttributeUnknownError, VariableMissingError
from core.allocation.kinds.measures import height
from core.allocation.kinds.terms import NotOverUnitsError
from core.base import CoreError, round_to
from tests.support.small_amounts import computed, every_month, measure, paying_model, run_of

if TYPE_CHECKING:
    from core.allocation import Allocated


def shown(allocated: Allocated, step: str, enhet: int = 0, period: str = "2026") -> Fraction | None:
    pair = allocated.measures[step].values.get((enhet, period))
    return None if pair is None else pair[1]


@pytest.mark.parametrize(("how", "value"), [("sum", "13"), ("product", "30"), ("min", "3"), ("max", "10")])
def test_terms_are_put_together_as_the_step_says(how: str, value: str) -> None:
    _, allocated = computed(measure("s", how=how, of=[{"category": "a"}, {"value": "3"}]))
    assert shown(allocated, "s") == Fraction(value)


def test_a_weight_multiplies_its_term_alone() -> None:
    _, allocated = computed(
        measure("s", how="sum", of=[{"category": "a", "weight": "0.5"}, {"value": "1", "weight": "-2"}])
    )
    assert shown(allocated, "s") == 3


def test_a_term_that_does_not_count_is_left_out_of_a_sum_and_takes_the_value_from_a_product() -> None:
    there, gone = {"value": "4"}, {"value": "5", "where": [{"field": "landsbygd", "=": "ja"}]}
    steps = [measure(how, how=how, of=[there, gone]) for how in ("sum", "min", "max", "product")]
    _, allocated = computed(*steps, measure("none", how="sum", of=[gone]))
    assert [shown(allocated, one) for one in ("sum", "min", "max")] == [4, 4, 4]
    assert shown(allocated, "product") is None
    assert shown(allocated, "none") is None


def test_a_unit_outside_the_step_has_no_value_and_leaves_no_trace_later() -> None:
    only = measure("only", how="sum", of=[{"value": "1"}], where=[{"field": "enhet", "=": "e1"}])
    after = measure("after", how="sum", of=[{"step": "only"}, {"value": "7"}])
    _, allocated = computed(only, after, elever=[1, 1])
    assert [shown(allocated, "only", unit) for unit in (0, 1)] == [None, 1]
    assert [shown(allocated, "after", unit) for unit in (0, 1)] == [7, 8]


def test_limits_come_before_the_rounding() -> None:
    step = measure("s", how="sum", of=[{"variable": "x"}], at_least="0", at_most="1.26", rounding={"places": 1})
    for x, value in (("-3", "0"), ("0.25", "0.3"), ("9", "1.3")):
        _, allocated = computed(step, variables={"x": {"e0": x}})
        assert shown(allocated, "s") == Fraction(value)


def test_what_is_shown_is_rounded_and_what_is_behind_is_exact_when_the_step_says_so() -> None:
    behind = measure("a1", how="sum", of=[{"value": "1.25"}], rounding={"places": 1, "where": "shown"})
    instead = measure("b1", how="sum", of=[{"value": "1.25"}], rounding={"places": 1})
    read = [
        measure(f"{one}_{on}", how="sum", of=[{"step": one, "on": on}])
        for one in ("a1", "b1")
        for on in ("hidden", "shown")
    ]
    _, allocated = computed(behind, instead, *read)
    values = {one["step"]: shown(allocated, one["step"]) for one in read}
    assert values == {
        "a1_hidden": Fraction("1.25"),
        "a1_shown": Fraction("1.3"),
        "b1_hidden": Fraction("1.3"),
        "b1_shown": Fraction("1.3"),
    }


def test_a_ratio_without_a_denominator_gives_what_the_model_says_or_nothing() -> None:
    zero, one = [{"variable": "x", "default": "0"}], [{"value": "6"}]
    said = measure("said", "ratio", numerator=one, denominator=zero, if_zero="2")
    silent = measure("silent", "ratio", numerator=one, denominator=zero)
    _, allocated = computed(said, silent)
    assert shown(allocated, "said") == 2
    assert shown(allocated, "silent") is None


def test_a_category_is_the_mean_number_of_elever_over_the_counted_months() -> None:
    model = paying_model([measure("s", how="sum", of=[{"category": "a"}])])
    _, allocated = run_of(model, [[[10, 10, 10, 10, 16, 16, 0, 0, 0, 0, 0, 0]]], through=6)
    assert shown(allocated, "s") == 12


def test_an_amount_of_another_kind_is_read_as_kronor_a_year() -> None:
    lump = {"step": "lump", "kind": "per_unit", "categories": ["a"], "amount": "1200"}
    model = paying_model([lump, measure("s", how="sum", of=[{"step": "lump"}])])
    _, allocated = run_of(model, [every_month(3)], through=7)
    assert allocated.totals == {"e0": 70_000}
    assert shown(allocated, "s") == 1200


def test_a_price_is_that_of_the_units_own_recipient() -> None:
    prices = [
        {"step": "p", "values": {"a": "100"}, "recipients": ["egen"]},
        {"step": "q", "values": {"a": "7"}},
    ]
    model = paying_model(
        [measure("s", how="sum", of=[{"price": "p", "category": "a"}, {"price": "q", "category": "a"}])], prices=prices
    )
    units = [UnitFacts("e0", "Egen", "egen"), UnitFacts("e1", "Fri", "fristaende_hemma")]
    _, allocated = run_of(model, [every_month(1), every_month(1)], units=units)
    assert [shown(allocated, "s", unit) for unit in (0, 1)] == [107, 7]


def test_a_variable_that_a_unit_lacks_is_a_fault_that_names_step_variable_unit_and_remedy() -> None:
    with pytest.raises(
        VariableMissingError, match=r"Enheten e1 saknar variabeln x, som steget s i modellen läser\. Läs in"
    ):
        computed(measure("s", how="sum", of=[{"variable": "x"}]), elever=[1, 1], variables={"x": {"e0": "1"}})
    _, allocated = computed(measure("s", how="sum", of=[{"variable": "x", "default": "5"}]))
    assert shown(allocated, "s") == 5


def test_a_word_that_nobody_can_have_is_a_fault_and_a_word_that_one_lacks_is_not() -> None:
    step = measure("s", how="sum", of=[{"value": "1"}], where=[{"field": "attribute.slag", "=": "ja"}])
    with pytest.raises(AttributeUnknownError, match="Steget s har villkor på uppgiften slag"):
        computed(step)
    _, allocated = computed(step, elever=[1, 1], words={"slag": {"e1": "ja"}})
    assert [shown(allocated, "s", unit) for unit in (0, 1)] == [None, 1]


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ({"between": ["2", "4"]}, "234"),
        ({"between": [">2", "4"]}, "34"),
        ({"between": ["2", "<4"]}, "23"),
        ({"between": ["*", "2"]}, "12"),
        ({"between": [">3", "*"]}, "45"),
        ({"=": "3,0"}, "3"),
        ({"in": ["1", "5"]}, "15"),
    ],
)  # fmt: skip
def test_a_figure_is_held_against_limits_that_are_within_or_not(condition: dict[str, Any], met: str) -> None:
    base = measure("x", how="sum", of=[{"category": "a"}])
    on_step = measure("s", how="sum", of=[{"value": "1"}], where=[{"field": "step.x", **condition}])
    on_variable = measure("v", how="sum", of=[{"value": "1"}], where=[{"field": "variable.y", **condition}])
    on_size = measure("z", how="sum", of=[{"value": "1"}], where=[{"field": "size", **condition}])
    variables = {"y": {f"e{place}": str(place + 1) for place in range(5)}}
    _, allocated = computed(base, on_step, on_variable, on_size, elever=[1, 2, 3, 4, 5], variables=variables)
    for step in ("s", "v", "z"):
        assert "".join(str(unit + 1) for unit in range(5) if shown(allocated, step, unit)) == met


def test_conditions_are_held_in_their_order_so_that_an_earlier_one_spares_a_missing_figure() -> None:
    where = [{"field": "enhet", "=": "e0"}, {"field": "variable.x", "=": "1"}]
    step = measure("s", how="sum", of=[{"value": "1"}], where=where)
    _, allocated = computed(step, elever=[1, 1], variables={"x": {"e0": "1"}})
    assert [shown(allocated, "s", unit) for unit in (0, 1)] == [1, None]


def test_a_step_is_taken_over_all_units_that_have_a_value() -> None:
    base = measure("x", how="sum", of=[{"category": "a"}], where=[{"field": "enhet", "in": ["e0", "e1", "e2"]}])
    hows = ("sum", "mean", "median", "min", "max")
    over = [measure(how, how="sum", of=[{"step": "x", "over_units": how}]) for how in hows]
    _, allocated = computed(base, *over, elever=[1, 2, 6, 100])
    for unit in range(4):
        assert [shown(allocated, how, unit) for how in hows] == [9, 3, 2, 1, 6]


def test_a_step_is_taken_over_the_units_that_share_a_word_and_a_unit_without_the_word_has_none() -> None:
    base = measure("x", how="sum", of=[{"category": "a"}])
    over = measure("s", how="sum", of=[{"step": "x", "over_units": "sum", "same": "attribute.lan"}])
    _, allocated = computed(base, over, elever=[1, 2, 6, 100], words={"lan": {"e0": "norr", "e1": "syd", "e2": "norr"}})
    assert [shown(allocated, "s", unit) for unit in range(4)] == [7, 2, 7, None]


def test_a_word_to_be_shared_that_nobody_can_have_is_a_fault() -> None:
    base = measure("x", how="sum", of=[{"category": "a"}])
    over = measure("s", how="sum", of=[{"step": "x", "over_units": "sum", "same": "attribute.lan"}])
    with pytest.raises(AttributeUnknownError, match="Steget s har villkor på uppgiften lan"):
        computed(base, over)


def test_another_units_value_is_read_when_only_that_unit_has_one() -> None:
    """An independent district gets the price of the district that it lies in."""
    own = measure(
        "pris", how="sum", of=[{"value": "5000"}, {"category": "a"}], where=[{"field": "attribute.fri", "=": "nej"}]
    )
    taken = measure("galler", how="sum", of=[{"step": "pris", "over_units": "max", "same": "attribute.ort"}])
    words = {"fri": {"e0": "nej", "e1": "ja", "e2": "nej"}, "ort": {"e0": "a", "e1": "a", "e2": "b"}}
    _, allocated = computed(own, taken, elever=[10, 20, 30], words=words)
    assert [shown(allocated, "galler", unit) for unit in range(3)] == [5010, 5010, 5030]


def test_one_units_figures_alone_do_not_stand_for_all_units() -> None:
    base = measure("x", how="sum", of=[{"category": "a"}])
    over = measure("s", how="sum", of=[{"step": "x", "over_units": "sum"}])
    data, _ = computed(base, over, elever=[1, 2])
    data.over_units = {}
    with pytest.raises(NotOverUnitsError, match="saknar värdet av x över alla enheter"):
        allocate(data)
    data.over_units = {("x", "sum", "hidden", "2026", ""): Fraction(50)}
    assert shown(allocate(data), "s") == 50


def test_an_amount_is_paid_for_the_months_counted_and_only_those_with_an_elev_when_the_step_says_so() -> None:
    steps = [
        measure("all", how="sum", of=[{"value": "1200"}], yields="amount"),
        measure("some", how="sum", of=[{"value": "1200"}], yields="amount", categories=["a"]),
    ]
    n = [[0, 0, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0]]
    _, allocated = run_of(paying_model(steps), [n], through=6)
    lines = {line.step: line for line in allocated.lines()}
    assert (lines["all"].quantity, lines["all"].amount_ore) == (Fraction(1, 2), 60_000)
    assert (lines["some"].quantity, lines["some"].amount_ore) == (Fraction(1, 4), 30_000)
    assert lines["all"].rate == 120_000
    assert lines["all"].detail == "{}"


def test_a_zero_amount_is_a_line_and_other_values_are_none() -> None:
    steps = [
        measure("zero", how="sum", of=[{"value": "0"}], yields="amount"),
        measure("seen", how="sum", of=[{"value": "1"}]),
    ]
    _, allocated = computed(*steps)
    assert [(line.step, line.amount_ore) for line in allocated.lines()] == [("zero", 0)]


def test_every_price_period_has_its_own_value() -> None:
    model = paying_model(
        [measure("s", how="product", of=[{"category": "a"}, {"price": "p", "category": "a"}], yields="amount")],
        prices=[{"step": "p", "values": {"a": {"var": "100", "host": "110"}}}],
        lists={"var": date(2026, 1, 1), "host": date(2026, 7, 1)},
    )
    _, allocated = run_of(model, [[[2] * 6 + [4] * 6]])
    assert [shown(allocated, "s", 0, period) for period in ("var", "host")] == [200, 440]
    assert [line.amount_ore for line in allocated.lines()] == [10_000, 22_000]


POINTS = [(Fraction(x), Fraction(y)) for x, y in ((0, 5), (10, 15), (10, 40), (20, 0))]


@pytest.mark.parametrize(
    ("x", "y"),
    [("-9", "5"), ("0", "5"), ("5", "10"), ("9.9", "14.9"), ("10", "40"), ("15", "20"), ("20", "0"), ("99", "0")],
)
def test_a_curve_is_level_outside_straight_between_and_jumps_at_a_double_point(x: str, y: str) -> None:
    assert height(POINTS, Fraction(x)) == Fraction(y)


FIGURES = st.fractions(min_value=-1000, max_value=1000, max_denominator=60)


@st.composite
def curves(draw: st.DrawFn, *, rising: bool = False) -> list[tuple[Fraction, Fraction]]:
    x = sorted(draw(st.sets(FIGURES, min_size=1, max_size=6)))
    y = draw(st.lists(FIGURES, min_size=len(x), max_size=len(x)))
    return list(zip(x, sorted(y) if rising else y, strict=True))


@given(curves(), FIGURES)
def test_a_curve_without_jumps_goes_through_its_points_and_stays_between_its_neighbours(
    points: list[tuple[Fraction, Fraction]], x: Fraction
) -> None:
    assert [height(points, one) for one, _ in points] == [y for _, y in points]
    assert min(y for _, y in points) <= height(points, x) <= max(y for _, y in points)
    near = Fraction(1, 10**9)
    steepest = max((abs((b[1] - a[1]) / (b[0] - a[0])) for a, b in pairwise(points)), default=Fraction(0))
    assert abs(height(points, x + near) - height(points, x)) <= steepest * near


@given(curves(rising=True), FIGURES, FIGURES)
def test_a_curve_whose_points_rise_never_falls(
    points: list[tuple[Fraction, Fraction]], a: Fraction, b: Fraction
) -> None:
    low, high = sorted((a, b))
    assert height(points, low) <= height(points, high)


@given(FIGURES, st.integers(min_value=-2, max_value=4))
def test_a_rounding_is_a_multiple_nearest_below_or_above_and_the_same_on_both_sides_of_zero(
    value: Fraction, places: int
) -> None:
    step = Fraction(10) ** -places
    for mode in ("half_up", "half_even", "down", "up"):
        rounded = round_to(value, step, mode)
        assert (rounded / step).denominator == 1
        assert round_to(-value, step, mode) == -rounded
    assert abs(round_to(value, step, "half_up") - value) <= step / 2
    assert abs(round_to(value, step, "half_even") - value) <= step / 2
    assert abs(round_to(value, step, "down")) <= abs(value) < abs(round_to(value, step, "down")) + step
    assert abs(round_to(value, step, "up")) >= abs(value) > abs(round_to(value, step, "up")) - step


def test_a_value_that_a_database_cannot_keep_is_refused_with_the_remedy() -> None:
    data, allocated = computed(
        measure("s", "ratio", numerator=[{"value": "1"}], denominator=[{"variable": "x"}]),
        variables={"x": {"e0": str(Fraction(10**19 + 1))}},
    )
    with pytest.raises(CoreError, match="avrunda ett mått med rounding"):
        must_fit(data.prices, allocated)


def test_an_amount_without_rounding_is_shown_in_whole_ore_and_is_exact_behind() -> None:
    steps = [
        measure("del", how="sum", yields="amount", of=[{"variable": "x"}]),
        measure("visat", how="sum", yields="base", of=[{"step": "del", "on": "shown"}]),
        measure("exakt", how="sum", yields="base", of=[{"step": "del"}]),
    ]
    data, allocated = computed(*steps, variables={"x": {"e0": "0.004"}})
    assert allocated.totals["e0"] == 0
    shown, exact = (allocated.measures[name].values[0, data.quantities.periods[0]] for name in ("visat", "exakt"))
    assert shown == (Fraction(0), Fraction(0))
    assert exact == (Fraction("0.004"), Fraction("0.004"))
