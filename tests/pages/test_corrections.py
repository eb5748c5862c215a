"""Corrections under Månad för månad and in Underlag; the final settlement; a provisional price list."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pages.components import corrections
from tests.pages import fakes
from tests.pages.fakes_corrections import CORRECTIONS, FINAL, LATER, SETTLED, SETTLEMENT
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    from core.usecases.settlement import SettlementRow
    from core.usecases.views import RunInfo

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def months(screen: Screen, answer: Answer, run: RunInfo) -> AppTest:
    answer("allocation.allocation_of", lambda *_: replace(fakes.ALLOCATION, run=run))
    return screen("allocation", query={"enhet": "G03"}, state={"allocation_tabs": "Månad för månad"})


def books(screen: Screen, answer: Answer, run: RunInfo) -> AppTest:
    answer("basis.basis_view", lambda *_, **__: replace(fakes.BASIS, chosen=run))
    return screen("basis", fakes.CONTROLLER, state={"basis_tabs": "Boken"})


def test_a_unit_reads_old_new_why_and_when_it_is_paid(screen: Screen, answer: Answer) -> None:
    test = months(screen, answer, LATER)
    shown = words(test)
    assert "Jämfört med körning 14 är summan ändrad med +19 140 kr." in shown
    assert "elevantalet och index eller beslutade belopp" in shown
    assert "vid slutavräkningen" in shown
    assert "vid nästa utbetalning" in shown
    assert "+19 140 kr väntar på slutavräkningen" in shown  # mars of this run, februari of the one before
    assert "Väntar sedan tidigare körningar" in shown
    assert no_bug(test)


def test_the_first_run_of_a_year_says_nothing_of_corrections(screen: Screen, answer: Answer) -> None:
    assert "Rättelser" not in words(months(screen, answer, fakes.RUN))


def test_a_run_that_changed_nothing_says_so(screen: Screen, answer: Answer) -> None:
    answer("settlement.corrections_of_unit", lambda *_: replace(CORRECTIONS, rows=(), waiting=()))
    assert "Inget belopp är ändrat sedan körning 14." in words(months(screen, answer, LATER))


def test_what_rests_on_individual_support_is_sealed_with_its_reason(screen: Screen, answer: Answer) -> None:
    answer(
        "settlement.corrections_of_unit", lambda *_: replace(CORRECTIONS, rows=(), waiting=(), sealed="För få beslut.")
    )
    shown = words(months(screen, answer, LATER))
    assert "För få beslut." in shown
    assert "Inget belopp är ändrat" not in shown


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SETTLED[0], "Betalt är 43 118 200 kr och rätt belopp 43 137 340 kr: 19 140 kr ska betalas ut."),
        (SETTLED[1], "Betalt är 9 000 000 kr och rätt belopp 8 990 000 kr: skillnaden −10 000 kr ska tillbaka."),
        (replace(SETTLED[0], due_ore=4_311_820_000, difference_ore=0), "Betalt är 43 118 200 kr, och det är rätt"),
    ],
)
def test_a_settlement_is_said_in_one_sentence(screen: Screen, answer: Answer, row: SettlementRow, said: str) -> None:
    answer("settlement.corrections_of_unit", lambda *_: replace(SETTLEMENT, settlement=(row,)))
    assert said in words(months(screen, answer, FINAL))


def test_underlag_shows_every_unit_and_what_is_to_pay_and_to_recover(screen: Screen, answer: Answer) -> None:
    shown = words(books(screen, answer, FINAL))
    assert "Att betala 19 140 kr, att återkräva 10 000 kr, jämfört med körning 14." in shown
    assert "Slutavräkning 2026, enhet för enhet" in shown
    assert "Lerbäckens skola, oktober" in shown
    assert "1 enhet visas inte här" in shown


def test_underlag_says_nothing_of_corrections_for_the_first_run_of_a_year(screen: Screen, answer: Answer) -> None:
    assert "Rättelser av månader" not in words(books(screen, answer, fakes.RUN))


def test_every_reason_has_its_words() -> None:
    for code in ("units", "counts", "prices", "model", "facts", "pools"):
        assert corrections.reason(code)


def test_a_provisional_price_list_is_said_at_the_top(screen: Screen, answer: Answer) -> None:
    shown = words(months(screen, answer, replace(fakes.RUN, provisional=("juli–december",))))
    assert "Preliminära belopp När prislistan juli–december är beslutad räknas beloppen om" in shown
    assert "preliminär prislista: juli–december" in shown
