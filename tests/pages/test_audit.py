from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from core.access import ForbiddenError
from core.usecases.auditing import MOST, AuditLink, AuditWanted, ChainReport
from core.usecases.reasons import Reason
from pages.components import audit_parts, audit_words
from tests.pages import fakes_audit as fakes
from tests.pages.reading import no_bug, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from streamlit.testing.v1 import AppTest

    Screen = Callable[..., AppTest]
    Answer = Callable[[str, Callable[..., object]], None]


def test_the_page_says_that_the_chain_holds_and_how_much_it_tells(screen: Screen) -> None:
    shown = words(screen("audit"))
    assert "Kedjan håller: 4 händelser, den senaste 2026-11-20 08:15." in shown


def test_links_stand_in_words_with_who_and_what(screen: Screen) -> None:
    shown = words(screen("audit"))
    for said in ("4 händelser i urvalet", "Maj-Lis Tallgård", "Läste registerrader", "Enhet G01", "Inläsning 1"):
        assert said in shown
    assert "något.nytt" in shown  # without words it stands as it is
    assert "sak:7" in shown
    assert "kontroll" not in shown  # what a link says is unfolded only when it is asked for


def test_what_a_link_says_is_shown_on_demand(screen: Screen) -> None:
    shown = words(screen("audit", state={"audit_link": 3}))
    assert "Händelse 3, uppgifterna som de skrevs" in shown
    assert "kontroll" in shown
    assert "c" * 64 in shown
    assert "Ändamål" in shown  # the facts stand in words
    assert "purpose" not in shown


def test_a_fact_without_words_stands_as_it_is(screen: Screen) -> None:
    shown = words(screen("audit", state={"audit_link": 2}))
    assert "Händelse 2, uppgifterna som de skrevs" in shown
    assert audit_words.fact("run.create", "något.nytt") == "något.nytt"


def test_an_erased_link_says_that_it_is_erased(screen: Screen) -> None:
    shown = words(screen("audit", state={"audit_link": 1}))
    assert "Uppgifterna är gallrade." in shown
    assert "a" * 64 in shown


def test_a_broken_chain_says_where_and_what_to_do(screen: Screen, answer: Answer) -> None:
    answer("auditing.verify_chain", lambda *_, **__: replace(fakes.WHOLE, ok=False, first_broken=3))
    shown = words(screen("audit"))
    assert "Händelse 3 har ändrats eller fattas." in shown
    assert "Kedjan håller" not in shown


def test_of_a_long_chain_the_newest_links_are_checked_at_once_and_all_when_the_reader_asks(
    screen: Screen, answer: Answer
) -> None:
    def verify_chain(*_: object, newest: int | None = None, **__: object) -> ChainReport:
        return ChainReport(ok=True, first_broken=None, links=200_000, checked=newest or 200_000)

    answer("auditing.audit_view", lambda *_, **__: replace(fakes.VIEW, links=200_000))
    answer("auditing.verify_chain", verify_chain)
    test = screen("audit")
    assert "De 500 senaste händelserna hänger ihop. I hela kedjan finns 200 000 händelser" in words(test)
    test.button(key="audit_check").click().run()
    assert "Kedjan håller: 200 000 händelser" in words(test)
    assert "Hela kedjan är kontrollerad: 200 000 händelser hänger ihop." in words(test)
    assert "Hela kedjan är kontrollerad" not in words(test.run())
    assert no_bug(test)


def test_the_mark_to_keep_stands_there_and_one_that_was_kept_is_tried(screen: Screen, answer: Answer) -> None:
    asked: list[str] = []

    def verify_chain(*_: object, mark: str | None = None, **__: object) -> ChainReport:
        asked.append(mark or "")
        if mark == "9:f":
            return replace(fakes.WHOLE, ok=False, kept="gone")
        return replace(fakes.WHOLE, kept="other" if mark == "2:f" else "held")

    answer("auditing.verify_chain", verify_chain)
    test = screen("audit", state={"audit_mark": True})
    assert f"4:{'d' * 64}" in words(test)
    for said, told in (
        ("9:f", "kedjan slutar vid händelse 4"), ("2:f", "kedjan har skrivits om"), ("4:d", "Märket stämmer")
    ):  # fmt: skip
        test.text_input(key="audit_mark_kept").set_value(said)
        next(one for one in test.button if one.label == "Pröva märket").click().run()
        assert asked[-1] == said
        assert told in words(test)
    assert no_bug(test)


def test_the_filters_ask_for_what_they_say_and_begin_at_the_first_page(screen: Screen, answer: Answer) -> None:
    asked: list[tuple[AuditWanted, int]] = []

    def audit_view(_app: object, _viewer: object, wanted: AuditWanted, page: int) -> object:
        asked.append((wanted, page))
        return replace(fakes.VIEW, found=120)

    answer("auditing.audit_view", audit_view)
    test = screen("audit", state={"audit_page": 2})
    assert asked[-1] == (AuditWanted(), 2)
    test.selectbox(key="audit_action").set_value("register_rows.view").run()
    assert asked[-1] == (AuditWanted(action="register_rows.view"), 1)
    test.selectbox(key="audit_actor").set_value("p:1a").run()
    test.date_input(key="audit_from").set_value(date(2026, 11, 1)).run()
    test.date_input(key="audit_to").set_value(date(2026, 11, 30)).run()
    assert asked[-1][0] == AuditWanted(
        action="register_rows.view", actor="p:1a", first_day=date(2026, 11, 1), last_day=date(2026, 11, 30)
    )


def test_nothing_that_fits_is_said(screen: Screen, answer: Answer) -> None:
    answer("auditing.audit_view", lambda *_, **__: replace(fakes.VIEW, rows=(), found=0))
    assert "Ingen händelse passar urvalet." in words(screen("audit"))


def test_a_file_that_cannot_hold_everything_says_so(screen: Screen, answer: Answer) -> None:
    answer("auditing.audit_view", lambda *_, **__: replace(fakes.VIEW, found=MOST + 1))
    assert "Filen tar de 50 000 senaste." in words(screen("audit"))


def test_the_files_carry_the_codes_the_facts_and_the_hashes() -> None:
    rows: tuple[AuditLink, ...] = fakes.LINKS
    values = audit_parts.table(rows, "Händelseloggen", with_payload=True).values()
    assert [row[0] for row in values] == [4, 3, 2, 1]
    assert values[1][5:] == ["register_rows.view", rows[1].payload, "c" * 64]
    assert values[3][6] == "Gallrade"


def test_who_may_not_see_the_log_reads_why(screen: Screen, answer: Answer) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise ForbiddenError("Din roll (rektor) ger inte rätt att se händelseloggen.")

    answer("auditing.audit_view", refuse)
    assert "ger inte rätt att se händelseloggen" in words(screen("audit"))


def test_the_page_speaks_english_when_asked(screen: Screen) -> None:
    test = screen("audit", query={"lang": "en"})
    assert no_bug(test)
    shown = words(test)
    assert "The chain holds: 4 events" in shown
    assert "Read register rows" in shown
    assert "Purpose" in words(screen("audit", query={"lang": "en"}, state={"audit_link": 3}))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Reason("fel fil"), "Skäl: fel fil"),
        (Reason(None, "Rollen ger inte rätt att se underlag."), "det visas inte för dig: Rollen ger inte rätt"),
        (Reason(None), "Skälet är gallrat."),
        (Reason("rätt fil", fits=False), "Skälet har ändrats sedan det skrevs"),
        (Reason("rätt fil", fits=None), "gjordes med en annan nyckel"),
    ],
)
def test_the_words_behind_a_checksum_stand_under_the_link_as_far_as_the_reader_may_know(
    screen: Screen, answer: Answer, found: Reason, said: str
) -> None:
    answer("reasons.reason_of_link", lambda *_: found)
    test = screen("audit", state={"audit_link": 3})
    assert said in words(test)
    assert no_bug(test)
    assert said not in words(screen("audit"))
