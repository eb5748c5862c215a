"""What each role may do, as dated data: ``data/parameters/roller.yaml``.

A rule gives (or refuses) a role some actions within the kinds of scope it names. How rules are
weighed against each other is code, in ``core.access``.
"""

from __future__ import annotations

import datetime as dt  # noqa: TC003 - pydantic reads the annotation
from functools import cache
from typing import Literal

from core.parameters.parts import Name, Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, ParametersFaultyError, fault_at, read_part

Action = Literal[
    "start.view",
    "enhet.view",
    "allocation.view",
    "individual.view",
    "register_rows.view",
    "basis.view",
    "batch.import",
    "batch.accept",
    "run.create",
    "run.decide",
    "map.view",
    "statement.download",
    "change.view",
    "scenario.view",
    "scenario.edit",
    "equal.view",
    "flag.raise",
    "flag.view",
    "flag.answer",
    "decision.view",
    "decision.prepare",
    "decision.decide",
    "decision.deliver",
    "payment.view",
    "payment.prepare",
    "payment.approve",
    "recovery.decide",
    "access.view",
    "access.edit",
    "audit.view",
    "retention.view",
    "retention.carry_out",
]
ScopeKind = Literal["allman", "kommun", "verksamhet", "omrade", "huvudman", "enhet"]


class RoleWords(Strict):
    """A role as a reader meets it; ``ask`` says whom to turn to when the answer is no."""

    role: Name
    label: str
    ask: str


class RoleRule(Strict):
    """One rule: ``role`` may (or may not) do ``actions``.

    ``reach: scope`` covers what lies inside the scope of the grant; ``reach: kommun`` covers what
    belongs to the whole kommun and to no enhet or huvudman, such as the map, also for one whose grant is narrower.
    ``verksamheter`` speaks to grants for a verksamhet: with ``every`` they must together hold all that the question is
    about, with ``some`` one of them is enough.
    """

    rule: Name
    role: Name
    effect: Literal["allow", "deny"]
    actions: list[Action]
    scopes: list[ScopeKind]
    reach: Literal["scope", "kommun"] = "scope"
    verksamheter: Literal["every", "some"] = "every"
    reason: str


class RoleBook(Strict):
    """The whole file."""

    valid_from: dt.date
    reference: Reference
    actions: dict[Action, str]
    roles: list[RoleWords]
    rules: list[RoleRule]

    def rules_of(self, role: str, action: str) -> tuple[RoleRule, ...]:
        """Return the rules that speak of ``role`` doing ``action``."""
        return tuple(rule for rule in self.rules if rule.role == role and action in rule.actions)

    def words_of(self, role: str) -> RoleWords | None:
        """Return how a role is called, or None for a role that the file does not know."""
        return next((words for words in self.roles if words.role == role), None)


def read_roles(text: str, file: str) -> RoleBook:
    """Return the role book written in ``text``; raises ``ParametersFaultyError`` with every fault."""
    book, lined = read_part(text, file, RoleBook)
    known = [words.role for words in book.roles]
    names = [rule.rule for rule in book.rules]
    faults = [
        (("rules", place, "role"), f"rollen ”{rule.role}” finns inte under roles. Finns: {', '.join(known)}.")
        for place, rule in enumerate(book.rules)
        if rule.role not in known
    ]
    faults += [
        (("rules", place, "rule"), f"regeln ”{name}” finns två gånger. Ge en av dem ett annat namn.")
        for place, name in enumerate(names)
        if name in names[:place]
    ]
    if faults:
        found = [fault_at(file, lined.line_of(path), "roles", path, text) for path, text in faults]
        raise ParametersFaultyError(file, found)
    return book


@cache
def load_roles() -> RoleBook:
    """Return the role book that comes with the program, read once."""
    path = PARAMETERS_FOLDER / "roller.yaml"
    return read_roles(path.read_text(encoding="utf-8"), path.name)
