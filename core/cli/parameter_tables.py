"""The dated figures under ``data/parameters/`` as tables of a page, whatever file they stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.parameters import read_yaml
from core.parameters.strict import PARAMETERS_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.parameters.yaml_lines import Plain

OTHER_PAGES = {"modellfil_texter.yaml", "regelrader.yaml"}
"""Files whose whole content stands elsewhere on the pages."""
LONG = 24
"""A list longer than this is told by its number of rows, its first and its last."""


def parameter_tables() -> Iterator[str]:
    """Yield a heading and a table for each file of dated figures."""
    yield "## Daterade värden\n"
    yield (
        "Varje fil står i `data/parameters/`. Ett värde gäller från sin dag tills ett senare tar vid; ett nytt värde "
        "är en ny rad, det gamla står kvar.\n"
    )
    for path in sorted(PARAMETERS_FOLDER.glob("*.yaml")):
        if path.name not in OTHER_PAGES:
            yield from _table(path)


def _table(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    content = read_yaml(text, path.name).data
    yield f"### `{path.name}`\n"
    about = [line.removeprefix("#").strip() for line in text.split("\n") if line.startswith("#")]
    if about:
        yield f"{' '.join(about)}\n"
    yield "| Värde | Gäller från | Innehåll | Källa |"
    yield "|---|---|---|---|"
    if isinstance(content, dict):
        whole = _from(content)
        for key, value in content.items():
            if key not in ("reference", "valid_from", "valid_to"):
                yield from _rows(key, value, whole, _source(content))
    yield ""


def _rows(key: str, value: Plain, begins: str, source: str) -> Iterator[str]:
    """Yield a row for each dated part, or one for a value that is not a list of parts."""
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        yield f"| `{key}` | {begins} | {_told(value)} | {source} |"
        return
    shown = value if len(value) <= LONG else [value[0], value[-1]]
    if len(value) > LONG:
        yield f"| `{key}` | {begins} | {len(value)} rader; den första och den sista: | {source} |"
    for one in shown:
        if isinstance(one, dict):
            yield f"| `{key}` | {_from(one) or begins} | {_told(_content(one))} | {_source(one) or source} |"


def _content(part: dict[str, Plain]) -> Plain:
    return {key: value for key, value in part.items() if key not in ("valid_from", "reference")}


def _from(part: dict[str, Plain]) -> str:
    begins, ends = part.get("valid_from"), part.get("valid_to")
    return f"{begins or ''}{f', före {ends}' if ends else ''}"


def _source(part: dict[str, Plain]) -> str:
    reference = part.get("reference")
    return str(reference.get("title", "")) if isinstance(reference, dict) else ""


def _told(value: Plain) -> str:
    """Return a value on one line, as a reader writes it; a bar would break the table."""
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_told(one)}" for key, one in value.items() if key != "reference")
    if isinstance(value, list):
        return ", ".join(f"({_told(one)})" if isinstance(one, dict) else _told(one) for one in value)
    if isinstance(value, bool):
        return "ja" if value else "nej"
    return str(value).replace("|", "\\|").replace("\n", " ")
