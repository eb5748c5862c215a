"""keys, retention and register-rows: what they show, what they do, and what they never print."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from core import bootstrap
from core.cli import main
from core.store.column_keys import key_id
from core.usecases.flags import raise_flag
from tests.support.column_keys import GIVEN, KEY
from tests.support.databases import demo_environment
from tests.support.reaching import PEEK
from tests.support.small_kommun import KOMMUN, REKTOR_A1, lillby_2026

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby

    Run = Callable[..., Result]

NEW = b"n" * 32
BOTH = f"{base64.b64encode(NEW).decode()},{GIVEN}"
ASKED = "En elev saknas i tvåan sedan september"


@pytest.fixture
def lillby(sqlite_database: Database, tmp_path: Path) -> Lillby:
    """Give Lillby with a question in free text."""
    found = lillby_2026(sqlite_database.url, tmp_path)
    raise_flag(found.app, REKTOR_A1, "A1", 2, "total", ASKED)
    return found


@pytest.fixture
def run(sqlite_database: Database, tmp_path: Path) -> Run:
    environment = demo_environment(sqlite_database.url, tmp_path)
    return lambda *words, **more: CliRunner().invoke(main, [str(one) for one in words], env={**environment, **more})


@pytest.fixture
def much_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the program's clock show 2034."""

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> Later:
            assert tz is UTC
            return cls(2034, 3, 1, 9, tzinfo=UTC)

    monkeypatch.setattr(bootstrap, "datetime", Later)


@pytest.mark.usefixtures("lillby")
def test_keys_are_shown_by_fingerprint_with_their_texts_and_never_themselves(run: Run) -> None:
    shown = run("keys", "show", SKOLKRONAN_COLUMN_KEYS=BOTH)
    assert shown.exit_code == 0
    assert key_id(NEW) in shown.stdout
    assert key_id(KEY) in shown.stdout
    assert not any(key in shown.output for key in BOTH.split(","))
    said = json.loads(run("keys", "show", "--json", SKOLKRONAN_COLUMN_KEYS=BOTH).stdout)
    assert said == {"keys": {key_id(NEW): 0, key_id(KEY): 1}, "unknown": {}, "clear": 0}


@pytest.mark.usefixtures("lillby")
def test_rotation_says_how_many_and_then_the_old_key_is_not_needed(run: Run) -> None:
    assert run("keys", "rotate", "--by", "anna", SKOLKRONAN_COLUMN_KEYS=BOTH).stdout == "1 texter är omkrypterade.\n"
    again = run("keys", "rotate", "--by", "anna", "--kommun", KOMMUN, SKOLKRONAN_COLUMN_KEYS=BOTH).stdout
    assert again == "Alla texter är redan krypterade med den första nyckeln.\n"
    alone = BOTH.split(",", maxsplit=1)[0]
    assert ASKED in run("flags", SKOLKRONAN_COLUMN_KEYS=alone).stdout


@pytest.mark.usefixtures("lillby")
def test_a_missing_key_is_named_and_nothing_is_shown(run: Run) -> None:
    lost = {"SKOLKRONAN_COLUMN_KEYS": BOTH.split(",", maxsplit=1)[0]}
    shown = run("keys", "show", **lost)
    assert shown.exit_code == 3
    assert "SAKNAS" in shown.stdout
    flags = run("flags", **lost)
    assert flags.exit_code == 1
    assert flags.stdout == ""
    assert key_id(KEY) in flags.stderr


@pytest.mark.usefixtures("lillby")
@pytest.mark.parametrize("given", ["inte base64!", base64.b64encode(b"kort").decode()])
def test_a_malformed_key_is_told_by_its_place_and_not_repeated(run: Run, given: str) -> None:
    shown = run("flags", SKOLKRONAN_COLUMN_KEYS=f"{GIVEN},{given}")
    assert shown.exit_code == 1
    assert "Nyckel 2 i SKOLKRONAN_COLUMN_KEYS" in shown.stderr
    assert given not in shown.output


@pytest.mark.usefixtures("lillby")
def test_the_keys_may_stand_in_a_file_that_only_its_owner_reads(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "kolumner.keys"
    file.write_text(f"# den nya först\n{BOTH.replace(',', chr(10))}\n", encoding="utf-8")
    given = {"SKOLKRONAN_COLUMN_KEYS": "", "SKOLKRONAN_COLUMN_KEY_FILE": str(file)}
    file.chmod(0o644)
    assert "kan läsas av andra" in run("flags", **given).stderr
    file.chmod(0o600)
    assert ASKED in run("flags", **given).stdout


@pytest.mark.usefixtures("lillby")
def test_outside_the_demo_no_key_is_made_and_what_needs_none_still_works(run: Run, tmp_path: Path) -> None:
    given = {"SKOLKRONAN_COLUMN_KEYS": "", "SKOLKRONAN_DEMO": "0", "SKOLKRONAN_COLUMN_KEY_FILE": str(tmp_path / "k")}
    assert run("runs", **given).exit_code == 0
    flags = run("flags", **given)
    assert flags.exit_code == 1
    assert "Nyckelfilen" in flags.stderr
    assert not (tmp_path / "k").exists()


@pytest.mark.usefixtures("lillby")
def test_the_demo_makes_a_key_file_for_its_owner_on_first_use(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "column.keys"
    run("keys", "show", SKOLKRONAN_COLUMN_KEYS="")
    assert file.stat().st_mode & 0o077 == 0
    kept = file.read_bytes()
    run("keys", "show", SKOLKRONAN_COLUMN_KEYS="")
    assert file.read_bytes() == kept


@pytest.mark.usefixtures("lillby")
def test_another_pseudonym_key_is_told_and_taken_over_only_by_name(run: Run) -> None:
    shown = run("keys", "stamp")  # the demo's own new key is not the one that the rows were made with
    assert shown.exit_code == 3
    assert "Lägg tillbaka den gamla nyckelfilen" in shown.stdout
    assert run("keys", "stamp", "--renew").exit_code == 1
    assert run("keys", "stamp", "--renew", "--by", "anna").exit_code == 0
    assert json.loads(run("keys", "stamp", "--json").stdout)["matches"]


@pytest.mark.usefixtures("much_later")
def test_retention_shows_first_and_erases_by_name(lillby: Lillby, run: Run) -> None:
    from core.usecases.flags import answer_flag
    from tests.support.small_kommun import CONTROLLER

    held = run("retention")
    assert "Sparas ändå: inskrivningar, elev för elev, nummer 2: fråga 1 är inte avslutad." in held.stdout
    answer_flag(lillby.app, CONTROLLER, 1, "Eleven finns i trean", accepted=False)
    shown = run("retention")
    assert "Inskrivningar, elev för elev" in shown.stdout
    assert "22 st" in shown.stdout
    assert "Inget är gallrat än." in shown.stdout
    assert run("retention", "--carry-out").exit_code == 1
    done = run("retention", "--carry-out", "--by", "anna")
    assert "22 st" in done.stdout
    assert "Inget ska gallras." in run("retention").stdout
    checked = run("verify-run", 2)
    assert "antal → belopp (registerraderna gallrades 2034-03-01). Allt stämmer." in checked.stdout
    assert run("audit", "verify").exit_code == 0
    assert "(gallrad)" in run("flags").stdout
    assert "Raderna är gallrade 2034-03-01." in run(*ROWS, "--purpose", "revision").stdout
    assert all(one["due"]["number"] == 0 for one in json.loads(run("retention", "--json").stdout))


ROWS = ("register-rows", "A1", 2, "gs.4_6", 9, "--by", "anna")


def test_rows_are_asked_for_with_a_purpose_and_the_look_is_logged_by_name(lillby: Lillby, run: Run) -> None:
    assert run(*ROWS).exit_code == 2
    wrong = run(*ROWS, "--purpose", "nyfiken")
    assert wrong.exit_code == 1
    assert "kontroll, fraga, rattelse, utbetalning, revision" in wrong.stderr
    shown = run(*ROWS, "--purpose", "fraga")
    assert len(shown.stdout.splitlines()) == 2 + 4
    assert json.loads(run(*ROWS, "--purpose", "fraga", "--json").stdout)["total"] == 4
    with lillby.app.reading(PEEK) as work:
        (look,) = [one for one in work.audit.entries(KOMMUN) if one.action == "register_rows.view"]
    assert look.actor == "kommandorad:anna"
    assert json.loads(look.payload or "")["purpose"] == "fraga"
