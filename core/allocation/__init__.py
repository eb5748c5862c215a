"""Prices → amounts → lines → why: every krona by a declared step, exact to the öre.

Example: ``allocate(AllocationInput(model, units, quantities, compute_prices(model)))`` gives the lines
of every unit; ``explain("total", facts)`` the tree behind them.
"""

from core.allocation.books import BookLine, budget_books, difference_of, new_frames, utfall_books
from core.allocation.change import PARTS, Decomposition, decompose, in_whole_ore
from core.allocation.change_sides import Side
from core.allocation.corrections import (
    Corrected,
    Correction,
    Said,
    by_elev_and_other,
    corrections_of,
    less,
    lines_until,
    monthly,
)
from core.allocation.effects import Effects, StepEffect, UnitEffect, effects, elever_of
from core.allocation.engine import Allocated, FigureTooLongError, allocate, blocks_of, must_fit
from core.allocation.equal import Equality, Finding, FindingPart, equal_findings, equality
from core.allocation.equal_elev import ElevLadder, Rung, elev_ladders
from core.allocation.equal_grounds import Ground
from core.allocation.equal_year import YearLadder, YearStep
from core.allocation.explain import explain, explain_line
from core.allocation.explain_count import CountFacts, MonthCount
from core.allocation.explain_parts import (
    MeasuredFacts,
    NoSuchAmountError,
    PoolFacts,
    RunFacts,
    category_label,
    source_of,
    step_label,
    step_name,
)
from core.allocation.inputs import (
    AllocationInput,
    CaseAmount,
    GivenAmount,
    OwnShare,
    Quantities,
    UnitFacts,
    quantities_of,
)
from core.allocation.kinds import (
    KINDS,
    OVER_CEILING,
    OVER_GUARANTEE,
    IndexMissingError,
    Measured,
    PoolWithoutWeightError,
    SolvedPool,
)
from core.allocation.lines import ALL, FINANCING, LINE_COLUMNS, Line, root_hash, unit_hashes
from core.allocation.measured import MeasuredRow, measured_rows, measures_of
from core.allocation.over_units import over_units_of
from core.allocation.payments import Payment, payments_of
from core.allocation.price_explain import categories_solved
from core.allocation.price_table import Price, PriceKey, PriceRow, PriceTable
from core.allocation.prices import MissingPlannedCountError, compute_prices
from core.allocation.printed import PrintedResult, check_printed
from core.allocation.reconcile import Check, StoredRun, StoredUnit, against_ledger, identities
from core.allocation.totals import StepTotals, step_totals
from core.allocation.unpaid import Unpaid, given_in_vain, unpaid
from core.allocation.what_if import (
    BelowZeroError,
    NegativeIndexError,
    TrialBase,
    TrialTargetError,
    at_solved_prices,
    tried,
)

__all__ = [
    "ALL",
    "FINANCING",
    "KINDS",
    "LINE_COLUMNS",
    "OVER_CEILING",
    "OVER_GUARANTEE",
    "PARTS",
    "Allocated",
    "AllocationInput",
    "BelowZeroError",
    "BookLine",
    "CaseAmount",
    "Check",
    "Corrected",
    "Correction",
    "CountFacts",
    "Decomposition",
    "Effects",
    "ElevLadder",
    "Equality",
    "FigureTooLongError",
    "Finding",
    "FindingPart",
    "GivenAmount",
    "Ground",
    "IndexMissingError",
    "Line",
    "Measured",
    "MeasuredFacts",
    "MeasuredRow",
    "MissingPlannedCountError",
    "MonthCount",
    "NegativeIndexError",
    "NoSuchAmountError",
    "OwnShare",
    "Payment",
    "PoolFacts",
    "PoolWithoutWeightError",
    "Price",
    "PriceKey",
    "PriceRow",
    "PriceTable",
    "PrintedResult",
    "Quantities",
    "RunFacts",
    "Rung",
    "Said",
    "Side",
    "SolvedPool",
    "StepEffect",
    "StepTotals",
    "StoredRun",
    "StoredUnit",
    "TrialBase",
    "TrialTargetError",
    "UnitEffect",
    "UnitFacts",
    "Unpaid",
    "YearLadder",
    "YearStep",
    "against_ledger",
    "allocate",
    "at_solved_prices",
    "blocks_of",
    "budget_books",
    "by_elev_and_other",
    "categories_solved",
    "category_label",
    "check_printed",
    "compute_prices",
    "corrections_of",
    "decompose",
    "difference_of",
    "effects",
    "elev_ladders",
    "elever_of",
    "equal_findings",
    "equality",
    "explain",
    "explain_line",
    "given_in_vain",
    "identities",
    "in_whole_ore",
    "less",
    "lines_until",
    "measured_rows",
    "measures_of",
    "monthly",
    "must_fit",
    "new_frames",
    "over_units_of",
    "payments_of",
    "quantities_of",
    "root_hash",
    "source_of",
    "step_label",
    "step_name",
    "step_totals",
    "tried",
    "unit_hashes",
    "unpaid",
    "utfall_books",
]
