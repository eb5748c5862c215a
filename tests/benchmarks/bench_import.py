"""Import of enrolments: a CSV into SQLite, checks included, beside plain bulk insert of the same rows.

``python -m tests.benchmarks --only import --rows 200000``. Each measurement is a process of its own,
so that its peak memory is its own. Bar (design, section 8): at least 120 000 rows/s and memory flat.
"""

from __future__ import annotations

import json
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from core.base import DateRange
from core.exchange import CONTRACTS, ImportContext, read
from core.store import KommunRecord, NewBatch, UnitOfWork, absent_mark, make_engine, write_rows
from core.store.migrate import upgrade
from tests.benchmarks.make_enrolments import ENHET_IDS, make
from tests.benchmarks.measuring import Figure, Table, in_own_process, peak_mb
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from core.exchange import Import

ROWS = 2_000_000
TIMES = 3
BAR_ROWS_PER_SECOND = 120_000
CONTRACT = CONTRACTS["enrolments"]
CONTEXT = ImportContext(
    kommun="9901",
    key=b"a key for benchmarks, nothing more",
    period=DateRange(date(2026, 1, 1), date(2027, 1, 1)),
    enhet_ids=ENHET_IDS,
)


def receive(work: UnitOfWork, found: Import) -> int:
    """Write the batch that the rows belong to and return its number."""
    work.kommuner.add(KommunRecord("9901", "Lindvik", "999900-9901"))
    new = NewBatch(
        kommun="9901",
        kind="enrolments",
        period_from=date(2026, 1, 1),
        period_to=date(2027, 1, 1),
        mode="snapshot",
        delivered_by="bench",
        file_name=found.file,
        sha256=found.sha256,
        received_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return work.batches.receive(new)


class Watch:
    """Seconds by the clock and by the processor; the second does not suffer from busy neighbours."""

    def __init__(self) -> None:
        self.clock = self.processor = 0.0

    def __enter__(self) -> None:
        self.clock -= perf_counter()
        self.processor -= process_time()

    def __exit__(self, *_: object) -> None:
        self.clock += perf_counter()
        self.processor += process_time()


def whole_import(path: Path, url: str, watch: Watch) -> int:
    """Time the way from an unread file to committed rows; return how many."""
    upgrade(url)
    engine = make_engine(url)
    with watch:
        found = read("enrolments", path, CONTEXT)
        with UnitOfWork(engine, EVERYWHERE) as work:
            number = receive(work, found)
            for chunk in found.chunks(number, absent=absent_mark(work.connection)):
                write_rows(work.connection, CONTRACT.table, CONTRACT.stored, chunk)
            work.batches.finish("9901", number, row_count=found.rows_ready, our_total=None, meta="{}")
            work.commit()
    assert not found.issues, found.issues[0]
    return found.rows_ready


def only_insert(path: Path, url: str, watch: Watch) -> int:
    """Time the writing of rows that are ready, which no import can beat; return how many."""
    upgrade(url)
    engine = make_engine(url)
    found = read("enrolments", path, CONTEXT)
    with UnitOfWork(engine, EVERYWHERE) as work:
        number = receive(work, found)
        for chunk in found.chunks(number, absent=absent_mark(work.connection)):
            rows = list(chunk)
            with watch:
                write_rows(work.connection, CONTRACT.table, CONTRACT.stored, rows)
        with watch:
            work.commit()
    return found.rows_ready


def only_read(path: Path, _url: str, watch: Watch) -> int:
    """Time reading and checking without storing anything; return the rows."""
    with watch:
        found = read("enrolments", path, CONTEXT)
        for chunk in found.chunks(1):
            for _ in chunk:
                pass
    return found.rows_ready


MEASUREMENTS = {one.__name__: one for one in (whole_import, only_insert, only_read)}


def measured(name: str, path: Path) -> dict[str, float]:
    """Return rows per second, by the clock and by the processor, and peak MB of one measurement in a fresh process."""
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        answer = in_own_process("tests.benchmarks.bench_import", name, path, f"sqlite:///{folder}/bench.db")
    by_clock, by_processor = (answer["rows"] / answer[key] for key in ("clock", "processor"))
    return {"clock": by_clock, "processor": by_processor, "mb": answer["mb"]}


def measure(table: Table, folder: Path, rows: int = ROWS) -> None:
    """Add our figures, the limit and the bar to the table."""
    path, tenth, quoted = (folder / name for name in ("all.csv", "tenth.csv", "quoted.csv"))
    make(path, rows)
    make(tenth, rows // 10)
    make(quoted, rows // 10, quoted=True)
    ours = [measured("whole_import", path) for _ in range(TIMES)]
    limit = [measured("only_insert", path)["clock"] for _ in range(TIMES)]
    small = measured("whole_import", tenth)["mb"]
    memory = f"{small:.0f} MB for a tenth of the rows: SQLite's page cache and mapped file"
    reading, part = measured("only_read", path), measured("only_read", tenth)
    table.add(
        Figure(f"import of {rows} enrolments, CSV to SQLite, checked", [one["clock"] for one in ours], "rows/s",
               BAR_ROWS_PER_SECOND, at_least=True),
        Figure("by processor time", [one["processor"] for one in ours], "rows/s"),
        Figure("its peak memory", [one["mb"] for one in ours], "MB", note=memory),
        Figure("bulk insert of rows that are ready", limit, "rows/s", beside=True),
        Figure("reading and checks alone", [reading["clock"]], "rows/s"),
        Figure("their peak memory", [reading["mb"]], "MB", note=f"{part['mb']:.0f} MB for a tenth of the rows"),
        Figure("a file with quotes", [measured("whole_import", quoted)["clock"]], "rows/s", note=f"{rows // 10} rows"),
    )  # fmt: skip


if __name__ == "__main__":
    timed = Watch()
    done = MEASUREMENTS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3], timed)
    print(json.dumps({"rows": done, "clock": timed.clock, "processor": timed.processor, "mb": peak_mb()}))
