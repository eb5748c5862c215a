"""Every name of a fact that the program writes in the audit chain, read from the syntax tree.

A payload is a dictionary that is called ``facts`` (or ``said``), or is given to a function that writes a link; the
``_move`` of decisions and recoveries writes what it is given by keyword. What links really hold is compared with this
where they are written by the thousand (tests/test_audit_payloads.py).
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from core.settings import PROJECT_FOLDER
from tests.core.usecases.audited import audited_actions

if TYPE_CHECKING:
    from collections.abc import Iterator

WRITERS = frozenset({"append", "log", "log_look", "by_command", "note", "_audit", "_log"})
PAYLOADS = frozenset({"facts", "said"})
GIVING = frozenset({"role_facts", "by_command"})
BESIDE = frozenset({
    "core/usecases/drill_down.py", "core/usecases/payment_reading.py", "core/usecases/people_writing.py",
})  # fmt: skip
"""Modules that write links by way of a function elsewhere which knows the action itself."""


def audited_facts() -> dict[str, set[str]]:
    """Return every name of a fact with the files that write it."""
    files = BESIDE.union(*audited_actions().values())
    found: dict[str, set[str]] = {}
    for file in sorted(files):
        for name in _names(ast.parse((PROJECT_FOLDER / file).read_text("utf-8"))):
            found.setdefault(name, set()).add(file)
    return found


def _names(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        for payload in _payloads(node):
            yield from (str(key.value) for key in payload.keys if isinstance(key, ast.Constant))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "_move":
            yield from (one.arg for one in node.keywords if one.arg is not None)


def _payloads(node: ast.AST) -> Iterator[ast.Dict]:
    """Yield the dictionaries of facts that a node makes."""
    values: list[ast.expr | None] = []
    match node:
        case ast.Assign(targets=[target]) if _is_payload(target):
            values = [node.value]
        case ast.AnnAssign(target=target) if _is_payload(target):
            values = [node.value]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in WRITERS:
            values = [*node.args]
        case ast.FunctionDef(name=name) if name in GIVING:
            values = [one.value for one in ast.walk(node) if isinstance(one, ast.Return)]
    for value in values:
        if value is not None:
            yield from (one for one in ast.walk(value) if isinstance(one, ast.Dict))


def _is_payload(target: ast.expr) -> bool:
    names = target.elts if isinstance(target, ast.Tuple) else [target]
    return any(isinstance(one, ast.Name) and one.id in PAYLOADS for one in names)
