"""Who is disqualified in a unit or by a huvudman takes no part in what is decided or paid there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import Month
from core.usecases import decision_reading, decisions, payment_reading, payments, recoveries
from tests.support.small_kommun import CEDERN, CHIEF, CONTROLLER, KOMMUN, YEAR, actor, grant

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
