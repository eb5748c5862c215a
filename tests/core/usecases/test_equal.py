"""Lika villkor on Lillby: what its model gives only some, and what each reader may know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.usecases import equal
from core.usecases.choices import NoRunError
from tests.support.small_kommun import CITIZEN, CONTROLLER, EVERYONE, STRANGER, YEAR

if TYPE_CHECKING:
    from core.usecases.equal_views import EqualView, EqualYear
    from tests.support.small_kommun import Lillby


def view_of(lillby: Lillby, kind: str = "utfall") -> EqualView:
    return equal.equal_view(lillby.app, CONTROLLER, YEAR, kind)


def year_of(view: EqualView, recipient: str) -> EqualYear:
    return next(one for one in view.years if one.recipient == recipient)


def test_lillbys_pool_for_some_is_found_and_its_lawful_differences_are_not(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby)
    assert [(one.code, one.recipient, one.steps) for one in view.findings if one.code != "index"] == [
        ("steg", "fristaende_annan", ("socio",)),
        ("steg", "annan_kommun", ("socio",)),
    ]
    codes = {step.code for one in view.elever for step in one.steps}
    assert codes == {"mervardesskatt", "administration"}


def test_what_the_finding_is_worth_is_the_elever_at_the_pools_price(shared_lillby: Lillby) -> None:
    """B2 has one elev all year: index 100 by default. var: 50 000 / 402,5 × 100 × 6/12; host: see the other figures.

    var: 50 000 × 50 / 402,5 = 6 211,18; host: 33 333,33 × (4/12 × 100) / (16 666,66… / 100 …) = the price of an elev
    with index 100, which A3 has: 6 666,66 for 8/12 elev-years, so 3 333,33 for 4/12.
    """
    view = view_of(shared_lillby)
    finding = next(one for one in view.findings if one.recipient == "fristaende_annan" and one.code == "steg")
    assert finding.yearly_ore == -(621_118 + 333_333)
    assert finding.enheter == 1
    assert finding.law.title == "skollagen (2010:800) 10 kap. 37 §"


def test_every_recipients_year_adds_up_and_its_lawful_steps_are_named(shared_lillby: Lillby) -> None:
    view = view_of(shared_lillby)
    for one in view.years:
        assert one.as_own_ore + one.explained_ore + one.unexplained_ore == one.as_is_ore
    cedern = {step.step: step.code for step in year_of(view, "fristaende_hemma").steps}
    assert cedern == {
        "adm": "administration",
        "moms": "mervardesskatt",
        "socio_moms": "mervardesskatt",
        "centralt": "centralt",
    }


def test_who_may_not_see_individual_support_gets_sums_without_it_and_few_units_no_secret_index(
    shared_lillby: Lillby,
) -> None:
    whole, shown = view_of(shared_lillby), equal.equal_view(shared_lillby.app, CITIZEN, YEAR)
    for recipient in ("fristaende_hemma", "fristaende_annan"):
        mine, theirs = year_of(whole, recipient), year_of(shown, recipient)
        assert theirs.as_is_ore < mine.as_is_ore or recipient == "fristaende_annan"
        assert {"socio", "socio_moms"}.isdisjoint(step.step for step in theirs.steps)
        assert theirs.as_own_ore + theirs.explained_ore + theirs.unexplained_ore == theirs.as_is_ore
    finding = next(one for one in shown.findings if one.recipient == "fristaende_annan")
    assert (finding.yearly_ore, finding.per_elev_ore, finding.is_sealed) == (None, None, True)


def test_everybody_in_the_kommun_may_ask_and_nobody_else(shared_lillby: Lillby) -> None:
    for viewer in EVERYONE:
        if viewer is STRANGER:
            with pytest.raises(NoRunError):  # of their own kommun, which has nothing
                equal.equal_view(shared_lillby.app, viewer, YEAR)
            continue
        assert equal.equal_years(shared_lillby.app, viewer) == (2026, 2025)
        assert equal.equal_kinds(shared_lillby.app, viewer, YEAR) == ("utfall", "budget")
        assert equal.equal_view(shared_lillby.app, viewer, YEAR).findings


def test_a_role_without_the_action_is_refused(shared_lillby: Lillby) -> None:
    from tests.support.small_kommun import actor, grant

    nobody = actor(grant("jav", "enhet", "A1"))
    for ask in (equal.equal_years, lambda app, who: equal.equal_view(app, who, YEAR)):
        with pytest.raises(ForbiddenError):
            ask(shared_lillby.app, nobody)


def test_a_year_without_a_decision_says_which_is_the_latest(shared_lillby: Lillby) -> None:
    with pytest.raises(NoRunError, match="2026"):
        equal.equal_view(shared_lillby.app, CONTROLLER, 2031)


def test_a_sentence_says_what_for_whom_and_how_much(shared_lillby: Lillby) -> None:
    finding = view_of(shared_lillby).findings[0]
    assert finding.sentence == (
        "Socioekonomi, grundskola: ges inte lika till fristående enhet i annan kommun som till egna enheter, "
        "9\u00a0544,51\u00a0kr mindre på året."
    )
    assert "unequal_because" in finding.remedy
