"""What the surroundings decide: database, demo mode, key file, address and login, read from the environment.

``Settings.from_environment()`` is called once by whoever starts the program (the server, the command line) and
handed down as an argument; nothing else reads the environment. Only the standard library is used here.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from core.secrets_file import PROJECT_FOLDER, LoginSettings, SettingsError, is_loopback, read_login

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["KEY_BYTES", "PROJECT_FOLDER", "LoginSettings", "Settings", "SettingsError", "is_loopback"]

KEY_BYTES = 32
_TRUE, _FALSE = frozenset({"1", "ja", "true", "yes"}), frozenset({"", "0", "nej", "false", "no"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of one process.

    ``database_url`` is an SQLAlchemy address. ``host`` is the address the server is meant to answer on;
    demo mode lets the reader choose a persona without login and therefore only accepts the machine itself, and no
    login provider beside it.
    """

    database_url: str
    demo: bool
    key_file: Path
    data_folder: Path = PROJECT_FOLDER / "data"
    host: str = "127.0.0.1"
    login: LoginSettings = field(default_factory=LoginSettings)
    column_keys_given: str = field(default="", repr=False)
    column_key_file: Path | None = None

    def __post_init__(self) -> None:
        if self.demo and not is_loopback(self.host):
            message = (
                f"SKOLKRONAN_HOST={self.host} går inte ihop med SKOLKRONAN_DEMO=1: i demoläget väljer läsaren roll "
                "utan inloggning, så servern svarar bara den egna datorn. Skriv SKOLKRONAN_HOST=127.0.0.1 eller stäng "
                "av demoläget."
            )
            raise SettingsError(message)
        if self.demo and self.login.providers:
            message = (
                f"SKOLKRONAN_DEMO=1 går inte ihop med inloggningstjänsterna i {self.login.file}: i demoläget väljer "
                "läsaren roll utan inloggning. Stäng av demoläget, eller ta bort SKOLKRONAN_SECRETS_FILE."
            )
            raise SettingsError(message)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Return the settings the environment variables ask for, with the defaults of a fresh clone.

        Raises ``SettingsError`` for a value that cannot be understood.
        """
        given = os.environ if environment is None else environment
        data_folder = PROJECT_FOLDER / "data"
        secrets_file = given.get("SKOLKRONAN_SECRETS_FILE")
        return cls(
            database_url=given.get("SKOLKRONAN_DATABASE_URL") or f"sqlite:///{data_folder / 'skolkronan.db'}",
            demo=_claim(given, "SKOLKRONAN_DEMO"),
            key_file=Path(given.get("SKOLKRONAN_KEY_FILE") or data_folder / "keys" / "pseudonym.key"),
            data_folder=data_folder,
            host=given.get("SKOLKRONAN_HOST") or "127.0.0.1",
            login=read_login(Path(secrets_file)) if secrets_file else LoginSettings(),
            column_keys_given=given.get("SKOLKRONAN_COLUMN_KEYS", ""),
            column_key_file=Path(column_file) if (column_file := given.get("SKOLKRONAN_COLUMN_KEY_FILE")) else None,
        )

    def pseudonym_key(self) -> bytes:
        """Return the key that turns personal identity numbers into pseudonyms.

        In demo mode the key is made on first use, readable by its owner only. Elsewhere it must be put in place
        by a person: a key made by accident would give every elev a new pseudonym and break the history.
        Raises ``SettingsError`` when the file is missing, too short, or readable by others.
        """
        if self.demo and not self.key_file.exists():
            _create_key(self.key_file, secrets.token_bytes(KEY_BYTES))
        key = _secret_file(self.key_file, f"head -c {KEY_BYTES} /dev/urandom")
        if len(key) < KEY_BYTES:
            message = f"Nyckelfilen {self.key_file} har {len(key)} byte, det behövs minst {KEY_BYTES}."
            raise SettingsError(message)
        return key

    def column_keys(self) -> tuple[bytes, ...]:
        """Return the keys of encrypted columns: the first encrypts, all of them decrypt.

        From ``SKOLKRONAN_COLUMN_KEYS`` (comma between), else from the file, one a line. In demo mode a file is made
        on first use. Raises ``SettingsError`` when there is none or one is malformed; no text ever repeats a key.
        """
        if self.column_keys_given.strip():
            return _keys(self.column_keys_given.split(","), "SKOLKRONAN_COLUMN_KEYS")
        file = self.column_key_file or self.key_file.with_name("column.keys")
        if self.demo and not file.exists():
            _create_key(file, base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
        lines = _secret_file(file, f"head -c {KEY_BYTES} /dev/urandom | base64").decode("ascii", "replace").splitlines()
        return _keys([line for line in lines if line.strip() and not line.startswith("#")], str(file))


def _secret_file(file: Path, made_by: str) -> bytes:
    """Return what an owner-only file holds; ``made_by`` is the command that makes one."""
    if not file.is_file():
        message = (
            f"Nyckelfilen {file} finns inte. Lägg tillbaka den från säkerhetskopian, eller skapa den en "
            f'gång för alla: umask 077; {made_by} > "{file}"'
        )
        raise SettingsError(message)
    if file.stat().st_mode & 0o077:
        message = f'Nyckelfilen {file} kan läsas av andra. Skriv: chmod 600 "{file}"'
        raise SettingsError(message)
    return file.read_bytes()


def _keys(texts: Iterable[str], where: str) -> tuple[bytes, ...]:
    """Return keys written in base64; a malformed one is told by its place."""
    keys: list[bytes] = []
    for place, text in enumerate(texts, start=1):
        try:
            key = base64.b64decode(text.strip(), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != KEY_BYTES:
            message = (
                f"Nyckel {place} i {where} är inte {KEY_BYTES} byte skrivna som base64. Gör en ny: "
                f"head -c {KEY_BYTES} /dev/urandom | base64"
            )
            raise SettingsError(message)
        keys.append(key)
    if not keys:
        raise SettingsError(f"{where} innehåller ingen nyckel. Gör en: head -c {KEY_BYTES} /dev/urandom | base64")
    return tuple(keys)


def _claim(given: Mapping[str, str], name: str) -> bool:
    """Read a yes/no variable; anything but the known words is refused rather than guessed."""
    text = given.get(name, "").strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    message = f"{name}={given[name]} går inte att tolka. Skriv 1 för ja eller 0 för nej."
    raise SettingsError(message)


def _create_key(key_file: Path, content: bytes) -> None:
    """Put a new key in place in one step, so that two processes starting together end up with the same key."""
    key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=key_file.parent)  # mkstemp gives mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.link(draft, key_file)
    except FileExistsError:
        pass  # the other process was first; its key is the one that counts
    finally:
        Path(draft).unlink()
