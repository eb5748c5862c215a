"""Views of Lika villkor made by hand: a finding, a ground of law, and a step that follows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import Source
from core.usecases.equal_views import (
    EqualElev,
    EqualFinding,
    EqualPart,
    EqualRange,
    EqualStep,
    EqualView,
    EqualYear,
)
from tests.pages.fakes import RUN

if TYPE_CHECKING:
    from collections.abc import Callable

VAT = Source("law", "skolförordningen (2011:185) 14 kap. 4 §")
LAW = Source("law", "skollagen (2010:800) 10 kap. 37 §")
MOMS = EqualStep("moms", "Mervärdesskatt", 494_400, "mervardesskatt", VAT)
SOCIO = EqualStep("socio", "Socioekonomi", -3_000_000, "", None)
ADM = EqualStep("socio_adm", "Administration på socioekonomi", -90_000, "", None, ("Socioekonomi",))
ELEVER = (
    EqualElev("gs", "Årskurs 1–3", "grundskola", "2026", "fristaende_hemma", 8_240_000, 8_734_400, 0, (MOMS,)),
    EqualElev("gs", "Årskurs 1–3", "grundskola", "2026", "annan_kommun", 8_240_000, 8_240_000, 0, ()),
    EqualElev("fsk", "Förskola 3–5 år", "forskola", "2026", "fristaende_hemma", 11_500_000, 11_500_000, 0, ()),
)
FINDING = EqualFinding(
    "steg", "fristaende_annan", ("Socioekonomi, grundskola",), ("socio",), LAW, -300_000, -3_000_000, 2,
    (EqualPart("Årskurs 1–3", "2026", -300_000, Fraction(10)),),
    "Socioekonomi: ges inte lika.", "Ge socio alla mottagare.",
)  # fmt: skip
SEALED = EqualFinding(
    "pris", "annan_kommun", ("Modersmål, grundskola",), ("mod",), LAW, -1_040_000, None, 1, (), "Modersmål.", "Ge.",
    is_sealed=True,
)  # fmt: skip
YEAR = EqualYear(
    "fristaende_annan", 2, 90_000_000, 86_910_000, 0, -3_090_000, (SOCIO, ADM), ("Individuellt stöd",)
)  # fmt: skip
RANGE = EqualRange(
    "grundskola", "Mervärdesskatt", ("fristaende_hemma", "fristaende_annan"), 494_400, 520_000, "mervardesskatt", VAT,
    (),
)  # fmt: skip
VIEW = EqualView(RUN, (FINDING, SEALED), ELEVER, (RANGE,), (YEAR,))


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for each use case the page asks."""
    return {
        "equal.equal_years": lambda _app, _viewer: (2026, 2025),
        "equal.equal_kinds": lambda _app, _viewer, _year: ("utfall", "budget"),
        "equal.equal_view": lambda _app, _viewer, _year, _kind=None: VIEW,
    }
