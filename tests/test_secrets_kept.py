"""No secret in the repository, and none in what a server logs while it is used and misused."""

from __future__ import annotations

import base64
import math
import re
import secrets
import subprocess
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.support.databases import PROJECT
from tests.support.login_providers import secrets_text, write_secrets
from tests.support.servers import free_port
from tests.support.ws_client import Reader
from tests.test_server import fetch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.servers import AppServer

# --- the repository -------------------------------------------------------------------------------------------------

NAMED = re.compile(
    r"""(?ix) \b [\w.-]* (?: passw(?:or)?d | passwd | secret | api[_-]?key | access[_-]?key | token | l[oö]senord)
        \b ["']? \s* [:=] \s* ["'] ([^"'\s]{8,}) ["']"""
)
FORMS = (
    re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----"),
    re.compile(r"\bAKIA[0-9A-Z]{16}\b"),
    re.compile(r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    re.compile(r"\bxox[abpr]-[A-Za-z0-9-]{10,}"),
    re.compile(r"\beyJ[A-Za-z0-9_-]{15,}\.eyJ[A-Za-z0-9_-]{15,}\."),
    re.compile(r"://[^/\s:@{}<>…]+:[^/\s@{}<>…]{6,}@(?!\.\.\.)"),
)
RANDOM = re.compile(r"(?<![\w/+.-])[A-Za-z0-9_/+-]{32,}={0,2}(?![\w/+.-])")
HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
BITS = 4.5
"""Bits a character: words and paths lie below, what a generator drew lies above."""
# What looks like a secret and is none: each with its reason.
REVIEWED = {
    "tests/core/test_cli.py": "addresses with a password in them, to see that it is never said",
    "tests/test_secrets_kept.py": "the forms themselves, and what the tests of this file write",
}
LEFT_OUT = (".woff2", ".png", ".ico", ".pdf", ".xlsx", ".po", ".mo", ".csv", "constraints.txt", ".svg")


def suspicious(text: str) -> list[str]:
    """Return what in a text looks like a key or a password."""
    found = [match[0][:40] for form in FORMS for match in form.finditer(text)]
    found += [match[0][:60] for match in NAMED.finditer(text) if _is_value(match[1])]
    return found + [match[0] for match in RANDOM.finditer(text) if _is_drawn(match[0])]


def _is_value(text: str) -> bool:
    """Tell a value from a name, a place-holder or a sentence."""
    has_figures = any(one.isdigit() for one in text) and any(one.isalpha() for one in text)
    return has_figures and not re.search(r"[<>{}…$%]|\.\.\.", text)


def _is_drawn(text: str) -> bool:
    """Tell what a generator drew from words joined together; a digest in hex is no secret."""
    if HEX.fullmatch(text) or not (re.search(r"\d", text) and re.search(r"[a-z]", text) and re.search(r"[A-Z]", text)):
        return False
    counts = Counter(text)
    return -sum(one / len(text) * math.log2(one / len(text)) for one in counts.values()) >= BITS


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("ingen git-historik här: bara ett utcheckat träd kan prövas")
    return [one for one in done.stdout.split("\0") if one]


def test_no_file_of_the_repository_holds_what_looks_like_a_secret() -> None:
    found = {}
    for name in tracked():
        path = PROJECT / name
        if name.endswith(LEFT_OUT) or name in REVIEWED or not path.is_file():
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if told := suspicious(text):
            found[name] = told
    assert found == {}


def test_what_was_reviewed_is_still_there_to_review() -> None:
    assert [name for name in REVIEWED if not suspicious((PROJECT / name).read_text(encoding="utf-8"))] == []


def test_no_file_that_is_a_secret_by_its_name_is_tracked() -> None:
    pattern = re.compile(r"(^|/)(secrets\.toml|\.env|id_rsa|pgpass)$|\.(key|keys|pem|p12|kdbx|kopia)$")
    assert [one for one in tracked() if pattern.search(one)] == []


@pytest.mark.parametrize(
    "text",
    [
        'cookie_secret = "9f8e7d6c5b4a39281706f5e4d3c2b1a0"',
        "password: 'hunter2hunter2'",
        "postgresql://skolkronan:s3cretW0rd@db.example.se/skolkronan",
        "-----BEGIN EC PRIVATE KEY-----",
        "value = " + base64.b64encode(bytes(range(7, 250, 5))).decode(),
    ],
)
def test_the_search_finds_what_a_careless_person_would_commit(text: str) -> None:
    assert suspicious(text)


@pytest.mark.parametrize(
    "text",
    [
        "sha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'",
        'cookie_secret = "<64 tecken>"',
        "def test_a_secret_that_is_long_enough_is_taken_and_one_that_is_short_is_not() -> None:",
        "postgresql+psycopg://skolkronan_app@/skolkronan?host=/run/postgresql",
    ],
)
def test_the_search_leaves_what_is_no_secret(text: str) -> None:
    assert suspicious(text) == []


# --- the log of a running server ------------------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path: Path) -> dict[str, bytes]:
    """Give keys of the test's own, put where a server finds them."""
    drawn = {"pseudonym": secrets.token_bytes(32), "column": base64.b64encode(secrets.token_bytes(32))}
    for name, content in drawn.items():
        path = tmp_path / f"{name}.key"
        path.touch(mode=0o600)
        path.write_bytes(content)
    return drawn


def test_a_server_that_is_used_and_misused_logs_none_of_its_secrets(
    start_server: Callable[..., AppServer], keys: dict[str, bytes], tmp_path: Path
) -> None:
    issuers = {name: f"http://localhost:{free_port()}" for name in ("kommun", "region")}  # nobody listens there
    text = secrets_text(issuers, "http://127.0.0.1:8501")
    server = start_server(
        SKOLKRONAN_DEMO="0",
        SKOLKRONAN_SECRETS_FILE=str(write_secrets(tmp_path / "hemligheter.toml", text)),
        SKOLKRONAN_KEY_FILE=str(tmp_path / "pseudonym.key"),
        SKOLKRONAN_COLUMN_KEYS="",
        SKOLKRONAN_COLUMN_KEY_FILE=str(tmp_path / "column.key"),
    )
    with Reader(server) as reader:
        for path in ("", "skolan", "underlag", "logga-in", "revision", "finns-inte"):
            reader.open(path)
    for path in ("/auth/login?provider=kommun", "/oauth2callback?code=HEMLIG-KOD&state=x", "/auth/login", "/media/x"):
        fetch(server.url + path, Cookie="_streamlit_user=HEMLIG-KAKA; _streamlit_xsrf=HEMLIG-KAKA")
    said = server.log.read_text(encoding="utf-8", errors="replace")
    assert "Uvicorn running" in said
    _must_hold_none(said, [*re.findall(r'secret = "([^"]+)"', text), "HEMLIG", *_spelt(keys)])


def test_a_database_that_cannot_be_reached_is_logged_without_its_password(
    start_server: Callable[..., AppServer],
) -> None:
    from tests.support.databases import Database

    address = f"postgresql://skolkronan:HEMLIGT-ORD@127.0.0.1:{free_port()}/x"
    server = start_server(Database(address, "postgres"))
    assert fetch(f"{server.url}/halsa").status == 503
    with Reader(server) as reader:
        shown = reader.open("").texts()
    _must_hold_none(server.log.read_text(encoding="utf-8") + " ".join(shown), ["HEMLIGT-ORD"])


@pytest.mark.parametrize("words", [("runs",), ("migrate",), ("access",)])
def test_a_command_that_fails_says_no_password(tmp_path: Path, words: tuple[str, ...]) -> None:
    import sys

    from tests.support.databases import demo_environment

    address = f"postgresql://skolkronan:HEMLIGT-ORD@127.0.0.1:{free_port()}/x"
    done = subprocess.run(
        [sys.executable, "-m", "core", *words],
        env=demo_environment(address, tmp_path), cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Fel" in done.stderr
    _must_hold_none(done.stdout + done.stderr, ["HEMLIGT-ORD", "Traceback"])


def _spelt(keys: dict[str, bytes]) -> list[str]:
    """Return the keys as they could be written: themselves, in hex and in base64."""
    ways = (lambda one: one.decode("latin-1"), bytes.hex, lambda one: base64.b64encode(one).decode())
    return [way(key) for key in keys.values() for way in ways]


def _must_hold_none(said: str, hidden: list[str]) -> None:
    assert len(hidden) > 0
    assert [one[:6] + "…" for one in hidden if one in said] == []
