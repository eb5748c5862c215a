"""The figures at the top of a page: a label, a figure ready as text, and a line beneath that gives it meaning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure, ready as text; ``beneath`` compares or explains it, ``help`` says how it is defined."""

    label: str
    shown: str
    beneath: str = ""
    help: str | None = None


def row(tiles: Sequence[Tile]) -> None:
    """Show tiles side by side; on a phone they stack."""
    with st.container(horizontal=True, key="tiles"):
        for tile in tiles:
            st.metric(
                tile.label,
                tile.shown,
                tile.beneath or None,
                delta_color="off",
                delta_arrow="off",
                border=True,
                help=tile.help,
            )
