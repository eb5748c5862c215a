"""A unit's statement as a file: may I → load the frozen run → seal what is not to be printed → write."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from core.allocation import explain
from core.base import CoreError, Dimension, Recipient, RunKind, Sentence, Verksamhet, label
from core.exchange.statement_csv import statement_csv
from core.exchange.statement_json import statement_json
from core.exchange.statement_pdf import statement_pdf
from core.exchange.statement_rows import CSV, JSON, PDF, XLSX
from core.exchange.statement_xlsx import statement_xlsx
from core.parameters.thresholds import load_thresholds
from core.publication import Part, Policy, RunFacts, Totals, UnitFacts, build_statement
from core.usecases.allocation import allocation_of, run_facts, seal_of
from core.usecases.amount_rows import amount_rows
from core.usecases.choices import must_see
from core.usecases.context import kommun_of
from core.usecases.headcount import headcount_of
from core.usecases.sealing import Seal
from core.usecases.unit_in_run import unit_in_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from fractions import Fraction

    from core.access import Actor
    from core.allocation import Line
    from core.publication import Statement
    from core.store import RunUnitRecord
    from core.usecases.context import App
    from core.usecases.views import AllocationView, AmountRow

Format = Literal["pdf", "xlsx", "csv", "json"]
_WRITERS: dict[Format, tuple[Callable[[Statement], bytes], str]] = {
    "pdf": (statement_pdf, PDF),
    "xlsx": (statement_xlsx, XLSX),
    "csv": (statement_csv, CSV),
    "json": (statement_json, JSON),
}
Cases = tuple[str, int]
"""What a step of individual support rests on (beslut or elever), and how many."""


class RunNotShownError(CoreError):
    """The run is not the one that stands for its year."""

    def __init__(self, run: int, shown: int) -> None:
        self.run, self.shown = run, shown
        super().__init__(
            Sentence(
                "Körning {run} gäller inte längre för året; det gör körning {shown}. Hämta redovisningen av den.",
                run=run,
                shown=shown,
            )
        )


def statement(app: App, viewer: Actor, enhet: str, run: int, file_format: Format) -> tuple[str, bytes, str]:
    """Return (file name, content, media type) of the statement of ``enhet`` in ``run``.

    Raises ``ForbiddenError``, ``UnitNotInRunError``, ``RunNotShownError`` and what publication refuses.
    """
    made = statement_of(app, viewer, enhet, run)
    write, media_type = _WRITERS[file_format]
    name = f"redovisning_{made.unit.enhet}_{made.run.year}_{made.run.kind}_{made.run.number}.{file_format}"
    return name, write(made), media_type


def statement_of(app: App, viewer: Actor, enhet: str, run: int) -> Statement:
    """Return the statement itself, sealed; raises as ``statement`` does."""
    kommun = kommun_of(viewer)
    with app.reading(viewer) as work:
        unit = unit_in_run(work, kommun, run, enhet)
        must_see(viewer, "statement.download", kommun, unit)
        record = work.runs.get(kommun, run)
        kommun_name = work.kommuner.get(kommun).name
        stored = work.runs.lines(kommun, run, enhet)
        seal = seal_of(app, viewer, work, record, unit, stored)
        lines = seal.visible(stored)
        facts = run_facts(app, viewer, work, record, lines, seal.secret_index)
        years = headcount_of(work, record, facts.model).yearly.get(enhet)
    view = allocation_of(app, viewer, enhet, record.year, record.kind)
    if view.run.number != run:
        raise RunNotShownError(run, view.run.number)
    made_on = app.clock().date()
    fewest = load_thresholds().individual_support_on(made_on).fewest
    # What the viewer may not see is left out already; what is left is sealed on paper alike for everybody.
    rows = amount_rows(facts.model, lines, years, Seal(secret_index=seal.secret_index))
    return build_statement(
        _unit(kommun_name, unit),
        _run(view, unit.lines_hash),
        _totals(view, years),
        parts_of(rows, view, cases_of(lines)),
        explain("total", facts),
        policy=Policy(fewest),
        made_on=made_on,
    )


def cases_of(lines: Iterable[Line]) -> dict[str, Cases]:
    """Return, by step of individual support, how many decisions or elever it rests on.

    Decisions: the most in any month of a period, summed over verksamheter. Elever: the mean number,
    whole ones. Of several periods the fullest counts, since the same decision may stand in both. A
    step that is neither has no number of its own.
    """
    by_period: dict[str, tuple[str, dict[str, Fraction | int]]] = {}
    for line in lines:
        if line.dimension == Dimension.INDIVID and line.kind in {"given", "case_amounts", "per_elev"}:
            is_given = line.kind != "per_elev"
            number = int(json.loads(line.detail).get("decisions", 0)) if is_given else line.quantity
            periods = by_period.setdefault(line.step, ("beslut" if is_given else "elever", {}))[1]
            periods[line.period] = periods.get(line.period, 0) + number
    return {step: (unit, int(max(periods.values()))) for step, (unit, periods) in by_period.items()}


def parts_of(rows: Iterable[AmountRow], view: AllocationView, cases: Mapping[str, Cases]) -> tuple[Part, ...]:
    """Return the rows of the page as the statement's, the total last."""
    return (*(_part(row, cases) for row in rows), Part("total", None, "Summa", view.total_ore, view.per_elev_ore))


def _part(row: AmountRow, cases: Mapping[str, Cases]) -> Part:
    unit, number = cases.get(row.key.removeprefix("step:"), (None, None))
    return Part(
        key=row.key,
        parent=row.parent,
        label=row.label,
        amount_ore=row.amount_ore,
        per_elev_ore=row.per_elev_ore,
        quantity=row.quantity,
        quantity_unit=row.quantity_unit,
        price_ore=row.price_ore,
        price_unit=row.price_unit,
        cases=number,
        case_unit=unit,
        source=row.source,
        expectation=row.expectation,
        sealed=row.sealed,
    )


def _unit(kommun_name: str, unit: RunUnitRecord) -> UnitFacts:
    return UnitFacts(
        kommun=kommun_name,
        enhet=unit.enhet,
        name=unit.name,
        huvudman_name=unit.huvudman_name,
        recipient=label(Recipient(unit.recipient)),
        verksamheter=tuple(label(Verksamhet(one)) for one in unit.verksamheter),
    )


def _run(view: AllocationView, lines_hash: str) -> RunFacts:
    run = view.run
    return RunFacts(
        number=run.number,
        kind=run.kind,
        kind_label=label(RunKind(run.kind)),
        year=run.year,
        state=run.state,
        through_month=run.through_month,
        decision=run.decision,
        model_title=run.model_title,
        model_version=run.model_version,
        fingerprint=run.fingerprint,
        root_hash=run.root_hash,
        lines_hash=lines_hash or None,
        provisional=run.provisional,
    )


def _totals(view: AllocationView, years: Fraction | None) -> Totals:
    return Totals(
        total_ore=view.total_ore,
        elever=view.elever,
        elever_years=years,
        per_elev_ore=view.per_elev_ore,
        kommun_per_elev_ore=view.kommun_per_elev_ore,
        previous_year=view.previous_year,
        previous_total_ore=view.previous_total_ore,
        budget_total_ore=view.budget_total_ore,
        centrally_held_ore=view.centrally_held_ore,
        compared=view.compared,
    )
