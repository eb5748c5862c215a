"""What damaged files have found, one case each: none of it may come back."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING

import pytest

from core.base import AmountTooLargeError, CoreError, NotANumberError, kronor, read_number
from core.exchange.file_names import HIDDEN_NAME, kept_name, kept_suffix, kept_text
from core.exchange.given_file import SCHEMA, GivenFileFaultyError, read_given
from core.parameters import ChangeFaultyError, ModelFaultyError, load_model, read_changes
from core.parameters.model import MOST_PARTS
from tests.hostile.judging import must_be_plain
from tests.support.deliveries import csv_of, deliver
from tests.support.hostile import PERSON, csv_file, sample_table
from tests.support.hostile_books import workbook, zipped
from tests.support.small_kommun import model_text

if TYPE_CHECKING:
    from pathlib import Path

STAFF = sample_table("staff")
HEAD = csv_of("staff").encode()
BOOK = workbook(STAFF)
PARTS = {"[Content_Types].xml": "", "xl/workbook.xml": "<workbook/>"}


def staff(column: int, text: str) -> list[list[str]]:
    return [STAFF[0], [text if place == column else cell for place, cell in enumerate(STAFF[1])]]


FILES: dict[str, tuple[str, bytes, str]] = {
    "en cell på rad tio miljoner, som avslutade hela servern": (
        "staff", workbook(STAFF, [("far", 7, 68, "x")]), "file-too-large",
    ),
    "ett arkiv med något framför": ("staff", BOOK[:4] + b"x" * 40 + BOOK, "file-unreadable"),
    "ett arkiv med något efter": ("staff", BOOK + b"PK\x05\x06" + b"\0" * 18 + b"x", "file-unreadable"),
    "en bok av annat slag i samma arkiv": (
        "staff", zipped([*PARTS.items(), ("content.xml", "<x/>")]), "file-unreadable",
    ),
    "två delar med samma namn": ("staff", zipped([*PARTS.items(), *PARTS.items()]), "file-unreadable"),
    "en fil som slutar mitt i ett tecken": ("staff", HEAD + "G001;grundskola;lärare;å".encode()[:-1], "encoding-mixed"),
    "en rubrik som är längre än en cell får vara": ("staff", b"x" * 200_000 + b"\n1\n", "line-too-long"),
    "fler kolumner än någon fil har": ("staff", b";".join([b"x"] * 9_000) + b"\n", "columns-too-many"),
    "ett personnummer bland flaggorna": (
        "enrolments",
        csv_file([["elev", "enhet", "verksamhet", "fodelsemanad", "flaggor", "hemkommun", "fran_och_med"],
                  ["p1", "G001", "grundskola", "2015-01", PERSON.replace("-", ""), "9901", "2026-01-01"]]),
        "identity-misplaced",
    ),
    "ett personnummer där rubriken skulle stå": ("staff", f"{PERSON};x\n1;2\n".encode(), "column-unknown"),
    "en yta som ingen databas rymmer": (
        "premises",
        csv_file([["enhet", "yta_m2", "hyra_kr_per_ar", "fran_och_med"], ["G001", "9" * 15, "1", "2026-01-01"]]),
        "number-out-of-range",
    ),
    "en avgränsare som inte syns": ("staff", HEAD.replace(b";", b"\t") + b"G001\tx\n", "row-width"),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_once_broke_something_is_a_fault(name: str, tmp_path: Path) -> None:
    kind, content, code = FILES[name]
    found = deliver(tmp_path, kind, content, name="fil.xlsx" if content.startswith(b"PK") else "fil.csv")
    assert code in {issue.code for issue in found.found.issues}
    assert found.rows == []
    for issue in found.found.issues:
        must_be_plain(issue.message)
        assert issue.column is None or (PERSON not in issue.column and len(issue.column) < 80)


@pytest.mark.parametrize("cell", ["NaN", "inf", "-inf", "1e308", "1e-308"])
def test_a_number_in_a_workbook_that_no_spreadsheet_shows_is_a_fault_or_read(cell: str, tmp_path: Path) -> None:
    said = set()
    for kind, column in product(range(1, 21, 2), range(6)):
        content = workbook(staff(column, ""), [("typed", kind, column, cell)])
        try:
            found = deliver(tmp_path, "staff", content, name="fil.xlsx").found
        except CoreError as error:  # said to be a date or a truth, and is none
            must_be_plain(str(error))
            continue
        for issue in found.issues:
            must_be_plain(issue.message)
            said.add(issue.code)
    assert said & {"cell-is-error", "number-out-of-range", "number-malformed"}


MODELS = {
    "ett heltal med fem tusen siffror": model_text().replace("year: 2026", f"year: {'9' * 5_000}"),
    "ett år som ingen kalender har": model_text().replace("year: 2026", "year: 99999"),
    "en hänvisning till sig själv": "a: &a [*a]\n",
    "fler kategorier än en modell har": "categories: [" + "{}, " * (MOST_PARTS + 1) + "]\n",
    "ett djup som libyaml inte tål": "a: " + "[" * 400_000,
    "en bomb": "a: &a [x, x]\n"
    + "".join(f"b{n}: &b{n} [*{'a' if n == 0 else f'b{n - 1}'}, *a]\n" * 1 for n in range(60)),
    "ett märke som kunde bli sant": "a: !!bool kanske\n",
    "ett märke som skulle köra något": "model: !!python/object/apply:os.system ['x']\n",
    "ett personnummer som nyckel": f"{PERSON}: 1\n",
    "ett personnummer mitt i en nyckel": f"a:\n  x{PERSON}y: 1\n  x{PERSON}y: 2\n",
    "ett personnummer som värde och som märke": f"a: !!int {PERSON}\n",
    "en nyckel lång som filen": f"{'x' * 1_000}: 1\n{'x' * 1_000}: 2\n",
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_that_once_broke_something_is_a_fault(name: str) -> None:
    with pytest.raises(ModelFaultyError) as raised:
        load_model(MODELS[name], "modell.yaml")
    must_be_plain(str(raised.value), longest=100_000)


@pytest.mark.parametrize(
    "text",
    ["9" * 5_000, "[" * 100_000, "[1]", "NaN", "\x00",
     '[{"kind":"figure","address":"a","value":"' + "9" * 5_000 + '"}]',
     '[{"kind":"count","enhet":"' + "x" * 500 + '","category":"a","delta":1}]', '[{"kind":{"a":1}}]'],
)  # fmt: skip
def test_a_trial_that_cannot_be_read_says_so(text: str) -> None:
    with pytest.raises(ChangeFaultyError) as raised:
        read_changes(text)
    must_be_plain(str(raised.value))


@pytest.mark.parametrize(
    "text", ["1e9", "9" * 5_000, "\uff11\uff12", "\u00b2", "1/2", "NaN", "", "1" * 41, "=1+1", "a" * 9_000]
)
def test_a_number_that_is_none_is_said_shortly(text: str) -> None:
    with pytest.raises(NotANumberError) as raised:
        read_number(text)
    must_be_plain(str(raised.value), longest=200)


def test_an_amount_that_no_database_holds_is_refused() -> None:
    with pytest.raises(AmountTooLargeError):
        kronor("100 000 000 000")
    assert kronor("99 999 999 999,99") == 10**13 - 1


@pytest.mark.parametrize("exact", ["1e999999999", "1/0", "0x1", "9" * 61, "nan", "1/00", "--1"])
def test_an_exact_figure_that_would_take_the_memory_is_refused(exact: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    named = {"step": "s", "category": "c", "recipient": "r", "list": "l", "unit": "kr"}
    price = {**named, "exact": exact, "shown_ore": 1}
    content = {"schema": SCHEMA, "model_sha256": "x", "through_month": 12, "pools": [], "prices": [price]}
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(GivenFileFaultyError) as raised:
        read_given(path)
    must_be_plain(str(raised.value))


@pytest.mark.parametrize(
    "content", ["[" * 200_000, "9" * 9_000, "{", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "NaN", ""]
)
def test_a_file_of_given_figures_that_is_no_json_is_refused(content: str, tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    path.write_text(content, "utf-8")
    with pytest.raises(CoreError) as raised:
        read_given(path)
    must_be_plain(str(raised.value))


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.csv", "passwd.csv"), ("C:\\mappen\\fil.xlsx", "fil.xlsx"), ("..", "fil"), ("", "fil"),
        ("a\x00b\u202e.csv", "a□b□.csv"), (f"elev {PERSON}.csv", HIDDEN_NAME), ("x" * 300, "x" * 120 + "…"),
        ("\udcff.csv", "□.csv"),
    ],
)  # fmt: skip
def test_a_file_name_is_kept_without_folders_signs_or_persons(name: str, kept: str) -> None:
    assert kept_name(name) == kept


def test_a_file_keeps_only_an_ending_of_ours() -> None:
    assert [kept_suffix(one) for one in ("a.XLSX", "a.yml", "a.\x00exe", "a." + "x" * 999, "a")] == [
        ".xlsx", ".yml", ".csv", ".csv", ".csv",
    ]  # fmt: skip
    assert kept_text(f"summa {PERSON}") == "(döljs: liknar ett personnummer)"
