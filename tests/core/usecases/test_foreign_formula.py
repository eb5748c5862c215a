"""A formula of a state that does not exist, written from docs/modellfil.md alone, against the same in plain Python."""

from __future__ import annotations

import csv
from fractions import Fraction
from math import floor

from core.usecases.evaluate import evaluate
from tests.support.models import ROOT

FOLDER = ROOT / "tests" / "cases" / "formulas"
Figures = dict[str, Fraction]


def half_up(value: Fraction, places: int = 0) -> Fraction:
    scale = Fraction(10) ** places
    return Fraction(floor(value * scale + Fraction(1, 2))) / scale


def entitlement(row: dict[str, str]) -> Figures:
    """Return the lines of one district: weights, poverty, sparsity, need, local share, what it is entitled to."""
    low, high, poor, area, base, before = (
        Fraction(row[name] or "0") for name in ("Lag", "Hog", "Fattiga", "Yta", "Skattekraft", "Fjol")
    )
    weighted = half_up(low + high * Fraction("1.25"), 2)
    poverty = min(half_up(poor / (low + high), 4), Fraction("0.6"))
    extra = half_up(weighted * max(Fraction(0), (poverty - Fraction("0.2")) * Fraction(3, 4)), 2)
    density = min(max((low + high) / area, Fraction(2)), Fraction(5))
    sparse = weighted * Fraction("0.05") * (5 - density) if row["Typ"] == "land" else Fraction(0)
    need = half_up(5250 * (weighted + extra + sparse))
    local = Fraction(floor(base * Fraction("0.0045")))
    right = max(need - local, need / 10, before * Fraction("0.95"))
    return {
        "vikt": weighted,
        "fattigdom": poverty,
        "fattigelever": extra,
        "behov": need,
        "lokalt": local,
        "ratt": right,
    }


def test_every_line_of_every_district_is_what_the_formula_says() -> None:
    with (FOLDER / "ostland.csv").open(encoding="utf-8", newline="") as file:
        districts = {row["Namn"]: entitlement(row) for row in csv.DictReader(file)}
    scarce = Fraction(20_000_000) / sum(one["ratt"] for one in districts.values())
    share = min(Fraction(1), Fraction(floor(scarce * 10**6), 10**6))
    for one in districts.values():
        one["betalas"] = half_up(one["ratt"] * share)

    header, *rows = evaluate((FOLDER / "ostland.yaml").read_text("utf-8"), "ostland.yaml", FOLDER / "ostland.csv")
    name, step, value = (header.index(column) for column in ("Namn", "step", "value"))
    found = {(row[name], row[step]): Fraction(row[value]) for row in rows}
    assert share < 1
    for district, lines in districts.items():
        assert {line: found[district, line] for line in lines} == lines
