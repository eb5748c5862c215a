"""Records of the store as the views that readers get."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from core.base import NotANumberError, read_number, swedish_day
from core.parameters import load_model
from core.usecases.views import BatchView, RunInfo, UnitChoice

if TYPE_CHECKING:
    from core.parameters import FundingModel
    from core.store import BatchRecord, RunRecord, RunUnitRecord

SUPPORT = frozenset({"given_amounts", "case_amounts"})
"""Deliveries of decided individual support: their sums and their cells are for who may see all of it."""


@lru_cache(maxsize=64)
def model_in(text: str) -> FundingModel:
    """Return an accepted or frozen text as a model: the same text is the same model, so it is read once."""
    return load_model(text, "körningens frysta modell")


def model_of(run: RunRecord) -> FundingModel:
    """Return the model whose text the run froze."""
    return model_in(run.model_text)


def run_info(run: RunRecord) -> RunInfo:
    """Return a run as a reader meets it."""
    model = model_of(run)
    return RunInfo(
        run.number, run.kind, run.year, run.state, run.through_month, model.title, run.model_version, run.decision,
        run.budget_run, run.created_at, run.created_by, run.fingerprint or "", run.root_hash or "",
        provisional_lists(model, run.through_month), run.earlier_run,
    )  # fmt: skip


def provisional_lists(model: FundingModel, through: int) -> tuple[str, ...]:
    """Return the labels of the price lists that are not decided yet and pay some month up to ``through``."""
    periods = model.periods()
    return tuple(
        one.label
        for one in model.price_lists
        if one.status == "provisional" and min(periods.get(one.list, (through + 1,))) <= through
    )


def unit_choice(unit: RunUnitRecord) -> UnitChoice:
    """Return a unit as a choice."""
    return UnitChoice(unit.enhet, unit.name, unit.verksamheter, unit.recipient, unit.huvudman_name)


def _ties_out(theirs: str | None, ours: str | None) -> bool | None:
    """Say whether the deliverer's own total is one of ours; ``None`` when there is nothing to compare."""
    if theirs is None or ours is None:
        return None
    try:
        return read_number(theirs) in {read_number(total) for total in json.loads(ours).values()}
    except NotANumberError:
        return False


def batch_view(batch: BatchRecord, *, sums: bool = True) -> BatchView:
    """Return a delivery as Underlag shows it; ``sums``: also those of decided support, which may rest on few elever."""
    tie_out = _ties_out(batch.file_total, batch.our_total)
    if batch.kind in SUPPORT and not sums:
        batch = replace(batch, file_total=None, our_total=None)
    return BatchView(
        batch.number, batch.kind, batch.period_from, batch.period_to, batch.mode, batch.state, batch.delivered_by,
        batch.file_name, batch.sha256, batch.row_count or 0, batch.received_at, batch.error_count,
        batch.warning_count, batch.file_total, batch.our_total, tie_out, batch.decided_at, batch.decided_by,
        None if batch.erased_at is None else swedish_day(batch.erased_at),
    )  # fmt: skip
