"""Who is looking: in demo mode a persona the reader chooses, otherwise whoever has logged in, else the public.

Nobody is believed by their word. What the login provider signed says who somebody is; what they may see is read from
our own tables on every run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.access import NOBODY, Actor, Grant
from core.access.logins import Limits
from core.usecases.context import kommun_of
from core.usecases.login_claims import proof_of
from core.usecases.login_views import LOCAL, Ended, SignedIn
from core.usecases.open_kommuner import kommuner
from core.usecases.personas import personas
from core.usecases.sign_in import log_out, narrowed, role_words, sign_in
from pages.components import navigation, offering, picker, present, text
from pages.components.reader import Reader
from pages.components.text import _

if TYPE_CHECKING:
    from core.settings import LoginSettings, Settings
    from core.usecases.context import App
    from core.usecases.login_views import Outcome, Proof

PERSONA: Final = "persona"
KOMMUN: Final = "kommun"
LOCAL_STATE: Final = "local_login"
WELCOME: Final = "welcome"  # what an invitation gave, until the next run has told of it
_IS: Final = "reader_is"
_KNOWN: Final = "known_as"
# What a reader keeps when they become somebody else in the same tab.
_KEPT: Final = (
    LOCAL_STATE, WELCOME, text.STATE_KEY, "kept_lang", "written_lang", "w_lang", "kept_kommun", "written_kommun",
)  # fmt: skip


def is_looking(app: App, settings: Settings) -> Reader:
    """Return the reader of this run; a persona in the address counts in demo mode only."""
    if settings.demo:
        known = {persona.key: persona for persona in personas()}
        actor = known[picker.setting(PERSONA, list(known), next(iter(known)))].actor
        return Reader(app, actor, kommun_of(actor), demo=True)
    reader = _of(app, settings.login, _outcome(app, settings.login))
    _forget_former(f"{reader.viewer.subject} {reader.kommun}")
    _remember(reader.outcome)
    reader.memo[present.FRESH] = "yes"
    present.reads(reader)
    return reader


def _outcome(app: App, login: LoginSettings) -> Outcome | None:
    """Return what comes of the login of this tab or of the provider's cookie, None without any."""
    limits, known = Limits(login.life, login.idle), st.session_state.get(_KNOWN)
    local: Proof | None = st.session_state.get(LOCAL_STATE)
    if local is not None:
        return sign_in(app, local, limits, known)
    if not login.providers or not st.user.get("is_logged_in", False):
        return None
    claims = st.user.to_dict()
    provider = login.provider(str(claims.get("provider")))
    proof = proof_of(claims, provider.subject_claim) if provider else None
    if provider is None or proof is None or not login.may_sign_as(provider, proof.person.issuer):
        return Ended("unproved")
    return sign_in(app, proof, limits, known)


def _of(app: App, login: LoginSettings, outcome: Outcome | None) -> Reader:
    if outcome is None:
        kommun, name = next(iter(kommuner(app)), ("", ""))
        return Reader(app, citizen(kommun, name), kommun, login=login)
    if not isinstance(outcome, SignedIn):
        return Reader(app, NOBODY, "", login=login, outcome=outcome)
    granted = [code for code, _name in outcome.kommuner]
    kommun = picker.setting(KOMMUN, granted, granted[0])
    return Reader(app, narrowed(outcome, kommun), kommun, login=login, outcome=outcome)


def citizen(kommun: str, name: str) -> Actor:
    """Return the actor of somebody who has not logged in: sees what is public."""
    grants = (Grant("medborgare", "allman", "", kommun, name),) if kommun else ()
    return Actor("medborgare", _("Allmänheten"), grants)


def is_shut_out(reader: Reader) -> bool:
    """Say whether the reader has said who they are but may see nothing: not even what is public."""
    return reader.outcome is not None and not isinstance(reader.outcome, SignedIn)


def _forget_former(identity: str) -> None:
    """Empty the tab's memory when another reader, or another kommun, takes it over."""
    if st.session_state.get(_IS, identity) != identity:
        for name in [str(name) for name in st.session_state if name not in _KEPT]:
            del st.session_state[name]
        offering.withdraw()
    st.session_state[_IS] = identity


def _remember(outcome: Outcome | None) -> None:
    """Keep what the roles are called for the next run; whether they are held is asked anew there."""
    if isinstance(outcome, SignedIn):
        st.session_state[_KNOWN] = outcome
    else:
        st.session_state.pop(_KNOWN, None)


def switch(reader: Reader) -> None:
    """Show who reads and how to become somebody else: a persona in demo mode, else log in or out."""
    if reader.demo:
        _personas()
    elif isinstance(reader.outcome, SignedIn):
        _signed_in(reader, reader.outcome)
    elif reader.outcome is None:
        said = _("Du läser som allmänheten. Logga in för att se det som rör dig.")
        st.html(f'<p class="sk-note">{said}</p>')


def banner(reader: Reader) -> None:
    """Say on every page of the demo that nobody has logged in, and once what an invitation has given."""
    welcome = st.session_state.pop(WELCOME, None)
    if welcome:
        st.success(text.plain(welcome), icon=":material/check_circle:")
    if reader.demo:
        words = _(
            "Demoläge: påhittade uppgifter, ingen inloggning. Alla som öppnar sidan väljer själva vem de läser som."
        )
        st.html(f'<p class="sk-demo" role="note">{words}</p>')


def _personas() -> None:
    known = {persona.key: persona for persona in personas()}
    descriptions = {key: persona.description for key, persona in known.items()}
    chosen = picker.select(_("Läs som (demo)"), PERSONA, list(known), descriptions.__getitem__)
    if chosen is not None:
        st.html(f'<p class="sk-note">{text.foreign(f"{known[chosen].display_name}: {descriptions[chosen]}")}</p>')


def _signed_in(reader: Reader, signed: SignedIn) -> None:
    names = dict(signed.kommuner)
    if len(names) > 1:
        st.selectbox(
            _("Kommun"), list(names), format_func=names.__getitem__, key=f"w_{KOMMUN}", on_change=_other_kommun
        )
        picker.write(KOMMUN, reader.kommun)
    roles = text.joined([f"{role}, {place}" for role, place in role_words(signed, reader.kommun)])
    until = _("Inloggad till {moment}.").format(moment=text.moment(signed.ends_at))
    who = f"<b>{text.foreign(reader.viewer.display_name)}</b><br>{text.foreign(roles)}<br>{until}"
    st.html(f'<p class="sk-note">{who}</p>')
    navigation.link(navigation.PEOPLE, _("Dina roller"), icon=":material/badge:")
    log_out_button(reader)


def _other_kommun() -> None:
    """Turn to another kommun: what the address said was about the one before."""
    picker.keep(KOMMUN)
    for name in list(st.query_params):
        if name != "lang":
            del st.query_params[name]


def log_out_button(reader: Reader, label: str | None = None, key: str = "logout") -> None:
    """Offer to log out, here and in every other tab of the same login."""
    st.button(label or _("Logga ut"), key=key, icon=":material/logout:", on_click=_log_out, args=(reader,))


def _log_out(reader: Reader) -> None:
    proof = getattr(reader.outcome, "proof", None)
    if proof is not None:
        log_out(reader.app, proof)
    if proof is not None and proof.provider == LOCAL:
        st.session_state.pop(LOCAL_STATE, None)
    else:
        st.logout()
