"""The look that Streamlit's theme does not reach: ``static/skolkronan.css``, fetched once by the browser.

Style-only HTML costs no room on the page; the content security policy allows it. The version in the address is the
file's own hash, so that a browser never keeps an old one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from core.base import sha256

_FILE = Path(__file__).resolve().parents[2] / "static" / "skolkronan.css"


@cache
def _link() -> str:
    stamp = sha256(_FILE.read_bytes())[:12]
    return f'<style>@import url("./app/static/{_FILE.name}?v={stamp}");</style>'


def put() -> None:
    """Ask the browser for the style sheet; call once a run, before the page."""
    st.html(_link())
