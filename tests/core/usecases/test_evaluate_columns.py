"""How an outsider's columns are read: every decimal, figures below zero, words, and what an empty cell stands for."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.exchange.units_file import UnitsFileFaultyError
from core.usecases.evaluate import evaluate

if TYPE_CHECKING:
    from pathlib import Path

MODEL = """\
model: kolumner
kommun: "9909"
year: 2026
title: Kolumner
price_lists: [{list: aret, label: Året, valid_from: 2026-01-01}]
counting: [{rule: dag, label: Den 15, kind: monthly, day: 15}]
categories:
  - {category: elever, label: Elever, verksamhet: grundskola, counting: dag}
prices:
  - {step: pris, kind: per_elev, label: Pris, kostnadsslag: undervisning, values: {elever: "50000"}, reference: &r {kind: guideline, title: Riktlinje}}
amounts:
  - {step: betalt, kind: per_elev, label: Betalt, prices: [pris]}
  - {step: antal, kind: combine, label: Antal, yields: count, unit: elever, how: sum, of: [{category: elever}], reference: *r}
  - {step: avdrag, kind: combine, label: Avdrag, yields: amount, unit: dollar, how: sum, of: [{variable: tal}], where: [{field: attribute.ord, in: ["ja", "kanske"]}], rounding: {places: 2}, reference: *r}
units:
  key: [id]
  delimiter: ","
  decimal: "."
  columns:
    - {column: elever, category: elever, if_empty: "0"}
    - {column: tal, variable: tal, if_empty: "-1.5"}
    - {column: ord, attribute: ord, if_empty: nej}
"""  # noqa: E501 - a model is read step by step, one to a line


def told(folder: Path, *rows: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Return value and unit by unit and step."""
    path = folder / "enheter.csv"
    path.write_text("\n".join(("id,elever,tal,ord", *rows)) + "\n", "utf-8")
    return {(row[0], row[1]): (row[6], row[7]) for row in evaluate(MODEL, "kolumner.yaml", path).rows}


def test_a_count_is_exact_whatever_decimals_it_has(tmp_path: Path) -> None:
    values = told(tmp_path, "a,1.8350000000000002,1,nej", "b,0.123456789012345678901234567890,1,nej", "c,1/3,1,nej")
    assert values["a", "antal"][0] == "1.835"  # ten decimals are shown; what is behind is exact
    assert values["a", "pris"][0] == "91750"
    assert values["b", "pris"][0] == "6172.84"
    assert values["c", "pris"][0] == "16666.67"


@given(count=st.decimals(min_value=0, max_value=99_999, places=17), kronor=st.integers(1, 10**6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_count_with_seventeen_decimals_is_paid_to_the_ore(tmp_path: Path, count: str, kronor: int) -> None:
    path = tmp_path / "enheter.csv"
    path.write_text(f"id,elever,tal,ord\na,{count:f},1,nej\nb,1.5,1,nej\n", "utf-8")
    result = evaluate(MODEL.replace('"50000"', f'"{kronor}"'), "kolumner.yaml", path)
    paid = {row[0]: Fraction(row[6]) for row in result.rows if row[1] == "pris"}
    assert abs(paid.get("a", Fraction(0)) - Fraction(str(count)) * kronor) <= Fraction(1, 200)
    assert paid["b"] == Fraction(3, 2) * kronor


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("-3041", "-3041"), ("\u22123.041", "-3.04"), ("2.4e3", "2400"), ("5E-1", "0.5"), (".25", "0.25"), ("", "-1.5"),
        ("-0.005", "-0.01"),
    ],
)  # fmt: skip
def test_a_figure_may_be_below_zero_written_with_an_exponent_or_left_out(tmp_path: Path, cell: str, value: str) -> None:
    assert told(tmp_path, f"a,1,{cell},ja")["a", "avdrag"] == (value, "dollar")


def test_words_for_nothing_are_empty_cells_and_thousands_may_have_a_comma_before_the_decimal_point(
    tmp_path: Path,
) -> None:
    path = tmp_path / "enheter.csv"
    path.write_text('id,elever,tal,ord\na,1,"1,234,567.5",ja\nb,NA,.,ja\nc,1,"-2,000",ja\n', "utf-8")
    model = MODEL.replace('  decimal: "."\n', '  decimal: "."\n  empty: [NA, "."]\n')
    values = {(row[0], row[1]): row[6] for row in evaluate(model, "kolumner.yaml", path).rows}
    assert values["a", "avdrag"] == "1234567.5"
    assert (values["b", "antal"], values["b", "avdrag"]) == ("0", "-1.5")
    assert values["c", "avdrag"] == "-2000"


@pytest.mark.parametrize("cell", ["1,2", "12,34", "1,2345", "1,234,5"])
def test_a_comma_that_is_no_thousand_is_refused_where_the_point_is_decimal(tmp_path: Path, cell: str) -> None:
    with pytest.raises(UnitsFileFaultyError, match="förväntat är ett tal"):
        told(tmp_path, f'a,1,"{cell}",ja')


def test_a_word_decides_and_an_empty_cell_is_what_the_model_says(tmp_path: Path) -> None:
    values = told(tmp_path, "a,1,7,kanske", "b,1,7,", "c,,7,ja")
    assert ("b", "avdrag") not in values
    assert values["a", "avdrag"][0] == "7"
    assert values["c", "antal"] == ("0", "elever")
    assert ("c", "pris") not in values


def test_fewer_than_no_elever_and_text_for_a_figure_are_refused_together(tmp_path: Path) -> None:
    with pytest.raises(UnitsFileFaultyError) as raised:
        told(tmp_path, "a,-1,7,ja", "b,1,sju,ja", "c,1,1e,ja")
    rows = [(issue.row, issue.column) for issue in raised.value.issues]
    assert rows == [(2, "elever"), (3, "tal"), (4, "tal")]
