from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.support import architecture
from tests.support.architecture import Module

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
CORE = [Module.read(file, ROOT) for file in sorted((ROOT / "core").rglob("*.py"))]
PAGES = [Module.read(file, ROOT) for file in sorted((ROOT / "pages").rglob("*.py"))]
TOP = [Module.read(ROOT / name, ROOT) for name in ("app.py", "asgi.py") if (ROOT / name).exists()]
EVERYTHING = [*CORE, *PAGES, *TOP]


def all_faults(check: Callable[[Module], list[str]], modules: list[Module]) -> list[str]:
    return [fault for module in modules for fault in check(module)]


def test_arrows_between_rooms_point_down_only() -> None:
    assert all_faults(architecture.upward_arrows, EVERYTHING) == []


def test_outside_packages_stay_in_their_rooms() -> None:
    assert all_faults(architecture.misplaced_packages, EVERYTHING) == []


def test_no_file_is_longer_than_a_reader_holds_in_mind() -> None:
    assert all_faults(architecture.long_files, EVERYTHING) == []


def test_no_name_uses_a_word_the_law_does_not_use() -> None:
    assert all_faults(architecture.banned_names, EVERYTHING) == []


def test_core_neither_catches_everything_nor_runs_text_as_code() -> None:
    assert all_faults(architecture.broad_excepts_and_eval, CORE) == []


def test_page_files_do_nothing_when_read() -> None:
    assert all_faults(architecture.page_statements, PAGES) == []


@pytest.mark.parametrize(
    ("check", "name", "text"),
    [
        (architecture.upward_arrows, "core.base.money", "from core.parameters import load"),
        (architecture.upward_arrows, "core.register.counts", "import core.allocation.engine"),
        (architecture.upward_arrows, "core.store.runs", "from core.exchange.rows import Row"),
        (architecture.upward_arrows, "core.store.runs", "from core import usecases"),
        (architecture.upward_arrows, "core.usecases.allocate", "def f():\n    from core.bootstrap import build"),
        (architecture.upward_arrows, "core.usecases.allocate", "from . import other"),
        (architecture.upward_arrows, "core.usecases.allocate", "import pages.start"),
        (architecture.upward_arrows, "core.helpers.text", ""),
        (architecture.upward_arrows, "pages.start", "from core.cli import main"),
        (architecture.misplaced_packages, "core.usecases.explain", "import streamlit as st"),
        (architecture.misplaced_packages, "core.usecases.explain", "from sqlalchemy import select"),
        (architecture.misplaced_packages, "pages.start", "from sqlalchemy.orm import Session"),
        (architecture.misplaced_packages, "core.base.exact", "import numpy"),
        (architecture.misplaced_packages, "core.settings", "import pydantic"),
        (architecture.long_files, "core.base.money", "x = 1\n" * 401),
        (architecture.banned_names, "core.base.terms", "school_id = 1"),
        (architecture.banned_names, "core.access.roles", "def may(principal: str) -> bool: ..."),
        (architecture.banned_names, "core.access.roles", "class Principal: ..."),
        (architecture.banned_names, "core.access.roles", "row.school = 1"),
        (architecture.banned_names, "core.access.roles", "build(schools=1)"),
        (architecture.broad_excepts_and_eval, "core.store.runs", "try:\n    f()\nexcept Exception:\n    pass"),
        (
            architecture.broad_excepts_and_eval,
            "core.store.runs",
            "try:\n    f()\nexcept (OSError, Exception):\n    pass",
        ),
        (architecture.broad_excepts_and_eval, "core.store.runs", "try:\n    f()\nexcept:\n    pass"),
        (architecture.broad_excepts_and_eval, "core.parameters.load", "x = eval('1')"),
        (architecture.page_statements, "pages.start", "import streamlit as st\nst.title('Start')"),
        (architecture.page_statements, "pages.start", "import streamlit as st\nX = st.columns(2)"),
        (architecture.page_statements, "pages.start", "if True:\n    show()"),
        (architecture.page_statements, "pages.start", "show()"),
    ],
)
def test_each_rule_can_say_no(check: Callable[[Module], list[str]], name: str, text: str) -> None:
    assert check(Module(name, text)) != []


@pytest.mark.parametrize(
    ("check", "name", "text"),
    [
        (
            architecture.upward_arrows,
            "core.usecases.allocate",
            "from core.store import runs\nfrom core.register import x",
        ),
        (architecture.upward_arrows, "core.cli.main", "from core import bootstrap, settings"),
        (architecture.upward_arrows, "core.__main__", "from core.cli import main"),
        (
            architecture.upward_arrows,
            "pages.start",
            "from core.usecases import start\nfrom pages.components import tree",
        ),
        (architecture.misplaced_packages, "core.store.engine", "import sqlalchemy"),
        (
            architecture.misplaced_packages,
            "core.base.exact",
            "from fractions import Fraction\nfrom core.base import money",
        ),
        (architecture.banned_names, "core.forecast.years", "def first(school_year: SchoolYear) -> None: ..."),
        (architecture.broad_excepts_and_eval, "core.store.runs", "try:\n    f()\nexcept OSError:\n    pass"),
        (
            architecture.page_statements,
            "pages.start",
            '"""Doc."""\nimport streamlit as st\nX = 1\n@st.fragment\ndef f(): st.write(X)',
        ),
    ],
)
def test_each_rule_lets_good_code_pass(check: Callable[[Module], list[str]], name: str, text: str) -> None:
    assert check(Module(name, text)) == []
