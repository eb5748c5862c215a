"""The trial on the bench: which run it starts from and its changes, kept in the session until it is saved.

A saved trial is opened by its number in the address (``forsok``); from there on the bench has its changes, and knows
which edition they came from, so that saving over a newer one is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.parameters import change_removed
from pages.components import picker, text
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.views import RunInfo
    from core.usecases.workshop_views import ScenarioInfo, WorkshopView

NOTHING: Final = "[]"
_CHANGES, _OPENED, _OPEN, _BASE = "bench_changes", "bench_opened", "forsok", "korning"


@dataclass(frozen=True, slots=True)
class Trial:
    """What is on the bench: the run, the changes as text, and the saved trial they came from."""

    run: int
    changes: str
    opened: ScenarioInfo | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return self.changes == NOTHING


def chosen(view: WorkshopView) -> Trial:
    """Return the trial on the bench, from the controls at the top of the page."""
    saved = {str(one.number): one for one in view.scenarios}
    asked = st.query_params.get(_OPEN)
    if asked in saved and st.session_state.get(_OPENED, ("", 0))[0] != asked:
        put(saved[asked])
    number, edition = st.session_state.get(_OPENED, ("", 0))
    opened = saved.get(number)
    with st.container(horizontal=True, key="controls", vertical_alignment="bottom"):
        run = _base(view.bases, opened)
        if view.scenarios:
            _open(saved, number)
    if opened is not None and opened.edition != edition:
        st.warning(
            _("{name} har sparats i en nyare version av {who}. Öppna den på nytt för att se den.").format(
                name=text.plain(opened.name), who=text.plain(opened.changed_by)
            )
        )
    return Trial(run, st.session_state.get(_CHANGES, NOTHING), opened)


def _base(bases: tuple[RunInfo, ...], opened: ScenarioInfo | None) -> int:
    if opened is not None:
        picker.choose(_BASE, str(opened.base_run))
    run = picker.run(bases)
    return run if run is not None else bases[0].number


def _open(saved: dict[str, ScenarioInfo], number: str) -> None:
    names = {"": _("Nytt försök"), **{key: one.name for key, one in saved.items()}}
    st.session_state["bench_pick"] = number if number in names else ""
    st.selectbox(
        _("Försök"), list(names), format_func=names.__getitem__, key="bench_pick", on_change=_picked, args=(saved,)
    )


def _picked(saved: dict[str, ScenarioInfo]) -> None:
    number = str(st.session_state["bench_pick"])
    if number in saved:
        put(saved[number])
    else:
        clear()


def put(scenario: ScenarioInfo) -> None:
    """Lay a saved trial on the bench."""
    st.session_state[_CHANGES] = scenario.changes
    st.session_state[_OPENED] = (str(scenario.number), scenario.edition)
    picker.write(_OPEN, str(scenario.number))


def clear() -> None:
    """Empty the bench."""
    st.session_state[_CHANGES] = NOTHING
    st.session_state[_OPENED] = ("", 0)
    picker.write(_OPEN, None)


def edition(trial: Trial) -> tuple[int, int] | None:
    """Return the saved trial and edition that the bench came from; None for a new one."""
    number, opened = st.session_state.get(_OPENED, ("", 0))
    return (int(number), opened) if trial.opened is not None and number else None


def lay(changes: str) -> None:
    """Lay changes on the bench."""
    st.session_state[_CHANGES] = changes


def remove(changes: str, target: str) -> None:
    """Take a change off the bench."""
    st.session_state[_CHANGES] = change_removed(changes, target)
