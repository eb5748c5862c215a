"""Where the map looks from when it opens: the whole municipality in the picture, on a screen and on a phone."""

from __future__ import annotations

from math import asinh, log2, pi, radians, tan
from typing import TYPE_CHECKING, Any, Final

import pydeck as pdk
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.usecases.views import MapView

HEIGHT: Final = 520
_SCREEN: Final = 820  # pixels wide, beside the menu
_PHONE: Final = 320
_MARGIN: Final = 1.06
_WORLD: Final = 512  # pixels that deck.gl draws the world on at zoom 0
_MOST_ZOOM: Final = 14.0


def opening(view: MapView) -> pdk.ViewState:
    """Return the opening view: the outline of the municipality, or its units where there is no outline."""
    points = list(_outline(view.shapes)) or [(unit.longitude, unit.latitude) for unit in view.units]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    wide = max((east - west) / 360, 1e-6) * _MARGIN
    high = max((_mercator(north) - _mercator(south)) / (2 * pi), 1e-6) * _MARGIN
    zoom = min(log2(_width() / _WORLD / wide), log2(HEIGHT / _WORLD / high), _MOST_ZOOM)
    return pdk.ViewState(longitude=(west + east) / 2, latitude=(south + north) / 2, zoom=round(zoom, 3))


def _width() -> int:
    """Return about how wide the picture is; the server knows a phone only by what its browser says of itself."""
    return _PHONE if "Mobi" in st.context.headers.get("User-Agent", "") else _SCREEN


def _mercator(latitude: float) -> float:
    return asinh(tan(radians(latitude)))


def _outline(shapes: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401  # GeoJSON
    for feature in shapes.get("features", []):
        if feature.get("properties", {}).get("layer") == "kommun":
            yield from _positions(feature["geometry"]["coordinates"])


def _positions(nested: Any) -> Iterator[tuple[float, float]]:  # noqa: ANN401  # lists of lists, as deep as the shape
    if isinstance(nested[0], (int, float)):
        yield nested[0], nested[1]
        return
    for part in nested:
        yield from _positions(part)
