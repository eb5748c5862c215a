"""The statement: what a unit was allocated and how it was computed, ready for any file format.

Skolförordningen (2011:185) 14 kap. 10 § and gymnasieförordningen (2010:2039) 13 kap. 10 § oblige
the municipality to show how the amount was computed. The same statement is written as PDF, XLSX,
CSV and JSON; each shows the same rows and the same tree, sealed by ``suppression``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.base import CoreError, Sentence, format_kr, half_up
from core.publication.suppression import Policy, seal_individual_support
from core.publication.texts import (
    MONTHS,
    SOURCE_KINDS,
    change_text,
    compared_text,
    day_text,
    elever_text,
    per_elev_text,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from fractions import Fraction

    from core.base import Derivation, Source
    from core.publication.parts import Part

HOW_IT_WAS_COMPUTED = "Så räknades det fram"
_STATES = {
    "draft": "Utkast, inte beslutat",
    "checked": "Kontrollerad, inte beslutad",
    "decided": "Beslutad",
    "published": "Beslutad och publicerad",
    "superseded": "Ersatt av en senare körning",
}
_YEAR_END = 12


class StatementDoesNotAddUpError(CoreError):
    """The rows' total and the derivation's root are different amounts."""

    def __init__(self, stated_ore: int, derived_ore: int) -> None:
        self.stated_ore, self.derived_ore = stated_ore, derived_ore
        super().__init__(
            Sentence(
                "Redovisningen skrivs inte ut: summan är {stated_ore} men härledningen ger {derived_ore}. Kontrollera "
                "körningen med verify-run.",
                stated_ore=format_kr(stated_ore),
                derived_ore=format_kr(derived_ore),
            )
        )


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """The unit and whom it is paid to. ``recipient`` and ``verksamheter`` are texts a reader sees."""

    kommun: str
    enhet: str
    name: str
    huvudman_name: str
    recipient: str
    verksamheter: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """The run the amounts are read from. ``lines_hash`` is of the unit's own lines, when it is known."""

    number: int
    kind: str
    kind_label: str
    year: int
    state: str
    through_month: int
    decision: str | None
    model_title: str
    model_version: int
    fingerprint: str
    root_hash: str
    lines_hash: str | None
    provisional: tuple[str, ...] = ()
    """Price lists among those that were paid whose decision is yet to come."""


@dataclass(frozen=True, slots=True)
class Totals:
    """The unit's amounts in öre and its counted elever; ``None`` where a figure is missing.

    ``elever`` is the mean of the counted months, ``elever_years`` what kronor per elev are computed by.
    ``previous_total_ore`` is of the same months of ``previous_year``. ``total_ore`` is net of
    ``centrally_held_ore``.
    """

    total_ore: int
    elever: Fraction | None = None
    elever_years: Fraction | None = None
    per_elev_ore: int | None = None
    kommun_per_elev_ore: int | None = None
    previous_year: int | None = None
    previous_total_ore: int | None = None
    budget_total_ore: int | None = None
    centrally_held_ore: int | None = None
    compared: tuple[tuple[str, Fraction], ...] = ()
    """Other units that the year before is compared with, since this one follows them, and shares of them."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact about the statement, with a key for machines and a label for people."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What every format writes: nothing in it has to be kept from those who may read the unit."""

    title: str
    status: str
    unit: UnitFacts
    run: RunFacts
    made_on: date
    facts: tuple[Fact, ...]
    sentences: tuple[str, ...]
    total_ore: int
    parts: tuple[Part, ...]
    derivation: Derivation
    sources: tuple[Source, ...]
    verification: tuple[str, ...]
    sealed: str | None


def build_statement(
    unit: UnitFacts,
    run: RunFacts,
    totals: Totals,
    parts: Sequence[Part],
    tree: Derivation,
    *,
    policy: Policy,
    made_on: date,
) -> Statement:
    """Return the statement of a unit's total (``tree``, in kr) with individual support sealed.

    Raises ``StatementDoesNotAddUpError`` when ``tree`` is not ``totals.total_ore``, and
    ``NothingLeftToPrintError``.
    """
    exact = tree.value * 100
    if exact != totals.total_ore:
        raise StatementDoesNotAddUpError(totals.total_ore, half_up(exact.numerator, exact.denominator))
    sealed = seal_individual_support(parts, tree, totals.elever_years, policy)
    printed_run = _printable(run, is_sealed=sealed.reason is not None)
    return Statement(
        title=f"Redovisning av tilldelning {run.year}: {unit.name}",
        status=_status(run),
        unit=unit,
        run=printed_run,
        made_on=made_on,
        facts=_facts(unit, printed_run, made_on),
        sentences=_sentences(unit, run, totals, sealed.reason),
        total_ore=totals.total_ore,
        parts=sealed.parts,
        derivation=sealed.tree,
        sources=_sources(sealed.tree, sealed.parts),
        verification=_verification(printed_run),
        sealed=sealed.reason,
    )


def _printable(run: RunFacts, *, is_sealed: bool) -> RunFacts:
    """Leave out the hash of the unit's lines when some are sealed: few unknown amounts could be guessed from it."""
    return replace(run, lines_hash=None) if is_sealed else run


def _status(run: RunFacts) -> str:
    kind = run.kind_label
    if run.kind != "budget" and run.through_month < _YEAR_END:
        kind += f" till och med {MONTHS[run.through_month - 1]}"
    decision = f": {run.decision}" if run.decision else ""
    return f"{kind} {run.year}. {_STATES.get(run.state, run.state)}{decision}. Körning {run.number}."


def _facts(unit: UnitFacts, run: RunFacts, made_on: date) -> tuple[Fact, ...]:
    return (
        Fact("kommun", "Kommun", unit.kommun),
        Fact("unit", "Enhet", f"{unit.name} ({unit.enhet})"),
        Fact("huvudman", "Huvudman", unit.huvudman_name),
        Fact("recipient", "Mottagare", unit.recipient),
        Fact("verksamheter", "Verksamhet", ", ".join(unit.verksamheter)),
        Fact("model", "Modell", f"{run.model_title}, version {run.model_version}"),
        Fact("made_on", "Utskriven", day_text(made_on)),
    )


def _sentences(unit: UnitFacts, run: RunFacts, totals: Totals, sealed: str | None) -> tuple[str, ...]:
    """Return the finding in plain words; the unit's gross and net are left out when something is sealed."""
    plan = "enligt budgeten " if run.kind == "budget" else ""
    whole_year = run.through_month == _YEAR_END
    until = "" if whole_year else f" till och med {MONTHS[run.through_month - 1]}"
    lines = [f"{unit.name} får {plan}{format_kr(totals.total_ore)} {run.year}{until}."]
    if run.provisional:
        named = " och ".join(run.provisional)
        lines.append(
            f"Prislistan {named} är preliminär. När den är beslutad räknas beloppen om, och skillnaden regleras månad "
            "för månad."
        )
    if totals.previous_total_ore is not None and totals.previous_year is not None:
        then = str(totals.previous_year) if whole_year else f"samma månader {totals.previous_year}"
        lines.append(change_text(totals.total_ore, totals.previous_total_ore, then))
        if totals.compared:
            named = " och ".join(compared_text(*one) for one in totals.compared)
            lines.append(f"I jämförelsen ingår också {named}, som enheten efterträder.")
    if totals.budget_total_ore is not None and whole_year:
        lines.append(change_text(totals.total_ore, totals.budget_total_ore, "i budgeten"))
    elif totals.budget_total_ore is not None:
        lines.append(f"Budgeten för hela året är {format_kr(totals.budget_total_ore)}.")
    if totals.per_elev_ore is not None:
        lines.append(per_elev_text(totals.per_elev_ore, totals.elever, totals.kommun_per_elev_ore))
    elif totals.elever is not None:
        lines.append(f"Räknat på {elever_text(totals.elever)} i medeltal.")
    if sealed:
        lines.append(sealed)
    elif totals.centrally_held_ore:
        held, gross = totals.centrally_held_ore, totals.total_ore + totals.centrally_held_ore
        lines.append(f"Det är vad enheten förfogar över av {format_kr(gross)}; {format_kr(held)} hålls centralt.")
    return tuple(lines)


def _sources(tree: Derivation, parts: Sequence[Part]) -> tuple[Source, ...]:
    """Return each law, decision, file and rule that the statement rests on once, law first."""
    cited = [node.source for _, node in tree.walk()] + [part.source for part in parts]
    unique = {(one.kind, one.title, one.detail or ""): one for one in cited if one is not None and one.kind != "step"}
    order = list(SOURCE_KINDS)
    return tuple(unique[key] for key in sorted(unique, key=lambda key: (order.index(key[0]), *key[1:])))


def _verification(run: RunFacts) -> tuple[str, ...]:
    lines = [
        f"Beloppen är frysta i körning {run.number}. Körningens kontrollsumma (alla enheters rader): {run.root_hash}",
        f"Körningens fingeravtryck (indata och rader): {run.fingerprint}",
    ]
    if run.lines_hash is not None:
        lines.append(f"Enhetens kontrollsumma (SHA-256 av enhetens rader): {run.lines_hash}")
    else:
        lines.append(
            "Enhetens egen kontrollsumma skrivs inte ut, eftersom få dolda belopp kan gissas fram ur den. Sidan "
            "Resursfördelning kontrollerar den för den som får se enheten."
        )
    lines.append(
        "Så kontrollerar du: jämför kontrollsummorna med dem som sidan Resursfördelning visar för samma körning, "
        f"eller kör python -m core verify-run {run.number}, som räknar om körningen från dess frysta underlag."
    )
    return tuple(lines)
