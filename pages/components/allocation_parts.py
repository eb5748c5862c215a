"""The parts of the page Resursfördelning: standing, tiles, what the sum is enough for, the whole table, the months."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.base import Sentence
from core.usecases.recompute_kit import recompute_kit
from core.usecases.statements import Format, statement
from pages.components import charts, downloads, frame, sentences, tables, text, why
from pages.components.tables import Cell, Column, Row, Table, change, figure, money, words
from pages.components.text import _
from pages.components.tiles import Tile

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.usecases.views import AllocationView, AmountRow, MonthRow
    from pages.components.reader import Reader

_FORMATS: Final[tuple[Format, ...]] = ("pdf", "xlsx", "csv", "json")
_LOOKS: Final = ("l1", "l2", "l3")
_MIMES: Final = {
    "pdf": "application/pdf",
    "xlsx": downloads.XLSX,
    "csv": downloads.CSV,
    "json": "application/json",
}

_ZIP: Final = "application/zip"


def heading(view: AllocationView) -> None:
    """Show which unit and run this is, and whether its stored lines are unchanged."""
    unit = f"<b>{text.foreign(view.unit.name)}</b> · {html.escape(sentences.who(view.unit))}"
    checked = _("raderna är oförändrade sedan körningen") if view.verified_hash else _("RADERNA HAR ÄNDRATS")
    status = html.escape(f"{sentences.run_status(view.run, view.budget)} · {checked}")
    st.html(f'<p class="sk-status">{unit}<br>{status}</p>')
    if view.run.provisional:
        said = _("När prislistan {lists} är beslutad räknas beloppen om, och skillnaden regleras månad för månad.")
        st.info(said.format(lists=text.plain(text.joined(view.run.provisional))), title=_("Preliminära belopp"))
    if not view.verified_hash:
        st.error(
            _(
                "Enhetens rader stämmer inte med körningens kontrollsumma. Använd inte beloppen förrän "
                "körningen är kontrollerad med verify-run."
            ),
            title=_("Beloppen kan ha ändrats"),
        )


def statement_files(reader: Reader, view: AllocationView) -> None:
    """Offer the unit's statement in each format; nothing is made until one is chosen."""
    with st.popover(_("Ladda ner besked"), icon=":material/download:", key="statement", on_change="rerun") as box:
        if box.open:
            _statement(reader, view)


def _statement(reader: Reader, view: AllocationView) -> None:
    for suffix in _FORMATS:
        name = downloads.safe_name((view.unit.name, view.run.kind, str(view.run.year)))
        downloads.button(
            _("Besked som {format}").format(format=suffix.upper()),
            _maker(reader, view, suffix),
            f"{name}.{suffix}",
            _MIMES[suffix],
            key=f"statement_{suffix}",
        )
    if view.may_recompute:
        unit, run = view.unit.enhet, view.run.number
        downloads.button(
            _("Räkna om själv (ZIP)"), lambda: recompute_kit(reader.app, reader.viewer, run, [unit]),
            f"rakna-om-{downloads.safe_name((view.unit.name, str(view.run.year)))}.zip", _ZIP, key="statement_zip",
        )  # fmt: skip


def _maker(reader: Reader, view: AllocationView, suffix: Format) -> Callable[[], bytes]:
    return lambda: statement(reader.app, reader.viewer, view.unit.enhet, view.run.number, suffix)[1]


def tiles_of(view: AllocationView) -> list[Tile]:
    """Return the four figures: per elev, elever, index, and what is left of the year."""
    return [
        Tile(
            _("Per elev och år"),
            text.kr(view.per_elev_ore),
            _("kommunen {sum}").format(sum=text.kr(view.kommun_per_elev_ore)),
        ),
        Tile(_("Elever"), text.count(view.elever), _mean_of(view), _("Medel av årets räknade månader.")),
        Tile(
            _("Index"),
            text.count(view.index, 2),
            _("medel {mean}").format(mean=text.count(view.index_mean, 2))
            if view.index is not None
            else _("inget index att visa"),
        ),
        _left(view),
    ]


def _mean_of(view: AllocationView) -> str:
    if view.previous_elever is not None:
        return _("{n} året före").format(n=text.count(view.previous_elever))
    mean = text.ngettext("medel av {n} månad", "medel av {n} månader", view.run.through_month)
    return mean.format(n=view.run.through_month)


def _left(view: AllocationView) -> Tile:
    if view.remaining_ore is None:
        why_not = _("visas inte: individuellt stöd") if _are_months_closed(view) else _("ingen budget att visa")
        return Tile(_("Kvar av året"), text.ABSENT, why_not)
    months = text.ngettext("{n} månad", "{n} månader", view.remaining_months).format(n=view.remaining_months)
    return Tile(_("Kvar av året"), text.kr(view.remaining_ore), months)


def sufficiency(view: AllocationView) -> None:
    """Say what the sum is enough for, and what the municipality keeps of it centrally."""
    parts = []
    if view.posts_hundredths is not None and view.mean_pay_ore is not None:
        parts.append(
            _(
                "Det räcker till {posts} heltidstjänster vid enhetens medellön, "
                "{pay} i månaden med arbetsgivaravgifter."
            ).format(posts=text.hundredths(view.posts_hundredths), pay=text.kr(view.mean_pay_ore))
        )
    if view.centrally_held_ore and view.gross_ore is not None:
        parts.append(
            _(
                "Brutto är tilldelningen {gross}. Av det håller kommunen {held} centralt, "
                "och {free} disponerar enheten."
            ).format(
                gross=text.kr(view.gross_ore), held=text.kr(view.centrally_held_ore), free=text.kr(view.disposable_ore)
            )
        )
    if parts:
        frame.lead(" ".join(parts))


def whole_table(view: AllocationView) -> None:
    """Offer every row as one real table, for reading straight through, for paper and for files."""
    with st.expander(_("Hela tabellen"), key="whole_table", on_change="rerun") as box:
        if box.open:
            tables.show(_whole(view))


def _whole(view: AllocationView) -> Table:
    columns = (
        Column(_("Del")),
        Column(_("Antal"), figure=True),
        Column(_("Belopp per enhet"), figure=True),
        Column(_("Kronor"), figure=True),
        Column(_("Per elev och år"), figure=True),
        Column(_("Källa")),
    )
    total = Row((words(_("Summa")), Cell(""), Cell(""), money(view.total_ore), money(view.per_elev_ore), Cell("")))
    caption = _("Så är summan uppbyggd: {enhet} {year}").format(enhet=view.unit.name, year=view.run.year)
    name = downloads.safe_name((view.unit.name, str(view.run.year), view.run.kind))
    return Table(name, caption, columns, tuple(_whole_row(row) for row in view.rows), total)


def _whole_row(row: AmountRow) -> Row:
    amount = money(row.amount_ore) if row.amount_ore is not None else words(row.sealed or _("visas inte"))
    quantity = figure(row.quantity, 2) if row.quantity is not None else Cell("")
    if row.quantity is not None and row.quantity_unit:
        quantity = Cell(why.with_unit(quantity.shown, row.quantity_unit), row.quantity)
    return Row(
        (
            words(Sentence(row.label)),
            quantity,
            money(row.price_ore, exact=True) if row.price_ore is not None else Cell(""),
            amount,
            money(row.per_elev_ore) if row.per_elev_ore is not None else Cell(""),
            words(row.source.title, swedish=True, href=row.source.url) if row.source else Cell(""),
        ),
        _LOOKS[min(row.level, 2)],
    )


def months(view: AllocationView) -> None:
    """Show the year month by month: paid beforehand against earned."""
    paid, earned = _("Enligt budget"), _("Enligt räknade elever")
    pairs = [(row, name, value) for row in view.months for name, value in _pair(row, paid, earned)]
    if not pairs:
        why_not = _(
            "Beloppen visas inte månad för månad: enheten har individuellt stöd, och skillnaden mellan två månader kan "
            "röja vad en enskild elev har fått."
        )
        if _are_months_closed(view):
            frame.note(why_not)
        tables.show(_months_table(view))
        return
    rows: list[dict[str, object]] = [
        {"month": text.short_month(row.month), "series": name, "value": value / text.ORE_PER_KRONA}
        for row, name, value in pairs
    ]
    described = charts.described(
        _("Stapeldiagram över {year}, månad för månad: {paid} och {earned}.").format(
            year=view.run.year, paid=paid.lower(), earned=earned.lower()
        ),
        [f"{text.month(row.month)} {name.lower()} {text.kr(value)}" for row, name, value in pairs],
    )
    charts.draw(
        "preliminary_and_settled", rows, label=_("Månad"), value=_("kronor"), alt_text=described, key="months_chart"
    )
    tables.show(_months_table(view))


def _are_months_closed(view: AllocationView) -> bool:
    """Say whether the months stand without amounts, as they do for who may not see individual support."""
    told = any(row.preliminary_ore is not None or row.earned_ore is not None for row in view.months)
    return bool(view.months) and not told and not view.may_recompute


def _pair(row: MonthRow, paid: str, earned: str) -> list[tuple[str, int]]:
    both = ((paid, row.preliminary_ore), (earned, row.earned_ore))
    return [(name, value) for name, value in both if value is not None]


def _months_table(view: AllocationView) -> Table:
    amounts = (_("Enligt budget"), _("Enligt räknade elever"), _("Skillnad")) if not _are_months_closed(view) else ()
    columns = (
        Column(_("Månad")),
        Column(_("Räknade elever"), figure=True),
        *(Column(name, figure=True) for name in amounts),
        Column(_("Läge")),
    )
    states = {"settled": _("avräknad"), "preliminary": _("preliminär"), "missing": _("uppgift saknas")}
    rows = tuple(
        Row(
            (
                words(text.month(row.month)),
                figure(row.elever),
                *((money(row.preliminary_ore), money(row.earned_ore), change(row.difference_ore)) if amounts else ()),
                words(states.get(row.status, row.status)),
            )
        )
        for row in view.months
    )
    caption = _("Månad för månad: {enhet} {year}").format(enhet=view.unit.name, year=view.run.year)
    return Table(downloads.safe_name((view.unit.name, str(view.run.year), "manader")), caption, columns, rows)
