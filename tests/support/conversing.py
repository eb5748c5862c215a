"""Whether a page waits for its server: what the two say to each other, read as a browser passes it on.

A press sends a request, and a moment goes by before the page says of itself that its script runs. Whoever reads the
page in that moment reads the answer to the press before. Requests and answers are therefore followed where nothing
is lost between them: on the wire.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

if TYPE_CHECKING:
    from playwright.sync_api import Page, WebSocket

_INTERRUPTED = ForwardMsg.FINISHED_EARLY_FOR_RERUN


class Conversation:
    """What a page has asked of its server and not yet been answered.

    >>> talk = Conversation()
    >>> talk.page_says(BackMsg(rerun_script={}).SerializeToString())
    >>> talk.is_waiting
    True
    >>> talk.server_says(ForwardMsg(new_session={}).SerializeToString())
    >>> talk.server_says(ForwardMsg(script_finished=ForwardMsg.FINISHED_SUCCESSFULLY).SerializeToString())
    >>> talk.is_waiting
    False
    """

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.is_waiting = False
        self._is_answering = False

    def follow(self, page: Page) -> None:
        """Listen to every connection that the page opens from now on."""
        page.on("websocket", self._connected)

    def page_says(self, message: str | bytes) -> None:
        """Hear what the page sends: a press asks for a run, and no run begun before it answers it."""
        if isinstance(message, bytes) and BackMsg.FromString(message).HasField("rerun_script"):
            self.is_waiting, self._is_answering = True, False

    def server_says(self, message: str | bytes) -> None:
        """Hear what the server sends: a run begins, a run ends. One cut short for the next has answered nothing."""
        if not isinstance(message, bytes):
            return
        said = ForwardMsg.FromString(message)
        if said.HasField("new_session"):
            self.is_waiting = self._is_answering = True
        elif said.HasField("script_finished"):
            self.is_waiting = self.is_waiting and not (self._is_answering and said.script_finished != _INTERRUPTED)
            self._is_answering = False

    def _connected(self, socket: WebSocket) -> None:
        self.is_waiting, self._is_answering = True, False  # the first thing a page does is to ask for itself
        socket.on("framesent", self.page_says)
        socket.on("framereceived", self.server_says)
