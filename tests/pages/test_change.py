"""Varför ändrades den? As a tab of Resursfördelning and as the page Förändring."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import ForbiddenError
from tests.pages import fakes
from tests.pages.fakes_change import OF_KOMMUN, VIEW
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

TAB = {"allocation_tabs": "Varför ändrades den?"}


def test_the_tab_says_what_changed_in_one_sentence_and_shows_it_bar_by_bar(screen: Screen) -> None:
    test = screen("allocation", state=TAB)
    shown = words(test)
    assert "Lerbäckens skola får 43 118 200 kr enligt utfall januari–oktober 2026 mot 41 913 897 kr" in shown
    assert "Mest betyder antal elever (+1 012 000 kr), belopp per elev (+655 000 kr) och potter" in shown
    chart = test.get("vega_lite_chart")[0].proto
    assert "Antal elever +1 012 000 kr; Belopp per elev +655 000 kr" in chart.alt.replace("\u00a0", " ")
    for name in ("Utfall 2025", "Antal elever", "Belopp per elev", "Index", "Potter och regler"):
        assert name in shown
    assert no_bug(test)


def test_months_that_only_one_run_has_counted_are_told_apart(screen: Screen, answer: Answer) -> None:
    answer("change.change_of", lambda *_: replace(VIEW, parts=(replace(VIEW.parts[0], part="months"), *VIEW.parts[1:])))
    test = screen("allocation", state={**TAB, "part_months": True})
    assert "Av det är +1 012 000 kr månader som bara den ena körningen har räknat." in words(test)
    assert "Utfall 2025 räknar 12 månader och Utfall januari–oktober 2026 10" in words(test)
    drawn = test.get("vega_lite_chart")[0].proto.alt.replace("\u00a0", " ")
    assert "Utfall 2025, samma månader 42 925 897 kr; Belopp per elev" in drawn


def test_a_bar_opens_to_its_sentence_its_steps_and_how_a_step_was_computed(screen: Screen) -> None:
    test = screen("allocation", state={**TAB, "part_volume": True})
    shown = words(test)
    assert "I medeltal 355 elever förut och 369 elever nu." in shown
    assert "Undervisning (grundskola)" in shown
    test.selectbox(key="step_volume").select("grundskola.undervisning").run()
    assert "158 elever × 57 400 kr per elev" in words(test)


def test_the_lead_of_resursfordelning_names_the_parts_that_mean_most(screen: Screen) -> None:
    assert "Mest betyder antal elever (+1 012 000 kr)" in words(screen("allocation"))


def test_the_lead_says_nothing_of_parts_that_are_not_computed(screen: Screen, answer: Answer) -> None:
    answer("change.main_parts", lambda *_: ())
    assert "Mest betyder" not in words(screen("allocation"))


def test_without_an_earlier_run_the_tab_says_so(screen: Screen, answer: Answer) -> None:
    answer("change.earlier_runs", lambda *_: (fakes.RUN, ()))
    assert "Det finns ingen tidigare körning att jämföra 2026 med." in words(screen("allocation", state=TAB))


def test_the_page_shows_the_kommun_and_its_units_by_name(screen: Screen) -> None:
    test = screen("change", viewer=fakes.CITIZEN, state={"part_units": True})
    shown = words(test)
    assert "Enheterna i Lindvik får" in shown
    assert "Nya: Förskolan Lärkan." in shown
    assert shown.index("Enheter i bokstavsordning") < shown.rindex("Förskolan Lärkan") < shown.rindex("Lerbäckens")
    assert str(OF_KOMMUN.sealed) in shown
    assert no_bug(test)


def test_a_search_narrows_the_units_and_a_name_that_is_none_is_said_to_be(screen: Screen) -> None:
    test = screen("change", viewer=fakes.CITIZEN)
    test.text_input(key="change_search").input("lerb").run()
    assert "Förskolan Lärkan" not in words(test).partition("Enheter i bokstavsordning")[2]
    test.text_input(key="change_search").input("zzz").run()
    assert "Ingen enhet har det namnet." in words(test)


def test_no_change_at_all_is_one_sentence(screen: Screen, answer: Answer) -> None:
    same = replace(VIEW, parts=(), to_ore=VIEW.from_ore, difference_ore=0)
    answer("change.change_of", lambda *_: same)
    test = screen("allocation", state=TAB)
    assert "lika mycket som enligt utfall 2025" in words(test)
    assert not test.get("vega_lite_chart")


def test_nothing_decided_is_said(screen: Screen, answer: Answer) -> None:
    answer("change.change_years", lambda *_: ())
    assert "Inget år är beslutat än." in words(screen("change", viewer=fakes.CITIZEN))


def test_who_may_not_see_it_is_told_why(screen: Screen, answer: Answer) -> None:
    def refused(*_: object) -> None:
        raise ForbiddenError("Du får inte se varför kommunens fördelning har ändrats.")

    answer("change.change_of", refused)
    assert "Du får inte se varför" in words(screen("change", viewer=fakes.CITIZEN))


def test_in_english_every_word_of_ours_is_english(screen: Screen) -> None:
    test = screen("change", viewer=fakes.CITIZEN, query={"lang": "en"}, state={"part_units": True})
    shown = words(test)
    assert "What matters most is" in shown
    assert "New: Förskolan Lärkan." in shown
