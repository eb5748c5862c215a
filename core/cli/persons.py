"""Who does it: four eyes need two names, also on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.access import Actor
    from core.cli.session import Session


def by_option(command: Callable[..., None]) -> Callable[..., None]:
    """Add ``--by``."""
    text = "Vem som gör det, till exempel användarnamnet. Den som tar fram kan inte själv godkänna."
    return click.option("--by", metavar="NAMN", required=True, help=text)(command)


def person(session: Session, kommun: str | None, by: str) -> tuple[Actor, str]:
    """Return the operator under the name that was given, and the kommun's code."""
    from core.usecases.operators import named

    operator, code = session.operator(kommun)
    return named(operator, by), code
