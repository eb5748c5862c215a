"""What is said of roles: what a role and its scope are called, when it holds, and what a change will do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pages.components import text
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from datetime import date

    from core.usecases.people_views import (
        AccountView,
        ClosedBy,
        Contradiction,
        GrantView,
        InvitationView,
        PeopleView,
        RoleChoice,
        ScopeChoice,
    )

_NAMED = 4  # units named before the rest are counted


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
    """Return whether a role holds, and whether other roles of the same person close some of it."""
    said = {
        "now": _("Slutar snart") if grant.ends_soon else _("Gäller nu"),
        "coming": _("Börjar senare"),
        "ended": _("Avslutad"),
    }[grant.standing]
    return _("{standing}, delvis stängd").format(standing=said) if grant.closed else said


def closed(one: ClosedBy) -> str:
    """Return what another role of the same person closes: "Rollen förtroendevald stänger: se registerrader"."""
    facts = {"role": role(one.role, one.role_label), "actions": actions(one)}
    if not one.where:
        return _("Rollen {role} stänger: {actions}").format(**facts)
    return _("Rollen {role} stänger för {where}: {actions}").format(where=_places(one), **facts)


def contradiction(name: str, found: Contradiction) -> str:
    """Return what a role to be given would close, or what of it would be closed."""
    facts = {
        "name": name, "role": role(found.role, found.role_label),
        "about": about(found.scope_kind, found.scope_name), "actions": actions(found.closed),
        "other": role(found.closed.role, found.closed.role_label),
    }  # fmt: skip
    if not found.closed.where:
        return _(
            "Rollerna säger emot varandra: rollen {role} för {about} ger {name} rätt att {actions}, men rollen {other} "
            "stänger det."
        ).format(**facts)
    return _(
        "Rollerna säger emot varandra: rollen {role} för {about} ger {name} rätt att {actions}, men rollen {other} "
        "stänger det för {where}."
    ).format(where=_places(found.closed), **facts)


def contradicted(view: PeopleView) -> str | None:
    """Return whose roles contradict one another, None when nobody's do."""
    names = list(dict.fromkeys(one.name for one in view.grants if one.closed))
    if not names:
        return None
    return _(
        "{names} har roller som säger emot varandra. Ett nej från en roll vinner alltid över ett ja från en annan. Vad "
        "som stängs står under rollerna. Avsluta en av dem om det inte är meningen."
    ).format(names=text.plain(text.joined(names)))


def actions(one: ClosedBy) -> str:
    """Return what is closed: "se summor av individuellt stöd och se registerrader"."""
    return text.joined([action(code, label) for code, label in one.actions])


def action(code: str, label: str) -> str:
    """Return what a reader calls an action that a role can close; ``label`` is the Swedish of the role book."""
    return {
        "individual.view": _("se summor av individuellt stöd"),
        "register_rows.view": _("se registerrader"),
        "batch.import": _("läsa in filer"),
        "batch.accept": _("godkänna eller avvisa inläsningar"),
        "run.create": _("räkna en ny körning"),
        "run.decide": _("ändra en körnings status"),
        "scenario.edit": _("pröva och spara i modellverkstaden"),
        "flag.raise": _("säga till om en uppgift"),
        "flag.answer": _("svara på det som sagts till"),
        "decision.prepare": _("ta fram beslut om bidrag"),
        "decision.decide": _("föra in att ett bidrag är beslutat"),
        "decision.deliver": _("föra in delgivning och överklagande"),
        "payment.prepare": _("ta fram utbetalningar"),
        "payment.approve": _("godkänna utbetalningar"),
        "recovery.decide": _("besluta om återkrav"),
        "access.edit": _("ge och ta tillbaka behörighet"),
        "retention.carry_out": _("gallra och byta nycklar"),
    }.get(code, label)


def closed_by(one: ClosedBy) -> str:
    """Return which role closes, and where: "förtroendevald, för Lerbäckens skola"."""
    name = role(one.role, one.role_label)
    return _("{role}, för {where}").format(role=name, where=_places(one)) if one.where else name


def _places(one: ClosedBy) -> str:
    if len(one.where) <= _NAMED:
        return text.joined(list(one.where))
    more = ngettext("{n} enhet till", "{n} enheter till", len(one.where) - _NAMED)
    return text.joined([*one.where[:_NAMED], more.format(n=len(one.where) - _NAMED)])


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
