"""A view of Interkommunal ersättning made by hand: a claim, one without price, and what is paid."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.usecases.claim_views import ClaimLine, ClaimSum, ClaimsView
from tests.pages.fakes import RUN, derivation

if TYPE_CHECKING:
    from collections.abc import Callable

HALF = Fraction(1, 2)
KEY = "claim:to_claim|9902|G03|gs|sarskilda_skal|2026"
CLAIM = ClaimLine(
    KEY, "to_claim", "9902", "G03", "Lerbäckens skola", "Årskurs 4–6", "grundskola", "sarskilda_skal",
    "receiver_cost", "2026", HALF, 8_400_000, 4_200_000,
)  # fmt: skip
BARE = ClaimLine(
    f"{KEY}x", "to_claim", "9903", "G03", "Lerbäckens skola", "Årskurs 1–3", "grundskola", "ingen", "saknas", "2026",
    HALF, None, None,
)  # fmt: skip
PAID = ClaimLine(
    "p", "to_pay", "9902", "X1", "Strandskolan", "Årskurs 1–3", "grundskola", "vardnadshavarens_onskemal",
    "home_price", "2026", HALF, 7_200_000, 3_600_000,
)  # fmt: skip
SUMS = (
    ClaimSum("to_claim", "9902", "grundskola", "sarskilda_skal", "receiver_cost", HALF, 4_200_000),
    ClaimSum("to_claim", "9903", "grundskola", "ingen", "saknas", HALF, None),
    ClaimSum("to_pay", "9902", "grundskola", "vardnadshavarens_onskemal", "home_price", HALF, 3_600_000),
)
VIEW = ClaimsView(RUN, (RUN,), has_rules=True, to_claim_ore=4_200_000, to_pay_ore=3_600_000, without_price=1,
                  sums=SUMS, lines=(CLAIM, BARE, PAID))  # fmt: skip


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for each use case the page asks."""
    return {
        "claims.claims_view": lambda _app, _viewer, run=None: VIEW,  # noqa: ARG005  # asked by its name
        "claims.claim_derivation": lambda _app, _viewer, _run, key: derivation(key),
    }
