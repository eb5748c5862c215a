from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from core.settings import KEY_BYTES, PROJECT_FOLDER, Settings, SettingsError, is_loopback

if TYPE_CHECKING:
    from pathlib import Path


def test_a_fresh_clone_uses_sqlite_under_data_without_demo_mode() -> None:
    settings = Settings.from_environment({})
    assert settings.database_url == f"sqlite:///{PROJECT_FOLDER / 'data' / 'skolkronan.db'}"
    assert not settings.demo
    assert settings.host == "127.0.0.1"


def test_the_environment_decides(tmp_path: Path) -> None:
    settings = Settings.from_environment(
        {
            "SKOLKRONAN_DATABASE_URL": "postgresql+psycopg://db/skolkronan",
            "SKOLKRONAN_DEMO": "ja",
            "SKOLKRONAN_KEY_FILE": str(tmp_path / "nyckel"),
        }
    )
    assert settings.database_url == "postgresql+psycopg://db/skolkronan"
    assert settings.demo
    assert settings.key_file == tmp_path / "nyckel"


def test_an_unknown_word_for_yes_is_refused() -> None:
    with pytest.raises(SettingsError, match="SKOLKRONAN_DEMO=kanske"):
        Settings.from_environment({"SKOLKRONAN_DEMO": "kanske"})


def test_demo_mode_is_refused_on_an_address_others_can_reach() -> None:
    with pytest.raises(SettingsError, match="utan inloggning"):
        Settings.from_environment({"SKOLKRONAN_DEMO": "1", "SKOLKRONAN_HOST": "0.0.0.0"})  # noqa: S104  # refused, that is the point
    assert Settings.from_environment({"SKOLKRONAN_HOST": "0.0.0.0"}).host == "0.0.0.0"  # noqa: S104  # fine with login


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "::1", "[::1]"])
def test_loopback_is_recognised(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "skolkronan.se", "localhost.example.se", ""])  # noqa: S104  # only compared
def test_everything_else_is_not_loopback(host: str) -> None:
    assert not is_loopback(host)


def demo_settings(tmp_path: Path, *, demo: bool = True) -> Settings:
    return Settings(database_url="sqlite://", demo=demo, key_file=tmp_path / "keys" / "pseudonym.key")


def test_demo_mode_makes_a_key_once_that_only_its_owner_can_read(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    key = settings.pseudonym_key()
    assert len(key) == KEY_BYTES
    assert stat.S_IMODE(settings.key_file.stat().st_mode) == 0o600
    assert settings.pseudonym_key() == key
    assert [file.name for file in settings.key_file.parent.iterdir()] == ["pseudonym.key"]


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path)
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: settings.pseudonym_key(), range(32)))
    assert len(keys) == 1


def test_outside_demo_mode_a_missing_key_is_never_made_by_accident(tmp_path: Path) -> None:
    settings = demo_settings(tmp_path, demo=False)
    with pytest.raises(SettingsError, match="finns inte"):
        settings.pseudonym_key()
    assert not settings.key_file.exists()


@pytest.mark.parametrize(("size", "mode", "words"), [(KEY_BYTES, 0o640, "läsas av andra"), (8, 0o600, "8 byte")])
def test_a_key_that_is_open_or_short_is_refused(tmp_path: Path, size: int, mode: int, words: str) -> None:
    settings = demo_settings(tmp_path)
    settings.key_file.parent.mkdir()
    settings.key_file.write_bytes(b"k" * size)
    settings.key_file.chmod(mode)
    with pytest.raises(SettingsError, match=words):
        settings.pseudonym_key()
