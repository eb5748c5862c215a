"""The dashboard as it stands in production: the shipped files of docs/drift, several processes, nginx with TLS before.

Nothing of the set-up is written anew here: the command comes from the systemd unit, the settings from the example of
the environment file, the site from the nginx file. Replaced is only what docs/drift.md says that everybody replaces,
and ports and folders, since tests run beside each other.
"""

from __future__ import annotations

import base64
import datetime as dt
import http.client
import os
import secrets
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.databases import PROJECT, demo_environment
from tests.support.login_providers import secrets_text, write_secrets
from tests.support.servers import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.databases import Database

FILES = PROJECT / "docs" / "drift"
NAME = "localhost"
START_SECONDS = 90
NGINX_HOME = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx-error.log;
events {{}}
http {{
    include /etc/nginx/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def nginx_path() -> str:
    """Return where nginx is; skips the test, with the reason, where it is not."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("nginx är inte installerat (sudo apt-get install nginx)")
    return found


def replaced(text: str, changes: dict[str, str]) -> str:
    """Return the text with every change made; each must have something to change."""
    for before, after in changes.items():
        assert before in text, f"docs/drift: {before} finns inte längre i filen"
        text = text.replace(before, after)
    return text


def environment_of(name: str) -> dict[str, str]:
    """Return the variables that an example of an environment file sets."""
    lines = (FILES / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def command_of(unit: str) -> list[str]:
    """Return the words of a unit's ExecStart."""
    line = next(one for one in (FILES / unit).read_text(encoding="utf-8").splitlines() if one.startswith("ExecStart="))
    return shlex.split(line.removeprefix("ExecStart="))


@dataclass(slots=True)
class Front:
    """The dashboard behind nginx. ``url`` is https; ``processes`` by the number in the unit's name."""

    folder: Path
    port: int
    plain_port: int
    database: Database
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    keys: tuple[str, ...] = ()
    """The keys that the processes have, each way they may be written."""

    @property
    def url(self) -> str:
        return f"https://{NAME}:{self.port}"

    @property
    def log(self) -> list[list[str]]:
        """The words of each line of the access log; the last is which process answered."""
        return [line.split(" ") for line in (self.folder / "skolkronan.log").read_text().splitlines()]

    def answering(self, **headers: str) -> tuple[http.client.HTTPMessage, str]:
        """Ask for an address that nobody has asked for; return the answer's headers and which process gave it.

        nginx writes its log when the answer has gone, so the line is waited for; all earlier answers are then written.
        """
        path, end = f"/prov-{uuid4().hex}", time.monotonic() + START_SECONDS
        _, answer, _ = self.ask(path, "GET", None, **headers)
        while not (lines := [line for line in self.log if path in line]):
            assert time.monotonic() < end, f"{path} står inte i loggen:\n{self.said()}"
            time.sleep(0.01)
        return answer, lines[0][-1]

    def said(self) -> str:
        """Return everything that any of the programs has logged."""
        return "\n".join(one.read_text(errors="replace") for one in sorted(self.folder.glob("*.log")))

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Return status, headers and body, over TLS; the underscore in a header's name stands for a hyphen."""
        connection = http.client.HTTPSConnection(NAME, self.port, timeout=30, context=self.trusting())
        try:
            connection.request(method, path, body, {name.replace("_", "-"): one for name, one in headers.items()})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def trusting(self) -> ssl.SSLContext:
        """Return what trusts our certificate and no other."""
        return ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))


@contextmanager
def running_front(database: Database, issuers: dict[str, str], count: int = 2) -> Iterator[Front]:
    """Start ``count`` processes of the dashboard and nginx before them; end them afterwards."""
    nginx = nginx_path()
    with ExitStack() as stack:
        # Short, for the path to a socket has at most 107 characters.
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="skolkronan_front_")))
        front = Front(folder, free_port(), free_port(), database)
        _write_certificate(folder)
        for number in range(1, count + 1):
            front.processes[number] = stack.enter_context(_process(front, number, _settings(front, issuers)))
        stack.enter_context(_nginx(front, nginx))
        _wait(front)
        yield front


def _settings(front: Front, issuers: dict[str, str]) -> dict[str, str]:
    """Return the environment of the example, its files and database being ours."""
    file = write_secrets(front.folder / "hemligheter.toml", secrets_text(issuers, front.url))
    given = demo_environment(front.database.url, front.folder)
    front.keys = (*_pseudonym_key(Path(given["SKOLKRONAN_KEY_FILE"])), given["SKOLKRONAN_COLUMN_KEYS"])
    ours = {
        "SKOLKRONAN_DATABASE_URL": front.database.url,
        "SKOLKRONAN_SECRETS_FILE": str(file),
        "SKOLKRONAN_KEY_FILE": given["SKOLKRONAN_KEY_FILE"],
        "SKOLKRONAN_COLUMN_KEYS": given["SKOLKRONAN_COLUMN_KEYS"],
    }
    example = {name: value for name, value in environment_of("skolkronan.env").items() if name not in ours}
    kept = {name: value for name, value in given.items() if not name.startswith("SKOLKRONAN_")}
    example.pop("SKOLKRONAN_COLUMN_KEY_FILE")
    return {**kept, **example, **ours}


def _pseudonym_key(file: Path) -> tuple[str, str]:
    """Write a key where the processes look for it, once; return it as it may be written."""
    if not file.exists():
        file.parent.mkdir(mode=0o700)
        file.write_bytes(secrets.token_bytes(32))
        file.chmod(0o600)
    key = file.read_bytes()
    return key.hex(), base64.b64encode(key).decode()


@contextmanager
def _process(front: Front, number: int, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    (front.folder / str(number)).mkdir(mode=0o750)
    changes = {
        "/opt/skolkronan/.venv/bin/python": sys.executable,
        "/run/skolkronan": str(front.folder),
        "%i": str(number),
    }
    command = shlex.split(replaced(shlex.join(command_of("skolkronan@.service")), changes))
    with (front.folder / f"process-{number}.log").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, cwd=PROJECT, env=environment)
    try:
        yield process
    finally:
        _end(process)


@contextmanager
def _nginx(front: Front, program: str) -> Iterator[None]:
    site = (FILES / "nginx-skolkronan.conf").read_text(encoding="utf-8")
    lines = [line for line in site.splitlines() if "listen [::]" not in line]
    changes = {
        "skolkronan.example.se": NAME,
        "/etc/ssl/skolkronan/": f"{front.folder}/",
        "/run/skolkronan/": f"{front.folder}/",
        "/var/log/nginx/": f"{front.folder}/",
        "listen 80": f"listen 127.0.0.1:{front.plain_port}",
        "listen 443": f"listen 127.0.0.1:{front.port}",
        "$request_time'": "$request_time $upstream_addr'",  # so that tests see who answered
    }
    (front.folder / "site.conf").write_text(replaced("\n".join(lines), changes), encoding="utf-8")
    home = front.folder / "nginx.conf"
    home.write_text(("user root;\n" if os.geteuid() == 0 else "") + NGINX_HOME.format(folder=front.folder))
    words = [program, "-c", str(home), "-p", str(front.folder), "-e", str(front.folder / "nginx-error.log")]
    checked = subprocess.run([*words, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(words, cwd=front.folder)
    try:
        yield
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait(front: Front) -> None:
    """Return when every process answers on its own socket, and one through nginx."""
    end = time.monotonic() + START_SECONDS
    for number, process in front.processes.items():
        while not _listens(front.folder / str(number) / "http.sock"):
            said = (front.folder / f"process-{number}.log").read_text()
            assert process.poll() is None, f"process {number} startade inte:\n{said}"
            assert time.monotonic() < end, f"process {number} svarade inte på {START_SECONDS} s:\n{said}"
            time.sleep(0.1)
    assert front.ask("/halsa")[0] == http.client.OK, front.said()


def _listens(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as one:
        try:
            one.connect(str(path))
        except OSError:
            return False
        return True


def _write_certificate(folder: Path) -> None:
    """Write a certificate for a day, signed by itself, as the files that the nginx file names."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(minutes=5))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "fullchain.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "privkey.pem").write_bytes(plain)
