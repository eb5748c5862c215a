"""break-glass: a local account from the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from core.cli import main
from core.usecases import break_glass
from tests.support.databases import demo_environment
from tests.support.logging_in import audit
from tests.support.small_kommun import KOMMUN, founded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby

    Run = Callable[..., Result]


@pytest.fixture
def lillby(sqlite_database: Database, tmp_path: Path) -> Lillby:
    return founded(sqlite_database.url, tmp_path)


@pytest.fixture
def run(lillby: Lillby, sqlite_database: Database, tmp_path: Path) -> Run:
    environment = demo_environment(sqlite_database.url, tmp_path)
    return lambda *words: CliRunner().invoke(main, ["break-glass", *map(str, words)], env=environment)


def test_an_account_is_opened_and_its_password_said_once(lillby: Lillby, run: Run) -> None:
    done = run("jour", "--role", "controller", "--by", "eva", "--hours", 24)
    assert done.exit_code == 0
    assert "som controller i kommun 9907" in done.stdout
    (password,) = re.findall(r"Lösenord \(visas bara nu\): ((?:[a-z2-9]{5}-?){5})\n", done.stdout)
    assert [link.actor for link in audit(lillby.app)] == ["kommandorad:eva"]
    assert "redan öppet" in run("jour", "--role", "controller", "--by", "eva").stderr
    assert run("jour", "--close", "--by", "bo").stdout == "Det lokala kontot jour är stängt.\n"
    assert break_glass.log_in_locally(lillby.app, KOMMUN, "jour", password) is None


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("jour", "--by", "eva"), 1, "Skriv vilken roll"),
        (("jour", "--role", "controller"), 2, "by saknas"),
        (("jour", "--role", "controller", "--by", "  "), 1, "Skriv vem som gör det"),
        (("jour", "--role", "controller", "--by", "eva", "--hours", 25), 1, "1–24 timmar"),
        (("jour", "--role", "rektor", "--by", "eva"), 1, "gäller inte för en hel kommun"),
        (("jour", "--close", "--by", "eva"), 1, "inget öppet lokalt konto"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_said(run: Run, words: tuple, code: int, said: str) -> None:
    done = run(*words)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr
