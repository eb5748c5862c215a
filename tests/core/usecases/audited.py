"""Every action that the program writes in the audit chain, read from the syntax tree.

A *writer* is ``work.audit.append``, or a function that hands its own parameter on to a writer as the action.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from core.base import BatchState
from core.settings import PROJECT_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

APPEND = "audit.append"
ACTION = 3  # kommun, at, actor, action
Writers = dict[tuple[str, str], int | str]
"""By module and function: which argument is the action, by place or by name."""


class UnreadableActionError(Exception):
    """A call writes an action that cannot be read from the code: write it as a constant."""


def audited_actions() -> dict[str, set[str]]:
    """Return every action with the files that write it."""
    files = sorted((PROJECT_FOLDER / "core").rglob("*.py"))
    modules = [
        _Module(file.relative_to(PROJECT_FOLDER).as_posix(), ast.parse(file.read_text("utf-8"))) for file in files
    ]
    writers: Writers = {}
    found: dict[str, set[str]] = {}
    known = -1
    while len(writers) > known:
        known = len(writers)
        for module in modules:
            for function in module.functions.values():
                for said in _written(module, function, writers):
                    place = _parameter(said, function)
                    if place is not None:
                        writers[module.name, function.name] = place
                        continue
                    for action in _constants(said, function, module):
                        found.setdefault(action, set()).add(module.name)
    return found


class _Module:
    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree
        self.functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    def writer_called(self, name: str, writers: Writers) -> int | str | None:
        """Return which argument of a function called here is the action: its own function first, then another's."""
        if name in self.functions:
            return writers.get((self.name, name))
        places = {place for (_, other), place in writers.items() if other == name and not name.startswith("_")}
        return next(iter(places), None)


def _written(module: _Module, function: ast.FunctionDef, writers: Writers) -> Iterator[ast.expr]:
    """Yield the action of every call to a writer within a function."""
    for call in ast.walk(function):
        if not isinstance(call, ast.Call):
            continue
        if ast.unparse(call.func).endswith(APPEND):
            yield call.args[ACTION]
            continue
        place = module.writer_called(call.func.id, writers) if isinstance(call.func, ast.Name) else None
        if isinstance(place, int) and place < len(call.args):
            yield call.args[place]
        elif place is not None:
            name = place if isinstance(place, str) else ""
            yield from (one.value for one in call.keywords if one.arg == name)


def _parameter(said: ast.expr, function: ast.FunctionDef) -> int | str | None:
    """Return which of the function's own parameters the action is, if it is one as it came."""
    if not isinstance(said, ast.Name):
        return None
    names = [one.arg for one in function.args.args]
    if said.id in names:
        return names.index(said.id)
    return said.id if said.id in [one.arg for one in function.args.kwonlyargs] else None


def _constants(said: ast.expr, function: ast.FunctionDef, module: _Module) -> Iterator[str]:
    """Yield the actions that an expression may be; raises ``UnreadableActionError``."""
    match said:
        case ast.Constant(value=str(action)):
            yield action
        case ast.IfExp(body=body, orelse=orelse):
            yield from _constants(body, function, module)
            yield from _constants(orelse, function, module)
        case ast.JoinedStr(values=[ast.Constant(value="batch."), *_]):
            yield from (f"batch.{state.value}" for state in BatchState if state is not BatchState.RECEIVED)
        case ast.Name(id=name):
            values = [*_assigned(name, ast.walk(function))] or [*_assigned(name, module.tree.body)]
            if not values:
                raise UnreadableActionError(f"{module.name}: {function.name}: {name}")
            for value in values:
                yield from _constants(value, function, module)
        case _:
            raise UnreadableActionError(f"{module.name}: {function.name}: {ast.unparse(said)}")


def _assigned(name: str, nodes: Iterable[ast.AST]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if any(ast.unparse(target).partition(":")[0] == name for target in targets):
                yield node.value
