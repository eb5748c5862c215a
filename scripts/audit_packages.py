"""Are the exact packages we run on known to be vulnerable? Asked of pip-audit on every `make test`, before the tests.

A finding fails the step unless ``docs/sarbarheter.yaml`` says why it may stand and until when; an entry past its day
fails it too. A machine that cannot reach the vulnerability service (a closed build machine) says so, with the number of
packages that could not be looked up, and passes, unless SKOLKRONAN_AUDIT_STRICT=1. SKOLKRONAN_AUDIT_URL names another
service in OSV's form, such as a mirror of one's own.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.base import CoreError
from core.parameters.parts import Strict
from core.parameters.strict import read_part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROJECT = Path(__file__).resolve().parents[1]
PINNED_IN = ("constraints.txt", "requirements.txt", "requirements-test.txt")
KNOWN = PROJECT / "docs" / "sarbarheter.yaml"
MOST_SECONDS = 90
_PIN = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([A-Za-z0-9.!+_-]+)")


class Entry(Strict):
    """A finding that may stand for a time."""

    id: str
    paket: str
    skal: str
    till: dt.date


class Entries(Strict):
    """The whole file."""

    kanda: list[Entry]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the service said: (package, version, id, fixed in) of each finding, and what nobody could look up."""

    findings: tuple[tuple[str, str, str, str], ...]
    unknown: tuple[str, ...]
    reason: str = ""


def pins(folder: Path = PROJECT) -> dict[str, str]:
    """Return every package that is installed, with its exact version."""
    found = {}
    for name in PINNED_IN:
        for line in (folder / name).read_text("utf-8").splitlines():
            pin = _PIN.match(line)
            if pin:
                found[re.sub(r"[-_.]+", "-", pin[1]).lower()] = pin[2]
    return found


def asked(wanted: dict[str, str], url: str | None) -> Answer:
    """Return pip-audit's answer about the pins."""
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "pins.txt"
        listed.write_text("".join(f"{name}=={version}\n" for name, version in sorted(wanted.items())), "utf-8")
        command = [
            sys.executable, "-m", "pip_audit", "-r", str(listed), "--no-deps", "--disable-pip", "--format", "json",
            "--progress-spinner", "off", "--timeout", "10", "--cache-dir", f"{folder}/cache",
            *(["--vulnerability-service", "osv", "--osv-url", url] if url else []),
        ]  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=MOST_SECONDS, check=False)  # noqa: S603 - our own
        except subprocess.TimeoutExpired:
            return Answer((), tuple(wanted), f"ingen svarade inom {MOST_SECONDS} sekunder")
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = (done.stderr.strip().splitlines() or ["pip-audit sade ingenting"])[-1]
        return Answer((), tuple(wanted), said[:300])
    return Answer(tuple(_findings(packages)), _not_looked_up(wanted, packages))


def _findings(packages: Iterable[dict[str, object]]) -> Iterable[tuple[str, str, str, str]]:
    for one in packages:
        vulnerabilities = one.get("vulns")
        for found in vulnerabilities if isinstance(vulnerabilities, list) else []:
            fixed = ", ".join(found.get("fix_versions") or ()) or "ingen version än"
            yield str(one["name"]), str(one["version"]), str(found["id"]), fixed


def _not_looked_up(wanted: dict[str, str], packages: Sequence[dict[str, object]]) -> tuple[str, ...]:
    answered = {str(one["name"]).lower() for one in packages if "skip_reason" not in one}
    return tuple(name for name in sorted(wanted) if name not in answered)


def verdict(
    answer: Answer, known: Sequence[Entry], today: dt.date, *, total: int, strict: bool
) -> tuple[int, list[str]]:
    """Return the exit code (0: all is well) and what to say."""
    faults = [*_outlived(known, today), *_unlisted(answer, known)]
    lines, failed = [*faults, *_allowed(answer, known, today)], bool(faults)
    if answer.unknown:
        failed = failed or strict
        why = f" ({answer.reason})" if answer.reason else ""
        remedy = "Det är ett fel med SKOLKRONAN_AUDIT_STRICT=1." if strict else "Kör make audit på en dator med nät."
        lines.append(
            f"OBS: {len(answer.unknown)} av {total} paket kunde INTE slås upp hos sårbarhetstjänsten{why}. Om dem är "
            f"ingenting känt. {remedy}"
        )
    looked_up = total - len(answer.unknown)
    lines.append(f"Paketgranskning: {looked_up} av {total} paket uppslagna, {len(answer.findings)} fynd.")
    return int(failed), lines


def _outlived(known: Sequence[Entry], today: dt.date) -> Iterable[str]:
    for entry in known:
        if entry.till < today:
            yield f"FEL: {entry.id} i {entry.paket} fick stå till {entry.till}. Byt version eller pröva skälet på nytt."


def _unlisted(answer: Answer, known: Sequence[Entry]) -> Iterable[str]:
    listed = {(one.paket.lower(), one.id) for one in known}
    for package, version, finding, fixed in answer.findings:
        if (package.lower(), finding) not in listed:
            yield (
                f"FEL: {package} {version} har sårbarheten {finding} (rättad i: {fixed}). Byt version, eller skriv i "
                "docs/sarbarheter.yaml varför den får stå och hur länge."
            )


def _allowed(answer: Answer, known: Sequence[Entry], today: dt.date) -> Iterable[str]:
    listed = {(one.paket.lower(), one.id): one for one in known if one.till >= today}
    for package, version, finding, _ in answer.findings:
        if entry := listed.get((package.lower(), finding)):
            yield f"Känd: {finding} i {package} {version}, till {entry.till}: {entry.skal}"


def main() -> int:
    """Ask, judge and say."""
    wanted = pins()
    try:
        known = read_part(KNOWN.read_text("utf-8"), "docs/sarbarheter.yaml", Entries)[0].kanda
    except CoreError as error:
        print(error)  # noqa: T201 - this is a command
        return 1
    answer = asked(wanted, os.environ.get("SKOLKRONAN_AUDIT_URL"))
    today = dt.datetime.now(dt.UTC).date()
    strict = os.environ.get("SKOLKRONAN_AUDIT_STRICT") == "1"
    code, lines = verdict(answer, known, today, total=len(wanted), strict=strict)
    print("\n".join(lines))  # noqa: T201 - the same
    return code


if __name__ == "__main__":
    sys.exit(main())
