from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

THEME = tomllib.loads(Path(".streamlit/config.toml").read_text(encoding="utf-8"))["theme"]
TEXT, MARK = 4.5, 3.0  # WCAG 2.1: text 1.4.3, fields and parts of a picture 1.4.11


def luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def backgrounds(theme: dict) -> set[str]:
    parts = (theme, theme["sidebar"])
    return {part[name] for part in parts for name in ("backgroundColor", "secondaryBackgroundColor")}


def test_contrast_is_computed_as_wcag_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#808495", "#ffffff") == pytest.approx(3.72, abs=0.01)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("name", ["textColor", "linkColor", "primaryColor"])
def test_text_links_and_buttons_are_readable_on_every_background(mode: str, name: str) -> None:
    theme = THEME[mode]
    assert all(contrast(theme[name], background) >= TEXT for background in backgrounds(theme))


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_field_borders_and_chart_colours_are_seen(mode: str) -> None:
    theme = THEME[mode]
    palette = theme.get("chartCategoricalColors", THEME["chartCategoricalColors"])
    assert all(contrast(theme["borderColor"], background) >= MARK for background in backgrounds(theme))
    assert all(contrast(colour, theme["backgroundColor"]) >= MARK for colour in palette)
