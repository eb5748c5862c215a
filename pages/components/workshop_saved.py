"""Saved trials: save the one on the bench, put one away, and two to four of them side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.scenarios import archive_scenario, save_scenario
from core.usecases.workshop import side_by_side
from pages.components import downloads, frame, messages, tables, text, workshop_change, workshop_trial
from pages.components.ask import attempt
from pages.components.frozen import attempt_frozen
from pages.components.tables import Cell, Column, Row, Table, change, money, words
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.workshop_views import ScenarioInfo, SideBySide, TrialView, WorkshopView
    from pages.components.reader import Reader
    from pages.components.workshop_trial import Trial

_MOST: Final = 4
_FEWEST: Final = 2
_LONGEST: Final = 120


def show(reader: Reader, view: WorkshopView, trial: Trial, answer: TrialView | None) -> None:
    """Show how to save the trial on the bench, the saved ones, and some side by side."""
    if view.may_edit and answer is not None and answer.effects is not None:
        _save(reader, trial)
    if not view.scenarios:
        messages.note(_("Inget försök är sparat än."))
        return
    tables.show(_list(view.scenarios), files=False)
    if view.may_edit and trial.opened is not None:
        _archive(reader, trial.opened)
    _compare(reader, view.scenarios)


def _save(reader: Reader, trial: Trial) -> None:
    opened = trial.opened
    with st.form("bench_save", enter_to_submit=False):
        name = st.text_input(_("Försökets namn"), value=opened.name if opened else "", max_chars=_LONGEST)
        note = st.text_input(_("Anteckning: varför det prövas"), value=opened.note if opened else "")
        over = opened is not None and st.checkbox(
            _("Spara över {name}").format(name=text.plain(opened.name)), value=True
        )
        sent = st.form_submit_button(_("Spara och frys försöket"), key="bench_save_button")
    if not sent:
        return
    edition = workshop_trial.edition(trial) if over else None
    with st.spinner(_("Räknar …")):
        saved = attempt(save_scenario, reader, trial.run, name, trial.changes, note, edition)
    if saved is not None:
        workshop_trial.put(saved)
        said = _("Försök {number} är sparat och fryst som körning {run}. Det kan aldrig beslutas eller betalas.")
        messages.done(said.format(number=saved.number, run=saved.run))


def _list(scenarios: tuple[ScenarioInfo, ...]) -> Table:
    columns = (
        Column(_("Försök")),
        Column(_("Anteckning")),
        Column(_("Utgår från körning"), figure=True),
        Column(_("Fryst som körning"), figure=True),
        Column(_("Summa"), figure=True),
        Column(_("Sparat")),
    )
    rows = tuple(
        Row(
            (
                words(f"{one.number} · {one.name}", swedish=True),
                words(one.note, swedish=True),
                Cell(str(one.base_run), one.base_run),
                Cell(str(one.run or text.ABSENT), one.run),
                money(one.total_ore),
                words(_("{when} av {who}, version {edition}").format(
                    when=text.moment(one.changed_at), who=one.changed_by, edition=one.edition
                )),
            )
        )
        for one in scenarios
    )  # fmt: skip
    return Table("sparade_forsok", _("Sparade försök, det senaste först"), columns, rows)


def _archive(reader: Reader, opened: ScenarioInfo) -> None:
    if st.button(_("Lägg undan {name}").format(name=text.plain(opened.name)), key="bench_archive"):
        done = attempt(archive_scenario, reader, opened.number, opened.edition)
        if done is not None:
            workshop_trial.clear()
            messages.done(_("{name} är undanlagt. Den frysta körningen finns kvar.").format(name=done.name))


def _compare(reader: Reader, scenarios: tuple[ScenarioInfo, ...]) -> None:
    if len(scenarios) < _FEWEST:
        return
    frame.subheader(_("Sida vid sida"))
    names = {one.number: f"{one.number} · {one.name}" for one in scenarios}
    chosen = st.multiselect(
        _("Välj två till fyra försök på samma körning"), list(names), format_func=names.__getitem__,
        max_selections=_MOST, placeholder=_("Välj försök"), key="bench_compare",
    )  # fmt: skip
    if len(chosen) < _FEWEST:
        return
    found = attempt_frozen(side_by_side, reader, tuple(chosen))
    if found is not None:
        tables.show(_sums(found))
        tables.show(_differing(found), files=False)
        # One table with pages is enough on a page: two would sound alike to a screen reader.
        tables.show(_by_unit(found, tables.ROWS_SHOWN), files=False)
        downloads.buttons(_by_unit(found, len(found.units)), "beside")


def _heads(found: SideBySide) -> tuple[Column, ...]:
    return tuple(Column(one.name, figure=True) for one in found.scenarios)


def _sums(found: SideBySide) -> Table:
    all_effects = [one.effects for one in found.trials if one.effects is not None]
    lines = (
        (_("Summa"), tuple(money(one.trial_ore) for one in all_effects)),
        (_("Skillnad mot körningen"), tuple(change(one.difference_ore) for one in all_effects)),
        (_("Enheter som får mer"), tuple(Cell(str(one.winners), one.winners) for one in all_effects)),
        (_("Enheter som får mindre"), tuple(Cell(str(one.losers), one.losers) for one in all_effects)),
        (_("Skillnader utan grund"), tuple(Cell(str(len(one.unequal)), len(one.unequal)) for one in found.trials)),
    )
    rows = tuple(Row((words(name), *cells)) for name, cells in lines)
    return Table("forsok_sida_vid_sida", _("Försöken i korthet"), (Column(_("Mått")), *_heads(found)), rows)


def _differing(found: SideBySide) -> Table:
    rows = tuple(
        Row(
            (
                words(what, swedish=True),
                words(workshop_change.with_unit(old, unit)),
                *(words(workshop_change.with_unit(one, unit) if one else _("som i körningen")) for one in values),
            )
        )
        for what, unit, old, values in found.differing
    )
    columns = (Column(_("Vad")), Column(_("I körningen"), figure=True), *_heads(found))
    return Table("det_som_skiljer", _("Det som skiljer försöken åt"), columns, rows)


def _by_unit(found: SideBySide, most: int) -> Table:
    rows = tuple(
        Row((words(name, swedish=True), money(base), *(money(one) for one in trials)))
        for _enhet, name, base, trials in found.most_moved(most)
    )
    columns = (Column(_("Enhet")), Column(_("I körningen"), figure=True), *_heads(found))
    return Table("enheter_sida_vid_sida", _("Enheterna i försöken, de som ändras mest först"), columns, rows)
