"""Units that follow each other: history in words, whose figures the year before is, and on from an old address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from core.usecases.succession import forwarded
from pages.components import frame, navigation, text
from pages.components.frozen import ask_frozen
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

    from core.usecases.succession import Followed, UnitHistory
    from core.usecases.views import AllocationView
    from pages.components.reader import Reader


def history(found: UnitHistory | None) -> None:
    """Say what the unit follows and what follows it; nothing for one that has always been itself."""
    if found is None or found.is_empty:
        return
    for sentence in _sentences(found):
        frame.note(sentence)


def _sentences(found: UnitHistory) -> Iterator[str]:
    if found.opened:
        yield _("Enheten öppnade {day}.").format(day=text.day(found.opened))
    if found.predecessors:
        yield _("Efterträder {units}.").format(units=text.joined([_named(one) for one in found.predecessors]))
    if found.successors:
        yield _("Fortsätter som {units}.").format(units=text.joined([_named(one) for one in found.successors]))
    if found.closed:
        yield _("Enheten upphörde {day} utan efterföljare.").format(day=text.day(found.closed))


def _named(one: Followed) -> str:
    day = text.day(one.valid_from)
    if one.share == 1:
        return _("{unit} (från {day})").format(unit=one.name, day=day)
    return _("{unit} ({share} från {day})").format(unit=one.name, share=share_words(one.share), day=day)


def share_words(share: Fraction) -> str:
    """Return a share as a reader says it: "25 procent"."""
    return _("{n} procent").format(n=text.number(share * 100, 1))


def lead_on(reader: Reader, enhet: str) -> None:
    """Say that a unit has ended and link to those that now stand for it."""
    found = ask_frozen(forwarded, reader, enhet)
    if not found:
        return
    said = _("Enheten har upphört. Den fortsätter som {units}.")
    st.info(said.format(units=text.joined([text.plain(_named(one)) for one in found])))
    with st.container(horizontal=True, key="successors"):
        for one in found:
            label = _("Visa {unit}").format(unit=text.plain(one.name))
            navigation.link(navigation.UNIT, label, {"enhet": one.enhet}, ":material/home_work:")


def compared(view: AllocationView) -> None:
    """Say which other units the year before is compared with."""
    if not view.compared or view.previous_year is None:
        return
    units = [
        name if share == 1 else _("{unit} ({share})").format(unit=name, share=share_words(share))
        for name, share in view.compared
    ]
    said = _("I jämförelsen med {year} ingår också {units}, som enheten efterträder.")
    frame.note(said.format(year=view.previous_year, units=text.joined(units)))
