from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from core.secrets_file import LoginSettings, Provider, read_login
from core.settings import PROJECT_FOLDER, Settings, SettingsError
from core.usecases.login_views import Ended
from pages.components import who

if TYPE_CHECKING:
    from pathlib import Path

SECRET = "hemligheten som aldrig sägs i ett fel"  # noqa: S105 - only looked for
FILE = f"""
[auth]
redirect_uri = "https://skolkronan.example.se/oauth2callback"
cookie_secret = "{SECRET}"
[auth.kommun]
client_id = "skolkronan"
client_secret = "{SECRET}"
server_metadata_url = "https://login.example.se/.well-known/openid-configuration"
client_kwargs = {{ prompt = "login" }}
[auth.region-2]
client_id = "skolkronan"
client_secret = "{SECRET}"
server_metadata_url = "https://region.example.se/.well-known/openid-configuration"
[skolkronan.login.kommun]
label = "Logga in med kommunens konto"
subject = "oid"
[skolkronan.session]
hours = 10
idle_minutes = 15
"""


def written(folder: Path, text: str, mode: int = 0o600) -> Path:
    file = folder / "secrets.toml"
    file.write_text(text, encoding="utf-8")
    file.chmod(mode)
    return file


def test_the_file_says_who_vouches_and_how_long_a_login_lives(tmp_path: Path) -> None:
    found = read_login(written(tmp_path, FILE))
    assert found.providers == (
        Provider("kommun", "Logga in med kommunens konto", "oid"),
        Provider("region-2", "Logga in med region-2", "sub"),
    )
    assert (found.life, found.idle) == (timedelta(hours=10), timedelta(minutes=15))
    assert found.is_https
    assert found.provider("kommun") == found.providers[0]
    assert found.provider("okand") is None
    assert SECRET not in repr(found)


def test_no_provider_signs_for_the_people_of_another(tmp_path: Path) -> None:
    login = read_login(written(tmp_path, FILE))
    kommun, region = login.providers
    ours, theirs = "https://login.example.se", "https://region.example.se/"
    assert login.may_sign_as(kommun, ours)
    assert login.may_sign_as(region, theirs)
    assert not login.may_sign_as(region, ours)
    assert not login.may_sign_as(kommun, theirs)
    for issuer in ("https://sts.example.se/tenant", "https://login.example.se.evil.se", "https://login.example", ""):
        assert login.may_sign_as(region, issuer), "en tjänst kan heta annat än adressen; den är då bara sig själv"
    twice = replace(login, providers=(kommun, replace(kommun, name="personal")))
    assert login.may_sign_as(twice.providers[1], ours), "samma tjänst kan stå två gånger"


def test_a_page_does_not_believe_a_provider_that_signs_as_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    login = read_login(written(tmp_path, FILE))
    asked: list[str] = []
    monkeypatch.setattr(who, "sign_in", lambda _app, proof, *_: asked.append(proof.provider))
    now = int(time.time())
    for provider in ("kommun", "region-2"):
        said = {
            "is_logged_in": True, "provider": provider, "iss": "https://login.example.se", "sub": "anna", "oid": "anna",
            "iat": now, "exp": now + 60,
        }  # fmt: skip
        user = SimpleNamespace(get=said.get, to_dict=said.copy)
        monkeypatch.setattr(who, "st", SimpleNamespace(user=user, session_state={}))
        outcome = who._outcome(None, login)  # type: ignore[arg-type]  # nothing is asked of the program here
        assert (outcome == Ended("unproved")) is (provider == "region-2")
    assert asked == ["kommun"]


def test_without_a_file_nobody_logs_in_and_a_login_would_live_a_working_day() -> None:
    assert Settings.from_environment({}).login == LoginSettings((None), (), timedelta(hours=8), timedelta(minutes=30))


def test_http_is_for_the_own_machine_alone(tmp_path: Path) -> None:
    local = FILE.replace("https://skolkronan.example.se", "http://127.0.0.1:8501")
    assert not read_login(written(tmp_path, local)).is_https


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("https://skolkronan.example.se", "http://skolkronan.example.se", "auth.redirect_uri ska vara en adress"),
        ("/oauth2callback", "/tillbaka", "auth.redirect_uri ska sluta med"),
        ("/oauth2callback", "/under/oauth2callback", "auth.redirect_uri ska sluta med"),
        (f'cookie_secret = "{SECRET}"', 'cookie_secret = "kort"', "auth.cookie_secret saknas eller är för kort"),
        (f'cookie_secret = "{SECRET}"', "", "auth.cookie_secret saknas"),
        ("[auth.kommun]", "[auth.min_kommun]", "utan understreck"),
        ("[auth.kommun]", "[auth.KOMMUN]", "utan understreck"),
        ('client_id = "skolkronan"', "client_id = 7", "auth.kommun.client_id saknas"),
        ('client_id = "skolkronan"', 'clientid = "skolkronan"', "auth.kommun.clientid är okänd"),
        ("https://login.example.se", "http://login.example.se", "auth.kommun.server_metadata_url ska vara"),
        ("https://login.example.se", "https://[", "auth.kommun.server_metadata_url ska vara"),
        ('client_kwargs = { prompt = "login" }', 'client_kwargs = "x"', "auth.kommun.client_kwargs ska vara"),
        ("[auth]", "[auth]\nexpose_tokens = 'id'", "auth.expose_tokens är okänd"),
        ("[auth]", "[auth]\nclient_id = 'x'", "auth.client_id är okänd"),
        ("[skolkronan.login.kommun]", "[skolkronan.login.annan]", "skolkronan.login.annan saknar motsvarande"),
        ('subject = "oid"', 'subject = "email"', "aldrig en adress"),
        ('subject = "oid"', 'colour = "blå"', "skolkronan.login.kommun.colour är okänd"),
        ('label = "Logga in med kommunens konto"', 'label = ""', "skolkronan.login.kommun.label saknas"),
        ("hours = 10", "hours = 24", "skolkronan.session.hours ska vara ett heltal, 1–12"),
        ("hours = 10", "hours = true", "skolkronan.session.hours"),
        ("idle_minutes = 15", 'idle_minutes = "15"', "skolkronan.session.idle_minutes"),
        ("[skolkronan.session]", "[skolkronan.sesion]", "skolkronan.sesion är okänd"),
        ("[auth]", "[auth", "inte skriven som TOML på rad 2"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_key_and_never_a_value(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in FILE
    file = written(tmp_path, FILE.replace(old, new, 1))
    with pytest.raises(SettingsError) as raised:
        read_login(file)
    assert said in str(raised.value)
    assert str(file) in str(raised.value)
    assert SECRET not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_section_written_as_a_value_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="auth ska vara ett avsnitt"):
        read_login(written(tmp_path, "auth = 7"))


def test_a_file_without_a_provider_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ingen inloggningstjänst"):
        read_login(written(tmp_path, FILE.partition("[auth.kommun]")[0]))


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SettingsError, match="chmod 600"):
        read_login(written(tmp_path, FILE, mode))


def test_a_file_that_is_missing_or_no_file_or_no_text_is_said(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="finns inte"):
        read_login(tmp_path / "saknas.toml")
    with pytest.raises(SettingsError, match="går inte att läsa"):
        read_login(tmp_path)
    file = written(tmp_path, "")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsError, match="inte skriven som TOML"):
        read_login(file)


def test_secrets_never_lie_in_the_tree() -> None:
    with pytest.raises(SettingsError, match="programmets mapp"):
        read_login(PROJECT_FOLDER / ".streamlit" / "secrets.toml")


def test_personas_are_never_switched_on_together_with_a_provider(tmp_path: Path) -> None:
    environment = {"SKOLKRONAN_SECRETS_FILE": str(written(tmp_path, FILE)), "SKOLKRONAN_DEMO": "1"}
    with pytest.raises(SettingsError, match="SKOLKRONAN_DEMO=1 går inte ihop med inloggningstjänsterna"):
        Settings.from_environment(environment)
    assert Settings.from_environment({**environment, "SKOLKRONAN_DEMO": "0"}).login.providers
