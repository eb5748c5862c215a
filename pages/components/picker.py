"""Which unit, year and kind of run: widgets that own their state and keep it in the address.

The address and the session follow each other. When the address has changed since we last wrote it (a deep
link, a link from another page, the back button) it wins; otherwise the widget does, and the address is
written. A unit in the address that the reader may not choose is still returned: the use case then says
why it is not shown, rather than another unit being shown in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import streamlit as st

from pages.components import text
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.usecases.views import RunInfo, UnitChoice

UNIT, YEAR, KIND, RUN = "enhet", "ar", "visa", "korning"
_KINDS: Final = ("utfall", "slutavrakning", "budget")
_YEAR_WIDTH: Final = 140  # pixels
_DIGITS: Final = 9  # every number of so many digits fits in the 32 bits of a column


def unit(choices: Sequence[UnitChoice]) -> str | None:
    """Return the chosen unit's id; None when there is nothing to choose and nothing asked for."""
    names = {choice.enhet: choice.name for choice in choices}
    wanted = _follow(UNIT, list(names), keep_unknown=True)
    if wanted is not None and wanted not in names:
        select(_("Enhet"), UNIT, list(names), names.__getitem__, index=None, placeholder=_("Välj en enhet"))
        return wanted
    if len(names) == 1:
        write(UNIT, wanted)
        return wanted
    return select(_("Enhet"), UNIT, list(names), names.__getitem__)


def year(years: Sequence[int]) -> int | None:
    """Return the chosen year, the latest first; a year in the address without a run is returned as it is."""
    options = [str(one) for one in sorted(years, reverse=True)]
    wanted = _follow(YEAR, options, keep_unknown=True)
    if wanted is not None and wanted not in options:
        if _is_number(wanted):
            return int(wanted)
        wanted = None
    if not options:
        return None
    chosen = select(_("År"), YEAR, options, str, width=_YEAR_WIDTH)
    return int(chosen) if chosen else None


def kind(kinds: Sequence[str]) -> str:
    """Return which kind of run to show, of those that the year has; utfall before budget."""
    options = [one for one in _KINDS if one in kinds] or ["utfall", "budget"]
    _follow(KIND, options)
    chosen: str | None = st.segmented_control(
        _("Visa"), options, format_func=text.word, key=f"w_{KIND}", required=True, on_change=keep, args=(KIND,)
    )
    write(KIND, chosen)
    return chosen or options[0]


def run(runs: Sequence[RunInfo]) -> int | None:
    """Return the number of the chosen run, the latest first."""
    names = {str(one.number): run_name(one) for one in runs}
    _follow(RUN, list(names))
    chosen = select(_("Körning"), RUN, list(names), names.__getitem__)
    return int(chosen) if chosen else None


def asked_run() -> int | None:
    """Return the run that address or widget asks for, before its widget is drawn."""
    asked = _follow(RUN, [], keep_unknown=True)
    return int(asked) if asked and _is_number(asked) else None


def _is_number(asked: str) -> bool:
    """Tell whether an address may ask for it: whole, and no larger than every database takes."""
    return asked.isdecimal() and len(asked) <= _DIGITS


def choice(label: str, name: str, names: dict[str, str], *, placeholder: str) -> str | None:
    """Return one of ``names`` (id → text), or None until the reader has chosen."""
    asked = _follow(name, list(names), default="")
    return select(label, name, list(names), names.__getitem__, index=None if not asked else 0, placeholder=placeholder)


def run_name(one: RunInfo) -> str:
    """Return what a reader calls a run: "Utfall 2026, körning 14 (beslutad)"."""
    return _("{kind} {year}, körning {number} ({state})").format(
        kind=text.word(one.kind), year=one.year, number=one.number, state=text.word(one.state).lower()
    )


def choose_year(which: int) -> None:
    """Let the next run show ``which`` year (a button's answer to an empty page)."""
    choose(YEAR, str(which))


def choose(name: str, value: str) -> None:
    """Let the next run show ``value``, whatever the address says now."""
    st.session_state[f"kept_{name}"] = value
    st.session_state[f"written_{name}"] = st.query_params.get(name)


def setting(name: str, options: Sequence[str], default: str) -> str:
    """Return a choice of the whole program (persona, language) as address or session say."""
    return _follow(name, list(options), default=default) or default


def _follow(name: str, options: list[str], *, keep_unknown: bool = False, default: str | None = None) -> str | None:
    """Let the address choose when it has changed since we wrote it; return what is now chosen."""
    kept, asked = f"kept_{name}", st.query_params.get(name)
    if asked and asked != st.session_state.get(f"written_{name}") and (keep_unknown or asked in options):
        st.session_state[kept] = asked
        st.session_state[f"written_{name}"] = asked
    value: str | None = st.session_state.get(kept)
    if value not in options and not (keep_unknown and value):
        value = default if default is not None else next(iter(options), None)
    st.session_state[kept] = value
    if value in options:
        st.session_state[f"w_{name}"] = value
    return value


def select(
    label: str,
    name: str,
    options: list[str],
    shown: Callable[[str], str],
    *,
    index: int | None = 0,
    placeholder: str | None = None,
    width: int | Literal["stretch"] = "stretch",
) -> str | None:
    """Return what the reader chose among ``options``, written to the address; ``index=None`` begins with none."""
    if index is None:
        st.session_state[f"w_{name}"] = None
    chosen: str | None = st.selectbox(
        label,
        options,
        index=index,
        format_func=shown,
        key=f"w_{name}",
        on_change=keep,
        args=(name,),
        placeholder=placeholder,
        width=width,
    )
    if chosen is not None:
        write(name, chosen)
    return chosen


def keep(name: str) -> None:
    """Remember what the reader chose in the widget, past page changes (a widget's callback)."""
    st.session_state[f"kept_{name}"] = st.session_state[f"w_{name}"]


def write(name: str, value: str | None) -> None:
    """Put a choice in the address (None takes it away), and remember what was put there."""
    if value is None:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
    st.session_state[f"written_{name}"] = value
