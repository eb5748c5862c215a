"""The server around the pages: what asgi.py adds, and the private or hidden parts of Streamlit it leans on."""

from __future__ import annotations

import importlib.metadata
import itertools
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import anyio
import pytest
import streamlit
from hypothesis import given
from hypothesis import strategies as st
from streamlit import config
from streamlit.runtime.media_file_storage import MediaFileKind
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.pages_manager import PagesManager
from streamlit.util import calc_hash, create_fast_hasher

from core.secrets_file import LoginSettings, Provider
from pages.components import made_files, offering
from tests.support.databases import demo_environment
from tests.support.ws_client import Reader

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from playwright.sync_api import Page
    from starlette.types import Message, Scope

    from tests.support.databases import Database
    from tests.support.servers import AppServer

STREAMLIT_PAGE = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
ROOT = Path(__file__).parents[1]
LOCAL = {"client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 8501)}


@pytest.fixture(scope="module")
def asgi() -> ModuleType:
    import asgi as module

    return module


# --- what we lean on: when one of these fails, read the notes on the Streamlit version before raising the pin ---------


def test_streamlit_is_the_version_that_was_measured() -> None:
    assert importlib.metadata.version("streamlit") == "1.67.0"
    assert "streamlit[auth]==1.67.0" in Path("requirements.txt").read_text(encoding="utf-8").splitlines()


def test_the_pages_folder_is_never_run_by_streamlit_itself(asgi: ModuleType) -> None:
    assert "uses_pages_directory" in PagesManager.__annotations__
    assert asgi.PagesManager.uses_pages_directory is False


def test_the_hidden_option_against_collecting_garbage_after_each_rerun_exists_and_is_used() -> None:
    assert "runner.postScriptGC" in config._config_options_template
    assert config.get_option("runner.postScriptGC") is False


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("runner.magicEnabled", False),
        ("runner.enforceSerializableSessionState", True),
        ("server.fileWatcherType", "none"),
        ("server.enableStaticServing", True),
        ("server.enableXsrfProtection", True),
        ("client.showErrorDetails", "none"),
        ("client.toolbarMode", "minimal"),
        ("browser.gatherUsageStats", False),
    ],
)
def test_streamlit_reads_our_configuration(option: str, value: object) -> None:
    assert config.get_option(option) == value


def test_every_line_of_the_configuration_says_why() -> None:
    lines = Path(".streamlit/config.toml").read_text(encoding="utf-8").splitlines()
    settings = [line for line in lines if re.match(r"\w+ = ", line)]
    assert settings
    assert [line for line in settings if not re.search(r"[\]\"\w]\s+# .{8,}", line)] == []


def test_every_pinned_package_says_why_and_under_which_licence() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        lines = Path(name).read_text(encoding="utf-8").splitlines()
        for before, line in itertools.pairwise(lines):
            if line and not line.startswith(("#", "-")):
                assert re.fullmatch(r"[\w\-\[\]]+==[\w.]+", line), f"{name}: {line} är inte låst"
                assert re.match(r"# .+\. (MIT|BSD|Apache|LGPL|MPL)", before), f"{name}: {line} saknar skäl eller licens"


# --- the page that is sent ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["sv", "en"])
def test_the_page_gets_its_language_title_icon_and_script(asgi: ModuleType, language: str) -> None:
    page = asgi.rewrite_page(STREAMLIT_PAGE, language, "abc")
    assert f'<html lang="{language}">' in page
    assert "<title>Skolkronan</title>" in page
    assert "app/static/ikon.png" in page
    assert re.search(r'<script nonce="abc" defer src="./app/static/sv.js\?v=[0-9a-f]{12}">', page)
    assert page.count("<script") == page.count('<script nonce="abc"') > 2
    assert "agent" not in re.findall(r"<noscript>.*?</noscript>", page, re.DOTALL)[0]


@pytest.mark.parametrize(
    ("query", "cookie", "language"),
    [
        ("", "", "sv"),
        ("lang=en", "", "en"),
        ("lang=en&enhet=1", "skolkronan_lang=sv", "en"),
        ("", "a=b; skolkronan_lang=en", "en"),
        ("lang=fi", "skolkronan_lang=en", "en"),
        ("lang=%22%3E%3Cscript%3E", "", "sv"),
        ("", 'skolkronan_lang="><script>', "sv"),
        ("", "bad cookie; @@=;;", "sv"),
    ],
)
def test_address_beats_cookie_beats_swedish(asgi: ModuleType, query: str, cookie: str, language: str) -> None:
    scope = {"type": "http", "query_string": query.encode(), "headers": [(b"cookie", cookie.encode())]}
    assert asgi.chosen_language(scope) == language


def test_a_login_lives_a_working_day_and_only_on_https_when_on_https(asgi: ModuleType) -> None:
    login = "_streamlit_user=x; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax"
    assert asgi.guarded_cookie(login, https=True).endswith("Max-Age=28800; Path=/; SameSite=lax; Secure")
    assert "Secure" not in asgi.guarded_cookie(login, https=False)
    assert asgi.guarded_cookie("a=b; Secure", https=True) == "a=b; Secure"


@pytest.fixture
def with_login(asgi: ModuleType, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Give the server as it is with a login provider, to readers whose address is https."""
    login = LoginSettings(None, (Provider("kommun", "Logga in"),), is_https=True)
    monkeypatch.setattr(asgi, "SETTINGS", replace(asgi.SETTINGS, demo=False, login=login))
    return asgi


def test_the_secrets_file_is_the_one_that_settings_name_and_no_other(asgi: ModuleType) -> None:
    assert "secrets.files" in config._config_options_template
    assert config.get_option("secrets.files") == []
    assert Path(".streamlit/config.toml").read_text(encoding="utf-8").count("files = []") == 1


def test_streamlit_names_its_login_cookies_as_we_do(asgi: ModuleType) -> None:
    from streamlit.web.server.starlette import starlette_server_config as names

    assert names.USER_COOKIE_NAME == asgi.USER_COOKIE
    assert names.AUTH_COOKIE_MAX_AGE_SECONDS == 2592000
    assert config.get_option("server.trustedUserHeaders") == {}, "en rubrik får aldrig säga vem någon är"


OWN = ["/skolan", "/resursfordelning?enhet=G01&ar=2026&rad=dim:bas", "/lika-villkor?lang=en"]
FOREIGN = [
    "//evil.example.se", "/\\evil.example.se", "https://evil.example.se/", "/a//b", "/a/b", "/..", "/%2f%2fevil",
    "/skolan?x=\r\nSet-Cookie: a=b", "/skolan?x=\\y", "/skolan#x", "skolan", "", "/", "/?enhet=G01",
    "/logga-in", "/logga-in?utfall=utloggad", "/skolan?" + "x" * 1501, "/SKOLAN", "/skolan?å",
]  # fmt: skip


@pytest.mark.parametrize("path", OWN)
def test_whoever_was_on_the_way_to_a_page_comes_to_it_after_logging_in(with_login: ModuleType, path: str) -> None:
    asked, _, query = path.partition("?")
    cookie = ask(with_login, Inner(), asked, query_string=query.encode()).headers["set-cookie"]
    assert re.fullmatch(r"skolkronan_till=[^;]+; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure", cookie)
    headers = {"cookie": cookie.partition(";")[0]}
    back = Inner(status=302, location=b"/", cookies=(b"_streamlit_user=abc; HttpOnly; Max-Age=2592000",))
    answer = ask(with_login, back, "/oauth2callback", headers=headers, query_string=b"code=1&state=2")
    assert answer.headers["location"] == path
    assert answer.headers["set-cookie"].startswith("skolkronan_till=; "), "den används en gång"


@pytest.mark.parametrize("path", FOREIGN)
def test_nobody_is_sent_elsewhere_by_a_cookie_they_were_given(with_login: ModuleType, path: str) -> None:
    headers = {"cookie": f"skolkronan_till={quote(path, safe='')}"}
    back = Inner(status=302, location=b"/", cookies=(b"_streamlit_user=abc",))
    assert ask(with_login, back, "/oauth2callback", headers=headers).headers["location"] == "/"


@given(path=st.text(max_size=40))
def test_whatever_the_cookie_says_the_way_stays_here(path: str) -> None:
    import asgi as module

    kept = module.own_path(path)
    assert kept == "" or (kept == path and not kept.startswith("//") and "\\" not in kept and kept.isprintable())


def test_the_page_from_which_login_begins_is_newer_than_the_one_opened_first(with_login: ModuleType) -> None:
    headers = {"referer": "https://skolkronan.example.se/karta?enhet=G01", "cookie": "skolkronan_till=%2Fskolan"}
    start = Inner(status=302, location=b"https://login.example.se/authorize")
    answer = ask(with_login, start, "/auth/login", headers=headers)
    assert answer.headers["set-cookie"].startswith("skolkronan_till=%2Fkarta%3Fenhet%3DG01; ")
    assert answer.headers["location"] == "https://login.example.se/authorize"
    from_login_page = ask(with_login, start, "/auth/login", headers={"referer": "https://x.se/logga-in"})
    assert "set-cookie" not in from_login_page.headers


def test_the_start_page_forgets_the_way_and_what_is_no_page_leaves_it(with_login: ModuleType) -> None:
    headers = {"cookie": "skolkronan_till=%2Fskolan"}
    assert "Max-Age=0" in ask(with_login, Inner(), "/", headers=headers).headers["set-cookie"]
    for path, inner in (("/skolan/_stcore/health", Inner(status=404)), ("/logga-in", Inner())):
        assert "set-cookie" not in ask(with_login, inner, path, headers=headers).headers
    logged_in = {"cookie": "_streamlit_user=x"}
    assert "set-cookie" not in ask(with_login, Inner(), "/skolan", headers=logged_in).headers


@pytest.mark.parametrize(
    ("path", "query", "location"),
    [
        ("/auth/logout", "", "/logga-in?utfall=utloggad"),
        ("/oauth2callback", "", "/logga-in?utfall=utloggad"),
        ("/oauth2callback", "error=access_denied&state=1", "/logga-in?utfall=avbruten"),
        ("/oauth2callback", "code=1&state=gammal", "/logga-in?utfall=avbruten"),
        ("/auth/login", "provider=x", "/"),
    ],
)
def test_the_login_page_says_what_became_of_it(with_login: ModuleType, path: str, query: str, location: str) -> None:
    gone = Inner(status=302, location=b"/", cookies=(b'_streamlit_user=""; Max-Age=0; Path=/',))
    assert ask(with_login, gone, path, query_string=query.encode()).headers["location"] == location


def test_a_provider_that_does_not_answer_leads_back_to_the_login_page(with_login: ModuleType, asgi: ModuleType) -> None:
    down = Inner(body=b"Authentication error", status=400, kind=b"text/plain")
    answer = ask(with_login, down, "/auth/login")
    assert (answer.status, answer.headers["location"]) == (302, "/logga-in?utfall=svarar-inte")
    assert answer.body == ""
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert ask(with_login, down, "/skolan").status == 400


def test_without_a_provider_no_way_is_remembered(asgi: ModuleType) -> None:
    assert "set-cookie" not in ask(asgi, Inner(), "/skolan").headers


def test_cookies_are_secure_when_the_readers_address_is_https_whatever_the_proxy_says(with_login: ModuleType) -> None:
    answer = ask(with_login, Inner(cookies=(b"a=1",), kind=b"text/plain"), "/auth/login", scheme="http")
    assert answer.headers["set-cookie"] == "a=1; Secure"


def test_a_header_from_anybody_does_not_make_it_https(asgi: ModuleType) -> None:
    inner = Inner(cookies=(b"a=1",), kind=b"text/plain")
    answer = ask(asgi, inner, "/auth/login", headers={"x-forwarded-proto": "https"})
    assert answer.headers["set-cookie"] == "a=1", "uvicorn --proxy-headers avgör vilken proxy som får säga det"


def test_the_cookies_live_as_long_as_the_settings_say(with_login: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    login = replace(with_login.SETTINGS.login, life=timedelta(hours=4))
    monkeypatch.setattr(with_login, "SETTINGS", replace(with_login.SETTINGS, login=login))
    assert "Max-Age=14400" in with_login.guarded_cookie("_streamlit_user=x; Max-Age=2592000", https=True)


# --- the middleware, driven by hand ---------------------------------------------------------------------------------


@dataclass
class Inner:
    """What stands in for Streamlit: remembers how it was asked, answers what it is told to."""

    body: bytes = STREAMLIT_PAGE.encode()
    status: int = 200
    kind: bytes = b"text/html; charset=utf-8"
    cookies: tuple[bytes, ...] = ()
    location: bytes = b""
    asked: list[Scope] = field(default_factory=list)

    async def __call__(self, scope: Scope, _: Any, send: Any) -> None:  # noqa: ANN401  # ASGI's own loose types
        self.asked.append(scope)
        if scope["type"] != "http":
            return
        headers = [(b"content-type", self.kind), (b"content-length", str(len(self.body)).encode()), (b"etag", b'"1"')]
        headers += [(b"set-cookie", cookie) for cookie in self.cookies]
        headers += [(b"location", self.location)] if self.location else []
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        half = len(self.body) // 2
        await send({"type": "http.response.body", "body": self.body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": self.body[half:]})


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: str


def ask(asgi: ModuleType, inner: Inner, path: str = "/", *, demo: bool = False, **changed: Any) -> Answer:  # noqa: ANN401
    headers = {
        "host": "127.0.0.1:8501",
        "accept-encoding": "gzip",
        "if-none-match": '"1"',
        **changed.pop("headers", {}),
    }
    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        **LOCAL,
        **changed,
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    async def run() -> None:
        await asgi.Shell(inner, demo=demo)(scope, receive, send)

    with ThreadPoolExecutor(1) as apart:  # the browser's own loop may already run in this thread
        apart.submit(anyio.run, run).result()
    if sent[0]["type"] == "websocket.close":
        return Answer(sent[0]["code"], {}, "")
    received = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], received, b"".join(message["body"] for message in sent[1:]).decode())


def test_a_page_comes_whole_with_a_policy_whose_nonce_its_scripts_carry(asgi: ModuleType) -> None:
    inner = Inner()
    answer = ask(asgi, inner, "/resursfordelning")
    policy = answer.headers["content-security-policy"]
    nonce = re.findall(r"'nonce-([^']{16,})'", policy)[0]
    assert answer.body.count(f'nonce="{nonce}"') == answer.body.count("<script")
    assert "unsafe-eval" not in policy
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
    assert int(answer.headers["content-length"]) == len(answer.body.encode())
    assert answer.headers["content-language"] == "sv"
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    assert {name for name, _ in inner.asked[0]["headers"]} == {b"host"}


def test_a_file_passes_only_from_a_page_that_was_offered_a_field(
    asgi: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "_offered", {"egen": time.monotonic(), "gammal": time.monotonic() - 25 * 3600})
    for session, method, passes in (
        ("egen", "PUT", True), ("annan", "PUT", False), ("annan", "POST", True), ("gammal", "PUT", False),
        ("", "PUT", False), ("annan", "OPTIONS", True), ("annan", "DELETE", True),
    ):  # fmt: skip
        inner = Inner()
        answer = ask(asgi, inner, f"/_stcore/upload_file/{session}/fil", method=method)
        assert bool(inner.asked) is passes, (session, method)
        assert passes or (answer.status, answer.body) == (403, "Sidan tar inte emot några filer.\n")


@pytest.mark.parametrize(
    ("site", "path", "passes"),
    [
        ("cross-site", "/auth/logout", False),
        ("same-site", "/auth/logout", False),
        ("cross-site", "/auth/logout/", False),
        ("same-origin", "/auth/logout", True),
        ("none", "/auth/logout", True),
        ("", "/auth/logout", True),
        ("cross-site", "/auth/login", True),
        ("cross-site", "/oauth2callback", True),
        ("cross-site", "/skolan", True),
    ],
)
def test_a_link_on_another_site_logs_nobody_out(with_login: ModuleType, site: str, path: str, *, passes: bool) -> None:
    gone = Inner(status=302, location=b"/", cookies=(b'_streamlit_user=""; Max-Age=0; Path=/',))
    answer = ask(with_login, gone, path, headers={"sec-fetch-site": site} if site else {})
    assert bool(gone.asked) is passes
    assert passes or (answer.status, "set-cookie" in answer.headers, "Du är kvar." in answer.body) == (403, False, True)


def test_nobody_guesses_the_address_of_a_file_that_was_made(asgi: ModuleType) -> None:
    from pages.components import downloads

    def put(data: bytes) -> str:
        return MemoryMediaFileStorage("/media").load_and_get_id(
            data, downloads.CSV, MediaFileKind.DOWNLOADABLE, "a.csv"
        )

    content = b"elev;belopp\n1;100\n"
    guessed = create_fast_hasher()
    guessed.update(f"{len(content)}:".encode() + content + downloads.CSV.encode() + b"a.csv")
    assert put(content) == put(content) == made_files.address(content, downloads.CSV, "a.csv")
    assert put(content) != guessed.hexdigest()
    assert re.fullmatch(r"[0-9a-f]{64}", put(content))
    long, other = bytearray(3_000_000), bytearray(3_000_000)
    other[500_000] = 1
    assert put(bytes(long)) != put(bytes(other)), "Streamlits egen summa hoppar över det mesta av en lång fil"
    said = "from pages.components.made_files import address; print(address(b'', '', ''))"
    again = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True, cwd=ROOT)
    assert again.stdout.strip() != made_files.address(b"", "", ""), "varje process har sin egen hemlighet"


def test_no_browser_and_no_proxy_keeps_a_file_that_was_made(asgi: ModuleType) -> None:
    inner = Inner(kind=b"text/csv")
    assert ask(asgi, inner, "/media/x.csv").headers["cache-control"] == "no-store"
    assert "cache-control" not in ask(asgi, inner, "/static/js/x.js").headers


def test_two_answers_never_share_a_nonce(asgi: ModuleType) -> None:
    first, second = (ask(asgi, Inner()).headers["content-security-policy"] for _ in range(2))
    assert first != second


def test_a_head_request_gets_headers_only(asgi: ModuleType) -> None:
    answer = ask(asgi, Inner(), method="HEAD")
    assert (answer.status, answer.body) == (200, "")
    assert "content-length" not in answer.headers


@pytest.mark.parametrize("path", ["/static/js/x.js", "/_stcore/health", "/media/x.pdf", "/app/static/sv.js", "/halsa"])
def test_what_is_not_a_page_passes_unchanged_with_safe_headers(asgi: ModuleType, path: str) -> None:
    inner = Inner(body=b'<html lang="en">', kind=b"text/javascript")
    answer = ask(asgi, inner, path)
    assert answer.body == '<html lang="en">'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert (b"accept-encoding", b"gzip") in inner.asked[0]["headers"]


def test_a_missing_page_keeps_its_status_and_gets_the_policy(asgi: ModuleType) -> None:
    answer = ask(asgi, Inner(status=404, body=b"<html></html>"), "/finns/inte")
    assert (answer.status, answer.body) == (404, "<html></html>")
    assert "content-security-policy" in answer.headers


def test_cookies_are_secure_on_https_and_each_is_kept(asgi: ModuleType) -> None:
    inner = Inner(cookies=(b"a=1; Max-Age=2592000", b"b=2"), kind=b"text/plain")
    assert ask(asgi, inner, "/auth/login", scheme="https").headers["set-cookie"] == "b=2; Secure"


@pytest.mark.parametrize(
    "changed",
    [
        {"server": ("192.168.1.4", 8501)},
        {"server": ("/run/app.sock", None)},
        {"client": ("192.168.1.9", 50000)},
        {"client": None},
        {"headers": {"host": "attack.example.se"}},
        {"headers": {"host": "127.0.0.1.example.se:8501"}},
        {"headers": {"x-forwarded-for": "127.0.0.1"}},
        {"headers": {"X-Real-IP": "127.0.0.1"}},
        {"headers": {"x-forwarded-proto": "http"}},
        {"headers": {"x-forwarded-host": "127.0.0.1:8501"}},
        {"headers": {"forwarded": "for=127.0.0.1;host=localhost"}},
        {"headers": {"via": "1.1 localhost"}},
    ],
)
@pytest.mark.parametrize("kind", ["http", "websocket"])
def test_demo_mode_answers_nobody_but_the_machine_itself(asgi: ModuleType, changed: dict, kind: str) -> None:
    inner = Inner()
    answer = ask(asgi, inner, demo=True, type=kind, **{**changed, "headers": {**changed.get("headers", {})}})
    assert answer.status == (403 if kind == "http" else 1008)
    assert inner.asked == []


@pytest.mark.parametrize("host", ["127.0.0.1:8501", "localhost:8501", "localhost", "[::1]:8501"])
def test_demo_mode_answers_the_machine_itself(asgi: ModuleType, host: str) -> None:
    assert ask(asgi, Inner(), demo=True, headers={"host": host}).status == 200


def test_with_login_other_machines_are_answered(asgi: ModuleType) -> None:
    assert ask(asgi, Inner(), client=("192.168.1.9", 1), headers={"host": "skolkronan.example.se"}).status == 200


# --- the running server ---------------------------------------------------------------------------------------------


def fetch(url: str, **headers: str) -> Answer:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  # our own server
    try:
        with urllib.request.urlopen(request, timeout=30) as got:  # noqa: S310  # the same
            return Answer(got.status, {name.lower(): value for name, value in got.headers.items()}, got.read().decode())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {}, error.read().decode())


def test_a_deep_link_is_answered_in_the_language_asked_for(app_server: AppServer) -> None:
    assert '<html lang="sv">' in fetch(f"{app_server.url}/").body
    assert '<html lang="en">' in fetch(f"{app_server.url}/skolan?lang=en").body
    assert '<html lang="en">' in fetch(f"{app_server.url}/", Cookie="skolkronan_lang=en").body


def test_the_language_script_is_served_as_a_script(app_server: AppServer) -> None:
    source = re.findall(r'src="\.(/app/static/sv\.js[^"]*)"', fetch(f"{app_server.url}/").body)[0]
    answer = fetch(app_server.url + source)
    assert "javascript" in answer.headers["content-type"]
    assert "MutationObserver" in answer.body


def test_the_health_check_looks_at_the_database(app_server: AppServer) -> None:
    answer = fetch(f"{app_server.url}/halsa")
    assert (answer.status, json.loads(answer.body)) == (200, {"status": "ok"})


def test_the_health_check_says_when_the_database_is_gone(
    start_server: Callable[..., AppServer], tmp_path: Path
) -> None:
    from tests.support.databases import Database

    server = start_server(Database(f"sqlite:///{tmp_path / 'saknas' / 'x.db'}", "sqlite"))
    assert fetch(f"{server.url}/halsa").status == 503


def test_demo_mode_refuses_a_foreign_name_for_this_machine(app_server: AppServer) -> None:
    assert fetch(f"{app_server.url}/", Host="attack.example.se").status == 403


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_demo_mode_refuses_what_a_proxy_hands_on_whoever_it_says_is_asking(app_server: AppServer, name: str) -> None:
    """A proxy before the demo makes every reader look local, and each of them can write what the proxy would."""
    assert fetch(f"{app_server.url}/").status == 200
    assert fetch(f"{app_server.url}/", **{name: "127.0.0.1"}).status == 403


@pytest.mark.parametrize("file", sorted(Path("pages").glob("[a-z]*.py"))[:2], ids=lambda file: file.stem)
def test_a_fresh_process_asked_first_for_a_page_file_runs_app_py(
    start_server: Callable[..., AppServer], file: Path
) -> None:
    """Streamlit's own pages/ mechanism would answer with the bare file, past the check of who is looking."""
    with Reader(start_server()) as reader:
        first = reader.open(file.stem)
    assert any("data-lang" in text for text in first.texts()), "app.py kördes inte: sidans språkmärke saknas"
    assert calc_hash(str(file.resolve())) not in first.pages().values()


def test_without_demo_mode_whoever_claims_to_be_a_controller_is_the_public(
    start_server: Callable[..., AppServer],
) -> None:
    """The address is not believed: what is shown is what access gives the public, totals but nothing behind them."""
    server = start_server(SKOLKRONAN_DEMO="0")
    shown = {}
    for path in ("underlag", "resursfordelning", "", "skolan", "karta"):
        with Reader(server) as reader:
            shown[path] = " ".join(reader.open(path, query="persona=controller&enhet=F01&rad=dim:individ").texts())
    assert "Du har inte behörighet" in shown["underlag"]
    assert "visas inte" in shown["resursfordelning"], "få beslut om individuellt stöd är inte offentliga"
    for path, texts in shown.items():
        assert "Läs som (demo)" not in texts, f"/{path} låter en okänd välja vem den är"
        assert not re.search(r"sha256|elevregister_20|Läs in en fil", texts), f"/{path} visar underlag"


def test_the_server_refuses_to_start_with_personas_beside_a_provider(sqlite_database: Database, tmp_path: Path) -> None:
    from tests.support.login_providers import COOKIE_SECRET, secrets_text, write_secrets

    file = write_secrets(tmp_path / "s.toml", secrets_text({"kommun": "http://127.0.0.1:1"}, "http://127.0.0.1:8501"))
    environment = {**demo_environment(sqlite_database.url, tmp_path), "SKOLKRONAN_SECRETS_FILE": str(file)}
    command = [sys.executable, "-m", "uvicorn", "asgi:app", "--port", "0"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode != 0
    assert "Skolkronan startar inte. SKOLKRONAN_DEMO=1 går inte ihop med inloggningstjänsterna" in done.stderr
    assert "Traceback" not in done.stderr
    assert COOKIE_SECRET not in done.stderr


def test_the_demo_says_on_every_page_that_nobody_has_logged_in(app_server: AppServer) -> None:
    for path in ("", "underlag", "karta", "om", "logga-in", "resursfordelning?enhet=G12"):
        with Reader(app_server) as reader:
            texts = " ".join(reader.open(path.partition("?")[0], query=path.partition("?")[2]).texts())
        assert "Demoläge: påhittade uppgifter, ingen inloggning." in texts, f"/{path}"


@pytest.mark.browser
def test_the_banner_of_the_demo_is_seen(app_server: AppServer, new_page: Callable[..., Page]) -> None:
    from tests.support.browsing import visit

    for phone in (False, True):
        page = new_page(phone=phone)
        visit(page, f"{app_server.url}/karta")
        box = page.get_by_role("note").filter(has_text="Demoläge").bounding_box()
        assert box is not None
        assert 0 <= box["y"] < 200


@pytest.mark.browser
def test_the_browser_obeys_the_policy_and_the_page_follows_its_language(
    app_server: AppServer, new_page: Callable[..., Page]
) -> None:
    from tests.support.browsing import console_errors, visit

    page = new_page()
    visit(page, f"{app_server.url}/")
    page.wait_for_selector("html[lang=sv]", state="attached")
    assert page.locator("[data-lang=sv]").count() == 1
    visit(page, f"{app_server.url}/?lang=en")
    page.wait_for_selector("html[lang=en]", state="attached")
    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}["skolkronan_lang"] == "en"
    assert console_errors(page) == []
