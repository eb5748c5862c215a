"""Fixtures for every test; each is described where it is made, in tests/support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

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
LONGEST_FIRST = (
    "tests/test_walk_usecases.py",
    "tests/test_killed.py",
    "tests/browser/test_accessibility.py",
    "tests/test_walk_pages.py",
    "tests/test_killed_commands.py",
    "tests/core/store/test_backup.py",
    "tests/browser/test_pages.py",
    "tests/test_drift.py",
    "tests/test_drift_nginx.py",
    "tests/hostile/test_importers.py",
    "tests/test_walk_can_fail.py",
    "tests/test_budget.py",
    "tests/test_server.py",
)
"""The files that take longest, most first: whoever runs two at a time is not left with a long one at the end."""
settings.register_profile("no_clock", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no_clock")  # how long an example takes is the machine's load, which no test is about
MARKED_BY_FIXTURE = {"browser": pytest.mark.browser, "reference_data": pytest.mark.reference}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests by what they use, so that ``-m "not browser"`` holds without anyone remembering to write it.

    What is marked ``nightly`` is left out unless ``-m`` names it. The longest files come first.
    """
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))
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
