"""docs/modellfil.md says what the classes say: every key, every word, and examples that load and come out as told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, get_args

import pytest
import yaml

from core.allocation import compute_prices
from core.base import CoreError, read_number
from core.parameters import Predicate, load_model, read_yaml
from core.parameters.guide import GUIDE, GuideBehindError, _keys, classes, modellfil
from core.parameters.guide_texts import GuideExample, GuideSection, load_guide_texts
from core.parameters.guide_words import own_fields, words_of
from core.parameters.parts import CountField, Rounding, UnitField
from core.usecases.evaluate import evaluate

if TYPE_CHECKING:
    from pathlib import Path

    from core.parameters import FundingModel

TEXTS = load_guide_texts()
WHOLE = GuideExample(yaml=TEXTS.whole_example, units=TEXTS.whole_units, gives=TEXTS.whole_gives)
WRITTEN = [
    pytest.param(example, id=f"{section.heading} {place}")
    for section in TEXTS.sections
    for place, example in enumerate(section.examples)
]
EXAMPLES = [pytest.param(WHOLE, id="whole"), *[one for one in WRITTEN if not one.values[0].fault]]  # type: ignore[union-attr]
FAULTY = [one for one in WRITTEN if one.values[0].fault]  # type: ignore[union-attr]
REPLACED = ("price_lists", "units", "books")
INLINE = re.compile(r"`(\{[^`]+\})`")


def example_model(whole: str, fragment: str) -> dict[str, Any]:
    """Return the model that an example is read within, as plain data."""
    added, base = (read_yaml(text, "exempel.yaml").data for text in (fragment, whole))
    assert isinstance(added, dict)
    assert isinstance(base, dict)
    if "model" in added:
        return added
    merged = dict(base)
    for key, value in added.items():
        before = merged.get(key)
        grows = key not in REPLACED and isinstance(before, list) and isinstance(value, list)
        merged[key] = [*before, *value] if grows else value  # type: ignore[misc]
    return merged


def model_text(example: GuideExample) -> str:
    """Return the whole model that an example is read within, as a file."""
    if example is WHOLE:
        return example.yaml
    return yaml.safe_dump(example_model(TEXTS.whole_example, example.yaml), allow_unicode=True, sort_keys=False)


def test_the_page_is_not_stale() -> None:
    assert GUIDE.read_text("utf-8") == modellfil(), "skriv sidan på nytt: python -m core.parameters.guide"


def test_a_key_without_a_text_and_a_text_without_a_key_are_refused() -> None:
    for keys in ({}, {"mode": "a", "to": "b", "where": "c", "okand": "d"}):
        with pytest.raises(GuideBehindError):
            _keys(GuideSection(heading="Avrundning", part="Rounding", keys=keys), Rounding, {})


@pytest.mark.parametrize("name", classes())
def test_every_word_a_key_may_hold_is_explained(name: str) -> None:
    page = GUIDE.read_text("utf-8")
    for key, found in own_fields(classes()[name]).items():
        for word in words_of(found.annotation):
            assert f"`{word}`" in page or word == "\t", (name, key, word)


@pytest.mark.parametrize("section", [one for one in TEXTS.sections if one.part], ids=lambda one: one.heading)
def test_every_part_written_in_a_line_of_text_can_be_read(section: GuideSection) -> None:
    for snippet in INLINE.findall(section.text + section.after):
        classes()[section.part or ""].model_validate(read_yaml(snippet, section.heading).data)


def test_no_example_hides_in_a_text_where_nothing_tries_it() -> None:
    assert [one.heading for one in TEXTS.sections if "```yaml" in one.text + one.after] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_loads_in_a_whole_model(example: GuideExample) -> None:
    assert load_model(model_text(example), "exempel.yaml").title


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_gives_the_prices_it_says(example: GuideExample) -> None:
    if not example.prices:
        return
    model = load_model(model_text(example), "exempel.yaml")
    table = compute_prices(model)
    for one in example.prices:
        price = table.get(one.step, one.category, one.recipient, one.list or first_list(model))
        assert price is not None, one
        assert price.shown_ore == read_number(one.shown) * 100, one


def first_list(model: FundingModel) -> str:
    (only,) = [one.list for one in model.price_lists]
    return only


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_gives_the_amounts_it_says(example: GuideExample, tmp_path: Path) -> None:
    if example.units is None:
        assert not example.gives
        return
    file = tmp_path / "enheter.csv"
    file.write_text(example.units, "utf-8")
    lines = list(evaluate(model_text(example), "exempel.yaml", file))
    rows: list[dict[str, Any]] = [dict(zip(lines[0], row, strict=True)) for row in lines[1:]]
    for one in example.gives:
        found = [
            read_number(row["value"])
            for row in rows
            if next(iter(row.values())) == one.enhet
            and row["step"] == one.step
            and one.category in (None, row["category"])
        ]
        assert sum(found) == read_number(one.value), (one, found)
        assert found, one


@pytest.mark.parametrize("example", FAULTY)
def test_an_example_of_a_fault_is_refused_with_the_words_it_says(example: GuideExample, tmp_path: Path) -> None:
    file = tmp_path / "enheter.csv"
    file.write_text(example.units or TEXTS.whole_units, "utf-8")
    with pytest.raises(CoreError) as raised:
        evaluate(model_text(example), "exempel.yaml", file)
    assert (example.fault or "") in str(raised.value)


def test_every_field_that_a_condition_may_ask_for_stands_in_the_table_with_an_example_that_can_be_read() -> None:
    named = ["attribute.namn", "variable.namn", "step.namn"]
    assert [one.field for one in TEXTS.predicates] == [*get_args(CountField), *get_args(UnitField), *named]
    for one in TEXTS.predicates:
        predicate = Predicate.model_validate(read_yaml(one.example, one.field).data)
        assert predicate.field.split(".")[0] == one.field.split(".")[0]
        assert {"=", "in", "between"} >= set(one.operators)
