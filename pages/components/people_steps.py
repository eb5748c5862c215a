"""The changes on the page Behörigheter: each says what will happen, and is then one question to a use case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import streamlit as st

from core.usecases.invitations import invite, withdraw
from core.usecases.people import close_account, end_role, give_role, open_account
from core.usecases.people_contradictions import contradictions
from core.usecases.role_days import NewRole
from core.usecases.role_scopes import JAV
from pages.components import frame, messages, people_parts, people_words, text
from pages.components.ask import attempt
from pages.components.people_parts import will, will_close
from pages.components.text import _, plain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from core.usecases.people_views import AccountView, PeopleView, RoleChoice, ScopeChoice
    from pages.components.reader import Reader

Key = TypeVar("Key", int, str)
_INVITED: Final = "invited"  # the code just made, until it has been shown once
_NAME: Final = "invite_name"
_LONGEST: Final = 100  # characters of a name


def _code_once(code: str, name: str, until: str) -> None:
    """Show the code of the invitation that was just made, where the button for it was: there the reader looks."""
    said = _(
        "Koden visas bara nu. Lämna den till {name} så att ingen annan ser den. Den används en gång, senast {until}: "
        "logga in och skriv koden."
    )
    st.success(plain(said.format(name=name, until=until)), title=_("Inbjudan är klar"), icon=":material/key:")
    st.code(code, language=None)


def invitations(reader: Reader, view: PeopleView) -> None:
    """Show the invitations, and let who may withdraw one."""
    frame.header(_("Inbjudningar"))
    people_parts.invitations(view)
    waiting = {one.number: one for one in view.invitations if one.state == "open"}
    if not view.may_edit or not waiting:
        return
    names = {number: f"{number} · {one.name}" for number, one in waiting.items()}
    chosen = _chosen(_("Ta tillbaka en inbjudan"), names, _("Välj en inbjudan"), "withdraw_choice")
    if chosen is None:
        return
    said = _("Det här händer: koden till {name} slutar fungera. Det går att bjuda in på nytt.")
    will(said.format(name=waiting[chosen].name))
    done = _("Inbjudan {number} är återtagen.").format(number=chosen)
    _button(reader, _("Ta tillbaka inbjudan"), done, withdraw, chosen)


def changes(reader: Reader, view: PeopleView) -> None:
    """Let the reader choose what to change, one thing at a time."""
    frame.header(_("Ge och ta tillbaka"))
    steps: dict[str, tuple[str, Callable[[Reader, PeopleView], None]]] = {
        "invite": (_("Bjuda in en ny person"), _invite),
        "give": (_("Ge en roll till någon som har konto"), _give),
        "end": (_("Avsluta en roll"), _end),
        "jav": (_("Anmäla att någon är jävig"), _disqualify),
        "close": (_("Stänga ett konto"), _close),
        "open": (_("Öppna ett stängt konto"), _open),
    }
    labels = {key: label for key, (label, _step) in steps.items()}
    chosen = st.selectbox(_("Vad vill du göra?"), list(steps), format_func=labels.__getitem__, key="people_step")
    frame.note(_("Dina egna roller och ditt eget konto ändrar en annan systemförvaltare: det behövs två."))
    steps[chosen][1](reader, view)


def _invite(reader: Reader, view: PeopleView) -> None:
    made = st.session_state.pop(_INVITED, None)  # the next run has forgotten the code
    if made is not None:
        st.session_state[_NAME] = ""  # the form is ready for the next person
    name = st.text_input(
        _("Namn på den som bjuds in"),
        max_chars=_LONGEST,
        placeholder=_("För- och efternamn, ingen e-postadress"),
        key=_NAME,
    )
    giving = [one for one in view.roles if not one.only_denies]
    chosen = _role("invite", giving)
    first, last = _days("invite", view.today)
    if made is not None:
        _code_once(*made)
        return
    if chosen is None or not name.strip():
        frame.note(_("Skriv namnet och välj roll, så står här vad som kommer att hända."))
        return
    role, about = chosen
    will(people_words.will_have(name.strip(), role, about, first, last))
    if st.button(_("Gör inbjudan"), type="primary", key="invite_button"):
        new = NewRole(role=role.role, scope_kind=about.kind, scope_id=about.scope_id, first_day=first, last_day=last)
        invited = attempt(invite, reader, reader.kommun, name, new)
        if invited is not None:
            st.session_state[_INVITED] = (invited.code, name.strip(), text.moment(invited.expires_at))
            st.rerun()


def _give(reader: Reader, view: PeopleView) -> None:
    account = _account("give", _("Vem ska få rollen?"), view, is_open=True)
    chosen = _role("give", [one for one in view.roles if not one.only_denies])
    first, last = _days("give", view.today)
    if account is None or chosen is None:
        frame.note(_("Välj person och roll, så står här vad som kommer att hända."))
        return
    role, about = chosen
    will(people_words.will_have(account.name, role, about, first, last))
    new = NewRole(role=role.role, scope_kind=about.kind, scope_id=about.scope_id, first_day=first, last_day=last)
    will_close(account.name, attempt(contradictions, reader, reader.kommun, account.subject, new) or ())
    done = _("{name} har fått rollen {role}.").format(name=account.name, role=people_words.role(role.role, role.label))
    _button(reader, _("Ge rollen"), done, give_role, account.subject, new)


def _end(reader: Reader, view: PeopleView) -> None:
    ending = {one.number: one for one in view.grants if one.may_end}
    names = {number: f"{people_words.held(one)} (nr {number})" for number, one in ending.items()}
    chosen = _chosen(_("Vilken roll ska avslutas?"), names, _("Välj en roll"), "end_choice")
    if chosen is None:
        return
    will(people_words.will_lose(ending[chosen]))
    done = _("Rollen är avslutad: {what}.").format(what=people_words.held(ending[chosen]))
    _button(reader, _("Avsluta rollen"), done, end_role, chosen)


def _disqualify(reader: Reader, view: PeopleView) -> None:
    account = _account("jav", _("Vem är jävig?"), view, is_open=True)
    jav = next((one for one in view.roles if one.role == JAV), None)
    about = None if jav is None else _scope("jav", jav, _("Vad är personen jävig i?"))
    if account is None or about is None:
        return
    will(people_words.will_be_disqualified(account.name, about))
    new = NewRole(role=JAV, scope_kind=about.kind, scope_id=about.scope_id)
    done = _("{name} är anmäld som jävig i {about}.").format(name=account.name, about=people_words.scope(about))
    _button(reader, _("Anmäl jäv"), done, give_role, account.subject, new)


def _close(reader: Reader, view: PeopleView) -> None:
    account = _account("close", _("Vilket konto ska stängas?"), view, is_open=True)
    if account is not None:
        will(people_words.will_close(account))
        done = _("Kontot är stängt: {name}.").format(name=account.name)
        _button(reader, _("Stäng kontot"), done, close_account, account.subject)


def _open(reader: Reader, view: PeopleView) -> None:
    if all(one.is_open for one in view.accounts):
        frame.note(_("Inget konto är stängt."))
        return
    account = _account("open", _("Vilket konto ska öppnas?"), view, is_open=False)
    if account is not None:
        will(people_words.will_open(account))
        done = _("Kontot är öppet: {name}.").format(name=account.name)
        _button(reader, _("Öppna kontot"), done, open_account, account.subject)


def _account(step: str, label: str, view: PeopleView, *, is_open: bool) -> AccountView | None:
    """Return the person that the reader chose, never the reader."""
    others = {one.subject: one for one in view.accounts if one.is_open == is_open and not one.is_self}
    names = {key: people_words.person(one, view.accounts) for key, one in others.items()}
    chosen = _chosen(label, names, _("Välj en person"), f"{step}_account")
    return None if chosen is None else others[chosen]


def _role(step: str, roles: Sequence[RoleChoice]) -> tuple[RoleChoice, ScopeChoice] | None:
    """Return the role that the reader chose and what it is about; only what the role can be about is offered."""
    offered = {one.role: one for one in roles if one.scopes}
    names = {key: people_words.role(key, one.label) for key, one in offered.items()}
    chosen = _chosen(_("Roll"), names, _("Välj en roll"), f"{step}_role")
    if chosen is None:
        return None
    about = _scope(f"{step}_{chosen}", offered[chosen], _("Vad ska rollen gälla?"))
    return None if about is None else (offered[chosen], about)


def _scope(step: str, role: RoleChoice, label: str) -> ScopeChoice | None:
    scopes = {f"{one.kind}:{one.scope_id}": one for one in role.scopes}
    names = {key: people_words.scope(one) for key, one in scopes.items()}
    only = 0 if len(scopes) == 1 else None
    chosen = _chosen(label, names, _("Välj i listan"), f"{step}_scope", index=only)
    return None if chosen is None else scopes[chosen]


def _chosen(
    label: str, names: Mapping[Key, str], placeholder: str, key: str, *, index: int | None = None
) -> Key | None:
    """Return the one of ``names`` that the reader chose; None until then."""
    return st.selectbox(
        label, list(names), index=index, format_func=names.__getitem__, placeholder=placeholder, key=key
    )


def _days(step: str, today: dt.date) -> tuple[dt.date, dt.date | None]:
    """Return the first day of a role and its last, which may be left open."""
    with st.container(horizontal=True, key=f"{step}_days"):
        first = st.date_input(
            _("Första dagen"), value=today, min_value=today, key=f"{step}_first", width=200, format="YYYY-MM-DD"
        )
        last = st.date_input(
            _("Sista dagen (tom: tills vidare)"),
            value=None,
            min_value=today,
            key=f"{step}_last",
            width=260,
            format="YYYY-MM-DD",
        )
    return first, last


def _button(reader: Reader, label: str, done: str, act: Callable[..., object], *about: object) -> None:
    """Do it when the reader says so, and tell of it; or show why it was not done."""

    def whole(app: object, viewer: object) -> bool:
        act(app, viewer, reader.kommun, *about)
        return True

    if st.button(label, type="primary", key="people_button") and attempt(whole, reader):
        messages.done(done)
