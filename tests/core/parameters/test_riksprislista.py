from __future__ import annotations

from typing import Any

import pytest
import yaml

from core.allocation import PriceKey, compute_prices
from core.allocation.price_explain import PriceExplainer
from core.base import read_number
from core.parameters import ParametersFaultyError
from core.parameters.riksprislista import RiksprislistaMissingError, load_riksprislista, read_riksprislista
from tests.support.models import small_model

LAW = {"kind": "law", "title": "Påhittade föreskrifter"}
# Måltider för 5 800 kronor; påhittade belopp i hela hundratal, som listan har dem (regelrad 11.riks_2023).
ROWS: list[dict[str, Any]] = [
    {"programme": "NA", "with_meals": "110000", "without_meals": "104200"},
    {"programme": "IB", "follows": "NA"},
]


def table(*rows: dict[str, Any]) -> str:
    return yaml.safe_dump({"lists": [{"year": 2023, "reference": LAW, "rows": list(rows) or ROWS}]})


def test_the_list_that_comes_with_the_program_says_where_its_amounts_were_read() -> None:
    known = load_riksprislista().of(2026)
    assert known.amount("NA", "with") == known.amount("IB", "with") == "111300"
    assert known.amount("EK", "with") == "102000"
    assert "lästa i andra hand" in known.note_on("EK", "with")
    assert "IB, som följer NA, med måltider, mervärdesskatt inräknad." in known.note_on("IB", "with")
    assert known.reference.title.endswith("(SKOLFS 2026:7)")


def test_a_programme_has_an_amount_with_and_one_without_meals() -> None:
    known = read_riksprislista(table(), "lista.yaml").of(2023)
    assert read_number(known.amount("IB", "with")) - read_number(known.amount("IB", "without")) == 5800


def test_a_nordic_elev_is_paid_half_a_year_without_tax() -> None:
    rounded = [round(read_number(amount) / 2 / read_number("1.06")) for amount in ("121900", "102000")]
    assert rounded == [57_500, 48_113]  # regelrad 4.markup_reading: påslag, inte andel


@pytest.mark.parametrize(
    ("year", "programme", "meals", "said"),
    [
        (2022, "NA", "with", "saknar listan för 2022"),
        (2023, "XX", "with", "saknar programmet XX för 2023"),
        (2023, "EK", "without", "saknar beloppet utan måltider för EK 2023"),
    ],
)
def test_what_the_list_lacks_is_said_and_never_zero(year: int, programme: str, meals: Any, said: str) -> None:  # noqa: ANN401 - a case
    rows = [*ROWS, {"programme": "EK", "with_meals": "99000"}]
    with pytest.raises(RiksprislistaMissingError, match=said):
        read_riksprislista(table(*rows), "lista.yaml").of(year).amount(programme, meals)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([{"programme": "NA", "with_meals": "110050"}], "hela hundratal kronor"),
        ([{"programme": "NA"}], "har antingen belopp eller follows"),
        ([{"programme": "IB", "follows": "NA"}], "följer ett program som saknar egna belopp"),
        ([ROWS[0], ROWS[0]], "ett program står två gånger"),
    ],
)
def test_a_faulty_list_is_refused(rows: list[dict[str, Any]], said: str) -> None:
    with pytest.raises(ParametersFaultyError, match=said):
        read_riksprislista(table(*rows), "lista.yaml")


def test_the_tree_of_a_price_from_the_list_cites_the_list_and_what_to_know_of_it() -> None:
    model = small_model([{"step": "riks", "from_table": {"table": "riksprislista", "programmes": {"a": "EK"}}}])
    prices = compute_prices(model)
    tree = PriceExplainer(model, prices).price(PriceKey("riks", "a", "fristaende_annan", "2026"))
    assert tree.value == 102_000
    assert tree.source is not None
    assert "SKOLFS 2026:7" in tree.source.title
    assert "stämmas av mot" in (tree.note or "")
