"""Roles from the command line: the first administrator, invitations, ends, and who was logged in to the server."""

from __future__ import annotations

import json
import os
import pwd
import sqlite3
from typing import TYPE_CHECKING

import pytest

from core.access.subjects import subject_of
from core.bootstrap import build
from core.cli import people as commands
from core.settings import Settings
from core.usecases.invitations import redeem
from core.usecases.kommuner import add_kommun
from core.usecases.people_views import Person
from tests.core.test_cli import Cli
from tests.support.databases import Database, demo_environment
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

    from core.usecases.context import App

ISSUER = "https://inloggning.granne.example"
KOMMUN = "9902"


@pytest.fixture
def app(sqlite_database: Database, tmp_path: Path) -> App:
    """Give the program on a database with one kommun that nobody has a role in."""
    program = build(Settings.from_environment(demo_environment(sqlite_database.url, tmp_path)))
    add_kommun(program, KOMMUN, "Granne", "999900-9902")
    return program


@pytest.fixture
def cli(app: App, sqlite_database: Database, tmp_path: Path) -> Cli:
    assert app.version
    return Cli(demo_environment(sqlite_database.url, tmp_path))


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.output


def first_administrator(cli: Cli) -> str:
    who = ("--issuer", ISSUER, "--subject", "e-1", "--name", "Embla Rönnklint")
    said(cli("access-grant", *who, "--role", "systemforvaltare", "--by", "Anna"))
    return subject_of(ISSUER, "e-1")


def test_a_new_kommun_gets_its_first_administrator_by_command(cli: Cli, app: App) -> None:
    assert "systemförvaltare" not in said(cli("access"))
    subject = first_administrator(cli)
    shown = cli.json("access")
    (account,), (held,) = shown["accounts"], shown["grants"]
    assert (account["subject"], account["name"], account["is_open"]) == (subject, "Embla Rönnklint", True)
    assert (held["role"], held["scope_kind"], held["scope_id"], held["last_day"]) == (
        "systemforvaltare", "kommun", KOMMUN, None,
    )  # fmt: skip
    assert held["given_by"] == "Kommandoraden (anna)"
    with app.reading(PEEK) as work:
        given = work.audit.entries(KOMMUN)[-1]
    facts = json.loads(given.payload or "")
    assert (given.actor, given.action) == ("kommandorad:anna", "access.grant")
    assert facts["os_user"] == pwd.getpwuid(os.getuid()).pw_name
    assert facts["subject"] == subject


def test_the_environment_does_not_decide_who_is_logged_in_to_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "nagon-annan")
    assert commands.os_user() == pwd.getpwuid(os.getuid()).pw_name


def test_a_number_without_a_name_is_told_as_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 3_999_999_999)
    assert commands.os_user() == "uid 3999999999"


def test_a_second_role_needs_no_name_and_the_first_one_does(cli: Cli) -> None:
    nameless = cli("access-grant", "--issuer", ISSUER, "--subject", "e-1", "--role", "controller", "--by", "anna")
    assert nameless.exit_code == 1
    assert "Ange --name" in nameless.output
    subject = first_administrator(cli)
    again = cli("access-grant", "--issuer", ISSUER, "--subject", "e-1", "--role", "controller", "--by", "anna")
    assert said(again) == f"Roll 2 är given till konto {subject}.\n"


def test_an_invitation_prints_its_code_alone_and_the_code_is_nowhere_else(
    cli: Cli, app: App, sqlite_database: Database
) -> None:
    result = cli("access-invite", "Joar Silverhage", "controller", "--until", "2099-12-31", "--by", "anna")
    code = result.stdout.strip()
    assert len(code.replace("-", "")) == 24
    assert code not in result.stderr
    assert "Inbjudan 1 gäller en gång" in result.stderr
    file = sqlite_database.url.removeprefix("sqlite:///")
    with sqlite3.connect(file) as connection:
        dump = "\n".join(connection.iterdump())
    assert code not in dump
    assert code.replace("-", "") not in dump
    assert "Joar Silverhage  controller  Granne  väntar" in said(cli("access"))
    redeem(app, Person(subject_of(ISSUER, "j-2"), ISSUER, "j-2", "Joar Silverhage"), code)
    (held,) = cli.json("access")["grants"]
    assert (held["name"], held["role"], held["last_day"]) == ("Joar Silverhage", "controller", "2099-12-31")
    assert cli.json("access")["invitations"] == []
    assert "använd" in said(cli("access", "--all"))


def test_the_last_administrator_can_be_removed_by_command_which_says_so(cli: Cli) -> None:
    subject = first_administrator(cli)
    ended = cli("access-end", 1, "--by", "anna")
    assert said(ended) == (
        "Roll 1 är avslutad.\n"
        "Kommunen har nu ingen systemförvaltare. Ge någon rollen med access-grant --role systemforvaltare.\n"
    )
    assert "avslutad" in said(cli("access", "--all"))
    first = cli("access-end", 1, "--by", "anna")
    assert (first.exit_code, first.output) == (
        1, "Fel: Rollen med nummer 1 är redan avslutad. Ladda om sidan Behörigheter.\n",
    )  # fmt: skip
    said(cli("access-close", subject, "--by", "anna"))
    assert cli("access-close", subject, "--by", "anna").exit_code == 1


@pytest.mark.parametrize(
    ("more", "text"),
    [
        (("--scope", "G01"), "säger inte vad rollen gäller"),
        (("--scope", "enhet:Z9"), "Rollen controller ges inte för enhet"),
        (("--from", "i morgon"), "är ingen dag"),
        (("--until", "2020-01-01"), "ligger före den första"),
        (("--by", " "), "Skriv vem som gör det"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(cli: Cli, more: tuple[str, ...], text: str) -> None:
    by = () if "--by" in more else ("--by", "anna")
    result = cli("access-invite", "Joar Silverhage", "controller", *more, *by)
    assert result.exit_code == 1
    assert result.output.startswith("Fel: ")
    assert text in result.output


def test_an_address_is_not_a_name_and_an_empty_subject_is_nobody(cli: Cli) -> None:
    address = cli("access-invite", "joar@granne.example", "controller", "--by", "anna")
    assert "utan e-postadress" in address.output
    nobody = cli("access-grant", "--issuer", ISSUER, "--subject", " ", "--role", "controller", "--by", "anna")
    assert (nobody.exit_code, "tomt" in nobody.output) == (1, True)
