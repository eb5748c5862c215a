"""Swedish wording of figures on paper: the same text in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import Sentence, format_kr, format_number
from core.base.derivation import OP_WORDS
from core.base.money import ORE_PER_KRONA

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from core.base import Derivation, Source

KRONOR = "kr"
MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni",
    "juli", "augusti", "september", "oktober", "november", "december",
)  # fmt: skip
HOW = {"leaf": "", **OP_WORDS}
SOURCE_KINDS = {
    "law": "Lag och förordning",
    "decision": "Beslut",
    "guideline": "Riktlinje",
    "model": "Resursfördelningsmodell",
    "rule": "Räkneregel",
    "batch": "Inlästa uppgifter",
    "step": "Steg i modellen",
}


def value_text(value: Fraction, unit: str) -> str:
    """Return ``value unit``; an amount in whole öre is written as money, anything else with up to four decimals."""
    ore = value * ORE_PER_KRONA
    if unit.partition("/")[0] == KRONOR and ore.denominator == 1:
        return format_kr(ore.numerator) + unit.removeprefix(KRONOR)
    return f"{format_number(value)}\u00a0{unit}".rstrip()


def how_text(node: Derivation) -> str:
    """Return how a node came about: its operation, a note, and why something is not shown."""
    operation = "" if node.sealed else HOW[node.op]
    return "; ".join(text for text in (operation, node.note, node.sealed) if text)


def source_text(source: Source | None) -> str:
    """Return a citation as one line, empty when there is none."""
    if source is None:
        return ""
    return ", ".join(text for text in (source.title, source.detail) if text)


def day_text(day: date) -> str:
    """Return ``22 november 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def day_sentence(day: date) -> Sentence:
    """Return ``22 november 2026`` for the text of a refusal, which is said in other languages too."""
    return Sentence("{day} {month} {year}", day=day.day, month=Sentence(MONTHS[day.month - 1]), year=day.year)


def elever_text(elever: Fraction) -> str:
    """Return a number of elever with at most one decimal."""
    return f"{format_number(elever, 1)} elever"


def change_text(now_ore: int, then_ore: int, than: str) -> str:
    """Return one sentence that compares two amounts."""
    if now_ore == then_ore:
        return f"Det är lika mycket som {than}."
    word = "mer" if now_ore > then_ore else "mindre"
    return f"Det är {format_kr(abs(now_ore - then_ore))} {word} än {than}."


def compared_text(name: str, share: Fraction) -> str:
    """Return a unit that another is compared with, with its share when that is not the whole."""
    return name if share == 1 else f"{name} ({format_number(share * 100, 1)} procent)"


def per_elev_text(per_elev_ore: int, elever: Fraction | None, kommun_per_elev_ore: int | None) -> str:
    """Return one sentence on kronor per elev and year, beside the whole kommun where that is known."""
    whole = f"Det är {format_kr(per_elev_ore, decimals=False)} per elev och år"
    whole += f", räknat på {elever_text(elever)} i medeltal" if elever is not None else ""
    if kommun_per_elev_ore is not None:
        whole += f". I kommunen är det {format_kr(kommun_per_elev_ore, decimals=False)} per elev"
    return whole + "."
