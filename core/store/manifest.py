"""What a database holds, said so that a restored one can be held against it.

Rows by table; each run's fingerprint and root hash; the last link of each audit chain, and whether the chain holds;
which keys the rows rest on. No row is in it, and no key.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, func, inspect, select, table, type_coerce

from core.store.audit import AuditRepository
from core.store.column_keys import key_of
from core.store.reach import Reach
from core.store.resealing import CLEAR, encrypted_columns
from core.store.tables import AuditEntryRow, Base, KeyStampRow, KommunRow, RunRow

if TYPE_CHECKING:
    from sqlalchemy import Connection

FORMAT = 1
VERSIONS = "alembic_version"


@dataclass(frozen=True, slots=True)
class KommunHeld:
    """One kommun: its runs (number, year, kind, state, fingerprint, root hash), its chain, its keys."""

    name: str
    runs: tuple[tuple[Any, ...], ...]
    links: int
    last_link: str | None
    broken_link: int | None
    """The first link that does not hold, None when the chain is whole."""
    key_stamps: tuple[tuple[str, str], ...] = ()
    column_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. ``sha256`` and ``size`` are of the database's copy in it."""

    engine: str
    revision: str
    made_at: str
    rows: dict[str, int]
    kommuner: dict[str, KommunHeld]
    sha256: str = ""
    size: int = 0

    def of(self, sha256: str, size: int) -> Manifest:
        """Return the manifest of a copy with that sum and size."""
        return replace(self, sha256=sha256, size=size)

    def to_json(self) -> str:
        """Return the manifest as it stands in the file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Manifest:
        """Return the manifest that a file tells; raises ``KeyError``, ``TypeError`` or ``ValueError``."""
        kommuner = {
            kommun: KommunHeld(
                **{
                    **held,
                    "runs": tuple(tuple(run) for run in held["runs"]),
                    "key_stamps": tuple((purpose, stamp) for purpose, stamp in held["key_stamps"]),
                    "column_keys": tuple(held["column_keys"]),
                }
            )
            for kommun, held in said["kommuner"].items()
        }
        rest = {name: value for name, value in said.items() if name not in {"format", "kommuner"}}
        return cls(**rest, kommuner=kommuner)


def describe(connection: Connection, made_at: str = "") -> Manifest:
    """Return what a database holds, as one moment of it; needs to see every row."""
    names = set(inspect(connection).get_table_names())
    rows = {
        name: int(connection.scalar(select(func.count()).select_from(table(name))) or 0)
        for name in sorted(names & set(Base.metadata.tables))
    }
    revision = connection.exec_driver_sql(f"SELECT version_num FROM {VERSIONS}").scalar_one()  # noqa: S608 - our own
    kommuner = dict(connection.execute(select(KommunRow.kommun, KommunRow.name)).all())
    held = {kommun: _held(connection, kommun, name, names) for kommun, name in sorted(kommuner.items())}
    return Manifest(connection.dialect.name, revision, made_at, rows, held)


def differences(was: Manifest, now: Manifest) -> list[str]:
    """Return in Swedish what a restored database lacks of what the backup said; nothing when it is the same."""
    found = [
        f"tabellen {name} har {now.rows.get(name, 0)} rader, säkerhetskopian {count}"
        for name, count in was.rows.items()
        if now.rows.get(name, 0) != count
    ]
    for kommun, before in was.kommuner.items():
        after = now.kommuner.get(kommun)
        if after is None:
            found.append(f"kommun {kommun} saknas")
            continue
        if after.runs != before.runs:
            missed = sorted({run[0] for run in set(before.runs) ^ set(after.runs)})
            found.append(f"kommun {kommun}: fingeravtrycken stämmer inte för körning {', '.join(map(str, missed))}")
        if (after.links, after.last_link) != (before.links, before.last_link):
            found.append(f"kommun {kommun}: revisionskedjan slutar inte i samma länk")
        if after.broken_link is not None:
            found.append(f"kommun {kommun}: revisionskedjan är bruten vid länk {after.broken_link}")
    return found


def _held(connection: Connection, kommun: str, name: str, tables: set[str]) -> KommunHeld:
    columns = (RunRow.number, RunRow.year, RunRow.kind, RunRow.state, RunRow.fingerprint, RunRow.root_hash)
    runs = connection.execute(select(*columns).where(RunRow.kommun == kommun).order_by(RunRow.number)).all()
    chain = select(AuditEntryRow.seq, AuditEntryRow.hash).where(AuditEntryRow.kommun == kommun)
    last = connection.execute(chain.order_by(AuditEntryRow.seq.desc()).limit(1)).first()
    broken = AuditRepository(connection, Reach(frozenset({kommun}))).first_broken(kommun)
    links, last_link = (last[0], last[1]) if last else (0, None)
    held = KommunHeld(name, tuple(tuple(run) for run in runs), links, last_link, broken)
    if KeyStampRow.__tablename__ not in tables:
        return held
    asked = select(KeyStampRow.purpose, KeyStampRow.stamp).where(KeyStampRow.kommun == kommun)
    stamps = connection.execute(asked.order_by(KeyStampRow.purpose)).all()
    return replace(
        held, key_stamps=tuple((one[0], one[1]) for one in stamps), column_keys=_column_keys(connection, kommun)
    )


def _column_keys(connection: Connection, kommun: str) -> tuple[str, ...]:
    """Return the names of the keys that encrypt the kommun's texts; the texts themselves are not read."""
    found: Counter[str] = Counter()
    for column in encrypted_columns():
        raw = type_coerce(column, Text)
        rows = connection.execute(select(raw).where(column.table.c.kommun == kommun, raw.is_not(None)))
        found.update(key_of(stored) or CLEAR for (stored,) in rows)
    return tuple(sorted(found.keys() - {CLEAR}))
