"""A statement says in plain Swedish what the unit gets, and how to check it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from core.base import Source, leaf, total
from core.publication import Policy, StatementDoesNotAddUpError, Totals, build_statement, value_text
from core.publication.texts import change_text, how_text, source_text
from tests.support.statements import BATCH, DECISION, LAW, MADE_ON, RUN, UNIT, parts_of, statement_of, tree_of, usual


def text(shown: str) -> str:
    return shown.replace("\u00a0", " ")


def test_it_opens_with_what_the_unit_gets_and_how_that_compares() -> None:
    whole_year = replace(RUN, through_month=12)
    assert [text(line) for line in statement_of(run=whole_year).sentences] == [
        "Lerbäckens skola får 43 118 200,50 kr 2026.",
        "Det är 1 204 300,50 kr mer än 2025.",
        "Det är 118 200,50 kr mer än i budgeten.",
        "Det är 116 852 kr per elev och år, räknat på 369 elever i medeltal. I kommunen är det 112 400 kr per elev.",
        "Det är vad enheten förfogar över av 43 119 200,50 kr; 1 000 kr hålls centralt.",
    ]


def test_a_part_of_the_year_is_compared_with_the_same_months_and_the_whole_budget_named_as_such() -> None:
    assert [text(line) for line in statement_of().sentences[:3]] == [
        "Lerbäckens skola får 43 118 200,50 kr 2026 till och med oktober.",
        "Det är 1 204 300,50 kr mer än samma månader 2025.",
        "Budgeten för hela året är 43 000 000 kr.",
    ]


def test_a_sealed_statement_says_why_and_leaves_out_gross_and_net() -> None:
    sentences = statement_of(usual(decisions=2)).sentences
    assert "färre än 5" in sentences[-1]
    assert not [line for line in sentences if "centralt" in line]


def test_the_status_names_kind_month_year_decision_and_run() -> None:
    assert statement_of().status == (
        "Utfall till och med oktober 2026. Beslutad: Utbildningsnämnden 2025-11-17 § 212. Körning 14."
    )
    plan = replace(RUN, kind="budget", kind_label="Budget", state="draft", decision=None, through_month=12)
    assert statement_of(run=plan).status == "Budget 2026. Utkast, inte beslutat. Körning 14."
    assert "enligt budgeten" in statement_of(run=plan).sentences[0]


def test_a_tree_that_is_not_the_stored_total_is_never_printed() -> None:
    amounts = usual()
    with pytest.raises(StatementDoesNotAddUpError, match="skrivs inte ut"):
        build_statement(UNIT, RUN, Totals(1), parts_of(amounts), tree_of(amounts), policy=Policy(5), made_on=MADE_ON)


def test_missing_figures_are_left_out_rather_than_shown_as_zero() -> None:
    amounts = usual()
    tree = tree_of(amounts)
    bare = Totals(int(tree.value * 100), elever=Fraction(12))
    sentences = build_statement(UNIT, RUN, bare, parts_of(amounts), tree, policy=Policy(5), made_on=MADE_ON).sentences
    assert len(sentences) == 2
    assert sentences[1] == "Räknat på 12 elever i medeltal."


def test_each_source_is_listed_once_with_law_first_and_steps_left_out() -> None:
    assert statement_of().sources == (LAW, DECISION, BATCH)


def test_the_hash_of_the_units_lines_is_printed_only_when_nothing_is_sealed() -> None:
    assert "b" * 64 in "".join(statement_of().verification)
    sealed = statement_of(usual(decisions=1))
    assert sealed.run.lines_hash is None
    assert "gissas fram" in "".join(sealed.verification)
    assert all(RUN.root_hash in "".join(one.verification) for one in (statement_of(), sealed))


def test_amounts_read_as_money_and_other_figures_as_numbers() -> None:
    assert text(value_text(Fraction("1234.5"), "kr")) == "1 234,50 kr"
    assert text(value_text(Fraction(57400), "kr/elev")) == "57 400 kr/elev"
    assert text(value_text(Fraction(516500, 9), "kr/elev")) == "57 388,8889 kr/elev"
    assert text(value_text(Fraction(158), "elever")) == "158 elever"
    assert value_text(Fraction(-1, 2), "") == "−0,5"


def test_comparisons_say_more_less_or_as_much() -> None:
    assert text(change_text(100, 300, "2025")) == "Det är 2 kr mindre än 2025."
    assert change_text(100, 100, "2025") == "Det är lika mycket som 2025."


def test_how_and_source_are_one_line_each() -> None:
    one = leaf("a", "A", Fraction(1), "kr", Source("law", "lagen", detail="1 §"), note="not")
    assert (how_text(one), source_text(one.source), source_text(None)) == ("not", "lagen, 1 §", "")
    assert how_text(total("b", "B", "kr", [one])) == "summa"
