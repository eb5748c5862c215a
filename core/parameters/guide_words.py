"""What a key of a model may hold, in Swedish, read from the annotations of its class."""

from __future__ import annotations

import inspect
import types
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic_core import PydanticUndefined

from core.parameters.parts import Figure, Name, NamedField, Strict
from core.parameters.steps import AnyAmount, AnyPrice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic.fields import FieldInfo

KNOWN = (
    (Name, "namn"),
    (Figure, '`"tal"`'),
    (NamedField, "`attribute.namn`, `variable.namn` eller `step.namn`"),
    (AnyPrice, "[prissteg](#prissteg)"),
    (AnyAmount, "[beloppssteg](#beloppssteg)"),
)
PLAIN = {str: "text", int: "heltal", bool: "`true` eller `false`"}
CLOSED_AFTER = 12
"""So many words are printed out in the column; a longer set is told in the key's own text."""


def own_fields(part: type[Strict]) -> dict[str, FieldInfo]:
    """Return the fields that a class adds to its parent, by the key a file uses."""
    parent = part.__mro__[1]
    inherited = parent.model_fields if issubclass(parent, Strict) else {}
    fields = {name: found for name, found in part.model_fields.items() if name not in inherited}
    return {found.alias or name: found for name, found in fields.items()}


def name_of(part: type[Strict], key: str) -> str:
    """Return the attribute that holds a key of the file."""
    return next(name for name, found in part.model_fields.items() if (found.alias or name) == key)


def values_of(part: type[Strict], key: str, headings: Mapping[str, str]) -> str:
    """Return what a key may hold, in Swedish; ``headings`` by class, to link to its section."""
    hint = get_type_hints(part, include_extras=True)[name_of(part, key)]
    return _words(hint, headings)


def default_of(found: FieldInfo) -> str:
    """Return what holds when a file does not say: ``måste finnas``, a value, or a dash for nothing."""
    if found.is_required():
        return "måste finnas"
    value = found.get_default(call_default_factory=True, validated_data={})
    if value in (None, "", {}, []) or value is PydanticUndefined:
        return "–"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, Strict):
        said = ", ".join(f"{key}: {one}" for key, one in value.model_dump(exclude_none=True).items())
        return f"`{{{said}}}`"
    if isinstance(value, list):
        return ", ".join(f"`{one}`" for one in value)
    return f"`{value}`"


def words_of(annotation: Any) -> Iterator[str]:  # noqa: ANN401 - any annotation there is
    """Yield the words a value may be: literals and enumerations, however deep they stand."""
    if isinstance(annotation, str):
        yield annotation
    elif inspect.isclass(annotation) and issubclass(annotation, StrEnum):
        yield from annotation
    else:
        for part in get_args(annotation):
            yield from words_of(part)


def _words(hint: Any, headings: Mapping[str, str]) -> str:  # noqa: ANN401, PLR0911 - one text per sort of value
    if hint is type(None):
        return ""
    for known, text in KNOWN:
        if hint == known:
            return text
    origin, parts = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _words(parts[0], headings)
    if origin is Literal:
        return _listed([f"`{_shown(one)}`" for one in parts])
    if origin in (Union, types.UnionType):
        return _union(parts, headings)
    if origin is list:
        return f"lista av {_words(parts[0], headings)}"
    if origin is dict:
        return f"{_words(parts[0], headings)} → {_words(parts[1], headings)}"
    return _named(hint, headings)


def _union(parts: Iterable[Any], headings: Mapping[str, str]) -> str:
    """Return what one of several sorts of value may be; closed words are told together."""
    said: list[str] = []
    for one in parts:
        closed = get_origin(one) is Literal
        said += [f"`{_shown(word)}`" for word in get_args(one)] if closed else [_words(one, headings)]
    return _listed([one for one in dict.fromkeys(said) if one])


def _named(hint: Any, headings: Mapping[str, str]) -> str:  # noqa: ANN401 - a class
    if issubclass(hint, StrEnum):
        return _listed([f"`{one}`" for one in hint]) if len(hint) <= CLOSED_AFTER else "ett av orden i texten"
    if issubclass(hint, Strict):
        heading = headings.get(hint.__name__, hint.__name__)
        return f"[{heading}](#{anchor(heading)})"
    return PLAIN.get(hint, "datum")


def anchor(heading: str) -> str:
    """Return the address of a heading within its page, as code hosts make it."""
    kept = "".join(one for one in heading.lower() if one.isalnum() or one in " -_")
    return kept.replace(" ", "-")


def _shown(word: object) -> str:
    return "\\t" if word == "\t" else str(word)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} eller {words[-1]}"
