"""What the page Beslut and the command line are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

    from core.publication.decision import DecisionForm, DecisionState
    from core.usecases.views import RunInfo


@dataclass(frozen=True, slots=True)
class DecidedUnit:
    """A unit of a decision: öre as decided, and as an appeal has left it."""

    enhet: str
    name: str
    decided_ore: int
    now_ore: int


@dataclass(frozen=True, slots=True)
class DecisionInfo:
    """A decision as it stands."""

    number: int
    run: int
    huvudman: str
    huvudman_name: str
    form: DecisionForm
    form_label: str
    state: DecisionState
    state_label: str
    total_ore: int
    body: str | None
    decided_on: date | None
    paragraph: str | None
    delegation: str | None
    delivered_on: date | None
    delivered_how: str | None
    appeal_until: date | None
    appealed_on: date | None
    outcome: str | None
    replaces: int | None


@dataclass(frozen=True, slots=True)
class HuvudmanRow:
    """A huvudman of the run, with its decision when one is prepared."""

    huvudman: str
    name: str
    form_label: str
    units: int
    decision: DecisionInfo | None


@dataclass(frozen=True, slots=True)
class DecisionsView:
    """The huvudmän of a run that the viewer may see, and what the viewer may do."""

    runs: tuple[RunInfo, ...]
    run: RunInfo | None
    rows: tuple[HuvudmanRow, ...]
    may_prepare: bool
    may_decide: bool
    may_deliver: bool


@dataclass(frozen=True, slots=True)
class DecisionView:
    """One decision with its units and the steps that can follow now."""

    decision: DecisionInfo
    provisional: bool
    units: tuple[DecidedUnit, ...]
    may_recompute: bool
    may_decide: bool
    may_deliver: bool
    may_appeal: bool
    may_settle: bool
    """An appeal is waiting for its outcome, or a reconsideration may change the decision."""

    @property
    def now_ore(self) -> int:
        """The sum as an appeal has left it."""
        return sum(one.now_ore for one in self.units)
