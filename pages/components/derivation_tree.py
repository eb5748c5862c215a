"""The heart: how a sum is built up, opened level by level down to quantity × price and its sources.

Dimension → step → line are expanders that send their content only when open; opening an amount asks the use
case for its derivation and shows it as nested sentences. Each row is one element (its label is laid out as
columns by the style sheet), so a whole unit fits the budget of a rerun. Everything is a native disclosure
button: Tab and Enter are enough.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import streamlit as st

from core.usecases.allocation import derivation_of
from pages.components import downloads, flag_form, frame, messages, present, register, text, why
from pages.components.ask import attempt
from pages.components.text import _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.usecases.views import AllocationView, AmountRow
    from pages.components.reader import Reader

ROW: Final = "rad"
TOTAL: Final = "total"
_SLUG = re.compile(r"[^a-z0-9]+")
_LEVELS: Final = ("d", "s", "r")


def show(reader: Reader, view: AllocationView) -> None:
    """Show the tree of a unit's allocation; a deep link (``rad=…``) opens the way to its row."""
    _open_from_address(view.rows)
    _tree(reader, view)


@present.fragment
def _tree(reader: Reader, view: AllocationView) -> None:
    with st.container(key="tree", gap=None):
        heads = (_("Del"), _("Antal på helår × belopp"), _("Kronor"), _("Per elev och år"))
        st.html(f'<div class="sk-head">{"".join(f"<span>{head}</span>" for head in heads)}</div>')
        _branch(reader, view, None, 0)
        label = _row(_("Summa"), "", text.kr(view.total_ore), text.kr(view.per_elev_ore))
        with st.expander(label, key=_key(TOTAL, 0), on_change="rerun") as box:
            if box.open:
                _panel(reader, view, TOTAL, depth=1)


def _branch(reader: Reader, view: AllocationView, parent: str | None, level: int) -> None:
    """Show the rows under ``parent``, each closed until it is opened."""
    for row in view.rows:
        if row.parent != parent:
            continue
        with st.expander(_label(row), key=_key(row.key, level), on_change="rerun") as box:
            if not box.open:
                continue
            if row.expectation:
                st.html(f'<p class="sk-note">{_("Till för:")} {text.foreign(row.expectation)}</p>')
            if row.has_children:
                _branch(reader, view, row.key, level + 1)
            elif row.sealed:
                messages.note(row.sealed)
            else:
                _panel(reader, view, row.key)


def _panel(reader: Reader, view: AllocationView, key: str, depth: int = why.DEEPEST) -> None:
    """Show how one amount was derived, the way to share it, and the register rows behind its count."""
    tree = attempt(derivation_of, reader, view.unit.enhet, view.run.number, key)
    if tree is None:
        return
    st.html(why.markup(tree, depth, reader))
    slug = _SLUG.sub("-", key.lower())
    with st.container(horizontal=True, key=f"tools_{slug}"):
        with st.popover(_("Kopiera länk"), type="tertiary", icon=":material/link:", key=f"link_{slug}"):
            query = {"enhet": view.unit.enhet, "ar": str(view.run.year), "visa": view.run.kind, ROW: key}
            st.code(frame.address("resursfordelning", query, reader), language=None, wrap_lines=True)
        name = downloads.safe_name((view.unit.enhet, str(view.run.year), key))
        downloads.button(
            "JSON", lambda: downloads.derivation_json(tree), f"{name}.json", "application/json", key=f"j_{slug}"
        )
        flag_form.offer(reader, view, key, slug)
    if key.startswith("line:"):
        register.behind(reader, view, key)


def _label(row: AmountRow) -> str:
    amount = _("visas inte") if row.amount_ore is None else text.kr(row.amount_ore)
    return _row(_(row.label), _quantity(row), amount, text.kr(row.per_elev_ore) if row.per_elev_ore is not None else "")


def _row(name: str, quantity: str, amount: str, per_elev: str) -> str:
    """Return a label whose parts the style sheet sets in columns: name, *quantity*, **amount**, ***per elev***."""
    parts = ((quantity, "*"), (amount, "**"), (per_elev, "***"))
    return " ".join((text.plain(name), *(f"{mark}{text.plain(part)}{mark}" for part, mark in parts if part)))


def _quantity(row: AmountRow) -> str:
    """Return "158 elever × 57 400 kr", or only what there is of it."""
    parts = []
    if row.quantity is not None:
        parts.append(why.with_unit(text.count(row.quantity, 2), row.quantity_unit or ""))
    if row.price_ore is not None:
        parts.append(text.kr(row.price_ore, exact=True))
    return " × ".join(parts)


def _key(key: str, level: int) -> str:
    if key == TOTAL:
        return TOTAL
    return f"{_LEVELS[min(level, 2)]}_{_SLUG.sub('-', key.lower())}"


def _open_from_address(rows: Sequence[AmountRow]) -> None:
    """Open the way to the row named in the address, once; the first dimension opens by itself."""
    by_key = {row.key: row for row in rows}
    asked = st.query_params.get(ROW)
    if asked is not None and asked != st.session_state.get("written_rad"):
        st.session_state["written_rad"] = asked
        path = [asked]
        while (row := by_key.get(path[-1])) is not None and row.parent is not None:
            path.append(row.parent)
        for level, key in enumerate(reversed(path)):
            st.session_state[_key(key, level)] = True
    elif "tree_seen" not in st.session_state:
        first = next((row.key for row in rows if row.parent is None), None)
        if first is not None:
            st.session_state[_key(first, 0)] = True
    st.session_state["tree_seen"] = True
