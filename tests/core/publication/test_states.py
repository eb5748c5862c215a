"""Every step of decisions, payments and recoveries is allowed by the case table or refused with a reason."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.base import CoreError, Recipient
from core.publication import decision as decisions
from core.publication import payment as payments
from core.publication import recovery as recoveries
from core.publication.decision import DecisionForm, DecisionStanding, DecisionState, form_of
from core.publication.payment import PaymentState, SameEyesError
from core.publication.recovery import RecoveryState
from tests.support.cases import cases

if TYPE_CHECKING:
    from enum import StrEnum

TABLES = cases("publication/states")
DAY = date(2026, 1, 7)


def decision_steps(one: DecisionStanding) -> dict[DecisionState, Any]:
    """Return, by the state it leads to, each step that can be asked of a decision."""
    return {
        DecisionState.DECIDED: lambda: decisions.decide(one, body="Nämnden", paragraph="§ 1", by="b"),
        DecisionState.DELIVERED: lambda: (
            decisions.upheld(one, outcome="dom")
            if one.state is DecisionState.APPEALED
            else decisions.deliver(one, on=DAY, how="brev")
        ),
        DecisionState.APPEALED: lambda: decisions.appeal(one, received_on=DAY),
        DecisionState.CHANGED: lambda: decisions.change(one, outcome="dom", old={"A": 1}, new={"A": 2}),
        DecisionState.REPLACED: lambda: decisions.replace(one),
    }


def step(machine: str, before: str, after: str) -> StrEnum:
    """Take the step; raises ``CoreError`` when it is refused."""
    if machine == "payment":
        return payments.moved(1, PaymentState(before), PaymentState(after), prepared_by="a", by="b")
    if machine == "recovery":
        return recoveries.moved(1, RecoveryState(before), RecoveryState(after), proposed_by="a", by="b")
    one = DecisionStanding(1, DecisionState(before), DecisionForm.BESLUT, "a", DAY, DAY, DAY)
    return decision_steps(one)[DecisionState(after)]()  # type: ignore[no-any-return]


def every_step() -> list[Any]:
    """Return every pair of states of every machine with what the table says of it."""
    first = {"decision": "draft", "payment": "prepared", "recovery": "proposed"}
    return [
        pytest.param(table["machine"], before, after, after in can, id=f"{table['machine']}-{before}-{after}")
        for table in TABLES
        for before, can in table["can"].items()
        for after in table["can"]
        if after != first[table["machine"]]
    ]


@pytest.mark.parametrize(("machine", "before", "after", "allowed"), every_step())
def test_a_step_is_taken_or_refused_as_the_table_says(machine: str, before: str, after: str, *, allowed: bool) -> None:
    if allowed:
        assert step(machine, before, after).value == after
        return
    with pytest.raises(CoreError, match="kan inte bli"):
        step(machine, before, after)


def test_the_step_that_binds_is_taken_by_somebody_else() -> None:
    with pytest.raises(SameEyesError):
        payments.moved(1, PaymentState.PREPARED, PaymentState.APPROVED, prepared_by="a", by="a")
    with pytest.raises(SameEyesError):
        recoveries.moved(1, RecoveryState.PROPOSED, RecoveryState.DECIDED, proposed_by="a", by="a")
    mine = DecisionStanding(1, DecisionState.DRAFT, DecisionForm.BESLUT, "a")
    with pytest.raises(SameEyesError):
        decisions.decide(mine, body="Nämnden", paragraph="§ 1", by="a")


@pytest.mark.parametrize(
    ("recipients", "form"),
    [
        ({Recipient.EGEN}, DecisionForm.FORDELNING),
        ({Recipient.FRISTAENDE_HEMMA}, DecisionForm.BESLUT),
        ({Recipient.FRISTAENDE_HEMMA, Recipient.FRISTAENDE_ANNAN}, DecisionForm.BESLUT),
        ({Recipient.ANNAN_KOMMUN}, DecisionForm.ERSATTNING),
    ],
)
def test_what_a_huvudman_gets_follows_from_its_units(recipients: set[str], form: DecisionForm) -> None:
    assert form_of({str(one) for one in recipients}) is form
