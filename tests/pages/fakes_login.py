"""People who log in, invented: with roles in one kommun or two, without any, and those whose login is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from core.access import Actor, ForbiddenError, Grant
from core.secrets_file import Provider
from core.settings import LoginSettings
from core.usecases.login_views import LOCAL, Ended, Proof, SignedIn, Unknown
from core.usecases.people_views import Person
from pages.components import invitation
from pages.components.ask import ask
from tests.pages.fakes import KOMMUN

if TYPE_CHECKING:
    from collections.abc import Callable

    from pages.components.reader import Reader

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
ANNA = Person("p:0123456789abcdef01234567", "https://login.lindvik.se", "a1", "Anna Berg")
PROOF = Proof(ANNA, "f" * 64, "kommun", NOW, NOW + timedelta(hours=1))
LOCAL_PROOF = replace(PROOF, provider=LOCAL)
ROLES = (
    Grant("rektor", "enhet", "G03", KOMMUN, "Lerbäckens skola"),
    Grant("huvudman", "huvudman", "999901-0011", "9902", "Vintergäcken AB"),
)
ACTOR = Actor(ANNA.subject, "Anna Berg", ROLES)
IN_TWO = SignedIn(ACTOR, ((KOMMUN, "Lindvik"), ("9902", "Granne")), PROOF, NOW + timedelta(hours=8))
IN_ONE = replace(IN_TWO, actor=replace(ACTOR, roles=ROLES[:1]), kommuner=((KOMMUN, "Lindvik"),))
OUTCOMES = {
    "in_one": IN_ONE,
    "in_two": IN_TWO,
    "unknown": Unknown(PROOF, has_account=False),
    "no_role": Unknown(PROOF, has_account=True),
    "public": None,
    "local_expired": Ended("expired", LOCAL_PROOF),
    **{why: Ended(why, PROOF) for why in ("life", "idle", "logout", "expired", "stale", "account")},
    "unproved": Ended("unproved"),
}  # fmt: skip
LOGIN = LoginSettings(
    None, (Provider("kommun", "Logga in med kommunens konto"), Provider("region", "Logga in med *regionen*"))
)


def show(reader: Reader) -> None:
    """Show the form of invitations alone, to somebody who has logged in."""
    assert isinstance(reader.outcome, SignedIn)
    invitation.form(reader, reader.outcome.proof.person)


class closed:  # noqa: N801 - stands for a page
    """A page that its use case closes to everybody."""

    @staticmethod
    def show(reader: Reader) -> None:
        def refuse(_app: object, _viewer: object) -> None:
            raise ForbiddenError("Din roll ger inte rätt att se sidan.")

        ask(refuse, reader)


def answers() -> dict[str, Callable[..., object]]:
    """Return the answers by use case."""
    return {
        "break_glass.has_open_account": lambda _app: False,
        "break_glass.log_in_locally": lambda *_: None,
        "sign_in.sign_in": lambda *_: IN_ONE,
        "sign_in.log_out": lambda *_: None,
        "open_kommuner.kommuner": lambda _app: ((KOMMUN, "Lindvik"),),
        "invitations.redeem": lambda *_: None,
    }
