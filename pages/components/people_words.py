"""What is said of roles: what a role and its scope are called, when it holds, and what a change will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.components import text
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from datetime import date

    from core.usecases.people_views import AccountView, GrantView, InvitationView, PeopleView, RoleChoice, ScopeChoice


def finding(view: PeopleView) -> str:
    """Return how many have a role, and what asks for something to be done."""
    held = len({one.subject for one in view.grants if one.standing == "now"})
    ending = sum(one.ends_soon for one in view.grants)
    waiting = sum(one.state == "open" for one in view.invitations)
    people = ngettext("{n} person har en roll i {kommun}", "{n} personer har roller i {kommun}", held)
    ends = ngettext("{n} roll slutar inom 30 dagar", "{n} roller slutar inom 30 dagar", ending)
    waits = ngettext("{n} inbjudan väntar", "{n} inbjudningar väntar", waiting)
    return _("{people}; {ends} och {waits}.").format(
        people=people.format(n=held, kommun=view.kommun_name),
        ends=ends.format(n=ending) if ending else _("ingen roll slutar inom 30 dagar"),
        waits=waits.format(n=waiting) if waiting else _("ingen inbjudan väntar"),
    )


def few_administrators(view: PeopleView) -> str | None:
    """Return what to say when one person, or nobody, can give and take back roles."""
    if view.administrators > 1:
        return None
    if view.administrators == 1:
        return _("Bara en person är systemförvaltare. Ge rollen till en till: ingen ändrar sina egna roller.")
    return _("Ingen är systemförvaltare. Den som sköter servern ger rollen med kommandot access-grant.")


def role(code: str, label: str) -> str:
    """Return what a reader calls a role; ``label`` is the Swedish of the role book, for one without other words."""
    return {
        "rektor": _("rektor"),
        "omradeschef": _("områdeschef"),
        "forvaltningschef": _("förvaltningschef"),
        "controller": _("controller"),
        "handlaggare": _("handläggare"),
        "samordnare": _("samordnare"),
        "elevhalsa": _("elevhälsa"),
        "huvudman": _("enskild huvudman"),
        "fortroendevald": _("förtroendevald"),
        "revisor": _("revisor"),
        "systemforvaltare": _("systemförvaltare"),
        "medborgare": _("allmänheten"),
        "jav": _("jävig"),
    }.get(code, label)


def kind(code: str) -> str:
    """Return what a kind of scope is called."""
    return {
        "kommun": _("hela kommunen"),
        "verksamhet": _("verksamhet"),
        "omrade": _("område"),
        "huvudman": _("huvudman"),
        "enhet": _("enhet"),
        "allman": _("alla"),
    }[code]


def about(code: str, name: str) -> str:
    """Return what a role is about: "Lerbäckens skola", "hela Lindvik", "förskola (verksamhet)"."""
    if code == "kommun":
        return _("hela {kommun}").format(kommun=name)
    return name if code == "enhet" else f"{name} ({kind(code)})"


def scope(choice: ScopeChoice) -> str:
    """Return a scope in a list to choose from."""
    return about(choice.kind, choice.name)


def standing(grant: GrantView) -> str:
    """Return whether a role holds."""
    return {
        "now": _("Slutar snart") if grant.ends_soon else _("Gäller nu"),
        "coming": _("Börjar senare"),
        "ended": _("Avslutad"),
    }[grant.standing]


def invitation_state(invitation: InvitationView) -> str:
    """Return how far an invitation has come."""
    return {
        "open": _("Väntar"),
        "used": _("Använd"),
        "expired": _("För gammal"),
        "withdrawn": _("Återtagen"),
    }[invitation.state]


def held(grant: GrantView) -> str:
    """Return a role with its holder: "Joar Silverhage: controller, hela Lindvik"."""
    return _("{name}: {role}, {about}").format(
        name=grant.name, role=role(grant.role, grant.role_label), about=about(grant.scope_kind, grant.scope_name)
    )


def person(account: AccountView, accounts: tuple[AccountView, ...]) -> str:
    """Return a person's name, with the end of the account's id where two have the same."""
    same = sum(one.name == account.name for one in accounts)
    return account.name if same == 1 else f"{account.name} (…{account.subject[-4:]})"


def will_have(name: str, choice: RoleChoice, about_what: ScopeChoice, first: date, last: date | None) -> str:
    """Return what giving a role will do."""
    facts = {
        "name": name, "role": role(choice.role, choice.label), "about": scope(about_what), "first": text.day(first),
        "last": text.day(last),
    }  # fmt: skip
    if last is None:
        return _("Det här händer: {name} får rollen {role} för {about} från {first} och tills vidare.").format(**facts)
    return _("Det här händer: {name} får rollen {role} för {about} från {first} till och med {last}.").format(**facts)


def will_lose(grant: GrantView) -> str:
    """Return what ending a role will do; the end of jäv gives rights back."""
    facts = {
        "name": grant.name, "role": role(grant.role, grant.role_label),
        "about": about(grant.scope_kind, grant.scope_name),
    }  # fmt: skip
    if grant.only_denies:
        return _(
            "Det här händer: {name} är inte längre anmäld som jävig i {about}, och får tillbaka det som personens "
            "andra roller ger."
        ).format(**facts)
    return _(
        "Det här händer: {name} har inte längre rollen {role} för {about}. Det märks inom några sekunder. Rollen står "
        "kvar bland de avslutade."
    ).format(**facts)


def will_close(account: AccountView) -> str:
    """Return what closing an account will do."""
    ended = ngettext("{n} roll avslutas", "{n} roller avslutas", account.roles_now).format(n=account.roles_now)
    return _(
        "Det här händer: {name} kommer inte in längre, och {ended}. Inbjudningar som personen har gjort slutar gälla. "
        "Kontot kan öppnas igen, men rollerna kommer inte tillbaka."
    ).format(name=account.name, ended=ended)


def will_open(account: AccountView) -> str:
    """Return what opening an account will do."""
    return _("Det här händer: {name} kan få roller igen, men har inga förrän någon ger dem.").format(name=account.name)


def will_disqualify_oneself(about_what: ScopeChoice) -> str:
    """Return what reporting the own jäv will do."""
    return _(
        "Det här händer: du är från i dag jävig i {about}. Du ser inte individuellt stöd och registerrader där, och "
        "varken godkänner eller beslutar, tills systemförvaltaren avslutar jävet."
    ).format(about=scope(about_what))


def will_be_disqualified(name: str, about_what: ScopeChoice) -> str:
    """Return what registering jäv will do."""
    return _(
        "Det här händer: {name} är från i dag jävig i {about}. Personen ser inte individuellt stöd och registerrader "
        "där, och varken godkänner eller beslutar, tills jävet avslutas."
    ).format(name=name, about=scope(about_what))
