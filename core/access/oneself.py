"""What nobody does to themselves, and the one thing that everybody may.

Two rules that speak of persons instead of scopes, and therefore stand beside the rule book:

1. Nobody changes their own roles, account or jäv (conflict of interest), whatever their roles let them do to others.
   Two administrators are needed for a right to come about: one who gives it and another who has it.
2. Whoever has a role in the kommun may report jäv for themselves: it only takes rights away. It is somebody else who
   takes it back.

====================================  =======================================  =====================================
Who asks                              About                                    Verdict
====================================  =======================================  =====================================
systemförvaltare Embla                a role for Joar                          by the rule book
systemförvaltare Embla                a role for Embla                         no: her own
controller Joar                       jäv of Joar in enhet G04                 yes: it only takes rights away
controller Joar                       ending that jäv                          no: his own, and no right to edit
the public                            jäv                                      no: has no role to be disqualified in
====================================  =======================================  =====================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.access.actors import ForbiddenError
from core.base import Sentence

if TYPE_CHECKING:
    from core.access.actors import Actor

OWN = Sentence(
    "Det här gäller dig själv. Ingen ändrar sina egna roller, sitt eget konto eller sitt eget jäv: det behövs två för "
    "att en rättighet ska uppstå. Be en annan systemförvaltare."
)
OWN_INVITATION = Sentence(
    "Du har själv gjort inbjudan. Ingen ger sig själv en roll: be en annan systemförvaltare bjuda in dig eller ge dig "
    "rollen."
)
NO_ROLE = Sentence(
    "Du har ingen roll i kommunen. Därför finns det inga roller att visa, och ingenting som du kan vara jävig i. Be "
    "systemförvaltaren om behörighet."
)


def must_be_another(actor: Actor, subject: str, reason: str = OWN) -> None:
    """Return if ``subject`` is somebody else than the actor; raises ``ForbiddenError``."""
    if subject == actor.subject:
        raise ForbiddenError(reason)


def must_have_a_role(actor: Actor, kommun: str) -> None:
    """Return if the actor has a role of their own in the kommun, as who reports jäv must; raises ``ForbiddenError``."""
    if not any(grant.kommun == kommun and grant.scope_kind != "allman" for grant in actor.roles):
        raise ForbiddenError(NO_ROLE)
