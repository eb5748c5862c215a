"""Streamlit's AppTest without its longest step: it looks through every installed package for components each time.

What is installed does not change while tests run, so that one look is enough; pages open in a tenth of the time.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest
from streamlit.components.v2 import manifest_scanner

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session", autouse=True)
def one_look_for_components() -> Iterator[None]:
    """Let the first AppTest look for installed components, and every later one be told what it found."""
    with pytest.MonkeyPatch.context() as patch:
        looked = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", looked)
        yield
