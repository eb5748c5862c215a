"""Fixtures for every test; each is described where it is made, in tests/support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.tied import watch

if TYPE_CHECKING:
    from collections.abc import Iterator

pytest_plugins = (
    "tests.support.app_tests",
    "tests.support.databases",
    "tests.support.servers",
    "tests.support.browsing",
    "tests.support.login_providers",
    "tests.support.reference",
)
MARKED_BY_FIXTURE = {"browser": pytest.mark.browser, "reference_data": pytest.mark.reference}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use, so that ``-m "not browser"`` holds without anyone remembering to write it.

    What is marked ``nightly`` is left out unless ``-m`` names it.
    """
    if "nightly" not in config.option.markexpr:
        too_slow = [item for item in items if item.get_closest_marker("nightly")]
        items[:] = [item for item in items if not item.get_closest_marker("nightly")]
        config.hook.pytest_deselected(items=too_slow)
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in MARKED_BY_FIXTURE:
                item.add_marker(MARKED_BY_FIXTURE[name])


@pytest.fixture(scope="session", autouse=True)
def tied_statements() -> Iterator[None]:
    """Fail where the program sends a statement, in this process, that does not name its kommun."""
    yield from watch()
