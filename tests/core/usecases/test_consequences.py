"""What accepting a delivery would take out of force, said beforehand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.base import DateRange
from core.usecases import imports
from core.usecases.consequences import consequence_of
from tests.support.reaching import PEEK
from tests.support.small_kommun import CITIZEN, CONTROLLER, KOMMUN, UNITS

if TYPE_CHECKING:
    from pathlib import Path

    from core.store import BatchRecord
    from tests.support.small_kommun import Lillby

TWO_UNITS = "\n".join(UNITS.splitlines()[:3]) + "\n"


def received(lillby: Lillby, folder: Path, text: str, mode: str = "snapshot") -> int:
    path = folder / "enheter.csv"
    path.write_text(text, encoding="utf-8")
    before = next(one for one in _batches(lillby) if one.kind == "units")
    result = imports.receive(
        lillby.app,
        CONTROLLER,
        imports.Delivery(
            kommun=before.kommun, kind="units", path=path, file_name=path.name, mode=mode,
            period=DateRange(before.period_from, before.period_to),
        ),
    )  # fmt: skip
    assert result.batch is not None
    return result.batch.number


def _batches(lillby: Lillby) -> list[BatchRecord]:
    with lillby.app.reading(PEEK) as work:
        return list(work.batches.list(KOMMUN))


def test_a_snapshot_with_two_units_says_which_five_it_takes_away(lillby: Lillby, tmp_path: Path) -> None:
    first = next(one for one in _batches(lillby) if one.kind == "units")
    found = consequence_of(lillby.app, CONTROLLER, received(lillby, tmp_path, TWO_UNITS))
    assert found is not None
    assert [(one.number, one.rows, one.wholly) for one in found.replaces] == [(first.number, 7, True)]
    assert found.gone == ("Cedern", "Dungen", "Ekskolan", "Fröets förskola", "Grannskolan")
    assert found.new == ()


def test_a_delta_replaces_nothing_and_takes_no_unit_away(lillby: Lillby, tmp_path: Path) -> None:
    new = TWO_UNITS.replace("A1;00000001;Alskolan", "A9;;Asken")
    found = consequence_of(lillby.app, CONTROLLER, received(lillby, tmp_path, new, "delta"))
    assert found is not None
    assert (found.is_nothing, found.new) == (True, ("Asken",))


def test_a_delivery_that_is_answered_changes_nothing_more(lillby: Lillby) -> None:
    first = next(one for one in _batches(lillby) if one.kind == "units")
    assert consequence_of(lillby.app, CONTROLLER, first.number) is None


def test_the_public_is_not_told(lillby: Lillby) -> None:
    with pytest.raises(ForbiddenError):
        consequence_of(lillby.app, CITIZEN, 1)
