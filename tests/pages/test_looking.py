"""Rows of elever: a purpose first, no search, no sorting; those with protected identity are told of, never listed."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.usecases.drill_down import register_rows
from core.usecases.looks import LeftOut
from core.usecases.payment_reading import elev_list
from core.usecases.payment_views import ElevRow
from core.usecases.views import RegisterRow, RegisterRows
from tests.pages import fakes, fakes_payments
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

PAGES = Path(__file__).resolve().parents[2] / "pages"
KEY = "line:grundskola.undervisning|grundskola.1_3|2026"
OPENED = {
    "d_dim-bas": True,
    "d_step-grundskola.undervisning": True,
    "rows_line:grundskola.undervisning-grundskola.1_3-2026": True,
}
FILTERS = frozenset({"dataframe", "data_editor", "table", "text_input", "chat_input", "multiselect", "text_area"})
"""What Streamlit offers to search, filter, sort or take away rows with; its own tables do all four."""
ASKS_FOR_ROWS = ("components/register.py", "components/looking.py")


def allocation(screen: Screen, **more: object) -> AppTest:
    from tests.pages.test_allocation import OPEN_LINE

    return screen("allocation", state={**OPEN_LINE, **OPENED, **more})


def calls(tree: ast.AST) -> set[str]:
    """Return the names of everything that a piece of source calls on ``st``."""
    found = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {func.attr for func in found if isinstance(func, ast.Attribute) and ast.unparse(func.value) == "st"}


def test_no_row_is_shown_before_a_purpose_is_chosen(screen: Screen, answer: Answer) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("rows were asked for without a purpose")

    answer("drill_down.register_rows", never)
    answer("payment_reading.elev_list", never)
    shown = allocation(screen)
    assert no_bug(shown)
    assert "Välj ändamål, så visas raderna." in words(shown)
    paid = screen("payments", fakes.CONTROLLER, state={"payment_tabs": "Elever"})
    assert "Välj ändamål, så visas raderna." in words(paid)
    assert "K-77" not in words(paid)


def test_who_may_not_see_the_rows_is_told_why_and_asked_for_nothing(screen: Screen, answer: Answer) -> None:
    answer("drill_down.rows_sealed", lambda *_: "Förvaltningschefen ser inte elever en och en.")
    shown = allocation(screen)
    assert "Förvaltningschefen ser inte elever en och en." in words(shown)
    assert "Varför behöver du se raderna?" not in words(shown)


def test_the_purpose_chosen_is_what_the_use_case_is_told_with_one_click(screen: Screen, answer: Answer) -> None:
    asked: list[str] = []

    def rows(*_: object, purpose: str, **__: object) -> RegisterRows:
        asked.append(purpose)
        return RegisterRows("G03", "grundskola.1_3", 10, 0, ())

    answer("drill_down.register_rows", rows)
    opened = allocation(screen)
    group = next(one for one in opened.button_group if one.key == f"purpose_{KEY}")
    assert [str(option) for option in group.options] == [
        "Kontroll av antal", "Fråga från huvudman eller vårdnadshavare", "Kommunens eget ändamål",
    ]  # fmt: skip
    group.set_value("fraga").run()
    assert asked == ["fraga"]


@pytest.mark.parametrize(
    ("left_out", "said"),
    [
        (LeftOut(None, 5), "Färre än 5 elever med skyddade personuppgifter räknas men visas inte. Frågor"),
        (LeftOut(7, 5), "7 elever med skyddade personuppgifter räknas men visas inte. Frågor om dem hanteras för hand"),
        (LeftOut(None, 5, whole=True), "De övriga är så få att inte heller de visas här."),
    ],
)
def test_those_with_protected_identity_are_told_of_and_no_more_than_may_be_said(
    screen: Screen, answer: Answer, left_out: LeftOut, said: str
) -> None:
    row = RegisterRow(22, 3, "e0001", "2", None, "2A", date(2025, 8, 15), None)
    found = RegisterRows("G03", "grundskola.1_3", 10, 1, (row,), left_out=left_out)
    answer("drill_down.register_rows", lambda *_, **__: found)
    shown = words(allocation(screen, **{f"purpose_{KEY}": "kontroll"}))
    assert said in shown
    assert "1 rader visas för oktober" in shown
    answer("payment_reading.elev_list", lambda *_, **__: replace(fakes_payments.ELEVER, left_out=left_out))
    paid = screen("payments", fakes.CONTROLLER, state={"payment_tabs": "Elever", "purpose_payment_11_G03": "kontroll"})
    assert said in words(paid)
    assert "2 elever visas för november 2026" in words(paid)


def test_erased_rows_say_when_and_what_is_left(screen: Screen, answer: Answer) -> None:
    gone = RegisterRows("G03", "grundskola.1_3", 10, 0, (), erased_on=date(2030, 2, 1))
    answer("drill_down.register_rows", lambda *_, **__: gone)
    answer(
        "payment_reading.elev_list",
        lambda *_, **__: replace(fakes_payments.ELEVER, rows=(), erased_on=date(2030, 2, 1)),
    )
    said = "Raderna är gallrade 2030-02-01. Antalet och beloppet finns kvar"
    assert said in words(allocation(screen, **{f"purpose_{KEY}": "kontroll"}))
    paid = screen("payments", fakes.CONTROLLER, state={"payment_tabs": "Elever", "purpose_payment_11_G03": "kontroll"})
    assert said in words(paid)


def test_no_page_has_a_table_that_can_be_searched_or_sorted_by_its_reader() -> None:
    """Streamlit's own tables have a search box, sorting and a download that nobody is asked about."""
    for file in sorted(PAGES.rglob("*.py")):
        assert not calls(ast.parse(file.read_text(encoding="utf-8"))) & {"dataframe", "data_editor", "table"}, file


def test_no_text_or_choice_of_the_readers_reaches_the_rows() -> None:
    for name in ASKS_FOR_ROWS:
        assert not calls(ast.parse((PAGES / name).read_text(encoding="utf-8"))) & FILTERS, name
    tree = ast.parse((PAGES / "components/payment_parts.py").read_text(encoding="utf-8"))
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in {"elever", "_listed", "_elever_table", "_unit"}:
            assert not calls(function) & FILTERS, function.name


def test_every_page_that_asks_for_rows_is_looked_after_here() -> None:
    """A page that only names the permission (register_rows.view) shows no rows."""
    asking = {
        str(file.relative_to(PAGES))
        for file in PAGES.rglob("*.py")
        if re.search(r"register_rows(?!\.view)|elev_list|rows_of_month", file.read_text(encoding="utf-8"))
    }
    assert asking == {"components/register.py", "components/payment_parts.py"}


def test_the_use_cases_take_no_property_of_an_elev() -> None:
    """Unit, run, category and month are what was counted; a page of the rows and a purpose are the rest."""
    assert set(inspect.signature(register_rows).parameters) == {
        "app", "viewer", "enhet", "run", "category", "month", "purpose", "offset", "limit",
    }  # fmt: skip
    assert set(inspect.signature(elev_list).parameters) == {"app", "viewer", "number", "enhet", "purpose"}


def test_what_is_listed_holds_no_sensitive_data_to_select_by_in_a_file() -> None:
    sensitive = {"flags", "ground", "hemkommun", "programme", "source_category", "skydd"}
    assert not set(RegisterRow.__slots__) & sensitive
    assert not set(ElevRow.__slots__) & sensitive
