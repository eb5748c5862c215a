"""The page Behörigheter: everybody's roles, one change at a time said before it is made, and the own roles."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.access.oneself import NO_ROLE, OWN
from core.parameters import load_roles
from core.usecases.people import LastAdministratorError
from core.usecases.people_names import PersonNameError
from core.usecases.people_views import AccessPage, ClosedBy, Contradiction
from core.usecases.role_days import NewRole
from pages.components import people_words
from tests.pages import fakes
from tests.pages.fakes_people import CODE, EMPTY, MAJ, VIEW
from tests.pages.fakes_people import OWN as OWN_VIEW
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

ROLES, INVITATIONS, CHANGES, OWN_ROLES = "Roller", "Inbjudningar", "Ge och ta tillbaka", "Dina roller"


@pytest.fixture
def opened(screen: Screen) -> Callable[..., AppTest]:
    """Return a function that opens the page as the administrator at a tab, with widgets already set."""

    def at(tab: str = ROLES, **state: object) -> AppTest:
        return screen("people", fakes.CONTROLLER, state={"people_tabs": tab, **state})

    return at


@pytest.fixture
def asked(answer: Answer) -> Callable[[str], list[tuple[object, ...]]]:
    """Return a function that lets a use case note what it is asked."""

    def note(use_case: str, result: object = 1) -> list[tuple[object, ...]]:
        given: list[tuple[object, ...]] = []

        def answered(_app: object, _viewer: object, *what: object) -> object:
            given.append(what)
            return result

        answer(use_case, answered)
        return given

    return note


def test_the_finding_comes_first_and_every_role_with_its_days(opened: Callable[..., AppTest]) -> None:
    shown = words(opened())
    assert "2 personer har roller i Lindvik; 1 roll slutar inom 30 dagar och 1 inbjudan väntar." in shown
    for said in ("Maj-Lis Tallgård", "rektor", "Lerbäckens skola", "2026-12-18", "Slutar snart", "Börjar senare"):
        assert said in shown
    assert "systemförvaltare hela Lindvik Gäller nu 2026-01-07 tills vidare Kommandoraden (demo)" in shown
    assert no_bug(opened())


def test_no_address_stands_anywhere_on_the_page(opened: Callable[..., AppTest]) -> None:
    for tab in (ROLES, INVITATIONS, CHANGES, OWN_ROLES):
        assert "@" not in words(opened(tab)).replace("@import", "")
        assert "p:" not in words(opened(tab))


def test_an_empty_list_says_what_to_do(opened: Callable[..., AppTest], answer: Answer) -> None:
    answer("people_reading.access_page", lambda *_: AccessPage(EMPTY, None))
    shown = words(opened())
    assert "Ingen har någon roll än. Bjud in den första." in shown
    assert "ingen roll slutar inom 30 dagar och ingen inbjudan väntar." in shown
    assert "kommandot access-grant" in shown
    assert "Ingen inbjudan väntar." in words(opened(INVITATIONS))


def test_one_administrator_alone_is_warned(opened: Callable[..., AppTest], answer: Answer) -> None:
    assert "Bara en person är systemförvaltare" not in words(opened())
    answer("people_reading.access_page", lambda *_: AccessPage(replace(VIEW, administrators=1), None))
    assert "Bara en person är systemförvaltare" in words(opened())


def test_an_invitation_tells_what_will_happen_and_shows_its_code_once(
    opened: Callable[..., AppTest], asked: Callable[..., list[tuple[object, ...]]]
) -> None:
    test = opened(CHANGES)
    test.text_input(key="invite_name").input(" Nora Fjällvide ")
    test.selectbox(key="invite_role").select("rektor").run()
    assert "så står här vad som kommer att hända" in words(test)
    test.selectbox(key="invite_rektor_scope").select("enhet:G04").run()
    test.date_input(key="invite_last").set_value(date(2027, 6, 30)).run()
    said = "Nora Fjällvide får rollen rektor för Sjöängens skola från 2026-11-22 till och med 2027-06-30."
    assert said in words(test)
    test.button(key="invite_button").click().run()
    assert [one.value for one in test.code] == [CODE]
    assert "Koden visas bara nu. Lämna den till Nora Fjällvide" in words(test)
    assert not test.run().code
    assert "invited" not in test.session_state


def test_what_is_sent_is_what_was_chosen(
    opened: Callable[..., AppTest], asked: Callable[..., list[tuple[object, ...]]]
) -> None:
    given = asked("people.give_role", 6)
    test = opened(CHANGES, people_step="give", give_account="p:maj", give_role="controller")
    assert "Maj-Lis Tallgård får rollen controller för hela Lindvik från 2026-11-22 och tills vidare." in words(test)
    test.button(key="people_button").click().run()
    new = NewRole(role="controller", scope_kind="kommun", scope_id="9901", first_day=date(2026, 11, 22))
    assert given == [(fakes.KOMMUN, "p:maj", new)]
    assert "Maj-Lis Tallgård har fått rollen controller." in words(test)


@pytest.mark.parametrize(
    ("state", "use_case", "will", "sent", "done"),
    [
        (
            {"people_step": "end", "end_choice": 1}, "people.end_role",
            "Maj-Lis Tallgård har inte längre rollen rektor för Lerbäckens skola.", (fakes.KOMMUN, 1),
            "Rollen är avslutad: Maj-Lis Tallgård: rektor, Lerbäckens skola.",
        ),
        (
            {"people_step": "end", "end_choice": 4}, "people.end_role",
            "Maj-Lis Tallgård är inte längre anmäld som jävig i Sjöängens skola, och får tillbaka",
            (fakes.KOMMUN, 4), "Rollen är avslutad",
        ),
        (
            {"people_step": "close", "close_account": "p:maj"}, "people.close_account",
            "Maj-Lis Tallgård kommer inte in längre, och 2 roller avslutas.", (fakes.KOMMUN, "p:maj"),
            "Kontot är stängt: Maj-Lis Tallgård.",
        ),
        (
            {"people_step": "open", "open_account": "p:gamm"}, "people.open_account",
            "Gamla Kontot kan få roller igen", (fakes.KOMMUN, "p:gamm"), "Kontot är öppet: Gamla Kontot.",
        ),
        (
            {"people_step": "jav", "jav_account": "p:maj", "jav_scope": "enhet:G04"}, "people.give_role",
            "Maj-Lis Tallgård är från i dag jävig i Sjöängens skola.",
            (fakes.KOMMUN, "p:maj", NewRole(role="jav", scope_kind="enhet", scope_id="G04")),
            "Maj-Lis Tallgård är anmäld som jävig i Sjöängens skola.",
        ),
    ],
)  # fmt: skip
def test_each_change_says_what_will_happen_and_is_one_question_to_a_use_case(
    opened: Callable[..., AppTest],
    asked: Callable[..., list[tuple[object, ...]]],
    state: dict[str, object],
    use_case: str,
    will: str,
    sent: tuple[object, ...],
    done: str,
) -> None:
    given = asked(use_case)
    test = opened(CHANGES, **state)
    assert f"Det här händer: {will}" in words(test)
    assert given == []
    test.button(key="people_button").click().run()
    assert given == [sent]
    assert done in words(test)


def test_an_invitation_is_withdrawn_from_the_list(
    opened: Callable[..., AppTest], asked: Callable[..., list[tuple[object, ...]]]
) -> None:
    given = asked("invitations.withdraw", None)
    test = opened(INVITATIONS, withdraw_choice=1)
    assert "Det här händer: koden till Nora Fjällvide slutar fungera." in words(test)
    test.button(key="people_button").click().run()
    assert given == [(fakes.KOMMUN, 1)]
    assert "Inbjudan 1 är återtagen." in words(test)


def test_the_reader_is_never_offered_to_change_oneself_and_reads_why(opened: Callable[..., AppTest]) -> None:
    for step in ("give", "close", "jav"):
        test = opened(CHANGES, people_step=step)
        assert test.selectbox(key=f"{step}_account").options == [MAJ.name]
        assert "ditt eget konto ändrar en annan systemförvaltare: det behövs två." in words(test)
    assert not any("Embla" in one for one in opened(CHANGES, people_step="end").selectbox(key="end_choice").options)


def test_a_role_that_can_be_about_nothing_here_and_jav_are_not_offered_as_roles(
    opened: Callable[..., AppTest],
) -> None:
    assert opened(CHANGES).selectbox(key="invite_role").options == ["rektor", "controller"]


@pytest.mark.parametrize(
    ("use_case", "state", "fault", "said"),
    [
        ("people.end_role", {"people_step": "end", "end_choice": 1}, LastAdministratorError(), "sista system"),
        ("people.end_role", {"people_step": "end", "end_choice": 1}, ForbiddenError(OWN), "Det här gäller dig själv."),
        (
            "people.close_account", {"people_step": "close", "close_account": "p:maj"},
            PersonNameError("är tomt"), "Namnet är tomt.",
        ),
    ],
)  # fmt: skip
def test_a_refusal_is_shown_with_its_reason_and_the_page_stands(
    opened: Callable[..., AppTest],
    answer: Answer,
    use_case: str,
    state: dict[str, object],
    fault: Exception,
    said: str,
) -> None:
    def refuse(*_: object) -> None:
        raise fault

    answer(use_case, refuse)
    test = opened(CHANGES, **state)
    test.button(key="people_button").click().run()
    assert said in words(test)
    assert "Rollen är avslutad" not in words(test)
    assert no_bug(test)


def test_the_auditor_reads_and_is_offered_no_change(opened: Callable[..., AppTest], answer: Answer) -> None:
    answer("people_reading.access_page", lambda *_: AccessPage(replace(VIEW, may_edit=False), None))
    assert [one.label for one in opened().tabs] == [ROLES, INVITATIONS, OWN_ROLES]
    assert not opened(INVITATIONS).selectbox


def test_who_may_not_see_the_list_sees_the_own_roles_and_reports_jav(
    screen: Screen, asked: Callable[..., list[tuple[object, ...]]]
) -> None:
    given = asked("people.report_own_jav", 6)
    test = screen("people", fakes.REKTOR, state={"own_jav_scope": "enhet:G04"})
    shown = words(test)
    assert "Lerbäckens skola" in shown
    assert "Embla" not in shown
    assert "Nora" not in shown
    assert "Det här händer: du är från i dag jävig i Sjöängens skola. Du ser inte individuellt stöd" in shown
    assert "Har du en inbjudan?" not in shown, "demolägets personer har inget att lösa in"
    test.button(key="own_jav_button").click().run()
    assert given == [(fakes.KOMMUN, "enhet", "G04")]
    assert "Ditt jäv i Sjöängens skola är anmält." in words(test)


def test_the_public_reads_why_there_is_nothing_here(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object) -> None:
        raise ForbiddenError(NO_ROLE)

    answer("people_reading.access_page", refuse)
    shown = words(screen("people", fakes.CITIZEN))
    assert "Du har ingen roll i kommunen" in shown
    assert "Maj-Lis" not in shown


def test_every_role_of_the_role_book_has_words_of_its_own() -> None:
    for one in load_roles().roles:
        assert people_words.role(one.role, "okänd") != "okänd", one.role
    assert people_words.role("ny_roll", "ny roll") == "ny roll"


def test_every_action_that_a_role_can_close_has_words_of_its_own() -> None:
    denied = {action for rule in load_roles().rules if rule.effect == "deny" for action in rule.actions}
    assert denied
    for code in denied:
        assert people_words.action(code, "okänd") == load_roles().actions[code]
    assert people_words.action("ny.view", "se det nya") == "se det nya"


ROWS_CLOSED = ClosedBy(
    7, "fortroendevald", "förtroendevald",
    (("individual.view", "se summor av individuellt stöd"), ("register_rows.view", "se registerrader")), (),
)  # fmt: skip


def test_a_role_that_another_closes_says_so_on_its_row_above_and_what_below(
    opened: Callable[..., AppTest], answer: Answer
) -> None:
    grants = tuple(replace(one, closed=(ROWS_CLOSED,)) if one.number == 1 else one for one in VIEW.grants)
    answer("people_reading.access_page", lambda *_: AccessPage(replace(VIEW, grants=grants), None))
    shown = words(opened())
    assert "Maj-Lis Tallgård har roller som säger emot varandra. Ett nej från en roll vinner alltid" in shown.replace(
        "\\", ""
    )
    assert "Slutar snart, delvis stängd" in shown
    assert "Vad en roll stänger av en annan" in shown
    closed = "rektor Lerbäckens skola förtroendevald se summor av individuellt stöd och se registerrader"
    assert closed in shown


def test_roles_that_agree_are_not_warned_of(opened: Callable[..., AppTest]) -> None:
    shown = words(opened())
    assert "säger emot" not in shown
    assert "stänger" not in shown
    assert "delvis stängd" not in shown


def test_where_a_role_closes_a_few_units_they_are_named_and_many_are_counted() -> None:
    few = replace(ROWS_CLOSED, where=("Lerbäckens skola", "Sjöängens skola"))
    assert people_words.closed(few).startswith("Rollen förtroendevald stänger för Lerbäckens skola och Sjöängens skola")
    many = replace(ROWS_CLOSED, where=tuple("ABCDEF"))
    assert "för A, B, C, D och 2 enheter till: se summor" in people_words.closed(many)
    assert people_words.closed_by(few) == "förtroendevald, för Lerbäckens skola och Sjöängens skola"


@pytest.mark.parametrize(
    ("where", "lang", "said"),
    [
        ((), "sv", "rollen controller för hela Lindvik ger Maj-Lis Tallgård rätt att se summor av"),
        (("Lerbäckens skola",), "sv", "men rollen förtroendevald stänger det för Lerbäckens skola."),
        ((), "en", "the role controller for the whole of Lindvik lets Maj-Lis Tallgård see sums of individual support"),
    ],
)  # fmt: skip
def test_before_a_role_is_given_the_reader_sees_what_it_closes_and_may_give_it_all_the_same(
    screen: Screen,
    answer: Answer,
    asked: Callable[..., list[tuple[object, ...]]],
    where: tuple[str, ...],
    lang: str,
    said: str,
) -> None:
    found = Contradiction(
        "controller", "controller", "kommun", "Lindvik", replace(ROWS_CLOSED, number=None, where=where)
    )
    answer("people_contradictions.contradictions", lambda *_: (found,))
    given = asked("people.give_role", 6)
    tab = CHANGES if lang == "sv" else "Give and take back"
    state = {"people_tabs": tab, "people_step": "give", "give_account": "p:maj", "give_role": "controller"}
    test = screen("people", fakes.CONTROLLER, state=state, query={"lang": lang})
    assert said in words(test).replace("\\", "")
    assert no_bug(test)
    test.button(key="people_button").click().run()
    assert len(given) == 1


def test_ones_own_roles_say_what_another_of_them_closes(opened: Callable[..., AppTest], answer: Answer) -> None:
    own = replace(OWN_VIEW, grants=(replace(OWN_VIEW.grants[0], closed=(ROWS_CLOSED,)),))
    answer("people_reading.own_roles", lambda *_: own)
    assert "Systemförvaltare (hela Lindvik). Rollen förtroendevald stänger: se summor" in words(opened(OWN_ROLES))
