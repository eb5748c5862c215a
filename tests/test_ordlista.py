"""docs/ordlista.md explains every Swedish word that code, database, files and roles use."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import get_args

import pytest

from core.base import terms
from core.exchange.register_contracts import CONTRACTS
from core.parameters.roles import ScopeKind, load_roles
from core.settings import PROJECT_FOLDER
from core.store.tables import Base

GLOSSARY = (PROJECT_FOLDER / "docs" / "ordlista.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([a-z0-9_]+)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", GLOSSARY, re.MULTILINE)
EXPLAINED = {code for code, *_ in ROWS}
# Words of table and column names that are English. A word that is not here must stand in the glossary.
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
    about action actor allocation amount answer answered appeal appealed approved area at audit base basis
    batch before birth body book by cancelled case category change changed changes claim code column content correction
    count created decision decisions delivered den detail dimension direction earlier edition effect enrolment
    entry error expected factor file fingerprint first flag flags found from fte funding given grant ground
    group hash hours how hundredths id issue key kind label latitude line lines list longitude m2 made measure
    measured message meta mode model month monthly months n name new note num number object occupation old on
    other our outcome paid paragraph part pay payload payment per period planned pool position premises
    prepared prev price programme quantity rate reason reasons recipient recovery remainder rent replaces role
    root row rows rule run said salt scope seq severity sha256 share shown side source special staff state
    step subject succession successor term text through to total uncounted unit until valid value waits
    warning weight year yields
    account began closed ended erased expires failures invitation issuer local login password purpose seen set stamp
    used why withdrawn
    """,
    )
)


def swedish_column_words() -> set[str]:
    """Return the words of table and column names that are not English."""
    names = {table.name for table in Base.metadata.tables.values()}
    names |= {column.name for table in Base.metadata.tables.values() for column in table.columns}
    return {word for name in names if name not in EXPLAINED for word in name.split("_")} - ENGLISH


def test_every_row_has_a_word_an_explanation_and_a_source_or_a_dash() -> None:
    assert len(ROWS) == len(re.findall(r"^\| `", GLOSSARY, re.MULTILINE))
    assert all(text.strip() for row in ROWS for text in row)


def test_no_word_is_explained_twice() -> None:
    codes = [code for code, *_ in ROWS]
    assert sorted(codes) == sorted(set(codes))


@pytest.mark.parametrize(
    "term",
    [
        member
        for kind in vars(terms).values()
        if isinstance(kind, type) and issubclass(kind, StrEnum)
        for member in kind
    ],
    ids=str,
)
def test_every_term_of_law_is_explained_under_its_own_name(term: StrEnum) -> None:
    words = {code: word for code, word, *_ in ROWS}
    assert term.value in words
    first = re.split(r"[ ,]", terms.label(term))[0].lower()
    assert first[:4] in words[term.value].lower()


def test_every_column_of_an_import_file_is_explained() -> None:
    headers = {column.header for contract in CONTRACTS.values() for column in contract.columns}
    assert headers - EXPLAINED - {"huvudmannens_namn"} == set()


def test_every_code_that_a_file_may_hold_is_explained() -> None:
    codes = {code for contract in CONTRACTS.values() for column in contract.columns for code in column.codes}
    assert codes - EXPLAINED == set()


def test_every_role_and_kind_of_scope_is_explained() -> None:
    roles = {words.role for words in load_roles().roles}
    assert roles | set(get_args(ScopeKind)) <= EXPLAINED


def test_every_swedish_word_in_a_table_or_column_name_is_explained() -> None:
    assert swedish_column_words() - EXPLAINED == set()
