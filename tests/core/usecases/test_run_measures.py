"""Measures in a run of a kommun: stored, verified, explained, kept from who may not see them, and evaluated anew."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import pytest
from sqlalchemy import text

from core.allocation import NoSuchAmountError, difference_of
from core.base import year_range
from core.parameters import load_model
from core.usecases import imports
from core.usecases.allocation import derivation_of
from core.usecases.equal import equal_view
from core.usecases.evaluate import evaluate
from core.usecases.given import given_of_run
from core.usecases.sealing import Seal, individual_steps, seal_for
from core.usecases.statements import statement
from core.usecases.verify import verify
from tests.support.reaching import PEEK
from tests.support.small_kommun import CITIZEN, CONTROLLER, KOMMUN, OWNER_CEDERN, POLITICIAN, YEAR, model_text

if TYPE_CHECKING:
    from pathlib import Path

    from core.access import Actor
    from tests.support.small_kommun import Lillby

STEPS = """\
  - {step: antal, kind: combine, label: Elever i grundskolan, yields: count, unit: elever, how: sum, of: [{category: gs.1_3}, {category: gs.4_6}], recipients: [egen, fristaende_hemma], reference: *beslut}
  - step: behov
    kind: combine
    label: Behov
    yields: count
    how: product
    of: [{step: antal}, {variable: socio, default: "100", weight: "0.01"}]
    reference: *beslut
  - {step: medelbehov, kind: ratio, label: Behov i medeltal, yields: ratio, numerator: [{step: behov, over_units: sum}], denominator: [{step: antal, over_units: sum}], rounding: {places: 4}, reference: *beslut}
  - step: niva
    kind: sliding
    label: Nivå
    yields: factor
    of: {step: antal}
    curves: [{points: [["1", "2"], ["4", "1"]]}]
    rounding: {places: 3}
    reference: *beslut
  - step: utjamning
    kind: combine
    label: Utjämning
    yields: amount
    kostnadsslag: undervisning
    dimension: struktur
    verksamhet: grundskola
    how: product
    of: [{step: behov}, {step: medelbehov}, {step: niva}, {value: "1000"}]
    categories: [gs.1_3, gs.4_6]
    rounding: {places: 0}
    reference: *beslut
"""  # noqa: E501 - a model is read step by step, one to a line
MEASURED = model_text().replace("books:\n", f"{STEPS}books:\n")


@pytest.fixture
def measuring(undecided_lillby: Lillby) -> Lillby:
    """Give Lillby with budget and utfall as drafts, by a model with measures."""
    undecided_lillby.deliver(imports.MODEL, MEASURED, year_range(YEAR))
    undecided_lillby.allocate(YEAR, "budget")
    undecided_lillby.allocate(YEAR, "utfall", 10)
    return undecided_lillby


def test_a_run_stores_what_its_steps_yield_by_unit_and_period(measuring: Lillby) -> None:
    with measuring.app.reading(PEEK) as work:
        rows = {(row.enhet, row.step, row.period): row for row in work.measures.of_run(KOMMUN, 1)}
        alone = work.measures.of_run(KOMMUN, 1, "B1")
    assert rows["A1", "antal", "var"].exact == 4  # two in årskurs 1–3 and two in 4–6 are planned from January
    assert rows["A1", "behov", "var"].exact == Fraction("4.8")  # socio 120
    assert rows["A3", "behov", "host"].exact == 2  # no index: the model's hundred
    assert rows["A1", "niva", "var"].shown == 1
    assert rows["B1", "niva", "var"].shown == Fraction("1.667")
    assert {row.enhet for row in rows.values() if row.step == "antal"} == {"A1", "A2", "A3", "B1", "F1"}
    assert alone == [row for row in rows.values() if row.enhet == "B1"]


@pytest.mark.parametrize("run", [1, 2])
def test_a_run_with_measures_verifies_and_a_changed_value_is_found(measuring: Lillby, run: int) -> None:
    assert verify(measuring.app, CONTROLLER, KOMMUN, run).findings == ()
    with measuring.engine.begin() as connection:
        connection.execute(
            text("UPDATE run_measure SET num = num + 1 WHERE run = :run AND enhet = 'A1' AND step = 'niva'"),
            {"run": run},
        )
    findings = verify(measuring.app, CONTROLLER, KOMMUN, run).findings
    assert findings == ("A1: värdet av niva är inte det som de frysta antalen och modellen ger.",)


def test_the_same_figures_give_the_same_fingerprint_and_another_figure_on_the_way_another(measuring: Lillby) -> None:
    """A step that pays nothing is still part of what was computed."""
    again = measuring.allocate(YEAR, "utfall", 10)
    with measuring.app.reading(PEEK) as work:
        first, second = (work.runs.get(KOMMUN, run) for run in (2, again.number))
        measured = work.measures.of_run(KOMMUN, 2)
    assert first.fingerprint == second.fingerprint
    seen = STEPS.replace("step: niva", "step: sedd").replace("{step: niva}, ", "{step: sedd}, ")
    measuring.deliver(imports.MODEL, model_text().replace("books:\n", f"{seen}books:\n"), year_range(YEAR))
    third = measuring.allocate(YEAR, "utfall", 10)
    with measuring.app.reading(PEEK) as work:
        assert work.runs.get(KOMMUN, third.number).fingerprint != first.fingerprint
        renamed = work.measures.of_run(KOMMUN, third.number)
    assert sorted(row.exact for row in renamed) == sorted(row.exact for row in measured)


def test_every_amount_of_the_run_explains_itself_down_to_the_index_file(measuring: Lillby) -> None:
    with measuring.app.reading(PEEK) as work:
        lines = [line for line in work.runs.lines(KOMMUN, 2) if line.step == "utjamning"]
    assert {line.enhet for line in lines} == {"A1", "A2", "A3", "B1"}
    for line in lines:
        tree = derivation_of(measuring.app, CONTROLLER, line.enhet, 2, line.key)
        assert tree.value == Fraction(line.amount_ore, 100)
    said = "\n".join(derivation_of(measuring.app, CONTROLLER, "A1", 2, "step:utjamning").lines())
    for what in ("socio: 120 (index, inläsning", "Summan över alla enheter: Behov", "Elever i grundskolan", "register"):
        assert what in said, said
    assert "Nivå" in derivation_of(measuring.app, CONTROLLER, "A1", 2, "measure:niva|var").label


def test_every_step_on_an_index_that_may_not_be_shown_is_sealed_for_who_may_not_see_it() -> None:
    model = load_model(MEASURED, "lillby.yaml")
    seal = seal_for(model, [], date(2026, 11, 22), may_see=False, secret=frozenset({"socio"}))
    assert seal.secret_index == {"socio", "behov", "medelbehov", "utjamning"}
    assert seal_for(model, [], date(2026, 11, 22), may_see=True, secret=frozenset({"socio"})) == Seal()


def test_individual_amounts_are_hidden_in_a_sum_that_reads_them_too() -> None:
    step = "{step: allt, kind: combine, label: Allt, yields: base, how: sum, of: [{step: stod}], reference: *beslut}"
    model = load_model(MEASURED.replace("books:\n", f"  - {step}\nbooks:\n"), "lillby.yaml")
    assert individual_steps(model) == {"stod", "allt"}


def months_file(lillby: Lillby, folder: Path, enhet_ids: set[str]) -> Path:
    """Write what the run counted as an outsider's file: a column by category and month."""
    with lillby.app.reading(PEEK) as work:
        counts = work.runs.counts(KOMMUN, 2)
        units = [one for one in work.runs.units(KOMMUN, 2) if one.enhet in enhet_ids]
    categories = ("gs.1_3", "gs.4_6", "gs.ny", "fh", "fsk")
    header = ["enhet", "mottagare", "landsbygd", "socio", *(f"{one}_{m}" for one in categories for m in range(1, 13))]
    by_place = {(row.enhet, row.category, row.month): row.n for row in counts}
    socio = {"A1": "120", "A2": "90", "B1": "80"}
    path = folder / "egna.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        for one in units:
            months = [by_place.get((one.enhet, name, m), 0) for name in categories for m in range(1, 13)]
            rural = "ja" if one.landsbygd else "nej"
            writer.writerow([one.enhet, one.recipient, rural, socio.get(one.enhet, ""), *months])
    return path


UNITS = "units:\n  key: [enhet]\n  columns:\n    - {column: mottagare, field: recipient}\n" + (
    "    - {column: landsbygd, field: landsbygd}\n    - {column: socio, index: socio}\n"
    + "".join(
        f"    - {{column: {one}_{m}, category: {one}, month: {m}}}\n"
        for one in ("gs.1_3", "gs.4_6", "gs.ny", "fh", "fsk")
        for m in range(1, 13)
    )
)


@pytest.fixture
def told(undecided_lillby: Lillby) -> Lillby:
    """Give Lillby by a model that says how an outsider's file is read."""
    undecided_lillby.deliver(imports.MODEL, MEASURED + UNITS, year_range(YEAR))
    undecided_lillby.allocate(YEAR, "budget")
    undecided_lillby.allocate(YEAR, "utfall", 10)
    return undecided_lillby


@pytest.mark.parametrize("enhet_ids", [{"A1", "A2", "A3", "B1", "B2", "C1", "F1"}, {"B1"}])
def test_evaluate_gives_every_measure_and_amount_of_the_run_on_the_same_data(
    told: Lillby, tmp_path: Path, enhet_ids: set[str]
) -> None:
    given_path = tmp_path / "run.json"
    given_path.write_bytes(given_of_run(told.app, CONTROLLER, 2))
    result = evaluate(MEASURED + UNITS, "lillby.yaml", months_file(told, tmp_path, enhet_ids), given_path)
    rows = {(row[0], row[1], row[-1], row[2]): row[6] for row in result.rows}
    with told.app.reading(PEEK) as work:
        stored = [one for one in work.measures.of_run(KOMMUN, 2) if one.enhet in enhet_ids and one.yields != "amount"]
        lines = [one for one in work.runs.lines(KOMMUN, 2) if one.enhet in enhet_ids and one.step != "stod"]
    for one in stored:
        text_shown = rows[one.enhet, one.step, one.period, "alla"]
        assert abs(Fraction(text_shown.replace(",", ".")) - one.shown) <= Fraction(1, 2 * 10**10)
    for line in lines:
        value = rows[line.enhet, line.step, line.period, line.category].replace(",", ".")
        assert Fraction(value) * 100 == line.amount_ore
    assert len(rows) == len(stored) + len(lines)


@pytest.fixture
def decided(undecided_lillby: Lillby) -> tuple[Lillby, int]:
    """Give Lillby with a decided utfall by a model with measures, and the run's number; the reserve pays for them."""
    undecided_lillby.deliver(imports.MODEL, MEASURED, year_range(YEAR))
    tried = undecided_lillby.allocate(YEAR, "budget").number
    with undecided_lillby.app.reading(PEEK) as work:
        over = difference_of(work.runs.books(KOMMUN, tried))
    closing = MEASURED.replace('amount: "51309"', f'amount: "{Decimal(5_130_900 - over) / 100}"')
    undecided_lillby.deliver(imports.MODEL, closing, year_range(YEAR))
    undecided_lillby.decide(YEAR, "budget")
    return undecided_lillby, undecided_lillby.decide(YEAR, "utfall", 10).number


@pytest.mark.parametrize("viewer", [CITIZEN, POLITICIAN], ids=["medborgare", "förtroendevald"])
def test_who_may_not_see_the_index_sees_the_amount_but_not_what_it_was_made_of(
    decided: tuple[Lillby, int], viewer: Actor
) -> None:
    lillby, run = decided
    whole = derivation_of(lillby.app, CONTROLLER, "B1", run, "step:utjamning")
    said = derivation_of(lillby.app, viewer, "B1", run, "step:utjamning")
    assert said.value == whole.value
    assert not any("socio" in node.label or "Behov" in node.label for _, node in said.walk())
    assert any(node.sealed for _, node in said.walk())
    with pytest.raises(NoSuchAmountError):
        derivation_of(lillby.app, viewer, "B1", run, "measure:behov|var")


@pytest.mark.parametrize("file_format", ["pdf", "xlsx", "csv", "json"])
def test_a_huvudmans_statement_tells_of_a_measure_down_to_its_own_figures(
    decided: tuple[Lillby, int], file_format: Literal["pdf", "xlsx", "csv", "json"]
) -> None:
    lillby, run = decided
    _, content, _ = statement(lillby.app, OWNER_CEDERN, "B1", run, file_format)
    assert content
    if file_format == "json":
        assert "socio" in content.decode()


def test_the_same_for_all_is_asked_of_measures_too(decided: tuple[Lillby, int]) -> None:
    """The first count is for two recipients only, and the amounts on it are not given to the others."""
    found = equal_view(decided[0].app, CONTROLLER, YEAR, "utfall").findings
    assert {one.recipient for one in found if "utjamning" in one.steps} <= {"fristaende_annan", "annan_kommun"}
