"""Who is disqualified in a unit or by a huvudman takes no part in what is decided or paid there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import Month, year_range
from core.usecases import decision_reading, decisions, imports, payment_reading, payments, recoveries, runs
from core.usecases.hands import same_hands
from tests.support.small_kommun import (
    CEDERN,
    CHIEF,
    CONTROLLER,
    GIVEN_HEADER,
    HANDLER,
    KOMMUN,
    REKTOR_A1,
    UNITS,
    YEAR,
    actor,
    grant,
    model_text,
)

if TYPE_CHECKING:
    from core.access import Actor, Grant
    from tests.support.small_kommun import Lillby

DECIDING = decisions.Deciding(body="Nämnden", on=date(2026, 1, 15), paragraph="§ 1")
OWN_OF_CEDERN = "B1"
TIES = {
    "in the unit": grant("jav", "enhet", OWN_OF_CEDERN),
    "by the huvudman": grant("jav", "huvudman", CEDERN),
}
ELSEWHERE = grant("jav", "enhet", "C1")


def tied(colleague: Actor, tie: Grant) -> Actor:
    return actor(*colleague.roles, tie)


@pytest.mark.parametrize("tie", list(TIES))
def test_nobody_prepares_or_decides_on_the_grant_of_a_huvudman_they_are_tied_to(lillby: Lillby, tie: str) -> None:
    budget = lillby.runs[YEAR, "budget"]
    with pytest.raises(ForbiddenError, match="jävig"):
        decisions.prepare(lillby.app, tied(CONTROLLER, TIES[tie]), KOMMUN, budget, CEDERN)
    number = decisions.prepare(lillby.app, CONTROLLER, KOMMUN, budget, CEDERN)
    assert not decision_reading.decision_view(lillby.app, tied(CHIEF, TIES[tie]), number).may_decide
    assert decision_reading.decision_view(lillby.app, CHIEF, number).may_decide
    with pytest.raises(ForbiddenError, match="jävig"):
        decisions.decide(lillby.app, tied(CHIEF, TIES[tie]), KOMMUN, number, DECIDING)
    decisions.decide(lillby.app, tied(CHIEF, ELSEWHERE), KOMMUN, number, DECIDING)
    with pytest.raises(ForbiddenError, match="jävig"):
        decisions.deliver(lillby.app, tied(CONTROLLER, TIES[tie]), KOMMUN, number, DECIDING.on, "brev")


@pytest.mark.parametrize("tie", list(TIES))
def test_nobody_approves_a_payment_to_a_unit_they_are_tied_to(lillby: Lillby, tie: str) -> None:
    number = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    assert not payment_reading.payment_view(lillby.app, tied(CHIEF, TIES[tie]), number).may_approve
    assert payment_reading.payment_view(lillby.app, CHIEF, number).may_approve
    with pytest.raises(ForbiddenError, match="jävig"):
        payments.approve(lillby.app, tied(CHIEF, TIES[tie]), KOMMUN, number)
    payments.approve(lillby.app, tied(CHIEF, grant("jav", "enhet", "Z9")), KOMMUN, number)


@pytest.mark.parametrize("tie", list(TIES))
def test_nobody_proposes_or_decides_on_a_recovery_from_a_unit_they_are_tied_to(lillby: Lillby, tie: str) -> None:
    payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    payments.approve(lillby.app, CHIEF, KOMMUN, 1)

    def propose(viewer: Actor) -> int:
        return recoveries.propose(
            lillby.app, viewer, KOMMUN, OWN_OF_CEDERN, amount_ore=100, months=1, first_month=Month(YEAR, 2),
            reason="fel",
        )  # fmt: skip

    with pytest.raises(ForbiddenError, match="jävig"):
        propose(tied(CONTROLLER, TIES[tie]))
    number = propose(tied(CONTROLLER, ELSEWHERE))
    with pytest.raises(ForbiddenError, match="jävig"):
        recoveries.decide(lillby.app, tied(CHIEF, TIES[tie]), KOMMUN, number, "§ 1", DECIDING.on)
    with pytest.raises(ForbiddenError, match="jävig"):
        recoveries.withdraw(lillby.app, tied(CONTROLLER, TIES[tie]), KOMMUN, number)
    recoveries.decide(lillby.app, tied(CHIEF, ELSEWHERE), KOMMUN, number, "§ 1", DECIDING.on)


def delivered(lillby: Lillby, kind: str, text: str, mode: str = "snapshot") -> int:
    received = lillby.receive(kind, text, year_range(YEAR), mode)
    assert received.batch is not None
    return received.batch.number


def support_of(enhet: str) -> str:
    return f"{GIVEN_HEADER}stod;{enhet};grundskola;{YEAR}-03;1;9000\n"


@pytest.mark.parametrize("tie", list(TIES))
def test_nobody_accepts_turns_down_or_takes_out_a_delivery_about_a_unit_they_are_tied_to(
    lillby_on_both: Lillby, tie: str
) -> None:
    app, me = lillby_on_both.app, tied(CONTROLLER, TIES[tie])
    number = delivered(lillby_on_both, "given_amounts", support_of(OWN_OF_CEDERN))
    with pytest.raises(ForbiddenError, match="jävig"):
        imports.accept(app, me, KOMMUN, number)
    with pytest.raises(ForbiddenError, match="jävig"):
        imports.reject(app, me, KOMMUN, number, "fel")
    imports.accept(app, tied(CONTROLLER, ELSEWHERE), KOMMUN, number)  # it takes the place of one about A1 and B1
    with pytest.raises(ForbiddenError, match="jävig"):
        imports.revert(app, me, KOMMUN, number, "fel")


def test_a_delivery_that_leaves_a_unit_out_is_about_it_too(lillby: Lillby) -> None:
    me = tied(CONTROLLER, TIES["in the unit"])
    without = delivered(lillby, "given_amounts", support_of("A1"))  # in place of one that gave B1 something
    with pytest.raises(ForbiddenError, match="jävig"):
        imports.accept(lillby.app, me, KOMMUN, without)
    beside = delivered(lillby, "given_amounts", support_of("A1"), "delta")
    imports.accept(lillby.app, me, KOMMUN, beside)


def test_a_delivery_about_other_units_or_about_no_unit_is_for_anybody_with_the_role(lillby: Lillby) -> None:
    me = tied(CONTROLLER, grant("jav", "enhet", "F1"))
    assert "F1" not in support_of("A1")
    imports.accept(lillby.app, me, KOMMUN, delivered(lillby, "given_amounts", support_of("A1")))
    model = delivered(lillby, imports.MODEL, model_text().replace("Gemensamt", "Centralt"))
    imports.accept(lillby.app, tied(CONTROLLER, TIES["by the huvudman"]), KOMMUN, model)


def test_whoever_owns_a_unit_before_or_after_a_delivery_has_an_interest_in_it(lillby: Lillby) -> None:
    with lillby.app.reading(CONTROLLER) as work:
        newest = work.batches.in_force(KOMMUN, "units", [date(YEAR, 12, 31)])[date(YEAR, 12, 31)]
        old = {one.enhet: one.huvudman for one in work.facts.units(KOMMUN, newest)}
    assert old[OWN_OF_CEDERN] == CEDERN
    moved = UNITS.replace(CEDERN, "999907-0045")
    number = delivered(lillby, "units", moved)
    for huvudman in (CEDERN, "999907-0045"):
        with pytest.raises(ForbiddenError, match="jävig"):
            imports.accept(lillby.app, tied(CONTROLLER, grant("jav", "huvudman", huvudman)), KOMMUN, number)


@pytest.mark.parametrize("tie", list(TIES))
def test_nobody_takes_a_run_further_that_gives_a_unit_they_are_tied_to_something(lillby: Lillby, tie: str) -> None:
    draft = lillby.allocate(YEAR, "utfall", 10).number
    me = tied(CHIEF, TIES[tie])
    with pytest.raises(ForbiddenError, match="jävig"):
        runs.set_state(lillby.app, me, KOMMUN, draft, "checked")
    runs.set_state(lillby.app, tied(CHIEF, grant("jav", "enhet", "Z9")), KOMMUN, draft, "checked")
    with pytest.raises(ForbiddenError, match="jävig"):
        runs.set_state(lillby.app, me, KOMMUN, draft, "decided", "Nämnden § 1")
    assert runs.allocate(lillby.app, tied(CONTROLLER, TIES[tie]), KOMMUN, YEAR, "utfall", 10).state == "draft"


def test_that_the_same_person_delivered_and_accepted_is_told_by_the_chain_and_not_by_names(lillby: Lillby) -> None:
    namesake = replace(CONTROLLER, display_name=HANDLER.display_name)
    number = delivered(lillby, "given_amounts", support_of("A1"))  # by the handler
    assert not same_hands(lillby.app, CHIEF, number)  # nobody has answered it
    imports.accept(lillby.app, namesake, KOMMUN, number)
    assert not same_hands(lillby.app, CHIEF, number)
    both = actor(*HANDLER.roles, grant("controller"))
    assert both.subject == HANDLER.subject
    number = delivered(lillby, "given_amounts", support_of("A2"))
    imports.accept(lillby.app, both, KOMMUN, number)
    assert same_hands(lillby.app, CHIEF, number)
    with pytest.raises(ForbiddenError):
        same_hands(lillby.app, REKTOR_A1, number)
