from __future__ import annotations

import csv
import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.allocation import Allocated, AllocationInput, PriceTable, allocate, compute_prices
from core.base import sha256
from core.exchange.given_file import GivenFigures, GivenFileFaultyError, given_content, read_given
from core.exchange.units_file import UnitsFileFaultyError, read_units_file
from core.parameters import FundingModel, ModelFaultyError, UnitsFile, load_model
from core.usecases import evaluate as evaluation
from core.usecases.evaluate import NotEvaluableError, evaluate
from tests.support.models import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEXT = (ROOT / "tests" / "cases" / "allocation" / "evaluate_model.yaml").read_text("utf-8")
PLANNED = {"lag": Fraction(61), "hog": Fraction(83)}
HEADER = ["kommun", "enhet", "mottagare", "landsbygd", "index", "elever_lag", *(f"hog_{m:02d}" for m in range(1, 13))]
HEADER.append("stod_mars")
ALVEN = ["9909", "alven", "egen", "nej", "112,5", "40", *["30"] * 6, *["33"] * 6, ""]
BACKEN = ["9909", "backen", "egen", "ja", "", "13,5", *["10"] * 12, "48 000,50"]
DALEN = ["9909", "dalen", "fristaende_hemma", "nej", "87", "95/12", *["41"] * 12, "12000"]
UNITS = [ALVEN, BACKEN, DALEN]


def write_units(folder: Path, rows: Sequence[Sequence[str]], name: str = "enheter.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *rows])
    return path


def the_run(path: Path) -> tuple[FundingModel, PriceTable, Allocated]:
    """Allocate over all units as the kommun does: with its own plan, and nothing given."""
    model = load_model(TEXT, "lillby.yaml")
    units = model.units
    assert isinstance(units, UnitsFile)
    prices = compute_prices(model, PLANNED)
    solved = GivenFigures(sha256(TEXT), 12, prices.by_key, {})
    rows = read_units_file(path, units)
    ordered = sorted(rows, key=lambda row: row.enhet.encode())
    data = AllocationInput(
        model,
        tuple(evaluation._unit(row, units) for row in ordered),
        evaluation._quantities(model, units, ordered, 12),
        evaluation._prices(model, solved),
        index=evaluation._index(ordered),
        given=list(evaluation._given_amounts(model, ordered)),
    )
    return model, prices, allocate(data)


def write_given(folder: Path, run: tuple[FundingModel, PriceTable, Allocated], own: set[str]) -> Path:
    model, prices, allocated = run
    lines = [line for line in allocated.lines() if line.enhet in own]
    content = given_content(7, model, TEXT, prices, allocated.pools, lines, 12)
    path = folder / "run.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def amounts(rows: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Return value by enhet, step, category and price list."""
    return {(row[1], row[2], row[3], row[9]): row[7] for row in rows}


def test_a_huvudman_gets_its_own_ore_from_its_own_units(tmp_path: Path) -> None:
    run = the_run(write_units(tmp_path, UNITS))
    given_path = write_given(tmp_path, run, {"dalen"})
    own = evaluate(TEXT, "lillby.yaml", write_units(tmp_path, [DALEN], "egna.csv"), given_path)
    in_run = sorted((line for line in run[2].lines() if line.enhet == "dalen"), key=lambda line: line.position)
    assert [(row[2], row[9]) for row in own.rows] == [(line.step, line.period) for line in in_run]
    assert own.total_ore == sum(line.amount_ore for line in in_run)
    for row, line in zip(own.rows, in_run, strict=True):
        assert Fraction(row[7].replace(",", ".")) * 100 == line.amount_ore
    assert own.header == (
        "kommun", "enhet", "step", "category", "quantity", "rate", "factor", "value", "unit", "period",
    )  # fmt: skip


def test_the_figures_of_a_small_kommun_are_those_worked_out_by_hand(tmp_path: Path) -> None:
    run = the_run(write_units(tmp_path, UNITS))
    given_path = write_given(tmp_path, run, {"alven", "backen", "dalen"})
    result = amounts(evaluate(TEXT, "lillby.yaml", write_units(tmp_path, UNITS), given_path).rows)
    # 5 000 000 / 61 = 81 967,21 → 81 967; hösten 81 967 * 1,02 = 83 606,34 → 83 606
    assert result["alven", "undervisning", "lag", "var"] == "1639340"  # 40 * 6/12 * 81 967
    assert result["alven", "undervisning", "lag", "host"] == "1672120"  # 20 * 83 606
    # 7 000 000 / 83 = 84 337,35 → 84 337; hösten 86 023,74 → 86 024
    assert result["alven", "undervisning", "hog", "host"] == "1419396"  # 33 * 6/12 * 86 024
    assert result["dalen", "administration", "lag", "var"] == "9733,54"  # 95/24 elever * 2 459
    assert result["backen", "landsbygd", "alla", "var"] == "150000"
    assert result["backen", "stod", "grundskola", "var"] == "48000,5"
    pool = [Fraction(value.replace(",", ".")) for key, value in result.items() if key[1] == "socioekonomi"]
    assert sum(pool) == 1_000_000
    assert result["dalen", "socioekonomi_moms", "alla", "var"] != "0"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.lists(st.integers(0, 90), min_size=12, max_size=12), st.integers(40, 260)),
        min_size=2,
        max_size=6,
    )
)
def test_whoever_recomputes_gets_the_remainders_of_the_run(
    tmp_path: Path, units: list[tuple[int, list[int], int]]
) -> None:
    rows = [
        ["9909", f"e{place}", "egen", "nej", f"{index},5", f"{low + 1}/12", *map(str, high), ""]
        for place, (low, high, index) in enumerate(units)
    ]
    run = the_run(write_units(tmp_path, rows))
    for place, row in enumerate(rows):
        given_path = write_given(tmp_path, run, {f"e{place}"})
        own = evaluate(TEXT, "lillby.yaml", write_units(tmp_path, [row], "egen.csv"), given_path)
        assert own.total_ore == run[2].totals[f"e{place}"]


def test_the_rows_are_written_as_the_model_says_numbers_are_written(tmp_path: Path) -> None:
    run = the_run(write_units(tmp_path, UNITS))
    evaluated = evaluate(TEXT, "lillby.yaml", write_units(tmp_path, [DALEN]), write_given(tmp_path, run, {"dalen"}))
    out = tmp_path / "lines.csv"
    evaluated.write(out)
    with out.open(encoding="utf-8-sig", newline="") as file:
        assert [tuple(row) for row in csv.reader(file, delimiter=";")] == list(evaluated)


def faults_of(tmp_path: Path, rows: list[list[str]]) -> list[str]:
    with pytest.raises(UnitsFileFaultyError) as caught:
        evaluate(TEXT, "lillby.yaml", write_units(tmp_path, rows))
    return [str(issue) for issue in caught.value.issues]


def test_every_fault_of_the_file_is_told_at_once_with_row_and_column(tmp_path: Path) -> None:
    broken = ["9909", "", "stiftelse", "kanske", "hög", "13.5", *["-1"] * 12, "0,005"]
    faults = faults_of(tmp_path, [ALVEN, broken, ALVEN])
    assert faults[0] == "enheter.csv, rad 3, kolumn enhet: förväntat är en uppgift som skiljer enheten från de andra."
    assert "rad 3, kolumn mottagare: ”stiftelse” går inte att läsa: förväntat är något av egen, fristaende" in faults[1]
    assert "rad 3, kolumn landsbygd: ”kanske”" in faults[2]
    assert (
        "rad 3, kolumn index: ”hög” går inte att läsa: förväntat är ett tal, noll eller mer, med ”,” och högst"
        in faults[3]
    )
    assert "rad 3, kolumn elever_lag: ”13.5”" in faults[4]
    assert "rad 3, kolumn hog_01: ”-1”" in faults[5]
    assert "kolumn stod_mars: ”0,005” går inte att läsa: förväntat är ett belopp i kronor" in faults[-2]
    assert "rad 4, kolumn kommun/enhet: ”alven”" in faults[-1]
    assert "står redan på rad 2" in faults[-1]
    assert len(faults) == 19


def test_a_column_that_the_model_names_must_stand_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "enheter.csv"
    path.write_text("kommun;enhet;enhet\n9909;a;b\n", "utf-8")
    with pytest.raises(UnitsFileFaultyError, match="rubriken enhet, men den finns flera gånger") as caught:
        evaluate(TEXT, "lillby.yaml", path)
    assert any("rubriken hog_12, men den saknas" in str(issue) for issue in caught.value.issues)


def test_a_row_of_another_width_is_told(tmp_path: Path) -> None:
    assert faults_of(tmp_path, [[*DALEN, "en till"]]) == [
        "enheter.csv, rad 2: förväntat är 19 kolumner som i rubriken, men raden har 20."
    ]


def test_a_spreadsheet_is_not_taken_for_csv(tmp_path: Path) -> None:
    path = tmp_path / "enheter.csv"
    path.write_bytes(b"PK\x03\x04 ett kalkylblad")
    with pytest.raises(UnitsFileFaultyError, match="en CSV-fil"):
        evaluate(TEXT, "lillby.yaml", path)
    path.write_bytes(b"kommun;enhet\n9909;\x00\n")
    with pytest.raises(UnitsFileFaultyError):
        evaluate(TEXT, "lillby.yaml", path)


def test_a_price_solved_from_a_budget_needs_the_run(tmp_path: Path) -> None:
    with pytest.raises(NotEvaluableError, match="--given"):
        evaluate(TEXT, "lillby.yaml", write_units(tmp_path, UNITS))


def test_a_pool_cannot_be_shared_without_the_weight_of_all(tmp_path: Path) -> None:
    run = the_run(write_units(tmp_path, UNITS))
    given_path = write_given(tmp_path, run, {"dalen"})
    content = json.loads(given_path.read_text("utf-8"))
    content["pools"] = content["pools"][:1]
    given_path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(NotEvaluableError, match="saknar potten socioekonomi för host"):
        evaluate(TEXT, "lillby.yaml", write_units(tmp_path, [DALEN]), given_path)


def test_figures_of_another_model_are_refused(tmp_path: Path) -> None:
    run = the_run(write_units(tmp_path, UNITS))
    given_path = write_given(tmp_path, run, {"dalen"})
    with pytest.raises(NotEvaluableError, match="en annan lydelse"):
        evaluate(TEXT + "\n", "lillby.yaml", write_units(tmp_path, [DALEN]), given_path)


@pytest.mark.parametrize(
    ("cut", "instead", "says"),
    [
        ("units:", "printed: []\nunused:", "unused"),
        ("units:", None, "saknar units"),
        ("amounts:", None, "har bara priser"),
        ("hog_12, category: hog, month: 12", "hog_12, category: hog, month: 12, x: 1", "x"),
        ("    - {column: hog_12, category: hog, month: 12}\n", "", "månad 12"),
        ("{column: hog_12, category: hog, month: 12}", "{column: hog_12, category: hog}", "redan säger"),
        ("{column: hog_12, category: hog, month: 12}", "{column: hog_12, category: mellan}", "Kategorin"),
        ("{column: stod_mars, given: stod, month: 3}", "{column: stod_mars, given: pengar}", "pengar"),
        ("{column: index, index: socio}", "{column: index, index: annat}", "Indexet"),
        ("{column: index, index: socio}", "{column: index, field: size}", "storlek"),
        ("{column: index, index: socio}", "{column: index, index: socio, month: 2}", "month"),
    ],
)
def test_a_model_that_cannot_be_evaluated_says_why(tmp_path: Path, cut: str, instead: str | None, says: str) -> None:
    run = the_run(write_units(tmp_path, UNITS))
    text = TEXT.replace(cut, instead) if instead is not None else without_part(cut.rstrip(":"))
    given_path = write_given(tmp_path, run, set())
    content: dict[str, Any] = json.loads(given_path.read_text("utf-8"))
    content["model_sha256"] = sha256(text)
    given_path.write_text(json.dumps(content), "utf-8")
    with pytest.raises((NotEvaluableError, ModelFaultyError), match=says):
        evaluate(text, "lillby.yaml", write_units(tmp_path, UNITS), given_path)


def without_part(name: str) -> str:
    """Return the model's text without one of its parts."""
    kept, skipping = [], False
    for line in TEXT.splitlines(keepends=True):
        if line[0] not in " -#":
            skipping = line.startswith(f"{name}:") or (name == "amounts" and line.startswith("units:"))
        if not skipping:
            kept.append(line)
    return "".join(kept)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"schema": "annat"}, "annat slag"),
        ({"through_month": 13}, "ingen månad"),
        ({"through_month": "12"}, "through_month"),
        ({"prices": [{"step": "undervisning"}]}, r"prices\.0"),
        ({"extra": 1}, "extra"),
    ],
)
def test_a_given_file_of_another_form_is_refused(tmp_path: Path, change: dict[str, Any], says: str) -> None:
    path = write_given(tmp_path, the_run(write_units(tmp_path, UNITS)), set())
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **change}), "utf-8")
    with pytest.raises(GivenFileFaultyError, match=says):
        read_given(path)


def test_figures_that_passed_through_a_float_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text('{"schema": "skolkronan.given.v1", "pool_ore": 1.5}', "utf-8")
    with pytest.raises(GivenFileFaultyError, match=r"1\.5"):
        read_given(path)
    with pytest.raises(GivenFileFaultyError, match="finns inte"):
        read_given(tmp_path / "borta.json")


@pytest.mark.parametrize(("place", "value"), [("exact", "ett"), ("weight", "1/0"), ("weight", "0")])
def test_an_exact_figure_must_be_a_number(tmp_path: Path, place: str, value: str) -> None:
    path = write_given(tmp_path, the_run(write_units(tmp_path, UNITS)), set())
    content = json.loads(path.read_text("utf-8"))
    content["prices" if place == "exact" else "pools"][0][place] = value
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(GivenFileFaultyError):
        read_given(path)


def test_what_is_given_tells_nothing_of_other_units(tmp_path: Path) -> None:
    path = write_given(tmp_path, the_run(write_units(tmp_path, UNITS)), {"dalen"})
    text = path.read_text("utf-8")
    assert "alven" not in text
    assert "backen" not in text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_answer_has_a_byte_order_mark_where_the_units_file_has_one(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "enheter.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=";").writerows([HEADER, *UNITS])
    given_path = tmp_path / "given.json"
    whole = write_units(tmp_path, UNITS, "alla.csv")
    model, prices, allocated = the_run(whole)
    content = given_content(1, model, TEXT, prices, allocated.pools, list(allocated.lines()), 12)
    given_path.write_text(json.dumps(content), "utf-8")
    out = tmp_path / "ut.csv"
    evaluate(TEXT, "lillby.yaml", path, given_path).write(out)
    assert out.read_bytes().startswith(b"\xef\xbb\xbf") == (encoding == "utf-8-sig")
    assert out.read_text(encoding).startswith("kommun;enhet;step")


def test_a_file_parted_by_another_sign_is_told_which(tmp_path: Path) -> None:
    path = tmp_path / "enheter.csv"
    path.write_text(",".join(HEADER) + "\n", "utf-8")
    with pytest.raises(UnitsFileFaultyError) as caught:
        evaluate(TEXT, "lillby.yaml", path)
    assert "filen är delad med ”,” men modellens delimiter säger ”;”" in str(caught.value.issues[0])
