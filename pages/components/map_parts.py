"""The map: GeoJSON shapes and dots drawn by deck.gl without any tile host, and the table beside it.

``map_provider=None`` without a map style is what keeps the browser from asking a stranger for tiles
(streamlit.md finding 9). Kinds of unit differ by colour and by the words of the table; size follows elever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk
import streamlit as st
from pydeck.data_utils import compute_view

from pages.components import charts, navigation, tables, text
from pages.components.tables import Column, Row, Table, figure, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.views import MapUnit, MapView

_LAND: Final = {"light": [226, 234, 228, 255], "dark": [38, 52, 60, 255]}
_EDGE: Final = {"light": [110, 125, 118, 255], "dark": [130, 148, 158, 255]}
_WATER: Final = {"light": [196, 220, 238, 255], "dark": [24, 52, 76, 255]}
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
    st.pydeck_chart(_deck(view, shade), height=520, key="map", alt=alt)


def _legend() -> str:
    return " · ".join(
        (
            f'<span class="sk-dot own"></span> {_("Kommunens egen enhet")}',
            f'<span class="sk-dot other"></span> {_("Annan huvudman")}',
            _("Ytan följer antalet elever"),
        )
    )


def _deck(view: MapView, shade: str) -> pdk.Deck:
    shapes: Any = view.shapes
    features = [_shaded(feature, shade) for feature in shapes.get("features", [])]
    land = pdk.Layer(
        "GeoJsonLayer",
        {"type": "FeatureCollection", "features": features},
        stroked=True,
        filled=True,
        get_fill_color="properties.fill",
        get_line_color=_EDGE[shade],
        line_width_min_pixels=1,
    )
    dots = pdk.Layer(
        "ScatterplotLayer",
        [_dot(unit, shade) for unit in view.units],
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
    view_state = compute_view([[unit.longitude, unit.latitude] for unit in view.units])
    return pdk.Deck(
        layers=[land, dots],
        initial_view_state=view_state,
        map_provider=None,
        tooltip={"text": "{said}"},
    )


def _shaded(feature: dict[str, Any], shade: str) -> dict[str, Any]:
    water = feature.get("properties", {}).get("kind") in {"water", "vatten", "lake", "sea"}
    fill = _WATER[shade] if water else _LAND[shade]
    return {**feature, "properties": {**feature.get("properties", {}), "fill": fill}}


def _dot(unit: MapUnit, shade: str) -> dict[str, object]:
    kinds = ", ".join(text.word(code) for code in unit.verksamheter)
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
    place = f"{unit.latitude:.3f}, {unit.longitude:.3f}"
    kinds = ", ".join(text.word(code) for code in unit.verksamheter)
    return Row(
        (
            words(unit.name, swedish=True),
            words(kinds),
            words(text.word(unit.recipient)),
            figure(unit.elever),
            words(place),
        )
    )
