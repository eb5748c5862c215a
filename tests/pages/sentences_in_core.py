"""Every Swedish sentence of the core that pages say in English too, read from the syntax tree and the tables of words.

What the core says is found as ``Sentence("…")`` with its template as a constant. Words that fill a place in one come
from tables: states, months, roles, what a role may do and whom to ask. A refusal whose text is no ``Sentence`` stands
in Swedish on an English page, marked as such; those are counted up in ``test_refusals``.
"""

from __future__ import annotations

import ast
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.allocation.explain_pool import AMONG
from core.allocation.explain_terms import OVER
from core.parameters.paying import payment_terms_on
from core.parameters.roles import load_roles
from core.publication import decision, payment, recovery
from core.publication.texts import MONTHS
from core.usecases.flag_states import STATE_WORDS
from core.usecases.role_scopes import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

MAKERS = frozenset({"leaf", "product", "total", "quotient", "rounded", "Derivation", "Source"})
ROOT = Path(__file__).resolve().parents[2]


@cache
def trees() -> dict[str, ast.Module]:
    """Return the modules of the core."""
    files = sorted((ROOT / "core").rglob("*.py"))
    return {file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8")) for file in files}


def words_in_core() -> dict[str, set[str]]:
    """Return every template, and every word that stands in one, with the files that say it."""
    found: dict[str, set[str]] = {}
    for file, tree in trees().items():
        for template in _templates(tree):
            found.setdefault(template, set()).add(file)
    for said, file in _words():
        found.setdefault(said, set()).add(file)
    return found


def _templates(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        yield from _labels(node)
        match node:
            case ast.Call(func=ast.Name(id="Sentence"), args=[ast.Constant(value=str(template))]):
                yield template


def _labels(node: ast.AST) -> Iterator[str]:
    """Yield the name (or note) of a node of a derivation, or the title of its source, where code gives it as it is."""
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in MAKERS:
        return
    said = [*node.args[1:2], *(one.value for one in node.keywords if one.arg in {"note", "detail"})]
    while said:
        match said.pop():
            case ast.Constant(value=str(label)) if label[:1].isupper():
                yield label
            case ast.IfExp(body=body, orelse=orelse):
                said += [body, orelse]


def _words() -> Iterator[tuple[str, str]]:
    book = load_roles()
    roles = "data/parameters/roller.yaml"
    for role in book.roles:
        yield role.label, roles
        yield role.ask, roles
    yield from ((action, roles) for action in book.actions.values())
    yield from ((rule.reason, roles) for rule in book.rules if rule.effect == "deny")
    yield payment_terms_on(date(2026, 1, 1)).late, "data/parameters/utbetalning.yaml"
    for module, labels in (
        ("decision", decision.STATE_LABELS), ("decision", decision.FORM_LABELS),
        ("payment", payment.STATE_LABELS), ("recovery", recovery.STATE_LABELS),
    ):  # fmt: skip
        yield from ((said, f"core/publication/{module}.py") for said in labels.values())
    yield from ((said, "core/publication/texts.py") for month in MONTHS for said in (month, month.capitalize()))
    yield from ((said, "core/allocation/explain_terms.py") for said in OVER.values())
    yield from ((said, "core/allocation/explain_pool.py") for said in AMONG.values())
    yield from ((said, "core/usecases/flag_states.py") for said in STATE_WORDS.values())
    for kind in KINDS.values():
        yield kind, "core/usecases/role_scopes.py"
        yield kind.capitalize(), "core/usecases/role_scopes.py"
