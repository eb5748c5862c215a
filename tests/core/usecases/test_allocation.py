"""Resursfördelning of Lillby: every amount with its tree, every tree with its öre, and what each reader sees."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.allocation import NoSuchAmountError
from core.base import DateRange, year_range
from core.usecases import allocation, imports
from core.usecases.choices import MissingDataError, NoRunError
from core.usecases.sealing import REASON
from core.usecases.views import MonthRow
from tests.support import small_figures as figures
from tests.support.small_kommun import (
    AREA_NORTH,
    AUDITOR,
    CHIEF,
    CITIZEN,
    CONTROLLER,
    ENROLMENT_HEADER,
    ENROLMENTS_2026,
    HANDLER,
    INDEX,
    INDEX_HEADER,
    KOMMUN,
    OWNER_CEDERN,
    POLITICIAN,
    REKTOR_A1,
    YEAR,
    model_text,
)

if TYPE_CHECKING:
    from core.access import Actor
    from core.base import Derivation
    from core.usecases.views import AllocationView
    from tests.support.small_kommun import Lillby

UNITS = tuple(figures.UTFALL_TOTALS)
TOTALS = {"budget": figures.BUDGET_TOTALS, "utfall": figures.UTFALL_TOTALS}


def view_of(lillby: Lillby, enhet: str, kind: str = "utfall", viewer: Actor = CONTROLLER) -> AllocationView:
    return allocation.allocation_of(lillby.app, viewer, enhet, YEAR, kind)


def tree_of(lillby: Lillby, enhet: str, key: str, kind: str = "utfall", viewer: Actor = CONTROLLER) -> Derivation:
    return allocation.derivation_of(lillby.app, viewer, enhet, lillby.runs[YEAR, kind], key)


@pytest.mark.parametrize("kind", ["budget", "utfall"])
@pytest.mark.parametrize("enhet", UNITS)
def test_the_tree_of_every_amount_of_a_unit_recomputes_to_its_ore(shared_lillby: Lillby, enhet: str, kind: str) -> None:
    view = view_of(shared_lillby, enhet, kind)
    whole = tree_of(shared_lillby, enhet, "total", kind)
    assert view.total_ore == TOTALS[kind][enhet] == whole.value * 100
    assert view.verified_hash
    for row in view.rows:
        tree = tree_of(shared_lillby, enhet, row.key, kind)
        assert tree.value * 100 == row.amount_ore, row.key
        for _, node in tree.walk():
            assert node.recompute() == node.value
            assert node.op != "leaf" or node.source is not None, node.label
    for level, parents in ((1, 0), (2, 1)):
        for parent in (one for one in view.rows if one.level == parents):
            below = [one.amount_ore or 0 for one in view.rows if one.level == level and one.parent == parent.key]
            assert sum(below) == parent.amount_ore, parent.key
    assert sum(one.amount_ore or 0 for one in view.rows if one.level == 0) == view.total_ore


def test_the_sentences_of_a_line_lead_from_the_amount_to_the_file(shared_lillby: Lillby) -> None:
    lines = tree_of(shared_lillby, "C1", "line:undervisning|gs.1_3|host").lines()
    said = "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    assert "21 000 kr" in said
    assert "63 000" in said  # 60 000 × 1,05
    assert "Juli: 1 elevmånader (elevregister, inläsning 2, enrolments_2.csv)" in said
    assert "Nämnden i Lillby" in said


def test_a_month_cites_the_deliveries_that_were_in_force_on_its_day(lillby: Lillby) -> None:
    delta = lillby.deliver(
        "enrolments",
        ENROLMENT_HEADER + "e10;B2;grundskola;4;2016-09;;;9907;2026-01-01;\n",
        DateRange(date.fromisoformat("2026-05-01"), date.fromisoformat("2026-06-01")),
        "delta",
    )
    lillby.decide(YEAR, "utfall", 10)
    said = tree_of(lillby, "B2", "line:undervisning|gs.4_6|var").lines()
    by_month = {line.strip().partition(":")[0]: line for line in said}
    assert "inläsning 2," in by_month["April"]
    assert f"inläsningarna 2, {delta.number}," in by_month["Maj"]


def test_a_budget_line_cites_the_plan(shared_lillby: Lillby) -> None:
    said = "\n".join(tree_of(shared_lillby, "B2", "line:undervisning|gs.4_6|var", "budget").lines())
    assert "planerade antal, inläsning 3, planned_counts_3.csv" in said
    assert "Planerade antal, medel av årets tolv månader" in said


def test_a_price_solved_from_a_budget_shows_the_planned_elever_it_was_divided_by(shared_lillby: Lillby) -> None:
    nodes = [node for _, node in tree_of(shared_lillby, "B1", "line:fritids|fh|var").walk()]
    assert Fraction(19, 12) in [node.value for node in nodes]
    assert Fraction(60000) in [node.value for node in nodes]


def test_a_pool_says_whether_the_index_is_the_units_own_or_the_models(shared_lillby: Lillby) -> None:
    own = next(node for _, node in tree_of(shared_lillby, "A1", "step:socio").walk() if node.label == "Index")
    default = next(node for _, node in tree_of(shared_lillby, "A3", "step:socio").walk() if node.label == "Index")
    assert own.value == 120
    assert default.value == 100
    assert own.source is not None
    assert default.source is not None
    assert (own.source.kind, default.source.kind) == ("batch", "model")
    assert view_of(shared_lillby, "A1").index == 120
    assert view_of(shared_lillby, "A1").index_mean == 100
    assert view_of(shared_lillby, "A3").index is None
    assert view_of(shared_lillby, "F1").index_mean is None


def test_the_rows_of_a_line_show_count_times_price_and_what_is_expected(shared_lillby: Lillby) -> None:
    rows = {one.key: one for one in view_of(shared_lillby, "A1").rows}
    line = rows["line:undervisning|gs.4_6|host"]
    assert (line.quantity, line.quantity_unit, line.price_ore) == (Fraction(16, 12), "elever", Fraction(7_560_000))
    assert line.label == "Årskurs 4–6 (juli–december)"
    assert line.price_unit == "kr/elev"
    assert rows["step:undervisning"].label == "Undervisning · grundskola"
    assert rows["step:nyanlanda"].expectation == "Pengarna ska ge studiehandledning."
    assert rows["step:socio"].expectation == "Pengarna ska jämna ut."
    pool = rows["line:socio|alla|var"]
    assert (pool.quantity, pool.quantity_unit) == (Fraction(240), "viktade elever")
    assert rows["line:centralt|alla|var"].quantity is None
    barn = next(one for one in view_of(shared_lillby, "F1").rows if one.key == "line:omsorg|fsk|var")
    assert (barn.quantity, barn.quantity_unit, barn.price_unit) == (Fraction(211, 365), "barn", "kr/barn")
    lump = next(one for one in view_of(shared_lillby, "A2").rows if one.key == "line:landsbygd|alla|var")
    assert (lump.quantity, lump.quantity_unit, lump.price_ore) == (Fraction(1, 2), "år", Fraction(2_400_000))


def test_the_figures_above_the_table(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "A1")
    # 20 + 28 elevmånader in grundskola, fritidshem not on top: 48 ÷ 10 månader
    assert view.elever == Fraction(48, 10)
    assert view.per_elev_ore == 13067421  # 522 696,83 kr ÷ (48 ÷ 12) = 130 674,2075
    assert view.kommun_per_elev_ore == view.per_elev_ore  # the only own unit with grundskola and fritidshem
    assert view.budget_total_ore == figures.BUDGET_TOTALS["A1"]
    assert view.remaining_months == 2
    assert view.centrally_held_ore == 549_600
    assert view.gross_ore == 52_269_683 + 549_600
    assert view.disposable_ore == 52_269_683
    # 2,5 tjänster at 40 000 kr, employer's contributions 31,42 %: 52 568 kr a month
    assert view.mean_pay_ore == 5_256_800
    assert view.posts_hundredths == 99  # 522 696,83 × 12/10 ÷ 630 816 = 0,994
    free = view_of(shared_lillby, "B1")
    assert (free.gross_ore, free.disposable_ore, free.centrally_held_ore) == (None, None, None)
    assert (free.mean_pay_ore, free.posts_hundredths) == (None, None)
    assert view_of(shared_lillby, "F1").gross_ore is None  # nothing is held
    assert view_of(shared_lillby, "F1").disposable_ore == figures.UTFALL_TOTALS["F1"]


def test_per_elev_in_the_kommun_is_over_units_alike(shared_lillby: Lillby) -> None:
    # A2 and A3 are own units with grundskola alone: 92 048,45 + 55 826,66 over 11/12 + 8/12 elev-years
    expected = round((9_204_845 + 5_582_666) / Fraction(19, 12))
    assert view_of(shared_lillby, "A2").kommun_per_elev_ore == expected
    assert view_of(shared_lillby, "A3").kommun_per_elev_ore == expected
    assert view_of(shared_lillby, "C1", "budget").kommun_per_elev_ore is None  # nobody planned there


def test_the_months_of_an_utfall_are_settled_then_preliminary(shared_lillby: Lillby) -> None:
    months = view_of(shared_lillby, "B2").months
    # the budget: 7 642,58 → 7 643 for six months, 7 970,17 → 7 970 for six, the rest in December
    assert months[0] == MonthRow(1, Fraction(1), 764_300, 764_300, 0, "settled")
    assert months[10] == MonthRow(11, None, None, 797_000, None, "preliminary")
    assert [one.status for one in months] == ["settled"] * 10 + ["preliminary"] * 2
    assert sum(one.earned_ore or 0 for one in months) == figures.UTFALL_TOTALS["B2"]
    assert sum(one.preliminary_ore or 0 for one in months) == figures.BUDGET_TOTALS["B2"]
    assert view_of(shared_lillby, "B2").remaining_ore == sum(one.preliminary_ore or 0 for one in months[10:])


def test_the_months_of_a_budget_are_all_preliminary(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "B2", "budget")
    assert {one.status for one in view.months} == {"preliminary"}
    assert sum(one.preliminary_ore or 0 for one in view.months) == view.total_ore
    assert (view.budget, view.remaining_ore, view.budget_total_ore) == (None, None, None)


def test_a_month_without_a_register_row_is_missing_not_zero(lillby: Lillby) -> None:
    without = "".join(row for row in ENROLMENTS_2026.splitlines(keepends=True) if ";B2;" not in row)
    may = DateRange(date.fromisoformat("2026-05-01"), date.fromisoformat("2026-06-01"))
    received = lillby.receive("enrolments", ENROLMENT_HEADER + without, may)
    assert received.batch is not None
    imports.accept(lillby.app, CONTROLLER, KOMMUN, received.batch.number)
    lillby.decide(YEAR, "utfall", 10)
    months = view_of(lillby, "B2").months
    assert [one.month for one in months if one.status == "missing"] == [5]
    assert (months[4].elever, months[4].earned_ore) == (None, 0)


def test_a_unit_that_opens_or_closes_is_missing_in_the_months_it_was_not_there(shared_lillby: Lillby) -> None:
    assert [one.status for one in view_of(shared_lillby, "A2").months][:10] == ["settled"] * 6 + ["missing"] * 4
    assert [one.status for one in view_of(shared_lillby, "A3").months][:10] == ["missing"] * 6 + ["settled"] * 4


def test_elevdagar_become_elever_of_the_month(shared_lillby: Lillby) -> None:
    months = view_of(shared_lillby, "F1").months
    assert months[0].elever == Fraction(31 * 12, 365)
    assert months[1].elever == Fraction(47 * 12, 365)


def test_the_year_before_stands_beside_in_the_same_months(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby, "B2")
    # 2025 had e10 all year at the same prices: 6 × 7 643 + 4 × 7 970 kr through October
    assert (view.previous_year, view.previous_total_ore, view.previous_elever) == (2025, 7_773_800, Fraction(1))
    new = view_of(shared_lillby, "A3")
    assert (new.previous_year, new.previous_total_ore, new.previous_elever) == (None, None, None)
    first = allocation.allocation_of(shared_lillby.app, CONTROLLER, "B2", 2025)
    assert first.previous_year is None
    assert first.total_ore == 9_367_650  # what the budget of 2026 plans for the same elev


def test_years_and_kinds_are_those_with_a_decided_run_that_holds_the_unit(shared_lillby: Lillby) -> None:
    assert allocation.years_of(shared_lillby.app, CONTROLLER, "B2") == (2026, 2025)
    assert allocation.years_of(shared_lillby.app, CONTROLLER, "A3") == (2026,)
    assert allocation.years_of(shared_lillby.app, CONTROLLER, "Z9") == ()
    assert allocation.kinds_of(shared_lillby.app, CONTROLLER, "B2", 2026) == ("utfall", "budget")
    assert allocation.kinds_of(shared_lillby.app, CONTROLLER, "B2", 2027) == ()


def test_a_rektor_sees_decided_runs_only(undecided_lillby: Lillby) -> None:
    lillby = undecided_lillby
    run = lillby.allocate(YEAR, "budget").number
    for state in ("checked", "decided"):
        for viewer in (REKTOR_A1, CONTROLLER):
            with pytest.raises(NoRunError, match=r"Inga beslut för 2026 än\. Inget år är beslutat än\."):
                allocation.allocation_of(lillby.app, viewer, "A1", YEAR)
        with pytest.raises(NoRunError):
            allocation.derivation_of(lillby.app, REKTOR_A1, "A1", run, "total")
        assert allocation.derivation_of(lillby.app, CONTROLLER, "A1", run, "total").value == Fraction(60148620, 100)
        lillby.move(run, state)
    assert allocation.allocation_of(lillby.app, REKTOR_A1, "A1", YEAR).run.number == run
    assert allocation.derivation_of(lillby.app, REKTOR_A1, "A1", run, "total").value == Fraction(60148620, 100)


def test_the_newest_published_run_stands_before_a_newer_decided_one(lillby: Lillby) -> None:
    lillby.move(2, "published")
    newer = lillby.decide(YEAR, "utfall", 9)
    assert view_of(lillby, "A1").run.number == 2
    lillby.move(newer.number, "published")
    assert view_of(lillby, "A1").run.number == newer.number
    # the tree of the superseded run can still be opened
    tree = allocation.derivation_of(lillby.app, REKTOR_A1, "A1", 2, "total")
    assert tree.value * 100 == figures.UTFALL_TOTALS["A1"]


def test_a_year_without_a_run_says_which_is_the_latest(shared_lillby: Lillby) -> None:
    with pytest.raises(NoRunError, match=r"Inga beslut för 2027 än\. Senaste beslut: 2026\.") as found:
        allocation.allocation_of(shared_lillby.app, REKTOR_A1, "A1", 2027)
    assert (found.value.year, found.value.latest_year) == (2027, 2026)
    with pytest.raises(NoRunError) as found:
        allocation.allocation_of(shared_lillby.app, REKTOR_A1, "A1", 2027, "budget")
    assert found.value.latest_year == 2026


def test_a_unit_or_an_amount_that_is_not_there_is_said_so(shared_lillby: Lillby) -> None:
    with pytest.raises(MissingDataError, match="A3 finns inte i körningen för 2025"):
        allocation.allocation_of(shared_lillby.app, CONTROLLER, "A3", 2025)
    for key in ("step:okant", "line:undervisning|gs.1_3|2031", "dim:individ", "nonsens"):
        with pytest.raises(NoSuchAmountError):
            tree_of(shared_lillby, "F1", key)


def test_a_changed_line_shows_that_it_is_not_the_frozen_one(lillby: Lillby) -> None:
    with lillby.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE allocation_line SET amount_ore = amount_ore + 1, before_ore = before_ore + 1 "
            "WHERE run = 2 AND enhet = 'B2' AND step = 'lokal' AND period = 'var'"
        )
    assert not view_of(lillby, "B2").verified_hash
    assert view_of(lillby, "B1").verified_hash


# --- what may point out an elev: A1 has two decisions on support, fewer than five; B1 has five

SEALED_FOR = (POLITICIAN, CITIZEN)
A1_WITHOUT = figures.UTFALL_TOTALS["A1"] - 10_000_000


@pytest.mark.parametrize("viewer", [CONTROLLER, CHIEF, HANDLER, AUDITOR, REKTOR_A1, AREA_NORTH])
def test_who_may_see_individual_support_sees_it(shared_lillby: Lillby, viewer: Actor) -> None:
    rows = {one.key: one for one in view_of(shared_lillby, "A1", viewer=viewer).rows}
    assert rows["dim:individ"].amount_ore == 10_000_000
    assert tree_of(shared_lillby, "A1", "dim:individ", viewer=viewer).value == 100_000
    note = next(node.note for _, node in tree_of(shared_lillby, "A1", "step:stod", viewer=viewer).walk() if node.note)
    assert note == "Högst 2 beslut i en månad."


@pytest.mark.parametrize("viewer", SEALED_FOR)
def test_support_on_few_decisions_is_nowhere_in_what_others_see(shared_lillby: Lillby, viewer: Actor) -> None:
    view = view_of(shared_lillby, "A1", viewer=viewer)
    shown = [one for one in view.rows if one.level == 0]
    (sealed,) = [one for one in shown if one.sealed]
    assert (sealed.key, sealed.amount_ore, sealed.per_elev_ore, sealed.sealed) == ("dim:individ", None, None, REASON)
    assert not any("stod" in one.key for one in view.rows)
    assert view.total_ore == A1_WITHOUT == sum(one.amount_ore or 0 for one in shown)
    assert view.disposable_ore == A1_WITHOUT
    # whatever is computed on the whole sum would give it back
    assert (view.budget_total_ore, view.previous_total_ore, view.kommun_per_elev_ore, view.remaining_ore) == (None,) * 4
    assert all(one.earned_ore is None and one.preliminary_ore is None for one in view.months)
    assert view.per_elev_ore == round(Fraction(A1_WITHOUT, 4))
    assert tree_of(shared_lillby, "A1", "total", viewer=viewer).value * 100 == A1_WITHOUT
    for key in ("dim:individ", "step:stod", "line:stod|grundskola|var"):
        with pytest.raises(ForbiddenError, match="för få beslut"):
            tree_of(shared_lillby, "A1", key, viewer=viewer)
    with pytest.raises(NoSuchAmountError):
        tree_of(shared_lillby, "A1", "step:okant", viewer=viewer)


@pytest.mark.parametrize("viewer", SEALED_FOR)
def test_support_on_five_decisions_is_shown_as_a_sum(shared_lillby: Lillby, viewer: Actor) -> None:
    view = view_of(shared_lillby, "B1", viewer=viewer)
    assert view.total_ore == figures.UTFALL_TOTALS["B1"]
    assert next(one.amount_ore for one in view.rows if one.key == "dim:individ") == 3_000_000


@pytest.mark.parametrize("viewer", SEALED_FOR)
def test_a_mean_over_units_alike_does_not_give_a_neighbours_support_away(lillby: Lillby, viewer: Actor) -> None:
    # with A1's support moved to A2, A2 and A3 are the only two alike: the mean less A3 would give A2's support
    text = "steg;enhet;verksamhet;manad;antal_beslut;belopp_kr\nstod;A2;grundskola;2026-02;1;7000\n"
    lillby.deliver("given_amounts", text, DateRange(date.fromisoformat("2026-01-01"), date.fromisoformat("2027-01-01")))
    lillby.decide(YEAR, "utfall", 10)
    a2, a3 = view_of(lillby, "A2", viewer=viewer), view_of(lillby, "A3", viewer=viewer)
    assert a2.total_ore == figures.UTFALL_TOTALS["A2"]
    assert a3.kommun_per_elev_ore == round((a2.total_ore + a3.total_ore) / Fraction(19, 12))


@pytest.mark.parametrize("viewer", SEALED_FOR)
def test_a_year_with_many_decisions_does_not_give_away_one_with_few(lillby: Lillby, viewer: Actor) -> None:
    # the utfall rests on nine decisions, the budget beside it still on two
    text = "steg;enhet;verksamhet;manad;antal_beslut;belopp_kr\nstod;A1;grundskola;2026-02;9;90000\n"
    lillby.deliver("given_amounts", text, DateRange(date.fromisoformat("2026-01-01"), date.fromisoformat("2027-01-01")))
    lillby.decide(YEAR, "utfall", 10)
    view, budget = view_of(lillby, "A1", viewer=viewer), view_of(lillby, "A1", "budget", viewer=viewer)
    assert next(one.amount_ore for one in view.rows if one.key == "dim:individ") == 9_000_000
    assert budget.total_ore == figures.BUDGET_TOTALS["A1"] - 12_000_000
    assert view.budget_total_ore in {None, budget.total_ore}
    assert all(one.preliminary_ore is None for one in view.months)
    assert view.remaining_ore is None


@pytest.mark.parametrize("viewer", [REKTOR_A1, AREA_NORTH, OWNER_CEDERN])
def test_a_unit_that_is_not_the_viewers_is_forbidden(shared_lillby: Lillby, viewer: Actor) -> None:
    with pytest.raises(ForbiddenError):
        view_of(shared_lillby, "F1", viewer=viewer)
    with pytest.raises(ForbiddenError):
        tree_of(shared_lillby, "F1", "total", viewer=viewer)


def test_a_huvudman_sees_its_own_unit_with_its_support(shared_lillby: Lillby) -> None:
    assert view_of(shared_lillby, "B1", viewer=OWNER_CEDERN).total_ore == figures.UTFALL_TOTALS["B1"]
    assert tree_of(shared_lillby, "B1", "total", viewer=OWNER_CEDERN).value * 100 == figures.UTFALL_TOTALS["B1"]


def test_a_run_speaks_in_the_words_of_the_model_it_froze(lillby: Lillby) -> None:
    newer = model_text().replace("label: Undervisning\n", "label: Lärartid\n")
    lillby.deliver(imports.MODEL, newer, DateRange(date.fromisoformat("2026-01-01"), date.fromisoformat("2027-01-01")))
    assert next(one.label for one in view_of(lillby, "B2").rows if one.key == "step:undervisning").startswith("Underv")
    lillby.decide(YEAR, "utfall", 10)
    assert next(one.label for one in view_of(lillby, "B2").rows if one.key == "step:undervisning").startswith(
        "Lärartid"
    )


def test_the_mean_of_an_index_is_what_its_file_says(undecided_lillby: Lillby) -> None:
    undecided_lillby.deliver("index", INDEX_HEADER + INDEX.replace(";100;elev;", ";98,5;elev;"), year_range(YEAR))
    undecided_lillby.decide(YEAR, "budget")
    view = allocation.allocation_of(undecided_lillby.app, CONTROLLER, "A1", YEAR, "budget")
    assert (view.index, view.index_mean) == (Fraction(120), Fraction(197, 2))
