"""Deliveries: the list, one delivery with its issues and its answer, a new file, templates and samples."""

from __future__ import annotations

import html
import json
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.exchange import sample, template
from core.usecases.basis import issues_of
from core.usecases.consequences import consequence_of
from core.usecases.imports import accept, reject, revert
from core.usecases.reasons import batch_reason
from pages.components import basis_hands, downloads, frame, messages, picker, tables, text, upload
from pages.components.ask import ask, attempt
from pages.components.tables import Cell, Column, Row, Table, figure, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.consequences import Replaced
    from core.usecases.views import BasisView, BatchView, IssueView
    from pages.components.reader import Reader

_ANSWERS: Final = {"received": ("accept", "reject"), "accepted": ("revert",)}
_TURNED_DOWN: Final = ("rejected", "reverted")
_FORMATS: Final = ("csv", "xlsx")
_NAMED: Final = 8


def show(reader: Reader, view: BasisView) -> None:
    """Show the tab Inläsningar."""
    frame.header(_("Inlästa filer"))
    if view.batches:
        tables.show(_table(view))
        _one(reader, view)
    else:
        messages.empty(_("Ingen fil är inläst än."))
    if view.may_import:
        frame.header(_("Läs in en fil"))
        upload.form(reader)
    frame.header(_("Mallar och exempel"))
    _templates()


def kind_words(kind: str) -> str:
    """Return what a reader calls an import kind."""
    known = {
        "units": _("Enheter"),
        "enrolments": _("Elevregister"),
        "index": _("Index"),
        "planned_counts": _("Planerade antal"),
        "given_amounts": _("Beslutade belopp"),
        "case_amounts": _("Beslutade tilläggsbelopp"),
        "successions": _("Efterföljare"),
        "staff": _("Personal"),
        "premises": _("Lokaler"),
        "model": _("Fördelningsmodell"),
    }
    return known.get(kind, kind)


def _table(view: BasisView) -> Table:
    columns = (
        Column(_("Nummer och slag")),
        Column(_("Period")),
        Column(_("Läge")),
        Column(_("Rader"), figure=True),
        Column(_("Fel och varningar"), figure=True),
        Column(_("Källans summa och vår")),
        Column(_("Lämnad av")),
    )
    return Table("inlasningar", _("Inläsningar, den senaste först"), columns, tuple(_row(one) for one in view.batches))


def _row(one: BatchView) -> Row:
    return Row(
        (
            words(f"{one.number} · {kind_words(one.kind)}"),
            words(text.period(one.period_from, one.period_to)),
            words(_state(one)),
            figure(one.rows),
            words(f"{text.number(one.errors)} / {text.number(one.warnings)}"),
            Cell(_tie_out(one)),
            words(f"{one.delivered_by}, {text.moment(one.received_at)}"),
        )
    )


def _state(one: BatchView) -> str:
    """Return how far a delivery has come, and that its rows are erased when they are."""
    state = text.word(one.state)
    if one.erased_on is None:
        return state
    return _("{state}, raderna gallrade {day}").format(state=state, day=text.day(one.erased_on))


def _tie_out(one: BatchView) -> str:
    ours = _totals(one.our_total)
    if one.file_total is None:
        return ours
    mark = _("stämmer") if one.tie_out else _("STÄMMER INTE")
    return f"{_grouped(one.file_total)} / {ours}: {mark}"


def _grouped(figure_: object) -> str:
    """Return a bare whole number with its digits in threes, anything else as it was written."""
    return text.number(int(str(figure_))) if str(figure_).isdecimal() else str(figure_)


def _totals(stored: str | None) -> str:
    """Return our own totals in words: "11 020 rader, 1 204 300 kr"; they are stored as JSON or one figure."""
    if stored is None:
        return text.ABSENT
    try:
        found = json.loads(stored)
    except ValueError:
        return stored
    if not isinstance(found, dict):
        return stored
    return ", ".join(_total(name, value) for name, value in sorted(found.items(), key=lambda one: one[0] != "rader"))


def _total(header: str, value: object) -> str:
    """Return one total in words; it stands under the header of the file's column."""
    known = {
        "rader": _("{n} rader"),
        "antal": _("{n} i antal"),
        "antal_beslut": _("{n} beslut"),
        "belopp_kr": _("{n} kr"),
        "hyra_kr_per_ar": _("{n} kr hyra om året"),
        "yta_m2": _("{n} m²"),
        "heltidstjanster": _("{n} heltidstjänster"),
    }
    return known.get(header, f"{header} {{n}}").format(n=_grouped(value))


def _one(reader: Reader, view: BasisView) -> None:
    """Show one delivery: its issues, and the answer it may get."""
    names = {str(one.number): f"{one.number} · {kind_words(one.kind)} · {text.word(one.state)}" for one in view.batches}
    chosen = picker.choice(_("Visa en inläsning"), upload.BATCH, names, placeholder=_("Välj en inläsning"))
    if chosen is None:
        return
    batch = next(one for one in view.batches if str(one.number) == chosen)
    frame.subheader(_("Inläsning {number}: {file}").format(number=batch.number, file=text.plain(batch.file_name)))
    st.html(f'<p class="sk-note">sha256 {html.escape(batch.sha256)} · {html.escape(text.word(batch.mode))}</p>')
    issues = ask(issues_of, reader, batch.number)
    messages.said()
    _erased(batch)
    _turned_down(reader, batch)
    basis_hands.hands(reader, batch)
    if issues:
        upload.issues_table(issues, batch.errors, batch.warnings)
    elif batch.errors or batch.warnings:  # counted still
        st.info(_("Fellistan är gallrad. Hur många felen och varningarna var står i listan ovan."))
    else:
        st.success(_("Inga fel och inga varningar."), icon=":material/check_circle:")
    _consequence(reader, batch)
    if view.may_accept:
        _answer(reader, batch, issues)
    elif batch.state == "received":
        frame.note(_("Controllern godkänner eller avvisar inläsningen."))


def _erased(batch: BatchView) -> None:
    """Say that the rows are gone, since when, and what can still be checked."""
    if batch.erased_on is None:
        return
    said = [
        _("Raderna är gallrade {day}. Hur många de var står kvar, liksom filens kontrollsumma.").format(
            day=text.day(batch.erased_on)
        )
    ]
    if batch.kind == "enrolments":
        said.append(
            _(
                "En körning som vilar på dem går att kontrollera från antal till rader (python -m core verify-run), "
                "men inte från elevernas rader till antal."
            )
        )
    st.info(" ".join(said), icon=":material/auto_delete:")


def _turned_down(reader: Reader, batch: BatchView) -> None:
    """Say who turned the delivery down, when, and why, as far as the reader may know."""
    if batch.state not in _TURNED_DOWN or batch.decided_at is None:
        return
    who = _("{state} {when} av {who}.").format(
        state=text.word(batch.state), when=text.moment(batch.decided_at), who=batch.decided_by or ""
    )
    why = ask(batch_reason, reader, batch.number)
    said = who if why is None else f"{who} {_('Skäl: {reason}').format(reason=why)}"
    frame.note(said)


def _consequence(reader: Reader, batch: BatchView) -> None:
    """Say what would go out of force before anybody presses Godkänn."""
    found = ask(consequence_of, reader, batch.number)
    if found is None or found.is_nothing:
        return
    said = [_replaces(one) for one in found.replaces]
    if found.gone:
        count = ngettext("{n} enhet försvinner", "{n} enheter försvinner", len(found.gone)).format(n=len(found.gone))
        named = ", ".join(found.gone[:_NAMED]) + (" …" if len(found.gone) > _NAMED else "")
        said.append(_("{count} ur registret för perioden: {names}.").format(count=count, names=text.plain(named)))
    st.warning(" ".join(said), icon=":material/info:")


def _replaces(one: Replaced) -> str:
    rows = ngettext("{n} rad", "{n} rader", one.rows).format(n=text.number(one.rows))
    if one.wholly:
        return _("Godkänns den ersätter den inläsning {number} ({rows}).").format(number=one.number, rows=rows)
    return _("Godkänns den ersätter den inläsning {number} ({rows}) för de dagar de har gemensamma.").format(
        number=one.number, rows=rows
    )


def _answer(reader: Reader, batch: BatchView, issues: tuple[IssueView, ...]) -> None:
    answers = _ANSWERS.get(batch.state, ())
    if batch.errors:  # cannot be accepted, only rejected
        answers = tuple(one for one in answers if one != "accept")
    if not answers:
        return
    labels = {"accept": _("Godkänn"), "reject": _("Avvisa"), "revert": _("Återta")}
    with st.form(f"answer_{batch.number}", enter_to_submit=False):
        label = (
            _("Skäl att återta (sparas krypterat)") if "revert" in answers else _("Skäl att avvisa (sparas krypterat)")
        )
        reason = st.text_input(label, placeholder=_("Till exempel: avstämd mot skolornas listor"))
        if issues and "accept" in answers:
            count = ngettext("{n} anmärkning följer med.", "{n} anmärkningar följer med.", len(issues))
            frame.note(count.format(n=len(issues)))
        with st.container(horizontal=True):
            pressed = [
                answer for answer in answers if st.form_submit_button(labels[answer], key=f"{answer}_{batch.number}")
            ]
    for answer in pressed:
        _give(reader, batch.number, answer, reason)


def _give(reader: Reader, number: int, answer: str, reason: str) -> None:
    if answer == "accept":
        done = attempt(accept, reader, reader.kommun, number)
    else:
        done = attempt(reject if answer == "reject" else revert, reader, reader.kommun, number, reason)
    if done is not None:
        said = _("Inläsning {number} är nu: {state}.").format(number=number, state=text.word(done.state).lower())
        messages.done(said)


def _templates() -> None:
    kinds = tuple(kind for kind in upload.KINDS if kind != "model")
    kind = st.selectbox(_("Slag av fil"), kinds, format_func=kind_words, key="template_kind")
    with st.container(horizontal=True, key="template_files"):
        for suffix in _FORMATS:
            mime = downloads.CSV if suffix == "csv" else downloads.XLSX
            downloads.button(
                _("Tom mall, {format}").format(format=suffix.upper()),
                lambda suffix=suffix: template(kind, suffix),  # type: ignore[misc]  # bound now, called later
                f"mall-{kind}.{suffix}",
                mime,
                key=f"template_{suffix}",
            )
            downloads.button(
                _("Ifyllt exempel, {format}").format(format=suffix.upper()),
                lambda suffix=suffix: sample(kind, suffix),  # type: ignore[misc]  # bound now, called later
                f"exempel-{kind}.{suffix}",
                mime,
                key=f"sample_{suffix}",
            )
