"""The dashboard under its content security policy less one exception: ``uvicorn tests.support.lean_policy:app``.

Which one is said by the file that ``PROV_EXCEPTION`` names, read anew for each page.
"""

from __future__ import annotations

import os
from pathlib import Path

import asgi

FULL = asgi.POLICY


class Lean:
    """A policy that leaves something out when a page is sent."""

    def format(self, *_: object, **given: object) -> str:
        """Return the policy for a page, without the exception that the file names now."""
        said = Path(os.environ["PROV_EXCEPTION"]).read_text(encoding="utf-8")
        directive, source = said.split(" ") if said else ("", "")
        parts = [part.strip() for part in FULL.format(**given).split(";")]
        return "; ".join(
            part.replace(f" {source}", "") if source and part.startswith(f"{directive} ") else part for part in parts
        )


asgi.POLICY = Lean()  # type: ignore[assignment]  # asked for nothing but its format
app = asgi.app
