"""docs/behorighet.md, computed from the rule book: ``python -m core.cli.access_guide``; a test refuses it stale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from core.access import Actor, Grant, Resource, may
from core.access.examples import EXAMPLES
from core.access.resolve import WHOLE_KOMMUN
from core.base import Verksamhet, label
from core.parameters.roles import load_roles
from core.settings import PROJECT_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.access.examples import Example
    from core.parameters.roles import Action, RoleBook, RoleWords, ScopeKind

GUIDE: Final = PROJECT_FOLDER / "docs" / "behorighet.md"
_INTRODUCTION: Final = """# Behörighet: vem får göra vad

Den här sidan räknas ut av `python -m core.cli.access_guide` ur regelboken `data/parameters/roller.yaml`, med samma
funktion som programmet frågar (`core.access.may`); ändra där, inte här. Tankarna bakom står i
[beslut 4](decisions/0004-behorighet.md) och [beslut 13](decisions/0013-roller-och-nej.md).

## Så vägs reglerna

1. En roll ges en person inom en **räckvidd** i en kommun, för en tid: hela kommunen, en verksamhet, ett område, en
   huvudman eller en enhet. Rollen *allmänheten* ges aldrig: den har den som inte är inloggad, och ingen annan.
2. En **regel** ger eller nekar en roll vissa handlingar, för de slag av räckvidd som regeln nämner. Bara personens
   roller i kommunen i fråga räknas.
3. En regel **träffar** när det frågan gäller ligger inom rollens räckvidd: enheten själv, en enhet hos huvudmannen, i
   området, eller med verksamheten, eller vad som helst i kommunen. En regel om *det gemensamma* träffar det som inte
   hör till någon enhet eller huvudman, som kartan. Det som frågan inte uppger (område, verksamheter) ligger inte inom
   någons räckvidd.
4. **Nej vinner.** Nekar någon regel som träffar är svaret nej, hur vid dess räckvidd än är och vad andra roller än ger.
5. Annars ger en regel som träffar **ja**. Med ett undantag: den som har en verksamhet svarar bara för den. Gäller
   frågan flera verksamheter som inte går att skilja åt måste rollerna tillsammans ha alla.
6. **Ingen regel betyder nej.**

Skälet i svaret är den smalaste regelns: enhet, huvudman, område, verksamhet, kommun, allmän. Ordningen mellan roller
eller mellan regler spelar ingen roll.

Till det kommer regler om personer, som inte kan stå i tabellen:

- **Fyra ögon.** Den som har tagit fram ett beslut, en utbetalning eller ett återkrav beslutar eller godkänner det inte.
- **Ingen ändrar sina egna roller**, sitt eget konto eller sitt eget jäv (`core/access/oneself.py`).
- **Alla får anmäla eget jäv**, eftersom det bara tar bort rättigheter. Någon annan tar bort det.
- **Jäv gäller hela saken.** Ett beslut gäller huvudmannen och alla dess enheter, en utbetalning alla som den betalar:
  den som är jävig för en av dem deltar inte.

## Följder av att nej vinner

- En rektor som också är förtroendevald läser inga registerrader, inte ens för den egna enheten: uppdraget och
  anställningen hålls isär. Behövs raderna i tjänsten avslutar systemförvaltaren rollen som förtroendevald.
- En revisor som också har en annan roll ser det som någon av rollerna ger, men ändrar ingenting.
- Den som är systemförvaltare ser inga belopp för enskilda och räknar, beslutar och betalar inte, även med andra roller.
- Den som är inloggad är inte samtidigt allmänheten, så allmänhetens nej träffar bara den som inte är inloggad.
"""
_KINDS: Final[dict[ScopeKind, str]] = {
    "allman": "alla", "kommun": "hela kommunen", "verksamhet": "en verksamhet", "omrade": "ett område",
    "huvudman": "en huvudman", "enhet": "en enhet",
}  # fmt: skip
_OWN: Final[dict[ScopeKind, str]] = {
    "allman": "ja, för alla enheter", "kommun": "ja, i hela kommunen", "verksamhet": "ja, enheter med verksamheten",
    "omrade": "bara enheter i området", "huvudman": "bara egna enheter", "enhet": "bara egna enheter",
}  # fmt: skip
_SHARED: Final = "ja, det är gemensamt"
_DENIED: Final = "**nej, vad andra roller än ger**"
_DENIED_WITHIN: Final = "**nej inom räckvidden, vad andra roller än ger**"
_MARKS: Final = {"own": "ja", "part": "egna", "shared": "gem.", "denied": "**nej**", "none": "–"}


def behorighet() -> str:
    """Return the whole page."""
    book = load_roles()
    pieces = [_INTRODUCTION, *_overview(book), *_roles(book), *_examples(book)]
    return "\n".join(pieces).rstrip("\n") + "\n"


def _scopes(book: RoleBook, role: str) -> list[ScopeKind]:
    """Return the kinds of scope that some rule of the role names, in the order of the words above."""
    named = {scope for rule in book.rules if rule.role == role for scope in rule.scopes}
    return [scope for scope in _KINDS if scope in named]


def _overview(book: RoleBook) -> Iterator[str]:
    columns = [(words, scope) for words in book.roles for scope in _scopes(book, words.role)]
    yield "## Alla roller på en gång\n"
    yield (
        "**ja** i hela kommunen; **egna** inom rollens räckvidd; **gem.** det som är gemensamt i kommunen; **nej** "
        "nekas inom rollens räckvidd, vad andra roller än ger; – ingen regel, alltså nej.\n"
    )
    yield "| Handling | " + " | ".join(_named(words, scope, book) for words, scope in columns) + " |"
    yield "|---" * (len(columns) + 1) + "|"
    for action, text in book.actions.items():
        marks = [_MARKS[_answer(book, words.role, scope, action)[0]] for words, scope in columns]
        yield f"| {text} | " + " | ".join(marks) + " |"
    yield ""


def _named(words: RoleWords, scope: ScopeKind, book: RoleBook) -> str:
    several = len(_scopes(book, words.role)) > 1
    return f"{words.label}, {_KINDS[scope]}" if several else words.label


def _roles(book: RoleBook) -> Iterator[str]:
    yield "## Roll för roll\n"
    for words in book.roles:
        for scope in _scopes(book, words.role):
            yield f"### {words.label.capitalize()}: {_KINDS[scope]}\n"
            yield "| Handling | Svar | Regel |"
            yield "|---|---|---|"
            silent = []
            for action, text in book.actions.items():
                mark, said, rule = _answer(book, words.role, scope, action)
                if mark == "none":
                    silent.append(text)
                else:
                    yield f"| {text} (`{action}`) | {said} | `{rule}` |"
            yield f"\nAllt annat är nej, eftersom ingen regel ger det: {', '.join(silent)}.\n"
            yield f"Den som får nej läser: *{words.ask}*\n"


def _answer(book: RoleBook, role: str, scope: ScopeKind, action: Action) -> tuple[str, str, str]:
    """Return mark, words and rule for a role alone: what ``may`` says of what is in its scope, and of the kommun."""
    actor = Actor("x", "X", (Grant(role, scope, "X", "K"),))
    own = may(actor, action, Resource("enhet", "K", "X", "X", "X", "X", ("X",)), book=book)
    mixed = may(actor, action, Resource("enhet", "K", "X", "X", "X", "X", ("X", "Y")), book=book)
    other = may(actor, action, Resource("enhet", "K", "Y", "Y", "Y", "Y", ("Y",)), book=book)
    whole = may(actor, action, Resource("kommun", "K"), book=book)
    if own.rule and not own.allowed:
        return "denied", _DENIED if scope in WHOLE_KOMMUN else _DENIED_WITHIN, own.rule
    if own.allowed and other.allowed:
        return "own", _OWN[scope], own.rule or ""
    if own.allowed:
        said = _OWN[scope] if mixed.allowed else "ja, det som gäller verksamheten"
        return "part", said, own.rule or ""
    if whole.allowed:
        return "shared", _SHARED, whole.rule or ""
    return "none", "nej", ""


def _examples(book: RoleBook) -> Iterator[str]:
    yield "## Exempel\n"
    yield (
        "Lerbäckens skola (G03) ligger i område O1 och har grundskola och fritidshem. Sjöängens skola (G04) ligger i "
        "O1. Tuvsnäppan (G12) ligger i O2 och drivs av en enskild huvudman. Skälet är det läsaren får.\n"
    )
    yield "| Roller | Vill | Gäller | Svar | Skäl |"
    yield "|---|---|---|---|---|"
    for one in EXAMPLES:
        verdict = may(one.actor, one.action, one.about, book=book)
        roles = " + ".join(_role(book, grant) for grant in one.roles)
        answer = "ja" if verdict.allowed else "nej"
        yield f"| {roles} | {book.actions[one.action]} | {_about(one)} | {answer} | {verdict.reason} |"
    yield ""


def _role(book: RoleBook, grant: Grant) -> str:
    words = book.words_of(grant.role)
    name = words.label if words else grant.role
    return name if grant.scope_kind in {"kommun", "allman"} and grant.kommun == "9901" else f"{name} ({grant.name})"


def _about(one: Example) -> str:
    if one.about.enhet is None:
        return "kommunen"
    several = ", ".join(label(Verksamhet(name)).lower() for name in one.about.verksamheter)
    return f"{one.about.name} ({several})"


if __name__ == "__main__":
    GUIDE.write_text(behorighet(), encoding="utf-8")
