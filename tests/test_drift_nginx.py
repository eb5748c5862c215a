"""The shipped nginx file before two processes of the shipped unit: TLS, headers, stickiness, what is denied."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.support.front import NAME, Front, running_front
from tests.support.logging_in import add_account, add_role
from tests.support.login_providers import COOKIE_SECRET, log_in
from tests.support.small_kommun import opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Page

    from tests.support.databases import DatabaseMaker

PLACE = "skolkronan_plats"


@pytest.fixture(scope="module")
def front(database_maker: DatabaseMaker, login_providers: dict[str, str]) -> Iterator[Front]:
    """Give the dashboard behind nginx, two processes, with a rektor who may log in."""
    database = database_maker.make("sqlite", "demo")
    with running_front(database, login_providers) as running:
        app = opened(database.url, running.folder).app
        add_account(app, "rektor", "9901", login_providers["kommun"])
        add_role(app, "rektor", "enhet", "G01", sub="rektor", kommun="9901", issuer=login_providers["kommun"])
        yield running
    database_maker.drop(database)


def place(headers: http.client.HTTPMessage) -> str:
    """Return the cookie that says which process is one's own."""
    cookies = [one for one in headers.get_all("set-cookie", []) if one.startswith(PLACE)]
    assert len(cookies) == 1
    return cookies[0].partition(";")[0]


# --- TLS and headers ------------------------------------------------------------------------------------------------


def test_http_is_sent_on_to_https(front: Front) -> None:
    connection = http.client.HTTPConnection(NAME, front.plain_port, timeout=10)
    connection.request("GET", "/skolan?enhet=G01")
    answer = connection.getresponse()
    assert (answer.status, answer.headers["location"]) == (301, f"https://{NAME}/skolan?enhet=G01")


@pytest.mark.parametrize("name", ["attack.example.se", "127.0.0.1"])
def test_another_name_than_ours_gets_no_answer(front: Front, name: str) -> None:
    with pytest.raises((http.client.RemoteDisconnected, http.client.BadStatusLine)):
        front.ask("/", Host=name)
    plain = http.client.HTTPConnection(NAME, front.plain_port, timeout=10)
    plain.request("GET", "/", headers={"Host": name})
    with pytest.raises((http.client.RemoteDisconnected, http.client.BadStatusLine)):
        plain.getresponse()


@pytest.mark.parametrize(
    ("version", "is_taken"),
    [(ssl.TLSVersion.TLSv1_1, False), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_3, True)],
)
def test_tls_is_1_2_or_newer(front: Front, version: ssl.TLSVersion, is_taken: bool) -> None:  # noqa: FBT001  # a case
    context = front.trusting()
    context.set_ciphers("DEFAULT@SECLEVEL=0")  # or our own side would refuse the old version first
    context.minimum_version = context.maximum_version = version
    with socket.create_connection((NAME, front.port), timeout=10) as wire:
        if not is_taken:
            with pytest.raises((ssl.SSLError, ConnectionError)):
                context.wrap_socket(wire, server_hostname=NAME)
            return
        with context.wrap_socket(wire, server_hostname=NAME) as secure:
            assert secure.version() == {"TLSv1_2": "TLSv1.2", "TLSv1_3": "TLSv1.3"}[version.name]


@pytest.mark.parametrize("path", ["/", "/skolan", "/halsa", "/app/static/sv.js", "/finns/inte"])
def test_each_header_comes_once(front: Front, path: str) -> None:
    _, headers, _ = front.ask(path)
    once = ["strict-transport-security", "x-content-type-options", "referrer-policy", "permissions-policy"]
    if "html" in headers["content-type"]:
        once.append("content-security-policy")
    assert {name: len(headers.get_all(name, [])) for name in once} == dict.fromkeys(once, 1)
    assert "max-age=31536000" in headers["strict-transport-security"]
    assert "1." not in headers["server"], "versionen sägs"


def test_scripts_are_compressed_and_the_page_is_not(front: Front) -> None:
    _, page, body = front.ask("/", Accept_Encoding="gzip")
    assert "content-encoding" not in page
    script = re.findall(r'src="\./(static/js/index[^"]+\.js)"', body.decode())[0]
    _, headers, _ = front.ask(f"/{script}", Accept_Encoding="gzip")
    assert headers["content-encoding"] == "gzip"


def test_the_health_check_answers(front: Front) -> None:
    status, headers, body = front.ask("/halsa")
    assert (status, body) == (200, b'{"status":"ok"}')
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["_stcore/metrics", "skolan/_stcore/metrics", "_stcore/agent/", "_stcore/agent/x/y"])
def test_metrics_and_agents_are_denied_everywhere(front: Front, path: str) -> None:
    status, headers, _ = front.ask(f"/{path}")
    assert status == 403
    assert headers["strict-transport-security"]


# --- one reader, one process ----------------------------------------------------------------------------------------


def test_a_reader_stays_with_one_process_and_readers_are_spread(front: Front) -> None:
    readers = [place(front.answering()[0]) for _ in range(12)]
    processes: set[str] = set()
    for cookie in readers:
        answers = [front.answering(Cookie=cookie) for _ in range(3)]
        for headers, _ in answers:
            assert not [one for one in headers.get_all("set-cookie", []) if one.startswith(PLACE)]
        answered = {process for _, process in answers}
        assert len(answered) == 1, "läsaren bytte process"
        processes |= answered
    assert len(processes) == len(front.processes)


def test_a_place_of_ones_own_making_is_not_taken(front: Front) -> None:
    _, headers, _ = front.ask("/halsa", Cookie=f"{PLACE}=hittepå")
    assert re.fullmatch(rf"{PLACE}=[0-9a-f]{{32}}", place(headers))


def test_the_cookie_of_the_place_is_guarded(front: Front) -> None:
    cookie = front.ask("/")[1].get_all("set-cookie", [])[-1]
    assert {"HttpOnly", "Secure", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}


# --- what a browser meets -------------------------------------------------------------------------------------------


@pytest.mark.browser
def test_one_logs_in_over_tls_stays_with_one_process_and_downloads(front: Front, new_page: Callable[..., Page]) -> None:
    from tests.support.browsing import console_errors, visit

    page = new_page(own_certificate=True)
    sockets: list[str] = []
    page.on("websocket", lambda one: sockets.append(one.url))
    front.answering()  # and all that was asked before stands in the log
    before = len(front.log)
    visit(page, f"{front.url}/logga-in")
    log_in(page, "rektor")
    page.get_by_text("Inloggad till").wait_for()
    provider_complained = len(console_errors(page))  # its own page has no icon
    visit(page, f"{front.url}/skolan?enhet=G01")
    page.get_by_role("heading", level=1).first.wait_for()
    with page.expect_download() as waiting:
        page.locator("[data-testid=stDownloadButton] button").first.click()
    path = waiting.value.path()
    assert path.stat().st_size > 1000
    assert sockets
    assert all(one.startswith("wss://") for one in sockets)
    ours = [line for line in front.log[before:] if line[3] != "/halsa" and line[-1] != "-"]
    assert len({line[-1] for line in ours[1:]}) == 1, "sessionen bytte process"
    cookies = {one["name"]: one for one in page.context.cookies()}
    assert {"_streamlit_user", "_streamlit_xsrf", PLACE} <= set(cookies)
    assert all(one["secure"] for one in cookies.values() if one["name"] != "skolkronan_lang"), cookies
    assert {name for name, one in cookies.items() if not one["httpOnly"]} <= {"_streamlit_xsrf", "skolkronan_lang"}
    assert {one["sameSite"] for one in cookies.values()} <= {"Lax", "Strict"}
    assert console_errors(page)[provider_complained:] == []


# --- what the logs say ----------------------------------------------------------------------------------------------


def test_the_log_holds_no_query_no_code_and_no_secret(front: Front) -> None:
    front.ask("/skolan?enhet=G01&inbjudan=HEMLIG-KOD")
    front.ask("/oauth2callback?code=HEMLIG-INLOGGNINGSKOD&state=x")
    front.ask("/finns-inte?enhet=HEMLIG-ENHET")
    said = front.said()
    assert " /oauth2callback " in said
    assert "HEMLIG" not in (front.folder / "skolkronan.log").read_text()
    assert "?" not in (front.folder / "skolkronan.log").read_text()
    for secret in ("HEMLIG", COOKIE_SECRET, "hemlig-kommun", "hemlig-region", *front.keys):
        assert len(secret) > len("HEMLI")
        assert secret not in said, secret


# --- uploads, guesses, spoofs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_an_upload_without_the_token_is_refused(front: Front, method: str) -> None:
    form = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\na;b\r\n--x--\r\n'
    path = "/_stcore/upload_file/session/file"
    kind = "multipart/form-data; boundary=x"
    assert front.ask(path, method, form, Content_Type=kind)[0] == 403
    assert front.ask(path, method, form, Content_Type=kind, X_Xsrftoken="2|a|b|1")[0] == 403
    assert front.ask(path, method, form, Content_Type=kind, Cookie="_streamlit_xsrf=2|a|b|1")[0] == 403


@pytest.mark.parametrize("path", ["/", "/skolan", "/_stcore/upload_file/session/file", "/_stcore/stream"])
def test_nothing_is_posted_to_the_pages(front: Front, path: str) -> None:
    assert front.ask(path, "POST", b"a=b")[0] == 405


def test_a_body_that_is_too_large_is_refused_before_it_is_read(front: Front) -> None:
    assert front.ask("/_stcore/upload_file/a/b", "PUT", Content_Length=str(300 * 1024**2))[0] == 413


def test_who_guesses_logins_is_held_back_and_others_are_not(front: Front) -> None:
    with ThreadPoolExecutor(8) as hands:
        statuses = list(hands.map(lambda _: front.ask("/oauth2callback?code=gissning")[0], range(90)))
    assert 429 in statuses
    assert statuses.count(429) < 60
    assert front.ask("/")[0] == 200


# --- last, for it takes a process away ------------------------------------------------------------------------------


def test_when_a_process_dies_the_other_takes_its_readers(front: Front) -> None:
    readers: dict[str, str] = {}
    while len(readers) < len(front.processes):
        cookie = place(front.answering()[0])
        readers[front.answering(Cookie=cookie)[1]] = cookie
    front.processes[1].kill()
    front.processes[1].wait()
    for cookie in [*readers.values(), ""]:
        for path in ("/", "/skolan", "/halsa"):
            assert front.ask(path, Cookie=cookie)[0] == 200
    front.processes[2].kill()
    front.processes[2].wait()
    status, headers, body = front.ask("/")
    assert status == 503
    assert "Skolkronan startar om" in body.decode()
    assert headers["strict-transport-security"]
