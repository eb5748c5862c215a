"""Click in Swedish: headings, the help option, and faults that end in a sentence and an exit code."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import click

from core.base import CoreError
from core.settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

FAULT, USAGE, FINDINGS = 1, 2, 3
"""Exit codes: it could not be done; the command was wrongly written; it was done, and found faults in data or a run."""
HELP = "Visa hjälpen."


class Fault(click.ClickException):
    """What a person can mend, said on standard error."""

    exit_code = FAULT

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the text without a traceback."""
        click.echo(f"Fel: {self.format_message()}", file=file, err=file is None)


def in_swedish(error: click.UsageError) -> str:
    """Return what is wrong with how a command was written, and what to do."""
    name = error.param.human_readable_name if isinstance(error, click.BadParameter) and error.param else ""
    if isinstance(error, click.MissingParameter):
        return f"{name} saknas. Skriv --help efter kommandot för att se hur det skrivs."
    if isinstance(error, click.NoSuchOption):
        near = f" Menade du {error.possibilities[0]}?" if error.possibilities else ""
        return f"Valet {error.option_name} finns inte.{near}"
    if isinstance(error, click.BadParameter):
        return f"Värdet för {name} går inte att använda: {_expected(error)}"
    return error.message.replace("No such command", "Det finns inget kommando")


def _expected(error: click.BadParameter) -> str:
    """Return what click's own kinds of value expect; our own kinds say it themselves, in Swedish."""
    match error.param.type if error.param else None:
        case click.Choice(choices=choices):
            return f"välj något av {', '.join(map(str, choices))}."
        case click.IntRange(min=low, max=high):
            return f"skriv ett heltal, {low} eller mer." if high is None else f"skriv ett heltal, {low}–{high}."
        case click.Path(file_okay=True):
            found = "det är en mapp" if "is a directory" in error.message else "filen finns inte eller får inte öppnas"
            return f"{found}. Kontrollera namnet."
        case kind if kind is click.INT:
            return "skriv ett heltal."
    return error.message


class _Swedish:
    """Swedish headings of the help text."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is written."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]  # mixed into a command
        said = " ".join(pieces).replace("[OPTIONS]", "[VAL]").replace("COMMAND [ARGS]...", "KOMMANDO …")
        formatter.write_usage(ctx.command_path, said, prefix="Skriv: ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return ``--help`` with a Swedish text."""
        option = super().get_help_option(ctx)  # type: ignore[misc]  # mixed into a command
        if option is not None:
            option.help = HELP
        return option  # type: ignore[no-any-return]  # as above

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the arguments under a Swedish heading."""
        self._list("Argument", click.Argument, ctx, formatter)

    def _list(
        self, heading: str, kind: type[click.Parameter], ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        parts = self.get_params(ctx)  # type: ignore[attr-defined]  # mixed into a command
        rows = [record for each in parts if isinstance(each, kind) and (record := each.get_help_record(ctx))]
        if rows:
            with formatter.section(heading):
                formatter.write_dl(rows)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options under a Swedish heading."""
        self._list("Val", click.Option, ctx, formatter)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Command(_Swedish, click.Command):
    """A command whose expected faults become a sentence."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401  # as click has it
        """Run the command; a ``CoreError`` is shown without a traceback, anything else is a bug."""
        try:
            return super().invoke(ctx)
        except (CoreError, SettingsError) as error:
            raise Fault(str(error)) from error


class Group(_Swedish, click.Group):
    """A group of commands listed in the order they are used."""

    command_class = Command

    def main(self, *args: Any, standalone_mode: bool = True, **extra: Any) -> Any:  # noqa: ANN401  # as click has it
        """Run a command; what was wrongly written is said in Swedish."""
        try:
            return super().main(*args, standalone_mode=False, **extra)  # type: ignore[call-overload]  # passed on as it came
        except click.UsageError as error:
            said = in_swedish(error)
            if not standalone_mode:
                raise
            usage = f"{error.ctx.get_usage()}\n" if error.ctx else ""
            click.echo(f"{usage}Fel: {said}", err=True)
            raise SystemExit(USAGE) from error
        except click.ClickException as error:
            if not standalone_mode:
                raise
            error.show()
            raise SystemExit(error.exit_code) from error
        except (click.Abort, KeyboardInterrupt) as error:
            click.echo("Avbrutet.", err=True)
            raise SystemExit(FAULT) from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the commands in the order they were added."""
        return list(self.commands)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands under a Swedish heading."""
        rows = [(name, self.commands[name].get_short_help_str(100)) for name in self.list_commands(ctx)]
        with formatter.section("Kommandon"):
            formatter.write_dl(rows)


Group.group_class = Group


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return rows as text in columns, with the headings underlined."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(header))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)
