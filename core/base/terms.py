"""The law's own words as enumerations, folded to ASCII; ``label`` gives the text a reader sees.

Source: skollagen (2010:800), skolförordningen (2011:185) 14 kap. and gymnasieförordningen
(2010:2039) 13 kap.; every word is explained in docs/ordlista.md.
"""

from __future__ import annotations

from enum import StrEnum


class Verksamhet(StrEnum):
    """A kind of education or care that the municipality pays for."""

    FORSKOLA = "forskola"
    PEDAGOGISK_OMSORG = "pedagogisk_omsorg"
    FORSKOLEKLASS = "forskoleklass"
    GRUNDSKOLA = "grundskola"
    ANPASSAD_GRUNDSKOLA = "anpassad_grundskola"
    FRITIDSHEM = "fritidshem"
    OPPEN_FRITIDSVERKSAMHET = "oppen_fritidsverksamhet"
    GYMNASIESKOLA = "gymnasieskola"
    ANPASSAD_GYMNASIESKOLA = "anpassad_gymnasieskola"


class Kostnadsslag(StrEnum):
    """What the money is for: list A (schools) and list B (förskola, fritidshem, pedagogisk omsorg)."""

    UNDERVISNING = "undervisning"
    LARVERKTYG = "larverktyg"
    ELEVHALSA = "elevhalsa"
    MALTIDER = "maltider"
    OMSORG_PEDAGOGIK = "omsorg_pedagogik"
    PEDAGOGISKT_MATERIAL = "pedagogiskt_material"
    LOKALKOSTNADER = "lokalkostnader"
    ADMINISTRATION = "administration"
    MERVARDESSKATT = "mervardesskatt"
    AVGIFT = "avgift"
    GRUNDBELOPP = "grundbelopp"
    TILLAGGSBELOPP = "tillaggsbelopp"
    SKOLSKJUTS = "skolskjuts"
    OVRIGT = "ovrigt"


class Dimension(StrEnum):
    """The four parts an allocation is shown in; the first three lie inside grundbelopp."""

    BAS = "bas"
    SOCIOEKONOMI = "socioekonomi"
    STRUKTUR = "struktur"
    INDIVID = "individ"


class Recipient(StrEnum):
    """Whom the municipality pays: its own unit, an enskild huvudman here or elsewhere, another municipality."""

    EGEN = "egen"
    FRISTAENDE_HEMMA = "fristaende_hemma"
    FRISTAENDE_ANNAN = "fristaende_annan"
    ANNAN_KOMMUN = "annan_kommun"


class Huvudmannatyp(StrEnum):
    """Who runs a unit, as the unit register says."""

    KOMMUNAL = "kommunal"
    ENSKILD = "enskild"
    REGION = "region"
    STAT = "stat"


class RunKind(StrEnum):
    """What a run answers: the plan, the outcome, the settlement, or a what-if."""

    BUDGET = "budget"
    UTFALL = "utfall"
    SLUTAVRAKNING = "slutavrakning"
    SCENARIO = "scenario"


class RunState(StrEnum):
    """How far a run has come towards being decided and public."""

    DRAFT = "draft"
    CHECKED = "checked"
    DECIDED = "decided"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class BatchState(StrEnum):
    """What has become of a delivered file."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    REVERTED = "reverted"


class BatchMode(StrEnum):
    """A snapshot replaces earlier batches in its period; a delta replaces what it names."""

    SNAPSHOT = "snapshot"
    DELTA = "delta"


_LABELS: dict[str, str] = {
    "forskola": "Förskola",
    "pedagogisk_omsorg": "Pedagogisk omsorg",
    "forskoleklass": "Förskoleklass",
    "grundskola": "Grundskola",
    "anpassad_grundskola": "Anpassad grundskola",
    "fritidshem": "Fritidshem",
    "oppen_fritidsverksamhet": "Öppen fritidsverksamhet",
    "gymnasieskola": "Gymnasieskola",
    "anpassad_gymnasieskola": "Anpassad gymnasieskola",
    "undervisning": "Undervisning",
    "larverktyg": "Lärverktyg",
    "elevhalsa": "Elevhälsa",
    "maltider": "Måltider",
    "omsorg_pedagogik": "Omsorg och pedagogisk verksamhet",
    "pedagogiskt_material": "Pedagogiskt material och utrustning",
    "lokalkostnader": "Lokalkostnader",
    "administration": "Administration",
    "mervardesskatt": "Mervärdesskatt",
    "avgift": "Avgifter",
    "grundbelopp": "Grundbelopp",
    "tillaggsbelopp": "Tilläggsbelopp",
    "skolskjuts": "Skolskjuts",
    "ovrigt": "Övrigt",
    "bas": "Bas",
    "socioekonomi": "Socioekonomi",
    "struktur": "Struktur",
    "individ": "Individuellt stöd",
    "egen": "Kommunens egen enhet",
    "fristaende_hemma": "Fristående enhet i kommunen",
    "fristaende_annan": "Fristående enhet i annan kommun",
    "annan_kommun": "Annan kommuns enhet",
    "kommunal": "Kommunal",
    "enskild": "Enskild",
    "region": "Region",
    "stat": "Stat",
    "budget": "Budget",
    "utfall": "Utfall",
    "slutavrakning": "Slutavräkning",
    "scenario": "Scenario",
    "draft": "Utkast",
    "checked": "Kontrollerad",
    "decided": "Beslutad",
    "published": "Publicerad",
    "superseded": "Ersatt",
    "received": "Mottagen",
    "accepted": "Godkänd",
    "rejected": "Avvisad",
    "reverted": "Återtagen",
    "snapshot": "Ögonblicksbild",
    "delta": "Ändringsfil",
}


def label(term: StrEnum) -> str:
    """Return the Swedish text for a term, with its proper letters."""
    return _LABELS[term.value]
