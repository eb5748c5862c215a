"""The purposes that pages offer before rows of elever are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.usecases.looks import PurposeChoice

if TYPE_CHECKING:
    from collections.abc import Callable

PURPOSES = (
    PurposeChoice("kontroll", "Kontroll av antal"),
    PurposeChoice("fraga", "Fråga från huvudman eller vårdnadshavare"),
    PurposeChoice("egen", "Kommunens eget ändamål"),
)


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for each use case the pages ask."""
    return {"looks.purposes_now": lambda _app, _viewer: PURPOSES}
