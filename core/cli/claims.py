"""The command claims: interkommunal ersättning both ways, by kommun, verksamhet, ground and basis."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from core.base import Verksamhet, format_kr, format_number, label
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import FINDINGS, Command, table

if TYPE_CHECKING:
    from core.usecases.claim_views import ClaimSum, ClaimsView

GROUNDS = {
    "vardnadshavarens_onskemal": "vårdnadshavarens önskemål",
    "sarskilda_skal": "särskilda skäl",
    "avtal": "avtal",
    "forstahandsmottagen": "förstahandsmottagen",
    "andrahandsmottagen": "andrahandsmottagen",
    "sarskild_variant": "särskild variant",
}
BASES = {
    "home_price": "hemkommunens pris",
    "receiver_cost": "mottagarens kostnad",
    "agreement": "avtal",
    "lower_of_two": "det lägre av två",
    "agency_amount": "myndighetens belopp",
    "saknas": "SAKNAR REGEL ELLER PRIS",
}


@click.command("claims", cls=Command)
@click.argument(
    "run", metavar="KÖRNING", type=int, required=False, help="Körningens nummer. Utan det: senaste utfallet."
)
@kommun_option
@json_option
@click.pass_obj
def claims(session: Session, run: int | None, kommun: str | None, *, as_json: bool) -> None:
    """Visa interkommunal ersättning åt båda håll (felkod 3 när något krav saknar regel eller pris)."""
    from core.usecases.claims import claims_view

    operator, _ = session.operator(kommun)
    view = claims_view(session.app, operator, run)
    if as_json:
        echo_json(asdict(view))
    else:
        _say(view)
    if view.without_price:
        raise SystemExit(FINDINGS)


def _say(view: ClaimsView) -> None:
    if view.run is None:
        click.echo("Ingen körning räknar registret än.")
        return
    rules = "" if view.has_rules else " Modellen har inga regler för krav (ike)."
    click.echo(
        f"Körning {view.run.number}: att kräva {format_kr(view.to_claim_ore, decimals=True)}, "
        f"att betala {format_kr(view.to_pay_ore, decimals=True)}.{rules}"
    )
    head = ("Håll", "Kommun", "Verksamhet", "Grund", "Beräknas på", "Elever", "Summa")
    click.echo(table(head, [_row(one) for one in view.sums]))


def _row(one: ClaimSum) -> list[str]:
    verksamhet = label(Verksamhet(one.verksamhet)) if one.verksamhet in set(Verksamhet) else "Flera verksamheter"
    return [
        "att kräva" if one.direction == "to_claim" else "att betala",
        one.other_kommun,
        verksamhet,
        GROUNDS.get(one.ground, one.ground),
        BASES[one.basis],
        format_number(one.elever, 2),
        "–" if one.amount_ore is None else format_kr(one.amount_ore, decimals=True),
    ]
