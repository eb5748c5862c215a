"""The parts of the page Lika villkor: findings, the same elev at every recipient, and the whole year."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.components import frame, picker, sentences, tables, text
from pages.components.tables import Cell, Column, Row, Table, change, figure, money, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.equal_views import EqualElev, EqualFinding, EqualRange, EqualStep, EqualView, EqualYear

_VERKSAMHET: Final = "verksamhet"
_RECIPIENTS: Final = ("fristaende_hemma", "fristaende_annan", "annan_kommun")


def heading(view: EqualView) -> None:
    """Show which run is compared."""
    st.html(f'<p class="sk-status">{html.escape(sentences.run_status(view.run))}</p>')


def finding(view: EqualView) -> str:
    """Return whether everything has a ground, and what the units lose or gain by what has none."""
    if not view.findings:
        return _(
            "Samma elev ger samma pengar hos alla: varje skillnad {period} har en grund i lag eller beslut."
        ).format(period=sentences.period(view.run))
    n = len(view.findings)
    opening = ngettext("{n} skillnad saknar grund.", "{n} skillnader saknar grund.", n).format(n=n)
    lost = [one for one in view.years if one.unexplained_ore]
    if not lost:
        return opening
    parts = [
        _("{mottagare} {sum}").format(
            mottagare=text.word(one.recipient).lower(), sum=text.signed_kr(one.unexplained_ore)
        )
        for one in lost
    ]
    template = _("Jämfört med egna enheter {period} är de värda: {delar}.")
    return f"{opening} {template.format(period=sentences.period(view.run), delar=text.joined(parts))}"


def findings(view: EqualView) -> None:
    """Show what lacks ground: for whom, what it is worth, which paragraph asks for the same grounds, what to do."""
    if not view.findings:
        st.success(_("Ingen skillnad saknar grund."), icon=":material/check_circle:")
        return
    columns = (
        Column(_("Vad")),
        Column(_("Mottagare")),
        Column(_("Per elev"), figure=True),
        Column(_("På året"), figure=True),
        Column(_("Enheter"), figure=True),
        Column(_("Lagrum")),
    )
    tables.show(Table("utan_grund", _("Skillnader utan grund"), columns, tuple(map(_finding_row, view.findings))))
    remedy = _(
        "Att göra: ge steget till alla mottagare på samma sätt i modellen. Finns en saklig grund för skillnaden: låt "
        "nämnden besluta den och skriv unequal_because på steget."
    )
    frame.note(remedy)


def _finding_row(one: EqualFinding) -> Row:
    what = {
        "pris": _("{steg}: annat pris per elev"),
        "steg": _("{steg}: ges inte till alla"),
        "villkor": _("{steg}: andra villkor"),
        "index": _("{steg}: saknar eget index"),
    }[one.code]
    return Row(
        (
            words(what.format(steg=", ".join(one.labels))),
            words(text.word(one.recipient)),
            _signed(one.per_elev_ore, sealed=one.is_sealed),
            _signed(one.yearly_ore, sealed=one.is_sealed),
            figure(one.enheter),
            words(one.law.title, swedish=True),
        )
    )


def _signed(ore: int | None, *, sealed: bool = False) -> Cell:
    if ore is None:
        return words(_("visas inte") if sealed else _("okänt"))
    return change(ore)


def elever(view: EqualView) -> None:
    """Show each category's price at an own unit and at every recipient, and every difference with its ground."""
    kinds = {one.verksamhet: text.word(one.verksamhet) for one in view.elever}
    if not kinds:
        frame.note(_("Modellen har inga priser per elev."))
        return
    asked = picker.setting(_VERKSAMHET, list(kinds), next(iter(kinds)))
    chosen = picker.select(_("Verksamhet"), _VERKSAMHET, list(kinds), kinds.__getitem__) or asked
    mine = [one for one in view.elever if one.verksamhet == chosen]
    tables.show(_prices(mine))
    ranges = [one for one in view.ranges if one.verksamhet == chosen]
    if not ranges:
        frame.note(_("Priset är detsamma för alla mottagare."))
        return
    tables.show(_ladder(ranges))
    tables.behind(_all_steps(mine), "steps_of_elever")


def _prices(ladders: list[EqualElev]) -> Table:
    several = len({one.price_list for one in ladders}) > 1
    by_elev: dict[tuple[str, str], dict[str, EqualElev]] = {}
    for one in ladders:
        by_elev.setdefault((one.category, one.price_list), {})[one.recipient] = one
    columns = [
        Column(_("Elev")),
        Column(_("Egen enhet"), figure=True),
        Column(_("Fristående här"), figure=True),
        Column(_("Fristående annanstans"), figure=True),
        Column(_("Annan kommun"), figure=True),
    ]
    rows = tuple(
        Row(
            (
                words(_elev(next(iter(held.values())), several=several), swedish=True),
                money(next(iter(held.values())).own_ore),
                *(money(held[who].theirs_ore if who in held else None) for who in _RECIPIENTS),
            )
        )
        for held in by_elev.values()
    )
    return Table("samma_elev", _("Vad en elev är värd hos varje mottagare, kronor per år"), tuple(columns), rows)


def _elev(one: EqualElev, *, several: bool) -> str:
    return f"{one.label} ({one.price_list})" if several else one.label


def _ladder(ranges: list[EqualRange]) -> Table:
    columns = (
        Column(_("Steg")),
        Column(_("Mottagare")),
        Column(_("Mot egen enhet, per elev"), figure=True),
        Column(_("Grund")),
        Column(_("Källa")),
    )
    rows = tuple(
        Row(
            (
                words(one.label, swedish=True),
                words(_whom(one)),
                _between(one),
                words(ground(one)),
                words(one.source.title if one.source else "", swedish=True),
            )
        )
        for one in ranges
    )
    return Table("skillnader", _("Stegen mellan beloppen och deras grund"), columns, rows)


def _whom(one: EqualRange) -> str:
    first, *rest = [text.word(who) for who in one.recipients]
    return text.joined([first, *(name.lower() for name in rest)])


def _between(one: EqualRange) -> Cell:
    """Return a difference, or the least and the most where categories differ."""
    if one.least_ore == one.most_ore:
        return change(one.least_ore)
    least, most = text.signed_kr(one.least_ore), text.signed_kr(one.most_ore)
    return words(_("{least} till {most}").format(least=least, most=most))


def _all_steps(ladders: list[EqualElev]) -> Table:
    several = len({one.price_list for one in ladders}) > 1
    columns = (
        Column(_("Elev")),
        Column(_("Mottagare")),
        Column(_("Steg")),
        Column(_("Mot egen enhet"), figure=True),
        Column(_("Grund")),
    )
    rows = tuple(
        Row(
            (
                words(_elev(one, several=several), swedish=True),
                words(text.word(one.recipient)),
                words(step.label, swedish=True),
                _signed(step.difference_ore),
                words(ground(step)),
            )
        )
        for one in ladders
        for step in one.steps
    )
    return Table("skillnader_per_elev", _("Varje skillnad per elev och dess grund"), columns, rows)


def ground(step: EqualStep | EqualRange) -> str:
    """Return why a step may differ, or that nothing says so."""
    if step.follows and not step.code:
        return _("Saknar grund: följer av {steg}").format(steg=text.joined(step.follows))
    return {
        "": _("Saknar grund"),
        "mervardesskatt": _("Mervärdesskatt: bara enskilda huvudmän"),
        "administration": _("Administration enligt schablon"),
        "avgift": _("Mottagaren tar själv ut avgiften"),
        "centralt": _("Hålls centralt åt egna enheter: brutto jämförs"),
        "lokaler": _("Egna lokaler av särskilda skäl"),
        "tillaggsbelopp": _("Tilläggsbelopp"),
        "riksprislista": _("Kommunen erbjuder inte programmet: riksprislistan"),
        "ingen_egen": _("Kommunen har ingen egen verksamhet"),
        "motsvarande": _("Tillskottet gäller enskilda huvudmän"),
        "annat_steg": _("Samma belopp i ett annat steg"),
        "foljer": _("Följer av ett steg som har en grund"),
        "beslutad": _("Beslutad grund i modellen"),
    }[step.code]


def years(view: EqualView) -> None:
    """Show what each recipient's units get, what they would get as own units, and each step between."""
    if not view.years:
        frame.note(_("Inga andra än egna enheter finns i körningen."))
        return
    columns = (
        Column(_("Mottagare")),
        Column(_("Enheter"), figure=True),
        Column(_("Som egna enheter"), figure=True),
        Column(_("Skillnad med grund"), figure=True),
        Column(_("Skillnad utan grund"), figure=True),
        Column(_("Som det är"), figure=True),
    )
    rows = tuple(
        Row(
            (
                words(text.word(one.recipient)),
                figure(one.enheter),
                money(one.as_own_ore),
                change(one.explained_ore),
                change(one.unexplained_ore),
                money(one.as_is_ore),
            )
        )
        for one in view.years
    )
    tables.show(Table("hela_aret", _("Enheterna som de är och som om kommunen drev dem"), columns, rows))
    for one in view.years:
        if one.sealed:
            template = _(
                "{mottagare}: {steg} ingår inte i det som visas här, eftersom summan kan röja enskilda eller ett index."
            )
            said = template.format(mottagare=text.word(one.recipient), steg=text.joined(one.sealed))
            frame.note(said)
    tables.behind(_steps(view.years), "steps_of_year")


def _steps(ladders: tuple[EqualYear, ...]) -> Table:
    columns = (
        Column(_("Mottagare")),
        Column(_("Steg")),
        Column(_("På året"), figure=True),
        Column(_("Grund")),
        Column(_("Källa")),
    )
    rows = tuple(
        Row(
            (
                words(text.word(one.recipient)),
                words(step.label, swedish=True),
                _signed(step.difference_ore),
                words(ground(step)),
                words(step.source.title if step.source else "", swedish=True),
            )
        )
        for one in ladders
        for step in one.steps
    )
    return Table("aret_steg_for_steg", _("Året steg för steg"), columns, rows)
