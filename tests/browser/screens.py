"""Every screen a reader can meet: where it is, who opens it, and its heading in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

REKTOR, CONTROLLER, HUVUDMAN, CITIZEN = "rektor_lerbacken", "controller", "huvudman_vintergacken", "medborgare"
ADMINISTRATOR = "systemforvaltare"
AUDITOR = "revisor"
OWN, FOREIGN = "G01", "G12"  # Lerbäckens skola, and a unit that neither the rektor nor the huvudman answers for


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen, opened by its address."""

    name: str
    path: str
    persona: str
    swedish: str
    english: str
    query: tuple[tuple[str, str], ...] = ()

    def address(self, server_url: str, language: str = "sv", **more: str) -> str:
        """Return the full address that opens the screen."""
        query = {"persona": self.persona, **dict(self.query), **more}
        if language == "en":
            query["lang"] = "en"
        return f"{server_url}/{self.path}?{urlencode(query)}"


START = Screen("start", "", REKTOR, "Skolans pengar i Lindvik", "School money in Lindvik")
UNIT = Screen("skolan", "skolan", REKTOR, "Skolan", "The unit")
ALLOCATION = Screen("resursfordelning", "resursfordelning", REKTOR, "Resursfördelning", "Allocation")
CHANGE = Screen("forandring", "forandring", CITIZEN, "Förändring", "Change")
BASIS = Screen("underlag", "underlag", CONTROLLER, "Underlag", "Basis")
RECONCILE = Screen("avstamning", "avstamning", CONTROLLER, "Avstämning", "Reconciliation")
CLAIMS = Screen(
    "interkommunal", "interkommunal", CONTROLLER, "Interkommunal ersättning", "Payments between municipalities"
)
EQUAL = Screen("lika-villkor", "lika-villkor", HUVUDMAN, "Lika villkor", "Equal terms")
QUESTIONS = Screen("fragor", "fragor", CONTROLLER, "Frågor om underlaget", "Questions about the data")
WORKSHOP = Screen("modellverkstad", "modellverkstad", CONTROLLER, "Modellverkstad", "Model workshop")
DECISIONS = Screen("beslut", "beslut", CONTROLLER, "Beslut", "Decision")
PAYMENTS = Screen("utbetalningar", "utbetalningar", CONTROLLER, "Utbetalningar", "Payments")
PEOPLE = Screen("behorigheter", "behorigheter", ADMINISTRATOR, "Behörigheter", "Permissions")
MAP = Screen("karta", "karta", CITIZEN, "Karta", "Map")
AUDIT = Screen("revision", "revision", AUDITOR, "Revision", "Audit")
ABOUT = Screen("om", "om", CITIZEN, "Om Skolkronan", "About Skolkronan")
LOGIN = Screen("logga-in", "logga-in", CITIZEN, "Logga in", "Log in")
PAGES = (
    START, UNIT, ALLOCATION, CHANGE, BASIS, RECONCILE, CLAIMS, EQUAL,
    QUESTIONS, WORKSHOP, DECISIONS, PAYMENTS, PEOPLE, AUDIT, MAP, ABOUT, LOGIN,
)  # fmt: skip

# The same pages as somebody else meets them, or as they are when there is nothing to see.
START_OF_ALL = Screen("start-controller", "", CONTROLLER, START.swedish, START.english)
OWN_ROLES = Screen("behorigheter-egna", "behorigheter", REKTOR, PEOPLE.swedish, PEOPLE.english)
FORBIDDEN_UNIT = Screen("skolan-nekad", "skolan", REKTOR, "Skolan", "The unit", (("enhet", FOREIGN),))
FORBIDDEN_BASIS = Screen("underlag-nekad", "underlag", CITIZEN, "Underlag", "Basis")
NO_DECISION = Screen(
    "inget-beslut", "resursfordelning", REKTOR, "Resursfördelning", "Allocation", (("enhet", OWN), ("ar", "2031"))
)
OTHERS = (START_OF_ALL, OWN_ROLES, FORBIDDEN_UNIT, FORBIDDEN_BASIS, NO_DECISION)
EVERY = (*PAGES, *OTHERS)
