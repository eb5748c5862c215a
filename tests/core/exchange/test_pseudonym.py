from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange import Pseudonymiser, row_hash
from tests.support.deliveries import CONTEXT, KEY, csv_of, deliver, enrolment

if TYPE_CHECKING:
    from pathlib import Path


@given(key=st.binary(min_size=16, max_size=200), kommun=st.from_regex(r"[0-9]{4}", fullmatch=True), identity=st.text())
def test_a_pseudonym_is_the_librarys_own_keyed_hash(key: bytes, kommun: str, identity: str) -> None:
    if "\x1e" in identity or any("\ud800" <= sign <= "\udfff" for sign in identity):
        return  # refused before: an identity is printable
    expected = hmac.digest(key, f"{kommun}\x1f{identity}".encode(), "sha256").hex()[:20]

    assert Pseudonymiser(key, kommun).of(identity) == expected


@pytest.mark.parametrize("written", ["19121212-1212", "191212121212", " 191212121212 ", "\u00a0191212121212"])
def test_one_person_has_one_pseudonym_however_the_number_is_written(written: str, tmp_path: Path) -> None:
    stored = deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment(elev=written))).rows[0]

    assert stored["elev"] == Pseudonymiser(KEY, "9901").of("191212121212")


def test_two_municipalities_cannot_be_matched(tmp_path: Path) -> None:
    text = csv_of("enrolments", enrolment())
    ours = deliver(tmp_path, "enrolments", text).rows[0]["elev"]
    theirs = deliver(tmp_path, "enrolments", text, context=replace(CONTEXT, kommun="9902")).rows[0]["elev"]

    assert ours != theirs


def test_the_identity_is_nowhere_in_what_comes_out(tmp_path: Path) -> None:
    rows = [
        enrolment(elev="19121212-1212"),
        enrolment(elev="19121212-1212"),
        enrolment(elev="191212121212", hemkommun="1"),
    ]
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", *rows))
    out = repr(delivered.rows) + repr(delivered.found.issues) + repr(delivered.messages)

    assert len(delivered.faults) == 2
    assert "1212" not in out


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("", "cell-empty"),
        ("   ", "cell-empty"),
        ("a\x01b", "cell-unprintable"),
        ("x" * 65, "cell-too-long"),
        ("pseudonym:123", "code-malformed"),
        ("pseudonym:" + "G" * 20, "code-malformed"),
    ],
)
def test_what_is_no_identity_is_refused_also_among_sound_ones(cell: str, code: str, tmp_path: Path) -> None:
    rows = [enrolment(), enrolment(elev=cell), enrolment(elev="prov-2")]
    delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", *rows))

    assert delivered.faults == [(3, "elev", code)]
    assert delivered.rows[0]["elev"] == Pseudonymiser(KEY, "9901").of("prov-1")


def test_a_row_hash_can_be_recomputed_from_the_stored_row(tmp_path: Path) -> None:
    stored = deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment(timmar_per_vecka="22,5"))).rows[0]
    facts = [
        value
        for field, value in stored.items()
        if field not in {"kommun", "batch", "row", "referens", "skydd", "row_hash"}
    ]
    text = "\x1f".join("" if fact is None else str(fact) for fact in facts)

    assert stored["row_hash"] == int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")


def test_equal_rows_have_equal_hashes_and_any_change_shows() -> None:
    first, same, other = row_hash.row_hashes([["a", "a", "a"], ["1", "1", "2"]])

    assert first == same != other


def test_the_receivers_own_reference_is_kept_as_it_stands_and_changes_no_hash(tmp_path: Path) -> None:
    rows = deliver(
        tmp_path, "enrolments", csv_of("enrolments", enrolment(), enrolment(elev="prov-2", referens="K-1042"))
    ).rows
    assert [row["referens"] for row in rows] == [None, "K-1042"]
    alike = deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment(elev="prov-2"))).rows[0]
    assert alike["row_hash"] == rows[1]["row_hash"]


def test_a_personnummer_as_reference_is_refused_and_not_shown(tmp_path: Path) -> None:
    for number in ("19121212-1212", "191212121212", "121212-1212"):
        delivered = deliver(tmp_path, "enrolments", csv_of("enrolments", enrolment(referens=number)))
        assert [fault[1:] for fault in delivered.faults] == [("referens", "identity-misplaced")], number
        assert number not in "".join(delivered.messages)
