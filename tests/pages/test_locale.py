from __future__ import annotations

import string
from typing import TYPE_CHECKING

import pytest
from babel.messages.pofile import read_po

from pages.components import text
from tests.pages.messages_in_code import CATALOGUE, Message, messages_in_code

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

MESSAGES = messages_in_code()


@pytest.fixture(scope="module")
def english() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="en")


def first(message: Message) -> str:
    return message if isinstance(message, str) else message[0]


def forms(texts: object) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)  # type: ignore[arg-type]  # str or a tuple of them


def fields(message: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(message) if name is not None}


def test_every_text_of_the_pages_has_an_english_form(english: Catalog) -> None:
    missing = [
        first(message) for message in MESSAGES if not (english.get(first(message)) and english[first(message)].string)
    ]
    assert missing == []


def test_the_catalogue_holds_no_text_that_no_page_uses(english: Catalog) -> None:
    used = {first(message) for message in MESSAGES}
    assert [message.id for message in english if message.id and forms(message.id)[0] not in used] == []


def test_no_english_text_is_marked_as_a_guess(english: Catalog) -> None:
    assert [message.id for message in english if message.fuzzy and message.id] == []


@pytest.mark.parametrize("message", MESSAGES, ids=first)
def test_a_translation_keeps_the_places_for_figures(english: Catalog, message: Message) -> None:
    swedish = forms(message)
    for translated, original in zip(forms(english[first(message)].string), swedish, strict=True):
        assert fields(translated) == fields(original)


@pytest.mark.parametrize("message", MESSAGES, ids=first)
def test_the_swedish_text_can_be_filled_in(message: Message) -> None:
    for swedish in forms(message):
        assert swedish.strip()
        assert swedish.format_map(dict.fromkeys(fields(swedish), "x"))


def test_swedish_is_the_message_itself_and_english_its_translation() -> None:
    text.speak("sv")
    assert text._("Karta") == "Karta"
    text.speak("en")
    assert text._("Karta") == "Map"
    assert text.ngettext("{n} elev", "{n} elever", 1) == "{n} pupil"
    assert text.ngettext("{n} elev", "{n} elever", 2) == "{n} pupils"
    assert text._("en text som ingen har översatt") == "en text som ingen har översatt"
    text.speak("sv")
