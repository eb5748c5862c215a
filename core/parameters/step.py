"""What every step of prices and amounts says of itself."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.base import Dimension, Kostnadsslag, Recipient, Verksamhet
from core.parameters.parts import Name, Reference, Strict

ALL_RECIPIENTS: list[Recipient] = list(Recipient)
Enum = Field(strict=False)


class Step(Strict):
    """What every step says of itself.

    ``unequal_because``: on what ground the step is not the same for every recipient, where law does not say so itself.
    """

    step: Name
    label: str
    label_en: str | None = None
    kostnadsslag: Kostnadsslag = Field(strict=False)
    verksamhet: Verksamhet | None = Field(default=None, strict=False)
    dimension: Dimension = Field(default=Dimension.BAS, strict=False)
    recipients: list[Annotated[Recipient, Enum]] = ALL_RECIPIENTS
    reference: Reference
    unequal_because: Reference | None = None
    expectation: str | None = None
    note: str | None = None
