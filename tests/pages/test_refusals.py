"""What the core says no with is read in English on an English page; what is not is listed, and marked as Swedish."""

from __future__ import annotations

import ast
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError, may
from core.access.examples import EXAMPLES
from core.access.oneself import NO_ROLE, OWN, OWN_INVITATION
from core.base import CoreError, Sentence
from core.parameters.roles import load_roles
from core.publication.decision import DecisionState, DecisionStateError
from core.usecases.payment_objections import ObjectionTooLateError
from pages.components import tables, text
from tests.pages.reading import no_bug, words
from tests.pages.sentences_in_core import trees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]

OF_THE_SERVER = frozenset({
    "BackupDamagedError", "BackupPlaceError", "ColumnKeyUnknownError", "ColumnKeysUnusableError",
    "ColumnValueDamagedError", "DatabaseNotEmptyError", "GuideBehindError", "GuideIncompleteError",
    "KommunNotChosenError", "LocalAccountError", "NameMissingError", "NotEmptyError", "NotOwnerError",
    "NothingToBackUpError", "PseudonymKeyShortError", "RestoredDiffersError", "SeesTooLittleError",
    "SubjectFaultyError", "ToolFailedError", "ToolMissingError", "UnguardedRoleError",
})  # fmt: skip
"""Met by who runs the server, at the command line, which speaks Swedish."""
OF_THE_AUTHOR = frozenset({
    "ChangeFaultyError", "GivenFileFaultyError", "LawForbidsError", "NotEvaluableError", "ParametersFaultyError",
    "UnitsFileFaultyError", "YamlFaultyError",
})  # fmt: skip
"""Made of places in the Swedish model files, and of what their checks say."""


@pytest.fixture
def in_english() -> Iterator[None]:
    """Let the test read English."""
    text.speak("en")
    yield
    text.speak("sv")


def classes() -> list[ast.ClassDef]:
    """Return every error of the core that a person can mend."""
    defined = [node for tree in trees().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names, known = {"CoreError"}, 0
    while len(names) > known:
        known = len(names)
        names |= {one.name for one in defined if names & {ast.unparse(base) for base in one.bases}}
    return [one for one in defined if one.name in names]


def only_swedish() -> set[str]:
    """Return the errors whose text is written otherwise than as a sentence, where it is written."""
    errors = classes()
    texts = [
        (one.name, call.args[0])
        for one in errors
        for call in ast.walk(one)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__" and call.args
    ]
    handed_on = {one.name for one in errors if "super().__init__" not in ast.unparse(one)}
    handed_on |= {name for name, said in texts if isinstance(said, ast.Name)}
    texts += [
        (call.func.id, call.args[0])
        for tree in trees().values()
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in handed_on and call.args
    ]
    return {name for name, said in texts if isinstance(said, ast.JoinedStr | ast.Constant | ast.BinOp)}


def test_every_refusal_is_a_sentence_that_has_english_or_is_listed_here() -> None:
    assert len(classes()) > 150
    assert only_swedish() - OF_THE_SERVER - OF_THE_AUTHOR == set(), "skriv texten som en Sentence, med engelska"
    assert (OF_THE_SERVER | OF_THE_AUTHOR) - only_swedish() == set(), "har engelska: stryk den ur listan"


@pytest.mark.usefixtures("in_english")
def test_why_one_may_not_is_said_in_english_for_every_role_and_action() -> None:
    asked = {(example.actor, example.about) for example in EXAMPLES}
    refused = [
        verdict.reason
        for actor, about in sorted(asked, key=repr)
        for action in load_roles().actions
        if not (verdict := may(actor, action, about)).allowed
    ]
    assert len(refused) > 500
    assert [one for one in refused if text.told(one) is None] == []
    assert [one for one in (OWN, OWN_INVITATION, NO_ROLE) if text.told(one) is None] == []
    assert len({text.told(one) for one in refused}) == len(set(refused))


@pytest.mark.usefixtures("in_english")
def test_days_months_and_states_within_a_refusal_are_english_too() -> None:
    late = ObjectionTooLateError(202603, date(2026, 4, 24), "Begär omprövning.").sentence
    assert text.told(late) is None  # what the kommun has written itself is not in the catalogue
    state = DecisionStateError(7, DecisionState.DRAFT, DecisionState.APPEALED).sentence
    assert (
        text.told(state) == "Decision 7 is draft and cannot become appealed. It can only become decided or superseded."
    )
    told = text.told(Sentence("Bara den som ställde frågan kan ta tillbaka den."))
    assert told == "Only who asked the question can take it back."


def test_in_swedish_a_sentence_is_told_as_it_is() -> None:
    text.speak("sv")
    assert text.told(Sentence("Beslut {number}", number=7)) == "Beslut 7"
    assert text.told(Sentence("finns inte i någon katalog")) == "finns inte i någon katalog"


@pytest.mark.usefixtures("in_english")
def test_what_the_catalogue_lacks_is_marked_as_swedish_and_what_it_has_is_not() -> None:
    unknown, known = Sentence("finns inte i någon katalog"), Sentence("Beslut {number}", number="<7>")
    assert text.told(unknown) is None
    assert text.foreign(unknown) == '<span lang="sv">finns inte i någon katalog</span>'
    assert text.foreign(known) == "Decision &lt;7&gt;"
    assert text.foreign("Lerbäckens skola") == '<span lang="sv">Lerbäckens skola</span>'
    assert tables.words(known).shown == "Decision <7>"
    assert tables.words(unknown).swedish


@pytest.mark.usefixtures("in_english")
def test_names_of_the_program_in_a_derivation_are_english_and_the_kommuns_own_are_marked_as_swedish() -> None:
    assert text.named("Elever × belopp") == "Pupils × amount"
    assert text.named(Sentence("{label}, räknat på ett år", label="Skolmåltider")) == "Skolmåltider, counted on a year"
    assert text.named("Skolmåltider <i>") == '<span lang="sv">Skolmåltider &lt;i&gt;</span>'
    text.speak("sv")
    assert text.named("Elever × belopp") == "Elever × belopp"


@pytest.mark.parametrize(
    ("lang", "said", "not_said"),
    [
        ("sv", "Din roll (rektor, Lerbäckens skola) ger inte rätt att se händelseloggen.", "Your role"),
        ("en", "Your role (head of unit, Lerbäckens skola) does not give the right to see the audit log.", "Din roll"),
    ],
)
def test_a_page_one_may_not_see_says_why_in_the_readers_language(
    screen: Screen, answer: Answer, lang: str, said: str, not_said: str
) -> None:
    rektor = next(one for one in EXAMPLES if [role.role for role in one.roles] == ["rektor"])
    verdict = may(rektor.actor, "audit.view", rektor.about)

    def refuse(*_: object, **__: object) -> None:
        raise ForbiddenError(verdict.reason)

    answer("auditing.audit_view", refuse)
    test = screen("audit", query={"lang": lang})
    assert no_bug(test)
    shown = words(test).replace("\\", "")
    assert said in shown
    assert not_said not in shown


def test_a_fault_that_has_no_english_stands_in_swedish_under_an_english_frame(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise CoreError("Rad 3 i filen går inte att läsa.")

    answer("auditing.audit_view", refuse)
    test = screen("audit", query={"lang": "en"})
    assert no_bug(test)
    assert "The text is only in Swedish. It stands below." in words(test).replace("\\", "")
    assert any('<span lang="sv">Rad 3 i filen går inte att läsa.</span>' in one.proto.body for one in test.get("html"))
    swedish = screen("audit", query={"lang": "sv"})
    assert "Rad 3 i filen går inte att läsa." in words(swedish).replace("\\", "")
    assert "bara på svenska" not in words(swedish)
