"""docs/modellfil.md, written from the model's classes and their texts: ``python -m core.parameters.guide``."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from core.base import CoreError
from core.parameters import books, ike, measure_steps, model, parts, rule_steps, step, steps
from core.parameters.guide_examples import example_text, filled
from core.parameters.guide_texts import load_guide_texts
from core.parameters.guide_words import anchor, default_of, own_fields, values_of
from core.parameters.parts import Strict
from core.parameters.strict import PARAMETERS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from core.parameters.guide_texts import GuideSection, GuideTexts

GUIDE = PARAMETERS_FOLDER.parents[1] / "docs" / "modellfil.md"
_MADE_BY = (
    "Den här sidan skrivs av `python -m core.parameters.guide` ur modellens klasser och "
    "`data/parameters/modellfil_texter.yaml`; ändra där, inte här."
)


class GuideBehindError(CoreError):
    """The texts and the classes of a model do not say the same."""

    def __init__(self, part: str, what: str) -> None:
        self.part, self.what = part, what
        super().__init__(f"Avsnittet om {part} i data/parameters/modellfil_texter.yaml: {what}")


def classes() -> dict[str, type[Strict]]:
    """Return every class that a model file is written with, by name."""
    return {
        name: one
        for module in (parts, step, steps, measure_steps, rule_steps, model, books, ike)
        for name, one in inspect.getmembers(module, inspect.isclass)
        if issubclass(one, Strict) and one is not Strict and one.__module__ == module.__name__
    }


def modellfil() -> str:
    """Return the whole page; raises ``GuideBehindError`` where a key has no text, or a text no key."""
    texts, known = load_guide_texts(), classes()
    headings = {one.part: one.heading for one in texts.sections if one.part}
    missing = sorted(set(known) - set(headings)) + sorted(set(headings) - set(known))
    if missing:
        raise GuideBehindError(
            missing[0], "klassen saknar avsnitt, eller avsnittet klass. Lägg till eller ta bort det."
        )
    pieces = [f"# {texts.title}\n", f"{texts.intro.strip()}\n", f"{_MADE_BY}\n", _contents(texts)]
    pieces += [_section(one, texts, known, headings) for one in texts.sections]
    return "\n".join(pieces)


def _contents(texts: GuideTexts) -> str:
    rows = [f"{'  ' * (one.level - 2)}- [{one.heading}](#{anchor(one.heading)})" for one in texts.sections]
    return "\n".join([*rows, ""])


def _section(
    one: GuideSection, texts: GuideTexts, known: Mapping[str, type[Strict]], headings: Mapping[str, str]
) -> str:
    pieces = [f"{'#' * one.level} {one.heading}\n"]
    if one.text:
        pieces.append(f"{filled(one.text, texts)}\n")
    if one.part:
        pieces.append(_keys(one, known[one.part], headings))
    if one.after:
        pieces.append(f"{filled(one.after, texts)}\n")
    pieces += [example_text(example) for example in one.examples]
    return "\n".join(pieces)


def _keys(one: GuideSection, part: type[Strict], headings: Mapping[str, str]) -> str:
    fields = own_fields(part)
    behind = set(fields) ^ set(one.keys)
    if behind:
        name = min(behind)
        what = f"nyckeln ”{name}” {'saknar text' if name in fields else 'finns inte i klassen'}. Rätta keys."
        raise GuideBehindError(one.heading, what)
    rows = [
        f"| `{key}` | {values_of(part, key, headings)} | {default_of(found)} | {one.keys[key]} |"
        for key, found in fields.items()
    ]
    return "\n".join(["| Nyckel | Värde | Om inget sägs | Vad den säger |", "|---|---|---|---|", *rows, ""])


if __name__ == "__main__":
    GUIDE.write_text(modellfil(), encoding="utf-8")
