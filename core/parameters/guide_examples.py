"""How an example of docs/modellfil.md is written out: the YAML, what it comes to, and what is said when it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.parameters.guide_texts import PREDICATES, RESULT, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from core.parameters.guide_texts import GuideExample, GuideFigure, GuidePredicate, GuideTexts


def filled(text: str, texts: GuideTexts) -> str:
    """Return a section's text with the whole example, its result and the table of conditions in their places."""
    parts = {
        WHOLE: f"```yaml\n{texts.whole_example.strip()}\n```",
        RESULT: "\n".join([*_units(texts.whole_units), *_figures(texts.whole_gives)]).strip(),
        PREDICATES: "\n".join(predicate_table(texts.predicates)).strip(),
    }
    for mark, part in parts.items():
        text = text.replace(mark, part)
    return text.strip()


def predicate_table(predicates: Iterable[GuidePredicate]) -> Iterator[str]:
    """Yield a table of every field that a condition may ask for."""
    yield "| Fält | Gäller | Jämförelser | Vad det är | Exempel |"
    yield "|---|---|---|---|---|"
    for one in predicates:
        operators = ", ".join(f"`{word}`" for word in one.operators)
        yield f"| `{one.field}` | {one.of} | {operators} | {one.text} | `{one.example}` |"
    yield ""


def example_text(example: GuideExample) -> str:
    """Return an example as it stands on the page."""
    return "\n".join(_parts(example))


def _parts(example: GuideExample) -> Iterator[str]:
    yield f"```yaml\n{example.yaml.strip()}\n```\n"
    if example.worked:
        yield f"{example.worked.strip()}\n"
    if example.fault:
        yield f"Felet säger: ”… {example.fault} …”.\n"
    if example.prices:
        yield "| Steg | Kategori | Mottagare | Prislista | Visas som, kr |"
        yield "|---|---|---|---|---:|"
        for price in example.prices:
            listed = f"`{price.list}`" if price.list else "–"
            yield f"| `{price.step}` | `{price.category}` | `{price.recipient}` | {listed} | {price.shown} |"
        yield ""
    if example.units and not example.fault:
        yield from _units(example.units)
    if example.gives:
        yield from _figures(example.gives)


def _units(text: str) -> Iterator[str]:
    yield f"Med enhetsfilen\n\n```\n{text.strip()}\n```\n\nger `evaluate`\n"


def _figures(figures: Iterable[GuideFigure]) -> Iterator[str]:
    yield "| Enhet | Steg | Kategori | Värde |"
    yield "|---|---|---|---:|"
    for given in figures:
        category = f"`{given.category}`" if given.category else "–"
        yield f"| {given.enhet} | `{given.step}` | {category} | {given.value} |"
    yield ""
