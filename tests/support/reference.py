"""The real material some tests reproduce: published price lists and statistics, kept outside the repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def reference_data() -> Path:
    """Give the folder named by SKOLKRONAN_REFERENCE_DATA; without it the test is skipped and says so."""
    named = os.environ.get("SKOLKRONAN_REFERENCE_DATA")
    if not named:
        pytest.skip("SKOLKRONAN_REFERENCE_DATA är inte satt: det riktiga materialet finns inte här")
    folder = Path(named)
    assert folder.is_dir(), f"SKOLKRONAN_REFERENCE_DATA={named} är ingen mapp"
    return folder
