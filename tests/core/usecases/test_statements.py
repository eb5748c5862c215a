"""A statement of the demo municipality: the right one may have it, it adds up, and few decisions stay hidden."""

from __future__ import annotations

import io
import json
import re
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pypdf
import pytest

from core.access import Actor, ForbiddenError
from core.allocation import Line
from core.bootstrap import build
from core.parameters.thresholds import load_thresholds
from core.settings import Settings
from core.usecases import runs
from core.usecases.operators import operator_of
from core.usecases.personas import personas
from core.usecases.statements import RunNotShownError, cases_of, statement, statement_of
from core.usecases.unit_in_run import UnitNotInRunError
from tests.support.databases import Database, demo_environment
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.context import App

UTFALL_2026 = 6
FORMATS = ("pdf", "xlsx", "csv", "json")


@pytest.fixture
def app(sqlite_demo: Database, tmp_path: Path) -> App:
    return build(Settings.from_environment(demo_environment(sqlite_demo.url, tmp_path)))


@pytest.fixture
def operator(app: App) -> Actor:
    return operator_of(app)


def persona(key: str) -> Actor:
    return next(one.actor for one in personas() if one.key == key)


def line(step: str, period: str = "2026", **values: Any) -> Line:  # noqa: ANN401  # any column of a line
    zero: dict[str, Any] = dict.fromkeys(Line.__slots__, 0)
    texts = {"enhet": "G01", "category": "a", "recipient": "egen", "detail": "{}", "source": "{}"}
    numbers = {"quantity_den": 1, "rate_den": 1, "factor_den": 1}
    return Line(**zero | texts | numbers | {"step": step, "period": period, "dimension": "individ"} | values)


def test_decisions_are_the_most_of_any_period_and_summed_over_verksamheter() -> None:
    lines = [
        line("stod", kind="given", category="grundskola", detail='{"decisions":3}'),
        line("stod", kind="given", category="fritidshem", detail='{"decisions":1}'),
        line("stod", "host", kind="given", category="grundskola", detail='{"decisions":2}'),
    ]
    assert cases_of(lines) == {"stod": ("beslut", 4)}


def test_a_supplement_counts_whole_elever_and_mervardesskatt_none_of_its_own() -> None:
    lines = [
        line("modersmal", kind="per_elev", quantity_num=9, quantity_den=2),
        line("moms", kind="markup", quantity_num=1),
        line("undervisning", kind="per_elev", quantity_num=400, dimension="bas"),
    ]
    assert cases_of(lines) == {"modersmal": ("elever", 4)}


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_rektor_gets_the_statement_of_the_own_unit_in_every_format(app: App, file_format: Any) -> None:  # noqa: ANN401
    name, content, media_type = statement(app, persona("rektor_lerbacken"), "G01", UTFALL_2026, file_format)
    assert name == f"redovisning_G01_2026_utfall_{UTFALL_2026}.{file_format}"
    assert len(content) > 1000
    assert "/" in media_type


def test_a_rektor_does_not_get_another_units_statement_and_reads_why(app: App) -> None:
    with pytest.raises(ForbiddenError, match="enhet"):
        statement(app, persona("rektor_lerbacken"), "G02", UTFALL_2026, "pdf")


def test_a_huvudman_gets_its_own_units_and_no_others(app: App) -> None:
    huvudman = persona("huvudman_vintergacken")
    with app.reading(PEEK) as work:
        units = work.runs.units("9901", UTFALL_2026)
    own = [unit for unit in units if unit.huvudman == "999901-0014"]
    assert own
    for unit in own:
        assert statement_of(app, huvudman, unit.enhet, UTFALL_2026).unit.name == unit.name
    with pytest.raises(ForbiddenError):
        statement_of(app, huvudman, "G01", UTFALL_2026)


def test_a_unit_or_run_that_is_not_there_is_a_sentence(app: App, operator: Actor) -> None:
    with pytest.raises(UnitNotInRunError, match="Z99 finns inte i körning 6"):
        statement(app, operator, "Z99", UTFALL_2026, "pdf")


def test_a_run_that_no_longer_stands_for_its_year_is_not_printed(app: App, operator: Actor) -> None:
    draft = runs.allocate(app, operator, "9901", 2026, "utfall", 9).number
    with pytest.raises(RunNotShownError, match="det gör körning 6"):
        statement(app, operator, "G01", draft, "pdf")


def test_every_units_statement_adds_up_and_hides_few_decisions(app: App, operator: Actor) -> None:
    fewest = load_thresholds().individual_support_on(app.clock().date()).fewest
    seen = set()
    with app.reading(PEEK) as work:
        units = work.runs.units("9901", UTFALL_2026)
        lines = work.runs.lines("9901", UTFALL_2026)
    for unit in units:
        made = statement_of(app, operator, unit.enhet, UTFALL_2026)
        own = [one for one in lines if one.enhet == unit.enhet]
        cases = cases_of(own)
        few = any(number < fewest for _, number in cases.values())
        assert made.total_ore == unit.total_ore == sum(one.amount_ore for one in own)
        assert (made.sealed is not None) == few
        assert (made.run.lines_hash is None) == few
        if few:
            assert not any("step:" + step in {node.key for _, node in made.derivation.walk()} for step in cases)
        seen.add(few)
    assert seen == {True, False}


def test_no_lines_of_individual_support_are_printed_for_any_unit(app: App, operator: Actor) -> None:
    with app.reading(PEEK) as work:
        lines = work.runs.lines("9901", UTFALL_2026)
    single = {one.key for one in lines if one.dimension == "individ"}
    for enhet in {one.enhet for one in lines if one.dimension == "individ"}:
        made = statement_of(app, operator, enhet, UTFALL_2026)
        assert not single & {node.key for _, node in made.derivation.walk()}
        assert not single & {part.key for part in made.parts}


def test_the_formats_agree_on_a_real_unit(app: App, operator: Actor) -> None:
    files = {each: statement(app, operator, "G01", UTFALL_2026, each)[1] for each in ("pdf", "xlsx", "csv", "json")}
    tree = json.loads(files["json"])["derivation"]
    values = [Fraction(value) for value in _values(tree)]
    rows = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))["Så räknades det fram"].iter_rows(
        min_row=2, values_only=True
    )
    assert [pytest.approx(float(value), abs=1e-4) for value in values] == [row[3] for row in rows]
    text = re.sub(r"\s", "", "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(files["pdf"])).pages))
    made = statement_of(app, operator, "G01", UTFALL_2026)
    for line_text in made.derivation.lines():
        amount = line_text.split(": ", 1)[1].split(" (")[0]
        assert re.sub(r"\s", "", amount.split(",")[0]) in text
    assert (
        files["csv"].count(b"\r\n")
        == len(values) + len(made.parts) + len(made.facts) + len(made.sentences) + len(made.verification) + 3
    )


def _values(node: dict[str, Any]) -> list[str]:
    return [node["value"], *(value for child in node.get("children", ()) for value in _values(child))]
