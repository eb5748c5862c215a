"""The parts of the page Avstämning: what differs, the book's terms, and tables of identities by what they concern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.components import basis_books, frame, messages, tables, text
from pages.components.tables import Cell, Column, Row, Table, figure, money, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.usecases.reconcile_views import ReconcileLine, ReconcileView
    from pages.components.reader import Reader

_BASIS: Final = "underlag"


def finding(view: ReconcileView) -> str:
    """Return how many lines agree to the öre, how many differ, and how many have nothing to be held against."""
    n = view.agrees
    agreed = ngettext("{n} avstämning stämmer på öret", "{n} avstämningar stämmer på öret", n).format(n=n)
    if view.differs:
        differ = ngettext("{n} skiljer", "{n} skiljer", view.differs).format(n=view.differs)
        opening = _("{agreed}, men {differ}.").format(agreed=agreed, differ=differ)
    else:
        opening = _("{agreed} och ingen skiljer.").format(agreed=agreed)
    if not view.absent:
        return opening
    missing = ngettext("{n} har inget att jämföras med.", "{n} har inget att jämföras med.", view.absent)
    return f"{opening} {missing.format(n=view.absent)}"


def differing(reader: Reader, view: ReconcileView) -> None:
    """Show what does not add up, with the way down to it."""
    wrong = [one for one in view.lines if one.state == "differs"]
    deliveries = [one for one in view.deliveries if one.state == "differs"]
    if view.books_difference_ore:
        difference = text.kr(view.books_difference_ore, exact=True)
        st.error(_("Boken går inte ihop: {sum} skiljer.").format(sum=difference), title=_("Skiljer"))
    for one in deliveries:
        st.warning(
            _("Inläsning {n} ({file}): lämnarens summa är {theirs}, vår {ours}. Fråga den som lämnade filen.").format(
                n=one.batch, file=text.plain(one.file_name), theirs=one.theirs, ours=one.ours
            ),
            title=_("Skiljer"),
        )
    if wrong:
        frame.header(_("Det som skiljer"))
        _table(reader, "skiljer", _("Avstämningar som skiljer"), wrong)


def book(view: ReconcileView) -> None:
    """Show the book's terms, left and right of the equals sign, and their difference."""
    if view.sealed:
        messages.note(view.sealed)
        return
    if not view.books:
        frame.note(_("Körningen har ingen bok."))
        return
    columns = (Column(_("Post")), Column(_("Att förklara"), figure=True), Column(_("Förklaras av"), figure=True))
    rows = tuple(
        Row(
            (
                basis_books.term(row),
                money(row.amount_ore, exact=True) if row.side == "left" else Cell(""),
                money(row.amount_ore, exact=True) if row.side == "right" else Cell(""),
            )
        )
        for row in view.books
    )
    foot = Row((words(_("Skillnad")), money(view.books_difference_ore, exact=True), Cell("")), "sum")
    tables.show(Table("avstamning_bok", _("Boken post för post"), columns, rows, foot))


def rows(reader: Reader, view: ReconcileView) -> None:
    """Show the identities of lines, pools and elever."""
    mine = [one for one in view.lines if one.group in {"bok", "rader", "potter", "elever"}]
    if view.sealed:
        messages.note(view.sealed)
    _table(reader, "avstamning_rader", _("Samma pengar räknade på olika sätt"), mine)
    note = _(
        "Elever räknas i elevmånader: vänster de som en kategori räknar, höger alla i registret. Är vänster mindre "
        "saknar några kategori; är vänster större har någon räknats två gånger."
    )
    frame.note(note)


def prices(reader: Reader, view: ReconcileView) -> None:
    """Show, step by step, the lines against stored price × stored elever."""
    mine = [one for one in view.lines if one.group == "priser"]
    _table(reader, "avstamning_priser", _("Rader mot pris × antal, steg för steg"), mine)


def paid(reader: Reader, view: ReconcileView) -> None:
    """Show what was paid against the run, and against the ledger when one is there."""
    frame.header(_("Utbetalt mot körningen"))
    mine = [one for one in view.lines if one.group == "utbetalt"]
    if any(one.code == "annan" for one in mine):
        st.info(_("En annan körning bestämmer vad som betalas ut för årets månader."))
    elif all(one.code == "ingen" for one in mine):
        st.info(_("Ingen utbetalning är godkänd för året än, så det finns inget att jämföra körningen med."))
    else:
        _table(reader, "avstamning_utbetalt", _("Utbetalt för varje månad mot körningen"), mine)
        note = _("En månad som skiljer rättas i nästa utbetalning.")
        frame.note(note)
    frame.header(_("Utbetalt mot huvudboken"))
    ledger = [one for one in view.lines if one.group == "huvudbok"]
    if all(one.code == "ingen" for one in ledger):
        st.info(_("Ingen huvudbok är inläst. Utbetalt mot bokfört kan inte jämföras än."))
    else:
        _table(reader, "avstamning_huvudbok", _("Utbetalt mot huvudboken"), ledger)


def delivered(reader: Reader, view: ReconcileView) -> None:
    """Show each delivery's own total beside ours."""
    columns = (
        Column(_("Inläsning")),
        Column(_("Fil")),
        Column(_("Lämnarens summa"), figure=True),
        Column(_("Vår summa"), figure=True),
        Column(_("Läge")),
    )
    shown = tuple(
        Row(
            (
                words(str(one.batch), href=frame.address(_BASIS, {"inlasning": str(one.batch)}, reader)),
                words(one.file_name, swedish=True),
                words(one.theirs),
                words(one.ours),
                words(state(one.state)),
            )
        )
        for one in view.deliveries
    )
    tables.show(Table("avstamning_inlasningar", _("Inläsningarna som körningen vilar på"), columns, shown))


def _table(reader: Reader, name: str, caption: str, lines: Sequence[ReconcileLine]) -> None:
    columns = (
        Column(_("Avstämning")),
        Column(_("Vänster"), figure=True),
        Column(_("Höger"), figure=True),
        Column(_("Skillnad"), figure=True),
        Column(_("Läge")),
    )
    shown = tuple(
        Row((_named(reader, one), _sum(one, one.left), _sum(one, one.right), _sum(one, one.difference),
             words(state(one.state))))
        for one in lines
    )  # fmt: skip
    tables.show(Table(name, caption, columns, shown))


def state(code: str) -> str:
    """Return how a line stands."""
    return {"agrees": _("Stämmer"), "differs": _("Skiljer"), "absent": _("Inget att jämföra med")}[code]


def _sum(line: ReconcileLine, value: int | None) -> Cell:
    return money(value, exact=True) if line.measure == "ore" else figure(value)


def _named(reader: Reader, line: ReconcileLine) -> Cell:
    """Return what should equal what, with the way down to it."""
    about = line.label or _term(line)
    template = _kind(line)
    shown = f"{template}: {about}" if about and line.code != "pris_antal" else about or template
    if not line.page:
        return words(shown)
    return words(shown, href=frame.address(line.page, dict(line.query), reader))


def _kind(line: ReconcileLine) -> str:
    if line.group == "huvudbok":
        return text.word(line.code)
    return {
        "enheter": _("Rader = enheternas summor"),
        "mottagare": _("Rader = enheternas summor"),
        "dimension": _("Rader = de fyra delarna"),
        "kostnadsslag": _("Rader = kostnadsslagen"),
        "verksamhet": _("Rader = verksamheterna"),
        "disponibelt": _("Brutto − centralt hållet = disponibelt"),
        "betalplan": _("Betalplan = rader"),
        "pott": _("Potten är utdelad"),
        "pris_antal": _("Pris × antal"),
        "en_gang": _("Elever räknade en gång"),
        "budgetkorning": _("Bokens budget = rader i budgetkörning"),
        "manad": _("Utbetalt = körningen"),
    }[line.code]


def _term(line: ReconcileLine) -> str:
    if line.code in {"mottagare", "en_gang"}:
        return text.word(line.name).lower()
    if line.code == "manad":
        return text.month(int(line.name))
    return line.name
