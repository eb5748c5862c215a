"""Lindvik's map, drawn by rule: outline, six områden, a lake, roads and the neighbours, as GeoJSON.

The municipality lies where there is only open sea (about 62° N 19.5° E), so nobody can take it for
a real place. Corners are given in kilometres from the square in Centrum; borders between them are
roughened by a hash of their ends, so two områden that share a border share it to the last point.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from core.usecases.demo.draw import draw

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Point = tuple[float, float]

ORIGIN_LATITUDE, ORIGIN_LONGITUDE = 62.0, 19.5
KM_PER_DEGREE_NORTH, KM_PER_DEGREE_EAST = 111.4, 52.4
ROUGHNESS, PIECES = 0.07, 8
DECIMALS = 5
NODES: dict[str, Point] = {
    "n": (-6.5, 17.5), "ne": (7.0, 16.0), "e1": (16.0, 9.5), "e2": (18.0, 0.5), "se": (15.0, -9.0), "s1": (8.0, -15.5),
    "s2": (-4.0, -16.5), "sw": (-14.5, -12.5), "w1": (-17.5, -3.0), "nw": (-15.0, 9.5),
    "tn": (-3.0, 5.8), "tne": (2.8, 5.9), "te": (5.6, 2.2), "tme": (5.9, -1.5), "tse": (5.2, -4.2), "ts": (0.5, -5.6),
    "tsw": (-4.8, -4.4), "tmw": (-5.6, -1.6), "tw": (-5.4, 1.9),
    "hs": (-8.0, -25.0), "hw": (-25.5, -9.0), "hn": (-25.0, 8.0), "ss": (9.0, -24.0),
}  # fmt: skip
OMRADEN: dict[str, tuple[str, ...]] = {
    "Centrum": ("tw", "te", "tme", "tmw"),
    "Norrsidan": ("tw", "tn", "tne", "te"),
    "Södersidan": ("tmw", "tme", "tse", "ts", "tsw"),
    "Kustbygden": ("n", "ne", "e1", "e2", "se", "tse", "tme", "te", "tne", "tn"),
    "Sjöbygden": ("tse", "se", "s1", "s2", "sw", "tsw", "ts"),
    "Skogsbygden": ("tsw", "sw", "w1", "nw", "n", "tn", "tw", "tmw"),
}
OUTLINE = ("n", "ne", "e1", "e2", "se", "s1", "s2", "sw", "w1", "nw")
NEIGHBOURS: dict[str, tuple[str, ...]] = {
    "Strandmark": ("s1", "ss", "hs", "sw", "s2"),
    "Höglida": ("sw", "hw", "hn", "nw", "w1"),
}
LAKE = ("Storlomsvattnet", (-2.4, -10.6), (3.4, 1.9))
ROADS: dict[str, tuple[Point, ...]] = {
    "Kustvägen": ((0.0, 0.0), (3.6, 0.4), (8.2, 1.4), (12.2, 4.3), (15.0, 6.5)),
    "Sjövägen": ((0.0, 0.0), (0.8, -4.0), (2.2, -7.8), (3.6, -9.2), (3.0, -14.0), (0.2, -20.6)),
    "Myrvägen": ((0.8, -4.0), (-4.2, -6.4), (-7.6, -9.4), (-12.0, -11.2)),
    "Skogsvägen": ((0.0, 0.0), (-4.0, 0.4), (-7.4, 4.2), (-9.4, 7.0), (-9.8, 13.0)),
    "Höglidavägen": ((-4.0, 0.4), (-11.4, 0.2), (-19.4, 0.4)),
    "Norrvägen": ((0.0, 0.0), (0.4, 3.2), (1.0, 5.0), (0.4, 15.5)),
}


def map_text() -> str:
    """Return the map as a GeoJSON FeatureCollection, one feature a line, so that a change can be read.

    ``layer`` and ``name`` tell what a feature is.
    """
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False, separators=(",", ":")) for feature in _features())
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def _features() -> Iterator[dict[str, object]]:
    areas: tuple[tuple[str, dict[str, tuple[str, ...]]], ...]
    areas = (("neighbour", NEIGHBOURS), ("kommun", {"Lindvik": OUTLINE}), ("omrade", OMRADEN))
    for layer, shapes in areas:
        for name, corners in shapes.items():
            yield _feature(layer, name, "Polygon", [_ring(corners)])
    lake, centre, radii = LAKE
    yield _feature("lake", lake, "Polygon", [_lake(centre, radii)])
    for name, points in ROADS.items():
        yield _feature("road", name, "LineString", [_degrees(point) for point in points])


def _feature(layer: str, name: str, kind: str, coordinates: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "properties": {"layer": layer, "name": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def _ring(corners: Sequence[str]) -> list[list[float]]:
    """Return a closed ring, counter-clockwise as the format asks (RFC 7946)."""
    points = [
        point for start, end in zip(corners, [*corners[1:], corners[0]], strict=True) for point in _border(start, end)
    ]
    turns = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, [*points[1:], points[0]], strict=True))
    ordered = points if turns > 0 else points[::-1]
    return [_degrees(point) for point in [*ordered, ordered[0]]]


def _border(start: str, end: str) -> list[Point]:
    """Return the points from ``start`` up to, not including, ``end``; the same seen from either side."""
    if start > end:
        return [NODES[start], *_border(end, start)[:0:-1]]
    (x0, y0), (x1, y1) = NODES[start], NODES[end]
    points = [NODES[start]]
    for piece in range(1, PIECES):
        along = piece / PIECES
        aside = (draw("gräns", start, end, piece) - 0.5) * 2 * ROUGHNESS
        points.append((x0 + (x1 - x0) * along - (y1 - y0) * aside, y0 + (y1 - y0) * along + (x1 - x0) * aside))
    return points


def _lake(centre: Point, radii: Point, corners: int = 36) -> list[list[float]]:
    ring = []
    for corner in range(corners):
        angle = 2 * math.pi * corner / corners
        reach = 0.82 + 0.36 * draw("strand", corner // 2)
        ring.append(
            _degrees((centre[0] + radii[0] * reach * math.cos(angle), centre[1] + radii[1] * reach * math.sin(angle)))
        )
    return [*ring, ring[0]]


def _degrees(point: Point) -> list[float]:
    """Return longitude and latitude of a point given in kilometres east and north."""
    east, north = point
    longitude = ORIGIN_LONGITUDE + east / KM_PER_DEGREE_EAST
    return [round(longitude, DECIMALS), round(ORIGIN_LATITUDE + north / KM_PER_DEGREE_NORTH, DECIMALS)]
