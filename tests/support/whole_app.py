"""The dashboard run whole, as somebody, on a real database; everything sent to the browser is kept.

Expanders, popovers and tabs count as open, so that what stands behind them is asked for too; a file that is offered is
made at once. Nothing of ours stands in: app.py, its pages, the page border's memory, the use cases and the store are
all the real ones. Only who looks is said by the test.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa  # type: ignore[import-untyped]  # the package has no types
import streamlit as st
from google.protobuf.message import Message
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer
from streamlit.elements.lib.mutable_popover_container import PopoverContainer
from streamlit.elements.lib.mutable_tab_container import TabContainer
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.local_script_runner import LocalScriptRunner
from streamlit.util import calc_hash

from core import bootstrap
from pages.components import frozen, looking, who
from pages.components.reader import Reader

if TYPE_CHECKING:
    import pytest

    from core.access import Actor
    from core.usecases.context import App

APP = Path(__file__).resolve().parents[2] / "app.py"
SECONDS = 60


class Screens:
    """Opens pages and keeps what they send."""

    def __init__(self, app: App, patch: pytest.MonkeyPatch) -> None:
        self._app, self._sent, self._files = app, list[Any](), list[Any]()
        self.looks: tuple[Actor, str] | None = None
        self._tab: int | None = None  # the one that is open; None: every one
        self._tabs = 0
        st.cache_resource.clear()
        frozen.forget()
        patch.setattr(bootstrap, "build", lambda *_: app)
        patch.setattr(who, "is_looking", self._reader)
        # AppTest keeps functions of its own in the session; what is ours is held to this by tests in the browser.
        patch.setattr(SessionState, "_check_serializable", lambda _: None)
        for box in (ExpanderContainer, PopoverContainer):
            patch.setattr(box, "open", property(lambda _: True, lambda *_: None))
        patch.setattr(TabContainer, "open", property(self._opens_tab, lambda *_: None))
        patch.setattr(looking, "purpose", lambda *_: "kontroll")  # rows of elever are looked at for a purpose
        self._keep_files(patch)
        self._keep_messages(patch)

    def _reader(self, *_: object, **__: object) -> Reader:
        assert self.looks is not None
        actor, kommun = self.looks
        return Reader(self._app, actor, kommun)

    def _opens_tab(self, _: TabContainer) -> bool:
        self._tabs += 1
        return self._tab is None or self._tab == self._tabs - 1

    def _keep_files(self, patch: pytest.MonkeyPatch) -> None:
        offered = DeltaGenerator.download_button
        files = self._files

        def download_button(into: DeltaGenerator, label: str, data: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401
            files.append((args[:1], data() if callable(data) else data))
            return offered(into, label, "", *args, **named)

        patch.setattr(DeltaGenerator, "download_button", download_button)
        patch.setattr(st, "download_button", lambda *args, **named: download_button(st._main, *args, **named))

    def _keep_messages(self, patch: pytest.MonkeyPatch) -> None:
        made, sent = LocalScriptRunner.__init__, self._sent

        def begin(runner: LocalScriptRunner, *args: Any, **named: Any) -> None:  # noqa: ANN401
            made(runner, *args, **named)
            queue = runner.forward_msg_queue
            enqueue = queue.enqueue

            def keep(message: Any) -> None:  # noqa: ANN401
                sent.append(message)
                enqueue(message)

            queue.enqueue = keep  # type: ignore[method-assign, assignment]  # listens in

        patch.setattr(LocalScriptRunner, "__init__", begin)

    def open(self, url_path: str, actor: Actor, query: dict[str, str] | None = None) -> Sent:
        """Open a page as somebody, with an address: all its tabs at once, or in turn where they share a widget."""
        self._tab = None
        whole = self._run(url_path, actor, query or {})
        if not whole.faults or self._tabs == 0:
            return whole
        each = []
        for place in range(self._tabs):
            self._tab = place
            each.append(self._run(url_path, actor, query or {}))
        return Sent(
            [one for sent in each for one in sent.messages],
            [one for sent in each for one in sent.files],
            [one for sent in (whole, *each) for one in sent.address],
            [one for sent in each for one in sent.faults],
        )

    def _run(self, url_path: str, actor: Actor, query: dict[str, str]) -> Sent:
        self._sent.clear()
        self._files.clear()
        self._tabs = 0
        self.looks = (actor, min(actor.kommuner, default=""))
        test = AppTest.from_file(str(APP), default_timeout=SECONDS)
        test._page_hash = calc_hash(url_path)
        for name, value in query.items():
            test.query_params[name] = value
        test.run()
        faults = [f"{one.message}\n{''.join(one.stack_trace)}" for one in test.exception]
        address = {name: str(test.query_params[name]) for name in test.query_params}
        return Sent([*map(_plain, self._sent)], [*self._files], [address], faults)


@dataclass(frozen=True, slots=True)
class Sent:
    """All that an opening of a page sent; ``faults``: errors that no page may show, what a bug looks like."""

    messages: list[Any]
    files: list[Any]
    address: list[dict[str, str]]
    faults: list[str]

    def everything(self) -> tuple[object, ...]:
        """Return what the browser got, files included."""
        return (self.messages, self.files, self.address)


def _plain(message: Message | Any) -> Any:  # noqa: ANN401 - as protobuf has it
    """Return a message as plain lists, strings and numbers; tables and charts' data opened."""
    if not isinstance(message, Message):
        return _opened(message) if isinstance(message, bytes) else message
    found: list[Any] = []
    for field, value in message.ListFields():
        if field.is_repeated if hasattr(field, "is_repeated") else field.label == field.LABEL_REPEATED:
            items = value.items() if hasattr(value, "items") else enumerate(value)
            for key, item in items:
                found.append([key if isinstance(key, str) else None, _plain(item)])
        else:
            found.append(_plain(value))
    return found


def _opened(content: bytes) -> Any:  # noqa: ANN401
    try:
        with pa.ipc.open_stream(io.BytesIO(content)) as reader:
            return json.loads(json.dumps(reader.read_all().to_pylist(), default=str))
    except pa.ArrowInvalid:
        return content.decode("utf-8", errors="replace")


def page_paths() -> list[str]:
    """Return the address of every page that app.py registers, read out of it without running it."""
    source = APP.read_text(encoding="utf-8")
    names: dict[str, Any] = {"__name__": "app"}
    body = source.rsplit("\nmain()", 1)[0]
    exec(compile(body, str(APP), "exec"), names)  # noqa: S102 - our own program
    return [row[0] for row in names["PAGES"]]
