"""How far a unit of work reaches: the kommuner that its actor has some role in.

Every repository asks at its door. It is the second of three guards: the use case has already asked
``core.access``, and on PostgreSQL the database itself enforces the same set by row level security.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import wraps
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Connection

# Local to the transaction, so that a connection that goes back to the pool reaches nothing.
_BIND = text(
    "SELECT set_config('skolkronan.kommuner', :kommuner, true), set_config('skolkronan.subject', :subject, true)"
)


REACH = "store_reach"
CHUNK = 4096  # rows at a time


class OutOfReachError(PermissionError):
    """A repository was asked about a kommun outside the actor's reach: a bug in a use case, never a reader's fault."""

    def __init__(self, kommun: str) -> None:
        self.kommun = kommun
        super().__init__(f"kommun {kommun} lies outside the reach of this unit of work")

    def __reduce__(self) -> tuple[type[OutOfReachError], tuple[str]]:
        """Say what makes the same error again in another process; its message alone would be taken for a kommun."""
        return type(self), (self.kommun,)


@dataclass(frozen=True, slots=True)
class Reach:
    """The granted kommuner, and the subject whose own accounts and grants may be read in any kommun."""

    kommuner: frozenset[str] = frozenset()
    subject: str = ""

    def must_hold(self, kommun: str) -> None:
        """Return if ``kommun`` is granted; raises ``OutOfReachError``."""
        if kommun not in self.kommuner:
            raise OutOfReachError(kommun)


def bind_reach(connection: Connection, reach: Reach) -> None:
    """Bind a connection to a reach: PostgreSQL is told it in each transaction, for its policies; SQLite has none."""
    connection.execution_options(**{REACH: reach})
    if connection.dialect.name == "postgresql":
        values = {"kommuner": ",".join(sorted(reach.kommuner)), "subject": reach.subject}
        event.listen(connection, "begin", lambda begun: begun.execute(_BIND, values))


def within_reach(connection: Connection, at: int, rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    """Return rows, with the kommun in place ``at``, as long as a connection bound to a reach reaches them all."""
    reach: Reach | None = connection.get_execution_options().get(REACH)
    if reach is None:
        return rows
    return chain.from_iterable(_chunks_within(reach.kommuner, at, iter(rows)))


def _chunks_within(
    kommuner: frozenset[str], at: int, rows: Iterator[Sequence[Any]]
) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield the rows some thousands at a time: asking for them together is must_hold without a call for each."""
    kommun_of = itemgetter(at)
    while chunk := tuple(islice(rows, CHUNK)):
        if not kommuner.issuperset(map(kommun_of, chunk)):
            raise OutOfReachError(next(kommun for kommun in map(kommun_of, chunk) if kommun not in kommuner))
        yield chunk


class KommunBound:
    """A repository whose every question names a kommun, first; its public methods ask the reach before they run.

    The kommun is the argument ``kommun``, or the ``kommun`` of a record given first. A method with neither must be
    named in ``OF_NO_KOMMUN`` by its class.
    """

    OF_NO_KOMMUN: frozenset[str] = frozenset()

    def __init__(self, connection: Connection, reach: Reach) -> None:
        self._connection = connection
        self._reach = reach

    def __init_subclass__(cls) -> None:
        for name, method in list(vars(cls).items()):
            if not name.startswith("_") and inspect.isfunction(method) and name not in cls.OF_NO_KOMMUN:
                setattr(cls, name, _asking(method))


def _asking(method: Callable[..., Any]) -> Callable[..., Any]:
    _, first = list(inspect.signature(method).parameters)[:2]  # a method without an argument names no kommun

    @wraps(method)
    def asking(self: KommunBound, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - whatever the method takes and gives
        given = args[0] if args else named[first]
        self._reach.must_hold(given if isinstance(given, str) else given.kommun)
        return method(self, *args, **named)

    return asking
