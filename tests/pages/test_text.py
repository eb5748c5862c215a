from __future__ import annotations

from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from pages.components import text, why

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def swedish() -> Iterator[None]:
    text.speak("sv")
    yield
    text.speak("sv")


@pytest.mark.parametrize(
    ("ore", "shown"),
    [
        (906_920_000, "9 069 200 kr"),
        (-16_710_000, "−167 100 kr"),
        (149, "1 kr"),
        (150, "2 kr"),
        (0, "0 kr"),
        (None, "–"),
    ],
)
def test_kronor_are_written_whole_with_no_break_spaces_and_a_true_minus(ore: int | None, shown: str) -> None:
    assert text.kr(ore) == shown.replace(" ", "\u00a0")


def test_ore_are_written_when_asked_for_and_there_are_any() -> None:
    assert text.kr(Fraction(7546), exact=True) == "75,46\u00a0kr"
    assert text.kr(Fraction(7500), exact=True) == "75\u00a0kr"


def test_a_difference_carries_its_sign() -> None:
    assert [text.signed_kr(ore).replace("\u00a0", " ") for ore in (100, 0, -100)] == ["+1 kr", "0 kr", "−1 kr"]


def test_elever_have_decimals_only_when_the_mean_has() -> None:
    assert text.elever(Fraction(369)) == "369\u00a0elever"
    assert text.elever(Fraction(3695, 10)) == "369,5\u00a0elever"
    assert text.elever(1) == "1\u00a0elev"
    assert text.elever(None) == "–"


def test_shares_days_moments_and_months_are_swedish() -> None:
    assert text.percent(Fraction(3, 100)) == "3\u00a0%"
    assert text.day(date(2026, 10, 15)) == "2026-10-15"
    assert text.last_day(date(2027, 1, 1)) == "2026-12-31"
    assert text.last_day(None) == "–"
    assert text.moment(datetime(2026, 7, 1, 6, 30, tzinfo=UTC)) == "2026-07-01 08:30"
    assert (text.month(10), text.short_month(10)) == ("oktober", "okt.")


def test_english_has_forms_of_its_own() -> None:
    text.speak("en")
    assert text.kr(906_920_000) == "SEK\u00a09,069,200"
    assert text.kr(-100) == "−SEK\u00a01"
    assert text.percent(Fraction(3, 100)) == "3%"
    assert text.day(date(2026, 10, 15)) == "15 Oct 2026"
    assert text.month(10) == "October"
    assert why.figure(Fraction(57400), "kr/elev") == "SEK\u00a057,400 per pupil"


def test_what_is_made_later_speaks_the_language_it_was_asked_in() -> None:
    text.speak("en")
    later = text.in_language(lambda: text._("Karta"))
    text.speak("sv")
    assert later() == "Map"
    assert text._("Karta") == "Karta"


def test_names_from_outside_are_shown_as_they_stand() -> None:
    assert text.plain("a*b_c [d](e) :red[f] $g$ <h>") == r"a\*b\_c \[d\]\(e\) \:red\[f\] \$g\$ \<h\>"
    assert text.foreign("<b>x</b>") == "&lt;b&gt;x&lt;/b&gt;"
    text.speak("en")
    assert text.foreign("Undervisning") == '<span lang="sv">Undervisning</span>'


def test_a_list_reads_as_a_sentence() -> None:
    assert text.joined(["a", "b", "c"]) == "a, b och c"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (Fraction(9_069_200), "kr", "9 069 200 kr"),
        (Fraction(7546, 100), "kr", "75,46 kr"),
        (Fraction(755, 10), "kr", "75,50 kr"),
        (Fraction(1033, 18), "kr/elev", "≈ 57,3889 kr per elev"),
        (Fraction(41_328), "viktade elever", "41 328 viktade elever"),
        (Fraction(3, 100), "", "0,03"),
    ],
)
def test_a_figure_of_a_derivation_says_when_it_is_cut(value: Fraction, unit: str, shown: str) -> None:
    assert why.figure(value, unit).replace("\u00a0", " ") == shown
