"""Questions about figures, made by hand for the pages' tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.usecases.flag_views import FlagsView, FlagView
from tests.pages.fakes import REKTOR, UNDERVISNING

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor

OPEN = FlagView(
    number=3, about="amount", run=14, run_kind="utfall", year=2026, through_month=10, enhet="G03",
    unit_name="Lerbäckens skola", key=f"line:{UNDERVISNING}|grundskola.1_3|2026", what="Undervisning, Årskurs 1–3",
    month=9, said="Vi har haft en elev till i årskurs 2 sedan september.",
    made_at=datetime(2026, 11, 20, 9, tzinfo=UTC), made_by_name="Rektor, Lerbäckens skola", state="open", answer=None,
    answered_at=None, answered_by=None, batch=None, old_ore=906_920_000, new_run=None, new_through_month=None,
    effect_ore=None, may_answer=False, may_withdraw=True,
)  # fmt: skip
ANSWERED = replace(
    OPEN, number=2, state="accepted", answer="Eleven saknades i registret; en rättad fil läses in.",
    answered_at=datetime(2026, 11, 21, 9, tzinfo=UTC), answered_by="Controller", batch=23,
)  # fmt: skip
CORRECTED = replace(
    ANSWERED, number=1, state="corrected", new_run=15, new_through_month=10, effect_ore=957_000, may_withdraw=False
)


def view_for(viewer: Actor) -> FlagsView:
    """Return what the rektor sees of the own unit, or what the controller may answer."""
    own = viewer == REKTOR
    flags = tuple(replace(one, may_answer=not own, may_withdraw=own and one.may_withdraw) for one in EVERY)
    return FlagsView(flags, 1, () if own else ((23, "elever_rattad.csv"), (22, "elever.csv")))


EVERY = (OPEN, ANSWERED, CORRECTED)


def answers() -> dict[str, Callable[..., object]]:
    """Return the answers by use case."""
    return {
        "flags.flags_view": lambda _app, viewer: view_for(viewer),
        "flags.raise_flag": lambda *_: OPEN,
        "flags.answer_flag": lambda _app, _viewer, _number, _text, *, accepted: replace(
            OPEN, state="accepted" if accepted else "rejected"
        ),
        "flags.link_batch": lambda *_: ANSWERED,
        "flags.close_flag": lambda *_: CORRECTED,
        "flags.withdraw_flag": lambda *_: replace(OPEN, state="withdrawn"),
    }
