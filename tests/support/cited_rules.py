"""Which cases cite which rules of data/parameters/regelrader.yaml."""

from __future__ import annotations

from core.cli.rules_guide import CitingCase, cited

__all__ = ["CitingCase", "cited"]
