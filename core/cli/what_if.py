"""Commands on trials: what-if, scenarios, scenario-save, scenario-compare."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from core.base import format_kr, format_number
from core.cli.session import Session, echo_json, json_option, kommun_option
from core.cli.swedish import FINDINGS, Command, table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from core.allocation import Effects, UnitEffect
    from core.parameters import LawFinding
    from core.usecases.workshop_views import ScenarioInfo, TrialView

_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
DECIDED_BY = {"law": "lag", "namnd": "nämnden", "forvaltning": "förvaltningen"}


def change_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--change`` and ``--set``."""
    for option in (
        click.option(
            "--set", "figures", metavar="ADRESS=VÄRDE", multiple=True, help="Ett tal i modellen; kan upprepas."
        ),
        click.option(
            "--change", metavar="FIL", type=_EXISTING, help="Ändringar som JSON: tal, antal elever och index."
        ),
    ):
        command = option(command)
    return command


def changes_of(change: Path | None, figures: Sequence[str]) -> str:
    """Return the changes of the options as a trial's text; raises ``click.UsageError`` for a setting without value."""
    rows: list[Any] = json.loads(change.read_text("utf-8"), parse_float=str) if change else []
    for one in figures:
        address, equals, value = one.partition("=")
        if not equals:
            raise click.UsageError(f"--set {one}: skriv ADRESS=VÄRDE, till exempel books/decided=1000000.")
        rows.append({"kind": "figure", "address": address, "value": value.replace(",", ".").replace(" ", "")})
    return json.dumps(rows, ensure_ascii=False)


@click.command("what-if", cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, help="Körningen som försöket utgår från, se kommandot runs.")
@kommun_option
@change_options
@click.option("--list", "listed", is_flag=True, help="Visa alla tal som kan ändras, med adress och vem som bestämmer.")
@json_option
@click.pass_obj
def what_if(  # one parameter for each option
    session: Session,
    run: int,
    kommun: str | None,
    change: Path | None,
    figures: tuple[str, ...],
    *,
    listed: bool,
    as_json: bool,
) -> None:
    """Pröva ändringar på KÖRNING i minnet: vad varje enhet vinner eller förlorar. Lagens hinder ger felkod 3."""
    from core.usecases import workshop

    operator, _ = session.operator(kommun)
    if listed:
        _list(workshop.bench_of(session.app, operator, run).figures, as_json=as_json)
        return
    view = workshop.trial_of(session.app, operator, run, changes_of(change, figures))
    if as_json:
        echo_json(_plain(view))
    else:
        _say(view)
    if view.effects is None:
        raise SystemExit(FINDINGS)


def _list(places: Sequence[Any], *, as_json: bool) -> None:
    if as_json:
        echo_json([{**asdict(one), "reference": one.reference.title if one.reference else None} for one in places])
        return
    rows = [[one.address, one.value, one.unit, DECIDED_BY[one.decided_by], one.label] for one in places]
    click.echo(table(("Adress", "Värde", "Enhet", "Bestäms av", "Vad"), rows))


def _plain(view: TrialView) -> dict[str, object]:
    """Return a trial as plain data, amounts in öre."""
    effects = view.effects
    return {
        "run": view.base.number,
        "changes": [asdict(one) for one in view.changes],
        "findings": [
            {"where": one.where, "what": one.what, "reason": one.reason, "source": one.source.title,
             "severity": one.severity}
            for one in view.findings
        ],
        "base_ore": effects and effects.base_ore,
        "trial_ore": effects and effects.trial_ore,
        "difference_ore": effects and effects.difference_ore,
        "winners": effects and effects.winners,
        "losers": effects and effects.losers,
        "unchanged": effects and effects.unchanged,
        "books": view.books and asdict(view.books),
        "unequal": len(view.unequal),
        "unequal_before": view.unequal_before,
        "units": [
            {**asdict(one), "difference_ore": one.difference_ore, "per_elev_ore": one.per_elev_ore, "share": one.share}
            for one in (effects.units if effects else ())
        ],
    }  # fmt: skip


def _say(view: TrialView) -> None:
    for one in view.changes:
        click.echo(f"{one.what}: {one.old} → {one.new} {one.unit}")
    for finding in view.findings:
        click.echo(_law(finding))
    if view.effects is None:
        return
    click.echo(_sum(view.effects))
    if view.books is not None:
        left = format_kr(view.books.trial_left_ore)
        click.echo(f"Kvar av beslutad budget {format_kr(view.books.decided_ore)}: {left}.")
    rows = [_row(one) for one in view.effects.in_order("gain") if one.difference_ore]
    if rows:
        click.echo(table(("Enhet", "I körningen", "I försöket", "Skillnad", "Per elev", "Procent"), rows))


def _law(one: LawFinding) -> str:
    said = "Lagen hindrar" if one.severity == "refused" else "Lagen, att tänka på"
    return f"{said}: {one.what} {one.reason} ({one.source.title})"


def _sum(effects: Effects) -> str:
    return (
        f"Summa {format_kr(effects.base_ore)} → {format_kr(effects.trial_ore)} ({_signed(effects.difference_ore)}). "
        f"{effects.winners} enheter får mer, {effects.losers} mindre, {effects.unchanged} lika mycket."
    )


def _row(one: UnitEffect) -> list[str]:
    per_elev = "" if one.per_elev_ore is None else _signed(one.per_elev_ore)
    share = "" if one.share is None else f"{format_number(one.share * 100, 2)} %"
    return [one.name, format_kr(one.base_ore), format_kr(one.trial_ore), _signed(one.difference_ore), per_elev, share]


def _signed(ore: int) -> str:
    return f"+{format_kr(ore)}" if ore > 0 else format_kr(ore)


@click.command("scenarios", cls=Command)
@kommun_option
@click.option("--archived", is_flag=True, help="Visa också undanlagda försök.")
@json_option
@click.pass_obj
def scenarios(session: Session, kommun: str | None, *, archived: bool, as_json: bool) -> None:
    """Visa sparade försök: namn, körning de utgår från, fryst körning, summa och senaste version."""
    from core.usecases import scenarios as use

    operator, _ = session.operator(kommun)
    found = use.scenarios(session.app, operator, archived=archived)
    if as_json:
        echo_json([asdict(one) for one in found])
        return
    rows = [
        [str(one.number), one.name, str(one.base_run), str(one.run or ""), format_kr(one.total_ore or 0),
         f"{one.edition}, {one.changed_by} {one.changed_at:%Y-%m-%d %H:%M}"]
        for one in found
    ]  # fmt: skip
    click.echo(table(("Nr", "Namn", "Utgår från", "Fryst som", "Summa", "Version"), rows))


@click.command("scenario-save", cls=Command)
@click.argument("run", metavar="KÖRNING", type=int, help="Körningen som försöket utgår från, se kommandot runs.")
@click.argument("name", metavar="NAMN", help="Vad försöket ska heta.")
@kommun_option
@change_options
@click.option("--note", metavar="TEXT", default="", help="Varför det prövas.")
@click.option("--over", metavar="NR", type=int, help="Spara över försök NR; kräver --edition.")
@click.option("--edition", metavar="NR", type=int, help="Den version av försöket som du utgått från.")
@json_option
@click.pass_obj
def scenario_save(  # noqa: PLR0913  # one parameter for each option
    session: Session,
    run: int,
    name: str,
    *,
    kommun: str | None,
    change: Path | None,
    figures: tuple[str, ...],
    note: str,
    over: int | None,
    edition: int | None,
    as_json: bool,
) -> None:
    """Spara ett försök på KÖRNING under NAMN och frys det som en egen körning. Den beslutas och betalas aldrig."""
    from core.usecases.scenarios import save_scenario

    if (over is None) != (edition is None):
        raise click.UsageError("--over och --edition anges tillsammans.")
    operator, _ = session.operator(kommun)
    older = (over, edition) if over is not None and edition is not None else None
    saved = save_scenario(session.app, operator, run, name, changes_of(change, figures), note, older)
    if as_json:
        echo_json(asdict(saved))
        return
    click.echo(_saved(saved))


def _saved(one: ScenarioInfo) -> str:
    return f"Försök {one.number} ”{one.name}”, version {one.edition}, är fryst som körning {one.run}."


@click.command("scenario-compare", cls=Command)
@click.argument("numbers", metavar="NR...", type=int, nargs=-1, required=True, help="Två till fyra sparade försök.")
@kommun_option
@json_option
@click.pass_obj
def scenario_compare(session: Session, numbers: tuple[int, ...], kommun: str | None, *, as_json: bool) -> None:
    """Jämför två till fyra sparade försök på samma körning, enhet för enhet."""
    from core.usecases.workshop import side_by_side

    operator, _ = session.operator(kommun)
    found = side_by_side(session.app, operator, numbers)
    if as_json:
        units = [{"enhet": one[0], "name": one[1], "base_ore": one[2], "trial_ore": one[3]} for one in found.units]
        echo_json({"run": found.base.number, "scenarios": [asdict(one) for one in found.scenarios], "units": units})
        return
    for what, _, old, values in found.differing:
        click.echo(f"{what}: {old} → {', '.join(value or old for value in values)}")
    names = [one.name for one in found.scenarios]
    rows = [[name, format_kr(base), *(_signed(one - base) for one in trials)] for _, name, base, trials in found.units]
    sums = [one.effects for one in found.trials if one.effects is not None]
    rows.append(["Summa", format_kr(sums[0].base_ore), *(_signed(one.difference_ore) for one in sums)])
    click.echo(table(("Enhet", "I körningen", *names), rows))
