"""The contract of what is decided for single elever: tilläggsbelopp, until the cases themselves are kept here."""

from __future__ import annotations

from core.exchange.contracts import CellKind, Column, Contract, Uniqueness
from core.exchange.shared_columns import ELEV, UNIT, VALID_FROM, VALID_TO, VERKSAMHET

CASE_AMOUNTS = Contract(
    kind="case_amounts",
    title="Beslutade tilläggsbelopp",
    table="case_amount",
    unique=Uniqueness(
        key=("step", "decision", "elev", "verksamhet"),
        dated=True,
        said="ett beslut om en elev har ett belopp i varje verksamhet och för varje dag",
    ),
    columns=(
        Column(
            header="steg",
            field="step",
            cell=CellKind.CODE,
            help="Stegets id i modellen.",
            example="tillaggsbelopp",
        ),
        Column(
            header="beslut",
            field="decision",
            cell=CellKind.CODE,
            help="Beslutets beteckning i ärendesystemet. Aldrig något som säger vem eleven är.",
            example="TB-2026-0117",
        ),
        ELEV,
        UNIT,
        VERKSAMHET,
        VALID_FROM,
        VALID_TO,
        Column(
            header="belopp_kr_per_manad",
            field="amount_ore",
            cell=CellKind.KRONOR,
            low=0,
            summed=True,
            help="Det beslutade beloppet för en månad, utan mervärdesskatt. Betalas som det är beslutat.",
            example="18500",
        ),
    ),
)
