"""What a trial does: to the kommun in sums and findings, to every unit as a table and on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.maps import map_view
from core.usecases.trial_explain import trial_derivation
from pages.components import (
    charts,
    downloads,
    frame,
    map_parts,
    navigation,
    tables,
    text,
    tiles,
    why,
)
from pages.components.ask import attempt
from pages.components.frozen import attempt_frozen
from pages.components.map_view import HEIGHT
from pages.components.tables import Column, Row, Table, change, money, words
from pages.components.text import _, ngettext
from pages.components.tiles import Tile

if TYPE_CHECKING:
    from core.allocation import Effects, UnitEffect
    from core.parameters import LawFinding
    from core.usecases.views import MapUnit
    from core.usecases.workshop_views import BooksEffect, TrialView
    from pages.components.reader import Reader
    from pages.components.workshop_trial import Trial

_PAINT: Final = {
    "light": {"more": [0, 83, 138, 230], "less": [179, 89, 0, 230], "same": [130, 138, 145, 200]},
    "dark": {"more": [124, 196, 245, 230], "less": [240, 163, 94, 230], "same": [150, 158, 165, 200]},
}
_DEPTH: Final = 6


def kommun(view: TrialView) -> None:
    """Show the sum, the tiles, where law bites, the books, equal treatment, and the largest changes."""
    for one in view.findings:
        _law(one)
    if view.effects is None:
        frame.lead(_("Lagen hindrar försöket. Ta bort eller ändra det som nekas, så räknas effekterna."))
        return
    frame.lead(finding(view.effects))
    tiles.row(_tiles(view.effects))
    if view.books is not None:
        st.markdown(books(view.books))
    st.markdown(_equal(view))
    if view.left_out:
        st.markdown(
            ngettext(
                "Individuellt stöd vid {n} enhet ingår inte: du ser det inte.",
                "Individuellt stöd vid {n} enheter ingår inte: du ser det inte.",
                view.left_out,
            ).format(n=view.left_out)
        )
    with st.expander(_("Vilka steg som ändras"), key="bench_steps", on_change="rerun") as box:
        if box.open:
            tables.show(_steps(view))


def _law(one: LawFinding) -> None:
    said = text.plain(f"{one.what} {one.reason} ({one.source.title})")
    if one.severity == "refused":
        st.error(said, title=_("Lagen hindrar"), icon=":material/gavel:")
    else:
        st.warning(said, title=_("Lagen: att tänka på"), icon=":material/gavel:")


def finding(effects: Effects) -> str:
    """Return the one sentence: what the trial costs, and how many units get more, less and the same."""
    if effects.difference_ore > 0:
        cost = _("Försöket kostar kommunen {sum} mer i körningens månader")
    elif effects.difference_ore < 0:
        cost = _("Försöket kostar kommunen {sum} mindre i körningens månader")
    else:
        cost = _("Försöket kostar kommunen lika mycket som körningen")
    said = _(
        "{cost}: {winners} enheter får mer, {losers} får mindre och {same} lika mycket. Summan går från {before} till "
        "{after}."
    )
    return said.format(
        cost=cost.format(sum=text.kr(abs(effects.difference_ore))), winners=effects.winners, losers=effects.losers,
        same=effects.unchanged, before=text.kr(effects.base_ore), after=text.kr(effects.trial_ore),
    )  # fmt: skip


def _tiles(effects: Effects) -> list[Tile]:
    share = effects.share
    return [
        Tile(
            _("Kommunens kostnad"),
            text.signed_kr(effects.difference_ore),
            text.ABSENT if share is None else text.signed_percent(share, 2),
        ),
        Tile(
            _("Vinner och förlorar"),
            _("{winners} och {losers}").format(winners=effects.winners, losers=effects.losers),
            _("{same} oförändrade").format(same=effects.unchanged),
        ),
        _largest(_("Största ökningen"), effects.largest("gain")),
        _largest(_("Största minskningen"), effects.largest("loss")),
    ]


def _largest(label: str, one: UnitEffect | None) -> Tile:
    return Tile(label, text.ABSENT) if one is None else Tile(label, text.signed_kr(one.difference_ore), one.name)


def books(effect: BooksEffect) -> str:
    """Return whether the decided budget is enough for the trial."""
    if effect.trial_left_ore < 0:
        short = _("Den beslutade budgeten {decided} räcker inte: {missing} saknas ({before} var över i körningen).")
        return short.format(
            decided=text.kr(effect.decided_ore), missing=text.kr(abs(effect.trial_left_ore)),
            before=text.kr(effect.base_left_ore),
        )  # fmt: skip
    return _("Av den beslutade budgeten {decided} blir {left} över ({before} i körningen).").format(
        decided=text.kr(effect.decided_ore), left=text.kr(effect.trial_left_ore), before=text.kr(effect.base_left_ore)
    )


def _equal(view: TrialView) -> str:
    return _("Lika villkor: {n} skillnader mellan mottagare saknar grund i försöket, {before} i körningen.").format(
        n=len(view.unequal), before=view.unequal_before
    )


def _steps(view: TrialView) -> Table:
    columns = (Column(_("Steg")), Column(_("I körningen"), figure=True), Column(_("I försöket"), figure=True),
               Column(_("Skillnad"), figure=True))  # fmt: skip
    rows = [
        Row((words(view.labels.get(one.step, one.step), swedish=True), money(one.base_ore), money(one.trial_ore),
             change(one.difference_ore)))
        for one in (view.effects.steps if view.effects else ())
    ]  # fmt: skip
    return Table("steg_i_forsoket", _("Steg som ändras"), columns, tuple(rows))


def units(reader: Reader, view: TrialView, trial: Trial) -> None:
    """Show the units as a table to search and sort, on the map, and each one's derivation in the trial."""
    if view.effects is None:
        return
    tabs = {"table": _("Tabell"), "map": _("Karta"), "why": _("Så räknas det fram")}
    chosen = st.segmented_control(
        _("Visa"), list(tabs), format_func=tabs.__getitem__, default="table", required=True, key="bench_view"
    )
    if chosen == "map":
        _map(reader, view.effects)
    elif chosen == "why":
        _why(reader, view.effects, trial)
    else:
        _table(view.effects)


def _table(effects: Effects) -> None:
    orders = {
        "name": _("namn"), "loss": _("minst till mest, kronor"), "gain": _("mest till minst, kronor"),
        "per_elev": _("mest till minst, per elev"), "share": _("mest till minst, procent"),
    }  # fmt: skip
    with st.container(horizontal=True, key="bench_sort", vertical_alignment="bottom"):
        asked = st.text_input(_("Sök enhet"), key="bench_search")
        order = st.selectbox(_("Ordna efter"), list(orders), format_func=orders.__getitem__, key="bench_order")
    rows = [one for one in effects.in_order(order or "name") if asked.casefold() in one.name.casefold()]
    columns = (
        Column(_("Enhet")),
        Column(_("I körningen"), figure=True),
        Column(_("I försöket"), figure=True),
        Column(_("Skillnad"), figure=True),
        Column(_("Per elev och år"), figure=True),
        Column(_("Procent"), figure=True),
    )
    total = Row((words(_("Summa")), money(effects.base_ore), money(effects.trial_ore), change(effects.difference_ore),
                 words(""), words("")))  # fmt: skip
    caption = _("Vad försöket betyder för varje enhet")
    tables.show(Table("forsokets_effekter", caption, columns, tuple(_row(one) for one in rows), total))


def _row(one: UnitEffect) -> Row:
    share = words(text.signed_percent(one.share)) if one.share is not None else words(text.ABSENT)
    return Row(
        (words(one.name, swedish=True), money(one.base_ore), money(one.trial_ore), change(one.difference_ore),
         change(one.per_elev_ore), share)
    )  # fmt: skip


def _map(reader: Reader, effects: Effects) -> None:
    view = attempt_frozen(map_view, reader)
    if view is None or not view.units:
        return
    by_enhet = {one.enhet: one for one in effects.units}
    shade = charts.theme()
    placed = [(unit, by_enhet[unit.enhet]) for unit in view.units if unit.enhet in by_enhet]
    deck = map_parts.deck_of(view, [_dot(unit, one, shade) for unit, one in placed], shade)
    alt = _("Karta: {winners} enheter får mer, {losers} mindre. Allt står i tabellen under Visa: Tabell.").format(
        winners=effects.winners, losers=effects.losers
    )
    legend = " · ".join(
        (
            f'<span class="sk-dot own"></span> {_("får mer")}',
            f'<span class="sk-dot other"></span> {_("får mindre")}',
            _("grå: lika mycket"),
            _("ytan följer kronorna"),
        )
    )
    st.html(f'<p class="sk-note {shade}">{legend}</p>')
    with st.container(key=f"sea_{shade}"):
        st.pydeck_chart(deck, height=HEIGHT, key="bench_map", alt=alt)


def _dot(unit: MapUnit, one: UnitEffect, shade: str) -> dict[str, object]:
    which = "more" if one.difference_ore > 0 else "less" if one.difference_ore < 0 else "same"
    return {
        "position": [unit.longitude, unit.latitude],
        "radius": 60 + 0.05 * abs(one.difference_ore) ** 0.5,  # area, not width, follows the kronor
        "colour": _PAINT[shade][which],
        "said": f"{one.name}\n{text.signed_kr(one.difference_ore)}",
    }


def _why(reader: Reader, effects: Effects, trial: Trial) -> None:
    names = {one.enhet: one.name for one in effects.units}
    enhet = st.selectbox(
        _("Enhet"), list(names), format_func=names.__getitem__, index=None, placeholder=_("Välj en enhet"),
        key="bench_why",
    )  # fmt: skip
    if enhet is None:
        return
    tree = attempt(trial_derivation, reader, trial.run, trial.changes, enhet)
    if tree is not None:
        st.html(why.markup(tree, _DEPTH, reader))
        downloads.button(
            _("Härledningen som JSON"), lambda: downloads.derivation_json(tree),
            downloads.safe_name((names[enhet], "forsok")) + ".json", "application/json", key="bench_why_json",
        )  # fmt: skip
    navigation.link(navigation.ALLOCATION, _("Enhetens tilldelning i körningen"), {"enhet": enhet})
