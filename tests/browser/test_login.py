"""Logging in for real: two login providers on the own machine, a browser, and the tables behind."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from core.access.subjects import subject_of
from core.usecases import break_glass
from core.usecases.invitations import invite
from core.usecases.operators import administering, named, operator_of
from core.usecases.role_days import NewRole
from tests.support.browsing import axe_violations, console_errors, settle, untranslated, visit
from tests.support.logging_in import audit
from tests.support.login_providers import COOKIE_SECRET, LABELS, LINDVIK, leave_provider, log_in
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.support.login_providers import LoginServer

    NewPage = Callable[..., Page]

OWN, FOREIGN = "G01", "G12"
MONEY = re.compile(r"\d kr\b")


def shown(page: Page) -> str:
    """Return every text on the page, sidebar included."""
    settle(page)
    return page.locator("body").inner_text().replace("\u00a0", " ")


def click_on(page: Page, name: str) -> None:
    """Go to another page of ours by the menu, as a reader does: the script runs, the document stays."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=name, exact=True).click()
    settle(page)


def is_shut_out(page: Page, title: str) -> bool:
    """Say whether nothing is on the page but ``title`` and what belongs to it: no menu, no money."""
    page.get_by_role("heading", level=1, name=title).wait_for()
    settle(page)
    assert page.get_by_test_id("stSidebarNavLink").count() == 0
    return not MONEY.search(shown(page))


@pytest.fixture
def rektor(login_server: LoginServer, new_page: NewPage) -> Page:
    """Give a tab where the rektor of the own unit has logged in."""
    login_server.let_in("rektor", "rektor", "enhet", OWN)
    page = new_page()
    visit(page, f"{login_server.url}/logga-in")
    log_in(page, "rektor")
    return page


def test_a_deep_link_is_come_back_to_as_oneself_and_two_providers_are_offered(
    login_server: LoginServer, new_page: NewPage
) -> None:
    login_server.let_in("rektor", "rektor", "enhet", OWN)
    page = new_page()
    visit(page, f"{login_server.url}/resursfordelning?enhet={OWN}&ar=2026")
    assert "Du läser som allmänheten" in shown(page)
    click_on(page, "Logga in")
    page.get_by_role("button", name=LABELS["region"]).wait_for()
    log_in(page, "rektor")
    assert page.url.startswith(f"{login_server.url}/resursfordelning?enhet={OWN}&ar=2026")
    page.get_by_text("Inloggad till").wait_for()
    assert "rektor, Lerbäckens skola" in shown(page)
    visit(page, f"{login_server.url}/resursfordelning?enhet={FOREIGN}")
    assert "Lerbäckens skola" in shown(page)
    assert console_errors(page) == []
    began = [link for link in audit(login_server.app, LINDVIK) if link.action == "login.begin"]
    assert json.loads(began[0].payload or "") == {"how": "kommun"}


def test_the_same_name_at_the_other_provider_is_somebody_else(login_server: LoginServer, new_page: NewPage) -> None:
    login_server.let_in("rektor", "rektor", "enhet", OWN)
    page = new_page()
    visit(page, f"{login_server.url}/logga-in")
    log_in(page, "rektor", "region")
    assert is_shut_out(page, "Du har ingen behörighet här")


def test_somebody_unknown_sees_nothing_until_an_invitation_lets_them_in(
    login_server: LoginServer, new_page: NewPage
) -> None:
    page = new_page()
    visit(page, f"{login_server.url}/logga-in")
    log_in(page, "inbjuden")
    assert is_shut_out(page, "Du har ingen behörighet här")
    for path in ("", "resursfordelning", "karta", "skolan", "om"):
        visit(page, f"{login_server.url}/{path}")
        assert is_shut_out(page, "Du har ingen behörighet här")
    page.get_by_label("Kod").fill("fel-kod")
    page.get_by_role("button", name="Använd koden").click()
    page.get_by_text("Koden går inte att använda").wait_for()
    app = login_server.app
    operator = named(administering(operator_of(app, LINDVIK)), "eva")
    code = invite(
        app, operator, LINDVIK, "Inga Bjuden", NewRole(role="controller", scope_kind="kommun", scope_id=LINDVIK)
    ).code
    page.get_by_label("Kod").fill(code)
    page.get_by_role("button", name="Använd koden").click()
    page.get_by_text("Inloggad till").wait_for()
    assert "controller, Lindviks kommun" in shown(page) or "controller, Lindvik" in shown(page)
    assert "Du har fått rollen controller för hela Lindvik" in shown(page)


def test_whoever_has_a_role_in_one_kommun_uses_the_code_of_another_on_the_own_page(
    login_server: LoginServer, new_page: NewPage
) -> None:
    from core.store import KommunRecord

    app = login_server.app
    with app.writing(PEEK) as work:
        work.kommuner.add(KommunRecord("9902", "Granne", "999900-9902"))
        work.commit()
    login_server.let_in("rektor", "rektor", "enhet", OWN)
    operator = named(administering(operator_of(app, "9902")), "eva")
    code = invite(app, operator, "9902", "Rut", NewRole(role="controller", scope_kind="kommun", scope_id="9902")).code
    page = new_page()
    visit(page, f"{login_server.url}/logga-in")
    log_in(page, "rektor")
    page.get_by_role("link", name="Dina roller").click()
    page.get_by_label("Kod").fill(code.lower())
    page.get_by_role("button", name="Använd koden").click()
    page.get_by_text("Välj Granne i sidofältet för att använda den.").wait_for()
    assert "rektor, Lerbäckens skola" in shown(page)
    page.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile("Kommun")).click()
    page.get_by_role("option", name="Granne").click()
    page.get_by_text("controller, Granne").wait_for()


def test_logging_out_in_one_tab_ends_the_other(login_server: LoginServer, rektor: Page) -> None:
    other = rektor.context.new_page()
    visit(other, f"{login_server.url}/resursfordelning?enhet={OWN}")
    other.get_by_text("Inloggad till").wait_for()
    rektor.get_by_role("button", name="Logga ut").click()
    leave_provider(rektor)
    rektor.get_by_text("Du har loggat ut. Öppna flikar är också utloggade.").wait_for()
    assert not [cookie for cookie in rektor.context.cookies() if cookie.get("name") == "_streamlit_user"]
    other.locator("summary").first.click()  # a part of the page that runs by itself asks too
    assert is_shut_out(other, "Du har loggats ut")
    assert "Du har loggat ut, här eller i en annan flik." in shown(other)
    ended = [link for link in audit(login_server.app, LINDVIK) if link.action == "login.end"]
    assert [json.loads(link.payload or "") for link in ended] == [{"why": "logout"}]


def test_a_stolen_copy_of_the_cookie_is_worth_nothing_after_logging_out(
    login_server: LoginServer, rektor: Page, new_page: NewPage
) -> None:
    stolen: Any = [cookie for cookie in rektor.context.cookies() if str(cookie.get("name")).startswith("_streamlit_")]
    thief = new_page()
    thief.context.add_cookies(stolen)
    rektor.get_by_role("button", name="Logga ut").click()
    leave_provider(rektor)
    visit(thief, f"{login_server.url}/resursfordelning?enhet={OWN}")
    assert is_shut_out(thief, "Du har loggats ut")


def test_a_role_taken_back_is_gone_at_the_next_click(login_server: LoginServer, new_page: NewPage) -> None:
    number = login_server.let_in("controller", "controller", "kommun", LINDVIK)
    page = new_page()
    visit(page, f"{login_server.url}/underlag")
    click_on(page, "Logga in")
    log_in(page, "controller")
    page.get_by_role("heading", level=1, name="Underlag").wait_for()
    assert "Du har inte behörighet" not in shown(page)
    with login_server.app.writing(PEEK) as work:
        work.people.end_grant(LINDVIK, number, datetime.now(UTC), "prov")
        work.commit()
    click_on(page, "Karta")
    assert is_shut_out(page, "Du har ingen behörighet här")
    assert "ingen roll som gäller i dag" in shown(page)


@pytest.mark.parametrize(
    ("columns", "by", "said"),
    [
        (("seen_at",), timedelta(minutes=31), "Ingenting har hänt på 30 minuter"),
        (("began_at",), timedelta(hours=8), "gäller i högst 8 timmar"),
    ],
)
def test_rest_and_a_working_day_end_a_login(
    login_server: LoginServer, rektor: Page, columns: tuple[str, ...], by: timedelta, said: str
) -> None:
    for column in columns:
        login_server.age(column, by)
    click_on(rektor, "Karta")
    assert is_shut_out(rektor, "Du har loggats ut")
    assert said in shown(rektor)
    log_in(rektor, "rektor")
    rektor.get_by_text("Inloggad till").wait_for()
    assert rektor.url == f"{login_server.url}/karta"
    assert [why for _, why in login_server.logins()] == ["idle" if by < timedelta(hours=1) else "life", None]


def test_whoever_declines_at_the_provider_is_told_so(login_server: LoginServer, new_page: NewPage) -> None:
    page = new_page()
    visit(page, f"{login_server.url}/logga-in")
    page.get_by_role("button", name=LABELS["kommun"]).click()
    page.get_by_role("button", name="Deny").click()
    settle(page)
    page.get_by_text("Inloggningen avbröts.").wait_for()
    assert "Du läser som allmänheten" in shown(page)


def signed(claims: dict[str, object], secret: str) -> str:
    """Return a cookie as Streamlit signs it: whoever has the secret can make one."""
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    return create_signed_value(secret, "_streamlit_user", json.dumps(claims)).decode()


def with_cookie(page: Page, server: LoginServer, value: str) -> Page:
    page.context.add_cookies([{"name": "_streamlit_user", "value": value, "url": server.url, "httpOnly": True}])
    visit(page, f"{server.url}/resursfordelning?enhet={OWN}")
    return page


def test_a_forged_an_edited_and_an_old_cookie_are_refused(login_server: LoginServer, new_page: NewPage) -> None:
    login_server.let_in("rektor", "rektor", "enhet", OWN)
    now = int(datetime.now(UTC).timestamp())
    claims: dict[str, object] = {
        "iss": login_server.issuers["kommun"], "sub": "rektor", "iat": now, "exp": now + 3600, "nonce": "n",
        "provider": "kommun", "origin": login_server.url, "is_logged_in": True,
    }  # fmt: skip
    forged = with_cookie(new_page(), login_server, signed(claims, "another secret of the same length, or so it seems"))
    assert "Du läser som allmänheten" in shown(forged)
    good = signed(claims, COOKIE_SECRET)
    edited = with_cookie(new_page(), login_server, good[:12] + ("B" if good[12] == "A" else "A") + good[13:])
    assert "Du läser som allmänheten" in shown(edited)
    old = {**claims, "iat": now - 9 * 3600, "exp": now + 30 * 24 * 3600}
    assert is_shut_out(with_cookie(new_page(), login_server, signed(old, COOKIE_SECRET)), "Du har loggats ut")
    gone = {**claims, "provider": "avvecklad"}
    assert is_shut_out(with_cookie(new_page(), login_server, signed(gone, COOKIE_SECRET)), "Du har loggats ut")
    assert "Inloggad till" in shown(with_cookie(new_page(), login_server, good)), "annars provar provet ingenting"


def test_whoever_has_roles_in_two_kommuner_chooses_and_the_address_gives_no_third(
    login_server: LoginServer, new_page: NewPage
) -> None:
    from core.store import KommunRecord

    with login_server.app.writing(PEEK) as work:
        work.kommuner.add(KommunRecord("9902", "Granne", "999900-9902"))
        work.kommuner.add(KommunRecord("9908", "Tredje", "999900-9908"))
        work.commit()
    login_server.let_in("huvudman", "controller", "kommun", LINDVIK)
    login_server.let_in("huvudman", "controller", "kommun", "9902", kommun="9902")
    page = new_page()
    visit(page, f"{login_server.url}/logga-in")
    log_in(page, "huvudman")
    visit(page, f"{login_server.url}/underlag?kommun=9908")
    assert "controller, Lindvik" in shown(page)
    assert "Tredje" not in shown(page)
    visit(page, f"{login_server.url}/underlag?kommun=9902")
    assert "controller, Granne" in shown(page)
    page.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile("Kommun")).click()
    page.get_by_role("option", name=re.compile("Lindvik")).click()
    settle(page)
    page.get_by_text("controller, Lindvik").wait_for()
    assert "kommun=9901" in page.url


def test_a_local_account_opens_by_command_and_its_form_goes_when_it_closes(
    login_server: LoginServer, new_page: NewPage
) -> None:
    page = new_page()
    visit(page, f"{login_server.url}/logga-in")
    assert "Lokalt konto" not in shown(page)
    app = login_server.app
    operator = named(administering(operator_of(app, LINDVIK)), "eva")
    # The operator's clock is the real one; the tests' own program stands still.
    now = replace(app, clock=lambda: datetime.now(UTC))
    made = break_glass.open_account(now, operator, "jour", "controller")
    visit(page, f"{login_server.url}/logga-in")
    page.get_by_role("textbox", name="Namn").fill("jour")
    page.get_by_label("Lösenord", exact=True).fill("fel")
    page.get_by_role("button", name="Logga in med lokalt konto").click()
    page.get_by_text("Det gick inte att logga in.").wait_for()
    page.get_by_label("Lösenord", exact=True).fill(made.password)
    page.get_by_role("button", name="Logga in med lokalt konto").click()
    page.get_by_text("Inloggad till").wait_for()
    assert "Lokalt konto jour" in shown(page)
    click_on(page, "Underlag")
    assert "Du har inte behörighet" not in shown(page)
    break_glass.close_account(now, operator, "jour")
    click_on(page, "Karta")
    assert is_shut_out(page, "Du har loggats ut")
    visit(page, f"{login_server.url}/logga-in")
    assert "Lokalt konto" not in shown(page)
    assert made.password not in login_server.server.log.read_text()


def test_the_pages_of_login_can_be_used_by_everybody_and_are_in_swedish(
    login_server: LoginServer, new_page: NewPage
) -> None:
    app = replace(login_server.app, clock=lambda: datetime.now(UTC))
    break_glass.open_account(app, named(administering(operator_of(app, LINDVIK)), "eva"), "jour", "controller")
    page = new_page(phone=True, bypass_csp=True)

    def is_fit(name: str) -> None:
        page.get_by_role("heading", level=1, name=name).wait_for()
        settle(page)
        assert axe_violations(page) == []
        assert untranslated(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "ryms inte på bredden"

    visit(page, f"{login_server.url}/logga-in")
    is_fit("Logga in")
    log_in(page, "okand")
    is_fit("Du har ingen behörighet här")
    login_server.age("seen_at", timedelta(minutes=31))
    visit(page, f"{login_server.url}/karta")
    is_fit("Du har loggats ut")


def test_what_is_secret_or_says_who_somebody_is_never_reaches_the_log(
    login_server: LoginServer, new_page: NewPage
) -> None:
    page = new_page()
    codes: list[str] = []
    page.on("request", lambda request: codes.extend(re.findall(r"oauth2callback\?code=([^&]+)", request.url)))
    visit(page, f"{login_server.url}/skolan?enhet={OWN}")
    click_on(page, "Logga in")
    log_in(page, "okand")
    assert len(codes) == 1
    log = login_server.server.log.read_text()
    assert "inloggning av någon utan konto" in log
    person = subject_of(login_server.issuers["kommun"], "okand")
    for secret in (*codes, COOKIE_SECRET, "hemlig-kommun", "okand", "Okand", "code=", person, f"enhet={OWN}"):
        assert secret not in log, secret
