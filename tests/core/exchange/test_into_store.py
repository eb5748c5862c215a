"""What the reader yields fits the tables, on both engines, and comes back as it went in."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from core.exchange import CONTRACTS, read, sample
from core.store import KommunRecord, NewBatch, UnitOfWork, absent_mark, make_engine, write_rows
from core.store.tables import Base
from tests.support.deliveries import CONTEXT
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.databases import Database


@pytest.mark.parametrize("kind", CONTRACTS)
def test_a_contract_fills_every_column_of_its_table_in_order(kind: str) -> None:
    contract = CONTRACTS[kind]

    assert list(contract.stored) == [column.name for column in Base.metadata.tables[contract.table].columns]


def test_samples_are_stored_and_read_back_the_same(database: Database, tmp_path: Path) -> None:
    engine = make_engine(database.url)
    with UnitOfWork(engine, EVERYWHERE) as work:
        work.kommuner.add(KommunRecord("9901", "Lindvik", "999900-9901"))
        for kind, contract in CONTRACTS.items():
            path = tmp_path / f"{kind}.csv"
            path.write_bytes(sample(kind, "csv"))
            found = read(kind, path, CONTEXT)
            number = work.batches.receive(
                NewBatch(
                    kommun="9901",
                    kind=kind,
                    period_from=date(2026, 1, 1),
                    period_to=date(2027, 1, 1),
                    mode="snapshot",
                    delivered_by="prov",
                    file_name=found.file,
                    sha256=found.sha256,
                    received_at=datetime(2026, 11, 22, tzinfo=UTC),
                )
            )
            for chunk in found.chunks(number, absent=absent_mark(work.connection)):
                write_rows(work.connection, contract.table, contract.stored, chunk)

            table = Base.metadata.tables[contract.table]
            stored = work.connection.execute(select(table).where(table.c.batch == number).order_by(table.c.row)).all()
            again = [row for chunk in read(kind, path, CONTEXT).chunks(number) for row in chunk]
            dated = [tuple(str(value) if isinstance(value, date) else value for value in row) for row in stored]
            assert dated == again
    engine.dispose()
