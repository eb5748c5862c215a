"""The page Karta: where the units are, on the municipality's own shapes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from core.usecases.choices import newest_run, register_units
from core.usecases.context import kommun_of, must
from core.usecases.frozen import recipient_of
from core.usecases.headcount import headcount_of
from core.usecases.presenting import model_of
from core.usecases.views import MapUnit, MapView

if TYPE_CHECKING:
    from pathlib import Path

    from core.access import Actor
    from core.usecases.context import App

NO_SHAPES: dict[str, Any] = {"type": "FeatureCollection", "features": []}


def map_view(app: App, viewer: Actor) -> MapView:
    """Return units with coordinates, the names of those without, and the shapes to draw them on."""
    kommun = kommun_of(viewer)
    must(viewer, "map.view", kommun)
    with app.reading(viewer) as work:
        record = work.kommuner.get(kommun)
        units = register_units(work, kommun, app.clock().date())
        run = newest_run(work, kommun)
        heads = headcount_of(work, run, model_of(run)) if run else None
    placed, missing = [], []
    for unit in sorted(units, key=lambda one: (one.name.casefold(), one.enhet)):
        if unit.latitude is None or unit.longitude is None:
            missing.append(unit.name)
            continue
        placed.append(
            MapUnit(
                unit.enhet, unit.name, recipient_of(unit, record).value, unit.verksamheter, float(unit.latitude),
                float(unit.longitude), heads.mean(unit.enhet) if heads else None,
            )
        )  # fmt: skip
    return MapView(tuple(placed), tuple(missing), _shapes(app.data_folder, kommun))


def _shapes(data_folder: Path, kommun: str) -> dict[str, Any]:
    """Return the kommun's own map, or none: ``data/maps/<kommun>.geojson``, and the demo's beside its files."""
    for path in (data_folder / "maps" / f"{kommun}.geojson", data_folder / "demo" / f"{kommun}.geojson"):
        if path.is_file():
            shapes: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            return shapes
    return NO_SHAPES
