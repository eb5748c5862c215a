"""What every room stands on: money, exact numbers, periods, words of law, sources, issues, derivations.

Only the standard library is imported here. Example: ``kronor("57 400,50")`` is 5740050 öre.
"""

from core.base.canonical import canonical_json, sha256
from core.base.derivation import Derivation, DerivationBrokenError, Op, leaf, product, quotient, rounded, total
from core.base.errors import CoreError
from core.base.exact import distribute, distribute_with_remainders, half_up, round_fraction, round_to
from core.base.issues import Issue, Severity
from core.base.memory import collector_at_rest
from core.base.money import (
    AmountTooLargeError,
    NotANumberError,
    NotWholeOreError,
    format_kr,
    format_number,
    kronor,
    read_number,
)
from core.base.periods import DateRange, Month, NotAMonthError, day_after, swedish_day, swedish_midnight, year_range
from core.base.persons import DASHES, HIDDEN_PERSON, holds_identity, short, without_identities
from core.base.sentences import Sentence, either, listed
from core.base.sources import Source
from core.base.terms import (
    BatchMode,
    BatchState,
    Dimension,
    Huvudmannatyp,
    Kostnadsslag,
    Recipient,
    RunKind,
    RunState,
    Verksamhet,
    label,
)

__all__ = [
    "DASHES",
    "HIDDEN_PERSON",
    "AmountTooLargeError",
    "BatchMode",
    "BatchState",
    "CoreError",
    "DateRange",
    "Derivation",
    "DerivationBrokenError",
    "Dimension",
    "Huvudmannatyp",
    "Issue",
    "Kostnadsslag",
    "Month",
    "NotAMonthError",
    "NotANumberError",
    "NotWholeOreError",
    "Op",
    "Recipient",
    "RunKind",
    "RunState",
    "Sentence",
    "Severity",
    "Source",
    "Verksamhet",
    "canonical_json",
    "collector_at_rest",
    "day_after",
    "distribute",
    "distribute_with_remainders",
    "either",
    "format_kr",
    "format_number",
    "half_up",
    "holds_identity",
    "kronor",
    "label",
    "leaf",
    "listed",
    "product",
    "quotient",
    "read_number",
    "round_fraction",
    "round_to",
    "rounded",
    "sha256",
    "short",
    "swedish_day",
    "swedish_midnight",
    "total",
    "without_identities",
    "year_range",
]
