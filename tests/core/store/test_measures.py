from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from core.allocation import MeasuredRow
from core.store import RowRefusedError
from tests.core.store.rows import KOMMUN
from tests.core.store.test_runs import frozen

if TYPE_CHECKING:
    from core.store import UnitOfWork

ROW = MeasuredRow("G01", "koncentration", "2026", 2, "ratio", -1, 3, -3333, 10_000, "")


def test_measures_are_read_back_as_they_were_written_to_the_last_bit(work: UnitOfWork) -> None:
    run = frozen(work)
    widest = ROW._replace(step="antal", num=2**63 - 1, den=2**63 - 1, shown_num=-(2**63) + 1, unit="elever")
    rows = [widest, ROW, ROW._replace(period="2026_host")]
    work.measures.write(KOMMUN, run, rows)
    assert work.measures.of_run(KOMMUN, run) == work.measures.of_run(KOMMUN, run, "G01") == rows
    assert work.measures.of_run(KOMMUN, run, "G02") == work.measures.of_run(KOMMUN, run + 1) == []
    assert (ROW.exact, ROW.shown) == (Fraction(-1, 3), Fraction("-0.3333"))


def test_a_measure_of_a_unit_that_is_not_in_the_run_is_refused(work: UnitOfWork) -> None:
    run = frozen(work)
    with pytest.raises(RowRefusedError):
        work.measures.write(KOMMUN, run, [ROW._replace(enhet="G99")])
