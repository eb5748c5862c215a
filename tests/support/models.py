"""Small funding models for tests: what a case does not say gets a plain default."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import yaml

from core.parameters import FundingModel, load_model, read_yaml
from core.parameters.check import check_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = {"kind": "guideline", "title": "Påhittad riktlinje"}


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of ``tests/cases/<name>.yaml``."""
    file = f"tests/cases/{name}.yaml"
    found = read_yaml((ROOT / file).read_text("utf-8"), file).data
    return cast("list[dict[str, Any]]", found)


def small_model(
    prices: Sequence[Mapping[str, Any]],
    categories: Sequence[str] = ("a",),
    lists: Sequence[str] = ("2026",),
    **parts: Any,  # noqa: ANN401 - any other part of a model, as the file would say it
) -> FundingModel:
    """Return a model of price steps; lists follow each other a month apart."""
    model = FundingModel.model_validate(_whole(prices, categories, lists, parts))
    faults = check_model(model)
    assert not faults, faults
    return model


def small_model_read(
    prices: Sequence[Mapping[str, Any]], categories: Sequence[str] = ("a",), lists: Sequence[str] = ("2026",)
) -> FundingModel:
    """Return the same, written to text and read as a file is, with every fault of a file."""
    text = yaml.safe_dump(_whole(prices, categories, lists, {}), allow_unicode=True, sort_keys=False)
    return load_model(text, "liten.yaml")


def _whole(
    prices: Sequence[Mapping[str, Any]], categories: Sequence[str], lists: Sequence[str], parts: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "model": "liten",
        "kommun": "9901",
        "year": 2026,
        "title": "Liten modell",
        "price_lists": [
            {"list": name, "label": f"Lista {name}", "valid_from": date(2026, place + 1, 1)}
            for place, name in enumerate(lists)
        ],
        "categories": [{"category": one, "label": one, "verksamhet": "grundskola"} for one in categories],
        "prices": [
            {"kind": "per_elev", "label": one["step"], "kostnadsslag": "ovrigt", "reference": REFERENCE, **one}
            for one in prices
        ],
        **parts,
    }


def published_model(path: str) -> FundingModel:
    """Return one of the models in ``data/models``."""
    return load_model((ROOT / "data" / "models" / path).read_text("utf-8"), path)
