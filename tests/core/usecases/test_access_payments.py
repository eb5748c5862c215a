"""Decisions, payments and recoveries ask who is looking, every time; without the right the answer is no."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.access import Actor, ForbiddenError
from core.base import CoreError, Month
from core.usecases import decision_reading, decisions, payment_files, payment_reading, payments, recoveries
from core.usecases.payment_objections import object_to
from core.usecases.recompute_kit import recompute_kit
from tests.support.small_kommun import (
    AREA_NORTH,
    AUDITOR,
    CEDERN,
    CHIEF,
    CITIZEN,
    CONTROLLER,
    HANDLER,
    KOMMUN,
    OWNER_CEDERN,
    POLITICIAN,
    REKTOR_A1,
    STRANGER,
    YEAR,
    actor,
    grant,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from core.usecases.context import App
    from tests.support.databases import DatabaseMaker
    from tests.support.small_kommun import Lillby

UTFALL, DAY = 2, date(2026, 1, 15)
DECIDING = decisions.Deciding(body="Nämnden", on=DAY, paragraph="§ 1")
ASKS: dict[str, Callable[[App, Actor], object]] = {
    "payments_view": payment_reading.payments_view,
    "payment_view": lambda app, viewer: payment_reading.payment_view(app, viewer, 1),
    "payment_differences": lambda app, viewer: payment_reading.payment_differences(app, viewer, 1),
    "elev_list": lambda app, viewer: payment_reading.elev_list(app, viewer, 1, "B1", purpose="kontroll"),
    "object_to": lambda app, viewer: object_to(app, viewer, 1, "B1", "En elev saknas."),
    "payment_file": lambda app, viewer: payment_files.payment_file(app, viewer, KOMMUN, 1),
    "voucher_file": lambda app, viewer: payment_files.voucher_file(app, viewer, KOMMUN, 1),
    "prepare": lambda app, viewer: payments.prepare(app, viewer, KOMMUN, Month(YEAR, 9)),
    "approve": lambda app, viewer: payments.approve(app, viewer, KOMMUN, 1),
    "mark_paid": lambda app, viewer: payments.mark_paid(app, viewer, KOMMUN, 99),
    "cancel": lambda app, viewer: payments.cancel(app, viewer, KOMMUN, 99, "fel"),
    "propose": lambda app, viewer: recoveries.propose(
        app, viewer, KOMMUN, "Z9", amount_ore=1, months=1, first_month=Month(YEAR, 2), reason="fel"
    ),
    "decide_recovery": lambda app, viewer: recoveries.decide(app, viewer, KOMMUN, 99, "§ 1", DAY),
    "withdraw": lambda app, viewer: recoveries.withdraw(app, viewer, KOMMUN, 99),
    "decisions_view": decision_reading.decisions_view,
    "decision_view": lambda app, viewer: decision_reading.decision_view(app, viewer, 1),
    "decision_file": lambda app, viewer: decision_reading.decision_file(app, viewer, 1, "json"),
    "prepare_decision": lambda app, viewer: decisions.prepare(app, viewer, KOMMUN, 99, CEDERN),
    "prepare_all": lambda app, viewer: decisions.prepare_all(app, viewer, KOMMUN, 99),
    "decide": lambda app, viewer: decisions.decide(app, viewer, KOMMUN, 99, DECIDING),
    "deliver": lambda app, viewer: decisions.deliver(app, viewer, KOMMUN, 99, DAY, "brev"),
    "appeal": lambda app, viewer: decisions.appeal(app, viewer, KOMMUN, 99, DAY),
    "uphold": lambda app, viewer: decisions.uphold(app, viewer, KOMMUN, 99, "dom"),
    "change": lambda app, viewer: decisions.change(app, viewer, KOMMUN, 99, "dom", {}),
    "recompute_kit": lambda app, viewer: recompute_kit(app, viewer, UTFALL, ["B1"]),
}
SEES = {"payments_view", "payment_view", "payment_differences", "payment_file", "voucher_file"}
SEES |= {"decisions_view", "decision_view", "decision_file", "recompute_kit"}
NARROW = {"payments_view", "payment_view", "payment_differences"}
MAY: dict[str, tuple[Actor, set[str]]] = {
    "controller": (CONTROLLER, SEES | {
        "elev_list", "prepare", "mark_paid", "cancel", "propose", "withdraw", "prepare_decision", "prepare_all",
        "deliver", "appeal", "uphold",
    }),
    "forvaltningschef": (CHIEF, SEES | {"approve", "decide_recovery", "decide", "change"}),
    "handlaggare": (HANDLER, SEES | {"elev_list"}),
    "revisor": (AUDITOR, SEES | {"elev_list"}),
    "huvudman": (OWNER_CEDERN, NARROW | {
        "elev_list", "object_to", "decisions_view", "decision_view", "decision_file", "recompute_kit",
    }),
    "rektor": (REKTOR_A1, NARROW),
    "samordnare": (actor(grant("samordnare")), SEES),
    "elevhalsa": (actor(grant("elevhalsa", "enhet", "A1")), set()),
    "handlaggare_grundskola": (actor(grant("handlaggare", "verksamhet", "grundskola")), NARROW),
    "systemforvaltare": (actor(grant("systemforvaltare")), set()),
    "omradeschef": (AREA_NORTH, NARROW),
    "fortroendevald": (POLITICIAN, set()),
    "medborgare": (CITIZEN, set()),
}  # fmt: skip


@pytest.fixture(scope="module")
def paid(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lillby]:
    """Give Lillby with a payment approved and a decision made for Cedern."""
    from tests.support import small_kommun

    database = database_maker.make("sqlite", "migrated")
    lillby = small_kommun.lillby_2026(database.url, tmp_path_factory.mktemp("lillby"))
    payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 1))
    payments.approve(lillby.app, CHIEF, KOMMUN, 1)
    made = decisions.prepare(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, "budget"], CEDERN)
    decisions.decide(lillby.app, CHIEF, KOMMUN, made, DECIDING)
    yield lillby
    lillby.engine.dispose()
    database_maker.drop(database)


@pytest.mark.parametrize("ask", list(ASKS))
@pytest.mark.parametrize("role", list(MAY))
def test_each_step_is_for_the_roles_that_have_it(paid: Lillby, role: str, ask: str) -> None:
    viewer, allowed = MAY[role]
    if ask not in allowed:
        with pytest.raises(ForbiddenError):
            ASKS[ask](paid.app, viewer)
        return
    try:
        ASKS[ask](paid.app, viewer)
    except ForbiddenError:
        raise
    except CoreError:
        assert ask not in SEES  # what is only read is there to be read


@pytest.mark.parametrize("ask", sorted(set(ASKS) - {"payments_view", "decisions_view"}))
def test_nobody_of_another_kommun_gets_in(paid: Lillby, ask: str) -> None:
    with pytest.raises(CoreError):
        ASKS[ask](paid.app, STRANGER)


def test_somebody_of_another_kommun_sees_that_kommuns_empty_lists(paid: Lillby) -> None:
    assert payment_reading.payments_view(paid.app, STRANGER).payments == ()
    assert decision_reading.decisions_view(paid.app, STRANGER).rows == ()
