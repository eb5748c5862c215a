"""Decided tilläggsbelopp from file to line, and steps with a rule of their own in a stored run, on both databases."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.allocation import difference_of
from core.base import DateRange, year_range
from core.usecases import imports
from core.usecases.allocation import derivation_of
from core.usecases.evaluate import evaluate
from core.usecases.given import given_of_run
from core.usecases.recompute_kit import recompute_kit
from core.usecases.verify import verify
from tests.support import small_kommun
from tests.support.copies import copied
from tests.support.reaching import PEEK
from tests.support.small_kommun import CONTROLLER, KOMMUN, YEAR, model_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.databases import Database, DatabaseMaker
    from tests.support.small_kommun import Lillby

WHOLE = year_range(YEAR)
KINDS = ("case_amounts", "enrolments")
HEADER = "steg;beslut;elev;enhet;verksamhet;fran_och_med;till_och_med;belopp_kr_per_manad\n"
CASES = f"""\
tillagg;TB-1;e07;B1;grundskola;{YEAR}-01-01;;10000
tillagg;TB-2;e10;B2;grundskola;{YEAR}-02-15;{YEAR}-09-01;2500,50
tillagg;TB-3;e01;A1;grundskola;{YEAR - 1}-08-15;{YEAR}-06-12;8000
"""
STEPS = """\
  - {step: tillagg, kind: case_amounts, label: Tilläggsbelopp, reference: *beslut}
  - {step: tillagg_moms, kind: markup, label: Moms på tilläggsbelopp, kostnadsslag: mervardesskatt, dimension: individ, recipients: [fristaende_hemma, fristaende_annan], of: [tillagg], rate: "0.06", reference: *beslut}
  - {step: faktiska_lokaler, kind: premises, label: Faktisk lokalkostnad, kostnadsslag: lokalkostnader, verksamhet: grundskola, price: lokal, actual: {variable: hyra}, marked_up_by: [adm, moms], reference: *beslut}
  - {step: mer, kind: addition, label: Tillskott, kostnadsslag: undervisning, verksamhet: grundskola, amount: "60000", categories: [gs.1_3, gs.4_6], decided: 2026-05-20, first_month: 7, marked_up_by: [adm, moms], reference: *beslut}
  - {step: struktur, kind: weighted_pool, label: Struktur, kostnadsslag: undervisning, dimension: struktur, verksamhet: grundskola, pool: "30000", quantity: undervisning, factor: {index: hyra, default: {mean_of: all}, small: {below: "0.5", value: "9000"}}, reference: *beslut}
  - {step: golv, kind: guarantee, label: Garanti, kostnadsslag: undervisning, verksamhet: grundskola, of: [undervisning, socio], categories: [gs.1_3, gs.4_6], baseline: {variable: forra}, floor: "-0.02", financed_by: gainers, reference: *beslut}
"""  # noqa: E501 - a model is read step by step, one to a line
INDEX = small_kommun.INDEX_HEADER + "".join(
    f"{name};Nämnden;1;{YEAR};hogre_mer;1;ingen;ja;{enhet};{value}\n"
    for name, values in {"hyra": {"B1": 15000}, "forra": {"A1": 100000, "B1": 200000, "B2": 10000}}.items()
    for enhet, value in values.items()
)


def with_rules(lillby: Lillby) -> Lillby:
    """Add the steps and what they read."""
    lillby.deliver(imports.MODEL, model_text().replace("books:", STEPS + "books:"), WHOLE)
    if not lillby.receive("index", INDEX, WHOLE).unchanged:
        lillby.deliver("index", INDEX, WHOLE)
    lillby.deliver("case_amounts", HEADER + CASES, WHOLE)
    return lillby


def delivered_with_rules(url: str, folder: Path) -> Lillby:
    """Return Lillby with every file of 2026, and the steps."""
    return with_rules(small_kommun.delivered(url, folder))


@pytest.fixture
def ruled(database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Lillby]:
    lillby = copied(database_maker, database, tmp_path, delivered_with_rules)
    yield lillby
    lillby.engine.dispose()


def paid(lillby: Lillby, run: int, step: str) -> dict[tuple[str, str], int]:
    with lillby.app.reading(PEEK) as work:
        lines = work.runs.lines(KOMMUN, run)
    return {(one.enhet, one.period): one.amount_ore for one in lines if one.step == step}


def test_every_decision_in_force_on_the_first_of_a_month_pays_the_whole_month(ruled: Lillby) -> None:
    run = ruled.allocate(YEAR, "budget").number
    assert paid(ruled, run, "tillagg") == {
        ("B1", "var"): 6_000_000,
        ("B1", "host"): 6_000_000,
        ("B2", "var"): 4 * 250_050,  # från mars: den 15 februari är inte månadens första dag
        ("B2", "host"): 3 * 250_050,  # till och med den 1 september
        ("A1", "var"): 4_800_000,  # juni ut, fast beslutet slutar den 12
    }
    assert paid(ruled, run, "tillagg_moms")["B1", "var"] == 360_000
    assert verify(ruled.app, CONTROLLER, KOMMUN, run).findings == ()


def test_a_month_pays_what_is_decided_for_it_and_an_addition_only_its_own_months(ruled: Lillby) -> None:
    text = model_text().replace("books:", "".join(STEPS.splitlines(keepends=True)[0:1]) + "books:")
    ruled.deliver(imports.MODEL, text, WHOLE)
    only_cases = ruled.allocate(YEAR, "budget").number
    ruled.deliver(imports.MODEL, model_text() + "# utan tilläggsbelopp\n", WHOLE)
    without = ruled.allocate(YEAR, "budget").number
    ruled.deliver(imports.MODEL, text.replace("books:", STEPS.splitlines(keepends=True)[3] + "books:"), WHOLE)
    both = ruled.allocate(YEAR, "budget").number

    def more(run: int, less: int, enhet: str) -> list[int]:
        with ruled.app.reading(PEEK) as work:
            paid_in = [work.sums.paid_by_month(KOMMUN, one, [enhet]) for one in (run, less)]
        return [round((paid_in[0].get(month, 0) - paid_in[1].get(month, 0)) / 100) for month in range(1, 13)]

    assert more(only_cases, without, "A1") == [8000] * 6 + [0] * 6
    assert [month for month, kr in enumerate(more(both, only_cases, "A1"), 1) if kr] == [7, 8, 9, 10, 11, 12]


def test_a_model_may_pay_every_month_that_a_decision_touches(ruled: Lillby) -> None:
    steps = STEPS.replace("kind: case_amounts,", "kind: case_amounts, month: any_day,")
    text = model_text().replace("books:", steps + "books:")
    ruled.deliver(imports.MODEL, text, WHOLE)
    run = ruled.allocate(YEAR, "budget").number
    assert paid(ruled, run, "tillagg")["B2", "var"] == 5 * 250_050  # februari också


def test_a_stored_run_with_every_kind_explains_itself_and_is_verified(ruled: Lillby) -> None:
    ruled.allocate(YEAR, "budget")
    run = ruled.allocate(YEAR, "utfall", 10).number
    assert verify(ruled.app, CONTROLLER, KOMMUN, run).findings == ()
    with ruled.app.reading(PEEK) as work:
        units = [one.enhet for one in work.runs.units(KOMMUN, run)]
        totals = {one.enhet: one.total_ore for one in work.runs.units(KOMMUN, run)}
    for enhet in units:
        tree = derivation_of(ruled.app, CONTROLLER, enhet, run, "total")
        assert tree.value * 100 == totals[enhet]
    said = "\n".join(derivation_of(ruled.app, CONTROLLER, "B1", run, "step:tillagg").lines())
    assert "beslutade tilläggsbelopp, inläsning" in said
    moved = [ore for _, ore in sorted(paid(ruled, run, "golv").items())]
    assert sum(moved) == 0
    assert any(moved)
    assert given_of_run(ruled.app, CONTROLLER, run)


def test_an_addition_and_what_corresponds_to_it_are_terms_of_the_books(database: Database, tmp_path: Path) -> None:
    lillby = small_kommun.delivered(database.url, tmp_path)
    lillby.deliver("index", INDEX, WHOLE)  # the plan is counted by the new model too, and reads it
    lillby.decide(YEAR, "budget")
    run = with_rules(lillby).allocate(YEAR, "utfall", 10).number
    with lillby.app.reading(PEEK) as work:
        books = work.runs.books(KOMMUN, run)
        lines = [one for one in work.runs.lines(KOMMUN, run) if one.step == "mer"]
        assert verify(lillby.app, CONTROLLER, KOMMUN, run).findings == ()
    lillby.engine.dispose()
    assert difference_of(books) == 0
    terms = {one.term: one for one in books}
    own = sum(one.amount_ore for one in lines if one.recipient == "egen")
    others = sum(one.amount_ore for one in lines if one.recipient != "egen")
    assert terms["tillskott.mer"].amount_ore == own == 4_000_000  # fyra av sex månader av 60 000 kronor
    assert terms["motsvarande.mer"].amount_ore == others > 0
    assert terms["tillskott.mer"].label == "Tillskott: egna enheter"


def test_a_delta_says_anew_what_it_says_of_a_decision(ruled: Lillby) -> None:
    row = f"tillagg;TB-1;e07;B1;grundskola;{YEAR}-01-01;{YEAR}-03-31;12000\n"
    ruled.deliver("case_amounts", HEADER + row, WHOLE, "delta")
    run = ruled.allocate(YEAR, "budget").number
    assert paid(ruled, run, "tillagg")["B1", "var"] == 3_600_000
    assert ("B2", "var") in paid(ruled, run, "tillagg")


def test_a_delivery_by_half_year_pays_its_own_months(ruled: Lillby) -> None:
    autumn = DateRange(date(YEAR, 7, 1), date(YEAR + 1, 1, 1))
    ruled.deliver("case_amounts", HEADER + f"tillagg;TB-9;e07;B1;grundskola;{YEAR}-01-01;;1000\n", autumn)
    run = ruled.allocate(YEAR, "budget").number
    assert paid(ruled, run, "tillagg")["B1", "var"] == 6_000_000
    assert paid(ruled, run, "tillagg")["B1", "host"] == 600_000


def test_a_decision_on_a_step_that_the_model_lacks_stands_in_underlag(ruled: Lillby) -> None:
    row = f"okand;TB-9;e07;B1;grundskola;{YEAR}-01-01;{YEAR}-02-28;1000\n"
    ruled.deliver("case_amounts", HEADER + row, WHOLE, "delta")
    run = ruled.allocate(YEAR, "budget").number
    with ruled.app.reading(PEEK) as work:
        missed = work.runs.uncounted(KOMMUN, run)
    assert [(one.reason, one.enhet, one.n) for one in missed if one.reason == "beslut_utan_steg"] == [
        ("beslut_utan_steg", "B1", 2)
    ]


def test_an_elev_is_never_stored_as_delivered(ruled: Lillby) -> None:
    with ruled.app.reading(PEEK) as work:
        numbers = {kind: [one.number for one in work.batches.list(KOMMUN) if one.kind == kind] for kind in KINDS}
        rows = work.facts.cases(KOMMUN, numbers["case_amounts"])
        same = work.facts.lives_at(KOMMUN, numbers["enrolments"], "B1", "grundskola")
    assert {one.elev for one in rows}.isdisjoint({"e07", "e10", "e01"})
    assert next(one.elev for one in rows if one.decision == "TB-1") in {one.elev for one in same}


@pytest.mark.parametrize("enhet_ids", [["B1"], ["A1", "A2", "A3", "B1", "B2", "F1"]])
def test_a_huvudman_recomputes_every_rule_to_the_ore(ruled: Lillby, tmp_path: Path, enhet_ids: list[str]) -> None:
    ruled.allocate(YEAR, "budget")
    run = ruled.allocate(YEAR, "utfall", 10).number
    with zipfile.ZipFile(io.BytesIO(recompute_kit(ruled.app, CONTROLLER, run, enhet_ids))) as kit:
        kit.extractall(tmp_path)
    text = (tmp_path / "modell.yaml").read_text("utf-8")
    found = evaluate(text, "modell.yaml", tmp_path / "enheter.csv", tmp_path / "korning.json")
    with ruled.app.reading(PEEK) as work:
        assert found.total_ore == sum(one.total_ore for one in work.runs.units(KOMMUN, run) if one.enhet in enhet_ids)
