"""Which browser the tests drive: the distribution's Chromium, else the one Playwright has fetched.

``python -m tests.support.chromium`` prints its path, or ends with 1 when there is none.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox as root in a container; a software renderer so that the map draws without a graphics card; and the
# resolver knows no name, so that a request to another host fails instead of leaving the machine.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--use-gl=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)


def chromium_path() -> Path | None:
    """Return a browser that can be started, or None. A distribution's stub that only points to snap does not count."""
    for name in NAMES:
        found = shutil.which(name)
        if found and not _is_stub(Path(found)):
            return Path(found)
    return _fetched_by_playwright()


def _is_stub(path: Path) -> bool:
    if "/snap/" in str(path):
        return False  # the real one, installed by snap
    head = path.resolve().read_bytes()[:4096]
    return head.startswith(b"#!") and b"snap" in head


def _fetched_by_playwright() -> Path | None:
    kept = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    found = sorted(Path(kept).glob("chromium*/**/*"), key=str, reverse=True)
    return next((file for file in found if file.name in {"chrome", "headless_shell", "chrome-headless-shell"}), None)


if __name__ == "__main__":
    path = chromium_path()
    if path is None:
        sys.exit(1)
    print(path)
