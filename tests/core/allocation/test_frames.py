"""Dated frames: what changes the decided budget in the year is a named line, and the books still close."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.allocation import blocks_of, budget_books, difference_of, new_frames, utfall_books
from core.base import format_number
from core.parameters import Books
from tests.support.models import REFERENCE
from tests.support.small_amounts import every_month, paying_model, run_of

if TYPE_CHECKING:
    from core.parameters import FundingModel

LABELS = {name: name for name in ("bas", "socioekonomi", "struktur", "individ")}
DECISION = {"kind": "decision", "title": "Kommunfullmäktige", "date": date(2026, 6, 15), "paragraph": "§ 88"}
EXTRA = {
    "term": "tillagg", "label": "Tilläggsbudget", "kind": "tillaggsbudget", "amount": "1200",
    "valid_from": date(2026, 7, 1), "reference": DECISION,
}  # fmt: skip
SURPLUS = {**EXTRA, "term": "over", "label": "Överskott från 2025", "kind": "overskott", "amount": "300"}
DEFICIT = {**EXTRA, "term": "under", "label": "Underskott från 2025", "kind": "underskott", "amount": "50"}
GRANT = {**EXTRA, "term": "lag", "label": "Statsbidrag", "kind": "riktat_statsbidrag", "amount": "70", "sign": "minus"}


def model_with(price: int, decided: str, *terms: dict[str, Any]) -> FundingModel:
    return paying_model(
        [{"kind": "per_elev", "step": "grund", "prices": ["p"]}],
        prices=[{"step": "p", "values": {"a": str(price)}}],
        books={"decided": decided, "reference": REFERENCE, "terms": list(terms)},
    )


def books_of_budget(model: FundingModel, n: int) -> dict[str, tuple[str, str, int]]:
    data, allocated = run_of(model, [every_month(n)])
    lines = budget_books(data.model, allocated.blocks, {"a": Fraction(n)})
    assert difference_of(lines) == 0
    return {one.term: (one.side, one.label, one.amount_ore) for one in lines}


def test_what_changes_the_decided_budget_stands_beside_it_with_day_and_paragraph() -> None:
    # 10 elever × 100 = 1 000; 1 000 + reserve 1 380 − grant 70 = 860 decided + 1 200 + 300 − 50
    reserve = {"term": "reserv", "label": "Reserv", "kind": "reserve", "amount": "1380"}
    books = books_of_budget(model_with(100, "860", reserve, GRANT, EXTRA, SURPLUS, DEFICIT), 10)
    assert books["tillagg"] == ("right", "Tilläggsbudget, 2026-06-15 § 88", 120_000)
    assert books["over"] == ("right", "Överskott från 2025, 2026-06-15 § 88", 30_000)
    assert books["under"] == ("right", "Underskott från 2025, 2026-06-15 § 88", -5_000)
    assert books["lag"] == ("left", "Statsbidrag, 2026-06-15 § 88", -7_000)
    assert books["beslutad_budget"] == ("right", "Beslutad budget", 86_000)


@given(
    price=st.integers(1, 5000), n=st.integers(0, 50),
    amounts=st.tuples(*[st.integers(0, 10**6).map(lambda ore: Fraction(ore, 100))] * 5),
)  # fmt: skip
@settings(max_examples=40)
def test_the_budget_identity_holds_with_every_sort_of_frame(price: int, n: int, amounts: tuple[Fraction, ...]) -> None:
    """Lines + reserve − grant = decided + tilläggsbudget + surplus − deficit; the decided budget is made to fit."""
    reserve, grant, extra, surplus, deficit = amounts
    decided = price * n + reserve - grant - extra - surplus + deficit
    terms: list[dict[str, Any]] = [
        {"term": "reserv", "label": "Reserv", "kind": "reserve", "amount": _text(reserve)},
        {**GRANT, "amount": _text(grant)},
        {**EXTRA, "amount": _text(extra)},
        {**SURPLUS, "amount": _text(surplus)},
        {**DEFICIT, "amount": _text(deficit)},
    ]
    books_of_budget(model_with(price, _text(decided), *terms), n)


def _text(kronor: Fraction) -> str:
    return format_number(kronor, 2).replace("\u00a0", "").replace(",", ".").replace("−", "-")


@given(
    before=st.integers(1, 500), now=st.integers(1, 500), plan=st.integers(1, 9), real=st.integers(0, 9),
    through=st.integers(1, 12),
)  # fmt: skip
@settings(max_examples=30)
def test_a_frame_decided_after_the_budget_is_named_in_the_utfall_with_its_counted_months_part(
    before: int, now: int, plan: int, real: int, through: int
) -> None:
    old, new = model_with(before * 12, "0"), model_with(now * 12, "0", EXTRA)
    frames = new_frames(old, new, through)
    data, allocated = run_of(new, [every_month(real)], through=through)
    planned = [blocks_of(run_of(model, [every_month(plan)], through=through)[0]).blocks for model in (new, old)]
    lines = utfall_books(
        run_of(old, [every_month(plan)])[1].total_ore, planned[0], allocated.blocks, LABELS, planned[1], frames=frames
    )
    assert data.model.books is not None
    assert difference_of(lines) == 0
    terms = {one.term: one.amount_ore for one in lines}
    months = max(through - 6, 0)
    assert terms.get("tillagg", 0) == 120_000 * months // 6
    assert terms["andrad_modell"] + terms.get("tillagg", 0) == (now - before) * plan * through * 100


def test_a_frame_that_the_budget_knew_is_no_news_in_the_utfall() -> None:
    assert new_frames(model_with(1, "0", SURPLUS), model_with(2, "0", SURPLUS), 12) == []


@pytest.mark.parametrize(
    ("terms", "why"),
    [
        ([{**EXTRA, "valid_from": None}], "amount, valid_from och reference"),
        ([{**EXTRA, "reference": None}], "amount, valid_from och reference"),
        ([{**EXTRA, "amount": None, "of_lines": "ovrigt"}], "amount, valid_from och reference"),
        ([{**DEFICIT, "sign": "minus"}], "ett underskott dras av"),
        ([EXTRA, {**SURPLUS, "term": "tillagg"}], "står två gånger i böckerna"),
        ([{**EXTRA, "kind": "annat"}], "kind"),
    ],
)
def test_a_frame_without_day_decision_or_name_of_its_own_is_refused(terms: list[dict[str, Any]], why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Books.model_validate({"decided": "1", "reference": REFERENCE, "terms": terms})
