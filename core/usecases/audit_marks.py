"""The mark of a chain: the number and the checksum of its newest link, to be kept outside the database.

A chain tells what has been changed or taken out of its middle, but not that its newest links are gone, nor that
whoever owns the database has written all of it anew. A mark that somebody has kept tells both: the link of that
number must be there, with that checksum. What came after the mark was taken it says nothing of.

======================  ==============================================  ========
A mark kept             What the chain has now                          Answer
======================  ==============================================  ========
``1201:4be1…``          link 1201 with that checksum                    held
``1201:4be1…``          1150 links                                      gone
``1201:4be1…``          link 1201 with another checksum                 other
======================  ==============================================  ========
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from core.base import CoreError, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from core.store import AuditRecord, UnitOfWork

MarkKept = Literal["held", "gone", "other"]
_WRITTEN = re.compile(r"([1-9][0-9]{0,17}):([0-9a-f]{64})")


class MarkFaultyError(CoreError):
    """What is said to be a mark is none."""

    def __init__(self) -> None:
        super().__init__(
            Sentence(
                "Märket går inte att läsa. Det är händelsens nummer, ett kolon och de 64 tecknen i kontrollsumman, så "
                "som sidan Revision och python -m core audit verify visar det."
            )
        )


@dataclass(frozen=True, slots=True)
class Mark:
    """A link's number and its checksum (64 digits in base 16)."""

    seq: int
    hash: str

    def __str__(self) -> str:
        """Return the mark as it is kept."""
        return f"{self.seq}:{self.hash}"


def read_mark(text: str) -> Mark:
    """Return a mark as somebody kept it; blanks and capitals do no harm. Raises ``MarkFaultyError``."""
    found = _WRITTEN.fullmatch("".join(text.split()).lower())
    if found is None:
        raise MarkFaultyError
    return Mark(int(found[1]), found[2])


def mark_of(newest: Sequence[AuditRecord]) -> Mark | None:
    """Return the mark of the first of some links, newest first; none of a chain without any."""
    return Mark(newest[0].seq, newest[0].hash) if newest else None


def kept(work: UnitOfWork, kommun: str, mark: Mark) -> MarkKept:
    """Say whether the link of a mark is there still, with its checksum."""
    found = work.audit.link(kommun, mark.seq)
    if found is None:
        return "gone"
    return "held" if found.hash == mark.hash else "other"
