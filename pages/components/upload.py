"""A new file: what it is, its period and mode, and every fault found in it, shown at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.base import BatchMode, DateRange, year_range
from core.exchange.file_names import kept_name
from core.exchange.laid_down import laid_down
from core.usecases.imports import Delivery, receive
from pages.components import messages, offering, picker, tables, text
from pages.components.ask import attempt
from pages.components.tables import Cell, Column, Row, Table, words
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from core.base import Issue
    from core.usecases.imports import ReceiveResult
    from core.usecases.views import IssueView
    from pages.components.reader import Reader

KINDS: Final = (
    "enrolments",
    "units",
    "index",
    "planned_counts",
    "given_amounts",
    "case_amounts",
    "successions",
    "staff",
    "premises",
    "model",
)
_TYPES: Final = ["csv", "xlsx", "yaml", "yml"]
_PAIR: Final = 2
BATCH: Final = "inlasning"  # the chosen batch, in the address


def form(reader: Reader) -> None:
    """Offer the form; closed until wanted, since a file field is heavy and hard on screen readers."""
    with st.expander(_("Öppna formuläret"), key="upload", on_change="rerun") as box:
        if not box.open:
            return
        from pages.components.basis_batches import kind_words

        with st.form("upload_form", enter_to_submit=False, border=False):
            kind = st.selectbox(_("Slag av fil"), KINDS, format_func=kind_words, key="upload_kind")
            this_year = year_range(reader.app.clock().year)
            last = (this_year.valid_to or this_year.valid_from) - timedelta(days=1)
            period = st.date_input(
                _("Period, från och med – till och med"), (this_year.valid_from, last), format="YYYY-MM-DD"
            )
            mode = st.selectbox(
                _("Filen"), [one.value for one in BatchMode], format_func=_mode_words, key="upload_mode"
            )
            total = st.text_input(
                _("Källans egen summa (frivillig)"), placeholder=_("Till exempel antal rader i systemet")
            )
            offering.offer()
            file = st.file_uploader(_("Fil (CSV, XLSX eller YAML)"), type=_TYPES)
            sent = st.form_submit_button(_("Läs in"), type="primary")
        if not sent:
            return
        days = tuple(period)  # one day only, while the reader has not chosen the last
        if file is None or len(days) < _PAIR:
            st.warning(_("Välj en fil och en hel period, och tryck sedan på Läs in."))
            return
        _receive(reader, kind, (file.name, file.getvalue()), days, (mode, total.strip() or None))


def _mode_words(mode: str) -> str:
    return {
        BatchMode.SNAPSHOT: _("ersätter allt i perioden (ögonblicksbild)"),
        BatchMode.DELTA: _("ändrar bara det som den nämner (ändringsfil)"),
    }[BatchMode(mode)]


def _receive(
    reader: Reader, kind: str, file: tuple[str, bytes], days: Sequence[date], how: tuple[str, str | None]
) -> None:
    """Put the file where the reader of files can stream it, receive it, and show what became of it."""
    bar = st.progress(0.0, _("Läser {file} …").format(file=text.plain(kept_name(file[0]))))

    def progress(_rows: int, done: int, whole: int) -> None:
        bar.progress(min(done / whole, 1.0) if whole else 1.0)

    period = DateRange(days[0], days[1] + timedelta(days=1))  # till och med becomes our exclusive end
    with laid_down(file[0], file[1]) as path:
        delivery = Delivery(
            kommun=reader.kommun,
            kind=kind,
            path=path,
            file_name=file[0],
            period=period,
            mode=how[0],
            file_total=how[1],
        )
        result = attempt(receive, reader, delivery, progress)
    bar.empty()
    if result is not None:
        _report(result)


def _report(result: ReceiveResult) -> None:
    """Say what became of the file; the page then shows its batch, with every fault and the answers it may get."""
    if result.unchanged or result.batch is None:
        st.info(_("Samma fil är redan inläst och godkänd för perioden. Ingenting ändrades."))
        return
    number = result.batch.number
    picker.choose(BATCH, str(number))
    if result.batch.errors:
        messages.done(
            _("Filen kan inte godkännas förrän felen är rättade. Rätta dem i källan och läs in filen igen."),
            is_good=False,
        )
    received = _("Inläsning {number} är mottagen: {n} rader. Den gäller när någon har godkänt den.")
    messages.done(received.format(number=number, n=text.number(result.batch.rows)))


def issues_table(issues: Sequence[Issue | IssueView], errors: int, warnings: int) -> None:
    """Show every fault: row, column, what was found, what was expected."""
    columns = (
        Column(_("Rad")),
        Column(_("Kolumn")),
        Column(_("Slag")),
        Column(_("Fanns")),
        Column(_("Väntades")),
        Column(_("Vad du kan göra")),
    )
    severities = {"error": _("fel"), "warning": _("varning")}
    rows = tuple(
        Row(
            (
                words(text.number(one.row) if one.row is not None else _("hela filen")),
                words(one.column),
                words(severities[one.severity]),
                Cell(one.found or ""),
                words(one.expected, swedish=True),
                words(one.message, swedish=True),
            )
        )
        for one in issues
    )
    caption = _("{errors} fel och {warnings} varningar").format(
        errors=text.number(errors), warnings=text.number(warnings)
    )
    tables.show(Table("anmarkningar", caption, columns, rows))
