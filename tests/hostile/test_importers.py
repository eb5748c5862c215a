"""Any file at all, for every importer: a clear answer in Swedish, and nothing half done.

The ordinary run takes the same 500 files for each kind every time, through the real use case. Under ``-m nightly``
10 000 new ones for each kind and format are read to the end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange import CONTRACTS
from tests.hostile.judging import EACH_TIME, delivery_of, judge_ten_thousand, read_to_the_end
from tests.support.deliveries import CONTEXT
from tests.support.hostile import BYTES, TABLE, bytes_damaged, csv_file, sample_table, table_damaged
from tests.support.hostile_books import WORKBOOK, workbook

if TYPE_CHECKING:
    from pathlib import Path

    from tests.hostile.judging import Bench
    from tests.support.hostile import Damage

KINDS = tuple(CONTRACTS)


@st.composite
def files(draw: st.DrawFn, kind: str, file_format: str | None = None) -> bytes:
    """Draw a damaged file of a kind."""
    return _file(
        kind,
        file_format or draw(st.sampled_from(("csv", "xlsx"))),
        draw(TABLE),
        draw(BYTES),
        draw(WORKBOOK),
        (draw(st.sampled_from(";,\t")), draw(st.booleans())),
    )


def _file(
    kind: str, file_format: str, table: list[Damage], raw: list[Damage], book: list[Damage], how: tuple[str, bool]
) -> bytes:
    cells = table_damaged(sample_table(kind), table)
    whole = workbook(cells, book) if file_format == "xlsx" else csv_file(cells, delimiter=how[0], quoted=how[1])
    return bytes_damaged(whole, raw)


@pytest.mark.parametrize("kind", KINDS)
def test_any_file_is_received_with_its_faults_or_refused_whole(kind: str, hostile_bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "fil"

    @given(content=files(kind))
    @EACH_TIME
    def holds(content: bytes) -> None:
        path.write_bytes(content)
        hostile_bench.receive(delivery_of(kind, path, "fil.csv"))

    holds()


@pytest.mark.nightly
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", KINDS)
def test_ten_thousand_files_are_read_or_refused(kind: str, file_format: str, tmp_path: Path) -> None:
    path = tmp_path / f"fil.{file_format}"

    def holds(content: bytes) -> None:
        path.write_bytes(content)
        read_to_the_end(kind, path, CONTEXT, "fil.csv")

    judge_ten_thousand(holds, content=files(kind, file_format))
