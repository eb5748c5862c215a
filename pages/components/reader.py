"""Who is looking, at what program: handed from app.py to every page, so that nothing is global."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from core.settings import LoginSettings

if TYPE_CHECKING:
    from core.access import Actor
    from core.usecases.context import App
    from core.usecases.login_views import Outcome


@dataclass(frozen=True, slots=True)
class Reader:
    """The actor who asks, the program that answers, and the kommun whose books are open.

    ``outcome`` is what came of logging in, None for whoever has not. Made anew each run; ``memo`` holds what need be
    asked only once in it.
    """

    app: App
    viewer: Actor
    kommun: str
    demo: bool = False
    login: LoginSettings = field(default_factory=LoginSettings)
    outcome: Outcome | None = None
    memo: dict[str, str] = field(default_factory=dict, compare=False)
