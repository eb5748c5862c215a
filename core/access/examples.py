"""Worked examples of who may do what: a question each, answered by the rule book as it stands.

``docs/behorighet.md`` shows the answers; a test holds them against what is expected of them here. Enhet G03 lies in
område O1, is run by the kommun and has grundskola and fritidshem; G12 lies in O2 and is run by an enskild huvudman.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.access.actors import Actor, Grant, Resource

if TYPE_CHECKING:
    from core.parameters.roles import Action

KOMMUN = "9901"
G03 = Resource(
    "enhet", KOMMUN, "G03", "999900-9901", "O1", "Lerbäckens skola", verksamheter=("grundskola", "fritidshem")
)
G03_GRUNDSKOLA = Resource("enhet", KOMMUN, "G03", "999900-9901", "O1", "Lerbäckens skola", verksamheter=("grundskola",))
G04 = Resource("enhet", KOMMUN, "G04", "999900-9901", "O1", "Sjöängens skola", verksamheter=("grundskola",))
G12 = Resource("enhet", KOMMUN, "G12", "556000-0012", "O2", "Tuvsnäppan", verksamheter=("grundskola",))
WHOLE = Resource("kommun", KOMMUN)

REKTOR = Grant("rektor", "enhet", "G03", KOMMUN, "Lerbäckens skola")
AREA = Grant("omradeschef", "omrade", "O1", KOMMUN, "O1")
CHIEF = Grant("forvaltningschef", "kommun", KOMMUN, KOMMUN, "Lindvik")
CONTROLLER = Grant("controller", "kommun", KOMMUN, KOMMUN, "Lindvik")
HANDLER = Grant("handlaggare", "kommun", KOMMUN, KOMMUN, "Lindvik")
GRUNDSKOLA = Grant("handlaggare", "verksamhet", "grundskola", KOMMUN, "grundskola")
LEISURE = Grant("handlaggare", "verksamhet", "fritidshem", KOMMUN, "fritidshem")
COORDINATOR = Grant("samordnare", "kommun", KOMMUN, KOMMUN, "Lindvik")
HEALTH = Grant("elevhalsa", "enhet", "G03", KOMMUN, "Lerbäckens skola")
OWNER = Grant("huvudman", "huvudman", "556000-0012", KOMMUN, "Tuvsnäppan AB")
POLITICIAN = Grant("fortroendevald", "kommun", KOMMUN, KOMMUN, "Lindvik")
AUDITOR = Grant("revisor", "kommun", KOMMUN, KOMMUN, "Lindvik")
ADMINISTRATOR = Grant("systemforvaltare", "kommun", KOMMUN, KOMMUN, "Lindvik")
PUBLIC = Grant("medborgare", "allman", "", KOMMUN)
TIED = Grant("jav", "enhet", "G04", KOMMUN, "Sjöängens skola")
TIED_TO_OWNER = Grant("jav", "huvudman", "556000-0012", KOMMUN, "Tuvsnäppan AB")
ELSEWHERE = Grant("controller", "kommun", "9902", "9902", "Grannkommunen")


@dataclass(frozen=True, slots=True)
class Example:
    """Somebody with ``roles`` asks to do ``action`` to ``about``; the answer is to be ``allowed``."""

    roles: tuple[Grant, ...]
    action: Action
    about: Resource
    allowed: bool

    @property
    def actor(self) -> Actor:
        """Who asks."""
        return Actor("exempel", "Exempel", self.roles)


EXAMPLES: tuple[Example, ...] = (
    Example((REKTOR,), "allocation.view", G03, allowed=True),
    Example((REKTOR,), "allocation.view", G04, allowed=False),
    Example((REKTOR,), "map.view", WHOLE, allowed=True),
    Example((REKTOR,), "basis.view", WHOLE, allowed=False),
    Example((AREA,), "individual.view", G04, allowed=True),
    Example((AREA,), "individual.view", G12, allowed=False),
    Example((CONTROLLER,), "payment.prepare", WHOLE, allowed=True),
    Example((CONTROLLER,), "payment.approve", WHOLE, allowed=False),
    Example((CHIEF,), "payment.approve", WHOLE, allowed=True),
    Example((GRUNDSKOLA,), "allocation.view", G03, allowed=True),
    Example((GRUNDSKOLA,), "register_rows.view", G03_GRUNDSKOLA, allowed=True),
    Example((GRUNDSKOLA,), "individual.view", G03, allowed=False),
    Example((GRUNDSKOLA, LEISURE), "individual.view", G03, allowed=True),
    Example((COORDINATOR,), "individual.view", G12, allowed=True),
    Example((COORDINATOR,), "register_rows.view", G12, allowed=False),
    Example((HEALTH,), "allocation.view", G03, allowed=True),
    Example((HEALTH, HANDLER), "individual.view", G03, allowed=False),
    Example((HEALTH, HANDLER), "individual.view", G04, allowed=True),
    Example((OWNER,), "register_rows.view", G12, allowed=True),
    Example((OWNER,), "register_rows.view", G03, allowed=False),
    Example((POLITICIAN,), "allocation.view", G03, allowed=True),
    Example((POLITICIAN, REKTOR), "register_rows.view", G03, allowed=False),
    Example((POLITICIAN, REKTOR), "flag.raise", G03, allowed=True),
    Example((AUDITOR,), "register_rows.view", G12, allowed=True),
    Example((AUDITOR, REKTOR), "register_rows.view", G03, allowed=True),
    Example((AUDITOR, REKTOR), "flag.raise", G03, allowed=False),
    Example((AUDITOR, CONTROLLER), "batch.accept", WHOLE, allowed=False),
    Example((ADMINISTRATOR,), "access.edit", WHOLE, allowed=True),
    Example((ADMINISTRATOR, CONTROLLER), "individual.view", G03, allowed=False),
    Example((CONTROLLER, TIED), "register_rows.view", G04, allowed=False),
    Example((CONTROLLER, TIED), "register_rows.view", G03, allowed=True),
    Example((CHIEF, TIED_TO_OWNER), "payment.approve", G12, allowed=False),
    Example((PUBLIC,), "allocation.view", G03, allowed=True),
    Example((PUBLIC,), "individual.view", G03, allowed=False),
    Example((ELSEWHERE,), "allocation.view", G03, allowed=False),
)
