"""The derivation tree of the page Resursfördelning: where its rows are."""

from __future__ import annotations

import re

TOTAL, BAS = "total", "dim:bas"
STEP = "step:grundskola.undervisning"
LINE = "line:grundskola.undervisning|grundskola.1_3|2026"
CATEGORY = "grundskola.1_3"
_PREFIX = {"dim": "d_", "step": "s_", "line": "r_"}


def row(key: str) -> str:
    """Return the selector of a row's disclosure button, by the key of its amount."""
    slug = re.sub(r"[^a-z0-9]+", "-", key.lower())
    name = TOTAL if key == TOTAL else _PREFIX[key.split(":", maxsplit=1)[0]] + slug
    return f".st-key-{name} > .stExpander > details > summary"


def panel(key: str) -> str:
    """Return the selector of what a row shows when it is open."""
    return row(key).removesuffix(" > summary")


REGISTER_ROWS = f"{panel(LINE)} [class*=st-key-rows_] summary"
