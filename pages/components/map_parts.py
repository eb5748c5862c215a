"""The map: GeoJSON shapes and dots drawn by deck.gl without any tile host, and the table beside it.

``map_provider=None`` without a map style is what keeps the browser from asking a stranger for tiles
(streamlit.md finding 9). Kinds of unit differ by colour and by the words of the table; size follows elever.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk
import streamlit as st

from pages.components import charts, map_view, navigation, tables, text
from pages.components.tables import Column, Row, Table, figure, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.views import MapUnit, MapView

# Fill and line of each layer of the shapes; what is not named is drawn as land.
_PAINT: Final[dict[str, dict[str, tuple[list[int], list[int]]]]] = {
    "light": {
        "neighbour": ([236, 238, 236, 255], [170, 178, 172, 255]),
        "kommun": ([222, 233, 224, 255], [90, 105, 96, 255]),
        "omrade": ([0, 0, 0, 0], [150, 165, 155, 255]),
        "lake": ([196, 220, 238, 255], [120, 160, 190, 255]),
        "road": ([0, 0, 0, 0], [190, 150, 110, 255]),
    },
    "dark": {
        "neighbour": ([28, 36, 42, 255], [70, 84, 94, 255]),
        "kommun": ([40, 56, 56, 255], [140, 158, 160, 255]),
        "omrade": ([0, 0, 0, 0], [86, 104, 106, 255]),
        "lake": ([24, 56, 84, 255], [70, 110, 150, 255]),
        "road": ([0, 0, 0, 0], [140, 112, 84, 255]),
    },
}
_OWN: Final = {"light": [0, 83, 138, 230], "dark": [124, 196, 245, 230]}
_OTHER: Final = {"light": [179, 89, 0, 230], "dark": [240, 163, 94, 230]}
_OWN_RECIPIENT: Final = "egen"


def finding(view: MapView) -> str:
    """Return how many units the map shows, and how many of them others run."""
    others = sum(unit.recipient != _OWN_RECIPIENT for unit in view.units)
    opening = ngettext("Kartan visar {n} enhet.", "Kartan visar {n} enheter.", len(view.units))
    rest = ngettext("{n} av dem har en annan huvudman.", "{n} av dem har en annan huvudman.", others)
    return f"{opening.format(n=len(view.units))} {rest.format(n=others)}"


def without_place(name: str) -> str:
    """Return the sentence about a unit that has no coordinates."""
    return _("{enhet} saknar koordinater i enhetsregistret och syns inte på kartan.").format(enhet=name)


def picture(view: MapView) -> None:
    """Show the map; mouse only by nature, hence the table below and the text alternative."""
    shade = charts.theme()
    names = ", ".join(unit.name for unit in view.units[:5])
    alt = _("Karta över kommunen med {n} enheter utsatta, bland dem {names}. Alla står i tabellen nedanför.").format(
        n=len(view.units), names=names
    )
    st.html(f'<p class="sk-note {shade}">{_legend()}</p>')
    with st.container(key=f"sea_{shade}"):
        st.pydeck_chart(_deck(view, shade), height=map_view.HEIGHT, key="map", alt=alt)


def _legend() -> str:
    return " · ".join(
        (
            f'<span class="sk-dot own"></span> {_("Kommunens egen enhet")}',
            f'<span class="sk-dot other"></span> {_("Annan huvudman")}',
            _("Ytan följer antalet elever"),
        )
    )


def _deck(view: MapView, shade: str) -> pdk.Deck:
    return deck_of(view, [_dot(unit, shade) for unit in view.units], shade)


def deck_of(view: MapView, dots: list[dict[str, object]], shade: str) -> pdk.Deck:
    """Return the kommun's shapes with ``dots`` (position, radius, colour, said) on them."""
    shapes: Any = view.shapes
    land = pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": [_painted(one, shade) for one in shapes.get("features", [])]},
        id="land",  # else a new one every time, and the browser draws the whole map anew
        stroked=True,
        filled=True,
        get_fill_color="properties.fill",
        get_line_color="properties.line",
        line_width_min_pixels=1.5,
    )
    units = pdk.Layer(
        "ScatterplotLayer",
        dots,
        id="units",
        get_position="position",
        get_fill_color="colour",
        get_radius="radius",
        radius_min_pixels=4,
        radius_max_pixels=22,
        stroked=True,
        get_line_color=[255, 255, 255],
        line_width_min_pixels=1,
        pickable=True,
    )
    return _Compact(
        layers=[land, units],
        initial_view_state=map_view.opening(view),
        map_provider=None,
        tooltip={"text": "{said}"},
    )


class _Compact(pdk.Deck):  # type: ignore[misc]  # pydeck comes without types
    """A deck whose JSON has no indentation: a tenth of the weight on the wire."""

    def to_json(self) -> str:
        """Return the deck as Streamlit sends it."""
        return json.dumps(json.loads(super().to_json()), separators=(",", ":"))


def _painted(feature: dict[str, Any], shade: str) -> dict[str, Any]:
    paint = _PAINT[shade]
    fill, line = paint.get(feature.get("properties", {}).get("layer", ""), paint["kommun"])
    return {"type": "Feature", "geometry": feature["geometry"], "properties": {"fill": fill, "line": line}}


def _dot(unit: MapUnit, shade: str) -> dict[str, object]:
    kinds = text.kinds(unit.verksamheter)
    return {
        "position": [unit.longitude, unit.latitude],
        "radius": 60 + 12 * float(unit.elever or 0) ** 0.5,  # area, not width, follows the number of elever
        "colour": (_OWN if unit.recipient == _OWN_RECIPIENT else _OTHER)[shade],
        "said": f"{unit.name}\n{kinds}\n{text.elever(unit.elever)}",
    }


def table(view: MapView) -> None:
    """Show every unit of the map as a table, by name, with a way to each unit's page."""
    columns = (
        Column(_("Enhet")),
        Column(_("Verksamhet")),
        Column(_("Huvudman")),
        Column(_("Elever"), figure=True),
        Column(_("Plats")),
    )
    rows = tuple(_table_row(unit) for unit in sorted(view.units, key=lambda unit: unit.name))
    tables.show(Table("karta", _("Enheter på kartan"), columns, rows))
    navigation.link(navigation.UNIT, _("Välj en enhet på sidan Skolan"))


def _table_row(unit: MapUnit) -> Row:
    place = f"{unit.latitude:.3f},{text.NBSP}{unit.longitude:.3f}"
    kinds = text.kinds(unit.verksamheter)
    return Row(
        (
            words(unit.name, swedish=True),
            words(kinds),
            words(text.word(unit.recipient)),
            figure(unit.elever),
            words(place),
        )
    )
