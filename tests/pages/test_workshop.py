"""Modellverkstad: what is changed, where law bites, what it does, and saved trials side by side."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.access import ForbiddenError
from core.parameters import ChangeFaultyError
from core.store import ScenarioMovedError
from tests.pages import fakes, fakes_workshop
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

ON_THE_BENCH = {"bench_changes": fakes_workshop.CHANGES}


def test_an_empty_bench_computes_nothing(screen: Screen, answer: Answer) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    answer("workshop.trial_of", never)
    test = screen("workshop", fakes.CONTROLLER)
    assert "Inget är ändrat än: försöket är körningen som den är." in words(test)
    assert no_bug(test)


def test_a_figure_shows_its_old_value_its_reference_and_who_decides(screen: Screen) -> None:
    test = screen("workshop", fakes.CONTROLLER)
    test.selectbox(key="bench_figure").select("prices/adm/rate").run()
    shown = words(test)
    assert "skolförordningen (2011:185) 14 kap. 4 §. Bestäms av riksdag och regering: lag." in shown
    assert test.text_input(key="bench_value_prices/adm/rate").label == "Nytt värde, nu 0,03 (3\u00a0%)"


def test_a_change_is_laid_on_the_bench_and_its_effect_shown(screen: Screen) -> None:
    test = screen("workshop", fakes.CONTROLLER)
    test.selectbox(key="bench_figure").select("amounts/pott/pool").run()
    test.text_input(key="bench_value_amounts/pott/pool").input("60 000 000")
    test.button(key="bench_add_button").click().run()
    shown = words(test)
    assert "Försöket kostar kommunen 90 000 kr mer i körningens månader: 1 enheter får mer, 1 får mindre" in shown
    assert "52 300 000 kr" in shown
    assert "Den beslutade budgeten 1 770 000 000 kr räcker inte: 90 000 kr saknas" in shown
    assert no_bug(test)


def test_a_faulty_change_is_said_and_not_laid_on_the_bench(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise ChangeFaultyError(1, "value: ”mer” är inte ett tal.")

    answer("workshop.with_change", refuse)
    test = screen("workshop", fakes.CONTROLLER)
    test.selectbox(key="bench_figure").select("amounts/pott/pool").run()
    test.button(key="bench_add_button").click().run()
    shown = words(test)
    assert "är inte ett tal" in shown
    assert "Inget är ändrat än" in shown


def test_what_law_forbids_is_shown_where_it_bites_and_nothing_is_computed_or_saved(
    screen: Screen, answer: Answer
) -> None:
    answer("workshop.trial_of", lambda *_: fakes_workshop.REFUSED)
    test = screen("workshop", fakes.CONTROLLER, state=ON_THE_BENCH)
    shown = words(test)
    assert "Lagen hindrar Administration är 5 %. Påslaget är bestämt till 3 %. (skolförordningen" in shown
    assert "Lagen hindrar försöket." in shown
    assert "Vad det betyder för enheterna" not in shown
    assert not [one for one in test.button if "Spara" in one.label]


def test_the_units_can_be_searched_and_ordered(screen: Screen) -> None:
    test = screen("workshop", fakes.CONTROLLER, state={**ON_THE_BENCH, "bench_order": "loss"})
    shown = words(test)
    assert shown.index("Sjöängens skola") < shown.index("Lerbäckens skola 3 000 000")
    assert "+271 kr" in shown, "kronor per elev"
    assert "+3,3 %" in shown
    test.text_input(key="bench_search").input("sjö").run()
    assert "Lerbäckens skola 3 000 000" not in words(test)


def test_the_map_and_the_derivation_of_a_trial_can_be_seen_before_anything_is_saved(screen: Screen) -> None:
    test = screen("workshop", fakes.CONTROLLER, state={**ON_THE_BENCH, "bench_view": "map"})
    assert "Karta: 1 enheter får mer, 1 mindre." in test.get("deck_gl_json_chart")[0].proto.alt
    test = screen("workshop", fakes.CONTROLLER, state={**ON_THE_BENCH, "bench_view": "why", "bench_why": "G03"})
    assert "ÄNDRAT I FÖRSÖK" in words(test)


def test_a_trial_is_saved_and_the_reader_told_that_it_is_never_paid(screen: Screen, answer: Answer) -> None:
    answer("workshop.workshop_view", lambda *_: replace(fakes_workshop.VIEW, scenarios=(fakes_workshop.SAVED,)))
    test = screen("workshop", fakes.CONTROLLER, state=ON_THE_BENCH)
    save = next(one for one in test.button if one.label == "Spara och frys försöket")
    save.click().run()
    assert "Försök 1 är sparat och fryst som körning 31. Det kan aldrig beslutas eller betalas." in words(test)
    assert test.query_params["forsok"] == "1"


def test_a_newer_edition_is_not_overwritten(screen: Screen, answer: Answer) -> None:
    def moved(*_: object) -> None:
        raise ScenarioMovedError(1, "Större pott", "Förvaltningschefen", datetime(2026, 11, 22, 8, tzinfo=UTC))

    answer("workshop.workshop_view", lambda *_: replace(fakes_workshop.VIEW, scenarios=(fakes_workshop.SAVED,)))
    answer("scenarios.save_scenario", moved)
    test = screen("workshop", fakes.CONTROLLER, query={"forsok": "1"})
    next(one for one in test.button if one.label == "Spara och frys försöket").click().run()
    assert "Förvaltningschefen sparade en nyare version av försök 1 ”Större pott” 2026-11-22 kl. 08.00" in words(test)


def test_a_link_opens_a_saved_trial(screen: Screen, answer: Answer) -> None:
    answer("workshop.workshop_view", lambda *_: replace(fakes_workshop.VIEW, scenarios=(fakes_workshop.SAVED,)))
    shown = words(screen("workshop", fakes.CONTROLLER, query={"forsok": "1"}))
    assert "Försöket kostar kommunen 90 000 kr mer" in shown
    assert "1 · Större pott" in shown
    assert "2026-11-20 10:00 av Controller, version 2" in shown


def test_a_number_in_the_address_that_is_no_trial_is_let_be(screen: Screen) -> None:
    assert no_bug(screen("workshop", fakes.CONTROLLER, query={"forsok": "9" * 30, "korning": "x"}))


def test_saved_trials_stand_side_by_side(screen: Screen, answer: Answer) -> None:
    both = (fakes_workshop.SAVED, fakes_workshop.SECOND)
    answer("workshop.workshop_view", lambda *_: replace(fakes_workshop.VIEW, scenarios=both))
    shown = words(screen("workshop", fakes.CONTROLLER, state={"bench_compare": [1, 2]}))
    assert "Det som skiljer försöken åt" in shown
    assert "som i körningen" in shown
    assert "2 900 000 kr" in shown


def test_who_may_only_look_opens_saved_trials_and_cannot_change_them(screen: Screen, answer: Answer) -> None:
    view = replace(fakes_workshop.VIEW, scenarios=(fakes_workshop.SAVED,), may_edit=False)
    answer("workshop.workshop_view", lambda *_: view)
    test = screen("workshop", fakes.CONTROLLER, query={"forsok": "1"})
    assert "Försöket kostar kommunen" in words(test)
    assert not [one for one in test.button if one.label in {"Lägg till", "Spara och frys försöket", "Ta bort"}]


def test_a_kommun_without_a_decided_run_is_told_what_is_missing(screen: Screen, answer: Answer) -> None:
    answer("workshop.workshop_view", lambda *_: replace(fakes_workshop.VIEW, bases=()))
    assert "Det finns ingen kontrollerad eller beslutad körning att pröva på än." in words(
        screen("workshop", fakes.CONTROLLER)
    )


def test_who_may_not_see_trials_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError("Din roll ger inte rätt att se försök.")

    answer("workshop.workshop_view", refuse)
    assert "Din roll ger inte rätt att se försök." in words(screen("workshop"))


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    shown = words(screen("workshop", fakes.CONTROLLER, query={"lang": "en"}, state=ON_THE_BENCH))
    assert "The trial costs the municipality SEK 90,000 more in the run's months" in shown
    assert "the committee" in shown
