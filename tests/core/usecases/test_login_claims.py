from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.usecases.login_claims import LOCAL_ISSUER, proof_of
from tests.support.logging_in import claims, proof, subject
from tests.support.small_kommun import KOMMUN, NOW


def test_a_person_is_issuer_and_subject_and_never_an_address() -> None:
    found = proof("anna")
    assert found.person.subject == subject("anna")
    assert found.person.name == "Anna"
    assert proof("anna", email="någon@annan.se", preferred_username="x").person == found.person
    assert proof("anna", iss="https://other.example.se").person.subject != found.person.subject


def test_two_tabs_share_a_login_and_the_next_login_is_another() -> None:
    assert proof().login == proof(name="Anna Ny", email="x@y.se").login
    assert proof(nonce="another").login != proof().login
    assert proof(iat=int(NOW.timestamp()) + 1).login != proof().login


def test_entra_may_name_a_person_by_oid() -> None:
    found = proof_of(claims(oid="7c2f"), "oid")
    assert found is not None
    assert found.person.issuer_subject == "7c2f"
    assert proof_of(claims(), "oid") is None


@pytest.mark.parametrize("missing", ["iss", "sub", "iat", "exp", "provider"])
@pytest.mark.parametrize("value", [None, "", True, [], {"x": 1}, float("nan"), 1e300])
def test_what_is_missing_or_of_the_wrong_kind_proves_nothing(missing: str, value: Any) -> None:  # noqa: ANN401
    assert proof_of({**claims(), missing: value}, "sub") is None


@pytest.mark.parametrize("sub", ["", " ", "a\nb", "a\x1fb"])
def test_a_subject_with_control_characters_is_nobody(sub: str) -> None:
    assert proof_of(claims(sub=sub), "sub") is None


def test_nobody_outside_speaks_for_our_own_local_accounts() -> None:
    assert proof_of(claims(iss=LOCAL_ISSUER + KOMMUN), "sub") is None


def test_a_name_is_shortened_and_printable() -> None:
    assert proof(name="A" * 500).person.name == "A" * 100
    assert proof(name="An\x00na\n Berg").person.name == "Anna Berg"
    assert proof(name=7).person.name == ""


@given(
    st.dictionaries(
        st.sampled_from(["iss", "sub", "iat", "exp", "provider", "name", "nonce", "oid"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.lists(st.text()),
    )
)
def test_whatever_a_provider_sends_nothing_breaks(changed: dict[str, Any]) -> None:
    found = proof_of({**claims(), **changed}, "sub")
    assert found is None or found.person.subject.startswith("p:")
