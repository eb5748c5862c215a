"""Every text that the pages hand to gettext, read from the syntax tree.

Babel's own extractor does not see calls inside f-strings; the syntax tree does.
"""

from __future__ import annotations

import ast
from pathlib import Path

from core.usecases.audit_words import ACTION_LABELS, FACT_LABELS
from pages.components.text import TERMS
from tests.pages.sentences_in_core import words_in_core

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "data" / "locale" / "en" / "LC_MESSAGES" / "skolkronan.po"
Message = str | tuple[str, str]


def messages_in_code() -> dict[Message, set[str]]:
    """Return each message id (or pair of singular and plural) with the files that use it.

    Terms of the law, the actions and facts of the log, and what the core says in sentences, are included.
    """
    found: dict[Message, set[str]] = {}
    for file in [ROOT / "app.py", *sorted((ROOT / "pages").rglob("*.py"))]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            message = _message(node)
            if message is not None:
                found.setdefault(message, set()).add(file.relative_to(ROOT).as_posix())
    for term in TERMS.values():
        found.setdefault(term, set()).add("core/base/terms.py")
    for done in (*ACTION_LABELS.values(), *FACT_LABELS.values()):
        found.setdefault(done, set()).add("core/usecases/audit_words.py")
    for said, files in words_in_core().items():
        found.setdefault(said, set()).update(files)
    return found


def _message(node: ast.AST) -> Message | None:
    if not isinstance(node, ast.Call):
        return None
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    texts = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
    if name == "_" and texts:
        return texts[0]
    return (texts[0], texts[1]) if name == "ngettext" and len(texts) == 2 else None
