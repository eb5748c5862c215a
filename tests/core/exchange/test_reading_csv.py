from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.base import DateRange
from core.exchange import CONTRACTS, FileMissingError, ImportKindUnknownError, PseudonymKeyShortError, read
from core.exchange import survey as survey_module
from core.exchange.csv_source import CsvSource
from core.exchange.faults import FaultLog
from core.exchange.survey import survey
from tests.support.deliveries import CONTEXT, csv_of, deliver, enrolment

if TYPE_CHECKING:
    from pathlib import Path

STAFF_ROW = ["G001", "grundskola", "förskollärare", "2026-10-15", "12,75", "41300,50"]
STAFF = csv_of("staff", STAFF_ROW)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_encoding_and_line_ending_are_found_out(encoding: str, ending: str, tmp_path: Path) -> None:
    delivered = deliver(tmp_path, "staff", STAFF.replace("\n", ending).encode(encoding))

    assert delivered.faults == []
    assert delivered.rows[0]["occupation"] == "förskollärare"
    assert delivered.rows[0]["row"] == 2


@pytest.mark.parametrize(("delimiter", "decimal"), [(";", ","), (";", "."), ("\t", ","), (",", ".")])
def test_delimiter_and_decimal_sign_are_found_out(delimiter: str, decimal: str, tmp_path: Path) -> None:
    cells = [cell.replace(",", decimal) for cell in STAFF_ROW]
    delivered = deliver(tmp_path, "staff", csv_of("staff", cells, delimiter=delimiter))

    assert delivered.faults == []
    assert delivered.rows[0]["fte_hundredths"] == 1275
    assert delivered.rows[0]["monthly_pay_ore"] == 4_130_050


def test_a_comma_file_with_decimal_commas_in_quotation_marks_is_read(tmp_path: Path) -> None:
    text = 'enhet,verksamhet,yrkesgrupp,matdag,heltidstjanster\nG001,grundskola,lärare,2026-10-15,"12,75"\n'
    delivered = deliver(tmp_path, "staff", text)

    assert delivered.faults == []
    assert delivered.rows[0]["fte_hundredths"] == 1275


def test_codes_keep_their_leading_zeros(tmp_path: Path) -> None:
    context = replace(CONTEXT, enhet_ids=frozenset({"0007"}))
    row = enrolment(enhet="0007", hemkommun="0180", grund="01", program="00")
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", row), context=context)

    stored = delivered.rows[0]
    assert (stored["enhet"], stored["hemkommun"], stored["ground"], stored["programme"]) == ("0007", "0180", "01", "00")


def test_a_row_is_stored_as_the_database_wants_it(tmp_path: Path) -> None:
    row = enrolment(
        timmar_per_vecka="22,5",
        flaggor="nyanland, svenska_2",
        till_och_med="2026-06-12",
        hemkommun="9902",
        grupp=" 4 A ",
    )
    stored = deliver(tmp_path, "enrolments", csv_of("enrolments", row)).rows[0]
    elev, row_hash = stored.pop("elev"), stored.pop("row_hash")

    assert len(elev) == 20
    assert 0 <= row_hash < 2**48
    assert stored == {
        "kommun": "9901",
        "batch": 7,
        "row": 2,
        "enhet": "G001",
        "verksamhet": "grundskola",
        "arskurs": "4",
        "birth_month": 201503,
        "hours": 2250,
        "source_category": None,
        "programme": None,
        "group_name": "4 A",
        "flags": "nyanland,svenska_2",
        "hemkommun": "9902",
        "ground": None,
        "valid_from": "2025-08-18",
        "valid_to": "2026-06-13",  # till och med den 12 juni
        "referens": None,
        "skydd": None,
    }


def test_headers_may_be_written_as_people_write_them_and_in_any_order(tmp_path: Path) -> None:
    text = "Mätdag;Heltidstjänster;ENHET;Yrkesgrupp;verksamhet\n2026-10-15;1;G001;lärare;grundskola\n"
    delivered = deliver(tmp_path, "staff", text)

    assert delivered.faults == []
    assert delivered.rows[0]["measured_on"] == "2026-10-15"
    assert delivered.rows[0]["monthly_pay_ore"] is None


def test_blank_lines_and_empty_cells_at_the_end_are_passed_over_but_rows_keep_their_numbers(tmp_path: Path) -> None:
    header, row = STAFF.strip().split("\n")
    delivered = deliver(tmp_path, "staff", f"\n{header};;\n\n;;;;;\n{row};;\n\n")

    assert delivered.faults == []
    assert [row["row"] for row in delivered.rows] == [5]


def test_a_header_of_another_kind_stops_at_the_header(tmp_path: Path) -> None:
    delivered = deliver(tmp_path, "staff", "namn;adress\nEva;Storgatan\n")

    assert {code for _, _, code in delivered.faults} == {"column-unknown", "column-missing"}
    assert delivered.found.rows_read == 0


def test_an_unclosed_quotation_mark_does_not_swallow_the_file_in_silence(tmp_path: Path) -> None:
    long = "x" * 200_000
    delivered = deliver(tmp_path, "staff", STAFF + '"' + "\n".join(long[i : i + 90] for i in range(0, 200_000, 90)))

    assert delivered.faults == [(3, None, "line-too-long")]
    assert len(delivered.rows) == 1


def test_a_row_after_a_misplaced_quotation_mark_is_still_read(tmp_path: Path) -> None:
    row = ";".join(STAFF_ROW)
    second = row.replace("2026-10-15", "2026-11-15")
    delivered = deliver(tmp_path, "staff", STAFF + f'"a"b;{row}\n{second}\n')

    assert delivered.faults == [(3, None, "quote-malformed")]
    assert [row["row"] for row in delivered.rows] == [2, 4]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("57 400,50", 5_740_050),
        ("57\u00a0400", 5_740_000),
        ("-12,5", -1250),
        ("\u221212,5", -1250),
        ("0", 0),
        ("007", 700),
    ],
)
def test_amounts_are_read_exactly(text: str, stored: int, tmp_path: Path) -> None:
    delivered = deliver(
        tmp_path, "given_amounts", csv_of("given_amounts", ["stod", "G001", "grundskola", "2026-01", "3", text])
    )

    assert delivered.rows[0]["amount_ore"] == stored
    assert delivered.found.totals == {"decisions": 3, "amount_ore": stored}


@pytest.mark.parametrize("text", ["1e5", "1,2,3", "12 kr", "1.000,50", "٣", "--1", ",5", "NaN"])
def test_what_is_not_a_plain_number_is_refused(text: str, tmp_path: Path) -> None:
    delivered = deliver(
        tmp_path, "given_amounts", csv_of("given_amounts", ["stod", "G001", "grundskola", "2026-01", "3", text])
    )

    assert delivered.faults == [(2, "belopp_kr", "number-malformed")]


@pytest.mark.parametrize("text", ["20260815", "2026-8-15", "15/8 2026", "2026-W33-6", "1066-10-14", "2026-08-15T00:00"])
def test_only_one_way_to_write_a_date_is_taken(text: str, tmp_path: Path) -> None:
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment(fran_och_med=text)))

    assert delivered.faults == [(2, "fran_och_med", "date-malformed")]


def test_facts_of_an_index_are_gathered_beside_its_rows(tmp_path: Path) -> None:
    rows = [
        ["socio", "SCB", "2", "2026", "hogre_mer", "100,0", "elev", "nej", enhet, "112,50"]
        for enhet in ("G001", "G002")
    ]
    delivered = deliver(tmp_path, "index", csv_of("index", *rows))

    assert [(row["value_num"], row["value_den"]) for row in delivered.rows] == [(225, 2), (225, 2)]
    assert delivered.found.meta == {
        "socio": {
            "source": "SCB",
            "version": "2",
            "year": 2026,
            "direction": "hogre_mer",
            "mean": "100",
            "weighting": "elev",
            "publishable": False,
        }
    }


def test_a_fraction_too_long_for_the_database_is_refused(tmp_path: Path) -> None:
    row = ["socio", "SCB", "2", "2026", "hogre_mer", "100", "elev", "nej", "G001", "1234567890,123456789012"]
    delivered = deliver(tmp_path, "index", csv_of("index", row))

    assert delivered.faults == [(2, "varde", "number-too-fine")]


def test_absent_values_may_be_given_a_mark_of_the_drivers_own(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_text(csv_of("enrolments", enrolment(), enrolment(elev="prov-2", timmar_per_vecka="15")))
    rows = [
        dict(zip(CONTRACTS["enrolments"].stored, row, strict=True))
        for chunk in read("enrolments", path, CONTEXT).chunks(1, absent=-1.0)
        for row in chunk
    ]

    assert [row["hours"] for row in rows] == [-1.0, 1500]
    assert rows[0]["flags"] == ""  # never absent: no flag is a fact
    assert rows[0]["valid_to"] == -1.0


@pytest.mark.parametrize(
    ("period", "warnings"),
    [
        (DateRange(date(2026, 7, 1), date(2026, 8, 1)), 0),  # by the August rule it may count here
        (DateRange(date(2026, 6, 1), date(2026, 7, 1)), 1),
        (DateRange(date(2026, 6, 1)), 0),
        (DateRange(date(2026, 9, 1)), 0),
    ],
)
def test_a_start_in_august_is_worth_no_warning_in_july(period: DateRange, warnings: int, tmp_path: Path) -> None:
    text = csv_of("enrolments", enrolment(fran_och_med="2026-08-17"))
    delivered = deliver(tmp_path, "enrolments", text, context=replace(CONTEXT, period=period))

    assert delivered.found.warning_count == warnings
    assert len(delivered.rows) == 1


def test_cp1252_is_found_out_also_when_the_first_letter_comes_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(survey_module, "BLOCK", 16)
    second = ";".join(STAFF_ROW).replace("2026-10-15", "2026-11-15")

    assert deliver(tmp_path, "staff", (STAFF + second).encode("cp1252")).rows[1]["occupation"] == "förskollärare"


def test_progress_is_told_and_ends_at_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_text(csv_of("enrolments", *(enrolment(elev=f"prov-{number}") for number in range(40_000))))
    told: list[tuple[int, int, int]] = []
    found = read("enrolments", path, CONTEXT, lambda rows, done, total: told.append((rows, done, total)))
    sizes = [len(chunk) for chunk in found.chunks(1)]

    assert len(sizes) > 1
    assert told == sorted(told)
    assert told[-1] == (40_000, found.size, found.size)
    assert found.rows_ready == 40_000


def test_a_chunk_can_be_walked_twice(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_text(csv_of("enrolments", enrolment(), enrolment(elev="prov-2")))
    for chunk in read("enrolments", path, CONTEXT).chunks(1):
        assert len(chunk) == 2
        assert list(chunk) == list(chunk)


def test_the_hash_of_the_file_is_known_before_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    path.write_bytes(b"abc")

    assert read("staff", path, CONTEXT).sha256.startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")


def test_an_upload_is_called_what_its_deliverer_called_it(tmp_path: Path) -> None:
    path = tmp_path / "tmp8x1"
    path.write_bytes(b"")
    found = read("staff", path, CONTEXT, file_name="personal.csv")

    assert str(found.issues[0]).startswith("personal.csv: Filen är tom.")


def test_an_unknown_kind_names_the_kinds_there_are(tmp_path: Path) -> None:
    with pytest.raises(ImportKindUnknownError, match="units, enrolments, index"):
        read("elever", tmp_path / "fil.csv", CONTEXT)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileMissingError, match=r"borta\.csv"):
        read("staff", tmp_path / "borta.csv", CONTEXT)


def test_a_short_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PseudonymKeyShortError, match="minst 16"):
        deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment()), context=replace(CONTEXT, key=b"short"))


cells = st.text(st.sampled_from("aå1 ,\t\x0b\u2028"), max_size=3)
lines = st.lists(st.lists(cells, max_size=5).map(";".join), max_size=8)


@given(
    lines=lines, ending=st.sampled_from(["\n", "\r\n", "\r"]), last=st.sampled_from(["", "\n"]), width=st.integers(1, 4)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
def test_the_quick_way_and_the_csv_module_read_the_same(
    lines: list[str], ending: str, last: str, width: int, tmp_path: Path
) -> None:
    path = tmp_path / "fil.csv"
    header = ";".join("abcd"[:width])
    path.write_bytes((ending.join([header, *lines]) + last).encode())
    looked = survey(path)
    read_ways = []
    for quoted in (False, True):
        log = FaultLog("fil.csv")
        with CsvSource(path, replace(looked, quoted=quoted), log, lambda name: name in "abcd") as source:
            source.delimiter = ";"
            rows = [row for block in source.blocks(width) for row in zip(block.rows, *block.columns, strict=True)]
        read_ways.append((rows, log.issues))

    assert read_ways[0] == read_ways[1]
