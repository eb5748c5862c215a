from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.pages import fakes
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

STEP = {"d_dim-bas": True, "s_step-grundskola-undervisning": True}
LINE = "line:grundskola.undervisning|grundskola.1_3|2026"
OPEN_LINE = {**STEP, "r_line-grundskola-undervisning-grundskola-1-3-2026": True}


def test_the_finding_says_what_the_unit_gets_and_how_that_differs(screen: Screen) -> None:
    shown = words(screen("allocation"))
    assert "Lerbäckens skola får 43 118 200 kr januari–oktober 2026." in shown
    assert "Det är 1 204 303 kr mer än samma månader 2025." in shown
    assert "Det är 14 elever fler än året före." in shown


def test_four_tiles_stand_at_the_top(screen: Screen) -> None:
    test = screen("allocation")
    assert [tile.label for tile in test.metric] == ["Per elev och år", "Elever", "Index", "Kvar av året"]
    assert [tile.value.replace("\u00a0", " ") for tile in test.metric] == ["116 852 kr", "369", "112", "7 186 367 kr"]


def test_the_standing_names_outcome_budget_decision_and_run(screen: Screen) -> None:
    assert "Utfall t.o.m. oktober · budgetbeslut 2025-11-17 § 212 · körning 14" in words(screen("allocation"))


def test_only_the_first_dimension_is_open_and_a_closed_one_sends_nothing(screen: Screen) -> None:
    labels = [str(getattr(box, "label", "")) for box in screen("allocation").get("expander")]
    assert any(label.startswith("Undervisning") for label in labels)
    assert not any(label.startswith("Årskurs") for label in labels)
    assert not any(label.startswith("Pott") for label in labels)


def test_three_openings_lead_to_quantity_price_and_source(screen: Screen) -> None:
    test = screen("allocation", state=OPEN_LINE)
    shown = words(test)
    assert "Årskurs 1–3 *158 elever × 57 400 kr* **9 069 200 kr**" in shown
    assert "158 elever × 57 400 kr per elev" in shown
    assert "≈ 57 388,8889 kr per elev, avrundat till närmaste 100 kr" in shown
    assert "103 300 000 kr / 1 800 elever" in shown
    assert "Beslut: Utbildningsnämnden 2025-11-17 § 212, prislista 2026, rad 3" in shown
    assert no_bug(test)


def test_a_deep_link_opens_the_way_to_its_row(screen: Screen) -> None:
    assert "158 elever × 57 400 kr per elev" in words(screen("allocation", query={"rad": LINE}))


def test_an_opened_line_shows_its_register_rows_when_asked(screen: Screen) -> None:
    key = "rows_line:grundskola.undervisning-grundskola.1_3-2026"
    purpose = {"purpose_line:grundskola.undervisning|grundskola.1_3|2026": "kontroll"}
    shown = words(screen("allocation", state={**OPEN_LINE, key: True, **purpose}))
    assert "158 rader räknas i oktober" in shown
    assert "inläsning 22, rad 3" in shown


def test_a_sealed_amount_shows_its_reason_and_no_figure(screen: Screen) -> None:
    shown = words(screen("allocation", state={"d_dim-individ": True}))
    assert "Individuellt stöd **visas inte**" in shown


def test_the_months_are_shown_as_a_chart_with_words_and_a_table(screen: Screen) -> None:
    test = screen("allocation", state={"allocation_tabs": "Månad för månad"})
    chart = test.get("vega_lite_chart")[0].proto
    assert "januari enligt budget" in chart.alt.lower()
    assert "preliminär" in words(test)


def test_months_that_would_give_support_away_are_not_drawn_and_the_page_says_why(
    screen: Screen, answer: Answer
) -> None:
    bare = tuple(replace(one, earned_ore=None, preliminary_ore=None, difference_ore=None) for one in fakes.MONTHS)
    closed = replace(fakes.ALLOCATION, months=bare, may_recompute=False, remaining_ore=None)
    answer("allocation.allocation_of", lambda *_: closed)
    test = screen("allocation", state={"allocation_tabs": "Månad för månad"})
    shown = words(test)
    assert "skillnaden mellan två månader kan röja" in shown
    assert "visas inte: individuellt stöd" in shown
    assert "ingen budget att visa" not in shown
    assert "Räknade elever" in shown
    assert "Enligt räknade elever" not in shown
    assert not test.get("vega_lite_chart")
    assert no_bug(test)


def test_a_year_without_a_run_says_which_year_is_decided_and_leads_there(screen: Screen) -> None:
    test = screen("allocation", query={"ar": "2027"})
    assert "Inga beslut för 2027 än. Senaste beslut: 2026." in words(test)
    test.button[0].click().run()
    assert "Lerbäckens skola får 43 118 200 kr januari–oktober 2026." in words(test)


def test_a_year_no_database_can_hold_is_not_asked_for(screen: Screen) -> None:
    page = screen("allocation", query={"ar": "9" * 25})
    assert not page.exception
    assert page.selectbox(key="w_ar").value == "2026"


def test_another_unit_in_the_address_is_refused_with_the_reason_and_not_replaced(screen: Screen) -> None:
    shown = words(screen("allocation", query={"enhet": "G04"}))
    assert "Du ser inte Sjöängens skola: din roll (rektor, Lerbäckens skola) gäller en annan enhet." in shown
    assert "43 118 200" not in shown


def test_changed_lines_are_shouted_about(screen: Screen, answer: Answer) -> None:
    answer("allocation.allocation_of", lambda *_: replace(fakes.ALLOCATION, verified_hash=False))
    assert "Beloppen kan ha ändrats" in words(screen("allocation"))


def test_missing_figures_are_dashes_and_never_zero(screen: Screen, answer: Answer) -> None:
    bare = replace(
        fakes.ALLOCATION,
        per_elev_ore=None,
        kommun_per_elev_ore=None,
        elever=None,
        index=None,
        remaining_ore=None,
        previous_total_ore=None,
        previous_elever=None,
        posts_hundredths=None,
        centrally_held_ore=None,
        rows=(),
        months=(),
    )
    answer("allocation.allocation_of", lambda *_: bare)
    test = screen("allocation")
    assert [tile.value for tile in test.metric] == ["–", "–", "–", "–"]
    assert no_bug(test)


def test_nobody_to_choose_is_said_in_words(screen: Screen, answer: Answer) -> None:
    answer("choices.units_for", lambda *_: ())
    assert "Det finns ingen enhet som du kan välja." in words(screen("allocation"))


def test_a_bug_is_shown_as_a_bug_and_not_as_a_message(screen: Screen, answer: Answer) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    answer("allocation.allocation_of", broken)
    assert screen("allocation").exception


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    shown = words(screen("allocation", query={"lang": "en"}, state=OPEN_LINE))
    assert "Lerbäckens skola gets SEK 43,118,200 in January–October 2026." in shown
    assert "158 pupils × SEK 57,400 per pupil" in shown
    assert "rounded to the nearest SEK 100" in shown


def test_the_reader_chooses_budget_and_sees_its_decision(screen: Screen) -> None:
    shown = words(screen("allocation", query={"visa": "budget"}))
    assert "Budget: beslutad · budgetbeslut 2025-11-17 § 212 · körning 13" in shown
