"""Logging in as pages show it: the ways in, who one is, and why one is not let in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from streamlit.testing.v1 import AppTest

from core.base import CoreError
from core.usecases.login_views import Ended
from core.usecases.people_views import Redeemed
from pages.components import present
from pages.components.frozen import ask_frozen
from pages.components.reader import Reader
from tests.pages import fakes, fakes_login
from tests.pages.fakes import KOMMUN
from tests.pages.fakes_login import IN_ONE, LOCAL_PROOF, LOGIN, OUTCOMES
from tests.pages.reading import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor, Grant
    from core.usecases.login_views import Outcome, Proof
    from core.usecases.people_views import Person

    Open = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

SCRIPT = """
import streamlit as st
from core.access import NOBODY
from core.settings import LoginSettings
from core.usecases.login_views import SignedIn
from core.usecases.sign_in import narrowed
from pages import login
from pages.components import frame, gate, who
from pages.components.reader import Reader
from tests.pages import fakes, fakes_login

frame.language()
outcome = fakes_login.OUTCOMES["{outcome}"]
kommun = st.query_params.get("kommun", fakes_login.KOMMUN)
viewer = narrowed(outcome, kommun) if isinstance(outcome, SignedIn) else NOBODY
settings = fakes_login.LOGIN if {providers} else LoginSettings()
reader = Reader(fakes.FakeApp(), viewer, kommun, login=settings, outcome=outcome)
who.banner(reader)
with st.sidebar:
    who.switch(reader)
{part}.show(reader)
"""


@pytest.fixture
def opened(answer: Answer) -> Open:
    """Return a function that shows the login page, or the gate, to somebody."""

    def run(outcome: str = "public", part: str = "login", *, providers: bool = True, **query: str) -> AppTest:
        test = AppTest.from_string(SCRIPT.format(outcome=outcome, part=part, providers=providers), default_timeout=60)
        for name, value in query.items():
            test.query_params[name] = value
        test.run()
        assert not test.exception
        return test

    return run


def labels(test: AppTest) -> list[str]:
    return [button.label.replace("\\", "") for button in test.button]


def test_each_provider_has_a_button_that_says_what_the_kommun_calls_it(opened: Open) -> None:
    assert labels(opened()) == ["Logga in med kommunens konto", "Logga in med *regionen*"]


def test_without_a_provider_the_page_says_so(opened: Open) -> None:
    test = opened(providers=False)
    assert labels(test) == []
    assert "Inloggningen är inte kopplad till kommunens konton än." in words(test)


def test_the_form_of_local_accounts_is_shown_only_while_one_is_open(opened: Open, answer: Answer) -> None:
    assert not opened().text_input
    answer("break_glass.has_open_account", lambda _app: True)
    assert [field.label for field in opened().text_input] == ["Namn", "Lösenord"]


def test_a_failed_attempt_says_as_much_whatever_was_wrong(opened: Open, answer: Answer) -> None:
    tried: list[tuple[str, ...]] = []
    answer("break_glass.has_open_account", lambda _app: True)

    def attempt(_app: object, kommun: str, name: str, password: str) -> Proof | None:
        tried.append((kommun, name, password))
        return LOCAL_PROOF if password == "rätt" else None  # noqa: S105 - nobody's password

    answer("break_glass.log_in_locally", attempt)
    test = opened()
    test.text_input[0].set_value("jour")
    test.text_input[1].set_value("fel")
    button = next(one for one in test.button if one.label == "Logga in med lokalt konto")
    button.click().run()
    assert tried == [(KOMMUN, "jour", "fel")]
    assert "Det gick inte att logga in. Kontrollera namn och lösenord." in test.error[0].value
    test.text_input[1].set_value("rätt")
    next(one for one in test.button if one.label == "Logga in med lokalt konto").click().run()
    assert test.session_state["local_login"] == LOCAL_PROOF


def test_whoever_is_logged_in_is_told_as_whom(opened: Open) -> None:
    shown = words(opened("in_one"))
    assert "Du är inloggad som Anna Berg." in shown
    assert "rektor, Lerbäckens skola" in shown
    assert "Inloggad till 2026-11-22 17:00." in shown


def test_with_roles_in_two_kommuner_one_is_chosen_and_roles_are_those_of_it(opened: Open) -> None:
    test = opened("in_two")
    assert [box.label for box in test.sidebar.selectbox] == ["Kommun"]
    assert "Vintergäcken" not in words(test)
    other = opened("in_two", kommun="9902")
    assert "enskild huvudman, Vintergäcken AB" in words(other)
    assert "Lerbäckens" not in words(other)
    assert not opened("in_one").sidebar.selectbox


@pytest.mark.parametrize(
    ("utfall", "said"),
    [
        ("utloggad", "Du har loggat ut."),
        ("avbruten", "Inloggningen avbröts."),
        ("svarar-inte", "Inloggningstjänsten svarar inte."),
        ("<script>", ""),
    ],
)
def test_the_page_says_what_became_of_the_last_way_in(opened: Open, utfall: str, said: str) -> None:
    test = opened(utfall=utfall)
    assert said in words(test)
    assert "<script>" not in words(test)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("life", "högst 8 timmar"),
        ("idle", "på 30 minuter"),
        ("logout", "Du har loggat ut, här eller i en annan flik."),
        ("expired", "för gammal"),
        ("stale", "för gammal"),
        ("account", "Ditt konto är stängt."),
        ("unproved", "gick inte att känna igen"),
        ("local_expired", "Det lokala kontot är inte längre öppet."),
    ],
)
def test_an_ended_login_says_why_and_offers_a_way_back(opened: Open, outcome: str, said: str) -> None:
    test = opened(outcome, "gate")
    assert test.title[0].value == "Du har loggats ut"
    assert said in words(test)
    offered = labels(test)
    assert "Fortsätt utan att logga in" in offered
    assert ("Logga in med kommunens konto" in offered) == (outcome != "local_expired")
    assert "Anna" not in words(test)


def test_every_reason_has_words() -> None:
    import typing

    from core.access.logins import EndReason

    known = {outcome.why for outcome in OUTCOMES.values() if isinstance(outcome, Ended)}
    assert known == set(typing.get_args(EndReason))


@pytest.mark.parametrize(
    ("outcome", "said"), [("unknown", "du har inget konto här"), ("no_role", "ingen roll som gäller i dag")]
)
def test_somebody_without_a_role_is_told_who_they_are_and_whom_to_ask(opened: Open, outcome: str, said: str) -> None:
    test = opened(outcome, "gate")
    assert test.title[0].value == "Du har ingen behörighet här"
    assert said in words(test)
    assert "Inloggad som Anna Berg. Om systemförvaltaren frågar efter ditt id: p:0123456789abcdef01234567" in words(
        test
    )
    assert sorted(labels(test)) == ["Använd koden", "Logga ut"]


def test_an_invitation_is_redeemed_for_the_person_who_has_logged_in(opened: Open, answer: Answer) -> None:
    said: list[tuple[Person, str]] = []

    def redeem(_app: object, person: Person, code: str) -> None:
        said.append((person, code))
        raise CoreError("Koden går inte att använda.")

    answer("invitations.redeem", redeem)
    test = opened("unknown", "gate")
    test.text_input[0].set_value("  abc-def ")
    next(one for one in test.button if one.label == "Använd koden").click().run()
    assert said == [(fakes_login.ANNA, "abc-def")]
    assert "Koden går inte att använda." in words(test)


def test_no_code_is_not_a_wrong_code(opened: Open, answer: Answer) -> None:
    asked: list[str] = []
    answer("invitations.redeem", lambda _app, _person, code: asked.append(code))
    test = opened("unknown", "gate")
    next(one for one in test.button if one.label == "Använd koden").click().run()
    assert "Skriv koden först." in words(test)
    assert asked == []


@pytest.mark.parametrize(
    ("kommun", "last_day", "said"),
    [
        (KOMMUN, None, "Du har fått rollen rektor för Lerbäckens skola från 2027-01-01 och tills vidare."),
        (KOMMUN, date(2027, 6, 30), "för Lerbäckens skola från 2027-01-01 till och med 2027-06-30."),
        ("9902", None, "tills vidare. Välj Granne i sidofältet för att använda den."),
    ],
)
def test_a_code_that_is_used_says_which_role_it_gave_from_when_and_where(
    opened: Open, answer: Answer, kommun: str, last_day: date | None, said: str
) -> None:
    name = "Lindvik" if kommun == KOMMUN else "Granne"
    given = Redeemed(kommun, name, "rektor", "rektor", "enhet", "Lerbäckens skola", date(2027, 1, 1), last_day)
    answer("invitations.redeem", lambda *_: given)
    test = opened("in_one", "fakes_login")
    test.text_input(key="invitation_code").set_value("abc")
    next(one for one in test.button if one.label == "Använd koden").click().run()
    assert said in words(test)
    assert said not in words(test.run()), "sägs en gång"


@pytest.mark.parametrize(
    ("outcome", "providers", "offered"), [("public", True, 1), ("public", False, 0), ("in_one", True, 0)]
)
def test_a_closed_page_offers_to_log_in_to_whoever_has_not(
    opened: Open, outcome: str, offered: int, *, providers: bool
) -> None:
    test = opened(outcome, "fakes_login.closed", providers=providers)
    assert "Du har inte behörighet" in words(test)
    assert len([one for one in test.get("page_link") if "Logga in" in one.proto.label]) == offered


def test_the_pages_speak_english(opened: Open) -> None:
    assert "You have been logged out" in words(opened("idle", "gate", lang="en"))
    assert "Logged in until 22 Nov 2026, 17:00." in words(opened("in_one", lang="en"))


# --- parts that run by themselves ask again who is there ------------------------------------------------------------


def reader_of(outcome: str) -> Reader:
    one = OUTCOMES[outcome]
    return Reader(fakes.FakeApp(), IN_ONE.actor, KOMMUN, login=LOGIN, outcome=one)  # type: ignore[arg-type]


def test_a_file_is_not_made_for_whoever_has_gone(answer: Answer) -> None:
    present.reads(reader_of("in_one"))
    make = present.asked_again(lambda: b"hemligt")
    assert make() == b"hemligt"
    now: list[Outcome] = [Ended("logout")]
    answer("sign_in.sign_in", lambda *_: now[-1])
    with pytest.raises(present.NotHereError):
        make()
    now.append(fakes_login.IN_TWO)
    assert make() == b"hemligt", "samma roller i kommunen"
    present.reads(reader_of("public"))
    assert present.asked_again(lambda: b"offentligt")() == b"offentligt"


FRAGMENT = """
import streamlit as st
from pages.components import present
from tests.pages.test_login import reader_of

@present.fragment
def part(reader, word):
    st.button("klicka", key="k")
    st.write(word)

reader = st.session_state.setdefault("r", 0) == 0 and reader_of("in_one")
if reader:
    reader.memo[present.FRESH] = "ja"
    st.session_state["r"] = 1
    part(reader, "hemligt")
else:
    st.write("hela sidan körs om")
"""


def test_a_part_of_a_page_runs_the_whole_page_when_its_reader_has_gone(answer: Answer) -> None:
    answer("sign_in.sign_in", lambda *_: Ended("logout"))
    test = AppTest.from_string(FRAGMENT).run()
    assert "hemligt" in words(test)
    test.button[0].click().run()
    assert "hemligt" not in words(test)
    assert "hela sidan körs om" in words(test)


def test_nothing_runs_by_itself_without_asking_who_is_there() -> None:
    """Fragments and files made on click have one home each, which asks."""
    homes = {"st.fragment": "present.py", "st.download_button": "downloads.py", "run_every": "nowhere"}
    files = [*Path("pages").rglob("*.py"), Path("app.py")]
    for call, home in homes.items():
        users = {file.name for file in files if re.search(rf"{re.escape(call)}\b", file.read_text(encoding="utf-8"))}
        assert users <= {home}, f"{call} används utanför {home}"


def test_an_answer_is_remembered_for_exactly_those_who_may_see_the_same(answer: Answer) -> None:
    """Roles, their scope and the kommun are part of what an answer is kept under: nobody meets another's."""
    asked: list[tuple[Grant, ...]] = []

    def use_case(_app: object, viewer: Actor) -> str:
        asked.append(viewer.roles)
        return str(viewer.roles)

    answer("data_version.data_version", lambda *_: "1")
    full = IN_ONE.actor
    narrower = replace(full, roles=(replace(full.roles[0], scope_id="G04"),))
    elsewhere = replace(full, roles=(replace(full.roles[0], kommun="9902"),))
    for viewer in (full, narrower, elsewhere, replace(full, roles=()), full):
        reader = Reader(fakes.FakeApp(), viewer, KOMMUN)  # type: ignore[arg-type]  # as the fakes are
        assert ask_frozen(use_case, reader) == str(viewer.roles)
    assert len(asked) == 4, "den sista frågan var den första igen"
