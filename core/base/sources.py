"""Where a figure comes from: law, decision, guideline, imported rows, an earlier step or the model's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

SourceKind = Literal["law", "decision", "guideline", "batch", "step", "model", "rule"]


@dataclass(frozen=True, slots=True)
class Source:
    """One citation: ``title`` is what a reader sees, ``url`` an address, ``detail`` e.g. rows of a file.

    ``batch`` and ``rows`` let a page open the imported rows themselves: the batch's number and a
    short text of which rows (``"rad 3–14"``).
    """

    kind: SourceKind
    title: str
    url: str | None = None
    detail: str | None = None
    batch: int | None = None

    def to_json(self) -> dict[str, object]:
        """Return the citation with only the keys that hold something."""
        values = {"kind": self.kind, "title": self.title, "url": self.url, "detail": self.detail, "batch": self.batch}
        return {key: value for key, value in values.items() if value is not None}

    @classmethod
    def from_json(cls, values: dict[str, object]) -> Source:
        """Return the citation stored by ``to_json``."""
        return cls(**values)  # type: ignore[arg-type]  # written by to_json alone
