"""Case tables as YAML that an economist can extend."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

CASES_FOLDER = Path(__file__).parents[1] / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """Return the cases of ``tests/cases/<name>.yaml``."""
    found: list[dict[str, Any]] = yaml.safe_load((CASES_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return found
