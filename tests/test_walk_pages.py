"""Every page of the dashboard opened whole as everybody: nothing that is sent tells what the reader may not know.

Text, tables, charts' data, maps, alternative texts, files, the address that is written back, error messages; the page
border's memory between readers; and the log. Who may know what stands in ``tests/support/canaries.py``.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from tests.support import two_kommuner
from tests.support.canaries import LOGGED, Guard, everybody, who_is
from tests.support.secrets_kept import secrets_of
from tests.support.two_kommuner import LILLBY, STORBY
from tests.support.unpacked import told
from tests.support.whole_app import Screens, page_paths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from tests.support.canaries import Secret, Who
    from tests.support.databases import DatabaseMaker
    from tests.support.two_kommuner import World

PAGES = page_paths()
SOME = ("områdeschef i Lillby", "huvudman i Lillby", "allmänheten i Lillby", "controller i Storby")
"""Who looks on the second engine."""
FEW = ("huvudman i Storby", "områdeschef i Storby", "systemförvaltare i Storby")
"""Who looks in by the use cases alone."""
SWITCHES = {"persona": "controller", "kommun": STORBY.code, "lang": "en"}
ADDRESSES: tuple[dict[str, str], ...] = (
    {"enhet": STORBY.unit("A1"), "korning": "7", "utbetalning": "3", "beslut": "2", "rad": "dim:individ", **SWITCHES},
    {"enhet": "B1", "ar": "2026", "visa": "utfall", "korning": "7", "inlasning": "13",
     "rad": "line:stod|grundskola|var"},
    {"enhet": "<script>alert(1)</script>", "ar": "0", "korning": "999999999", "mot": "-1", "rad": "line:a|b|c"},
    {"enhet": "'; DROP TABLE run; --", "ar": "99999999999999999999", "visa": "\x00", "inlasning": "999999999"},
)  # fmt: skip
"""Another kommun's unit and numbers, with somebody else named; another unit; markup; SQL and what is no number."""


@pytest.fixture(scope="module")
def world(
    request: pytest.FixtureRequest, database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Give both kommuner on the engine that the test names."""
    with two_kommuner.standing(database_maker, request.param, tmp_path_factory.mktemp("kommuner")) as world:
        yield world


@pytest.fixture(scope="module")
def secrets(world: World) -> list[Secret]:
    """Give the secrets of both kommuner."""
    return secrets_of(world)


@pytest.fixture
def screens(world: World, monkeypatch: pytest.MonkeyPatch) -> Screens:
    """Give the dashboard on the world's database, its memory empty."""
    return Screens(world.app, monkeypatch)


def leaks_of(screens: Screens, secrets: Sequence[Secret], page: str, who: Who, query: dict[str, str]) -> list[str]:
    """Return what opening a page told that it should not have, and what broke."""
    sent = screens.open(page, who.actor, query)
    asked = " ".join(query.values())
    found = Guard(who, secrets).leaks(told(sent.everything()), asked)
    return [f"/{page} {query}: {one}" for one in (*found, *(f"{who.name}: {fault}" for fault in sent.faults))]


SQLITE = pytest.mark.parametrize("world", ["sqlite"], indirect=True)
POSTGRES = pytest.mark.parametrize("world", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)


@SQLITE
@pytest.mark.parametrize("page", PAGES)
def test_no_page_tells_anybody_what_they_may_not_know(
    page: str, screens: Screens, secrets: list[Secret], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = [one for who in everybody() if who.name not in FEW for one in leaks_of(screens, secrets, page, who, {})]
    assert found == []
    logged = [one.what for one in secrets if one.words and one.kinds & LOGGED and one.words in caplog.text]
    assert logged == []


@SQLITE
@pytest.mark.parametrize("page", PAGES)
def test_no_forged_address_opens_more(
    page: str, screens: Screens, secrets: list[Secret], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    found = [
        one
        for name in ("huvudman i Lillby", "allmänheten i Storby")
        for query in ADDRESSES
        for one in leaks_of(screens, secrets, page, who_is(name), query)
    ]
    assert found == []
    assert [one.what for one in secrets if one.words and one.kinds & LOGGED and one.words in caplog.text] == []


@SQLITE
@pytest.mark.parametrize("page", PAGES)
def test_what_one_reader_has_seen_stays_in_no_memory_for_the_next(
    page: str, screens: Screens, secrets: list[Secret]
) -> None:
    """All are called the same, so that a memory which looks at the name alone would mix them up."""
    first, second = (who_is(name, "p:samma") for name in ("controller i Lillby", "allmänheten i Lillby"))
    other = who_is("controller i Storby", "p:samma")
    query = {"enhet": LILLBY.unit("A1")}
    for who in (first, second, other, first, second):
        assert leaks_of(screens, secrets, page, who, query) == []


@POSTGRES
@pytest.mark.parametrize("page", PAGES)
def test_no_page_tells_more_on_the_other_engine(page: str, screens: Screens, secrets: list[Secret]) -> None:
    found = [one for name in SOME for one in leaks_of(screens, secrets, page, who_is(name), {})]
    assert found == []


@SQLITE
def test_the_walk_opens_what_stands_on_the_pages(screens: Screens, secrets: list[Secret]) -> None:
    """A walk past closed doors sees nothing: a controller meets elever, support, questions, payments and files."""
    who, text = who_is("controller i Lillby"), ""
    ore: set[Fraction | int] = set()
    for page in PAGES:
        seen = told(screens.open(page, who.actor, {"enhet": "A1"}).everything())
        text, ore = text + seen.whole(), ore | seen.amounts()
    met = {kind for one in secrets if (one.words and one.words in text) or one.ore in ore for kind in one.kinds}
    assert met >= {"town", "support", "whole", "payment", "decision", "recovery", "question", "trial", "basis"}
