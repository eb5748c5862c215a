"""Every figure of a model can be found, named and changed; what comes out is a model as a file is one."""

from __future__ import annotations

import types
import typing
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.base import read_number
from core.parameters import (
    AnyAmount,
    AnyPrice,
    Books,
    Change,
    ChangeFaultyError,
    CountChange,
    FigureChange,
    IndexChange,
    ModelFaultyError,
    NoSuchFigureError,
    apply_figures,
    changeable,
    changes_text,
    load_model,
    model_text,
    read_changes,
)
from core.parameters.figures import LEFT_ALONE, SINGLE
from tests.support.models import published_model

MODELS = sorted(path.relative_to("data/models").as_posix() for path in Path("data/models").glob("*/*.yaml"))
LINDVIK = published_model("lindvik/2026.yaml")
PRICE = "prices/grundskola.undervisning/from_budget/grundskola.1_3"


def set_to(address: str, value: str) -> list[FigureChange]:
    return [FigureChange(address=address, value=value)]


def _models_in(annotation: object) -> set[type[BaseModel]]:
    found: set[type[BaseModel]] = set()
    if (
        isinstance(annotation, type)
        and issubclass(annotation, BaseModel)
        and not isinstance(annotation, types.GenericAlias)
    ):
        found.add(annotation)
    for part in typing.get_args(annotation):
        found |= _models_in(part)
    return found


def _holds_figure(annotation: object, metadata: typing.Iterable[object]) -> bool:
    named = any("_must_be_number" in str(one) for one in metadata)
    return named or "_must_be_number" in str(annotation)


def test_every_figure_of_every_kind_of_step_has_a_name() -> None:
    """A new kind whose figure is called something new must be told of here, or nobody can try it."""
    waiting, seen, keys = _models_in(AnyPrice) | _models_in(AnyAmount) | {Books}, set(), set()
    while waiting:
        part = waiting.pop()
        seen.add(part)
        for name, field in part.model_fields.items():
            if name in LEFT_ALONE:
                continue
            waiting |= _models_in(field.annotation) - seen
            if _holds_figure(field.annotation, field.metadata):
                keys.add(name)
    assert keys <= set(SINGLE), f"utan namn i figures.SINGLE: {sorted(keys - set(SINGLE))}"


@pytest.mark.parametrize("path", MODELS)
def test_every_figure_of_a_published_model_is_found_by_its_own_address(path: str) -> None:
    model = published_model(path)
    places = changeable(model)
    assert places
    assert len({one.address for one in places}) == len(places), "en adress är ett enda tal"
    same = apply_figures(model, [FigureChange(address=one.address, value=one.value) for one in places])
    assert same == model


@pytest.mark.parametrize("path", MODELS)
def test_a_model_written_as_text_is_read_back_the_same(path: str) -> None:
    model = published_model(path)
    assert load_model(model_text(model, "Försök"), path) == model


def test_only_the_figure_that_was_named_is_changed() -> None:
    trial = apply_figures(LINDVIK, set_to(PRICE, "110000000"))
    before, after = ({one.address: one.value for one in changeable(model)} for model in (LINDVIK, trial))
    assert {where for where in before if before[where] != after[where]} == {PRICE}
    assert after[PRICE] == "110000000"


def test_no_changed_figure_is_the_same_model() -> None:
    assert apply_figures(LINDVIK, [CountChange(enhet="G01", category="grundskola.1_3", delta=1)]) is LINDVIK


@pytest.mark.parametrize(
    "address",
    ["prices/finns.inte/rate", "kommun", "prices", "amounts/grundskola.socioekonomi/factor/index",
     "books/reference/title", "prices/grundskola.undervisning/label", "amounts/grundskola.landsbygd/where/0/="],
)  # fmt: skip
def test_what_is_no_figure_cannot_be_changed(address: str) -> None:
    with pytest.raises(NoSuchFigureError, match="inget tal på adressen"):
        apply_figures(LINDVIK, set_to(address, "1"))


def test_a_changed_model_is_checked_as_a_file_is() -> None:
    broken = FigureChange.model_construct(kind="figure", address="books/decided", value="många")
    with pytest.raises(ModelFaultyError, match="inte ett tal"):
        apply_figures(LINDVIK, [broken])


@pytest.mark.parametrize(
    ("key", "who"),
    [("prices/forskola.administration/rate", "law"), ("amounts/individ.mervardesskatt/rate", "law"), (PRICE, "namnd"),
     ("prices/forskola.avgift/values/forskola.1_2.hogst_25", "forvaltning"), ("books/decided", "namnd"),
     ("amounts/grundskola.socioekonomi/pool", "namnd")],
)  # fmt: skip
def test_every_figure_says_who_may_change_it(key: str, who: str) -> None:
    (place,) = [one for one in changeable(LINDVIK) if one.address == key]
    assert place.decided_by == who
    assert place.reference is not None


def test_a_trial_is_written_the_same_whatever_order_its_changes_came_in() -> None:
    changes: list[Change] = [IndexChange(index="socioekonomi", enhet="G01", value="120"), *set_to(PRICE, "1"),
               CountChange(enhet="G01", category="grundskola.1_3", from_month=8, delta=-3)]  # fmt: skip
    text = changes_text(changes)
    assert changes_text(reversed(changes)) == text
    assert sorted(read_changes(text), key=lambda one: one.target) == sorted(changes, key=lambda one: one.target)


def test_a_figure_in_json_never_passes_through_a_float() -> None:
    (change,) = read_changes('[{"kind": "figure", "address": "books/decided", "value": 0.1}]')
    assert isinstance(change, FigureChange)
    assert read_number(change.value) * 10 == 1


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("inte json", 0, "giltig JSON"),
        ("{}", 0, "lista"),
        ('[{"kind": "lag"}]', 1, "figure, count eller index"),
        ('[{"kind": "figure", "address": "a", "value": "1"}, 7]', 2, "nycklar med värden"),
        ('[{"kind": "figure", "address": "a"}]', 1, "saknas"),
        ('[{"kind": "count", "enhet": "A", "category": "a"}]', 1, "antingen delta"),
        ('[{"kind": "count", "enhet": "A", "category": "a", "delta": 1, "from_month": 13}]', 1, "för stort"),
        ('[{"kind": "index", "index": "i", "enhet": "A", "value": "1", "why": "x"}]', 1, "Ta bort"),
        ('[{"kind": "figure", "address": "a", "value": "1"}, {"kind": "figure", "address": "a", "value": "2"}]', 2,
         "samma sak"),
    ],
)  # fmt: skip
def test_a_faulty_trial_says_which_change_and_what(text: str, place: int, what: str) -> None:
    with pytest.raises(ChangeFaultyError, match=what) as caught:
        read_changes(text)
    assert caught.value.place == place
