"""Swedish sentences that remember how they were made, so that a page can say them in the reader's language.

The core speaks Swedish. A ``Sentence`` is that Swedish text and nothing else, to whoever prints, compares or stores it;
beside it stand the template and the facts. The template is what a page looks up in its catalogue (``pages.components.
text.told``); a fact that is itself a ``Sentence`` is looked up too, all other facts are kept as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Sentence(str):
    """``Sentence("Körning {run} finns inte.", run=7)`` is the text "Körning 7 finns inte."."""

    __slots__ = ("facts", "template")

    template: str
    facts: Mapping[str, object]

    def __new__(cls, template: str, /, **facts: object) -> Self:
        """Fill in the facts; without any, the template is the text as it stands, braces and all."""
        made = super().__new__(cls, template.format_map(facts) if facts else template)
        made.template, made.facts = template, facts
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Return what makes the same sentence again, for copies."""
        return (self.template,), dict(self.facts)


def either(parts: Sequence[str]) -> Sentence:
    """Return "a eller b eller c"."""
    if len(parts) < 2:  # noqa: PLR2004 - one thing needs no word between
        return Sentence("".join(parts))
    return Sentence("{first} eller {last}", first=either(parts[:-1]), last=Sentence(parts[-1]))


def listed(parts: Sequence[str]) -> Sentence:
    """Return "a, b, c", each part in the reader's words."""
    if len(parts) < 2:  # noqa: PLR2004 - one thing needs no comma
        return Sentence("".join(parts))
    return Sentence("{first}, {last}", first=listed(parts[:-1]), last=Sentence(parts[-1]))
