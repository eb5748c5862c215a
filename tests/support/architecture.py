"""Reads the source and says where it breaks the house's rules (docs: design, section 2).

Each check takes a ``Module`` and returns sentences; an empty list means the rule is kept. tests/test_architecture.py
runs them on the tree, and on small bad samples to prove that they can say no.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# From the bottom up. A room may import the rooms on levels below its own, and itself; never one beside it.
LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"secrets_file"}),
    frozenset({"base", "settings"}),
    frozenset({"parameters"}),
    frozenset(
        {
            "register",
            "allocation",
            "costs",
            "needs",
            "cases",
            "quality",
            "forecast",
            "facilities",
            "publication",
            "access",
        }
    ),
    frozenset({"store", "exchange"}),
    frozenset({"usecases"}),
    frozenset({"bootstrap"}),
    frozenset({"cli"}),
)
# Outside a room's own allowance, each with the reason it is needed.
ONLY_IN = {
    "streamlit": frozenset({"app", "pages", "asgi"}),  # core is used from the command line too
    "altair": frozenset({"app", "pages", "asgi"}),  # charts belong to pages
    "pydeck": frozenset({"app", "pages", "asgi"}),  # and so does the map
    "sqlalchemy": frozenset({"store", "bootstrap"}),  # SQL has one home
    "alembic": frozenset({"store", "bootstrap"}),
    "psycopg": frozenset({"store", "bootstrap"}),
    "highspy": frozenset({"facilities"}),  # the optimiser
    "click": frozenset({"cli"}),
    "argon2": frozenset({"usecases"}),  # passwords of the local accounts
    "pydantic": frozenset({"parameters", "exchange"}),  # strict reading of what comes from outside
    "yaml": frozenset({"parameters"}),
    "typst": frozenset({"exchange"}),
    "xlsxwriter": frozenset({"exchange"}),
    "python_calamine": frozenset({"exchange"}),
}
STANDARD_LIBRARY_ONLY = frozenset({"base", "settings", "secrets_file"})
BANNED_NAMES = re.compile(r"school|principal|grundsarskola|skolpeng|basersattning|strukturersattning", re.IGNORECASE)
# Time is English in this house, and a läsår is a school year.
ALLOWED_NAMES = frozenset({"SchoolYear", "school_year"})
MAX_LINES = 400
PAGE_CALLS = frozenset({"st", "streamlit"})


@dataclass(frozen=True)
class Module:
    """One source file: its dotted name ("core.store.engine"), and its text."""

    name: str
    text: str

    @classmethod
    def read(cls, file: Path, root: Path) -> Module:
        parts = file.relative_to(root).with_suffix("").parts
        return cls(".".join(part for part in parts if part != "__init__"), file.read_text(encoding="utf-8"))

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the tree, for the checks that look at each thing by itself."""
        return tuple(ast.walk(self.tree))

    @property
    def room(self) -> str:
        """The room the file belongs to: "store", "usecases", "pages", "app" ...; the root package itself is "core"."""
        parts = self.name.split(".")
        if parts[0] != "core" or len(parts) == 1:
            return parts[0]
        return "cli" if parts[1] == "__main__" else parts[1]

    @property
    def is_core(self) -> bool:
        return self.name.split(".")[0] == "core"

    def imports(self) -> Iterator[tuple[int, str]]:
        """Give each imported module, imports inside functions included, as (line, dotted name)."""
        for node in self.nodes:
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = "." * node.level + (node.module or "")
                if base in {"core", "."}:
                    yield from ((node.lineno, f"{base}.{alias.name}".replace("..", ".")) for alias in node.names)
                else:
                    yield node.lineno, base


def _level(room: str) -> int:
    return next((number for number, rooms in enumerate(LEVELS) if room in rooms), len(LEVELS))


def _room_of(imported: str) -> str | None:
    parts = imported.split(".")
    return parts[1] if parts[0] == "core" and len(parts) > 1 else None


def upward_arrows(module: Module) -> list[str]:
    """Say which imports point up, or sideways between rooms."""
    found = []
    if module.is_core and module.room != "core" and _level(module.room) == len(LEVELS):
        found.append(f"{module.name}: rummet {module.room} finns inte i huset")
    for line, imported in module.imports():
        if imported.startswith("."):
            found.append(f"{module.name}:{line} relativ import {imported}")
            continue
        if imported.split(".")[0] in {"app", "asgi", "pages"} and module.is_core:
            found.append(f"{module.name}:{line} core importerar {imported}")
        target = _room_of(imported)
        if target is None or target == module.room:
            continue
        if not module.is_core:
            if target in {"cli", "__main__"}:
                found.append(f"{module.name}:{line} sidor når inte kommandoraden: {imported}")
        elif _level(target) >= _level(module.room):
            found.append(f"{module.name}:{line} pilen {module.room} → {target} pekar uppåt eller åt sidan")
    return found


def misplaced_packages(module: Module) -> list[str]:
    """Say which outside packages are used in a room that may not use them."""
    from sys import stdlib_module_names

    found = []
    for line, imported in module.imports():
        package = imported.split(".")[0]
        if package in ONLY_IN and module.room not in ONLY_IN[package]:
            found.append(f"{module.name}:{line} {package} hör inte hemma i {module.room}")
        if module.room in STANDARD_LIBRARY_ONLY and package not in stdlib_module_names | {"core"}:
            found.append(f"{module.name}:{line} {module.room} använder bara standardbiblioteket, inte {package}")
    return found


def long_files(module: Module) -> list[str]:
    """Say whether the file has more lines than a reader holds in mind."""
    lines = module.text.count("\n")
    return [f"{module.name}: {lines} rader (högst {MAX_LINES})"] if lines > MAX_LINES else []


def banned_names(module: Module) -> list[str]:
    """Say which identifiers use a word the law does not use, or uses for something else."""
    found = []
    for node in module.nodes:
        banned = (name for name in _names(node) if BANNED_NAMES.search(name) and name not in ALLOWED_NAMES)
        found += [f"{module.name}:{getattr(node, 'lineno', 0)} namnet {name}" for name in banned]
    return found


def _names(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
            return (name,)
        case ast.alias(name=name, asname=other):
            return (name, other or "")
        case ast.keyword(arg=str(name)):
            return (name,)
        case _:
            return ()


def broad_excepts_and_eval(module: Module) -> list[str]:
    """Say where everything is caught, or text is run as code."""
    found = []
    for node in module.nodes:
        if isinstance(node, ast.ExceptHandler):
            caught = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else {"allt"}
            if caught & {"Exception", "BaseException", "allt"}:
                found.append(f"{module.name}:{node.lineno} fångar allt; fånga det fel du kan göra något åt")
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"eval", "exec"}:
            found.append(f"{module.name}:{node.lineno} {node.func.id} kör text som kod")
    return found


def page_statements(module: Module) -> list[str]:
    """Say which statements of a page file do something when the file is read.

    A page file that Streamlit were to run by itself, past app.py and its check of who is looking, must show nothing.
    So it holds imports, functions, classes and constants; a constant may be computed, but not by a call to Streamlit,
    other than to its cache and fragment decorators.
    """
    found = []
    for node in module.tree.body:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.ClassDef():
                continue
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                continue
            case ast.Assign() | ast.AnnAssign() if not _calls_streamlit(node):
                continue
            case _:
                found.append(f"{module.name}:{node.lineno} gör något när filen läses")
    return found


def _calls_streamlit(node: ast.AST) -> bool:
    calls = (part.func for part in ast.walk(node) if isinstance(part, ast.Call))
    return any(isinstance(part, ast.Name) and part.id in PAGE_CALLS for call in calls for part in ast.walk(call))
