"""The states of a decision on a grant to one huvudman, and what each step must have with it.

An individual decision, so that it can be appealed: a general decision on amounts cannot (HFD 2017:35, HFD 2017 not
17, HFD 2020:69). Appealed to the general administrative court within three weeks of the day the huvudman received it
(skollagen 28 kap. 5 § 2, förvaltningslagen 44 §).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from core.base import CoreError, Recipient, Sentence, either
from core.publication.payment import SameEyesError
from core.publication.texts import day_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class DecisionState(StrEnum):
    """How far a decision has come."""

    DRAFT = "draft"
    DECIDED = "decided"
    DELIVERED = "delivered"
    APPEALED = "appealed"
    CHANGED = "changed"
    REPLACED = "replaced"


class DecisionForm(StrEnum):
    """What a huvudman gets: a decision, notice of its share, or a notice of ersättning between kommuner."""

    BESLUT = "beslut"
    FORDELNING = "fordelning"
    ERSATTNING = "ersattning"


FORM_LABELS = {
    DecisionForm.BESLUT: "Beslut om bidrag",
    DecisionForm.FORDELNING: "Fördelningsbesked",
    DecisionForm.ERSATTNING: "Besked om interkommunal ersättning",
}
STATE_LABELS = {
    DecisionState.DRAFT: "Utkast",
    DecisionState.DECIDED: "Beslutat",
    DecisionState.DELIVERED: "Delgivet",
    DecisionState.APPEALED: "Överklagat",
    DecisionState.CHANGED: "Ändrat",
    DecisionState.REPLACED: "Ersatt",
}
_NEXT: Mapping[DecisionState, tuple[DecisionState, ...]] = {
    DecisionState.DRAFT: (DecisionState.DECIDED, DecisionState.REPLACED),
    DecisionState.DECIDED: (DecisionState.DELIVERED, DecisionState.REPLACED),
    DecisionState.DELIVERED: (DecisionState.APPEALED, DecisionState.CHANGED, DecisionState.REPLACED),
    DecisionState.APPEALED: (DecisionState.DELIVERED, DecisionState.CHANGED),
    DecisionState.CHANGED: (),
    DecisionState.REPLACED: (),
}


class DecisionStateError(CoreError):
    """A decision cannot be taken to the state asked for."""

    def __init__(self, number: int, state: DecisionState, wanted: DecisionState) -> None:
        self.number, self.state, self.wanted = number, state, wanted
        follows = either([STATE_LABELS[one].lower() for one in _NEXT[state]])
        rest = (
            Sentence("Det kan bara bli {follows}.", follows=follows)
            if follows
            else Sentence("Det ändras inte mer; ta fram ett nytt beslut vid behov.")
        )
        super().__init__(
            Sentence(
                "Beslut {number} är {state} och kan inte bli {wanted}. {rest}",
                number=number,
                state=Sentence(STATE_LABELS[state].lower()),
                wanted=Sentence(STATE_LABELS[wanted].lower()),
                rest=rest,
            )
        )


class DecisionIncompleteError(CoreError):
    """A step lacks something that it must have with it."""

    def __init__(self, number: int, missing: str) -> None:
        self.number, self.missing = number, missing
        super().__init__(
            Sentence(
                "Beslut {number} kan inte föras vidare: {missing} saknas. Fyll i det och försök igen.",
                number=number,
                missing=missing,
            )
        )


class NotAppealableError(CoreError):
    """What a huvudman got is a notice, not a decision that is appealed this way."""

    def __init__(self, number: int, form: DecisionForm) -> None:
        self.number, self.form = number, form
        super().__init__(
            Sentence(
                "{form} {number} överklagas inte till förvaltningsrätten. Kommunens egna enheter är inte part, och "
                "ersättning mellan kommuner finns inte i skollagen 28 kap. 5 §. Det kan laglighetsprövas.",
                form=Sentence(FORM_LABELS[form]),
                number=number,
            )
        )


class AppealTooLateError(CoreError):
    """The appeal came after its last day."""

    def __init__(self, number: int, received_on: date, last_day: date) -> None:
        self.number, self.received_on, self.last_day = number, received_on, last_day
        super().__init__(
            Sentence(
                "Överklagandet av beslut {number} kom in {received_on}, efter den sista dagen {last_day}. Det ska "
                "avvisas av nämnden i ett eget beslut (förvaltningslagen 45 §); beslut {number} står kvar. Huvudmannen "
                "kan i stället begära omprövning.",
                number=number,
                received_on=day_sentence(received_on),
                last_day=day_sentence(last_day),
            )
        )


class AmountsDoNotFitError(CoreError):
    """A change names a unit that the decision does not have, or leaves every amount as it was."""

    def __init__(self, number: int, what: str) -> None:
        self.number, self.what = number, what
        super().__init__(Sentence("Ändringen av beslut {number} kan inte sparas: {what}.", number=number, what=what))


@dataclass(frozen=True, slots=True)
class DecisionStanding:
    """A decision as its next step looks at it; ``prepared_by`` by subject."""

    number: int
    state: DecisionState
    form: DecisionForm
    prepared_by: str
    decided_on: date | None = None
    delivered_on: date | None = None
    appeal_until: date | None = None


def form_of(recipients: set[str]) -> DecisionForm:
    """Return what a huvudman with such units gets; an enskild huvudman is party to its grant."""
    if Recipient.EGEN.value in recipients:
        return DecisionForm.FORDELNING
    return DecisionForm.ERSATTNING if recipients == {Recipient.ANNAN_KOMMUN.value} else DecisionForm.BESLUT


def decide(one: DecisionStanding, *, body: str, paragraph: str, by: str) -> DecisionState:
    """Return the state once the body has decided; whoever prepared it does not decide it."""
    _may_become(one, DecisionState.DECIDED)
    _needs(
        one,
        (body, Sentence("vem som har beslutat")),
        (paragraph, Sentence("paragraf i protokollet eller delegationslistan")),
    )
    if one.prepared_by == by:
        raise SameEyesError(Sentence("Beslut {number}", number=one.number), by)
    return DecisionState.DECIDED


def deliver(one: DecisionStanding, *, on: date, how: str) -> DecisionState:
    """Return the state once the huvudman has received it; not before it was decided."""
    _may_become(one, DecisionState.DELIVERED)
    if one.state is DecisionState.APPEALED:
        raise DecisionStateError(one.number, one.state, DecisionState.DELIVERED)
    _needs(one, (how, Sentence("hur beslutet lämnades")))
    if one.decided_on is not None and on < one.decided_on:
        raise DecisionIncompleteError(
            one.number,
            Sentence("en dag för mottagandet från och med {decided_on}", decided_on=day_sentence(one.decided_on)),
        )
    return DecisionState.DELIVERED


def appeal(one: DecisionStanding, *, received_on: date) -> DecisionState:
    """Return the state once an appeal has come in time; raises ``AppealTooLateError``."""
    if one.form is not DecisionForm.BESLUT:
        raise NotAppealableError(one.number, one.form)
    _may_become(one, DecisionState.APPEALED)
    if one.appeal_until is None:
        raise DecisionIncompleteError(one.number, Sentence("dagen då huvudmannen fick beslutet"))
    if received_on > one.appeal_until:
        raise AppealTooLateError(one.number, received_on, one.appeal_until)
    return DecisionState.APPEALED


def upheld(one: DecisionStanding, *, outcome: str) -> DecisionState:
    """Return the state once the court has left the decision as it was."""
    if one.state is not DecisionState.APPEALED:
        raise DecisionStateError(one.number, one.state, DecisionState.DELIVERED)
    _needs(one, (outcome, Sentence("domstolens utgång med målnummer och dag")))
    return DecisionState.DELIVERED


def change(one: DecisionStanding, *, outcome: str, old: Mapping[str, int], new: Mapping[str, int]) -> DecisionState:
    """Return the state once a court, or a reconsideration, has changed amounts of this huvudman alone."""
    _may_become(one, DecisionState.CHANGED)
    _needs(one, (outcome, Sentence("skälet: dom eller omprövning, med dag")))
    strange = sorted(set(new) - set(old))
    if strange:
        raise AmountsDoNotFitError(one.number, Sentence("enheten {strange} ingår inte i beslutet", strange=strange[0]))
    if all(old[enhet] == ore for enhet, ore in new.items()):
        raise AmountsDoNotFitError(one.number, Sentence("inget belopp skiljer sig från det beslutade"))
    return DecisionState.CHANGED


def replace(one: DecisionStanding) -> DecisionState:
    """Return the state once a newer decision stands in its place."""
    _may_become(one, DecisionState.REPLACED)
    return DecisionState.REPLACED


def _may_become(one: DecisionStanding, wanted: DecisionState) -> None:
    if wanted not in _NEXT[one.state]:
        raise DecisionStateError(one.number, one.state, wanted)


def _needs(one: DecisionStanding, *needed: tuple[str, str]) -> None:
    for value, what in needed:
        if not value.strip():
            raise DecisionIncompleteError(one.number, what)
