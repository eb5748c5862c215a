"""Trials made by hand for the pages' tests: Modellverkstad and the rektor's own tab."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from core.allocation import Effects, StepEffect, UnitEffect
from core.base import Source, leaf
from core.parameters import LawFinding, Place, Reference
from core.usecases.what_if import TryFaultyError, read_tries
from core.usecases.what_if_views import ClassStep, Group, NextCount, WhatIfView
from core.usecases.workshop_views import (
    Bench,
    BooksEffect,
    ChangeRow,
    CountChoice,
    ScenarioInfo,
    SideBySide,
    TrialView,
    WorkshopView,
)
from tests.pages.fakes import BUDGET, RUN

if TYPE_CHECKING:
    from collections.abc import Callable

DECISION = Reference(kind="decision", title="Nämnden: socioekonomi", date=date(2025, 11, 17), paragraph="§ 212")
LAW = Reference(kind="law", title="skolförordningen (2011:185) 14 kap. 4 §")
POT = Place("amounts/pott/pool", "Socioekonomi · grundskola, pott", "52300000", "kr", "pott", DECISION, "namnd")
RATE = Place("prices/adm/rate", "Administration · grundskola, andel", "0.03", "andel", "adm", LAW, "law")
CHANGES = '[{"address":"amounts/pott/pool","kind":"figure","value":"60000000"}]'
ROW = ChangeRow("figure|amounts/pott/pool", "figure", POT.label, "52300000", "60000000", "kr", DECISION.title, "namnd")
EFFECTS = Effects(
    (
        UnitEffect("G03", "Lerbäckens skola", "egen", 3_000_000_00, 3_100_000_00, Fraction(369), Fraction(369)),
        UnitEffect("G04", "Sjöängens skola", "egen", 5_000_000_00, 4_990_000_00, Fraction(500), Fraction(500)),
        UnitEffect("F31", "Förskolan Lärkan", "fristaende_hemma", 0, 0, Fraction(0), Fraction(0)),
    ),
    (StepEffect("pott", 52_300_000_00, 60_000_000_00),),
)
TRIAL = TrialView(
    base=BUDGET,
    changes=(ROW,),
    findings=(),
    effects=EFFECTS,
    labels={"pott": "Socioekonomi"},
    books=BooksEffect(1_770_000_000_00, 0, -90_000_00),
    unequal_before=0,
)
REFUSED = replace(
    TRIAL,
    effects=None,
    books=None,
    findings=(LawFinding("adm", "Administration är 5 %.", "Påslaget är bestämt till 3 %.", LAW, "refused"),),
)
SAVED = ScenarioInfo(
    number=1, name="Större pott", note="inför nämnden", base_run=BUDGET.number, run=31, is_open=True, edition=2,
    changes=CHANGES, total_ore=8_090_000_00, changed_at=datetime(2026, 11, 20, 9, tzinfo=UTC), changed_by="Controller",
)  # fmt: skip
SECOND = replace(SAVED, number=2, name="Mindre pott", run=32, note="")
VIEW = WorkshopView((BUDGET, RUN), (), may_edit=True)
BENCH = Bench(
    BUDGET, (POT, RATE), (CountChoice("G03", "Lerbäckens skola", (("grundskola.4_6", "Årskurs 4–6"),)),),
    (("grundskola.4_6", "Årskurs 4–6"),), {"socioekonomi": {"G03": Fraction(112)}},
)  # fmt: skip
BESIDE = SideBySide(
    BUDGET, (SAVED, SECOND), (TRIAL, TRIAL), (("G03", "Lerbäckens skola", 3_000_000_00, (3_100_000_00, 2_900_000_00)),),
    ((POT.label, "kr", "52300000", ("60000000", None)),),
)  # fmt: skip
THUMB = Reference(kind="guideline", title="Kommunens tumregel: högst 28 elever i en klass")


def what_if(_app: object, _viewer: object, enhet: str, _run: int, tries: str = "", from_month: int = 1) -> WhatIfView:
    """Return a unit of 27 elever in årskurs 4, where each elev more is worth 100 000 kr a year."""
    wanted = read_tries(tries)
    if set(wanted) - {"grundskola|4", "fritidshem.6_9"}:
        raise TryFaultyError(min(wanted), "är ingen grupp vid enheten.")
    if not 1 <= from_month <= 12:
        raise TryFaultyError(str(from_month), "är ingen månad.")
    four, leisure = wanted.get("grundskola|4", 0), wanted.get("fritidshem.6_9", 0)
    coming = NextCount(date(2026, 12, 15), (12,), 8_333_33)
    now = tuple(range(1, 12))
    groups = (
        Group("grundskola|4", "grundskola", "4", "Årskurs 4", "grundskola.4_6", 27, four, now, coming,
              ClassStep(28, 900_000_00, 1, 1 + (27 + four > 28), THUMB)),
        Group("fritidshem.6_9", "fritidshem", None, "Fritidshem 6–9", "fritidshem.6_9", 40, leisure, now, None, None),
    )  # fmt: skip
    year = (four + leisure) * 100_000_00 if wanted else None
    rest = (four + leisure) * 8_333_33 if wanted else None
    return WhatIfView(
        enhet, "Lerbäckens skola", RUN, groups, from_month, year, rest, (12,), (("Undervisning", year or 0),)
    )


def workshop_view(*_: object) -> WorkshopView:
    """Return the page as it opens (a function with a name: the page's memory is kept by it)."""
    return VIEW


def answers() -> dict[str, Callable[..., object]]:
    """Return what each use case answers, by module and name."""
    tree = leaf("total", "Tilldelning", Fraction(3_100_000), "kr", Source("decision", "Nämnden · ÄNDRAT I FÖRSÖK"))
    return {
        "workshop.workshop_view": workshop_view,
        "workshop.bench_of": lambda *_: BENCH,
        "workshop.trial_of": lambda *_: TRIAL,
        "workshop.saved_trial": lambda *_: TRIAL,
        "workshop.side_by_side": lambda *_: BESIDE,
        "workshop.with_change": lambda *_: CHANGES,
        "scenarios.save_scenario": lambda *_: SAVED,
        "scenarios.archive_scenario": lambda *_: replace(SAVED, is_open=False),
        "trial_explain.trial_derivation": lambda *_: tree,
        "what_if.what_if_of": what_if,
    }
