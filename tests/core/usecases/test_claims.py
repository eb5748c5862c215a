"""Interkommunal ersättning on Lillby: e04 of another kommun is at A1, and e11 of ours goes to C1."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.base import year_range
from core.usecases import claims, imports
from core.usecases.verify import verify
from tests.support import small_kommun
from tests.support.copies import copied
from tests.support.reaching import PEEK
from tests.support.small_kommun import CITIZEN, CONTROLLER, KOMMUN, STRANGER, YEAR, model_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.usecases.claim_views import ClaimsView
    from tests.support.databases import Database, DatabaseMaker
    from tests.support.small_kommun import Lillby

BUDGET, UTFALL = 1, 2
IKE = """\
ike:
  rules:
    - verksamhet: grundskola
      ground: sarskilda_skal
      registered: [""]
      basis: receiver_cost
      prices: [undervisning, lokal]
      reference: *beslut
"""


def decided(url: str, folder: Path, rules: str = IKE) -> Lillby:
    """Return Lillby whose model has rules for claims, with budget and utfall decided."""
    lillby = small_kommun.delivered(url, folder)
    if rules:
        lillby.deliver(imports.MODEL, model_text() + rules, year_range(YEAR))
    lillby.decide(YEAR, "budget")
    lillby.decide(YEAR, "utfall", 10)
    return lillby


@pytest.fixture
def claiming(database: Database, database_maker: DatabaseMaker, tmp_path: Path) -> Iterator[Lillby]:
    """Give Lillby with rules for claims on each engine."""
    lillby = copied(database_maker, database, tmp_path, decided)
    yield lillby
    lillby.engine.dispose()


def view_of(lillby: Lillby, run: int | None = None) -> ClaimsView:
    return claims.claims_view(lillby.app, CONTROLLER, run)


def test_both_directions_as_worked_out_by_hand_on_both_engines(claiming: Lillby) -> None:
    """e04, årskurs 5 at A1: var 6/12 × 84 000 = 42 000; host 4/12 × (75 600 + 12 000) = 29 200. No mervärdesskatt.

    e11 at C1 from March: var 4/12 × 72 000 = 24 000; host 4/12 × (63 000 + 12 000) = 25 000.
    """
    view = view_of(claiming)
    told = [
        (one.direction, one.other_kommun, one.enhet, one.period, one.ground, one.elever, one.price_ore, one.amount_ore)
        for one in view.lines
    ]
    skal, wish = "sarskilda_skal", "vardnadshavarens_onskemal"
    half, third = Fraction(1, 2), Fraction(1, 3)
    assert told == [
        ("to_claim", "9902", "A1", "host", skal, third, 8_760_000, 2_920_000),
        ("to_claim", "9902", "A1", "var", skal, half, 8_400_000, 4_200_000),
        ("to_pay", "9902", "C1", "host", wish, third, 7_500_000, 2_500_000),
        ("to_pay", "9902", "C1", "var", wish, third, 7_200_000, 2_400_000),
    ]
    assert (view.to_claim_ore, view.to_pay_ore, view.without_price) == (7_120_000, 4_900_000, 0)
    assert [(one.direction, one.amount_ore) for one in view.sums] == [("to_claim", 7_120_000), ("to_pay", 4_900_000)]


def test_elever_of_others_at_enskilda_and_at_others_units_are_no_claim_of_ours(claiming: Lillby) -> None:
    """e09 at B1 is paid by its home kommun straight to the huvudman; e12 at C1 is another kommun's own."""
    assert {one.enhet for one in view_of(claiming).lines if one.direction == "to_claim"} == {"A1"}


def test_the_tree_of_a_claim_recomputes_to_the_stored_ore(claiming: Lillby) -> None:
    for one in view_of(claiming).lines:
        if one.direction == "to_claim":
            tree = claims.claim_derivation(claiming.app, CONTROLLER, UTFALL, one.key)
            assert tree.value == Fraction(one.amount_ore or 0, 100)
            labels = [node.label for _, node in tree.walk()]
            assert "Egen kostnad per elev, utan mervärdesskatt" in labels
            assert not any("Mervärdesskatt" in label for label in labels)


def test_an_address_of_no_claim_is_told(claiming: Lillby) -> None:
    with pytest.raises(claims.NoSuchClaimError, match="inget krav"):
        claims.claim_derivation(claiming.app, CONTROLLER, UTFALL, "claim:x")


def test_claims_are_frozen_with_the_run_and_verified(claiming: Lillby) -> None:
    report = verify(claiming.app, CONTROLLER, KOMMUN, UTFALL)
    assert report.ok, report.findings
    with claiming.app.reading(PEEK) as work:
        assert work.claims.of_run(KOMMUN, BUDGET) == []  # a plan says nothing of hemkommun
        assert len(work.claims.of_run(KOMMUN, UTFALL)) == 2


def test_a_claim_changed_or_taken_away_in_the_database_is_found(sqlite_database: Database, tmp_path: Path) -> None:
    lillby = decided(sqlite_database.url, tmp_path)
    with lillby.engine.begin() as connection:
        for (name,) in connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).fetchall():
            connection.execute(text(f'DROP TRIGGER "{name}"'))
        connection.execute(text("UPDATE ike_claim SET amount_ore = amount_ore + 1 WHERE period = 'var'"))
        connection.execute(text("DELETE FROM ike_claim WHERE period = 'host'"))
    found = verify(lillby.app, CONTROLLER, KOMMUN, UTFALL).findings
    assert any("kravet på kommun 9902 för gs.4_6 är inte det som underlaget ger" in one for one in found)
    assert any("ett krav på kommun 9902 för gs.4_6 saknas i körningen" in one for one in found)
    assert any("fingeravtryck" in one for one in found)
    lillby.engine.dispose()


def test_an_elev_whose_ground_has_no_rule_has_no_price_and_is_counted_all_the_same(
    sqlite_database: Database, tmp_path: Path
) -> None:
    lillby = decided(sqlite_database.url, tmp_path, IKE.replace('[""]', "[avtal]"))
    view = view_of(lillby)
    assert (view.to_claim_ore, view.without_price) == (0, 2)
    assert {(one.basis, one.ground, one.price_ore, one.amount_ore) for one in view.lines if one.enhet == "A1"} == {
        ("saknas", "ingen", None, None)
    }
    assert verify(lillby.app, CONTROLLER, KOMMUN, UTFALL).ok
    lillby.engine.dispose()


def test_a_model_without_rules_claims_nothing_and_keeps_its_fingerprint(
    shared_lillby: Lillby, sqlite_database: Database, tmp_path: Path
) -> None:
    view = view_of(shared_lillby)
    assert (view.has_rules, view.to_claim_ore, view.to_pay_ore) == (False, 0, 4_900_000)
    other = decided(sqlite_database.url, tmp_path, "")
    with shared_lillby.app.reading(PEEK) as first, other.app.reading(PEEK) as second:
        assert first.runs.get(KOMMUN, UTFALL).fingerprint == second.runs.get(KOMMUN, UTFALL).fingerprint
    other.engine.dispose()


def test_the_section_changes_the_fingerprint(claiming: Lillby, shared_lillby: Lillby) -> None:
    with claiming.app.reading(PEEK) as first, shared_lillby.app.reading(PEEK) as second:
        assert first.runs.get(KOMMUN, UTFALL).fingerprint != second.runs.get(KOMMUN, UTFALL).fingerprint


def test_before_any_register_is_counted_there_is_nothing(undecided_lillby: Lillby) -> None:
    undecided_lillby.decide(YEAR, "budget")
    view = view_of(undecided_lillby)
    assert (view.run, view.lines) == (None, ())


def test_who_may_not_see_the_basis_sees_no_claims(shared_lillby: Lillby) -> None:
    for ask in (
        lambda: claims.claims_view(shared_lillby.app, CITIZEN),
        lambda: claims.claim_derivation(shared_lillby.app, CITIZEN, UTFALL, "claim:x"),
    ):
        with pytest.raises(ForbiddenError):
            ask()
    assert claims.claims_view(shared_lillby.app, STRANGER).run is None  # of their own kommun, which has none
