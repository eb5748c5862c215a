"""Months said anew: old, new, difference, why, and when it is paid; and the final settlement of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.settlement import corrections_of_run, corrections_of_unit
from pages.components import downloads, frame, messages, tables, text
from pages.components.frozen import ask_frozen
from pages.components.tables import Cell, Column, Row, Table, change, money, words
from pages.components.text import _

if TYPE_CHECKING:
    from core.usecases.settlement import CorrectionRow, CorrectionsView, SettlementRow
    from core.usecases.views import AllocationView, RunInfo
    from pages.components.reader import Reader


def of_unit(reader: Reader, view: AllocationView) -> None:
    """Show what the run says anew of the unit's months; nothing when it is the first to speak of them."""
    if view.run.earlier_run is None:
        return
    found = ask_frozen(corrections_of_unit, reader, view.unit.enhet, view.run.number)
    frame.header(_("Rättelser av månader som redan räknats"))
    if found.sealed:
        messages.note(found.sealed)
        return
    for row in found.settlement:
        frame.lead(_settled(row))
    name = downloads.safe_name((view.unit.name, str(view.run.year), "rattelser"))
    _rows(found, name, of_all=False)


def of_run(reader: Reader, run: RunInfo | None) -> None:
    """Show a run's corrections of every unit, and by unit what a final settlement pays or recovers."""
    if run is None or run.earlier_run is None:
        return
    found = ask_frozen(corrections_of_run, reader, run.number)
    if found.settlement:
        frame.header(_("Slutavräkning"))
        frame.lead(
            _("Att betala {pay}, att återkräva {recover}, jämfört med körning {number}.").format(
                pay=text.kr(found.to_pay_ore, exact=True),
                recover=text.kr(found.to_recover_ore, exact=True),
                number=found.earlier.number if found.earlier else text.ABSENT,
            )
        )
        tables.show(_settlement(found))
    frame.header(_("Rättelser av månader som redan räknats"))
    _rows(found, f"rattelser-{run.number}", of_all=True)
    if found.left_out:
        said = text.ngettext(
            "{n} enhet visas inte här: det du ser av den bygger på individuellt stöd.",
            "{n} enheter visas inte här: det du ser av dem bygger på individuellt stöd.",
            found.left_out,
        )
        frame.note(said.format(n=found.left_out))


def _rows(found: CorrectionsView, name: str, *, of_all: bool) -> None:
    earlier = found.earlier.number if found.earlier else text.ABSENT
    if not found.rows:
        frame.lead(_("Inget belopp är ändrat sedan körning {number}.").format(number=earlier))
    else:
        frame.lead(
            _("Jämfört med körning {number} är summan ändrad med {sum}.").format(
                number=earlier, sum=text.signed_kr(found.difference_ore, exact=True)
            )
        )
        caption = _("Rättelser av det som körning {number} sade").format(number=earlier)
        tables.show(_table(name, caption, found.rows, of_all=of_all))
    waiting = [row for row in found.waiting if row not in found.rows]
    if found.waiting:
        frame.lead(
            _("{sum} väntar på slutavräkningen: rättelser som ligger längre tillbaka än de betalas löpande.").format(
                sum=text.signed_kr(found.waiting_ore, exact=True)
            )
        )
    if waiting:
        tables.show(_table(f"{name}-vantar", _("Väntar sedan tidigare körningar"), waiting, of_all=of_all))


def _table(name: str, caption: str, rows: tuple[CorrectionRow, ...] | list[CorrectionRow], *, of_all: bool) -> Table:
    columns = (
        Column(_("Enhet och månad") if of_all else _("Månad")),
        Column(_("Förut"), figure=True),
        Column(_("Nu"), figure=True),
        Column(_("Skillnad"), figure=True),
        Column(_("Varför")),
        Column(_("Betalas")),
    )
    return Table(name, caption, columns, tuple(_row(row, of_all=of_all) for row in rows))


def _row(row: CorrectionRow, *, of_all: bool) -> Row:
    month = text.month(row.month)
    paid = _("vid slutavräkningen") if row.waits else _("vid nästa utbetalning")
    return Row(
        (
            words(f"{row.unit_name}, {month}" if of_all else month, swedish=of_all),
            money(row.old_ore),
            money(row.new_ore),
            change(row.difference_ore),
            words(text.joined([reason(one) for one in row.reasons])),
            words(paid),
        )
    )


def reason(code: str) -> str:
    """Return why a month's amount is another."""
    return {
        "units": _("enheten"),
        "counts": _("elevantalet"),
        "prices": _("priserna"),
        "model": _("modellen"),
        "facts": _("index eller beslutade belopp"),
        "pools": _("andelen av en pott"),
    }[code]


def _settled(row: SettlementRow) -> str:
    facts = {"paid": text.kr(row.paid_ore, exact=True), "due": text.kr(row.due_ore, exact=True)}
    if row.difference_ore > 0:
        return _("Betalt är {paid} och rätt belopp {due}: {sum} ska betalas ut.").format(
            sum=text.kr(row.difference_ore, exact=True), **facts
        )
    if row.difference_ore < 0:
        return _("Betalt är {paid} och rätt belopp {due}: skillnaden {sum} ska tillbaka.").format(
            sum=text.kr(row.difference_ore, exact=True), **facts
        )
    return _("Betalt är {paid}, och det är rätt belopp.").format(**facts)


def _settlement(found: CorrectionsView) -> Table:
    columns = (
        Column(_("Enhet")),
        Column(_("Huvudman")),
        Column(_("Betalt"), figure=True),
        Column(_("Rätt belopp"), figure=True),
        Column(_("Att betala eller återkräva"), figure=True),
    )
    rows = tuple(
        Row(
            (
                words(row.unit_name, swedish=True),
                words(row.huvudman_name, swedish=True),
                money(row.paid_ore, exact=True),
                money(row.due_ore, exact=True),
                Cell(text.signed_kr(row.difference_ore, exact=True), money(row.difference_ore).raw),
            )
        )
        for row in found.settlement
    )
    caption = _("Slutavräkning {year}, enhet för enhet").format(year=found.run.year)
    return Table(f"slutavrakning-{found.run.year}", caption, columns, rows)
