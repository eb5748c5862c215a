"""Who is looking, at what program: handed from app.py to every page, so that nothing is global."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.context import App


@dataclass(frozen=True, slots=True)
class Reader:
    """The actor who asks, the program that answers, and the kommun whose books are open.

    Made anew each run; ``memo`` holds what need be asked only once in it.
    """

    app: App
    viewer: Actor
    kommun: str
    demo: bool = False
    memo: dict[str, str] = field(default_factory=dict, compare=False)
