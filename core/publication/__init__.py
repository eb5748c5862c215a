"""What leaves the house in print: statements of an allocation, with what must not be read out of them taken away.

Example: ``build_statement(facts, parts, tree, policy)`` gives a ``Statement`` that every file format writes alike.
"""

from core.publication.parts import Part
from core.publication.statement import (
    HOW_IT_WAS_COMPUTED,
    Fact,
    RunFacts,
    Statement,
    StatementDoesNotAddUpError,
    Totals,
    UnitFacts,
    build_statement,
)
from core.publication.suppression import NothingLeftToPrintError, Policy, Sealed, seal_individual_support
from core.publication.texts import value_text

__all__ = [
    "HOW_IT_WAS_COMPUTED",
    "Fact",
    "NothingLeftToPrintError",
    "Part",
    "Policy",
    "RunFacts",
    "Sealed",
    "Statement",
    "StatementDoesNotAddUpError",
    "Totals",
    "UnitFacts",
    "build_statement",
    "seal_individual_support",
    "value_text",
]
