"""Decisions of Lillby: from the run to the huvudman, the appeal and the payment that follows it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pikepdf
import pypdf
import pytest

from core.access import ForbiddenError
from core.base import Month, kronor
from core.publication.decision import (
    AmountsDoNotFitError,
    AppealTooLateError,
    DecisionIncompleteError,
    DecisionState,
    DecisionStateError,
    NotAppealableError,
)
from core.publication.payment import PartKind, SameEyesError
from core.usecases import decision_reading, decisions, payments
from core.usecases.decisions import Deciding, DecisionExistsError, RunNotDecidedError
from tests.support.reaching import PEEK
from tests.support.small_kommun import (
    AUDITOR,
    CEDERN,
    CHIEF,
    CONTROLLER,
    DUNGEN,
    KOMMUN,
    LILLBY,
    OWNER_CEDERN,
    REKTOR_A1,
    YEAR,
)

if TYPE_CHECKING:
    from core.usecases.decision_views import DecisionInfo
    from tests.support.small_kommun import Lillby

DECIDING = Deciding(body="Nämnden i Lillby", on=date(2025, 12, 1), paragraph="§ 77", delegation="2.3")
GRANNE = "999900-9902"


def info(lillby: Lillby, number: int) -> DecisionInfo:
    return decision_reading.decision_view(lillby.app, CHIEF, number).decision


def decided(lillby: Lillby, huvudman: str = CEDERN, kind: str = "budget") -> int:
    number = decisions.prepare(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, kind], huvudman)
    decisions.decide(lillby.app, CHIEF, KOMMUN, number, DECIDING)
    return number


def delivered(lillby: Lillby, huvudman: str = CEDERN) -> int:
    number = decided(lillby, huvudman)
    decisions.deliver(lillby.app, CONTROLLER, KOMMUN, number, date(2025, 12, 3), "e-post med kvitto")
    return number


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return " ".join(" ".join(page.extract_text().replace("\u00a0", " ").split()) for page in pages)


def file_of(lillby: Lillby, number: int, kind: str) -> bytes:
    return decision_reading.decision_file(lillby.app, CHIEF, number, kind)[1]  # type: ignore[arg-type]


def test_each_huvudman_gets_a_decision_of_its_own_and_everything_is_written_down(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    run = lillby.runs[YEAR, "budget"]
    numbers = decisions.prepare_all(lillby.app, CONTROLLER, KOMMUN, run)
    view = decision_reading.decisions_view(lillby.app, CONTROLLER)
    assert {row.huvudman: row.form_label for row in view.rows} == {
        CEDERN: "Beslut om bidrag", DUNGEN: "Beslut om bidrag", LILLBY.orgnr: "Fördelningsbesked",
    }  # fmt: skip
    assert sorted(row.decision.number for row in view.rows if row.decision) == list(numbers)
    assert decisions.prepare_all(lillby.app, CONTROLLER, KOMMUN, run) == ()
    first = numbers[0]
    decisions.decide(lillby.app, CHIEF, KOMMUN, first, DECIDING)
    decisions.deliver(lillby.app, CONTROLLER, KOMMUN, first, date(2025, 12, 3), "brev")
    with lillby.app.reading(PEEK) as work:
        seen = [one.action for one in work.audit.entries(KOMMUN) if one.subject == f"decision:{first}"]
        assert work.audit.first_broken(KOMMUN) is None
    assert seen == ["decision.prepare", "decision.decide", "decision.deliver"]


def test_the_time_to_appeal_is_three_weeks_from_the_day_it_was_received_and_never_ends_on_a_holiday(
    lillby: Lillby,
) -> None:
    number = delivered(lillby)
    assert info(lillby, number).appeal_until == date(2025, 12, 29)  # 24 December and what follows are no weekdays
    own = delivered(lillby, LILLBY.orgnr)
    assert info(lillby, own).appeal_until is None


def test_who_prepared_a_decision_does_not_decide_it(lillby: Lillby) -> None:
    both = replace(CONTROLLER, roles=CONTROLLER.roles + CHIEF.roles)
    number = decisions.prepare(lillby.app, both, KOMMUN, lillby.runs[YEAR, "budget"], CEDERN)
    with pytest.raises(SameEyesError):
        decisions.decide(lillby.app, both, KOMMUN, number, DECIDING)
    for missing in (replace(DECIDING, body=" "), replace(DECIDING, paragraph="")):
        with pytest.raises(DecisionIncompleteError):
            decisions.decide(lillby.app, CHIEF, KOMMUN, number, missing)
    assert info(lillby, number).state is DecisionState.DRAFT


def test_the_document_holds_all_that_a_decision_must_hold(lillby: Lillby) -> None:
    number = delivered(lillby)
    said = text_of(file_of(lillby, number, "pdf"))
    for needed in (
        "Beslut om bidrag 2026 till Cedern AB", CEDERN, "januari–december 2026", "Nämnden i Lillby", "1 december 2025",
        "§ 77", "2.3", "Nämnden i Lillby, 17 november 2025, § 1", "gäller från 1 juli 2026", "e-post med kvitto",
        "Lokalkostnader:", "Administration:", "Mervärdesskatt:", "Undervisning:", "förvaltningsrätten",
        "inom tre veckor", "29 december 2025", "Cedern (B1)", "Tilläggsbelopp beslutas särskilt",
        "Den 15:e", "60 000 kr", "Skollagen (2010:800) 28 kap. 5 § 2",
    ):  # fmt: skip
        assert needed in said, needed
    assert "Individuellt stöd" not in said
    view = decision_reading.decision_view(lillby.app, CHIEF, number)
    assert sum(one.decided_ore for one in view.units) == view.decision.total_ore > 0


def test_the_pdf_is_both_accessible_and_archivable(lillby: Lillby) -> None:
    number = delivered(lillby)
    with pikepdf.open(io.BytesIO(file_of(lillby, number, "pdf"))) as pdf:
        meta = pdf.open_metadata()
        assert meta["pdfuaid:part"] == "1"
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["dc:title"] == "Beslut om bidrag 2026 till Cedern AB"
        assert str(pdf.Root.Lang).startswith("sv")
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot is not None
        assert len(pdf.open_outline().root) > 0
    assert file_of(lillby, number, "pdf") == file_of(lillby, number, "pdf")


def test_json_spreadsheet_and_page_say_the_same_amounts(lillby: Lillby) -> None:
    number = delivered(lillby)
    plain = json.loads(file_of(lillby, number, "json"))
    view = decision_reading.decision_view(lillby.app, CHIEF, number)
    assert plain["total_ore"] == view.decision.total_ore == sum(one["amount_ore"] for one in plain["rows"])
    assert sum(one["amount_ore"] for one in plain["annex"]) == plain["total_ore"]
    assert [one["kostnadsslag"] for one in plain["annex"]][-3:] == [
        "lokalkostnader",
        "administration",
        "mervardesskatt",
    ]
    book = openpyxl.load_workbook(io.BytesIO(file_of(lillby, number, "xlsx")))
    in_sheet = [row[7].value for row in list(book["Bilaga"].iter_rows())[1:]]
    assert sum(round(value * 100) for value in in_sheet) == plain["total_ore"]
    units = [row[3].value for row in list(book["Enheter"].iter_rows())[1:]]
    assert sum(round(value * 100) for value in units) == plain["total_ore"]


def test_special_reasons_put_the_others_together_but_never_premises_administration_and_vat(lillby: Lillby) -> None:
    reason = "priserna röjer annars en enskild elevs stöd"
    run = lillby.runs[YEAR, "budget"]
    number = decisions.prepare(lillby.app, CONTROLLER, KOMMUN, run, CEDERN, reason)
    plain = json.loads(file_of(lillby, number, "json"))
    assert [one["label"] for one in plain["annex"]] == [
        "Övriga kostnadsslag tillsammans", "Lokalkostnader", "Administration", "Mervärdesskatt",
    ]  # fmt: skip
    assert sum(one["amount_ore"] for one in plain["annex"]) == plain["total_ore"]
    assert {one["kostnadsslag"] for one in plain["rows"]} == {"lokalkostnader", "administration", "mervardesskatt"}
    said = text_of(file_of(lillby, number, "pdf"))
    assert reason in said
    assert "Undervisning" not in said
    assert "utkast, inte beslutat" in said


def test_an_appeal_changes_the_amount_of_that_huvudman_alone_and_the_payments_follow(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    number = delivered(lillby)
    other = delivered(lillby, DUNGEN)
    for month in (1, 2):
        payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, month))
    decisions.appeal(lillby.app, CONTROLLER, KOMMUN, number, date(2025, 12, 20))
    view = decision_reading.decision_view(lillby.app, CHIEF, number)
    old = view.units[0].decided_ore
    outcome = "Förvaltningsrättens dom 2026-02-10, mål 1-26"
    with pytest.raises(AmountsDoNotFitError, match="A1"):
        decisions.change(lillby.app, CHIEF, KOMMUN, number, outcome, {"A1": 1})
    with pytest.raises(AmountsDoNotFitError, match="inget belopp"):
        decisions.change(lillby.app, CHIEF, KOMMUN, number, outcome, {"B1": old})
    decisions.change(lillby.app, CHIEF, KOMMUN, number, outcome, {"B1": old + kronor("12000,06")})
    march = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    april = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 4))
    with lillby.app.reading(PEEK) as work:
        rows = [one for one in work.payments.parts(KOMMUN, [march, april]) if one.kind is PartKind.APPEAL]
    assert [(one.enhet, one.huvudman, one.amount_ore) for one in rows] == [
        ("B1", CEDERN, 300_001), ("B1", CEDERN, 100_001),
    ]  # fmt: skip
    assert info(lillby, number).state is DecisionState.CHANGED
    assert info(lillby, other).state is DecisionState.DELIVERED
    said = text_of(file_of(lillby, number, "pdf"))
    assert "Ändrade belopp" in said
    assert outcome in said
    with pytest.raises(DecisionExistsError):
        decisions.prepare(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, "budget"], CEDERN)


def test_an_appeal_that_is_refused_leaves_the_decision_as_it_was(lillby: Lillby) -> None:
    number = delivered(lillby)
    with pytest.raises(AppealTooLateError, match="avvisas"):
        decisions.appeal(lillby.app, CONTROLLER, KOMMUN, number, date(2025, 12, 30))
    decisions.appeal(lillby.app, CONTROLLER, KOMMUN, number, date(2025, 12, 29))
    with pytest.raises(DecisionStateError):
        decisions.deliver(lillby.app, CONTROLLER, KOMMUN, number, date(2025, 12, 30), "brev")
    decisions.uphold(lillby.app, CONTROLLER, KOMMUN, number, "Avslag, dom 2026-03-01")
    now = info(lillby, number)
    assert (now.state, now.outcome) == (DecisionState.DELIVERED, "Avslag, dom 2026-03-01")


def test_own_units_and_other_kommuner_get_a_notice_that_is_not_appealed(lillby: Lillby) -> None:
    own = delivered(lillby, LILLBY.orgnr)
    with pytest.raises(NotAppealableError, match="inte part"):
        decisions.appeal(lillby.app, CONTROLLER, KOMMUN, own, date(2025, 12, 10))
    assert "Så överklagar du Beskedet överklagas inte" in text_of(file_of(lillby, own, "pdf"))
    theirs = decided(lillby, GRANNE, "utfall")
    said = text_of(file_of(lillby, theirs, "pdf"))
    assert "interkommunal ersättning" in said
    assert "ersättning mellan kommuner finns inte i uppräkningen" in said


def test_a_decision_of_a_newer_run_takes_the_place_of_the_one_before(lillby: Lillby) -> None:
    first = delivered(lillby)
    lillby.decide(YEAR, "budget")
    second = decisions.prepare(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, "budget"], CEDERN)
    assert info(lillby, first).state is DecisionState.DELIVERED
    third = decisions.prepare(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, "budget"], CEDERN)
    assert info(lillby, second).state is DecisionState.REPLACED
    decisions.decide(lillby.app, CHIEF, KOMMUN, third, DECIDING)
    assert (info(lillby, first).state, info(lillby, third).replaces) == (DecisionState.REPLACED, first)
    with pytest.raises(DecisionExistsError, match="redan beslut"):
        decisions.prepare(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, "budget"], CEDERN)


def test_a_draft_run_carries_no_decisions(lillby: Lillby) -> None:
    draft = lillby.allocate(YEAR, "budget")
    with pytest.raises(RunNotDecidedError, match="inte beslutad"):
        decisions.prepare(lillby.app, CONTROLLER, KOMMUN, draft.number, CEDERN)


def test_a_draft_is_not_seen_by_its_huvudman_and_hides_no_decision(lillby: Lillby) -> None:
    mine = delivered(lillby)
    draft = decisions.prepare(lillby.app, CONTROLLER, KOMMUN, lillby.runs[YEAR, "utfall"], CEDERN)
    view = decision_reading.decisions_view(lillby.app, OWNER_CEDERN)
    assert [row.decision.number for row in view.rows if row.decision] == [mine]
    assert [one.number for one in view.runs] == [lillby.runs[YEAR, "budget"]]
    with pytest.raises(ForbiddenError, match="utkast"):
        decision_reading.decision_view(lillby.app, OWNER_CEDERN, draft)
    with pytest.raises(ForbiddenError, match="utkast"):
        decision_reading.decision_file(lillby.app, OWNER_CEDERN, draft, "pdf")
    for viewer in (CONTROLLER, CHIEF, AUDITOR):
        assert decision_reading.decision_view(lillby.app, viewer, draft).decision.state is DecisionState.DRAFT


def test_a_huvudman_sees_its_own_decision_and_no_other(lillby: Lillby) -> None:
    mine, theirs = delivered(lillby), delivered(lillby, DUNGEN)
    assert [row.huvudman for row in decision_reading.decisions_view(lillby.app, OWNER_CEDERN).rows] == [CEDERN]
    decision_reading.decision_file(lillby.app, OWNER_CEDERN, mine, "pdf")
    with pytest.raises(ForbiddenError):
        decision_reading.decision_file(lillby.app, OWNER_CEDERN, theirs, "pdf")
    with pytest.raises(ForbiddenError):
        decision_reading.decisions_view(lillby.app, REKTOR_A1)
    for viewer in (OWNER_CEDERN, AUDITOR):
        with pytest.raises(ForbiddenError):
            decisions.prepare(lillby.app, viewer, KOMMUN, lillby.runs[YEAR, "budget"], CEDERN)
        with pytest.raises(ForbiddenError):
            decisions.change(lillby.app, viewer, KOMMUN, mine, "dom", {"B1": 1})


def test_a_provisional_price_list_makes_the_decision_say_so(undecided_lillby: Lillby) -> None:
    from core.base import year_range
    from core.usecases import imports
    from tests.support.small_kommun import model_text

    lillby = undecided_lillby
    text = model_text().replace("valid_from: 2026-07-01}", "valid_from: 2026-07-01, status: provisional}")
    lillby.deliver(imports.MODEL, text, year_range(YEAR))
    lillby.decide(YEAR, "budget")
    said = text_of(file_of(lillby, decided(lillby), "pdf"))
    assert "Preliminärt: beslut om bidrag 2026" in said
    assert "Beslutet är preliminärt" in said
