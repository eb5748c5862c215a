"""docs/regler.md, written from the registry, the kinds of step, the dated figures and the cases that show them.

``python -m core.cli.rules_guide`` writes the page; a test refuses it stale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from core.allocation.kinds import KINDS
from core.base import CoreError
from core.cli.parameter_tables import parameter_tables
from core.parameters import read_yaml
from core.parameters.guide import classes
from core.parameters.guide_examples import predicate_table
from core.parameters.guide_texts import load_guide_texts
from core.parameters.guide_words import anchor
from core.parameters.rule_rows import load_rule_rows
from core.parameters.steps import AnyAmount, AnyPrice
from core.settings import PROJECT_FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from core.parameters.guide_texts import GuideTexts
    from core.parameters.rule_rows import RuleRow

GUIDE = PROJECT_FOLDER / "docs" / "regler.md"
CASES = PROJECT_FOLDER / "tests" / "cases"
MARKS = {
    "M": "kan skrivas i en modell, visas av fall",
    "D": "handling eller förlopp, visas av test",
    "N": "upplysning",
}
_INTRODUCTION = """# Regler

Den här sidan skrivs av `python -m core.cli.rules_guide` ur programmets sorter av steg, de daterade värdena under
`data/parameters/`, registret `data/parameters/regelrader.yaml` och fallen under `tests/cases/`; ändra där, inte här.
Hur en modell skrivs står i [modellfilen](modellfil.md), orden i [ordlistan](ordlista.md).

SkolL är skollagen (2010:800), SkolF skolförordningen (2011:185), GyF gymnasieförordningen (2010:2039) och OSL
offentlighets- och sekretesslagen (2009:400). Läs alltid gällande lydelse före ett beslut.
"""


class GuideIncompleteError(CoreError):
    """A kind of step has no text."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"Sorten {kind} saknar text. Lägg till den i data/parameters/modellfil_texter.yaml, kinds.")


@dataclass(frozen=True, slots=True)
class CitingCase:
    """A case that cites a rule: where it stands, its name, and the kinds of step in its model."""

    table: str
    name: str
    kinds: frozenset[str]


def cited(folder: Path) -> dict[str, list[CitingCase]]:
    """Return the cases under ``folder`` that cite each rule, in the order of files and cases."""
    found: dict[str, list[CitingCase]] = {}
    for path in sorted(folder.rglob("*.yaml")):
        content = read_yaml(path.read_text(encoding="utf-8"), path.name).data
        table = path.relative_to(folder).with_suffix("").as_posix()
        for case in content if isinstance(content, list) else [content]:
            if not isinstance(case, dict) or "rule" not in case:
                continue
            rules = case["rule"]
            name = str(case.get("name", case.get("title", table)))
            one = CitingCase(table, name, frozenset(_kinds(case)))
            for rule in rules if isinstance(rules, list) else [rules]:
                found.setdefault(str(rule), []).append(one)
    return found


def _kinds(part: Any) -> Iterator[str]:  # noqa: ANN401 - any part of a file
    """Yield the kinds of the price and amount steps of a case, as ``pris.markup`` and ``belopp.markup``."""
    if isinstance(part, dict):
        for key, of in (("prices", "pris"), ("amounts", "belopp")):
            steps = part.get(key)
            for step in steps if isinstance(steps, list) else []:
                if isinstance(step, dict):
                    yield f"{of}.{step.get('kind', 'per_elev')}"
        for value in part.values():
            yield from _kinds(value)
    if isinstance(part, list):
        for value in part:
            yield from _kinds(value)


def regler(cases: Path = CASES) -> str:
    """Return the whole page; raises ``GuideIncompleteError``."""
    texts, found = load_guide_texts(), cited(cases)
    pieces = [_INTRODUCTION, *_steps(texts, found), *_conditions(texts), *_rows(found), *parameter_tables()]
    return "\n".join(pieces)


def _steps(texts: GuideTexts, found: Mapping[str, Sequence[CitingCase]]) -> Iterator[str]:
    yield "## Sorter av steg\n"
    yield "En sort är kod med versionsnummer; allt annat i ett steg är modellens. En fryst körning bär sin version.\n"
    headings = {one.part: one.heading for one in texts.sections if one.part}
    for of, union in (("pris", AnyPrice), ("belopp", AnyAmount)):
        for part in get_args(get_args(union)[0]):
            (kind,) = get_args(part.model_fields["kind"].annotation)
            text = texts.kinds.get(f"{of}.{kind}")
            if text is None:
                raise GuideIncompleteError(f"{of}.{kind}")
            version = KINDS[kind].version if of == "belopp" else 1
            served = sorted(
                {row for row, cases in found.items() if any(f"{of}.{kind}" in one.kinds for one in cases)}, key=_key
            )
            yield f"### `{kind}` som {of}\n"
            heading = headings[classes()[part.__name__].__name__]
            yield f"{text.strip()} Version {version}. Nycklar: [{heading}](modellfil.md#{anchor(heading)}).\n"
            if served:
                yield f"Visas av fall för reglerna {', '.join(served)}.\n"


def _conditions(texts: GuideTexts) -> Iterator[str]:
    yield "## Villkor\n"
    yield (
        "Ett villkor är ett fält och en jämförelse: `=` lika med, `in` ett av, `between` från och med – till och med. "
        "Det finns inga uttryck.\n"
    )
    yield from predicate_table(texts.predicates)


def _rows(found: Mapping[str, Sequence[CitingCase]]) -> Iterator[str]:
    yield "## Reglerna\n"
    yield "Märket: " + ", ".join(f"**{mark}** {text}" for mark, text in MARKS.items()) + ".\n"
    for section in load_rule_rows().sections:
        yield f"### {section.section}. {section.title}\n"
        yield "| Id | Märke | Regel | Grund | Visas av |"
        yield "|---|---|---|---|---|"
        for row in section.rows:
            yield f"| {row.row} | {row.mark} | {row.title} | {row.reference} | {_shown(row, found.get(row.row, []))} |"
        yield ""


def _shown(row: RuleRow, cases: Sequence[CitingCase]) -> str:
    named = [f"{one.name} (`{one.table}`)" for one in cases] + [f"`{one}`" for one in row.tests]
    return "; ".join(named) or "–"


def _key(row: str) -> tuple[int, str]:
    section, _, name = row.partition(".")
    return int(section), name


if __name__ == "__main__":
    GUIDE.write_text(regler(), encoding="utf-8")
