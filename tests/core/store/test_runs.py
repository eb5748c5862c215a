from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from core.allocation import BookLine, Line, PriceRow
from core.base import RunState
from core.register import Uncounted
from core.store import NewRun, RowRefusedError, RunColumns, RunPoolRecord, RunStateError, RunUnitRecord, RunUnknownError
from core.store.errors import KommunUnknownError
from tests.core.store.rows import KOMMUN, NOON, accepted

if TYPE_CHECKING:
    from core.store import UnitOfWork

NEW = NewRun(
    kommun=KOMMUN, kind="utfall", year=2026, model_version=1, model_text="id: lindvik\n", model_sha256="ab" * 32,
    budget_run=None, through_month=10, code_version="0.1", created_at=NOON, created_by="Kim",
)  # fmt: skip
UNIT = RunUnitRecord(
    "G01", "Lerbäckens skola", "egen", "999900-9901", "Lindviks kommun", ("fritidshem", "grundskola"), False,
    "Södersidan", 0, "cd" * 32, 12_985_000_00, '{"grundskola|4":[1,1,1,1,1,1,1,1,1,1,1,1]}',
)  # fmt: skip
LINE = Line(
    "G01", "grundskola.undervisning", "grundskola.4_6", "2026", "egen", 10, "grundskola", "undervisning", "bas",
    "per_elev", 1, 212, 1, 61_250_00, 1, 1, 1, 12_985_000_00, 0, 12_985_000_00, "{}",
    '{"kind":"decision","title":"§ 112"}',
)  # fmt: skip
COUNT = ("G01", "monthly", "grundskola.4_6", 202603, 212, 12, -5)


def columns(**other: Any) -> RunColumns:  # noqa: ANN401  # any part may be named
    return RunColumns(**{"units": [UNIT], "lines": [LINE.as_tuple()], **other})


def frozen(work: UnitOfWork, new: NewRun = NEW, **other: Any) -> int:  # noqa: ANN401  # the same
    number = work.runs.create(new)
    work.runs.freeze(KOMMUN, number, columns(**other), "fingerprint", "root")
    return number


def test_a_frozen_run_is_read_back_as_it_was_written(work: UnitOfWork) -> None:
    batch = accepted(work)
    price = PriceRow("grundskola.undervisning", "grundskola.4_6", "egen", "2026", 18_375_000, 3, 61_250_00, "kr/elev")
    pool = RunPoolRecord("grundskola.socio", "2026", 10_000_000_00, Fraction(4321, 7), 3)
    books = [BookLine("left", "rader.grundskola", "Grundskola", 5), BookLine("right", "beslutad_budget", "Budget", 5)]
    run = frozen(
        work, batches=[(batch, "enrolments")], counts=[COUNT], prices=[(price, date(2026, 1, 1), "{}")], pools=[pool],
        payments=[("G01", 3, "monthly", 108_208_300), ("G01", 3, "settlement", 33)], books=books,
        uncounted=[Uncounted("ingen_kategori", "G09", "grundskola", 2)],
    )  # fmt: skip
    assert work.runs.batches(KOMMUN, run) == [(batch, "enrolments")]
    assert work.runs.units(KOMMUN, run) == [UNIT]
    assert work.runs.lines(KOMMUN, run) == work.runs.lines(KOMMUN, run, "G01") == [LINE]
    (count,) = work.runs.counts(KOMMUN, run)
    assert (count.rule, count.month, count.n, count.den, count.rows_hash) == ("monthly", 3, 212, 12, 2**64 - 5)
    assert work.runs.prices(KOMMUN, run) == [price]
    assert work.runs.pools(KOMMUN, run) == [pool]
    assert [row[2:] for row in work.runs.payments(KOMMUN, run)] == [("monthly", 108_208_300), ("settlement", 33)]
    assert work.runs.books(KOMMUN, run) == books
    assert work.runs.uncounted(KOMMUN, run) == [Uncounted("ingen_kategori", "G09", "grundskola", 2)]


def test_a_run_tells_what_it_was_made_of(work: UnitOfWork) -> None:
    run = work.runs.get(KOMMUN, frozen(work))
    assert (run.fingerprint, run.root_hash, run.state, run.created_at) == ("fingerprint", "root", "draft", NOON)
    assert (run.through_month, run.model_text, run.decision) == (10, "id: lindvik\n", None)


def test_one_units_figures_do_not_mix_with_anothers(work: UnitOfWork) -> None:
    other = replace(UNIT, enhet="G02", position=1)
    lines = [replace(LINE, enhet=enhet).as_tuple() for enhet in ("G02", "G01")]
    counts = [COUNT, ("G02", *COUNT[1:])]
    payments = [("G01", 1, "monthly", 1), ("G02", 1, "monthly", 2)]
    run = frozen(work, units=[other, UNIT], lines=lines, counts=counts, payments=payments)
    assert [one.enhet for one in work.runs.units(KOMMUN, run)] == ["G01", "G02"]
    assert work.runs.unit(KOMMUN, run, "G02") == other
    assert work.runs.unit(KOMMUN, run, "G03") is None
    assert [one.enhet for one in work.runs.lines(KOMMUN, run, "G02")] == ["G02"]
    assert [one.enhet for one in work.runs.lines(KOMMUN, run)] == ["G01", "G02"]
    assert [one.enhet for one in work.runs.counts(KOMMUN, run, "G02")] == ["G02"]
    assert [row[0] for row in work.runs.payments(KOMMUN, run, "G02")] == ["G02"]


def test_lines_come_in_order_of_position(work: UnitOfWork) -> None:
    lines = [replace(LINE, step=step, position=place) for step, place in (("a", 30), ("c", 10), ("b", 20))]
    run = frozen(work, lines=[one.as_tuple() for one in lines])
    assert [one.step for one in work.runs.lines(KOMMUN, run, "G01")] == ["c", "b", "a"]


def test_sums_are_whole_ore_by_any_column_of_the_line(work: UnitOfWork) -> None:
    lines = [LINE, replace(LINE, category="grundskola.7_9"), replace(LINE, step="s", dimension="struktur")]
    run = frozen(work, lines=[one.as_tuple() for one in lines])
    assert work.runs.sums(KOMMUN, run, "enhet", "dimension") == [
        ("G01", "bas", 2 * LINE.amount_ore),
        ("G01", "struktur", LINE.amount_ore),
    ]
    assert work.sums.by_verksamhet(KOMMUN, run) == [("grundskola", 3 * LINE.amount_ore)]
    assert work.sums.by_verksamhet(KOMMUN, run, ["G02"]) == []


def test_elever_and_payments_are_summed_in_the_database(work: UnitOfWork) -> None:
    counts = [("G01", "monthly", "grundskola.4_6", month, 212, 12, 0) for month in (202601, 202602, 202603)]
    payments = [("G01", 1, "monthly", 100), ("G01", 1, "settlement", 7)]
    run = frozen(work, counts=counts, payments=payments)
    assert work.sums.elever(KOMMUN, run, ["grundskola.4_6"]) == {"G01": {"grundskola.4_6": Fraction(53)}}
    assert work.sums.elever(KOMMUN, run, ["another"]) == {}
    assert work.sums.paid_by_month(KOMMUN, run) == {1: 107}
    assert work.sums.paid_by_month(KOMMUN, run, ["G02"]) == {}
    assert work.sums.years_of(KOMMUN, "G01", ["draft"]) == [(2026, "utfall")]
    assert work.sums.years_of(KOMMUN, None, ["decided"]) == []


@pytest.mark.parametrize(
    "line",
    [
        replace(LINE, amount_ore=LINE.amount_ore + 1),
        replace(LINE, rate_den=0),
        replace(LINE, dimension="godtycke"),
        replace(LINE, recipient="ingen"),
        replace(LINE, enhet="G99"),
    ],
)
def test_a_line_that_cannot_be_true_is_refused(work: UnitOfWork, line: Line) -> None:
    with pytest.raises(RowRefusedError):
        frozen(work, lines=[line.as_tuple()])


def test_the_same_line_twice_is_refused(work: UnitOfWork) -> None:
    with pytest.raises(RowRefusedError):
        frozen(work, lines=[LINE.as_tuple(), LINE.as_tuple()])


def test_runs_are_numbered_and_listed_newest_first(work: UnitOfWork) -> None:
    assert [frozen(work), frozen(work)] == [1, 2]
    assert [run.number for run in work.runs.list(KOMMUN)] == [2, 1]
    with pytest.raises(KommunUnknownError):
        work.runs.create(replace(NEW, kommun="0000"))


def test_the_latest_run_of_a_kind_and_year_is_found_by_state(work: UnitOfWork) -> None:
    first, second = frozen(work), frozen(work)
    work.runs.move(KOMMUN, first, RunState.CHECKED, NOON, "Kim")
    found = [
        work.runs.latest(KOMMUN, 2026, "utfall", states) for states in (["checked"], ["draft", "checked"], ["decided"])
    ]
    assert [run.number if run else None for run in found] == [first, second, None]
    assert work.runs.latest(KOMMUN, 2025, "utfall", ["draft"]) is None


def test_a_run_is_decided_with_the_minutes_of_it(work: UnitOfWork) -> None:
    run = frozen(work)
    for state in (RunState.CHECKED, RunState.DECIDED, RunState.PUBLISHED, RunState.SUPERSEDED):
        work.runs.move(KOMMUN, run, state, NOON, "Kim", "Utbildningsnämnden 2026-11-20 § 112")
    stored = work.runs.get(KOMMUN, run)
    assert (stored.state, stored.decided_by, stored.decision) == (
        "superseded",
        "Kim",
        "Utbildningsnämnden 2026-11-20 § 112",
    )


@pytest.mark.parametrize("wanted", [RunState.DECIDED, RunState.PUBLISHED])
def test_a_run_does_not_skip_a_state(work: UnitOfWork, wanted: RunState) -> None:
    run = frozen(work)
    with pytest.raises(RunStateError):
        work.runs.move(KOMMUN, run, wanted, NOON, "Kim")


def test_an_unknown_run_is_told_of(work: UnitOfWork) -> None:
    with pytest.raises(RunUnknownError, match="Körning 7"):
        work.runs.get(KOMMUN, 7)


def test_a_run_without_fingerprint_cannot_be_checked(work: UnitOfWork) -> None:
    run = work.runs.create(NEW)
    with pytest.raises(RowRefusedError):
        work.runs.move(KOMMUN, run, RunState.CHECKED, NOON, "Kim")
