"""On what ground a step may differ between recipients: law, or a decision that the model names.

Skollagen asks for the same grounds as for the kommun's own units (8 kap. 21 §, 9 kap. 19 §, 10 kap. 37 §, 11 kap.
36 §, 14 kap. 15 §, 16 kap. 52 §, 19 kap. 45 §, 25 kap. 11 §). What follows here is the whole list of exceptions that
law gives; any other needs ``unequal_because`` on its step, or is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from core.base import Kostnadsslag, Recipient, Source, Verksamhet, read_number
from core.parameters import (
    Addition,
    CaseAmounts,
    DeductionAmount,
    DeductionPrice,
    Given,
    MarkupAmount,
    MarkupPrice,
    Premises,
)

if TYPE_CHECKING:
    from core.parameters import AnyAmount, AnyPrice

    AnyStep = AnyPrice | AnyAmount

OWN: Final = Recipient.EGEN.value
ENSKILDA: Final = frozenset({Recipient.FRISTAENDE_HEMMA.value, Recipient.FRISTAENDE_ANNAN.value})
GYMNASIUM: Final = frozenset({Verksamhet.GYMNASIESKOLA.value, Verksamhet.ANPASSAD_GYMNASIESKOLA.value})
SHARE_VAT, SHARE_ADMINISTRATION, SHARE_OMSORG = Fraction(6, 100), Fraction(3, 100), Fraction(1, 100)

_SAME: Final = {
    "forskola": "8 kap. 21 §",
    "forskoleklass": "9 kap. 19 §",
    "grundskola": "10 kap. 37 §",
    "anpassad_grundskola": "11 kap. 36 §",
    "fritidshem": "14 kap. 15 §",
    "gymnasieskola": "16 kap. 52 §",
    "anpassad_gymnasieskola": "19 kap. 45 §",
    "pedagogisk_omsorg": "25 kap. 11 §",
    "oppen_fritidsverksamhet": "25 kap. 15 §",
}
_BETWEEN: Final = {
    "forskola": "8 kap. 17 §",
    "forskoleklass": "9 kap. 16 §",
    "grundskola": "10 kap. 34 §",
    "anpassad_grundskola": "11 kap. 33 §",
    "fritidshem": "14 kap. 14 §",
    "gymnasieskola": "16 kap. 50–51 §§",
    "anpassad_gymnasieskola": "19 kap. 43–44 §§",
}


@dataclass(frozen=True, slots=True)
class Ground:
    """Why a difference is allowed: ``code`` names the sort, ``source`` is what it rests on."""

    code: str
    source: Source


def _law(code: str, title: str, kind: str = "law") -> Ground:
    return Ground(code, Source("guideline" if kind == "guideline" else "law", title))


VAT: Final = _law(
    "mervardesskatt", "skolförordningen (2011:185) 14 kap. 4–5 §§; gymnasieförordningen (2010:2039) 13 kap. 3 §"
)
ADMINISTRATION: Final = _law(
    "administration", "skolförordningen (2011:185) 14 kap. 4–5 §§; gymnasieförordningen (2010:2039) 13 kap. 3 §"
)
FEE: Final = _law(
    "avgift", "Sveriges Kommuner och Regioner, frågor och svar om bidrag: den som tar ut avgiften behåller den",
    "guideline",
)  # fmt: skip
HELD: Final = _law("centralt", "brutto jämförs: kommunen svarar själv för det som hålls centralt åt egna enheter",
                   "guideline")  # fmt: skip
PREMISES: Final = _law(
    "lokaler", "skolförordningen (2011:185) 14 kap. 6 §; gymnasieförordningen (2010:2039) 13 kap. 5 §: särskilda skäl"
)
SUPPORT: Final = _law("tillaggsbelopp", "skollagen (2010:800): tilläggsbelopp till enskild huvudman, till exempel "
                      "8 kap. 23 § och 10 kap. 39 §")  # fmt: skip
NOT_OFFERED: Final = _law(
    "riksprislista", "skollagen (2010:800) 16 kap. 52 § och 19 kap. 45, 48 §§: programmet erbjuds inte av kommunen"
)
NO_OWN_OMSORG: Final = _law(
    "ingen_egen", "skollagen (2010:800) 25 kap. 11–12 §§: skäligt belopp när kommunen inte har egen verksamhet"
)
ONLY_ENSKILDA: Final = _law(
    "motsvarande", "skolförordningen (2011:185) 14 kap. 2 §; HFD 2015:53: motsvarande tillskott till enskilda"
)
OTHER_STEP: Final = _law("annat_steg", "samma belopp i samma kostnadsslag, i ett annat steg", "guideline")
FOLLOWS: Final = _law("foljer", "följer av ett tidigare steg som har en grund", "guideline")


def law_of(verksamheter: set[str], recipient: str) -> Source:
    """Return the paragraphs that ask for the same grounds for ``recipient``, for these verksamheter or for all."""
    paragraphs = _BETWEEN if recipient == Recipient.ANNAN_KOMMUN.value else _SAME
    chosen = [text for name, text in paragraphs.items() if name in verksamheter] or list(paragraphs.values())
    return Source("law", f"skollagen (2010:800) {_joined(chosen)}")


def _joined(parts: list[str]) -> str:
    return " och ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def ground_of(step: AnyStep, recipient: str, *, more: bool) -> Ground | None:
    """Return the ground for ``recipient`` getting more (or less) than an own unit in ``step``; ``None`` when none."""
    declared = getattr(step, "unequal_because", None)
    if declared is not None:
        parts = [str(declared.date) if declared.date else None, declared.paragraph]
        detail = ", ".join(part for part in parts if part) or None
        return Ground("beslutad", Source(declared.kind, declared.title, declared.url, detail))
    if isinstance(step, Addition):
        return _of_addition(step, recipient, more=more)
    if isinstance(step, DeductionPrice | DeductionAmount):
        return _of_deduction(step, recipient, more=more)
    if isinstance(step, Premises):
        return PREMISES if recipient in ENSKILDA else None
    return _of_more(step, recipient) if more else None


def _of_more(step: AnyStep, recipient: str) -> Ground | None:
    """Return the ground for getting more by the step's kostnadsslag: what law gives an enskild huvudman on top."""
    slag = getattr(step, "kostnadsslag", None)
    if slag is Kostnadsslag.MERVARDESSKATT:
        return VAT if recipient in ENSKILDA and _lawful(step, SHARE_VAT) else None
    if slag is Kostnadsslag.ADMINISTRATION:
        omsorg = getattr(step, "verksamhet", None) is Verksamhet.PEDAGOGISK_OMSORG
        return ADMINISTRATION if _lawful(step, SHARE_OMSORG if omsorg else SHARE_ADMINISTRATION) else None
    if isinstance(step, Given | CaseAmounts) or slag is Kostnadsslag.TILLAGGSBELOPP:
        return SUPPORT if recipient in ENSKILDA else None
    return None


def _of_addition(step: Addition, recipient: str, *, more: bool) -> Ground | None:
    if recipient not in ENSKILDA:
        return ONLY_ENSKILDA
    if step.no_corresponding_because is not None:
        return Ground("beslutad", Source("decision", step.no_corresponding_because))
    return VAT if more and step.marked_up_by else None


def _of_deduction(step: DeductionPrice | DeductionAmount, recipient: str, *, more: bool) -> Ground | None:
    """A fee is taken off who collects it; what is centrally held is taken off own units alone."""
    if step.kostnadsslag is not Kostnadsslag.AVGIFT:
        return HELD if more else None
    collected = getattr(step, "collected_by", None) or {}
    theirs, own = (collected.get(Recipient(one), "huvudman") for one in (recipient, OWN))
    if not more:
        return FEE if theirs == "huvudman" else None
    return FEE if theirs == "kommun" and own == "huvudman" and OWN in collected else None


def _lawful(step: AnyStep, share: Fraction) -> bool:
    """Say whether a rate is at most what the ordinance gives: the share as a mark-up, or literally as of the whole."""
    if not isinstance(step, MarkupPrice | MarkupAmount):
        return True
    return read_number(step.rate) <= share / (1 - SHARE_VAT - SHARE_ADMINISTRATION)
