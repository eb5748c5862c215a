from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from core.base import CoreError, Issue
from core.usecases.views import BasisView, BookRow
from pages.components import offering
from tests.pages import fakes
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


@dataclass(frozen=True)
class Result:
    """As imports.receive answers."""

    batch: object
    issues: tuple[Issue, ...]
    unchanged: bool


@dataclass(frozen=True)
class Report:
    """As runs.verify answers."""

    ok: bool
    level: str
    findings: tuple[str, ...]


def open_tab(screen: Screen, tab: str, **query: str) -> AppTest:
    return screen("basis", fakes.CONTROLLER, query=query, state={"basis_tabs": tab})


def test_the_finding_counts_what_waits_and_says_whether_the_books_close(screen: Screen) -> None:
    shown = words(screen("basis", fakes.CONTROLLER))
    assert "1 inläsning väntar på svar." in shown
    assert "Boken för utfall 2026, körning 14 (kontrollerad) går ihop på öret." in shown


def test_each_delivery_stands_with_state_rows_tie_out_and_who_delivered_it(screen: Screen) -> None:
    shown = words(screen("basis", fakes.CONTROLLER))
    assert "22 · Elevregister" in shown
    assert "Mottagen" in shown
    assert "11 020 / 11 020 rader: stämmer" in shown
    assert "handläggare Nyström, 2026-11-01 09:00" in shown


def test_an_opened_delivery_names_every_fault_with_row_column_and_remedy(screen: Screen) -> None:
    shown = words(screen("basis", fakes.CONTROLLER, query={"inlasning": "22"}))
    assert "Inläsning 22: enrolments_2026.csv" in shown
    assert "0 fel och 2 varningar" in shown
    assert "Rätta raden i elevregistret." in shown


def test_a_received_delivery_can_be_accepted_or_rejected_and_an_accepted_one_reverted(screen: Screen) -> None:
    received = screen("basis", fakes.CONTROLLER, query={"inlasning": "22"})
    assert {"Godkänn", "Avvisa"} <= {button.label for button in received.button}
    accepted = screen("basis", fakes.CONTROLLER, query={"inlasning": "21"})
    assert "Återta" in {button.label for button in accepted.button}
    next(button for button in received.button if button.label == "Godkänn").click().run()
    assert "Inläsning 22 är nu: godkänd." in words(received)


@pytest.mark.parametrize("same", [False, True])
def test_who_delivered_and_who_accepted_are_both_said_and_that_it_was_the_same(
    screen: Screen, answer: Answer, *, same: bool
) -> None:
    accepted = replace(
        fakes.BATCHES[1], decided_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC), decided_by="controller Ek"
    )
    answer("basis.basis_view", lambda *_, **__: replace(fakes.BASIS, batches=(fakes.BATCHES[0], accepted)))
    answer("hands.same_hands", lambda *_: same)
    shown = words(screen("basis", fakes.CONTROLLER, query={"inlasning": "21"}))
    assert "Inläst 2026-11-01 09:00 av handläggare Nyström. Godkänd 2026-11-02 10:30 av controller Ek." in shown
    assert ("Samma person läste in och godkände." in shown) is same


def test_what_the_core_refuses_is_said_and_nothing_else_changes(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise CoreError("Inläsning 22 har 3 fel och kan inte godkännas.")

    answer("imports.accept", refuse)
    test = screen("basis", fakes.CONTROLLER, query={"inlasning": "22"})
    next(button for button in test.button if button.label == "Godkänn").click().run()
    assert "Det gick inte Inläsning 22 har 3 fel och kan inte godkännas." in words(test)


def test_who_may_not_import_sees_no_form_and_no_answer_buttons(screen: Screen, answer: Answer) -> None:
    answer(
        "basis.basis_view", lambda *_, **__: replace(fakes.BASIS, may_import=False, may_accept=False, may_decide=False)
    )
    test = screen("basis", fakes.CONTROLLER, query={"inlasning": "22"})
    assert "Läs in en fil" not in words(test)
    assert "Godkänn" not in {button.label for button in test.button}


def test_a_page_may_send_a_file_once_it_shows_a_field_for_it_and_its_reader_stays(screen: Screen) -> None:
    session = "test session id"
    screen("basis", fakes.CONTROLLER)
    assert not offering.is_offered(session)
    screen("basis", fakes.CONTROLLER, state={"upload": True})
    assert offering.is_offered(session)


def test_an_uploaded_file_shows_all_its_faults_at_once(screen: Screen, answer: Answer) -> None:
    faults = tuple(
        Issue("error", "code", "elever.csv", row, "arskurs", "11", "F, 1–9", f"Rätta årskursen på rad {row}.")
        for row in (3, 9)
    )
    given: list[object] = []

    def receive(_app: object, _viewer: object, delivery: object, _progress: object) -> Result:
        given.append(delivery)
        batch = replace(fakes.BATCHES[0], errors=2, warnings=0)
        answer("basis.basis_view", lambda *_, **__: replace(fakes.BASIS, batches=(batch, *fakes.BATCHES[1:])))
        answer("basis.issues_of", lambda *_: faults)
        return Result(batch, faults, unchanged=False)

    answer("imports.receive", receive)
    test = screen("basis", fakes.CONTROLLER, state={"upload": True})
    test.file_uploader[0].set_value(("elever.csv", b"elev;enhet\r\n", "text/csv"))
    next(button for button in test.button if button.label == "Läs in").click().run()
    shown = words(test)
    assert "Filen kan inte godkännas förrän felen är rättade." in shown
    assert "2 fel och 0 varningar" in shown
    assert "Rätta årskursen på rad 3." in shown
    assert "Rätta årskursen på rad 9." in shown
    assert len(given) == 1
    assert {"Avvisa"} == {button.label for button in test.button} & {"Godkänn", "Avvisa"}


def test_a_form_without_a_file_asks_for_one(screen: Screen) -> None:
    test = screen("basis", fakes.CONTROLLER, state={"upload": True})
    next(button for button in test.button if button.label == "Läs in").click().run()
    assert "Välj en fil och en hel period" in words(test)


def test_runs_stand_with_state_decision_model_and_fingerprint(screen: Screen) -> None:
    shown = words(open_tab(screen, "Körningar"))
    assert "14 · Utfall 2026" in shown
    assert "2025-11-17 § 212" in shown
    assert "a3f1a3f1a3f1" in shown


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (Report(ok=True, level="rader till antal", findings=()), "blev densamma (rader till antal)"),
        (Report(ok=False, level="antal till rader", findings=("G03: 100 öre skiljer.",)), "G03: 100 öre skiljer."),
    ],
)
def test_a_check_tells_its_level_or_what_differs(screen: Screen, answer: Answer, report: Report, said: str) -> None:
    answer("verify.verify", lambda *_: report)
    test = open_tab(screen, "Körningar")
    test.button(key="verify").click().run()
    assert said in words(test)


def test_a_decision_needs_its_words(screen: Screen) -> None:
    test = open_tab(screen, "Körningar", korning="14")
    test.button(key="decide_button_14").click().run()
    assert "Skriv vilket beslut det gäller." in words(test)


def test_a_new_run_waits_for_its_check(screen: Screen) -> None:
    test = open_tab(screen, "Körningar")
    test.button(key="create_button").click().run()
    assert "Körning 14 är räknad och väntar på kontroll." in words(test)


def test_the_books_name_every_term_and_the_difference(screen: Screen) -> None:
    shown = words(open_tab(screen, "Boken"))
    assert "Alla poster är namngivna och skillnaden är 0 öre." in shown
    assert "Volymskillnad" in shown
    assert "Skillnad" in shown


def test_books_that_do_not_close_say_by_how_much(screen: Screen, answer: Answer) -> None:
    answer("basis.basis_view", lambda *_, **__: replace(fakes.BASIS, books_close=False, books_difference_ore=-1))
    shown = words(open_tab(screen, "Boken"))
    assert "Skillnaden är −0,01 kr. Körningen kan inte beslutas." in shown


def test_uncounted_rows_stand_with_their_reason(screen: Screen) -> None:
    assert "Passar ingen kategori i modellen" in words(open_tab(screen, "Utan kategori"))


def test_an_empty_municipality_says_so_on_every_tab(screen: Screen, answer: Answer) -> None:
    empty = replace(
        fakes.BASIS,
        batches=(),
        runs=(),
        chosen=None,
        books=(),
        books_close=None,
        books_difference_ore=None,
        uncounted=(),
    )
    answer("basis.basis_view", lambda *_, **__: empty)
    assert "Ingen fil är inläst än." in words(screen("basis", fakes.CONTROLLER))
    for tab, said in (
        ("Körningar", "Ingen körning är gjord än."),
        ("Boken", "Ingen körning har någon bok än."),
        ("Utan kategori", "Alla rader i registret räknas i någon kategori."),
    ):
        test = open_tab(screen, tab)
        assert said in words(test)
        assert no_bug(test)


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    shown = words(screen("basis", fakes.CONTROLLER, query={"lang": "en", "inlasning": "22"}))
    assert "1 delivery awaits an answer." in shown
    assert "0 errors and 2 warnings" in shown


def test_the_terms_of_the_books_are_named_in_the_readers_language(screen: Screen, answer: Answer) -> None:
    terms = ("rader.grundskola", "ovrigt.individ", "ej_raknat", "andrad_modell", "egen_reserv")
    named = tuple(BookRow("right", term, "på svenska", 1) for term in terms)
    answer("basis.basis_view", lambda *_, **__: replace(fakes.BASIS, books=named))
    shown = words(open_tab(screen, "The books", lang="en"))
    for text in ("Allocated to units: compulsory", "Pots and decided amounts", "Months not yet counted", "på svenska"):
        assert text in shown


def delivery(state: str = "accepted", kind: str = "enrolments", **other: object) -> BasisView:
    """Return the page's answer with one delivery more, number 20."""
    one = replace(fakes.BATCHES[1], number=20, kind=kind, state=state, **other)  # type: ignore[arg-type]  # its fields
    return replace(fakes.BASIS, batches=(*fakes.BATCHES, one))


def test_a_delivery_whose_rows_are_erased_says_so_in_the_list_and_what_can_still_be_checked(
    screen: Screen, answer: Answer
) -> None:
    answer("basis.basis_view", lambda *_, **__: delivery(erased_on=date(2030, 3, 1)))
    test = screen("basis", fakes.CONTROLLER)
    assert "Godkänd, raderna gallrade 2030-03-01" in words(test)
    assert "från antal till rader" not in words(test)
    shown = words(screen("basis", fakes.CONTROLLER, query={"inlasning": "20"}))
    assert "Raderna är gallrade 2030-03-01. Hur många de var står kvar" in shown
    assert "går att kontrollera från antal till rader (python -m core verify-run), men inte från elevernas" in shown
    english = words(screen("basis", fakes.CONTROLLER, query={"inlasning": "20", "lang": "en"}))
    assert "rows erased 1 Mar 2030" in english
    assert "can be checked from counts to lines (python -m core verify-run), but not from the pupils' rows" in english


def test_erased_rows_that_no_count_rests_on_say_nothing_of_counts(screen: Screen, answer: Answer) -> None:
    answer("basis.basis_view", lambda *_, **__: delivery(kind="staff", erased_on=date(2030, 3, 1)))
    shown = words(screen("basis", fakes.CONTROLLER, query={"inlasning": "20"}))
    assert "Raderna är gallrade 2030-03-01." in shown
    assert "verify-run" not in shown


def test_a_delivery_whose_rows_are_kept_says_nothing_of_erasing(screen: Screen) -> None:
    assert "gallrad" not in words(screen("basis", fakes.CONTROLLER, query={"inlasning": "22"}))


def test_a_list_of_faults_that_is_erased_is_not_taken_for_none(screen: Screen, answer: Answer) -> None:
    answer("basis.basis_view", lambda *_, **__: delivery(warnings=3))
    shown = words(screen("basis", fakes.CONTROLLER, query={"inlasning": "20"}))
    assert "Fellistan är gallrad." in shown
    assert "Inga fel och inga varningar." not in shown


def test_a_delivery_turned_down_says_by_whom_when_and_why_to_who_may_know(screen: Screen, answer: Answer) -> None:
    at = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
    answer("basis.basis_view", lambda *_, **__: delivery("rejected", decided_at=at, decided_by="Ekonom Bergdahl"))
    said = screen("basis", fakes.CONTROLLER, query={"inlasning": "20"})
    assert "Avvisad 2026-11-02 09:00 av Ekonom Bergdahl." in words(said)
    assert "Skäl:" not in words(said)
    answer("reasons.batch_reason", lambda *_: "fel <b>period</b>")
    shown = words(screen("basis", fakes.CONTROLLER, query={"inlasning": "20"}))
    assert "Avvisad 2026-11-02 09:00 av Ekonom Bergdahl. Skäl: fel <b>period</b>" in shown.replace("&lt;", "<").replace(
        "&gt;", ">"
    )
