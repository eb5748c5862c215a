"""PostgreSQL's own programs for copying a database out and in: where they are, and how they are told where to go.

Address and password go by the environment, never on the command line, where anybody on the machine could read them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import IO, TYPE_CHECKING

from sqlalchemy import make_url

from core.base import CoreError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import URL

INSTALLED = Path("/usr/lib/postgresql")
OF_QUERY = {
    "host": "PGHOST",
    "port": "PGPORT",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
SAID = 300


class ToolMissingError(CoreError):
    """One of PostgreSQL's programs is not on this machine."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"Programmet {name} finns inte på den här datorn. Installera PostgreSQL:s klientprogram, i minst samma "
            "version som servern: sudo apt-get install postgresql-client."
        )


class ToolFailedError(CoreError):
    """One of PostgreSQL's programs gave up; ``said`` is its own first words."""

    def __init__(self, name: str, said: str) -> None:
        self.name, self.said = name, said
        super().__init__(
            f"{name} gick inte att genomföra ({said}). Databasen är oförändrad och ingen fil har skrivits."
        )


def environment_of(url: str | URL) -> dict[str, str]:
    """Return the environment in which PostgreSQL's programs find the database."""
    address = make_url(url)
    parts = {
        "PGHOST": address.host,
        "PGPORT": address.port and str(address.port),
        "PGUSER": address.username,
        "PGPASSWORD": address.password and str(address.password),
        "PGDATABASE": address.database,
    }
    parts |= {OF_QUERY[name]: str(value) for name, value in address.query.items() if name in OF_QUERY}
    return {**os.environ, "PGCLIENTENCODING": "UTF8", **{name: value for name, value in parts.items() if value}}


def command(name: str, *arguments: str) -> list[str]:
    """Return how a program is called; the newest installed is taken. Raises ``ToolMissingError``."""
    installed = [path for path in INSTALLED.glob(f"*/bin/{name}") if path.parent.parent.name.isdigit()]
    newest = max(installed, key=lambda path: int(path.parent.parent.name), default=None)
    found = str(newest) if newest else shutil.which(name)
    if found is None:
        raise ToolMissingError(name)
    return [found, *arguments]


def run(
    words: Sequence[str], environment: Mapping[str, str], source: IO[bytes] | None, target: IO[bytes] | None = None
) -> None:
    """Run a program to its end; raises ``ToolFailedError`` with its first words."""
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs, found by us
        words,
        stdin=source or subprocess.DEVNULL,
        stdout=target or subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=dict(environment),
        check=False,
    )
    must_have_succeeded(words[0], done.returncode, done.stderr)


def must_have_succeeded(name: str, code: int, said: bytes) -> None:
    """Return if a program went well; raises ``ToolFailedError``."""
    if code != 0:
        lines = said.decode("utf-8", "replace").strip().splitlines()
        raise ToolFailedError(Path(name).name, lines[0][:SAID] if lines else f"felkod {code}")
