"""A PostgreSQL server of the tests' own: started once, on loopback, on a free port, thrown away afterwards.

Its databases have the roles of a real server, made by the very file that an administrator runs: ``url`` is the address
of the role that the program runs as, which owns nothing; ``owner_url`` that of the owner, who migrates and backs up.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql

ROLES = Path(__file__).resolve().parents[2] / "docs" / "drift" / "postgresql-roller.sql"
OWNER, APP = "skolkronan_agare", "skolkronan_app"
SUPERUSER = "provserver"
# Nothing here must survive a power cut, so the disk need not be waited for.
HASTE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "60"}


ROOM = 4 * 2**30
"""Bytes that must be free in memory before databases are laid there: tests use a fraction of it."""


def quick_place() -> Path | None:
    """Return a folder in memory, where nothing waits for a disk; None where there is none with room enough."""
    memory = Path("/dev/shm")  # noqa: S108 - files in it get folders of their own
    return memory if memory.is_dir() and shutil.disk_usage(memory).free >= ROOM else None


def programs() -> Path | None:
    """Return the folder that holds ``initdb`` and ``postgres`` of the newest version found, or None."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


@dataclass(slots=True)
class PostgresServer:
    """A running server; ``url(name)`` is the SQLAlchemy address of one of its databases, for the program's own role."""

    folder: Path
    port: int
    password: str
    owner: str | None  # the user the server runs as when we are root, whom PostgreSQL refuses
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    desk: psycopg.Connection | None = field(default=None, repr=False)
    """Where databases are made and dropped: opened once, since opening one takes longer than asking it."""

    @classmethod
    def start(cls) -> Self:
        """Create a cluster in a folder of its own and wait until it answers."""
        bin_folder = programs()
        assert bin_folder is not None, "PostgreSQL är inte installerat"
        owner = _unprivileged_user() if os.geteuid() == 0 else None
        folder = Path(tempfile.mkdtemp(prefix="skolkronan_pg_", dir=quick_place()))
        server = cls(folder, _free_port(), secrets.token_urlsafe(12), owner)
        secret = server.folder / "password"
        secret.write_text(server.password)
        if owner:
            shutil.chown(server.folder, owner)
            shutil.chown(secret, owner)
        data = server.folder / "data"
        initdb = [bin_folder / "initdb", "-D", data, "-U", SUPERUSER, f"--pwfile={secret}", "--auth=scram-sha-256"]
        server.run(*initdb, "--encoding=UTF8", "--locale=C", "--no-sync")
        settings = [f"-c{name}={value}" for name, value in HASTE.items()]
        address = [f"-p{server.port}", "-clisten_addresses=127.0.0.1", f"-cunix_socket_directories={server.folder}"]
        server.process = subprocess.Popen(
            [bin_folder / "postgres", "-D", data, *address, *settings],
            stdout=(server.folder / "log").open("wb"),
            stderr=subprocess.STDOUT,
            cwd=server.folder,
            **server._as_owner(),
        )
        server._wait()
        server._make_roles("postgres")
        for role in (OWNER, APP):
            server._command(f"ALTER ROLE {{}} PASSWORD '{server.password}'", role)
        return server

    def stop(self) -> None:
        """End the server and remove its folder."""
        if self.desk is not None:
            self.desk.close()
        if self.process is not None:
            self.process.send_signal(signal.SIGINT)  # "fast": does not wait for connections that a test left behind
            self.process.wait(timeout=30)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str, role: str = APP) -> str:
        return f"postgresql+psycopg://{role}:{self.password}@127.0.0.1:{self.port}/{name}"

    def owner_url(self, name: str) -> str:
        return self.url(name, OWNER)

    def superuser_url(self, name: str) -> str:
        return self.url(name, SUPERUSER)

    def create(self, name: str, *, template: str = "template0") -> None:
        self._command("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, template)
        self._make_roles(name)

    def drop(self, name: str) -> None:
        """Remove a database even when a test has left connections behind."""
        self._command("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)

    def run(self, *command: object) -> None:
        """Run one of PostgreSQL's programs as the server's owner; its words are shown when it fails."""
        words = [str(word) for word in command]
        done = subprocess.run(words, capture_output=True, text=True, check=False, cwd=self.folder, **self._as_owner())
        assert done.returncode == 0, f"{words[0]}: {done.stderr or done.stdout}"

    def _as_owner(self) -> dict:
        if self.owner is None:
            return {}
        return {"user": self.owner, "group": pwd.getpwnam(self.owner).pw_gid, "extra_groups": []}

    def _connect(self, name: str = "postgres") -> psycopg.Connection:
        return psycopg.connect(
            host="127.0.0.1",
            port=self.port,
            user=SUPERUSER,
            password=self.password,
            dbname=name,
            autocommit=True,
        )

    def _make_roles(self, name: str) -> None:
        with closing(self._connect(name)) as connection:
            connection.execute(ROLES.read_text(encoding="utf-8"))

    def _command(self, text: str, *names: str) -> None:
        if self.desk is None or self.desk.closed:
            self.desk = self._connect()
        self.desk.execute(sql.SQL(text).format(*(sql.Identifier(name) for name in names)))

    def _wait(self) -> None:
        assert self.process is not None
        for _ in range(300):
            assert self.process.poll() is None, (self.folder / "log").read_text()
            try:
                self._connect().close()
            except psycopg.OperationalError:
                try:
                    self.process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
            else:
                return
        raise AssertionError((self.folder / "log").read_text())


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise AssertionError("ingen användare utan rättigheter att köra PostgreSQL som")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
