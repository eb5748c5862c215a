"""The step that asks whether our packages are vulnerable, held against a small service of our own."""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from core.settings import PROJECT_FOLDER
from scripts import audit_packages
from scripts.audit_packages import Answer, Entry, asked, pins, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = dt.date(2026, 11, 22)
PINS = {"jinja2": "3.1.6", "click": "8.5.1"}
FINDING = {
    "id": "PROV-2026-1",
    "summary": "Ett påhittat fel",
    "modified": "2026-01-01T00:00:00Z",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "9.9.9"}]}],
            "versions": ["3.1.6"],
        }
    ],
}


class _Osv(BaseHTTPRequestHandler):
    """A vulnerability service in OSV's form that knows one finding."""

    def do_POST(self) -> None:
        asked_for = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        known = asked_for["package"]["name"] == "jinja2"
        body = json.dumps({"vulns": [FINDING]} if known else {}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def service() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Osv)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, known: str, url: str, *, strict: bool = False) -> int:
    listed = tmp_path / "sarbarheter.yaml"
    listed.write_text(known, "utf-8")
    monkeypatch.setattr(audit_packages, "KNOWN", listed)
    monkeypatch.setattr(audit_packages, "pins", lambda: PINS)
    monkeypatch.setenv("SKOLKRONAN_AUDIT_URL", url)
    monkeypatch.setenv("SKOLKRONAN_AUDIT_STRICT", "1" if strict else "0")
    return audit_packages.main()


ENTRY = 'kanda:\n  - {{id: PROV-2026-1, paket: Jinja2, skal: "Prov.", till: {till}}}\n'


def test_a_finding_nobody_has_listed_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with service() as url:
        assert run(monkeypatch, tmp_path, "kanda: []\n", url) == 1
    said = capsys.readouterr().out
    assert "FEL: jinja2 3.1.6 har sårbarheten PROV-2026-1 (rättad i: 9.9.9)" in said
    assert "Paketgranskning: 2 av 2 paket uppslagna, 1 fynd." in said


def test_a_listed_finding_passes_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with service() as url:
        assert run(monkeypatch, tmp_path, ENTRY.format(till="2199-12-31"), url) == 0
    assert "Känd: PROV-2026-1 i jinja2 3.1.6, till 2199-12-31: Prov." in capsys.readouterr().out


def test_a_listed_finding_past_its_day_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with service() as url:
        assert run(monkeypatch, tmp_path, ENTRY.format(till="2026-01-01"), url) == 1
    assert "FEL: PROV-2026-1 i Jinja2 fick stå till 2026-01-01." in capsys.readouterr().out


@pytest.mark.parametrize(("strict", "code"), [(False, 0), (True, 1)])
def test_a_service_that_cannot_be_reached_is_said_loudly(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, strict: bool, code: int
) -> None:
    assert run(monkeypatch, tmp_path, "kanda: []\n", "http://127.0.0.1:9/v1/query", strict=strict) == code
    said = capsys.readouterr().out
    assert "OBS: 2 av 2 paket kunde INTE slås upp" in said
    assert "Paketgranskning: 0 av 2 paket uppslagna, 0 fynd." in said


def test_packages_that_the_service_does_not_know_are_counted() -> None:
    answer = Answer((), ("click",))
    assert verdict(answer, [], TODAY, total=2, strict=False)[0] == 0
    assert verdict(answer, [], TODAY, total=2, strict=True)[0] == 1
    assert "1 av 2 paket kunde INTE slås upp" in "\n".join(verdict(answer, [], TODAY, total=2, strict=False)[1])


def test_an_entry_for_another_package_excuses_nothing() -> None:
    answer = Answer((("jinja2", "3.1.6", "PROV-2026-1", "9.9.9"),), ())
    other = Entry(id="PROV-2026-1", paket="click", skal="Prov.", till=TODAY)
    assert verdict(answer, [other], TODAY, total=2, strict=False)[0] == 1


def test_a_list_that_cannot_be_read_fails_with_its_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, tmp_path, "kanda:\n  - {id: x}\n", "http://127.0.0.1:9/") == 1
    assert "rad 2" in capsys.readouterr().out


def test_every_pinned_package_is_asked_about() -> None:
    found = pins()
    lines = (PROJECT_FOLDER / "constraints.txt").read_text("utf-8").splitlines()
    assert len(found) >= len([line for line in lines if "==" in line])
    assert {"streamlit", "pip-audit"} <= found.keys()


def test_make_test_asks_before_the_tests_whose_line_is_the_last() -> None:
    (recipe,) = re.findall(r"^test:.*\n((?:\t.*\n)+)", (PROJECT_FOLDER / "Makefile").read_text("utf-8"), re.MULTILINE)
    steps = recipe.splitlines()
    assert "scripts.audit_packages" in steps[-2]
    assert "pytest" in steps[-1]


def test_an_answer_that_never_comes_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_packages, "MOST_SECONDS", 0.01)
    assert asked(PINS, "http://127.0.0.1:9/") == Answer((), tuple(PINS), "ingen svarade inom 0.01 sekunder")
