from __future__ import annotations

import hashlib
import itertools
from datetime import date
from typing import TYPE_CHECKING

from core.base import DateRange
from core.exchange import ImportContext, contract_of, read
from core.usecases.demo import generate
from core.usecases.demo.enrolment_files import PROTECTED

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.demo import DemoFile
    from tests.core.usecases.demo.conftest import Delivered

# Changes only when Lindvik is meant to change; then every figure printed of the demo changes with it.
FINGERPRINT = "1a8966007e4ff58620ee3b128ca24aff0a561f7a7cc5f0f104ab4d4f32059e04"


def fingerprint(files: list[DemoFile]) -> str:
    seen = hashlib.sha256()
    for file in files:
        seen.update(file.path.name.encode() + b"\0" + file.path.read_bytes())
    return seen.hexdigest()


def test_the_same_bytes_come_out_every_time(delivered: Delivered, tmp_path: Path) -> None:
    assert fingerprint(generate(tmp_path)) == fingerprint(delivered.files)


def test_the_bytes_are_the_ones_everybody_has_seen(delivered: Delivered) -> None:
    assert fingerprint(delivered.files) == FINGERPRINT


def test_one_or_two_elever_have_a_protected_identity_so_that_the_demo_shows_how_that_looks(
    delivered: Delivered,
) -> None:
    told = [file.path.read_text(encoding="utf-8-sig") for file in delivered.files if file.kind == "enrolments"]
    elever = {row.split(";")[0] for text in told for row in text.splitlines()[1:] if not row.endswith(";")}
    assert elever == set(PROTECTED)


def test_units_come_first_and_every_kind_comes_for_every_year(delivered: Delivered) -> None:
    kinds = [file.kind for file in delivered.files]
    assert kinds[:3] == ["units"] * 3
    assert kinds.count("enrolments") == 12
    for kind in ("index", "planned_counts", "given_amounts", "staff", "premises"):
        assert [file.period_from.year for file in delivered.files if file.kind == kind] == [2024, 2025, 2026]


def test_enrolments_cover_every_day_from_2024_to_october_2026_once(delivered: Delivered) -> None:
    periods = [(file.period_from, file.period_to) for file in delivered.files if file.kind == "enrolments"]
    assert periods[0][0] == date(2024, 1, 1)
    assert periods[-1][1] == date(2026, 11, 1)
    assert all(ended == begins for (_, ended), (begins, _) in itertools.pairwise(periods))


def test_every_header_is_one_of_its_contract(delivered: Delivered) -> None:
    for file in delivered.files:
        contract = contract_of(file.kind)
        headers = set(delivered.rows(file.path.name)[0])
        assert headers <= {column.header for column in contract.columns}, file.path.name
        assert {column.header for column in contract.columns if column.required} <= headers, file.path.name


def test_every_file_is_read_without_a_single_fault(delivered: Delivered) -> None:
    enhet_ids = frozenset(row["enhet"] for row in delivered.rows("enheter_2026.csv"))
    for file in delivered.files:
        period = DateRange(file.period_from, file.period_to)
        context = ImportContext(
            kommun="9901", key=b"a key of the test's own, 32 byte", period=period, enhet_ids=enhet_ids
        )
        found = read(file.kind, file.path, context)
        rows = sum(len(chunk) for chunk in found.chunks(1))
        # In July those who start in August are told ahead: outside the period, and meant to be.
        faults = [one for one in found.issues if one.code != "period-outside" or "2026-07" not in file.path.name]
        assert (file.path.name, found.error_count, faults) == (file.path.name, 0, [])
        assert rows == len(delivered.rows(file.path.name))


def test_the_deliverers_total_is_the_rows_except_for_the_month_with_a_unit_missing(delivered: Delivered) -> None:
    told = [file for file in delivered.files if file.file_total is not None]
    assert {file.kind for file in told} == {"units", "enrolments"}
    differ = [file.path.name for file in told if file.file_total != str(len(delivered.rows(file.path.name)))]
    assert differ == ["elevregister_2026-03.csv"]


def test_a_units_file_tells_only_what_was_known_that_year(delivered: Delivered) -> None:
    def known(year: int) -> dict[str, str]:
        return {row["enhet"]: row["till_och_med"] for row in delivered.rows(f"enheter_{year}.csv")}

    assert "F26" not in known(2024)
    assert known(2024)["G15"] == ""
    assert known(2025)["G15"] == known(2026)["G15"] == "2025-06-30"
    assert "F26" in known(2025)
