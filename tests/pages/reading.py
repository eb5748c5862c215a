"""What an AppTest shows, as text a reader would meet."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def words(test: AppTest) -> str:
    """Return every text on the screen, no-break spaces as spaces, Markdown's escapes removed."""
    parts = [
        str(getattr(one, "value", ""))
        for kind in ("title", "header", "subheader", "markdown", "code")
        for one in test.get(kind)
    ]
    parts += [_plain(one.proto.body) for one in test.get("html")]
    parts += [
        f"{one.proto.title} {one.proto.body}"
        for kind in ("info", "warning", "error", "success")
        for one in test.get(kind)
    ]
    parts += [f"{one.label} {one.value} {one.delta}" for one in test.metric]
    parts += [str(getattr(one, "label", "")) for kind in ("expander", "tab", "button") for one in test.get(kind)]
    return "\n".join(parts).replace("\u00a0", " ").replace("\\", "")


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r" +", " ", re.sub(r"<[^>]+>", " ", markup)))


def no_bug(test: AppTest) -> bool:
    """Say whether the page ran to its end."""
    return not test.exception
