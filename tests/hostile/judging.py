"""What must hold of the answer to any file: said in Swedish, in bounds, without persons, and nothing half done."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings

from core.base import CoreError, Issue, year_range
from core.exchange import CONTRACTS, ImportContext, read, sample
from core.store.tables import Base
from core.usecases import imports
from tests.support import small_kommun
from tests.support.hostile import PERSONS
from tests.support.reaching import PEEK
from tests.support.small_kommun import BOTH_YEARS, HANDLER, KOMMUN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

    from core.usecases.imports import Delivery, ReceiveResult
    from tests.support.small_kommun import Lillby

QUIET = [
    HealthCheck.function_scoped_fixture,
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.large_base_example,
]
EACH_TIME = settings(max_examples=500, deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
"""The same 500 examples every time: a change is never blamed for what was there before it."""
INPUTS = 10_000
NIGHTLY = settings(max_examples=INPUTS, deadline=None, suppress_health_check=QUIET)
LONGEST = 1_500  # characters of one message
LONGEST_TEXT = 100_000  # characters of a fault that says many
LARGEST = 2**63
_ENGLISH = re.compile(
    r"\b(the|should|invalid|expected|error|must|failed|could not|cannot|found|while|Traceback|object|string|Input|"
    r"Exceeds|Expecting|codec|NoneType|line \d+)\b"
)
_QUOTED = re.compile("”[^”]*”|”.*?…|Finns: [^.]*")
_PERSON = re.compile("|".join(rf"(?<!\d){re.escape(one)}(?!\d)" for one in PERSONS))
_NUMBER_OF_A_HUVUDMAN = "huvudman"  # an enskild firma that runs a förskola has its owner's number; it is public


def judge_ten_thousand(judge: Callable[..., None], **drawn: SearchStrategy[Any]) -> None:
    """Let ten thousand drawn inputs be judged; fail too when there were fewer."""
    judge_many(INPUTS, judge, **drawn)


def judge_many(inputs: int, judge: Callable[..., None], **drawn: SearchStrategy[Any]) -> None:
    """Let ``inputs`` drawn inputs be judged; fail too when there were fewer."""
    judged = 0

    @given(**drawn)
    @settings(NIGHTLY, max_examples=inputs)
    def each(**found: Any) -> None:  # noqa: ANN401 - whatever is drawn
        nonlocal judged
        judge(**found)
        judged += 1

    each()
    print(f"{judged} judged")
    assert judged >= inputs


def must_be_plain(text: str, *, longest: int = LONGEST, own: bool = False) -> None:
    """Assert that a text may be shown to the person who sent the file; ``own``: who typed it there and then."""
    assert 0 < len(text) <= longest, len(text)
    assert own or not any(person in text for person in PERSONS), text
    said = _QUOTED.sub("", text)
    assert not _ENGLISH.search(said), text
    assert "\x00" not in text, text


def must_be_said(issue: Issue, file: str) -> None:
    """Assert that an issue says where, what was found and what is wanted, in Swedish and without persons."""
    assert issue.file == file
    assert issue.severity in {"error", "warning"}
    assert issue.row is None or issue.row >= 1
    assert issue.expected
    must_be_plain(issue.message)
    for text in (issue.found, issue.column, str(issue)):
        assert text is None or (not any(person in text for person in PERSONS) and text.isprintable()), text


def must_be_storable(value: object, field: str) -> None:
    """Assert that a value fits its column on both engines, and is nobody's number."""
    if isinstance(value, int):
        assert -LARGEST <= value < LARGEST
    if isinstance(value, str):
        assert "\x00" not in value
        assert len(value) <= 500
        assert field == _NUMBER_OF_A_HUVUDMAN or not _PERSON.search(value), (field, value)
        value.encode()  # no half characters


def read_to_the_end(kind: str, path: Path, context: ImportContext, file: str) -> None:
    """Read a file as an import does; assert that it gives rows and issues that are sound, or one ``CoreError``."""
    fields = CONTRACTS[kind].stored
    try:
        found = read(kind, path, context, file_name=file)
        for chunk in found.chunks(7):
            for row in chunk:
                for field, value in zip(fields, row, strict=True):
                    must_be_storable(value, field)
    except CoreError as error:
        must_be_plain(str(error), longest=LONGEST_TEXT)
        return
    for issue in found.issues:
        must_be_said(issue, file)
    assert found.rows_ready or found.error_count, "a file of nothing is a fault"


@dataclass(slots=True)
class Bench:
    """Lillby in memory with the units of the samples, laid back as it was after each file."""

    lillby: Lillby
    template: sqlite3.Connection
    live: sqlite3.Connection
    before: Mapping[str, frozenset[tuple[Any, ...]]]

    def receive(self, delivery: Delivery) -> ReceiveResult | None:
        """Receive one file as the page and the command do, judge what came of it, and lay everything back."""
        try:
            result = imports.receive(self.lillby.app, HANDLER, delivery)
        except CoreError as error:
            must_be_plain(str(error), longest=LONGEST_TEXT)
            assert self.contents() == self.before, "refused, and still something changed"
            return None
        else:
            self._judge(result, delivery)
            return result
        finally:
            self.template.backup(self.live)

    def _judge(self, result: ReceiveResult, delivery: Delivery) -> None:
        assert result.batch is not None
        for issue in result.issues:
            must_be_said(issue, delivery.file_name)
        number, table = (
            result.batch.number,
            CONTRACTS[delivery.kind].table if delivery.kind in CONTRACTS else "funding_model",
        )
        assert result.batch.state == "received"
        after = self.contents()
        for name, rows in after.items():
            assert self.before[name] <= rows, f"{name}: what was there has changed"
            added = rows - self.before[name]
            assert not added or name in {"batch", "batch_issue", "audit_entry", table}, f"{name}: {added}"
            assert name not in {"batch", "audit_entry"} or len(added) == 1
            for row in added:
                for field, value in zip(Base.metadata.tables[name].columns.keys(), row, strict=True):
                    if name not in {"funding_model", "audit_entry"} and field != "message":
                        must_be_storable(value, field)
                    assert name != "batch_issue" or field != "batch" or value == number
        self._must_count_for_nothing(delivery)

    def _must_count_for_nothing(self, delivery: Delivery) -> None:
        """Assert that a delivery nobody has accepted is in force on no day."""
        day = delivery.period.valid_from
        with self.lillby.app.reading(PEEK) as work:
            in_force = work.batches.in_force(KOMMUN, delivery.kind, [day])[day]
        assert len(in_force) == (delivery.kind == "units")

    def contents(self) -> dict[str, frozenset[tuple[Any, ...]]]:
        """Return every row of every table."""
        return contents_of(self.live)


def contents_of(connection: sqlite3.Connection) -> dict[str, frozenset[tuple[Any, ...]]]:
    """Return every row of every table, its columns in the order of the metadata."""
    found = {}
    for table in Base.metadata.sorted_tables:
        columns = ", ".join(f'"{name}"' for name in table.columns.keys())  # noqa: SIM118 - not a dict
        with closing(connection.execute(f'SELECT {columns} FROM "{table.name}"')) as rows:
            found[table.name] = frozenset(rows.fetchall())
    return found


def bench(migrated: Path, folder: Path) -> Bench:
    """Return the bench, on a copy in memory of a migrated database."""
    lillby = small_kommun.opened("sqlite://", folder)
    with lillby.engine.connect() as connection:
        live = connection.connection.driver_connection
    assert isinstance(live, sqlite3.Connection)
    with closing(sqlite3.connect(migrated)) as source:
        source.backup(live)
    with lillby.app.writing(PEEK) as work:
        work.kommuner.add(small_kommun.LILLBY)
        work.commit()
    lillby.deliver("units", sample("units", "csv").decode("utf-8-sig"), BOTH_YEARS)
    received = lillby.receive("enrolments", sample("enrolments", "csv").decode("utf-8-sig"), year_range(2026))
    assert received.batch is not None, "the first file with elever also leaves a stamp of the key it was read with"
    template = sqlite3.connect(":memory:")
    live.backup(template)
    return Bench(lillby, template, live, contents_of(live))


def delivery_of(kind: str, path: Path, file: str) -> Delivery:
    """Return a file as delivered to Lillby for 2026."""
    return imports.Delivery(kommun=KOMMUN, kind=kind, path=path, file_name=file, period=year_range(2026))
