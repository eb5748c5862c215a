"""No word that anybody types stands in the audit chain: of it, nothing may ever be changed or encrypted anew.

Two looks: at every link that the two filled kommuner have, and at every link that is written while everybody who may
do most gives every use case a text of their own wherever it takes one.
"""

from __future__ import annotations

import contextlib
import json
import re
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from core.base import CoreError, canonical_json
from core.store.audit import AuditRepository
from core.usecases import decisions
from core.usecases.audit_words import ACTION_LABELS, FACT_LABELS
from tests.support import two_kommuner
from tests.support.asking import calls, use_cases
from tests.support.canaries import everybody
from tests.support.reaching import PEEK
from tests.support.secrets_kept import secrets_of
from tests.support.two_kommuner import CANARY, LILLBY, TOWNS
from tests.support.walking import unkept

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.asking import Call
    from tests.support.databases import DatabaseMaker
    from tests.support.two_kommuner import World

SAID = "Elsas mormor ringde och sade det"
CODE = re.compile(r"[^\s]{0,130}")
"""A code, a number, a day or a checksum: in one piece."""
TEXTS = ("said", "text", "reason", "outcome", "how", "paragraph", "name", "note", "decision", "special_reasons")
UNSPOKEN = frozenset({
    "audit.download", "audit.view", "keys.rotate", "keys.renew", "kommun.add", "local.open", "local.close",
    "local.failed", "login.begin", "login.end", "login.refused", "retention.carry_out",
})  # fmt: skip
"""What is written where nobody types anything but names that have to be codes; their own tests see what is written."""
MOST_ROLES = ("controller", "förvaltningschef", "handläggare", "systemförvaltare", "rektor", "huvudman", "revisor")


@pytest.fixture(scope="module")
def world(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give both kommuner."""
    with two_kommuner.standing(database_maker, "sqlite", tmp_path_factory.mktemp("kommuner")) as world:
        yield world


def pieces(value: object) -> Iterator[str]:
    """Yield every text in a payload."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield str(name)
            yield from pieces(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from pieces(one)
    elif isinstance(value, str):
        yield value


def test_no_link_of_the_filled_kommuner_holds_a_canary_or_a_sentence(world: World) -> None:
    with world.app.reading(PEEK) as work:
        links = [one for town in TOWNS for one in work.audit.entries(town.code)]
        stored = [one.words for one in secrets_of(world) if one.words and one.words.startswith(CANARY)]
    assert len(links) > 60
    assert {"batch.rejected", "payment.prepare", "flag.raise", "decision.decide"} <= {one.action for one in links}
    told = {f"{one.action} {one.subject}": json.loads(one.payload or "{}") for one in links}
    assert [(about, facts) for about, facts in told.items() if CANARY in f"{about} {facts}"] == []
    assert len(stored) > 50
    assert [(about, one) for about, facts in told.items() for one in pieces(facts) if not CODE.fullmatch(one)] == []
    assert {name for facts in told.values() for name in facts} - FACT_LABELS.keys() == set()


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Gather the action and the payload of every link that is written."""
    found: list[tuple[str, str]] = []
    append = AuditRepository.append

    def seen(self: AuditRepository, *args: Any) -> object:  # noqa: ANN401 - as it is called
        action, subject, facts = args[3:6]
        found.append((action, f"{subject} {canonical_json(facts)}"))
        return append(self, *args)

    monkeypatch.setattr(AuditRepository, "append", seen)
    return found


def spoken(call: Call) -> Call:
    """Return the call with words of one's own wherever it takes some."""
    arguments = {name: SAID if name in TEXTS else value for name, value in call.arguments.items()}
    if "deciding" in arguments:
        arguments["deciding"] = decisions.Deciding(body=SAID, on=date(2026, 1, 15), paragraph=SAID, delegation=SAID)
    return replace(call, arguments=arguments)


def test_no_link_that_any_use_case_writes_holds_the_words_it_was_given(
    world: World, written: list[tuple[str, str]], tmp_path: Path
) -> None:
    app = unkept(world)
    whos = [one for one in everybody() if one.town is LILLBY and one.name.partition(" i ")[0] in MOST_ROLES]
    assert len(whos) == len(MOST_ROLES)
    for who in whos:
        for case in use_cases():
            for call in calls(case, LILLBY, tmp_path):
                if not call.forged:
                    with contextlib.suppress(CoreError):
                        spoken(call).put(app, who.actor)
    assert [one for one in written if SAID in one[1]] == []
    named = {name for _, said in written for name in json.loads(said[said.index(" {") :])}
    assert named - FACT_LABELS.keys() == set(), "ge uppgiften ett namn i core/usecases/audit_words.py"
    seen = {action for action, _ in written}
    not_seen = ACTION_LABELS.keys() - seen - UNSPOKEN
    assert not_seen <= {"access.redeem", "flag.correct"}, "låt vandringen nå det, så att det som skrivs blir sett"
