"""The login providers and how long a login lives, read from a file of secrets outside the program's folder.

The file is named by ``SKOLKRONAN_SECRETS_FILE`` and has Streamlit's own form, since Streamlit reads it too, with a
part of ours beside it. Every key is known or refused: a misspelt one would else be left out in silence. No value of the
file is ever repeated in a message.

    [auth]
    redirect_uri = "https://skolkronan.example.se/oauth2callback"
    cookie_secret = "…"                       # at least 32 characters, the same in every process
    [auth.kommun]                             # one for each provider; the name is ours, without underscore
    client_id = "…"
    client_secret = "…"
    server_metadata_url = "https://…/.well-known/openid-configuration"
    [skolkronan.login.kommun]
    label = "Logga in med kommunens konto"    # what the button says
    [skolkronan.session]
    hours = 8                                 # a login's whole life
    idle_minutes = 30                         # and how long it may rest
"""

from __future__ import annotations

import ipaddress
import re
import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
CALLBACK = "/oauth2callback"
MIN_SECRET = 32
HOURS, IDLE_MINUTES = range(1, 13), range(5, 121)
# Which claim names the person: ``sub``, or Entra ID's ``oid``, which is the same in each of a kommun's programs. Never
# an address: it is handed on to the next who is hired.
SUBJECT_CLAIMS = ("sub", "oid")
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PROVIDER_KEYS = frozenset({"client_id", "client_secret", "server_metadata_url", "client_kwargs"})


class SettingsError(ValueError):
    """A setting cannot be used; the text says in Swedish which one, why, and what to write instead."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Somebody who vouches for who people are; ``label`` is what its button says.

    ``metadata_url``: where it tells of itself, below the name that it signs with (OpenID Connect Discovery).
    """

    name: str
    label: str
    subject_claim: str = "sub"
    metadata_url: str = field(default="", compare=False)

    def is_issuer(self, issuer: str) -> bool:
        """Say whether it signs as ``issuer``, by where it tells of itself."""
        return bool(issuer) and self.metadata_url.startswith(issuer.rstrip("/") + "/.well-known/")


@dataclass(frozen=True, slots=True)
class LoginSettings:
    """How people log in; without a provider nobody does.

    ``is_https``: the readers' own address is https; ``host``: the name of the server in it.
    """

    file: Path | None = None
    providers: tuple[Provider, ...] = ()
    life: timedelta = timedelta(hours=8)
    idle: timedelta = timedelta(minutes=30)
    is_https: bool = False
    host: str = ""

    def provider(self, name: str) -> Provider | None:
        """Return the provider of that name, None when it is not (or no longer) one of ours."""
        return next((one for one in self.providers if one.name == name), None)

    def may_sign_as(self, provider: Provider, issuer: str) -> bool:
        """Say whether a provider may sign as ``issuer``: never as another of ours, whose people it would then be."""
        return provider.is_issuer(issuer) or not any(one.is_issuer(issuer) for one in self.providers)


def read_login(file: Path) -> LoginSettings:
    """Return what the file says; raises ``SettingsError``, which names the file and the key but no value."""
    content = _content(file)
    auth, ours = _table(file, content, "auth"), _table(file, content, "skolkronan")
    _known(file, "skolkronan", ours, {"login", "session"})
    session = _table(file, ours, "session", "skolkronan.")
    _known(file, "skolkronan.session", session, {"hours", "idle_minutes"})
    names = [name for name, value in auth.items() if isinstance(value, dict)]
    _known(file, "auth", auth, {"redirect_uri", "cookie_secret", *names})
    if not names:
        raise SettingsError(f"{file}: ingen inloggningstjänst är angiven. Lägg till ett avsnitt [auth.namn].")
    address = _redirect(file, auth)
    return LoginSettings(
        file=file,
        providers=_providers(file, auth, names, _table(file, ours, "login", "skolkronan.")),
        life=timedelta(hours=_number(file, session, "hours", HOURS, 8)),
        idle=timedelta(minutes=_number(file, session, "idle_minutes", IDLE_MINUTES, 30)),
        is_https=address.scheme == "https",
        host=address.hostname or "",
    )


def _content(file: Path) -> dict[str, Any]:
    if file.resolve().is_relative_to(PROJECT_FOLDER):
        raise SettingsError(
            f"{file} ligger i programmets mapp. Flytta den utanför, till exempel till /etc/skolkronan/."
        )
    try:
        mode, raw = file.stat().st_mode, file.read_bytes()
    except OSError as error:
        what = "finns inte" if isinstance(error, FileNotFoundError) else "går inte att läsa"
        raise SettingsError(f"{file} {what}. Kontrollera SKOLKRONAN_SECRETS_FILE och vem som äger filen.") from error
    if mode & 0o077:
        raise SettingsError(f'{file} kan läsas av andra. Skriv: chmod 600 "{file}"')
    try:
        return tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        where = f" på rad {line[1]}" if line else ""
        raise SettingsError(f"{file} är inte skriven som TOML{where}. Rätta raden.") from None


def _table(file: Path, content: dict[str, Any], key: str, above: str = "") -> dict[str, Any]:
    found = content.get(key, {})
    if not isinstance(found, dict):
        raise SettingsError(f"{file}: {above}{key} ska vara ett avsnitt, [{above}{key}].")
    return found


def _known(file: Path, section: str, content: dict[str, Any], known: set[str]) -> None:
    unknown = sorted(set(content) - known)
    if unknown:
        raise SettingsError(f"{file}: {section}.{unknown[0]} är okänd. Kända: {', '.join(sorted(known))}.")


def _text(file: Path, section: str, content: dict[str, Any], key: str, least: int = 1) -> str:
    found = content.get(key)
    if not isinstance(found, str) or len(found.strip()) < least:
        what = f"minst {least} tecken" if least > 1 else "en text"
        raise SettingsError(f"{file}: {section}.{key} saknas eller är för kort. Skriv {what}.")
    return found


def _number(file: Path, session: dict[str, Any], key: str, allowed: range, default: int) -> int:
    found = session.get(key, default)
    if type(found) is not int or found not in allowed:
        limits = f"{allowed.start}–{allowed.stop - 1}"
        raise SettingsError(f"{file}: skolkronan.session.{key} ska vara ett heltal, {limits}.")
    return found


def _redirect(file: Path, auth: dict[str, Any]) -> SplitResult:
    """Return the address people come back to, checked together with the secret that signs their cookies."""
    address = _address(file, "auth", auth, "redirect_uri")
    parts = urlsplit(address)
    if parts.path != CALLBACK:
        raise SettingsError(f"{file}: auth.redirect_uri ska sluta med {CALLBACK}, direkt efter värdnamnet.")
    _text(file, "auth", auth, "cookie_secret", MIN_SECRET)
    return parts


def _address(file: Path, section: str, content: dict[str, Any], key: str) -> str:
    found = _text(file, section, content, key)
    try:
        parts = urlsplit(found)
        fits = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    except ValueError:
        fits = False
    if not fits or not parts.hostname:
        raise SettingsError(f"{file}: {section}.{key} ska vara en adress med https (http bara på den egna datorn).")
    return found


def _providers(file: Path, auth: dict[str, Any], names: list[str], texts: dict[str, Any]) -> tuple[Provider, ...]:
    for name in names:
        if not _NAME.fullmatch(name):
            raise SettingsError(f"{file}: [auth.{name}] ska heta något av a–z, 0–9 och bindestreck, utan understreck.")
    stray = sorted(set(texts) - set(names))
    if stray:
        raise SettingsError(f"{file}: skolkronan.login.{stray[0]} saknar motsvarande avsnitt [auth.{stray[0]}].")
    return tuple(_provider(file, name, auth[name], _table(file, texts, name, "skolkronan.login.")) for name in names)


def _provider(file: Path, name: str, given: dict[str, Any], words: dict[str, Any]) -> Provider:
    section = f"auth.{name}"
    _known(file, section, given, set(_PROVIDER_KEYS))
    for key in ("client_id", "client_secret"):
        _text(file, section, given, key)
    metadata_url = _address(file, section, given, "server_metadata_url")
    _table(file, given, "client_kwargs", f"{section}.")
    ours = f"skolkronan.login.{name}"
    _known(file, ours, words, {"label", "subject"})
    label = _text(file, ours, words, "label") if "label" in words else f"Logga in med {name}"
    claim = words.get("subject", "sub")
    if claim not in SUBJECT_CLAIMS:
        raise SettingsError(f"{file}: {ours}.subject ska vara något av {', '.join(SUBJECT_CLAIMS)}, aldrig en adress.")
    return Provider(name, label, claim, metadata_url)


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` (name or address, brackets allowed) can only be reached from the machine itself."""
    bare = host.strip().removeprefix("[").removesuffix("]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False
