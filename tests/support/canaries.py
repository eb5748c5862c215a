"""Who may see which secret of the two kommuner: written by hand from the law and from what each role is for.

Nothing here asks the code under test. A secret belongs to a kommun, is of some kinds and may be about a unit; ``ROLES``
says which kinds each role may know, and about which units where the role is not for the whole kommun.

==========  ======================================================================================================
Kind        What it is, and why it is kept
==========  ======================================================================================================
town        anything at all of a kommun: who has no role there learns nothing of it
elev        a row of the register: pseudonym, group, the huvudman's reference (OSL 23 kap., dataskyddsförordningen)
support     individual support that rests on few decisions, and sums that give it away (26 a kap. skollagen, OSL 23)
whole       the same of all units together
payment     what a unit has been paid, month by month
unpaid      a payment that nobody has approved, and why one was cancelled: a working paper until then
            (tryckfrihetsförordningen 2 kap.)
decision    how a huvudman's decision reached it; the huvudman is party to its own
undecided   a draft decision and its reasons: a working paper
recovery    why money is to be taken back
question    what was said to be wrong, and the answer: free text by people about elever
trial       a name and a note of the modellverkstad
basis       names of delivered files, why one was turned down, and the amounts of a run that is a draft
people      who has an account, a role, an invitation
nobody      a personal number, which is kept nowhere, and what a login provider calls a person
==========  ======================================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import NOBODY, Actor
from tests.support.two_kommuner import LILLBY, STORBY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from core.access.actors import Grant
    from tests.support.two_kommuner import Town
    from tests.support.unpacked import Told

OF_A_UNIT = frozenset({"elev", "support", "payment", "recovery", "question"})
ALL = OF_A_UNIT | {"whole", "unpaid", "decision", "undecided", "basis"}
LOGGED = frozenset({"elev", "question", "people", "nobody", "undecided", "recovery"})
"""What may stand in no log, whoever it is about."""
EVERY_UNIT = frozenset({"A1", "A2", "A3", "B1", "B2", "C1", "F1"})


@dataclass(frozen=True, slots=True)
class Role:
    """A role with a scope as the walk tries it: what it may know, about which units, and where its scope lies."""

    role: str
    sees: frozenset[str]
    units: frozenset[str] = EVERY_UNIT
    scope: tuple[str, str] = ("kommun", "")
    also: tuple[str, str, str] | None = None
    """A second role: its name, the kind of its scope, and the scope."""
    not_of: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    """Kinds that are closed about some units, and those units."""
    more: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    """Kinds that are open about some more units, and those units."""


ROLES: dict[str, Role] = {
    "rektor": Role("rektor", OF_A_UNIT, frozenset({"A1"}), ("enhet", "A1")),
    "områdeschef": Role("omradeschef", OF_A_UNIT | {"trial", "basis"}, frozenset({"A1", "A2"}), ("omrade", "Norra")),
    "huvudman": Role("huvudman", OF_A_UNIT | {"decision"}, frozenset({"B1"}), ("huvudman", "999907-0011")),
    "annan huvudman": Role("huvudman", OF_A_UNIT, frozenset({"B2"}), ("huvudman", "999907-0029")),
    "förvaltningschef": Role("forvaltningschef", (ALL | {"trial"}) - {"elev"}),
    "controller": Role("controller", ALL | {"trial"}),
    "jävig controller": Role(
        "controller", ALL | {"trial"}, also=("jav", "enhet", "A1"), not_of=(frozenset({"elev"}), frozenset({"A1"}))
    ),
    "handläggare": Role("handlaggare", ALL),
    "handläggare förskola": Role("handlaggare", OF_A_UNIT, frozenset({"F1"}), ("verksamhet", "forskola")),
    "handläggare grundskola": Role(
        "handlaggare", OF_A_UNIT, frozenset({"A2", "A3", "B2", "C1"}), ("verksamhet", "grundskola"),
        more=(frozenset({"elev"}), frozenset({"A1", "B1"})),  # they have fritidshem too: rows of grundskola alone
    ),
    "samordnare": Role("samordnare", ALL - {"elev"}),
    "elevhälsa": Role("elevhalsa", frozenset(), frozenset(), ("enhet", "A1")),
    "revisor": Role("revisor", ALL | {"trial", "people"}),
    "förtroendevald": Role("fortroendevald", frozenset({"trial"})),
    "förtroendevald rektor": Role(
        "rektor", OF_A_UNIT - {"elev", "support"} | {"trial"}, frozenset({"A1"}), ("enhet", "A1"),
        also=("fortroendevald", "kommun", ""),
    ),
    "systemförvaltare": Role("systemforvaltare", frozenset({"people"})),
    "allmänheten": Role("medborgare", frozenset(), scope=("allman", "")),
    "bara jävig": Role("jav", frozenset(), frozenset(), ("enhet", "A1")),
    "okänd roll": Role("ordforande", frozenset()),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody who looks: a role in one of the kommuner, or nobody."""

    name: str
    actor: Actor
    town: Town | None = None
    role: Role | None = None

    def may_know(self, secret: Secret) -> bool:
        """Say whether the law and the role let this one know a secret."""
        if self.role is None or self.town is not secret.town:
            return False
        if "town" in secret.kinds:
            return True
        kinds = self.role.sees & secret.kinds
        closed, there = self.role.not_of
        if secret.units and secret.units <= there:
            kinds -= closed
        more, where = self.role.more
        return bool(kinds) and (
            not secret.units or bool(secret.units & self.role.units) or bool(kinds & more and secret.units & where)
        )


@dataclass(frozen=True, slots=True)
class Secret:
    """Something that only some may know: words that give it away, or an exact amount in öre."""

    town: Town
    kinds: frozenset[str]
    what: str
    words: str = ""
    ore: int = 0
    units: frozenset[str] = frozenset()


FROM_OUTSIDE = ("controller", "områdeschef", "huvudman", "systemförvaltare", "allmänheten")
"""Roles that also somebody of the other kommun looks in with."""


def everybody(subject: str = "") -> list[Who]:
    """Return every role in Lillby, some in Storby, and nobody; ``subject``: all of them under one name."""
    found = [Who("ingen", NOBODY)]
    for town, names in ((LILLBY, tuple(ROLES)), (STORBY, FROM_OUTSIDE)):
        found += [
            Who(f"{name} i {town.name}", _actor(subject, name, town, ROLES[name]), town, ROLES[name]) for name in names
        ]
    return found


def who_is(name: str, subject: str = "") -> Who:
    """Return one of everybody by name."""
    return next(one for one in everybody(subject) if one.name == name)


def _actor(subject: str, name: str, town: Town, role: Role) -> Actor:
    grants: list[Grant] = [_grant(town, role.role, *role.scope)]
    if role.also:
        grants.append(_grant(town, *role.also))
    return Actor(subject or f"p:{town.code}:{name}", subject or name, tuple(grants))


def _grant(town: Town, role: str, kind: str, scope: str) -> Grant:
    scope = town.code if kind == "kommun" else town.text(scope)
    return town.grant(role, kind, scope)


class Guard:
    """What one who looks may not be told, ready to hold an answer against."""

    def __init__(self, who: Who, secrets: Iterable[Secret]) -> None:
        closed = [one for one in secrets if not who.may_know(one)]
        open_ore = {one.ore for one in secrets if one.ore and who.may_know(one)}
        self.who = who
        self._words = {one.words.lower(): one for one in closed if one.words}
        self._ore = {Fraction(one.ore): one for one in closed if one.ore and one.ore not in open_ore}

    def leaks(self, told: Told, asked: str = "") -> list[str]:
        """Return what was told that should not have been; an echo of what was ``asked`` tells nothing."""
        text, echoed = told.whole().lower(), asked.lower()
        found = {one.what for words, one in self._words.items() if words in text and words not in echoed}
        found |= {self._ore[one].what for one in told.amounts() & self._ore.keys() if str(one) not in asked}
        return sorted(f"{self.who.name} fick veta: {one}" for one in found)
