"""What a command stands on: the program built from the environment, and the operator of one kommun."""

from __future__ import annotations

import json
import re
import sys
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

from core.cli.swedish import Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click._termui_impl import ProgressBar

    from core.access import Actor
    from core.settings import Settings
    from core.usecases.context import App


class Session:
    """One call of the command line; nothing is opened before it is asked for."""

    @cached_property
    def settings(self) -> Settings:
        """The settings of the environment."""
        from core.settings import Settings

        return Settings.from_environment()

    @cached_property
    def app(self) -> App:
        """The program on a database that answers; raises ``Fault`` when it does not, or binds the role to nothing."""
        from core.bootstrap import ask_database, build

        if not ask_database(self.settings):
            raise Fault(
                f"Databasen {self.database} svarar inte eller saknar tabeller. Kontrollera SKOLKRONAN_DATABASE_URL "
                "och kör python -m core migrate."
            )
        return build(self.settings)

    @property
    def database(self) -> str:
        """The address of the database without its password."""
        return re.sub(r"(://[^:/@]*):[^@]*@", r"\1:…@", self.settings.database_url)

    def operator(self, kommun: str | None) -> tuple[Actor, str]:
        """Return the operator of ``kommun``, or of the only kommun there is, and its code."""
        from core.usecases.context import kommun_of
        from core.usecases.operators import operator_of

        operator = operator_of(self.app, kommun)
        return operator, kommun_of(operator)


def progress_bar(label: str) -> ProgressBar[int]:
    """Return a bar of a thousand parts on standard error, silent unless somebody watches."""
    return click.progressbar(length=1000, label=label, file=sys.stderr, hidden=not sys.stderr.isatty())


def kommun_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--kommun``."""
    text = "Kommunkod, fyra siffror. Behövs bara när databasen har flera kommuner."
    return click.option("--kommun", metavar="KOD", help=text)(command)


def json_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Skriv JSON i stället för text.")(command)


def echo_json(content: Any) -> None:  # noqa: ANN401  # whatever the command prints
    """Print plain data, dates as text and exact figures as numerator/denominator."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def write_file(path: Path, content: bytes) -> None:
    """Write ``content`` and say where."""
    path.write_bytes(content)
    click.echo(f"Skrev {path} ({len(content)} byte).", err=True)
