"""A view of Avstämning made by hand: what agrees, what differs with a way down, what has nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.reconcile_views import DeliveredLine, ReconcileLine, ReconcileView
from core.usecases.views import BookRow
from tests.pages.fakes import RUN

if TYPE_CHECKING:
    from collections.abc import Callable

UNITS = ReconcileLine("rader", "enheter", "", "", 1_000_000, 1_000_000, 0, "ore", "agrees")
WRONG = ReconcileLine(
    "rader", "betalplan", "", "", 999_950, 1_000_000, -50, "ore", "differs", page="resursfordelning",
    query=(("enhet", "G03"), ("ar", "2026")),
)  # fmt: skip
ONCE = ReconcileLine("elever", "en_gang", "grundskola", "", 120, 125, -5, "elevmanader", "agrees", at_most=True)
POOL = ReconcileLine("potter", "pott", "socio|2026", "Socioekonomi, grundskola", 500_000, 500_000, 0, "ore", "agrees")
PRICE = ReconcileLine("priser", "pris_antal", "lokal", "Lokaler, grundskola", 700, 700, 0, "ore", "agrees")
NOT_PAID = ReconcileLine("utbetalt", "ingen", "", "", None, None, None, "ore", "absent")
NO_LEDGER = ReconcileLine("huvudbok", "ingen", "", "", None, None, None, "ore", "absent")
PAID = ReconcileLine("utbetalt", "manad", "1", "", 100, 100, 0, "ore", "agrees")
BOOKED = ReconcileLine("huvudbok", "undervisning", "G03", "", 100, 90, 10, "ore", "differs")
BOOKS = (
    BookRow("left", "rader.grundskola", "grundskola", 900_000),
    BookRow("left", "reserv", "Nämndens reserv", 100_000),
    BookRow("right", "beslutad_budget", "Beslutad budget", 1_000_000),
)
DELIVERIES = (
    DeliveredLine(22, "enrolments", "elever.csv", "120", "118", "differs"),
    DeliveredLine(23, "index", "index.csv", None, "39", "absent"),
)
VIEW = ReconcileView(
    RUN, (RUN,), BOOKS, 0, (UNITS, WRONG, ONCE, POOL, PRICE, NOT_PAID, NO_LEDGER), DELIVERIES, 5, 2, 3
)  # fmt: skip


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for the use case the page asks."""
    return {"reconcile.reconcile_view": lambda _app, _viewer, run=None: VIEW}  # noqa: ARG005  # asked by its name
