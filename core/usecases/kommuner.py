"""Set up a kommun: its code, name and organisation number, before anything is read for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.base import CoreError, Sentence
from core.store import KommunExistsError, KommunRecord

if TYPE_CHECKING:
    from core.usecases.context import App

CODE, ORGNR = re.compile(r"\d{4}\Z"), re.compile(r"\d{6}-\d{4}\Z")


class KommunFaultyError(CoreError):
    """The code or the organisation number is not written as such."""

    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected
        super().__init__(Sentence("”{found}” går inte att använda: skriv {expected}.", found=found, expected=expected))


def add_kommun(app: App, kommun: str, name: str, orgnr: str) -> KommunRecord:
    """Set up a kommun; whoever can reach the database by command may, since no role exists before it.

    Raises ``KommunFaultyError`` and ``KommunExistsError``.
    """
    if not CODE.match(kommun):
        raise KommunFaultyError(kommun, "kommunkoden med fyra siffror, till exempel 0180")
    if not ORGNR.match(orgnr):
        raise KommunFaultyError(orgnr, "organisationsnumret med streck, till exempel 212000-0142")
    record = KommunRecord(kommun, name.strip(), orgnr)
    founder = Actor("kommandorad", "Kommandoraden", (Grant("systemforvaltare", "kommun", kommun, kommun, name),))
    with app.writing(founder) as work:
        if any(one.kommun == kommun for one in work.kommuner.list()):
            raise KommunExistsError(kommun)
        work.kommuner.add(record)
        facts: dict[str, object] = {"orgnr": orgnr}
        work.audit.append(kommun, app.clock(), "kommandorad", "kommun.add", f"kommun:{kommun}", facts)
        work.commit()
    return record
