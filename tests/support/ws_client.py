"""A reader without a browser: talks to the dashboard over its websocket, counts bytes and processor time per rerun.

>>> with Reader(app_server) as reader:
...     first = reader.open("resursfordelning", query="lang=en")
...     again = reader.rerun()
...     cost = measure(reader, reruns=20)   # average of 20 reruns of the same page
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.servers import AppServer

WAIT_SECONDS = 60


@dataclass(slots=True)
class Rerun:
    """What one script run sent, what it cost the server, and how long the reader waited."""

    messages: list[ForwardMsg] = field(default_factory=list)
    payload_bytes: int = 0
    cpu_ms: float = 0.0
    wall_ms: float = 0.0

    def texts(self) -> list[str]:
        """Return every text that was sent, labels of what opens included: what a reader got to see."""
        sent = [message.delta for message in self.messages if message.WhichOneof("type") == "delta"]
        return [text for delta in sent for text in _texts(delta)]

    def pages(self) -> dict[str, str]:
        """Return the pages of the navigation: path → page hash."""
        last = [message.navigation for message in self.messages if message.WhichOneof("type") == "navigation"]
        return {page.url_pathname: page.page_script_hash for page in last[-1].app_pages} if last else {}


class Reader:
    """One open session. Use as a context manager."""

    def __init__(self, server: AppServer, *, cookies: str = "") -> None:
        self._server = server
        self._cookies = cookies
        self._page_hash = ""
        self._query = ""
        self._socket: ClientConnection | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        address = self._server.url.replace("http://", "ws://") + "/_stcore/stream"
        headers = {"Cookie": self._cookies} if self._cookies else {}
        self._socket = self._open.enter_context(
            connect(
                address,
                subprotocols=[Subprotocol("streamlit")],
                origin=Origin(self._server.url),
                additional_headers=headers,
                max_size=None,
                compression=None,
                proxy=None,
            )
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def open(self, path: str = "", *, query: str = "", page_hash: str = "") -> Rerun:
        """Open a page by its path, as a browser does with a deep link; or by its hash, as a click does."""
        self._query = query
        return self._run(page_name=path, query_string=query, page_script_hash=page_hash)

    def rerun(self) -> Rerun:
        """Run the page that is open once more."""
        return self._run(page_script_hash=self._page_hash, query_string=self._query)

    def _run(self, **client_state: str) -> Rerun:
        assert self._socket is not None, "använd with"
        back = BackMsg()
        for name, value in client_state.items():
            setattr(back.rerun_script, name, value)
        done = Rerun()
        started, cpu = time.perf_counter(), self._server.cpu_ms()
        self._socket.send(back.SerializeToString())
        for message in self._incoming(done):
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self._page_hash = message.new_session.page_script_hash
            elif kind == "navigation":
                self._page_hash = message.navigation.page_script_hash
            elif kind == "script_finished" and message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                break
        done.wall_ms = (time.perf_counter() - started) * 1000
        done.cpu_ms = self._server.cpu_ms() - cpu
        return done

    def _incoming(self, done: Rerun) -> Iterator[ForwardMsg]:
        assert self._socket is not None
        while True:
            raw = self._socket.recv(timeout=WAIT_SECONDS)
            assert isinstance(raw, bytes)
            message = ForwardMsg.FromString(raw)
            done.messages.append(message)
            done.payload_bytes += len(raw)
            yield message


@dataclass(frozen=True, slots=True)
class Cost:
    """The average cost of a rerun; the budget is 25 ms and 50 kB (design, section 6)."""

    cpu_ms: float
    payload_kb: float
    median_wall_ms: float


def measure(reader: Reader, *, reruns: int = 20) -> Cost:
    """Rerun the page that is open and return what one rerun costs on average."""
    done = [reader.rerun() for _ in range(reruns)]
    waits = sorted(one.wall_ms for one in done)
    return Cost(
        cpu_ms=sum(one.cpu_ms for one in done) / reruns,
        payload_kb=max(one.payload_bytes for one in done) / 1000,
        median_wall_ms=waits[reruns // 2],
    )


def _texts(message: Any) -> Iterator[str]:  # noqa: ANN401  # any protobuf message
    """Walk a protobuf message and give every text in it."""
    for descriptor, value in message.ListFields():
        if descriptor.type == descriptor.TYPE_STRING:
            yield from [value] if isinstance(value, str) else value
        elif descriptor.type == descriptor.TYPE_MESSAGE and hasattr(value, "ListFields"):
            yield from _texts(value)
        elif descriptor.type == descriptor.TYPE_MESSAGE and not hasattr(value, "items"):
            for one in value:
                yield from _texts(one)
