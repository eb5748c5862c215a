"""docs/behorighet.md is what the rule book says now, and the examples are answered as they should be."""

from __future__ import annotations

import pytest

from core.access import Actor, Grant, Resource, may
from core.access.examples import EXAMPLES, Example
from core.cli import access_guide
from core.cli.access_guide import GUIDE, behorighet
from core.parameters import load_roles

PAGE = GUIDE.read_text("utf-8")
BOOK = load_roles()


def test_the_page_is_not_stale() -> None:
    assert behorighet() == PAGE, "skriv sidan på nytt: python -m core.cli.access_guide"


@pytest.mark.parametrize("example", EXAMPLES, ids=[str(number) for number in range(len(EXAMPLES))])
def test_an_example_is_answered_as_it_should_be(example: Example) -> None:
    assert may(example.actor, example.action, example.about).allowed == example.allowed


def test_every_role_has_an_example() -> None:
    assert {grant.role for one in EXAMPLES for grant in one.roles} == {words.role for words in BOOK.roles}


def test_every_rule_stands_in_the_table_of_its_role() -> None:
    for rule in BOOK.rules:
        rows = [line for line in PAGE.split("\n") if line.endswith(f"| `{rule.rule}` |")]
        assert {line.split("(`")[1].split("`)")[0] for line in rows} == set(rule.actions), rule.rule


def test_what_the_table_answers_is_what_may_answers() -> None:
    role = ""
    for line in PAGE.split("\n"):
        if line.startswith("### "):
            role = line.removeprefix("### ").partition(":")[0].lower()
        if not line.startswith("| ") or "(`" not in line:
            continue
        action = line.split("(`")[1].split("`)")[0]
        denied = "vad andra roller än ger" in line
        code = next(words.role for words in BOOK.roles if words.label.lower() == role)
        rules = BOOK.rules_of(code, action)
        assert {rule.effect for rule in rules} == {"deny" if denied else "allow"}, line


def test_a_changed_book_makes_the_page_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    poorer = BOOK.model_copy(update={"rules": [rule for rule in BOOK.rules if rule.rule != "jav.anmald"]})
    monkeypatch.setattr(access_guide, "load_roles", lambda: poorer)
    assert behorighet() != PAGE


def test_a_verdict_names_the_rule_that_decided() -> None:
    rektor = Actor("r", "R", (Grant("rektor", "enhet", "G03", "9901"),))
    assert may(rektor, "allocation.view", Resource("enhet", "9901", "G03")).rule == "rektor.egen_enhet"
    assert may(rektor, "allocation.view", Resource("enhet", "9901", "G04")).rule is None
