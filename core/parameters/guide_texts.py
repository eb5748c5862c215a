"""The words of docs/modellfil.md, kept as data: ``data/parameters/modellfil_texter.yaml``.

Which keys there are and what they may hold is read from the model's classes; what a reader is told of them stands
here. ``core.parameters.guide`` puts the two together.
"""

from __future__ import annotations

from functools import cache
from typing import Annotated

from pydantic import Field

from core.parameters.parts import Strict
from core.parameters.strict import PARAMETERS_FOLDER, read_part

WHOLE, RESULT, PREDICATES = "{whole_example}", "{whole_result}", "{predicates}"


class GuidePrice(Strict):
    """What a price step of an example comes to, as the list shows it, in kronor."""

    step: str
    category: str
    recipient: str = "egen"
    list: str | None = None
    shown: str


class GuideFigure(Strict):
    """What ``evaluate`` gives for a unit of the example: the ``value`` of a step, as the file writes it."""

    enhet: str
    step: str
    category: str | None = None
    value: str


class GuideExample(Strict):
    """A part of a model, its keys on top, and what comes out of it.

    It is read as part of the whole example: steps, categories and rules are added to it, price lists, books and
    the units file take the place of its own. One that begins with ``model:`` is a whole model of its own. ``fault``:
    what is said of an example that is wrong.
    """

    yaml: str
    worked: str | None = None
    units: str | None = None
    prices: list[GuidePrice] = Field(default_factory=list)
    gives: list[GuideFigure] = Field(default_factory=list)
    fault: str | None = None


class GuideSection(Strict):
    """A heading and what stands under it. ``part``: the class whose keys are explained."""

    heading: str
    level: Annotated[int, Field(ge=2, le=4)] = 2
    part: str | None = None
    text: str = ""
    keys: dict[str, str] = Field(default_factory=dict)
    after: str = ""
    examples: list[GuideExample] = Field(default_factory=list)


class GuidePredicate(Strict):
    """A field that a condition may ask for: of what, compared how, with an example."""

    field: str
    of: str
    operators: list[str]
    text: str
    example: str


class GuideTexts(Strict):
    """The whole file.

    ``whole_example`` is the model that every other example is read within; ``kinds``: what each kind of step
    computes, in a sentence, by ``pris.`` or ``belopp.`` and its name.
    """

    title: str
    intro: str
    whole_example: str
    whole_units: str
    whole_gives: list[GuideFigure]
    kinds: dict[str, str]
    predicates: list[GuidePredicate]
    sections: list[GuideSection]


@cache
def load_guide_texts() -> GuideTexts:
    """Return the texts that come with the program, read once."""
    path = PARAMETERS_FOLDER / "modellfil_texter.yaml"
    return read_part(path.read_text(encoding="utf-8"), path.name, GuideTexts)[0]
