"""docs/modellfil.md says what the classes say: every key, every word, and an example that loads."""

from __future__ import annotations

import inspect
import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_args

import pytest

from core.parameters import load_model, parts, steps
from core.parameters.model import FundingModel
from core.parameters.parts import Strict
from tests.support.models import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (ROOT / "docs" / "modellfil.md").read_text("utf-8")
SECTION = re.compile(r"^<!-- (\w+) -->\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
SECTIONS = {match[1]: match[2] for match in SECTION.finditer(TEXT)}
ROW = re.compile(r"^\| `([^`]+)` \| (.+) \|$", re.MULTILINE)
CLASSES = {
    name: one
    for module in (parts, steps)
    for name, one in inspect.getmembers(module, inspect.isclass)
    if issubclass(one, Strict) and one is not Strict
} | {"FundingModel": FundingModel}


def own_fields(one: type[Strict]) -> dict[str, Any]:
    """Return the fields a class adds to its parent, by the key a file uses."""
    inherited = one.__mro__[1].model_fields if issubclass(one.__mro__[1], Strict) else {}
    fields = {name: found for name, found in one.model_fields.items() if name not in inherited}
    return {found.alias or name: found for name, found in fields.items()}


def words(annotation: Any) -> Iterator[str]:  # noqa: ANN401 - any annotation there is
    """Yield the words a value may be: literals and enumerations, however deep they stand."""
    if isinstance(annotation, str):
        yield annotation
    elif inspect.isclass(annotation) and issubclass(annotation, StrEnum):
        yield from annotation
    else:
        for part in get_args(annotation):
            yield from words(part)


def test_every_class_has_its_section_and_no_section_is_left_behind() -> None:
    assert set(SECTIONS) == set(CLASSES)


@pytest.mark.parametrize("name", CLASSES)
def test_the_section_names_each_key_and_no_other(name: str) -> None:
    assert [row[0] for row in ROW.findall(SECTIONS[name])] == list(own_fields(CLASSES[name]))


@pytest.mark.parametrize("name", CLASSES)
def test_every_word_a_key_may_hold_is_explained(name: str) -> None:
    for key, found in own_fields(CLASSES[name]).items():
        for word in words(found.annotation):
            assert f"`{word}`" in TEXT or word == "\t", (name, key, word)


def test_the_whole_example_loads() -> None:
    (example,) = [block for block in re.findall(r"```yaml\n(.*?)```", TEXT, re.DOTALL) if block.startswith("model:")]
    assert load_model(example, "docs/modellfil.md").units is not None
