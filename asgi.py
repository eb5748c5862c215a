"""The server: Streamlit as an ASGI application, with headers, cookies, page language and a health check of our own.

Start it with ``uvicorn asgi:app --ws websockets-sansio --ws-per-message-deflate false --no-access-log``.
``streamlit run app.py`` works too, for a developer: it lacks what this file adds and each rerun takes 40 ms longer.

**Page language.** Streamlit hard-codes ``<html lang="en">`` and has its built-in words in English only. The page that
is sent says "sv" or "en", taken from the address (``?lang=en``), else the cookie ``skolkronan_lang``, else Swedish.
From then on the page itself decides: every script run writes ``<span data-lang="sv" hidden></span>`` (or "en") through
``st.html``; ``static/sv.js`` follows that marker, sets ``document.documentElement.lang``, remembers the choice in the
cookie, and translates Streamlit's own words while the page is Swedish.

**Demo mode** lets the reader choose a persona without login, so every request must come from the machine itself, to the
machine itself, under a name of the machine itself; the last one stops a foreign web page that points its name here.
Whatever has come through a proxy is refused, for then the one who asks is somewhere else, whatever the headers say.

**Login** is Streamlit's own, with the providers of the file that ``SKOLKRONAN_SECRETS_FILE`` names; no secrets file of
the tree or of a home folder is ever read. What is added here: the cookies live no longer than a login does and travel
on https alone when the readers' address is https; whoever was on the way to a page comes to it after logging in (the
cookie ``skolkronan_till``, a path of our own or nothing); and the login page says what became of a logout or of a
login that was broken off. How long a login really lives is decided by ``core.usecases.sign_in``. Logging out is asked
for by our own pages or by the address bar; a link on another site logs nobody out.

**Files in.** Streamlit takes a file from every open session. Here it is taken from a page that has been offered a field
for it alone (``pages.components.offering``); everybody else is refused before the file is read.

**Files out.** A file made on click lies, until its page runs again, under an address that nobody can guess
(``pages.components.made_files``); nothing on the way keeps it.

**Content security policy.** Scripts come from this server or carry the nonce of the answer; nothing is evaluated from
text, nothing is fetched from elsewhere.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib
import logging
import re
import secrets
from datetime import timedelta
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote, unquote, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from streamlit import config
from streamlit.runtime.pages_manager import PagesManager

from core.settings import Settings, SettingsError, is_loopback
from pages.components import made_files

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("sv", "en")
LANGUAGE_COOKIE = "skolkronan_lang"
# What a proxy adds about whom it speaks for; anybody can write these, so demo mode takes any of them for a no.
PROXIED = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"})
TILL_COOKIE = "skolkronan_till"
TILL_SECONDS = 600
# A page of ours and what it shows: one step of the path, so that no address of another host can be meant.
OWN_PATH = re.compile(r"/[a-z0-9-]*(\?[!-\[\]-~]{0,1500})?")
LOGIN_PAGE = "/logga-in"
USER_COOKIE = "_streamlit_user"
# Paths that never answer with the page itself; everything else is a deep link to a page.
NOT_PAGES = ("/static/", "/_stcore/", "/media/", "/component/", "/app/static/", "/oauth2callback", "/auth/", "/halsa")
UPLOADS = "/_stcore/upload_file/"
MADE_FILES = "/media/"
LOGOUT = "/auth/logout"
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Loaded before the first reader comes; Streamlit itself would let that reader wait for them.
WARM = ("altair", "numpy", "pandas", "pyarrow", "pydeck", "core.bootstrap")
_TILL_LIFE = f"Path=/; HttpOnly; SameSite=Lax; Max-Age={TILL_SECONDS}"
_TILL_GONE = f"{TILL_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
_NOSCRIPT = {
    "sv": "Skolkronan behöver JavaScript för att visa sidan.",
    "en": "Skolkronan needs JavaScript to show the page.",
}
_REFUSED = "Demoläget svarar bara på den egna datorn. Öppna http://127.0.0.1:8501 där programmet körs.\n"
_NO_FILE = "Sidan tar inte emot några filer.\n"
_NOT_OURS = "En annan webbplats bad om att du skulle loggas ut. Du är kvar. Logga ut på sidan om du vill det.\n"
_FAILED = {
    "sv": "Något gick fel på den här sidan. Felet är noterat. Ladda om sidan, eller gå till en annan sida.",
    "en": "Something went wrong on this page. It has been noted. Reload, or go to another page.",
}

# A folder named pages/ beside app.py would otherwise let a deep link run pages/x.py without app.py, until app.py has
# run once in this process. A private name: tests/test_server.py fails when it goes.
PagesManager.uses_pages_directory = False
made_files.guard()


def chosen_language(scope: Scope) -> str:
    """Return the language asked for in the address, else remembered in the cookie, else Swedish."""
    asked: str = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    if asked in LANGUAGES:
        return asked
    kept = cookies_of(scope).get(LANGUAGE_COOKIE, "")
    return kept if kept in LANGUAGES else "sv"


def rewrite_page(html: str, language: str, nonce: str) -> str:
    """Return Streamlit's page with its language, title, icon and script set, every script under ``nonce``."""
    stamp = hashlib.sha256((FOLDER / "static" / "sv.js").read_bytes()).hexdigest()[:12]
    html = html.replace('<html lang="en">', f'<html lang="{language}">', 1)
    html = html.replace("<title>Streamlit</title>", "<title>Skolkronan</title>", 1)
    html = html.replace('href="./favicon.png"', 'href="./app/static/ikon.png"', 1)
    html = re.sub(
        r"<noscript>.*?</noscript>", f"<noscript><p>{_NOSCRIPT[language]}</p></noscript>", html, flags=re.DOTALL
    )
    html = html.replace("</head>", f'<script defer src="./app/static/sv.js?v={stamp}"></script>\n  </head>', 1)
    return html.replace("<script", f'<script nonce="{nonce}"')


def guarded_cookie(cookie: str, *, https: bool) -> str:
    """Return a Set-Cookie value that lives as long as a login, not Streamlit's 30 days, and on https alone if asked."""
    seconds = SETTINGS.login.life // timedelta(seconds=1)
    cookie = re.sub(r"(?i)max-age=2592000", f"Max-Age={seconds}", cookie)
    if https and not re.search(r"(?i);\s*secure", cookie):
        cookie += "; Secure"
    return cookie


def cookies_of(scope: Scope) -> dict[str, str]:
    """Return the request's cookies by name; those that cannot be read are left out."""
    jar: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        jar.load(Headers(scope=scope).get("cookie", ""))
    return {name: found.value for name, found in jar.items()}


def own_path(asked: str) -> str:
    """Return a path (with query) to a page of ours, or "" for anything else, the start and the login page included."""
    if not OWN_PATH.fullmatch(asked) or asked.partition("?")[0] in {"/", LOGIN_PAGE}:
        return ""
    return asked


def till_cookie(scope: Scope) -> str | None:
    """Return the Set-Cookie that remembers where somebody without a login is on the way to, None to leave it be.

    Opening a page says it; so does the page from which the login is begun, which is newer.
    """
    if not SETTINGS.login.providers:
        return None
    if scope["path"] == "/auth/login":
        came_from = urlsplit(Headers(scope=scope).get("referer", ""))
        asked = own_path(came_from.path + (f"?{came_from.query}" if came_from.query else ""))
        return f"{TILL_COOKIE}={quote(asked, safe='')}; {_TILL_LIFE}" if asked else None
    kept = cookies_of(scope)
    if scope["method"] != "GET" or USER_COOKIE in kept or scope["path"] == LOGIN_PAGE:
        return None
    query = scope.get("query_string", b"").decode("latin-1")
    asked = own_path(scope["path"] + (f"?{query}" if query else ""))
    if asked:
        return f"{TILL_COOKIE}={quote(asked, safe='')}; {_TILL_LIFE}"
    return _TILL_GONE if TILL_COOKIE in kept else None


def after_login(scope: Scope, location: str, *, logged_in: bool) -> str:
    """Return where Streamlit's redirect to the start should lead: the page asked for, or the login page's answer."""
    if location != "/" or not SETTINGS.login.providers:
        return location
    if scope["path"] == "/oauth2callback":
        if logged_in:
            return own_path(unquote(cookies_of(scope).get(TILL_COOKIE, ""))) or location
        failed = {"code", "error"} & set(parse_qs(scope.get("query_string", b"").decode("latin-1")))
        return f"{LOGIN_PAGE}?utfall={'avbruten' if failed else 'utloggad'}"  # a provider sends whoever left it here
    return f"{LOGIN_PAGE}?utfall=utloggad" if scope["path"] == "/auth/logout" else location


def is_way_out_closed(scope: Scope, status: int) -> bool:
    """Tell whether Streamlit could not send somebody on to the login provider, which it says in two English words."""
    return scope["path"] == "/auth/login" and status >= 400 and bool(SETTINGS.login.providers)  # noqa: PLR2004  # HTTP's


def is_from_own_machine(scope: Scope) -> bool:
    """Tell whether a request came from this machine, past no proxy, to a loopback address, under a loopback name."""
    if any(name.lower() in PROXIED for name, _ in scope["headers"]):
        return False
    ends = [scope.get("client"), scope.get("server")]
    if not all(end is not None and is_loopback(str(end[0])) for end in ends):
        return False
    host = Headers(scope=scope).get("host", "")
    return is_loopback(re.sub(r":\d+$", "", host))


def is_file_not_asked_for(scope: Scope) -> bool:
    """Tell whether a request sends a file from a page that has no field for one."""
    if scope["type"] != "http" or scope["method"] != "PUT" or not scope["path"].startswith(UPLOADS):
        return False
    from pages.components import offering

    return not offering.is_offered(scope["path"].removeprefix(UPLOADS).partition("/")[0])


def is_logout_from_elsewhere(scope: Scope) -> bool:
    """Tell whether another site sent the reader to the logout; browsers say so, and a page cannot say otherwise."""
    if scope["type"] != "http" or scope["path"].rstrip("/") != LOGOUT:
        return False
    return Headers(scope=scope).get("sec-fetch-site", "none") not in {"same-origin", "none"}


class Shell:
    """Middleware around everything Streamlit answers: demo guard, headers, cookies and the page's first language."""

    def __init__(self, app: ASGIApp, *, demo: bool) -> None:
        self._app = app
        self._demo = demo

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or open one websocket."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
        elif self._demo and not is_from_own_machine(scope):
            await _refuse(scope, receive, send)
        elif is_file_not_asked_for(scope):
            await PlainTextResponse(_NO_FILE, status_code=403)(scope, receive, send)
        elif is_logout_from_elsewhere(scope):
            await PlainTextResponse(_NOT_OURS, status_code=403)(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._app(scope, receive, send)
        else:
            is_page = scope["method"] in {"GET", "HEAD"} and not f"{scope['path']}/".startswith(NOT_PAGES)
            answer = _Answer(scope, send, is_page=is_page)
            await self._app(_without_shortcuts(scope) if is_page else scope, receive, answer.send)


class _Answer:
    """One HTTP answer on its way out: headers are set, and a page is held back until it can be rewritten whole."""

    def __init__(self, scope: Scope, send: Send, *, is_page: bool) -> None:
        self._scope = scope
        self._send = send
        self._is_page = is_page
        self._start: Message | None = None
        self._is_replaced = False
        self._body = bytearray()
        self._nonce = secrets.token_urlsafe(16)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if is_way_out_closed(self._scope, message["status"]):
                self._is_replaced = True
                way = [(b"location", f"{LOGIN_PAGE}?utfall=svarar-inte".encode()), (b"content-length", b"0")]
                message = {"type": "http.response.start", "status": 302, "headers": way}
            self._set_headers(message)
            if self._is_page and message["status"] == 200 and _is_html(message):  # noqa: PLR2004  # OK, as HTTP calls it
                self._start = message
                return
        elif self._is_replaced:
            if message.get("more_body", False):
                return
            message = {"type": "http.response.body", "body": b""}
        elif message["type"] == "http.response.body" and self._start is not None:
            self._body += message.get("body", b"")
            if message.get("more_body", False):
                return
            await self._send_page()
            return
        await self._send(message)

    def _set_headers(self, message: Message) -> None:
        is_html = _is_html(message)
        headers = MutableHeaders(scope=message)
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if self._scope["path"].startswith(MADE_FILES):
            headers["Cache-Control"] = "no-store"  # neither a proxy nor the browser's own disk
        if is_html:
            headers["Content-Security-Policy"] = POLICY.format(nonce=self._nonce)
        is_page = self._is_page and is_html and message["status"] == 200  # noqa: PLR2004  # OK, as HTTP calls it
        self._set_cookies(headers, may_be_asked_for=is_page or self._scope["path"] == "/auth/login")

    def _set_cookies(self, headers: MutableHeaders, *, may_be_asked_for: bool) -> None:
        cookies = headers.getlist("set-cookie")
        logged_in = any(one.startswith(f"{USER_COOKIE}=") and "max-age=0" not in one.lower() for one in cookies)
        if "location" in headers:
            headers["Location"] = after_login(self._scope, headers["location"], logged_in=logged_in)
        if logged_in:
            cookies.append(_TILL_GONE)
        elif may_be_asked_for:
            cookies += filter(None, [till_cookie(self._scope)])
        if cookies:
            del headers["set-cookie"]
            https = SETTINGS.login.is_https or self._scope.get("scheme") == "https"
            for cookie in cookies:
                headers.append("Set-Cookie", guarded_cookie(cookie, https=https))

    async def _send_page(self) -> None:
        assert self._start is not None  # noqa: S101  # the caller has just looked; this tells mypy
        page = rewrite_page(self._body.decode("utf-8"), chosen_language(self._scope), self._nonce).encode("utf-8")
        headers = MutableHeaders(scope=self._start)
        headers["Content-Language"] = chosen_language(self._scope)
        headers["Cache-Control"] = "no-store"  # a nonce is used once
        for name in ("content-length", "etag", "last-modified"):  # they speak of the page as it was
            if name in headers:
                del headers[name]
        if self._scope["method"] == "HEAD":
            page = b""
        else:
            headers["Content-Length"] = str(len(page))
        await self._send(self._start)
        await self._send({"type": "http.response.body", "body": page})


def _is_html(message: Message) -> bool:
    kinds = (value for name, value in message["headers"] if name.lower() == b"content-type")
    return next(kinds, b"").startswith(b"text/html")


def _without_shortcuts(scope: Scope) -> Scope:
    """Drop what would make Streamlit answer with a compressed page, or with "not changed" for one we rewrite."""
    dropped = {b"accept-encoding", b"if-none-match", b"if-modified-since", b"range"}
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() not in dropped]}


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    """Say no before anything else is done; a websocket is closed before it is accepted."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await PlainTextResponse(_REFUSED, status_code=403)(scope, receive, send)


def health(_: Request) -> JSONResponse:
    """Answer whether the server can do its work: 200 when the database opens and is up to date, else 503."""
    from core.bootstrap import database_answers

    if database_answers(SETTINGS):
        return JSONResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})
    return JSONResponse({"status": "databasen svarar inte"}, status_code=503, headers={"Cache-Control": "no-store"})


def report_failure(_: Exception) -> bool:
    """Show the reader of a broken page a sentence in the page's language; Streamlit has logged the trace."""
    language = st.query_params.get("lang") or st.context.cookies.get(LANGUAGE_COOKIE) or "sv"
    st.error(_FAILED.get(language, _FAILED["sv"]))
    return True


@contextlib.asynccontextmanager
async def warm_start(_: st.App) -> AsyncIterator[dict[str, object]]:
    """Load what the first reader would wait for, then leave it out of every later garbage collection."""
    pages = (f"pages.{file.stem}" for file in sorted((FOLDER / "pages").glob("[a-z]*.py")))
    for name in (*WARM, *pages):
        importlib.import_module(name)
    from core.exchange.laid_down import sweep

    sweep()  # files that a process killed before this one had on disk while it read them
    gc.collect()
    gc.freeze()
    yield {}


try:
    SETTINGS = Settings.from_environment()
except SettingsError as error:  # a person can mend it: a sentence, not a trace
    raise SystemExit(f"Skolkronan startar inte. {error}") from None
app = st.App(
    FOLDER / "app.py",
    lifespan=warm_start,
    middleware=[Middleware(Shell, demo=SETTINGS.demo)],
    routes=[Route("/halsa", health)],
    on_script_error=report_failure,
)
# The way to the login providers' secrets: set here since uvicorn passes Streamlit no options, and after st.App, which
# says where config.toml lies. It is read when the first request or the start-up builds the application.
config.set_option("server.allowedHosts", [SETTINGS.login.host] if SETTINGS.login.host else [])  # as readers name us
config.set_option("secrets.files", [str(SETTINGS.login.file)] if SETTINGS.login.file else [])
# Streamlit switches on the list of requests that uvicorn's --no-access-log turns off. An address may hold a login
# provider's one-time code, and what somebody looks at; nginx keeps a list without queries (docs/drift.md).
logging.getLogger("uvicorn.access").disabled = True
