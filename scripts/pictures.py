"""Take README's pictures of the running demo: ``.venv/bin/python scripts/pictures.py http://127.0.0.1:8501``.

Start the demo first (``make run``). The pictures go to ``docs/bilder`` with few colours, so that they stay small.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from urllib.parse import quote

from PIL import Image
from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "bilder"
LINE = quote("line:grundskola.undervisning|grundskola.1_3|2026")
REKTOR, CONTROLLER = "persona=rektor_lerbacken", "persona=controller"
DESKTOP, PHONE = (1280, 860), (360, 780)
SHOTS = (
    ("resursfordelning", f"resursfordelning?enhet=G01&ar=2026&{REKTOR}", DESKTOP, 0),
    ("skolan", f"skolan?enhet=G01&ar=2026&{REKTOR}", DESKTOP, 0),
    ("harledning", f"resursfordelning?enhet=G01&ar=2026&rad={LINE}&{REKTOR}", DESKTOP, 560),
    ("underlag", f"underlag?{CONTROLLER}", DESKTOP, 0),
    ("karta", f"karta?{REKTOR}", DESKTOP, 0),
    ("telefon", f"resursfordelning?enhet=G01&ar=2026&{REKTOR}", PHONE, 0),
)
FLAGS = ["--no-sandbox", "--use-gl=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]
SETTLED = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def main(address: str) -> None:
    """Write every picture."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        chromium = Path("/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=chromium if chromium.exists() else None, args=FLAGS)
        for name, path, (width, height), down in SHOTS:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="sv-SE")
            page.goto(f"{address}/{path}", wait_until="commit")
            _write(page, PICTURES / f"{name}.png", down)
            page.close()
        browser.close()


def _write(page: Page, file: Path, down: int) -> None:
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_selector(SETTLED)
    page.wait_for_timeout(4_000)  # charts and the map draw after the script has run
    if down:
        page.mouse.move(900, 500)
        page.mouse.wheel(0, down)
        page.wait_for_timeout(1_000)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.convert("RGB").quantize(64).save(file, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8501")
