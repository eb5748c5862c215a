from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import ForbiddenError
from tests.pages import fakes
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def test_a_rektor_meets_the_own_unit_its_sum_and_what_to_do(screen: Screen) -> None:
    test = screen("start")
    shown = words(test)
    assert "Skolans pengar i Lindvik" in shown
    assert "Lerbäckens skola får 43 118 200 kr januari–oktober 2026 för 369 elever." in shown
    assert "Det är 1 204 303 kr mer än samma månader 2025." in shown
    links = [link.proto.label for link in test.get("page_link")]
    assert "Nästa mätdag är 2026-12-15: se till att elevregistret stämmer" in links[0].replace("\\", "")
    assert links[1:] == ["Skolan", "Resursfördelning"]


def test_the_administration_meets_totals_by_verksamhet_and_every_unit_by_name(screen: Screen) -> None:
    shown = words(screen("start", fakes.CONTROLLER))
    assert "Förskola   412 000 000 kr" in " ".join(shown.split("  ")) or "412 000 000 kr" in shown
    assert shown.index("Förskolan Lärkan") < shown.rindex("Lerbäckens skola")
    assert "Enheter i bokstavsordning" in shown


def test_a_search_narrows_the_list_and_says_so_when_nothing_is_left(screen: Screen) -> None:
    assert "Förskolan Lärkan" not in words(screen("start", fakes.CONTROLLER, state={"overview_search": "lerb"}))
    assert "Ingen enhet har det namnet." in words(screen("start", fakes.CONTROLLER, state={"overview_search": "xyz"}))


def test_an_empty_municipality_says_that_nothing_is_decided(screen: Screen, answer: Answer) -> None:
    empty = replace(
        fakes.START_KOMMUN, run=None, total_ore=None, previous_total_ore=None, elever=None, previous_elever=None,
        per_elev_ore=None, verksamheter=(), overview=(), tasks=(),
    )  # fmt: skip
    answer("start.start_view", lambda *_: empty)
    test = screen("start", fakes.CONTROLLER)
    assert "Lindvik har inget beslutat år än." in words(test)
    assert no_bug(test)


def test_a_missing_figure_is_a_dash(screen: Screen, answer: Answer) -> None:
    answer("start.start_view", lambda *_: replace(fakes.START_REKTOR, elever=None, per_elev_ore=None))
    assert [tile.value for tile in screen("start").metric][1:] == ["–", "–"]


def test_who_may_not_see_the_page_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError("Du har ingen roll i kommun 9901.")

    answer("start.start_view", refuse)
    shown = words(screen("start"))
    assert "Du har inte behörighet Du har ingen roll i kommun 9901." in shown
    assert "43 118 200" not in shown


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    shown = words(screen("start", query={"lang": "en"}))
    assert "School money in Lindvik" in shown
    assert "gets SEK 43,118,200 in January–October 2026 for 369 pupils" in shown


def test_a_role_without_amounts_says_so_and_shows_no_tiles(screen: Screen, answer: Answer) -> None:
    bare = replace(fakes.START_KOMMUN, total_ore=None, verksamheter=(), overview=(), tasks=(), sees_money=False)
    answer("start.start_view", lambda *_: bare)
    test = screen("start", fakes.CONTROLLER)
    assert "Din roll visar inga belopp." in words(test)
    assert not test.metric


def test_a_handlaggare_reads_which_units_the_figures_are_over(screen: Screen, answer: Answer) -> None:
    answer("start.start_view", lambda *_: replace(fakes.START_KOMMUN, handles=("forskola", "pedagogisk_omsorg")))
    shown = words(screen("start", fakes.CONTROLLER))
    assert "Enheterna med förskola och pedagogisk omsorg får" in shown
    assert "Enheter du handlägger" in shown
