"""What the use cases hand to pages, command line and paper: frozen, named, with nothing left to compute.

Amounts are whole öre, exact figures are ``Fraction``; a page formats them in the reader's
language but never adds or divides. ``None`` means that the figure is missing, which is not zero.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from fractions import Fraction

    from core.base import Source
    from core.usecases.looks import LeftOut
    from core.usecases.succession import UnitHistory


@dataclass(frozen=True, slots=True)
class UnitChoice:
    """A unit that the viewer may choose."""

    enhet: str
    name: str
    verksamheter: tuple[str, ...]
    recipient: str
    huvudman_name: str


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run as a reader meets it. ``through_month`` is the last counted month (1–12)."""

    number: int
    kind: str
    year: int
    state: str
    through_month: int
    model_title: str
    model_version: int
    decision: str | None
    budget_run: int | None
    created_at: datetime
    created_by: str
    fingerprint: str
    root_hash: str
    provisional: tuple[str, ...] = ()  # price lists paid by the run whose decision is yet to come
    earlier_run: int | None = None  # the run of the year whose months this one says anew


@dataclass(frozen=True, slots=True)
class AmountRow:
    """A row of *Så är summan uppbyggd*: dimension, step or line; ``key`` opens its derivation.

    ``quantity`` × ``price_ore`` is set on lines; ``sealed`` says why an amount is not shown
    (then ``amount_ore`` is None).
    """

    key: str
    parent: str | None
    level: int
    kind: str
    label: str
    amount_ore: int | None
    per_elev_ore: int | None
    quantity: Fraction | None = None
    quantity_unit: str | None = None
    price_ore: Fraction | None = None
    price_unit: str | None = None
    source: Source | None = None
    expectation: str | None = None
    sealed: str | None = None
    has_children: bool = False


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the year: counted elever, entitlement, preliminary payment, and their difference."""

    month: int
    elever: Fraction | None
    earned_ore: int | None
    preliminary_ore: int | None
    difference_ore: int | None
    status: str  # "settled", "preliminary" or "missing"


@dataclass(frozen=True, slots=True)
class AllocationView:
    """The page Resursfördelning for one unit and run."""

    unit: UnitChoice
    run: RunInfo
    budget: RunInfo | None
    total_ore: int
    budget_total_ore: int | None
    per_elev_ore: int | None
    kommun_per_elev_ore: int | None
    elever: Fraction | None
    previous_year: int | None
    previous_total_ore: int | None
    previous_elever: Fraction | None
    index: Fraction | None
    index_mean: Fraction | None
    remaining_ore: int | None
    remaining_months: int
    rows: tuple[AmountRow, ...]
    months: tuple[MonthRow, ...]
    gross_ore: int | None  # own units: before what is centrally held
    disposable_ore: int | None  # own units: gross less centrally held, which is the total
    centrally_held_ore: int | None
    posts_hundredths: int | None  # how many heltidstjänster the sum is enough for, at the unit's mean pay
    mean_pay_ore: int | None
    verified_hash: bool  # the unit's stored lines still have the hash of the run
    may_flag: bool = False  # the viewer may say that a figure is wrong
    may_recompute: bool = False  # the viewer may take along all that recomputes the amount
    compared: tuple[tuple[str, Fraction], ...] = ()  # other units that the year before is compared with, and shares


@dataclass(frozen=True, slots=True)
class MonthlyCount:
    """Counted elever of one årskurs (or age group) by month, for the chart and its table."""

    category: str
    label: str
    month: int
    elever: int


@dataclass(frozen=True, slots=True)
class DimensionShare:
    """One of bas, socioekonomi, struktur, individ: kronor and kronor per elev."""

    dimension: str
    amount_ore: int | None
    per_elev_ore: int | None
    sealed: str | None = None


@dataclass(frozen=True, slots=True)
class StaffRow:
    """Staff of an occupation at the last measuring day: heltidstjänster in hundredths."""

    occupation: str
    fte_hundredths: int
    per_100_elever_hundredths: int | None


@dataclass(frozen=True, slots=True)
class EnhetView:
    """The page Skolan: who we are, elever, allocation, staff and premises."""

    unit: UnitChoice
    skolenhetskod: str | None
    huvudman: str
    lageskommun: str
    omrade: str | None
    landsbygd: bool
    latitude: str | None
    longitude: str | None
    run: RunInfo | None
    total_ore: int | None
    per_elev_ore: int | None
    kommun_per_elev_ore: int | None
    elever: Fraction | None
    previous_elever: Fraction | None
    counts: tuple[MonthlyCount, ...]
    shares: tuple[DimensionShare, ...]
    staff: tuple[StaffRow, ...]
    area_m2: Fraction | None
    area_per_elev: Fraction | None
    rent_ore: int | None
    posts_hundredths: int | None
    missing: tuple[str, ...] = ()  # Swedish sentences about figures that are missing and why
    history: UnitHistory | None = None  # what the unit follows, and what follows it


@dataclass(frozen=True, slots=True)
class KommunTile:
    """A unit in the overview (never ranked; ordered by name); not ``is_whole`` when shown without its support."""

    enhet: str
    name: str
    recipient: str
    verksamheter: tuple[str, ...]
    elever: Fraction | None
    total_ore: int
    per_elev_ore: int | None
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class StartView:
    """The page Start: what concerns this reader now.

    ``handles``: the verksamheter of a reader whose roles are for some of them, and whose figures are over the units
    that have one. ``sees_money`` is False for a reader whose roles show no unit's amounts.
    """

    kommun_name: str
    role: str
    display_name: str
    units: tuple[UnitChoice, ...]
    run: RunInfo | None
    total_ore: int | None
    previous_total_ore: int | None
    elever: Fraction | None
    previous_elever: Fraction | None
    per_elev_ore: int | None
    verksamheter: tuple[tuple[str, int, Fraction | None], ...]  # verksamhet, öre, elever
    overview: tuple[KommunTile, ...]
    tasks: tuple[Task, ...]
    handles: tuple[str, ...] = ()
    sees_money: bool = True


@dataclass(frozen=True, slots=True)
class Task:
    """Something for this reader to do or know; ``page`` is a url_path, ``query`` its parameters."""

    code: str
    facts: tuple[tuple[str, str], ...]
    due: date | None
    page: str
    query: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class BatchView:
    """A delivered file as Underlag shows it."""

    number: int
    kind: str
    period_from: date
    period_to: date
    mode: str
    state: str
    delivered_by: str
    file_name: str
    sha256: str
    rows: int
    received_at: datetime
    errors: int
    warnings: int
    file_total: str | None
    our_total: str | None
    tie_out: bool | None
    decided_at: datetime | None = None
    decided_by: str | None = None
    erased_on: date | None = None
    """When retention erased the rows; how many they were, and every run that counted them, stays."""


@dataclass(frozen=True, slots=True)
class IssueView:
    """One fault of a batch."""

    severity: str
    row: int | None
    column: str | None
    found: str | None
    expected: str
    message: str


@dataclass(frozen=True, slots=True)
class BookRow:
    """A named term of the closing books; ``side`` is "left" or "right" of the equals sign."""

    side: str
    term: str
    label: str
    amount_ore: int


@dataclass(frozen=True, slots=True)
class UncountedRow:
    """Rows of the register that no category counts, and why."""

    reason: str
    enhet: str
    verksamhet: str
    n: int


@dataclass(frozen=True, slots=True)
class BasisView:
    """The page Underlag: batches, runs and the books of the chosen run."""

    batches: tuple[BatchView, ...]
    runs: tuple[RunInfo, ...]
    chosen: RunInfo | None
    books: tuple[BookRow, ...]
    books_close: bool | None
    books_difference_ore: int | None
    uncounted: tuple[UncountedRow, ...]
    may_import: bool
    may_accept: bool
    may_decide: bool
    sealed: str | None = None
    """Why the books are not shown."""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One pseudonymous row of the register behind a count."""

    batch: int
    row: int
    elev: str
    arskurs: str | None
    hours: Fraction | None
    group_name: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class RegisterRows:
    """The rows behind a count, a page at a time; ``sealed`` says why they are not shown.

    ``total`` counts the rows that may be listed, ``left_out`` tells of those that never are, and ``erased_on`` is the
    day on which retention erased them all.
    """

    enhet: str
    category: str
    month: int
    total: int
    rows: tuple[RegisterRow, ...]
    sealed: str | None = None
    left_out: LeftOut | None = None
    erased_on: date | None = None


@dataclass(frozen=True, slots=True)
class MapUnit:
    """A unit on the map, with the sentence its text alternative reads."""

    enhet: str
    name: str
    recipient: str
    verksamheter: tuple[str, ...]
    latitude: float
    longitude: float
    elever: Fraction | None


@dataclass(frozen=True, slots=True)
class MapView:
    """The page Karta: units and the municipality's own shapes (GeoJSON as plain data)."""

    units: tuple[MapUnit, ...]
    missing: tuple[str, ...]
    shapes: dict[str, object] = field(hash=False)
