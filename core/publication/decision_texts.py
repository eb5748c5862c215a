"""The words of a decision's document: what is decided, the facts around it, how it is appealed, how it is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import format_kr
from core.publication.decision import FORM_LABELS, DecisionForm
from core.publication.decision_document import DecisionDocument, annex_of, content_hash
from core.publication.texts import MONTHS, day_text

if TYPE_CHECKING:
    from datetime import date

    from core.publication.decision_document import AppealText, DecisionBasis, Registered

_NO_APPEAL = {
    DecisionForm.FORDELNING: "Beskedet överklagas inte: kommunens egna enheter är inte part i fördelningen.",
    DecisionForm.ERSATTNING: (
        "Beskedet överklagas inte till förvaltningsrätten: ersättning mellan kommuner finns inte i uppräkningen i "
        "skollagen 28 kap. 5 §."
    ),
}
_RECOMPUTE = (
    "Så räknar du om beloppen själv: hämta enhetsfilen, modellen och körningens uppgifter för din enhet på sidan "
    "Resursfördelning och kör python -m core evaluate med --given. Resultatet blir detsamma på öret."
)


def build_document(basis: DecisionBasis, registered: Registered, appeal: AppealText, made_on: date) -> DecisionDocument:
    """Return the document of a decision as it stands now."""
    kind = FORM_LABELS[basis.form]
    about = f"{kind} {basis.year} till {basis.huvudman_name}"
    title = f"Preliminärt: {about[0].lower()}{about[1:]}" if basis.provisional else about
    return DecisionDocument(
        title=title,
        status=_status(basis, registered),
        basis=basis,
        registered=registered,
        sentences=_sentences(basis, registered),
        facts=_facts(basis, registered, made_on),
        annex=annex_of(basis.rows, basis.special_reasons),
        appeal=_appeal(basis, registered, appeal),
        verification=_verification(basis),
        made_on=made_on,
        appeal_terms=appeal,
    )


def _status(basis: DecisionBasis, registered: Registered) -> str:
    kind = f"{FORM_LABELS[basis.form]} {registered.number}"
    if registered.decided_on is None:
        return f"{kind}: utkast, inte beslutat"
    return f"{kind}: {registered.state_label.lower()}"


def _period(basis: DecisionBasis) -> str:
    return (
        f"januari–{MONTHS[basis.through_month - 1]} {basis.year}"
        if basis.through_month > 1
        else f"januari {basis.year}"
    )


def _sentences(basis: DecisionBasis, registered: Registered) -> tuple[str, ...]:
    whom = f"{basis.huvudman_name} ({basis.huvudman})"
    total, period = format_kr(basis.total_ore, decimals=True), _period(basis)
    if basis.form is DecisionForm.BESLUT:
        first = f"{basis.kommun} beviljar {whom} bidrag i form av grundbelopp med {total} för {period}."
    elif basis.form is DecisionForm.FORDELNING:
        first = f"Kommunens egna enheter fördelas {total} för {period}."
    else:
        first = f"{basis.kommun} betalar {whom} interkommunal ersättning med {total} för {period}, utan mervärdesskatt."
    planned = (
        "Summan bygger på planerade elever; det som betalas följer antalet elever månad för månad till samma pris per "
        "elev."
    )
    said = [first]
    if basis.run_kind == "budget":
        said.append(planned)
    if basis.provisional:
        said.append(
            "Beslutet är preliminärt. När den slutliga prislistan är beslutad räknas beloppen om, och skillnaden "
            "betalas eller dras av i slutavräkningen."
        )
    said.append("Tilläggsbelopp beslutas särskilt för varje elev och ingår inte.")
    if registered.changes:
        said.append(f"Beloppen är ändrade: {registered.outcome}.")
    return tuple(said)


def _facts(basis: DecisionBasis, registered: Registered, made_on: date) -> tuple[tuple[str, str], ...]:
    lists = "; ".join(
        f"{one.label}, gäller från {day_text(one.valid_from)}, {one.reference}"
        + (", preliminär" if one.provisional else "")
        for one in basis.price_lists
    )
    decided = "" if registered.decided_on is None else day_text(registered.decided_on)
    facts = [
        ("Beslut nummer", str(registered.number)),
        ("Huvudman", f"{basis.huvudman_name}, {basis.huvudman}"),
        ("Period", _period(basis)),
        ("Beslutande", registered.body or "inte beslutat"),
        ("Beslutsdag", decided or "inte beslutat"),
        ("Paragraf", registered.paragraph or ""),
        ("Delegation", registered.delegation or ""),
        ("Infört av", registered.decided_by or ""),
        ("Prislista", lists),
        ("Modell", basis.model),
        ("Underlag", f"Körning {basis.run}" + (f", {basis.run_decision}" if basis.run_decision else "")),
        ("Lämnat till huvudmannen", _delivered(registered)),
        ("Utskrivet", day_text(made_on)),
    ]
    return tuple((name, said) for name, said in facts if said)


def _delivered(registered: Registered) -> str:
    if registered.delivered_on is None:
        return ""
    return f"{day_text(registered.delivered_on)}, {registered.delivered_how}"


def _appeal(basis: DecisionBasis, registered: Registered, terms: AppealText) -> tuple[str, ...]:
    """Return how it is appealed in our own words; a notice says why it is not."""
    if basis.form is not DecisionForm.BESLUT:
        return (_NO_APPEAL[basis.form],)
    last = terms.last_day
    counted = "Tiden räknas från den dag du fick del av beslutet."
    by_when = counted if last is None else f"Sista dagen är {day_text(last)}."
    what = (
        f"Skriv vad du vill ändra och varför, vilket beslut det gäller (nummer {registered.number} och beslutsdagen) "
        "och hur du nås. Skriv under, eller låt ett ombud med fullmakt göra det."
    )
    where = (
        f"Lämna överklagandet till {terms.via}. Det ska ha kommit in inom {_weeks(terms.weeks)} från den dag du fick "
        f"del av beslutet. {by_when} {terms.late}"
    )
    return f"Beslutet får överklagas till {terms.to}.", what, where, f"Stöd: {terms.reference}."


def _weeks(number: int) -> str:
    words = ("en vecka", "två veckor", "tre veckor", "fyra veckor")
    return words[number - 1] if number <= len(words) else f"{number} veckor"


def _verification(basis: DecisionBasis) -> tuple[str, ...]:
    return (
        f"Beloppen är frysta i körning {basis.run}. Körningens fingeravtryck: {basis.fingerprint}",
        f"Beslutets kontrollsumma: {content_hash(basis)}",
        _RECOMPUTE,
    )
