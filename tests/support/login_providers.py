"""Login providers on the own machine, and the dashboard that lets people in by them.

``login_providers``  two OpenID Connect providers for the session, "kommun" and "region"
``login_server``     a fresh dashboard on a copy of the demo database, with both; demo mode is off

>>> server = login_server
>>> server.let_in("rektor", "rektor", "enhet", "G01")      # an account and a role for who logs in as "rektor"
>>> log_in(page, server, "rektor")                         # by the provider's own page, back to where one was going
"""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from tests.support.browsing import settle
from tests.support.logging_in import add_account, add_role
from tests.support.servers import AppServer, free_port, running_server
from tests.support.small_kommun import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta
    from pathlib import Path

    import flask
    from playwright.sync_api import Page

    from core.usecases.context import App
    from tests.support.databases import Database, DatabaseMaker

LINDVIK = "9901"
COOKIE_SECRET = "only for tests: signs the cookies of a server that lives for a test"  # noqa: S105 - that is the point
LABELS = {"kommun": "Logga in med kommunens konto", "region": "Logga in med regionens konto"}


@dataclass(frozen=True, slots=True)
class LoginServer:
    """A dashboard with login, its providers' addresses, and the way to its tables."""

    server: AppServer
    issuers: dict[str, str]
    app: App = field(repr=False)
    secrets_file: Path

    @property
    def url(self) -> str:
        return self.server.url

    def let_in(
        self, sub: str, role: str, scope_kind: str, scope_id: str, *, provider: str = "kommun", kommun: str = LINDVIK
    ) -> int:
        """Make an account with a role for ``sub`` of a provider; return the role's number."""
        add_account(self.app, sub, kommun, self.issuers[provider])
        return add_role(self.app, role, scope_kind, scope_id, sub=sub, kommun=kommun, issuer=self.issuers[provider])

    def age(self, column: str, by: timedelta) -> None:
        """Let every login be older than it is: time passes in the table alone."""
        path = self.server.database.url.removeprefix("sqlite:///")
        seconds = f"-{int(by.total_seconds())} seconds"
        with closing(sqlite3.connect(path, timeout=20)) as connection, connection:
            shifted = f"strftime('%Y-%m-%d %H:%M:%f000', {column}, ?)"
            connection.execute(f"UPDATE login SET {column} = {shifted}", (seconds,))

    def logins(self) -> list[tuple[str, str | None]]:
        """Return (subject, why it ended) of each login."""
        path = self.server.database.url.removeprefix("sqlite:///")
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT subject, ended_why FROM login ORDER BY began_at").fetchall()


@contextmanager
def _running(app: flask.Flask) -> Iterator[str]:
    """Answer as a provider on a port of its own, under another name than the dashboard's so that cookies keep apart."""
    import werkzeug.serving  # these two are heavy, and loaded by every run of the tests otherwise

    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(5)


def _provider() -> flask.Flask:
    import oidc_provider_mock

    users = [
        oidc_provider_mock.User(sub=sub, claims={"name": sub.capitalize(), "email": f"{sub}@lindvik.example.se"})
        for sub in ("rektor", "rektor2", "huvudman", "controller", "okand", "inbjuden")
    ]
    app: flask.Flask = oidc_provider_mock.app(user_claims=users)

    app.add_url_rule("/favicon.ico", "favicon", lambda: ("", 204))  # browsers ask, and would call its absence an error

    @app.after_request
    def only_from_here(answer: flask.Response) -> flask.Response:
        """Take the style sheet of another host out of the provider's pages."""
        if answer.mimetype == "text/html":
            answer.set_data(re.sub(r"<link\b[^>]*>", "", answer.get_data(as_text=True)))
        return answer

    return app


@pytest.fixture(scope="session")
def login_providers() -> Iterator[dict[str, str]]:
    """Give the addresses of two running providers by name."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with ExitStack() as stack:
        yield {name: stack.enter_context(_running(_provider())) for name in LABELS}


def secrets_text(issuers: dict[str, str], url: str, session: str = "") -> str:
    """Return a secrets file for the providers and a dashboard at ``url``."""
    parts = [f'[auth]\nredirect_uri = "{url}/oauth2callback"\ncookie_secret = "{COOKIE_SECRET}"\n']
    for name, issuer in issuers.items():
        address = f"{issuer}/.well-known/openid-configuration"
        parts.append(
            f'[auth.{name}]\nclient_id = "skolkronan"\nclient_secret = "hemlig-{name}"\n'
            f'server_metadata_url = "{address}"\n[skolkronan.login.{name}]\nlabel = "{LABELS[name]}"\n'
        )
    return "\n".join([*parts, session])


def write_secrets(file: Path, text: str) -> Path:
    """Write a file that its owner alone may read."""
    file.touch(mode=0o600)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture
def login_server(
    database_maker: DatabaseMaker, login_providers: dict[str, str], tmp_path: Path
) -> Iterator[LoginServer]:
    """Give a fresh dashboard with login, on SQLite."""
    database: Database = database_maker.make("sqlite", "demo")
    port = free_port()
    file = write_secrets(tmp_path / "secrets.toml", secrets_text(login_providers, f"http://127.0.0.1:{port}"))
    with running_server(database, tmp_path, port, SKOLKRONAN_DEMO="0", SKOLKRONAN_SECRETS_FILE=str(file)) as server:
        yield LoginServer(server, login_providers, opened(database.url, tmp_path).app, file)
    database_maker.drop(database)


def log_in(page: Page, sub: str, provider: str = "kommun") -> None:
    """Log in from the page that is open, by the provider's own form, and wait for the page one comes to."""
    page.get_by_role("button", name=LABELS[provider]).click()
    page.get_by_placeholder("sub").fill(sub)
    page.get_by_role("button", name="Authorize", exact=True).click()
    settle(page)


def leave_provider(page: Page) -> None:
    """Say yes to the provider's own question after logging out."""
    page.get_by_role("button", name="End session").click()
    settle(page)
