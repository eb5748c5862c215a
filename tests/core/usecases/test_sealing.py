"""When individual support is left out, and of which sums: on lines made up for the purpose."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.allocation import Line
from core.parameters import load_model
from core.usecases.sealing import cases_of, individual_steps, may_see_support, seal_for, support_within
from tests.support.reaching import PEEK
from tests.support.small_kommun import CITIZEN, CONTROLLER, KOMMUN, REKTOR_A1, model_text

if TYPE_CHECKING:
    from tests.support.small_kommun import Lillby

TODAY = date(2026, 11, 22)
MODEL = load_model(
    model_text().replace(
        "books:",
        "  - {step: stod_adm, kind: markup, label: Moms, kostnadsslag: mervardesskatt, of: [stod], "
        'rate: "0.03", reference: *beslut}\n'
        "  - {step: stod_moms, kind: markup, label: Moms, kostnadsslag: mervardesskatt, of: [stod_adm], "
        'rate: "0.06", reference: *beslut}\nbooks:',
    ),
    "lillby.yaml",
)


def line(step: str, dimension: str = "individ", kind: str = "given", **values: Any) -> Line:  # noqa: ANN401 - a column
    zero: dict[str, Any] = dict.fromkeys(Line.__slots__, 0)
    texts = {"enhet": "A1", "category": "grundskola", "period": "var", "recipient": "egen", "source": "{}"}
    numbers = {"quantity_den": 1, "rate_den": 1, "factor_den": 1, "amount_ore": 100}
    return Line(
        **zero | texts | numbers | {"step": step, "dimension": dimension, "kind": kind, "detail": "{}"} | values
    )


def decided(n: int, **values: Any) -> Line:  # noqa: ANN401 - a column
    return line("stod", detail=f'{{"decisions":{n}}}', **values)


BAS = line("undervisning", "bas", "per_elev")


@pytest.mark.parametrize(("decisions", "sealed"), [(0, True), (4, True), (5, False), (50, False)])
def test_fewer_than_five_decisions_are_left_out(decisions: int, sealed: bool) -> None:  # noqa: FBT001 - a case
    seal = seal_for(MODEL, [BAS, decided(decisions)], TODAY, may_see=False)
    assert bool(seal) is sealed
    assert [one.step for one in seal.visible([BAS, decided(decisions)])] == (
        ["undervisning"] if sealed else ["undervisning", "stod"]
    )


def test_many_decisions_about_few_elever_are_left_out_too() -> None:
    cases = line("tillagg", kind="case_amounts", detail='{"decisions":9,"elever":4}')
    assert cases_of([cases]) == 4
    assert seal_for(MODEL, [cases], TODAY, may_see=False)


def test_a_run_that_does_not_stand_for_its_year_is_shown_without_support_however_many_it_rests_on() -> None:
    assert seal_for(MODEL, [BAS, decided(50)], TODAY, may_see=False, stands=False)
    assert not seal_for(MODEL, [BAS, decided(50)], TODAY, may_see=True, stands=False)
    assert not seal_for(MODEL, [BAS], TODAY, may_see=False, stands=False)


def test_who_may_see_is_spared_nothing_and_who_has_none_has_nothing_to_hide() -> None:
    assert not seal_for(MODEL, [BAS, decided(1)], TODAY, may_see=True)
    assert not seal_for(MODEL, [BAS], TODAY, may_see=False)


def test_the_smallest_sum_that_is_shown_by_itself_decides() -> None:
    assert cases_of([decided(9), decided(3, category="forskola")]) == 3
    assert cases_of([decided(9), decided(3, period="host")]) == 3  # each period stands on a row of its own
    assert cases_of([line("tillagg", kind="per_elev", quantity_num=7, quantity_den=2)]) == 3
    assert cases_of([line("paslag", kind="markup")]) == 0


def test_what_is_computed_on_support_goes_with_it_step_by_step() -> None:
    assert individual_steps(MODEL) == {"stod", "stod_adm", "stod_moms"}
    lines = [BAS, decided(1), line("stod_adm", "bas", "markup"), line("stod_moms", "bas", "markup")]
    assert seal_for(MODEL, lines, TODAY, may_see=False).visible(lines) == [BAS]


def test_a_sum_over_units_hides_only_those_whose_support_it_would_give_away(shared_lillby: Lillby) -> None:
    with shared_lillby.app.reading(PEEK) as work:
        run = work.runs.get(KOMMUN, 2)
        units = work.runs.units(KOMMUN, 2)
        model = load_model(run.model_text, "x")
        assert may_see_support(REKTOR_A1, KOMMUN, units[0])
        assert not may_see_support(REKTOR_A1, KOMMUN, units[1])
        nothing = support_within(work, run, model, units, CONTROLLER, TODAY)
        assert (nothing.hidden, nothing.secret_ore, nothing.lines) == ({}, 0, ())
        citizen = support_within(work, run, model, units, CITIZEN, TODAY)
        assert citizen.hidden == {unit.enhet: 0 for unit in units} | {"A1": 10_000_000, "B1": 3_000_000}
        assert citizen.secret == {"A1": 10_000_000}
        rektor = support_within(work, run, model, units, REKTOR_A1, TODAY)
        assert (rektor.hidden["B1"], "A1" in rektor.hidden, rektor.secret_ore) == (3_000_000, False, 0)
