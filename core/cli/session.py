"""What a command stands on: the program built from the environment, and the operator of one kommun."""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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
        """The program."""
        from core.bootstrap import build

        return build(self.settings)

    def operator(self, kommun: str | None) -> tuple[Actor, str]:
        """Return the operator of ``kommun``, or of the only kommun there is, and its code."""
        from core.usecases.context import kommun_of
        from core.usecases.operators import operator_of

        operator = operator_of(self.app, kommun)
        return operator, kommun_of(operator)


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
