"""What a decision on a grant says: what, to whom, for when, how it was worked out, and how it is appealed.

Skolförordningen 14 kap. 10 § and gymnasieförordningen 13 kap. 10 §: lokalkostnader, administration and
mervärdesskatt always stand for themselves; other kostnadsslag too, unless special reasons let them stand together.
Tilläggsbelopp are decided elev by elev and are no part of this.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.base import CoreError, Kostnadsslag, Sentence, canonical_json, label, sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from fractions import Fraction

    from core.base import Source
    from core.publication.decision import DecisionForm

ALWAYS = (Kostnadsslag.LOKALKOSTNADER, Kostnadsslag.ADMINISTRATION, Kostnadsslag.MERVARDESSKATT)
"""Kostnadsslag that are always shown for themselves, whatever special reasons there may be."""
OTHERS = "ovriga"


class NothingDecidedError(CoreError):
    """The run gives the huvudman nothing to decide on."""

    def __init__(self, huvudman: str, run: int) -> None:
        self.huvudman, self.run = huvudman, run
        super().__init__(
            Sentence(
                "Huvudmannen {huvudman} har inga enheter med grundbelopp i körning {run}. Välj en annan körning.",
                huvudman=huvudman,
                run=run,
            )
        )


@dataclass(frozen=True, slots=True)
class UnitShare:
    """A unit with its öre; ``verksamheter`` as text."""

    enhet: str
    name: str
    verksamheter: str
    amount_ore: int


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """A price, how its elever are counted, how many, and the öre. Shares of pots have no price of their own."""

    kostnadsslag: str
    verksamhet: str
    label: str
    category: str
    rule: str
    quantity: Fraction | None
    price_ore: Fraction | None
    unit: str
    amount_ore: int


@dataclass(frozen=True, slots=True)
class AnnexGroup:
    """A kostnadsslag with its rows and sum."""

    kostnadsslag: str
    label: str
    amount_ore: int
    rows: tuple[AnnexRow, ...]


@dataclass(frozen=True, slots=True)
class PriceListFact:
    """A price list the amounts rest on: from which day, decided when and by whom."""

    label: str
    valid_from: date
    reference: str
    provisional: bool


@dataclass(frozen=True, slots=True)
class DecisionBasis:
    """What the decision rests on, all of it frozen in a run; nothing here changes after it was prepared."""

    kommun: str
    form: DecisionForm
    huvudman: str
    huvudman_name: str
    run: int
    run_kind: str
    run_decision: str
    fingerprint: str
    year: int
    through_month: int
    model: str
    price_lists: tuple[PriceListFact, ...]
    units: tuple[UnitShare, ...]
    rows: tuple[AnnexRow, ...]
    sources: tuple[Source, ...]
    special_reasons: str | None = None

    @property
    def total_ore(self) -> int:
        """The sum of the units."""
        return sum(one.amount_ore for one in self.units)

    @property
    def provisional(self) -> bool:
        """Whether some price list is provisional, to be settled when the final one is decided."""
        return any(one.provisional for one in self.price_lists)


@dataclass(frozen=True, slots=True)
class AppealText:
    """How the decision is appealed, in the words of the dated parameter file."""

    weeks: int
    to: str
    via: str
    late: str
    reference: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Registered:
    """What has been entered about the decision since: empty until it is decided and delivered."""

    number: int
    state_label: str
    body: str | None = None
    decided_on: date | None = None
    paragraph: str | None = None
    decided_by: str | None = None
    delegation: str | None = None
    delivered_on: date | None = None
    delivered_how: str | None = None
    outcome: str | None = None
    changes: tuple[tuple[str, int, int, str], ...] = ()
    """Unit, old öre, new öre, reason."""


@dataclass(frozen=True, slots=True)
class DecisionDocument:
    """The whole document, ready for any file format."""

    title: str
    status: str
    basis: DecisionBasis
    registered: Registered
    sentences: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    annex: tuple[AnnexGroup, ...]
    appeal: tuple[str, ...]
    verification: tuple[str, ...]
    made_on: date
    appeal_terms: AppealText = field(repr=False)


def content_hash(basis: DecisionBasis) -> str:
    """Return the SHA-256 of what was prepared; exact figures as fractions, nothing of what was entered later."""
    return sha256(canonical_json(basis_content(basis)))


def basis_content(basis: DecisionBasis) -> dict[str, object]:
    """Return the basis as plain data: öre as whole numbers, exact figures as text."""
    return {
        "kommun": basis.kommun,
        "form": basis.form.value,
        "provisional": basis.provisional,
        "huvudman": basis.huvudman,
        "huvudman_name": basis.huvudman_name,
        "run": {"number": basis.run, "kind": basis.run_kind, "fingerprint": basis.fingerprint},
        "year": basis.year,
        "through_month": basis.through_month,
        "model": basis.model,
        "price_lists": [
            [one.label, one.valid_from.isoformat(), one.reference, one.provisional] for one in basis.price_lists
        ],
        "total_ore": basis.total_ore,
        "units": [
            {"enhet": one.enhet, "name": one.name, "verksamheter": one.verksamheter, "amount_ore": one.amount_ore}
            for one in basis.units
        ],
        "rows": [_row_content(one) for one in basis.rows],
        "special_reasons": basis.special_reasons,
    }


def _row_content(row: AnnexRow) -> dict[str, object]:
    return {
        "kostnadsslag": row.kostnadsslag,
        "verksamhet": row.verksamhet,
        "label": row.label,
        "category": row.category,
        "rule": row.rule,
        "quantity": None if row.quantity is None else str(row.quantity),
        "price_ore": None if row.price_ore is None else str(row.price_ore),
        "unit": row.unit,
        "amount_ore": row.amount_ore,
    }


def annex_of(rows: Iterable[AnnexRow], special_reasons: str | None) -> tuple[AnnexGroup, ...]:
    """Return the kostnadsslag in the law's order; with special reasons all but ``ALWAYS`` stand together, unopened."""
    by_kind: dict[str, list[AnnexRow]] = defaultdict(list)
    always = {one.value for one in ALWAYS}
    for row in rows:
        by_kind[OTHERS if special_reasons and row.kostnadsslag not in always else row.kostnadsslag].append(row)
    order = [OTHERS, *(one.value for one in Kostnadsslag if one not in ALWAYS), *(one.value for one in ALWAYS)]
    groups = []
    for kind in order:
        mine = by_kind.get(kind, [])
        if mine or kind in always:
            name = "Övriga kostnadsslag tillsammans" if kind == OTHERS else label(Kostnadsslag(kind))
            shown = () if kind == OTHERS else tuple(mine)
            groups.append(AnnexGroup(kind, name, sum(one.amount_ore for one in mine), shown))
    return tuple(groups)


def shares_of(basis: DecisionBasis) -> dict[str, int]:
    """Return decided öre by unit."""
    return {one.enhet: one.amount_ore for one in basis.units}


def must_have_units(units: Sequence[UnitShare], huvudman: str, run: int) -> None:
    """Return when there is something to decide on; raises ``NothingDecidedError``."""
    if not units:
        raise NothingDecidedError(huvudman, run)
