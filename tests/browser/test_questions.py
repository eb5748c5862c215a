"""Is this figure wrong? From the rektor's line to the controller's answer, a corrected register and the effect seen."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tests.browser.looking import choose, fill, sideways, words
from tests.browser.screens import ALLOCATION, OWN, QUESTIONS, REKTOR
from tests.browser.tree import LINE
from tests.support.browsing import console_errors, settle, untranslated, visit
from tests.support.databases import PROJECT, demo_environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

    from tests.support.servers import AppServer

SAID = "En elev i årskurs 2 saknas i oktober: den började den 12 oktober."
ANSWER = "Ja, eleven saknades. En ändringsfil till registret läses in."
HEADER = "elev;enhet;verksamhet;arskurs;fodelsemanad;timmar_per_vecka;flaggor;hemkommun;fran_och_med;till_och_med"
ROW = f"prov-elev-ny;{OWN};grundskola;2;2018-05;;;9901;2026-10-12;"


def ask(page: Page, url: str) -> None:
    """Say, as the rektor, that the line is wrong."""
    visit(page, ALLOCATION.address(url, rad=LINE))
    page.get_by_role("button", name="Säg till om något är fel").first.click()
    fill(page, "Vad är fel, och vad borde det vara?", SAID)
    page.get_by_role("button", name="Skicka frågan").click()
    page.get_by_text("Fråga 2 är skickad till controllern.").wait_for()
    settle(page)
    assert untranslated(page) == []


def answer(page: Page, url: str) -> None:
    """Answer, as the controller, that it will be corrected."""
    visit(page, QUESTIONS.address(url))
    assert SAID in words(page)
    fill(page, "Svar: vad som ska göras", ANSWER)
    page.get_by_role("button", name="Det ska rättas").click()
    page.get_by_text("Fråga 2 är besvarad.").wait_for()


def correct(server: AppServer, folder: Path) -> str:
    """Deliver the missing elev, compute and decide the utfall anew by command; return the run's number."""

    def core(*command: str) -> str:
        whole = [sys.executable, "-m", "core", *command]
        environment = {**demo_environment(server.database.url, folder), **server.database.keys}
        done = subprocess.run(whole, capture_output=True, text=True, check=True, cwd=PROJECT, env=environment)
        return done.stdout

    file = folder / "ny_elev.csv"
    file.write_text(f"{HEADER}\n{ROW}\n", encoding="utf-8")
    core("import", "enrolments", str(file), "--year", "2026", "--mode", "delta", "--accept")
    number = core("allocate", "--year", "2026", "--kind", "utfall", "--through", "10").split()[1].rstrip(":")
    core("decide", number, "checked")
    core("decide", number, "decided", "--decision", "Barn- och utbildningsnämnden 2026-11-23 § 1")
    return number


def close(page: Page, url: str) -> None:
    """Name the delivery that corrects, and show what it came to."""
    visit(page, QUESTIONS.address(url))
    choose(page, "Inläsningen som rättar", "34 · ny_elev.csv")
    page.get_by_role("button", name="Ange inläsningen").click()
    page.get_by_text("Fråga 2 rättas av inläsning 34.").wait_for()
    page.get_by_role("button", name="Visa effekten").click()
    page.get_by_text("Fråga 2 är rättad.").wait_for()
    settle(page)


def test_a_question_on_the_line_is_answered_corrected_and_its_effect_seen(
    start_server: Callable[..., AppServer], tab: Callable[..., Page], tmp_path: Path
) -> None:
    server = start_server()
    ask(tab(), server.url)
    controller = tab()
    answer(controller, server.url)
    number = correct(server, tmp_path)
    close(controller, server.url)
    effect = f"I körning {number} är beloppet ändrat med +"
    assert effect in words(controller)
    assert console_errors(controller) == []

    phone = tab(phone=True)
    visit(phone, QUESTIONS.address(server.url, persona=REKTOR))
    assert all(said in words(phone) for said in (SAID, ANSWER, effect))
    assert sideways(phone) == []
