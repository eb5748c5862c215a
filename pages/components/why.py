"""A derivation as nested Swedish sentences: what a figure is, how it follows from its parts, where it was read.

The text of a node comes from the model and the run; how parts combine is said here in the reader's language. Deep
parts are closed (a native disclosure), so that a long chain of markups reads from the top.
"""

from __future__ import annotations

import html
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from pages.components import frame, text
from pages.components.text import _

if TYPE_CHECKING:
    from core.base import Derivation, Source
    from pages.components.reader import Reader

DEEPEST: Final = 8
_OPEN_LEVELS: Final = 3
_DECIMALS: Final = 4
_MONEY: Final = "kr"
_CHOSEN: Final = frozenset({"round", "round_even", "round_down", "round_up", "min", "max", "interpolate", "level"})


def markup(tree: Derivation, depth: int, reader: Reader) -> str:
    """Return the derivation as HTML, at most ``depth`` levels beneath the root."""
    return f'<div class="sk-why"><ul>{_node(tree, depth, 0, reader)}</ul></div>'


def _node(node: Derivation, depth: int, level: int, reader: Reader) -> str:
    head = f'<p>{text.named(node.label)}: <span class="v">{html.escape(figure(node.value, node.unit))}</span></p>'
    said = how(node)
    body = f'<p class="src">{html.escape(said)}</p>' if said else ""
    body += _about(node, reader)
    if not node.children or node.sealed or level >= depth:
        return f"<li>{head}{body}</li>"
    children = f"<ul>{''.join(_node(child, depth, level + 1, reader) for child in node.children)}</ul>"
    if level >= _OPEN_LEVELS:
        children = f"<details><summary>{html.escape(_('Visa delarna'))}</summary>{children}</details>"
    return f"<li>{head}{body}{children}</li>"


def _about(node: Derivation, reader: Reader) -> str:
    parts = [text.named(note) for note in (node.note, node.sealed) if note]
    parts += [f"{text.named(name)}: {text.named(value)}" for name, value in node.facts]
    if node.source is not None:
        parts.append(cited(node.source, reader))
    return "".join(f'<p class="src">{part}</p>' for part in parts)


def cited(source: Source, reader: Reader) -> str:
    """Return a citation as HTML: the kind of source, its title as a link where it has an address, and its detail."""
    title = text.named(source.title)
    address = source.url
    if address is None and source.batch is not None:
        address = frame.address("underlag", {"inlasning": str(source.batch)}, reader)
    if address is not None and address.startswith(("https://", "http://", "/")):
        title = f'<a href="{html.escape(address)}" target="_blank" rel="noopener">{title}</a>'
    detail = f", {text.named(source.detail)}" if source.detail else ""
    return f"→ {html.escape(_kind(source.kind))}: {title}{detail}"


def _kind(kind: str) -> str:
    return {
        "law": _("Lag"),
        "decision": _("Beslut"),
        "guideline": _("Riktlinje"),
        "batch": _("Inläsning"),
        "step": _("Steg"),
        "model": _("Modell"),
        "rule": _("Regel"),
    }[kind]


def how(node: Derivation) -> str:
    """Return how a node follows from its parts, with their figures: "158 elever × 57 400 kr per elev"."""
    if node.sealed or not node.children:
        return ""
    shown = [figure(child.value, child.unit) for child in node.children]
    if node.op == "product":
        return " × ".join(shown)
    if node.op == "quotient":
        return f"{shown[0]} / {shown[1]}"
    if node.op in _CHOSEN:
        return _chosen(node, shown)
    if node.op == "share":
        return _("{pot} × {weight} / {whole}, nedåt till hela ören, och {extra} av de ören som blev över").format(
            pot=shown[0], weight=shown[1], whole=shown[2], extra=shown[3]
        )
    return text.ngettext("en del", "summan av {n} delar", len(shown)).format(n=len(shown)) if len(shown) > 1 else ""


def _chosen(node: Derivation, shown: list[str]) -> str:
    """Return how a node was rounded, limited, or read on a curve."""
    if node.op == "level":
        return _("{x} ligger där kurvan är jämn, på {height}").format(x=shown[0], height=shown[1])
    if node.op == "interpolate":
        return _("{x} ligger mellan {x0} och {x1}, som ger {y0} och {y1}").format(
            x=shown[0], x0=shown[1], y0=shown[2], x1=shown[3], y1=shown[4]
        )
    step = figure(node.rounding or Fraction(1), node.unit.partition("/")[0])
    said = {
        "round": _("{exact}, avrundat till närmaste {step}"),
        "round_even": _("{exact}, avrundat till närmaste {step}, halva till jämnt"),
        "round_down": _("{exact}, avrundat nedåt till hela {step}"),
        "round_up": _("{exact}, avrundat uppåt till hela {step}"),
        "min": _("det minsta av {figures}"),
        "max": _("det största av {figures}"),
    }[node.op]
    return said.format(exact=shown[0], step=step, figures=", ".join(shown))


def figure(value: Fraction, unit: str) -> str:
    """Return a figure with its unit; one that has more decimals than shown says so with ≈."""
    exact = (value * 10**_DECIMALS).denominator == 1
    if exact and unit.startswith(_MONEY):
        cents = (value * 100).denominator == 1 and value.denominator != 1
        shown = text.number(value, 2, fixed=True) if cents else text.number(value, _DECIMALS)
    else:
        shown = text.number(value, _DECIMALS)
    said = with_unit(shown, unit)
    return said if exact else f"≈{text.NBSP}{said}"


def with_unit(shown: str, unit: str) -> str:
    """Return "158 elever", "57 400 kr per elev"; English has words of its own, and its currency first."""
    what, slash, per = unit.partition("/")
    said = text.in_kronor(shown) if what == _MONEY else f"{shown}{text.NBSP}{_word(what)}".rstrip(text.NBSP)
    return _("{figure} per {unit}").format(figure=said, unit=_word(per)) if slash else said


def _word(unit: str) -> str:
    known = {
        "elev": _("elev"),
        "elever": _("elever"),
        "barn": _("barn"),
        "enhet": _("enhet"),
        "enheter": _("enheter"),
        "månader": _("månader"),
        "poäng": _("poäng"),
        "beslut": _("beslut"),
        "timmar": _("timmar"),
        "viktade elever": _("viktade elever"),
        "viktpoäng": _("viktpoäng"),
        "elevmånader": _("elevmånader"),
        "elevdagar": _("elevdagar"),
        "år": _("år"),
        "gånger": _("gånger"),
        "vikt": _("vikt"),
        "delar": _("delar"),
        "av underlaget": _("av underlaget"),
        "öre": _("öre"),
        "andel": _("andel"),
        "dagar": _("dagar"),
    }
    return known.get(unit, unit)
