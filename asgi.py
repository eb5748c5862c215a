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

**Content security policy.** Scripts come from this server or carry the nonce of the answer; nothing is evaluated from
text, nothing is fetched from elsewhere.
"""

from __future__ import annotations

import contextlib
import gc
import hashlib
import importlib
import re
import secrets
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from core.settings import Settings, is_loopback

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("sv", "en")
LANGUAGE_COOKIE = "skolkronan_lang"
LOGIN_HOURS = 8
# Paths that never answer with the page itself; everything else is a deep link to a page.
NOT_PAGES = ("/static/", "/_stcore/", "/media/", "/component/", "/app/static/", "/oauth2callback", "/auth/", "/halsa")
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
# Loaded before the first reader comes; Streamlit itself would let that reader wait for them.
WARM = ("altair", "numpy", "pandas", "pyarrow", "pydeck", "core.bootstrap")
_NOSCRIPT = {
    "sv": "Skolkronan behöver JavaScript för att visa sidan.",
    "en": "Skolkronan needs JavaScript to show the page.",
}
_REFUSED = "Demoläget svarar bara på den egna datorn. Öppna http://127.0.0.1:8501 där programmet körs.\n"
_FAILED = {
    "sv": "Något gick fel på den här sidan. Felet är noterat. Ladda om sidan, eller gå till en annan sida.",
    "en": "Something went wrong on this page. It has been noted. Reload, or go to another page.",
}

# A folder named pages/ beside app.py would otherwise let a deep link run pages/x.py without app.py, until app.py has
# run once in this process. A private name: tests/test_server.py fails when it goes.
PagesManager.uses_pages_directory = False


def chosen_language(scope: Scope) -> str:
    """Return the language asked for in the address, else remembered in the cookie, else Swedish."""
    asked: str = parse_qs(scope.get("query_string", b"").decode("latin-1")).get("lang", [""])[-1]
    if asked in LANGUAGES:
        return asked
    jar: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        jar.load(Headers(scope=scope).get("cookie", ""))
    kept = jar[LANGUAGE_COOKIE].value if LANGUAGE_COOKIE in jar else ""
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
    """Return a Set-Cookie value that lives a working day instead of Streamlit's 30, and only on https when on https."""
    cookie = re.sub(r"(?i)max-age=2592000", f"Max-Age={LOGIN_HOURS * 3600}", cookie)
    if https and not re.search(r"(?i);\s*secure", cookie):
        cookie += "; Secure"
    return cookie


def is_from_own_machine(scope: Scope) -> bool:
    """Tell whether a request came from this machine, to a loopback address, under a loopback name."""
    ends = [scope.get("client"), scope.get("server")]
    if not all(end is not None and is_loopback(str(end[0])) for end in ends):
        return False
    host = Headers(scope=scope).get("host", "")
    return is_loopback(re.sub(r":\d+$", "", host))


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
        self._body = bytearray()
        self._nonce = secrets.token_urlsafe(16)

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._set_headers(message)
            if self._is_page and message["status"] == 200 and _is_html(message):  # noqa: PLR2004  # OK, as HTTP calls it
                self._start = message
                return
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
        if is_html:
            headers["Content-Security-Policy"] = POLICY.format(nonce=self._nonce)
        cookies = headers.getlist("set-cookie")
        if cookies:
            del headers["set-cookie"]
            for cookie in cookies:
                headers.append("Set-Cookie", guarded_cookie(cookie, https=self._scope.get("scheme") == "https"))

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
    gc.collect()
    gc.freeze()
    yield {}


SETTINGS = Settings.from_environment()
app = st.App(
    FOLDER / "app.py",
    lifespan=warm_start,
    middleware=[Middleware(Shell, demo=SETTINGS.demo)],
    routes=[Route("/halsa", health)],
    on_script_error=report_failure,
)
