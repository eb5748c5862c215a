"""What no browser of ours would send: too large, forged, cut off, out of its folder. Refused; the server stays up."""

from __future__ import annotations

import http.client
import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from streamlit import config
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from tests.support.ws_client import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.support.servers import AppServer

SECRET = "root:x:"  # noqa: S105 - how /etc/passwd begins
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def server(app_server: AppServer) -> Iterator[AppServer]:
    """Give the running dashboard, and see that it still answers when all of this has been tried."""
    yield app_server
    must_be_up(app_server)


def ask(
    server: AppServer, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Return (status, text) of one request sent exactly as it is written; 0 when the server hung up on us."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 0, timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        if body is not None and "Content-Length" not in (headers or {}):
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        with suppress(BrokenPipeError, ConnectionResetError):
            if body:
                connection.send(body)
        answer = connection.getresponse()
        return answer.status, answer.read(200_000).decode("utf-8", "replace")
    except (ConnectionError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()


def must_be_up(server: AppServer) -> None:
    status, text = ask(server, "GET", "/halsa")
    assert (status, json.loads(text)) == (200, {"status": "ok"})


def raw(server: AppServer, content: bytes, *, seconds: float = 5) -> bytes:
    """Send bytes as they are and return what comes back before the server hangs up or the time is out."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname or "", address.port or 0), timeout=seconds) as one:
        with suppress(ConnectionError):
            one.sendall(content)
        found = b""
        with suppress(ConnectionError, TimeoutError):
            while piece := one.recv(65_536):
                found += piece
        return found


OUTSIDE = (
    "/app/static/../asgi.py",
    "/app/static/%2e%2e/asgi.py",
    "/app/static/..%2fasgi.py",
    "/app/static/..%5casgi.py",
    "/app/static/%252e%252e/asgi.py",
    "/app/static//etc/passwd",
    "/app/static/....//....//etc/passwd",
    "/app/static/%00",
    "/app/static/sv.js%00.py",
    "/app/static/../data/nycklar/pseudonym.key",
    "/media/../asgi.py",
    "/media/%2e%2e%2f%2e%2e%2fetc/passwd",
    "/media/" + "0" * 64 + ".csv",
    "/media//etc/passwd",
    "/component/../../etc/passwd",
    "/component/x/%2e%2e/%2e%2e/asgi.py",
    "/component/streamlit..asgi/asgi.py",
    "/static/../asgi.py",
    "/static/%2e%2e/%2e%2e/asgi.py",
    "/_stcore/../asgi.py",
    "/_stcore/upload_file/../../asgi.py",
    "/_stcore/agent/x",
    "/.git/config",
    "/.streamlit/config.toml",
    "/data/parameters/roller.yaml",
    "/pages/start.py",
    "/core/settings.py",
)


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_its_folder(server: AppServer, path: str) -> None:
    status, text = ask(server, "GET", path)
    assert status < 500
    for secret in (SECRET, "class Shell", "enableXsrfProtection", "[core]", "def show(", "pseudonym_key", "Traceback"):
        assert secret not in text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "OPTIONS", "CONNECT", "POST", "X" * 300])
@pytest.mark.parametrize("path", ["/", "/halsa", "/underlag", "/okand/sida", "/_stcore/health"])
def test_an_unknown_method_or_route_is_refused(server: AppServer, method: str, path: str) -> None:
    status, text = ask(server, method, path, b"x=1" if method in {"POST", "PUT", "PATCH"} else None)
    assert status < 500
    assert "Traceback" not in text


@pytest.mark.parametrize("cookie", ["", "_streamlit_xsrf=2|abc|def|1", "_streamlit_xsrf=" + "x" * 3000])
@pytest.mark.parametrize("token", ["", "2|abc|def|1", "x", "\u00e5"])
def test_a_file_without_the_pages_own_token_is_refused(server: AppServer, cookie: str, token: str) -> None:
    headers = {"Cookie": cookie, "X-Xsrftoken": token.encode("latin-1", "replace").decode("latin-1"), **MULTIPART}
    status, text = ask(server, "PUT", "/_stcore/upload_file/session/file", FILE, headers)
    assert 400 <= status < 500
    assert "Traceback" not in text


MULTIPART = {"Content-Type": "multipart/form-data; boundary=x"}
FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="../../x.csv"\r\n\r\na;b\r\n--x--\r\n'


def test_a_file_of_a_session_that_is_not_there_is_refused(server: AppServer) -> None:
    token = xsrf_token(server)
    headers = {"Cookie": f"_streamlit_xsrf={token}", "X-Xsrftoken": token, "Origin": server.url, **MULTIPART}
    for session in ("borta", "../../x", "%00", "x" * 5_000):
        status, _ = ask(server, "PUT", f"/_stcore/upload_file/{session}/file", FILE, headers)
        assert 400 <= status < 500


def test_a_file_from_an_open_page_without_a_field_for_it_is_refused(server: AppServer) -> None:
    """Anybody can open the start page; what it sends would be kept in memory until its session ends."""
    token = xsrf_token(server)
    headers = {"Cookie": f"_streamlit_xsrf={token}", "X-Xsrftoken": token, "Origin": server.url, **MULTIPART}
    for query in ("persona=medborgare", "persona=controller"):
        with Reader(server) as reader:
            started = reader.open("underlag", query=query).messages
            (session,) = {
                one.new_session.initialize.session_id for one in started if one.WhichOneof("type") == "new_session"
            }
            assert session
            status, text = ask(server, "PUT", f"/_stcore/upload_file/{session}/file", FILE, headers)
            assert (status, text) == (403, "Sidan tar inte emot några filer.\n")


def xsrf_token(server: AppServer) -> str:
    """Return the token that a page of ours gets."""
    address = urlsplit(server.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 0, timeout=30)
    connection.request("GET", "/_stcore/health")
    answer = connection.getresponse()
    answer.read()
    cookies = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    return next(
        (one.partition("=")[2].partition(";")[0] for one in cookies if one.startswith("_streamlit_xsrf=")), "saknas"
    )


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(server: AppServer) -> None:
    limit = config.get_option("server.maxUploadSize") * 1024 * 1024
    before = server.memory_mb()
    for headers in ({"Content-Length": str(limit * 20)}, {"Content-Length": "9" * 40}, {"Content-Length": "-1"}):
        status, _ = ask(server, "PUT", "/_stcore/upload_file/a/b", b"x" * MEGABYTE, {**headers, **MULTIPART})
        assert status == 0 or 400 <= status < 500
    must_be_up(server)
    assert server.memory_mb() < before + 200


def test_a_body_without_a_length_that_never_ends_is_given_up(server: AppServer) -> None:
    begun = b"PUT /_stcore/upload_file/a/b HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    before = server.memory_mb()
    raw(server, begun + b"fffff\r\n" + b"x" * 0xFFFFF + b"\r\n", seconds=3)
    must_be_up(server)
    assert server.memory_mb() < before + 200


@pytest.mark.parametrize(
    "content",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"a=b; " * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + b"X-A: b\r\n" * 40_000 + b"\r\n",
        b"GET /?" + b"enhet=x&" * 20_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /" + b"%25" * 50_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: skolkronan_lang=\x00\xff; =; ;;;\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500,
        b"\x00" * 100_000,
        b"GET / HTTP/1.1\r\nHost: [\r\n\r\n",
    ],
    ids=["kaka", "huvuden", "fraga", "sokvag", "lang", "nul", "version", "tva_langder", "tls", "nollor", "vard"],
)
def test_a_request_no_browser_sends_leaves_the_server_up(server: AppServer, content: bytes) -> None:
    answer = raw(server, content, seconds=4)
    assert b"Traceback" not in answer
    assert b" 500 " not in answer[:40]
    must_be_up(server)


@pytest.mark.parametrize(
    "message", [b"", b"\x00" * 1000, b"\xff" * 100_000, "text i stället för bytes", b"\x0a" * 5_000_000]
)
def test_a_websocket_message_that_is_none_of_ours_ends_at_most_that_session(
    server: AppServer, message: bytes | str
) -> None:
    address = server.url.replace("http://", "ws://") + "/_stcore/stream"
    with (
        suppress(ConnectionClosed, InvalidHandshake, TimeoutError),
        connect(
            address, subprotocols=[Subprotocol("streamlit")], origin=Origin(server.url), max_size=None, proxy=None
        ) as one,
    ):
        one.send(message)
        one.recv(timeout=1)
    must_be_up(server)
    with Reader(server) as reader:
        assert reader.open("om").texts()


def test_a_websocket_from_a_foreign_page_is_refused(server: AppServer) -> None:
    address = server.url.replace("http://", "ws://") + "/_stcore/stream"
    with (
        pytest.raises((InvalidHandshake, ConnectionClosed)),
        connect(
            address, subprotocols=[Subprotocol("streamlit")], origin=Origin("https://evil.example"), proxy=None
        ) as one,
    ):
        one.recv(timeout=2)


@pytest.mark.parametrize(
    "query",
    ["enhet=%00%ff", "ar=" + "9" * 500, "korning=-1&korning=2", "lang=<script>", "%%%", "persona=" + "x" * 20_000],
)
def test_a_forged_address_over_the_wire_gives_a_page(server: AppServer, query: str) -> None:
    for path in ("skolan", "underlag"):
        with Reader(server) as reader:
            shown = " ".join(reader.open(path, query=query).texts())
        assert "data-lang" in shown
        assert "Traceback" not in shown
        assert "Något gick fel" not in shown


def test_nothing_of_all_this_is_a_fault_in_the_log(server: AppServer) -> None:
    """A trace in the log is a fault of ours, whoever provoked it; only ours is looked for, not the web server's."""
    text = Path(server.log).read_text("utf-8", "replace")
    traced = [
        part for part in text.split("Traceback (most recent call last)")[1:] if "/core/" in part or "/pages/" in part
    ]
    assert traced == []
