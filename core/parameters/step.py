"""What every step of prices and amounts says of itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.base import Dimension, Kostnadsslag, Recipient, Verksamhet
from core.parameters.parts import Name, Reference, Strict

ALL_RECIPIENTS: list[Recipient] = list(Recipient)
Enum = Field(strict=False)


class Step(Strict):
    """What every step says of itself."""

    step: Name
    label: str
    label_en: str | None = None
    kostnadsslag: Kostnadsslag = Field(strict=False)
    verksamhet: Verksamhet | None = Field(default=None, strict=False)
    dimension: Dimension = Field(default=Dimension.BAS, strict=False)
    recipients: list[Annotated[Recipient, Enum]] = ALL_RECIPIENTS
    reference: Reference
    expectation: str | None = None
    note: str | None = None
