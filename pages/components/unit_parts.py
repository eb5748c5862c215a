"""The parts of the page Skolan: standing, tiles, elever by årskurs and month, the four parts, staff and premises."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.components import charts, downloads, frame, navigation, sentences, tables, text
from pages.components.tables import Cell, Column, Row, Table, figure, money, words
from pages.components.text import _
from pages.components.tiles import Tile

if TYPE_CHECKING:
    from core.usecases.views import EnhetView, MonthlyCount


_FOLDED: Final = str.maketrans("åäö", "aao")  # an occupation may be delivered with or without its letters


def heading(view: EnhetView) -> None:
    """Show the unit's name and kind, and the run its figures come from."""
    lines = [f"<b>{text.foreign(view.unit.name)}</b> · {html.escape(sentences.who(view.unit))}"]
    if view.run is not None:
        lines.append(html.escape(sentences.run_status(view.run)))
    st.html(f'<p class="sk-status">{"<br>".join(lines)}</p>')


def tiles_of(view: EnhetView) -> list[Tile]:
    """Return the four figures of the top."""
    before = _("{n} året före").format(n=text.count(view.previous_elever)) if view.previous_elever is not None else ""
    return [
        Tile(_("Elever"), text.count(view.elever), before),
        Tile(_("Tilldelning"), text.kr(view.total_ore), str(view.run.year) if view.run else ""),
        Tile(
            _("Per elev och år"),
            text.kr(view.per_elev_ore),
            _("kommunen {sum}").format(sum=text.kr(view.kommun_per_elev_ore)),
        ),
        Tile(
            _("Räcker till"),
            text.hundredths(view.posts_hundredths),
            _("heltidstjänster"),
            _("Vid enhetens medellön med arbetsgivaravgifter."),
        ),
    ]


def to_allocation(view: EnhetView) -> None:
    """Lead on to how the sum was derived."""
    if view.run is not None:
        query = {"enhet": view.unit.enhet, "ar": str(view.run.year)}
        navigation.link(navigation.ALLOCATION, _("Så räknades beloppet fram"), query, ":material/account_tree:")


def counts(view: EnhetView) -> None:
    """Show elever by årskurs at the last counted month as bars, and every month as a table."""
    if not view.counts:
        frame.note(_("Inga räknade elever finns för året."))
        return
    last = max(one.month for one in view.counts)
    now = [one for one in view.counts if one.month == last]
    opening = _("Liggande staplar: elever per årskurs i {month}.").format(month=text.month(last))
    charts.draw(
        "category_bars",
        [{"category": _(one.label), "value": one.elever, "shown": text.number(one.elever)} for one in now],
        label=_("Årskurs"),
        value=_("Elever i {month}").format(month=text.month(last)),
        alt_text=charts.described(opening, [f"{_(one.label)} {text.number(one.elever)}" for one in now]),
        key="counts_chart",
    )
    tables.behind(_counts_table(view), "counts_table")


def _counts_table(view: EnhetView) -> Table:
    months = sorted({one.month for one in view.counts})
    by_category: dict[str, dict[int, MonthlyCount]] = {}
    for one in view.counts:
        by_category.setdefault(one.category, {})[one.month] = one
    rows = [
        Row(
            (
                words(_(next(iter(found.values())).label), swedish=True),
                *(figure(found[month].elever if month in found else None) for month in months),
            )
        )
        for found in by_category.values()
    ]
    columns = (Column(_("Årskurs")), *(Column(text.short_month(month), figure=True) for month in months))
    caption = _("Räknade elever per årskurs och månad")
    return Table(downloads.safe_name((view.unit.name, "elever")), caption, columns, tuple(rows))


def shares(view: EnhetView) -> None:
    """Show bas, socioekonomi, struktur and individ in kronor and per elev."""
    rows = tuple(
        Row(
            (
                words(text.word(share.dimension)),
                money(share.amount_ore) if share.sealed is None else words(share.sealed, swedish=True),
                money(share.per_elev_ore) if share.sealed is None else Cell(""),
            )
        )
        for share in view.shares
    )
    columns = (Column(_("Del")), Column(_("Kronor"), figure=True), Column(_("Per elev"), figure=True))
    total = Row((words(_("Summa")), money(view.total_ore), money(view.per_elev_ore)))
    caption = _("Tilldelningen i fyra delar")
    tables.show(Table(downloads.safe_name((view.unit.name, "delar")), caption, columns, rows, total))


def occupation(code: str) -> str:
    """Return what a reader calls an occupation; one that is not known is shown as it was delivered."""
    known = {
        "larare": _("Lärare"),
        "forskollarare": _("Förskollärare"),
        "barnskotare": _("Barnskötare"),
        "fritidspersonal": _("Fritidspersonal"),
        "speciallarare": _("Speciallärare och specialpedagoger"),
        "elevassistent": _("Elevassistenter"),
        "elevhalsa": _("Elevhälsa"),
        "ledning": _("Ledning"),
        "ovrig": _("Övriga"),
    }
    return known.get(code.lower().translate(_FOLDED), code)


def staff(view: EnhetView) -> None:
    """Show staff by occupation, and per hundred elever."""
    if not view.staff:
        frame.note(_("Uppgift om personal saknas."))
        return
    columns = (
        Column(_("Yrkesgrupp")),
        Column(_("Heltidstjänster"), figure=True),
        Column(_("Per 100 elever"), figure=True),
    )
    rows = tuple(
        Row(
            (
                words(occupation(one.occupation)),
                _hundredths(one.fte_hundredths),
                _hundredths(one.per_100_elever_hundredths),
            )
        )
        for one in view.staff
    )
    tables.show(Table(downloads.safe_name((view.unit.name, "personal")), _("Personal på enheten"), columns, rows))


def _hundredths(value: int | None) -> Cell:
    return Cell(text.hundredths(value), None if value is None else text.exact_hundredths(value))


def facts(view: EnhetView) -> None:
    """Show what the unit register and the premises register say."""
    yes, no = _("ja"), _("nej")
    pairs = (
        (_("Huvudman"), words(view.huvudman, swedish=True)),
        (_("Skolenhetskod"), words(view.skolenhetskod)),
        (_("Lägeskommun"), words(view.lageskommun)),
        (_("Område"), words(view.omrade, swedish=True)),
        (_("Landsbygd"), words(yes if view.landsbygd else no)),
        (_("Yta, m²"), figure(view.area_m2)),
        (_("Yta per elev, m²"), figure(view.area_per_elev)),
        (_("Hyra per år"), money(view.rent_ore)),
    )
    columns = (Column(_("Uppgift")), Column(_("Värde")))
    rows = tuple(Row((words(name), value)) for name, value in pairs)
    name = downloads.safe_name((view.unit.name, "uppgifter"))
    tables.show(Table(name, _("Uppgifter om enheten"), columns, rows, pairs=True))
