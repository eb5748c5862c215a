"""What leaves the store: frozen records, never rows of the object mapper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date, datetime
    from fractions import Fraction


@dataclass(frozen=True, slots=True)
class KommunRecord:
    """A kommun and its organisation number."""

    kommun: str
    name: str
    orgnr: str


@dataclass(frozen=True, slots=True)
class BatchRecord:
    """A delivery as it stands."""

    kommun: str
    number: int
    kind: str
    scope: str
    period_from: date
    period_to: date
    mode: str
    state: str
    delivered_by: str
    file_name: str
    sha256: str
    row_count: int | None
    received_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    file_total: str | None
    our_total: str | None
    error_count: int
    warning_count: int
    meta: str
    erased_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit as a batch delivered it."""

    batch: int
    row: int
    enhet: str
    skolenhetskod: str | None
    name: str
    verksamheter: tuple[str, ...]
    huvudman: str
    huvudman_name: str
    huvudmannatyp: str
    lageskommun: str
    omrade: str | None
    landsbygd: bool | None
    latitude: str | None
    longitude: str | None
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class EnrolmentRecord:
    """One pseudonymous row of the register."""

    batch: int
    row: int
    elev: str
    enhet: str
    verksamhet: str
    arskurs: str | None
    birth_month: int
    hours: int | None
    source_category: str | None
    programme: str | None
    group_name: str | None
    flags: str
    hemkommun: str
    ground: str | None
    valid_from: date
    valid_to: date | None
    referens: str | None = None


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """A planned number of elever; ``month`` as yyyymm."""

    enhet: str
    verksamhet: str
    arskurs: str | None
    birth_month: int | None
    hours: int | None
    source_category: str | None
    programme: str | None
    flags: str
    month: int
    n: int
    row_hash: int


@dataclass(frozen=True, slots=True)
class GivenRecord:
    """A sum decided elsewhere; ``month`` as yyyymm."""

    batch: int
    row: int
    step: str
    enhet: str
    verksamhet: str
    month: int
    decisions: int
    amount_ore: int


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """One decided tilläggsbelopp: öre a month for an elev (pseudonym), for a time."""

    batch: int
    row: int
    step: str
    decision: str
    elev: str
    enhet: str
    verksamhet: str
    valid_from: date
    valid_to: date | None
    amount_ore: int


@dataclass(frozen=True, slots=True)
class StaffRecord:
    """Staff of an occupation at a unit on a measuring day."""

    enhet: str
    verksamhet: str
    occupation: str
    measured_on: date
    fte_hundredths: int
    monthly_pay_ore: int | None


@dataclass(frozen=True, slots=True)
class PremisesRecord:
    """Premises of a unit."""

    enhet: str
    verksamhet: str | None
    area_m2_hundredths: int
    rent_ore_per_year: int
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """A funding model's decided text."""

    kommun: str
    year: int
    version: int
    model_id: str
    text: str
    sha256: str
    state: str
    batch: int | None


@dataclass(frozen=True, slots=True)
class RunRecord:
    """A run, without its columns."""

    kommun: str
    number: int
    kind: str
    year: int
    state: str
    model_version: int
    model_text: str
    model_sha256: str
    budget_run: int | None
    through_month: int
    fingerprint: str | None
    root_hash: str | None
    code_version: str
    created_at: datetime
    created_by: str
    decided_at: datetime | None
    decided_by: str | None
    decision: str | None
    earlier_run: int | None = None


@dataclass(frozen=True, slots=True)
class RunUnitRecord:
    """A unit as the run froze it."""

    enhet: str
    name: str
    recipient: str
    huvudman: str
    huvudman_name: str
    verksamheter: tuple[str, ...]
    landsbygd: bool | None
    omrade: str | None
    position: int
    lines_hash: str
    total_ore: int
    by_arskurs: str = "{}"


@dataclass(frozen=True, slots=True)
class RunCountRecord:
    """A stored count: ``n / den`` elever; ``month`` 1–12."""

    rule: str
    enhet: str
    category: str
    month: int
    n: int
    den: int
    rows_hash: int


@dataclass(frozen=True, slots=True)
class RunPoolRecord:
    """A pool as it was shared."""

    step: str
    period: str
    pool_ore: int
    weight: Fraction
    remainder_ore: int


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """A link of the audit chain; ``payload`` and ``salt`` are absent once retention has erased them."""

    kommun: str
    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload: str | None
    salt: str | None
    payload_hash: str
    prev_hash: str
    hash: str
