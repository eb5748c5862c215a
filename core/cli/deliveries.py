"""Commands on files in: template, import, batches."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from core.base import DateRange, Month, NotAMonthError, year_range
from core.cli.session import Session, echo_json, json_option, kommun_option, progress_bar, write_file
from core.cli.swedish import FINDINGS, Command, table

if TYPE_CHECKING:
    from collections.abc import Callable

    from click._termui_impl import ProgressBar

    from core.base import Issue
    from core.usecases.views import BatchView

KINDS = (
    "units", "enrolments", "index", "planned_counts", "given_amounts", "case_amounts", "successions", "staff",
    "premises",
)  # fmt: skip
MODEL = "model"
_EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, writable=True, path_type=Path)


class Period(click.ParamType):  # type: ignore[type-arg]  # generic to the type checker only
    """A month or a span of months, both included: ``2026-03`` or ``2026-01:2026-06``."""

    name = "period"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> DateRange:
        """Return the days of the period, the last exclusive."""
        if isinstance(value, DateRange):
            return value
        first, _, last = str(value).partition(":")
        try:
            start, end = Month.parse(first), Month.parse(last or first)
        except NotAMonthError as error:
            self.fail(str(error), param, ctx)
        if end < start:
            self.fail(f"{value}: den sista månaden ligger före den första.", param, ctx)
        return DateRange(start.first_day, end.next().first_day)


@click.command(cls=Command)
@click.argument("kind", metavar="SLAG", type=click.Choice([*KINDS]), help=f"Ett av {', '.join(KINDS)}.")
@click.option("--sample", is_flag=True, help="Ett ifyllt exempel i stället för en tom mall.")
@click.option(
    "--format", "file_format", type=click.Choice(["csv", "xlsx"]), default="csv", help="Filformat (förval csv)."
)
@click.option(
    "--out", metavar="FIL", type=_OUT, help="Filnamn. Utan det: SLAG_mall eller SLAG_exempel i den mapp du står i."
)
def template(kind: str, *, sample: bool, file_format: str, out: Path | None) -> None:
    """Skriv en tom mall eller ett ifyllt exempel för en importfil av ett SLAG."""
    from core.exchange import sample as filled
    from core.exchange import template as empty

    content = (filled if sample else empty)(kind, "xlsx" if file_format == "xlsx" else "csv")
    name = f"{kind}_{'exempel' if sample else 'mall'}.{file_format}"
    write_file(out or Path(name), content)


@click.command("import", cls=Command)
@click.argument(
    "kind", metavar="SLAG", type=click.Choice([*KINDS, MODEL]), help=f"Ett av {', '.join((*KINDS, MODEL))}."
)
@click.argument("file", metavar="FIL", type=_EXISTING, help="CSV eller XLSX; för model en YAML-fil.")
@kommun_option
@click.option("--year", metavar="ÅR", type=click.IntRange(2000, 2100), help="Perioden är ett helt kalenderår.")
@click.option("--period", type=Period(), metavar="MÅNAD", help="Perioden är 2026-03 eller 2026-01:2026-06.")
@click.option(
    "--mode",
    type=click.Choice(["snapshot", "delta"]),
    default="snapshot",
    help="snapshot ersätter allt tidigare i perioden (förval), delta bara det filen nämner.",
)
@click.option("--total", metavar="TEXT", help="Källans egen summa, till avstämning.")
@click.option("--accept", is_flag=True, help="Godkänn genast om filen är utan fel.")
@json_option
@click.pass_obj
def import_(  # noqa: PLR0913  # one parameter for each option
    session: Session,
    kind: str,
    file: Path,
    *,
    kommun: str | None,
    year: int | None,
    period: DateRange | None,
    mode: str,
    total: str | None,
    accept: bool,
    as_json: bool,
) -> None:
    """Läs in FIL av ett SLAG. Alla fel visas på en gång; en fil med fel godkänns aldrig."""
    from core.usecases import imports

    operator, code = session.operator(kommun)
    delivery = imports.Delivery(
        kommun=code, kind=kind, path=file, file_name=file.name, period=_period(kind, file, year, period), mode=mode,
        file_total=total,
    )  # fmt: skip
    with progress_bar(file.name) as bar:
        result = imports.receive(session.app, operator, delivery, _advance(bar))
    batch, errors = result.batch, [one for one in result.issues if one.severity == "error"]
    if accept and batch is not None and not errors and not result.unchanged:
        batch = imports.accept(session.app, operator, code, batch.number)
    if as_json:
        shown = {"unchanged": result.unchanged, "batch": None if batch is None else asdict(batch)}
        echo_json({**shown, "issues": [asdict(one) for one in result.issues]})
    else:
        _say(file, batch, result.issues, unchanged=result.unchanged)
    if errors:
        raise SystemExit(FINDINGS)


def _period(kind: str, file: Path, year: int | None, period: DateRange | None) -> DateRange:
    """Return the one period that was given; a model names its own year."""
    if kind == MODEL and year is None and period is None:
        from core.parameters import load_model

        return year_range(load_model(file.read_text(encoding="utf-8-sig"), file.name).year)
    if (year is None) == (period is None):
        raise click.UsageError("Ange antingen --year eller --period.")
    return year_range(year) if period is None and year is not None else cast("DateRange", period)


def _advance(bar: ProgressBar[int]) -> Callable[[int, int, int], None]:
    """Return the function that is told rows done, bytes done and bytes in all."""

    def tell(_rows: int, done: int, whole: int) -> None:
        bar.update(done * 1000 // max(whole, 1) - bar.pos)

    return tell


def _say(file: Path, batch: BatchView | None, issues: tuple[Issue, ...], *, unchanged: bool) -> None:
    for issue in issues:
        click.echo(f"{'Fel' if issue.severity == 'error' else 'Varning'}: {issue}")
    if unchanged:
        click.echo(f"{file.name}: samma fil är redan godkänd för perioden. Ingenting ändrades.")
    elif batch is not None:
        click.echo(
            f"Inläsning {batch.number}: {batch.rows} rader, {batch.errors} fel, {batch.warnings} varningar. "
            f"{_states()[batch.state]}."
        )


@click.command(cls=Command)
@kommun_option
@json_option
@click.pass_obj
def batches(session: Session, kommun: str | None, *, as_json: bool) -> None:
    """Visa inläsningarna: slag, period, läge, rader, fel och avstämning."""
    from core.usecases.basis import basis_view

    operator, _ = session.operator(kommun)
    found = basis_view(session.app, operator).batches
    if as_json:
        echo_json([asdict(one) for one in found])
        return
    rows = [
        [str(one.number), one.kind, _days(one), _states()[one.state], str(one.rows), str(one.errors), str(one.warnings),
         _tie_out(one), one.file_name]
        for one in found
    ]  # fmt: skip
    click.echo(table(("Nr", "Slag", "Period", "Läge", "Rader", "Fel", "Varningar", "Avstämning", "Fil"), rows))


def _states() -> dict[str, str]:
    from core.base import BatchState, label

    return {state.value: label(state) for state in BatchState}


def _days(batch: BatchView) -> str:
    last = date.fromordinal(batch.period_to.toordinal() - 1)
    return f"{batch.period_from} – {last}"


def _tie_out(batch: BatchView) -> str:
    if batch.tie_out is None:
        return "ingen summa angiven"
    return "stämmer" if batch.tie_out else f"källan {batch.file_total}, vi {batch.our_total}"
