"""No statement lets a reader work out few decisions, or a single amount, of individual support."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.base import Derivation, leaf, total
from core.publication import NothingLeftToPrintError, Part, Sealed, seal_individual_support
from core.publication.parts import mentions, step_of
from tests.support.statements import DECISION, POLICY, Amounts, parts_of, statement_of, tree_of, usual

ELEVER = Fraction(369)
few = st.integers(0, POLICY.fewest - 1) | st.none()
amount = st.integers(1, 10**11)


def seal(amounts: Amounts) -> Sealed:
    return seal_individual_support(parts_of(amounts), tree_of(amounts), ELEVER, POLICY)


def with_split(struktur: int, individ: int, decisions: int | None) -> Amounts:
    """Return the usual amounts with struktur and individual support as given, and mervärdesskatt on top of both."""
    steps = {dim: dict(inner) for dim, inner in usual(individ, decisions).steps.items()}
    steps["struktur"] = {"grundskola.landsbygd": struktur}
    return Amounts(steps, {"grundskola.stod": decisions})


@given(whole=st.integers(2, 10**11), data=st.data(), decisions=st.tuples(few, few))
def test_two_units_that_differ_only_in_how_the_merged_sum_falls_get_the_same_statement(
    whole: int, data: st.DataObject, decisions: tuple[int | None, int | None]
) -> None:
    splits = [data.draw(st.integers(1, whole - 1)) for _ in decisions]
    one, other = (
        statement_of(with_split(whole - split, split, number)) for split, number in zip(splits, decisions, strict=True)
    )
    assert one == other


@given(decisions=few, individ=amount)
def test_neither_number_nor_sum_of_few_decisions_stands_anywhere(decisions: int | None, individ: int) -> None:
    others = {node.value * 100 for dim in tree_of(usual()).children[:-1] for _, node in dim.walk()}
    assume(individ not in others)
    sealed = seal(usual(individ, decisions))
    assert individ not in {part.amount_ore for part in sealed.parts}
    assert individ not in {node.value * 100 for _, node in sealed.tree.walk()}
    assert all(part.quantity_unit != "beslut" and part.cases is None for part in sealed.parts)
    assert all("stod" not in node.key for _, node in sealed.tree.walk())


@given(decisions=st.integers(0, 20) | st.none(), individ=st.integers(0, 10**11))
def test_sealing_never_changes_the_sum_and_rows_still_add_up(decisions: int | None, individ: int) -> None:
    amounts = usual(individ, decisions)
    sealed = seal(amounts)
    outer = [part.amount_ore or 0 for part in sealed.parts if part.level == 0 and part.key != "total"]
    assert sum(outer) == tree_of(amounts).value * 100
    assert sealed.tree.value == tree_of(amounts).value


def test_enough_decisions_show_sum_and_number_but_no_single_amount() -> None:
    sealed = seal(usual(decisions=5))
    step = next(part for part in sealed.parts if part.key == "step:grundskola.stod")
    assert (step.amount_ore, step.cases) == (184_200_000, 5)
    assert sealed.reason is None
    assert not [part for part in sealed.parts if part.rank == "line" and step_of(part.key) == "grundskola.stod"]
    node = next(node for _, node in sealed.tree.walk() if node.key == "step:grundskola.stod")
    assert node.children == ()
    assert node.sealed == "enskilda belopp visas i ärendet, inte här"


def test_four_decisions_are_merged_with_struktur() -> None:
    sealed = seal(usual(decisions=4))
    merged = next(part for part in sealed.parts if part.key.startswith("merged"))
    assert merged.label == "Struktur och individuellt stöd"
    assert merged.amount_ore == 184_200_000 + 25_160_000
    assert merged.per_elev_ore == 567_371
    assert [part.key for part in sealed.parts if part.level == 0] == [
        "dim:bas",
        "dim:socioekonomi",
        "merged:individ",
        "total",
    ]


def test_a_unit_without_struktur_merges_with_socioekonomi() -> None:
    steps = {dim: inner for dim, inner in usual(decisions=2).steps.items() if dim != "struktur"}
    sealed = seal(Amounts(steps, {"grundskola.stod": 2}))
    assert sealed.tree.children[-1].label == "Socioekonomi och individuellt stöd"
    assert [dim.key for dim in sealed.tree.children] == ["dim:bas", "merged:individ"]


def test_a_unit_with_nothing_but_few_decisions_gets_no_statement() -> None:
    with pytest.raises(NothingLeftToPrintError, match="färre än 5 beslut"):
        seal(Amounts({"bas": {"a.b": 0}, "individ": {"grundskola.stod": 100}}, {"grundskola.stod": 1}))


def test_a_step_computed_on_hidden_support_follows_into_the_merged_row() -> None:
    steps = {dim: dict(inner) for dim, inner in usual().steps.items()}
    steps["bas"]["grundskola.stod.moms"] = 6 * 18_420_00
    steps["bas"]["grundskola.stod.moms.moms"] = 6
    sealed = seal(Amounts(steps, {"grundskola.stod": 3}))
    assert not mentions(sealed.tree, {"grundskola.stod", "grundskola.stod.moms"})
    bas = next(part for part in sealed.parts if part.key == "dim:bas")
    assert bas.amount_ore == 21_024_800_00 + 16_881_200_50
    assert "Utom poster som ingår i" in (bas.expectation or "")
    assert sealed.tree.children[-1].label == "Struktur, individuellt stöd, stod.moms och stod.moms.moms"


def test_a_small_step_of_individual_support_is_not_told_apart_from_a_large_one() -> None:
    steps = {**usual().steps, "individ": {"grundskola.stod": 900_00, "fritidshem.stod": 100_00}}
    sealed = seal(Amounts(steps, {"grundskola.stod": 9, "fritidshem.stod": 1}))
    row = next(part for part in sealed.parts if part.key.startswith("merged"))
    assert (row.label, row.amount_ore, row.cases) == ("Individuellt stöd", 1000_00, None)
    assert "färre än 5 beslut" in (row.sealed or "")
    assert not mentions(sealed.tree, {"grundskola.stod", "fritidshem.stod"})


def test_a_supplement_is_counted_in_elever_and_never_helps_few_decisions_over_the_threshold() -> None:
    steps = {**usual().steps, "individ": {"grundskola.stod": 900_00, "grundskola.modersmal": 100_00}}
    units = {"grundskola.modersmal": "elever"}
    few_decisions = seal(Amounts(steps, {"grundskola.stod": 2, "grundskola.modersmal": 40}, units))
    assert few_decisions.tree.children[-1].label == "Struktur och individuellt stöd"
    few_elever = seal(Amounts(steps, {"grundskola.stod": 20, "grundskola.modersmal": 4}, units))
    assert few_elever.tree.children[-1].label == "Struktur och individuellt stöd"
    enough = seal(Amounts(steps, {"grundskola.stod": 5, "grundskola.modersmal": 40}, units))
    assert enough.reason is None


def test_mervardesskatt_on_individual_support_rests_on_the_same_decisions() -> None:
    steps = {**usual().steps, "individ": {"grundskola.stod": 900_00, "grundskola.stod.moms": 54_00}}
    assert seal(Amounts(steps, {"grundskola.stod": 5})).reason is None
    sealed = seal(Amounts(steps, {"grundskola.stod": 4}))
    assert not mentions(sealed.tree, {"grundskola.stod", "grundskola.stod.moms"})


def test_support_that_the_view_already_keeps_from_the_viewer_is_merged_too() -> None:
    amounts = usual()
    parts = tuple(
        Part(part.key, part.parent, part.label, None, sealed="visas ej") if part.key == "dim:individ" else part
        for part in parts_of(amounts)
        if step_of(part.key) != "grundskola.stod"
    )
    tree = tree_of(amounts)
    shut = Derivation("dim:individ", "Individuellt stöd", "sum", tree.children[-1].value, "kr", sealed="visas ej")
    sealed = seal_individual_support(parts, total("total", "Summa", "kr", [*tree.children[:-1], shut]), ELEVER, POLICY)
    assert [dim.key for dim in sealed.tree.children] == ["dim:bas", "dim:socioekonomi", "merged:individ"]


@pytest.mark.parametrize("decisions", [0, None])
def test_no_individual_support_leaves_everything_as_it_was(decisions: int | None) -> None:
    amounts = usual(0, decisions)
    assert seal(amounts) == Sealed(parts_of(amounts), tree_of(amounts), None)
    without = Amounts({"bas": {"a.b": 100}}, {})
    assert seal(without) == Sealed(parts_of(without), tree_of(without), None)


def test_a_tree_of_another_shape_is_refused_rather_than_guessed() -> None:
    odd = total("total", "Summa", "kr", [leaf("something", "Okänt", Fraction(1), "kr", DECISION)])
    with pytest.raises(ValueError, match="not a total by dimension and step"):
        seal_individual_support((), odd, ELEVER, POLICY)


def test_without_a_number_of_elever_the_merged_row_has_no_amount_per_elev() -> None:
    amounts = usual(decisions=1)
    sealed = seal_individual_support(parts_of(amounts), tree_of(amounts), None, POLICY)
    assert next(part for part in sealed.parts if part.key.startswith("merged")).per_elev_ore is None
