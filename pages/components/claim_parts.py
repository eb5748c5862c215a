"""The parts of the page Interkommunal ersättning: sums by kommun and ground, every claim, and why it is what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.claims import claim_derivation
from pages.components import frame, picker, sentences, tables, text, why
from pages.components.ask import attempt
from pages.components.tables import Cell, Column, Row, Table, figure, money, words
from pages.components.text import _, ngettext

if TYPE_CHECKING:
    from core.usecases.claim_views import ClaimLine, ClaimSum, ClaimsView
    from pages.components.reader import Reader

_CLAIM, _PAY, _MISSING = "to_claim", "to_pay", "saknas"
_KEY: Final = "krav"


def finding(view: ClaimsView) -> str:
    """Return what is owed each way, and how much of it cannot be priced."""
    assert view.run is not None  # noqa: S101  # the page has asked
    said = _("Andra kommuner ska betala {claim} och kommunen {pay} {period}.").format(
        claim=text.kr(view.to_claim_ore), pay=text.kr(view.to_pay_ore), period=sentences.period(view.run)
    )
    if not view.without_price:
        return said
    n = view.without_price
    missing = ngettext("{n} krav saknar regel eller pris.", "{n} krav saknar regel eller pris.", n).format(n=n)
    return f"{said} {missing}"


def to_claim(reader: Reader, view: ClaimsView) -> None:
    """Show what other kommuner owe: sums, every claim, and the tree of the one chosen."""
    if not view.has_rules:
        note = _(
            "Modellen har inga regler för krav (ike). Lägg till dem i modellen, så räknas kraven med nästa körning."
        )
        st.info(note)
        return
    mine = [one for one in view.lines if one.direction == _CLAIM]
    if not mine:
        frame.note(_("Inga elever från andra kommuner finns vid egna enheter."))
        return
    frame.header(_("Krav per kommun"))
    tables.show(_sums("krav_per_kommun", _("Krav per kommun, verksamhet och grund"), view, _CLAIM))
    note = _("Mervärdesskatt ingår aldrig: den är en ersättning till enskilda huvudmän.")
    frame.note(note)
    tables.behind(_lines("krav", _("Krav per enhet och kategori"), mine), "every_claim")
    frame.header(_("Så räknades kravet fram"))
    names = {
        one.key: f"{one.other_kommun} · {one.name} · {one.category} · {ground(one.ground).lower()}"
        for one in mine
        if one.amount_ore is not None
    }
    chosen = picker.choice(_("Krav"), _KEY, names, placeholder=_("Välj ett krav"))
    if chosen is not None and view.run is not None:
        tree = attempt(claim_derivation, reader, view.run.number, chosen)
        if tree is not None:
            st.html(why.markup(tree, why.DEEPEST, reader))


def to_pay(view: ClaimsView) -> None:
    """Show what we pay for our elever at other kommuner's units: the run's own lines."""
    mine = [one for one in view.lines if one.direction == _PAY]
    if not mine:
        frame.note(_("Inga egna elever finns vid andra kommuners enheter."))
        return
    frame.header(_("Betalas per kommun"))
    tables.show(_sums("betalas_per_kommun", _("Att betala per kommun och verksamhet"), view, _PAY))
    tables.behind(_lines("betalas", _("Att betala per enhet och kategori"), mine), "every_payment")


def _sums(name: str, caption: str, view: ClaimsView, direction: str) -> Table:
    columns = (
        Column(_("Kommun")),
        Column(_("Verksamhet")),
        Column(_("Grund")),
        Column(_("Beräknas på")),
        Column(_("Elever"), figure=True),
        Column(_("Kronor"), figure=True),
    )
    rows = tuple(_sum_row(one) for one in view.sums if one.direction == direction)
    whole = view.to_claim_ore if direction == _CLAIM else view.to_pay_ore
    foot = Row((words(_("Summa")), Cell(""), Cell(""), Cell(""), Cell(""), money(whole)), "sum")
    return Table(name, caption, columns, rows, foot)


def _sum_row(one: ClaimSum) -> Row:
    return Row(
        (
            words(one.other_kommun),
            words(text.word(one.verksamhet)),
            words(ground(one.ground)),
            words(basis(one.basis)),
            figure(one.elever, 2),
            money(one.amount_ore),
        )
    )


def _lines(name: str, caption: str, lines: list[ClaimLine]) -> Table:
    columns = (
        Column(_("Enhet")),
        Column(_("Kommun")),
        Column(_("Kategori")),
        Column(_("Grund")),
        Column(_("Beräknas på")),
        Column(_("Elever"), figure=True),
        Column(_("Per elev"), figure=True),
        Column(_("Kronor"), figure=True),
    )
    rows = tuple(
        Row(
            (
                words(one.name, swedish=True),
                words(one.other_kommun),
                words(one.category, swedish=True),
                words(ground(one.ground)),
                words(basis(one.basis)),
                figure(one.elever, 2),
                money(one.price_ore),
                money(one.amount_ore),
            )
        )
        for one in lines
    )
    return Table(name, caption, columns, rows)


def ground(code: str) -> str:
    """Return why the elev is in another kommun's unit."""
    known = {
        "vardnadshavarens_onskemal": _("Vårdnadshavarens önskemål"),
        "sarskilda_skal": _("Särskilda skäl"),
        "avtal": _("Avtal"),
        "forstahandsmottagen": _("Mottagen i första hand"),
        "andrahandsmottagen": _("Mottagen i andra hand"),
        "sarskild_variant": _("Särskild variant"),
        "ingen": _("Ingen grund i registret"),
    }
    return known.get(code, code)


def basis(code: str) -> str:
    """Return whose cost decides."""
    return {
        "home_price": _("Hemkommunens pris"),
        "receiver_cost": _("Mottagarens kostnad"),
        "agreement": _("Avtalat pris"),
        "lower_of_two": _("Det lägre av två"),
        "agency_amount": _("Myndighetens belopp"),
        _MISSING: _("Saknar regel eller pris"),
    }[code]
