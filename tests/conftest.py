"""Fixtures for every test; each is described where it is made, in tests/support."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

pytest_plugins = (
    "tests.support.databases",
    "tests.support.servers",
    "tests.support.browsing",
    "tests.support.reference",
)
MARKED_BY_FIXTURE = {"browser": pytest.mark.browser, "reference_data": pytest.mark.reference}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark tests by what they use, so that ``-m "not browser"`` holds without anyone remembering to write it."""
    for item in items:
        for name in getattr(item, "fixturenames", ()):
            if name in MARKED_BY_FIXTURE:
                item.add_marker(MARKED_BY_FIXTURE[name])
