"""The books of a run, every term named, and the rows of the register that no category counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.components import frame, messages, picker, tables, text
from pages.components.tables import Cell, Column, Row, Table, figure, money, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.views import BasisView, BookRow

_WAITING: Final = "received"
_LINES: Final = "rader."  # a term per verksamhet
_OTHER: Final = "ovrigt."  # a term per dimension


def finding(view: BasisView) -> str:
    """Return how many deliveries wait, and whether the books of the chosen run close."""
    waiting = sum(batch.state == _WAITING for batch in view.batches)
    counted = ngettext("{n} inläsning väntar på svar.", "{n} inläsningar väntar på svar.", waiting)
    first = counted.format(n=waiting) if waiting else _("Ingen inläsning väntar på svar.")
    if view.chosen is None or view.books_close is None:
        return first
    run = picker.run_name(view.chosen)
    second = _("Boken för {run} går ihop på öret.") if view.books_close else _("Boken för {run} går INTE ihop.")
    return f"{first} {second.format(run=run[:1].lower() + run[1:])}"


def books(view: BasisView) -> None:
    """Show the closing books: each term on its side, the sides' sums, and the difference."""
    frame.header(_("Boken går ihop, eller säger varför inte"))
    chosen = picker.run(view.runs)
    if view.sealed:
        messages.note(view.sealed)
        return
    if chosen is None or not view.books:
        messages.empty(_("Ingen körning har någon bok än."))
        return
    if view.books_close:
        st.success(_("Alla poster är namngivna och skillnaden är 0 öre."), icon=":material/check_circle:")
    else:
        difference = text.kr(view.books_difference_ore, exact=True)
        st.error(
            _("Skillnaden är {sum}. Körningen kan inte beslutas.").format(sum=difference), title=_("Går inte ihop")
        )
    columns = (Column(_("Post")), Column(_("Sida")), Column(_("Kronor"), figure=True))
    sides = {"left": _("att förklara"), "right": _("förklaras av")}
    rows = tuple(
        Row((term(row), words(sides.get(row.side, row.side)), money(row.amount_ore, exact=True))) for row in view.books
    )
    foot = Row((words(_("Skillnad")), Cell(""), money(view.books_difference_ore, exact=True)))
    caption = _("Bokens poster")
    tables.show(Table("boken", caption, columns, rows, foot))


def term(row: BookRow) -> Cell:
    """Return the name of a term; one that the kommun's model names itself is in the model's language."""
    if row.term.startswith(_LINES):
        name = text.word(row.term.removeprefix(_LINES)).lower()
        return words(_("Fördelat till enheter: {verksamhet}").format(verksamhet=name))
    if row.term.startswith(_OTHER):
        name = text.word(row.term.removeprefix(_OTHER)).lower()
        return words(_("Potter och beslutade belopp: {dimension}").format(dimension=name))
    known = {
        "beslutad_budget": _("Beslutad budget"),
        "utbetalt": _("Att betala enligt utfallet"),
        "budget": _("Budget enligt budgetkörningen"),
        "ej_raknat": _("Månader som inte räknats än"),
        "andrad_modell": _("Modellen ändrad efter budgeten"),
        "volym": _("Volym: fler eller färre elever"),
        "rattelser": _("Rättelser"),
        "avrundning": _("Avrundning"),
    }
    return words(known[row.term]) if row.term in known else words(row.label, swedish=True)


def reason(code: str) -> str:
    """Return why no category counts a row."""
    known = {
        "ingen_kategori": _("Passar ingen kategori i modellen"),
        "okand_enhet": _("Enheten finns inte i enhetsregistret"),
        "annan_kommuns_elev": _("Folkbokförd i en annan kommun, som betalar själv"),
        "utan_pris": _("Kategorin har inget pris för den mottagaren (elevmånader)"),
        "beslut_utan_steg": _("Beslutat belopp på ett steg som modellen inte har"),
        "beslut_utan_mottagare": _("Beslutat belopp till en enhet som steget inte gäller"),
    }
    return known.get(code, code)


def uncounted(view: BasisView) -> None:
    """Show the rows that no category counts, and why; nobody disappears without a line."""
    frame.header(_("Rader som ingen kategori räknar"))
    picker.run(view.runs)
    if not view.uncounted:
        frame.note(_("Alla rader i registret räknas i någon kategori."))
        return
    columns = (Column(_("Skäl")), Column(_("Enhet")), Column(_("Verksamhet")), Column(_("Rader"), figure=True))
    rows = tuple(
        Row(
            (
                words(reason(row.reason)),
                words(row.enhet),
                words(text.word(row.verksamhet)) if row.verksamhet else Cell(""),
                figure(row.n),
            )
        )
        for row in view.uncounted
    )
    tables.show(Table("utan_kategori", _("Rader utan kategori, med skäl"), columns, rows))
