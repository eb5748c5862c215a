"""Charts: specifications built once per language and theme and kept as plain data; alt text is not optional.

Building a chart with Altair costs 20 ms, showing a finished specification 0.6 ms (streamlit.md finding 4).
Label colours are our own in both themes, since Streamlit's default grey is too pale (finding 8). Next to
every chart its caller shows the same figures as a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import altair as alt
import streamlit as st

from pages.components import text
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

INK: Final = {"light": "#1b2733", "dark": "#e8eef3"}
GRID: Final = {"light": "#d5dce2", "dark": "#33424f"}
COLOURS: Final = {"light": ["#00538a", "#b35900"], "dark": ["#7cc4f5", "#f0a35e"]}
HEIGHT: Final = 260
_ONE_BAR_A_ROW: Final = frozenset({"category_bars", "waterfall"})


def theme() -> str:
    """Return "light" or "dark", as the reader's browser says."""
    return "dark" if st.context.theme.type == "dark" else "light"


def _locale(language: str) -> dict[str, Any]:
    if language == "sv":
        return {"number": {"decimal": ",", "thousands": text.NBSP, "grouping": [3], "currency": ["", f"{text.NBSP}kr"]}}
    return {"number": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": [f"SEK{text.NBSP}", ""]}}


def _preliminary_and_settled(label: str, value: str, **_more: str) -> alt.Chart:
    """Two bars a month side by side: what was paid, what was earned; told apart by place and words too."""
    drawn: alt.Chart = (
        alt.Chart(alt.NamedData("rows"))
        .mark_bar()
        .encode(
            x=alt.X("month:N", sort=None, title=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            xOffset=alt.XOffset("series:N", sort=None),
            y=alt.Y("value:Q", title=value, axis=alt.Axis(tickCount=4, format=",.0f")),
            color=alt.Color("series:N", title=None, sort=None, legend=alt.Legend(orient="top", columns=1)),
            tooltip=[
                alt.Tooltip("month:N", title=label),
                alt.Tooltip("series:N", title=" "),
                alt.Tooltip("value:Q", title=value, format=",.0f"),
            ],
        )
    )
    return drawn


def _category_bars(label: str, value: str, **_more: str) -> alt.LayerChart:
    """One horizontal bar a category with its figure at the end."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("category:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)),
        x=alt.X("value:Q", title=value, axis=alt.Axis(tickCount=4)),
        tooltip=[alt.Tooltip("category:N", title=label), alt.Tooltip("shown:N", title=value)],
    )
    drawn: alt.LayerChart = base.mark_bar() + base.mark_text(align="left", dx=4).encode(text="shown:N")
    return drawn


def _along(field: str, title: str) -> alt.X:
    room = alt.Scale(zero=False, padding=48)  # for the words after the last bar
    return alt.X(field, title=title, scale=room, axis=alt.Axis(tickCount=3, labelOverlap=True))


def _waterfall(label: str, value: str, **_more: str) -> alt.LayerChart:
    """Bars that each begin where the one above ends, between two marks; more and less differ in words and colour."""
    base = alt.Chart(alt.NamedData("rows")).encode(
        y=alt.Y("bar:N", sort=None, title=None, axis=alt.Axis(labelLimit=190)),
        tooltip=[alt.Tooltip("bar:N", title=label), alt.Tooltip("shown:N", title=value)],
    )
    either = alt.Scale(domain=[_("mer"), _("mindre")])
    bars = base.mark_bar().encode(
        x=_along("start:Q", value),
        x2="end:Q",
        color=alt.Color("sign:N", title=None, scale=either, legend=alt.Legend(orient="top")),
    )
    marks = base.mark_tick(thickness=3, height=18).encode(
        x=_along("end:Q", value), opacity=alt.condition("datum.sign == ''", alt.value(1), alt.value(0))
    )
    words = base.mark_text(align="left", dx=6).encode(x=_along("right:Q", value), text="shown:N")
    drawn: alt.LayerChart = bars + marks + words
    return drawn


_BUILD: Final[dict[str, Callable[..., alt.Chart | alt.LayerChart]]] = {
    "preliminary_and_settled": _preliminary_and_settled,
    "category_bars": _category_bars,
    "waterfall": _waterfall,
}


@st.cache_data(show_spinner=False, max_entries=64)
def _spec(name: str, language: str, shade: str, label: str, value: str) -> dict[str, Any]:
    """Return a finished specification without data: public by nature, so every reader may share it."""
    ink = INK[shade]
    chart = (
        _BUILD[name](label, value)
        .configure(locale=_locale(language), background="transparent")
        .configure_axis(
            labelColor=ink, titleColor=ink, gridColor=GRID[shade], labelFontSize=12, titleFontWeight="normal"
        )
        .configure_legend(labelColor=ink, titleColor=ink, labelFontSize=13)
        .configure_view(stroke=None)
        .configure_text(color=ink, fontSize=12)
        .configure_range(category=COLOURS[shade])
        .configure_bar(color=COLOURS[shade][0])
        .properties(height=HEIGHT)
    )
    spec: dict[str, Any] = chart.to_dict()
    spec.pop("data", None)
    spec.pop("datasets", None)
    return spec


def draw(name: str, rows: Sequence[dict[str, object]], *, label: str, value: str, alt_text: str, key: str) -> None:
    """Show a chart of a few aggregated rows, with the text that stands in its place for who cannot see it."""
    spec = {**_spec(name, text.language(), theme(), label, value), "data": {"values": list(rows)}}
    if name in _ONE_BAR_A_ROW:
        spec |= {"height": {"step": 24}, "autosize": {"type": "fit-x", "contains": "padding"}}
    st.vega_lite_chart(spec=spec, alt=alt_text, key=key, theme=None, width="stretch")


def described(opening: str, points: Sequence[str]) -> str:
    """Return an alt text: what the picture shows, then its figures."""
    return _("{opening} Värden: {points}.").format(opening=opening, points="; ".join(points))
