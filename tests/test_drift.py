"""docs/drift.md and its files: every unit is sound, every variable explained, every command that can be run is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from core.secrets_file import SettingsError, read_login
from core.settings import Settings
from tests.support.databases import PROJECT, demo_environment
from tests.support.front import FILES, command_of, environment_of, replaced

if TYPE_CHECKING:
    from tests.support.databases import Database

PAGE = (PROJECT / "docs" / "drift.md").read_text(encoding="utf-8")
UNITS = sorted(one.name for one in FILES.glob("*.service"))
TIMERS = sorted(one.name for one in FILES.glob("*.timer"))
SPEAKS = "SKOLKRONAN_"
LEAST_EXPOSED = 20
"""systemd's own measure, tenths: 100 is a unit that may do anything, and under 20 is called OK."""


# --- units ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the units as they are installed, an instance of the template included."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze är inte installerat (sudo apt-get install systemd)")
    folder = tmp_path_factory.mktemp("units")
    for name in UNITS:
        text = (FILES / name).read_text(encoding="utf-8")
        # systemd looks for the program itself; ours stands elsewhere on this machine
        folder.joinpath(name).write_text(replaced(text, {"/opt/skolkronan/.venv/bin/python": sys.executable}))
    for name in TIMERS:
        shutil.copy(FILES / name, folder)
    shutil.copy(folder / "skolkronan@.service", folder / "skolkronan@1.service")
    return folder


@pytest.mark.parametrize("name", [*[one.replace("@.", "@1.") for one in UNITS], *TIMERS])
def test_systemd_finds_nothing_wrong_with_a_unit(units: Path, name: str) -> None:
    done = subprocess.run(
        ["systemd-analyze", "verify", f"./{name}"], cwd=units, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_systemd_would_have_found_a_misspelt_line(units: Path, tmp_path: Path) -> None:
    text = (units / "skolkronan-revision.service").read_text()
    tmp_path.joinpath("fel.service").write_text(text.replace("NoNewPrivileges", "NoNewPriviliges"))
    words = ["systemd-analyze", "verify", "./fel.service"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "NoNewPriviliges" in done.stderr


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_may_do_little(units: Path, name: str) -> None:
    words = ["systemd-analyze", "security", "--offline=true", f"--threshold={LEAST_EXPOSED}"]
    name = name.replace("@.", "@1.")
    done = subprocess.run([*words, f"./{name}"], cwd=units, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-400:]
    text = (units / name).read_text()
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "CapabilityBoundingSet=\n"):
        assert line in text


def test_only_the_owner_of_the_tables_makes_copies_and_never_runs_the_pages() -> None:
    users = {name: re.findall(r"^User=(\w+)$", (FILES / name).read_text(), re.MULTILINE) for name in UNITS}
    assert users == {
        "skolkronan-backup.service": ["skolkronan_agare"],
        "skolkronan-revision.service": ["skolkronan_app"],
        "skolkronan@.service": ["skolkronan_app"],
    }
    roles = (FILES / "postgresql-roller.sql").read_text(encoding="utf-8")
    assert all(f"CREATE ROLE {role}" in roles for role in ("skolkronan_agare", "skolkronan_app"))
    assert "skolkronan_app@" in environment_of("skolkronan.env")["SKOLKRONAN_DATABASE_URL"]
    assert "skolkronan_agare@" in environment_of("agare.env")["SKOLKRONAN_DATABASE_URL"]


def test_the_backup_unit_writes_a_copy_that_can_be_read_back(database: Database, tmp_path: Path) -> None:
    words = command_of("skolkronan-backup.service")
    changes = {"/opt/skolkronan/.venv/bin/python": sys.executable, "/var/lib/skolkronan/kopior": str(tmp_path)}
    line = replaced(words[-1], changes).replace("$$", "$").replace("%%", "%")  # as systemd reads them
    environment = {**demo_environment(database.owner_url, tmp_path), "SKOLKRONAN_DEMO": "0"}
    done = subprocess.run(
        [*words[:-1], line], env=environment, cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    (copy,) = tmp_path.glob("skolkronan-*.kopia")
    restored = subprocess.run(
        [sys.executable, "-m", "core", "restore", "--replace", str(copy)],
        env=environment, cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert restored.returncode == 0, restored.stderr


# --- settings and secrets by example --------------------------------------------------------------------------------


def _variables_read() -> set[str]:
    """Return every variable of ours that the program's code names."""
    files = [*PROJECT.glob("core/**/*.py"), PROJECT / "asgi.py", PROJECT / "app.py"]
    text = "\n".join(one.read_text(encoding="utf-8") for one in files)
    return {one for one in re.findall(rf"\"({SPEAKS}[A-Z_]+)\"", text) if not one.endswith("_")}


def test_the_example_explains_every_variable_and_names_no_other() -> None:
    text = (FILES / "skolkronan.env").read_text(encoding="utf-8")
    told = set(re.findall(rf"^#?({SPEAKS}[A-Z_]+)=", text, re.MULTILINE))
    assert told == _variables_read()
    for name in told:
        before = text[: re.search(rf"^#?{name}=", text, re.MULTILINE).start()].rstrip().splitlines()[-1]  # type: ignore[union-attr]  # found above
        assert re.match(r"# .{10,}", before), f"{name} saknar förklaring"


def test_the_program_takes_the_examples(tmp_path: Path) -> None:
    text = (FILES / "hemligheter.toml").read_text(encoding="utf-8")
    secrets = tmp_path / "hemligheter.toml"
    secrets.touch(mode=0o600)
    secrets.write_text(text.replace("<64 tecken>", "x" * 64).replace("<tjänsten>", "login.example.se"))
    settings = Settings.from_environment({
        **environment_of("skolkronan.env"), "SKOLKRONAN_SECRETS_FILE": str(secrets),
    })  # fmt: skip
    assert settings.login.is_https
    assert settings.login.host == "skolkronan.example.se"
    assert [one.name for one in settings.login.providers] == ["kommun"]
    assert not settings.demo
    Settings.from_environment(environment_of("agare.env"))


def test_the_example_of_secrets_is_refused_until_somebody_has_written_a_secret(tmp_path: Path) -> None:
    secrets = tmp_path / "hemligheter.toml"
    secrets.touch(mode=0o600)
    secrets.write_text((FILES / "hemligheter.toml").read_text(encoding="utf-8"))
    with pytest.raises(SettingsError, match="cookie_secret"):
        read_login(secrets)


# --- the page itself ------------------------------------------------------------------------------------------------


def test_every_file_is_in_the_table_and_every_link_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", PAGE)
    assert [one for one in links if not (PROJECT / "docs" / one).exists()] == []
    assert {one.removeprefix("drift/") for one in links if one.startswith("drift/")} - {""} == {
        one.name for one in FILES.iterdir()
    }


def _blocks() -> list[str]:
    """Return the commands that the page says tests run, block by block."""
    return re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)


AS_OWNER = re.compile(r"python -m core (migrate|backup|restore)\b")


def test_every_command_of_the_page_that_can_be_run_is_run_in_its_order(database: Database, tmp_path: Path) -> None:
    """From no key and no kommun to a copy that was read back, each by the role that the page says."""
    etc, var = tmp_path / "etc", tmp_path / "kopior"
    etc.mkdir()
    var.mkdir()
    environment = {
        **demo_environment(database.url, tmp_path),
        "SKOLKRONAN_DEMO": "0",
        "SKOLKRONAN_KEY_FILE": str(etc / "pseudonym.key"),
        "SKOLKRONAN_COLUMN_KEY_FILE": str(etc / "column.keys"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    environment.pop("SKOLKRONAN_COLUMN_KEYS")
    for script in _scripts():
        url = database.owner_url if AS_OWNER.match(script) else database.url
        here = script.replace("/etc/skolkronan", str(etc)).replace("/var/lib/skolkronan/kopior", str(var))
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", here],
            env={**environment, "SKOLKRONAN_DATABASE_URL": url},
            cwd=PROJECT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{script}\n{done.stdout}{done.stderr}"
    written = ("pseudonym.key", "column.keys", "hemligheter.toml", "skolkronan.env", "agare.env")
    assert {one.name: one.stat().st_mode & 0o077 for one in etc.iterdir()} == dict.fromkeys(written, 0)
    Settings.from_environment(environment).pseudonym_key()


def _scripts() -> list[str]:
    """Return our own commands one by one, and a block of others whole, since they share what umask says."""
    blocks = _blocks()
    assert len(blocks) == 4
    return [
        script for block in blocks for script in (block.splitlines() if block.startswith("python -m core") else [block])
    ]


def test_every_command_named_on_the_page_is_one_of_ours() -> None:
    from core.cli.main import main

    named = set(re.findall(r"python -m core ([a-z-]+)", PAGE))
    assert named
    assert named <= set(main.commands)
