"""Which unit follows which: merged, split, opened, closed; in turn, within dates, from deliveries in force."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from core.base import year_range
from core.store import SuccessionRecord
from core.usecases import succession
from core.usecases.allocation import allocation_of
from core.usecases.start import start_view
from core.usecases.statements import statement_of
from core.usecases.succession import Followed, predecessors, resolved, successors
from tests.support.reaching import PEEK
from tests.support.small_kommun import CONTROLLER, KOMMUN, OWNER_CEDERN, REKTOR_A1, YEAR, with_2025

if TYPE_CHECKING:
    from core.usecases.succession import UnitHistory
    from tests.support.small_kommun import Lillby

HEADER = "enhet;efterfoljare;fran_och_med;andel\n"
FILE = HEADER + "A2;A1;2026-07-01;0,25\nA2;A3;2026-07-01;0,75\n;F1;2026-01-01;1\nC1;;2026-07-01;1\n"
SUMMER, AUTUMN = date(2026, 7, 1), date(2026, 10, 1)


def history_of(lillby: Lillby, enhet: str) -> UnitHistory:
    with lillby.app.reading(PEEK) as work:
        return succession.history(work, KOMMUN, enhet, lillby.app.clock().date())


def row(enhet: str | None, successor: str | None, day: date = SUMMER, share: str = "1") -> SuccessionRecord:
    return SuccessionRecord(enhet, successor, day, Fraction(share), 1, 2)


def test_a_unit_merged_into_another_that_is_later_split_ends_in_both() -> None:
    rows = [row("A", "B"), row("B", "B", AUTUMN, "0.6"), row("B", "C", AUTUMN, "0.4")]
    assert resolved(rows, "A") == (("B", Fraction(3, 5)), ("C", Fraction(2, 5)))
    assert resolved(rows, "C") == ()


def test_what_a_unit_became_before_it_took_another_over_is_not_followed_again() -> None:
    rows = [row("B", "C", SUMMER), row("A", "B", AUTUMN)]  # B ended in summer and opened anew for A
    assert resolved(rows, "A") == (("B", Fraction(1)),)


def test_a_part_that_closes_for_good_goes_nowhere() -> None:
    assert resolved([row("A", "B", share="0.7"), row("A", None, share="0.3")], "A") == (("B", Fraction(7, 10)),)


@st.composite
def chains(draw: st.DrawFn) -> list[SuccessionRecord]:
    """Draw units that are followed by later ones only, each wholly or in parts."""
    names = [chr(ord("A") + n) for n in range(draw(st.integers(2, 7)))]
    rows = []
    for place, name in enumerate(names[:-1]):
        followers = draw(st.lists(st.sampled_from(names[place + 1 :]), unique=True, max_size=3))
        parts = draw(st.lists(st.integers(1, 9), min_size=len(followers), max_size=len(followers)))
        day = date(2026, place + 1, 1)
        rows += [
            SuccessionRecord(name, one, day, Fraction(part, sum(parts)), 1, 2)
            for one, part in zip(followers, parts, strict=True)
        ]
    return rows


@given(rows=chains())
def test_whatever_is_merged_and_split_every_unit_ends_whole_in_units_that_go_on(rows: list[SuccessionRecord]) -> None:
    following = {enhet: resolved(rows, enhet) for enhet in {one.enhet for one in rows if one.enhet}}
    for parts in following.values():
        assert sum(share for _, share in parts) == 1
        assert not {name for name, _ in parts} & set(following)
    came = predecessors(following)
    assert sum(share for parts in came.values() for _, share in parts) == len(following)


def test_a_delivered_file_gives_history_and_what_to_compare_with(lillby_on_both: Lillby) -> None:
    lillby = lillby_on_both
    batch = lillby.deliver("successions", FILE, year_range(YEAR)).number
    assert history_of(lillby, "A2").successors == (
        Followed("A1", "Alskolan", SUMMER, Fraction(1, 4)),
        Followed("A3", "Ekskolan", SUMMER, Fraction(3, 4)),
    )
    assert history_of(lillby, "A3").predecessors == (Followed("A2", "Björkskolan", SUMMER, Fraction(3, 4)),)
    assert (history_of(lillby, "F1").opened, history_of(lillby, "C1").closed) == (date(2026, 1, 1), SUMMER)
    assert history_of(lillby, "B1").is_empty
    with lillby.app.reading(PEEK) as work:
        rows = work.successions.of_batches(KOMMUN, [batch])
        assert successors(rows) == {"A2": (("A1", Fraction(1, 4)), ("A3", Fraction(3, 4))), "C1": ()}
        assert successors(rows, after=SUMMER) == {}
        assert successors(rows, until=date(2026, 6, 30)) == {}
        ask = {one: succession.compared_by_month(work, KOMMUN, YEAR, YEAR - 1, one) for one in ("A1", "A2", "A3", "B1")}
    assert {enhet: months[6] for enhet, months in ask.items() if months[6]} == {
        one: ((one, Fraction(1)),) for one in ("A1", "A2", "A3", "B1")
    }
    assert {enhet: months[7] for enhet, months in ask.items()} == {
        "A1": (("A1", Fraction(1)), ("A2", Fraction(1, 4))),
        "A2": (),
        "A3": (("A2", Fraction(3, 4)), ("A3", Fraction(1))),
        "B1": (("B1", Fraction(1)),),
    }


def test_an_old_address_leads_to_those_who_took_over_that_the_reader_may_see(lillby: Lillby) -> None:
    lillby.deliver("successions", FILE, year_range(YEAR))
    assert [one.enhet for one in succession.forwarded(lillby.app, CONTROLLER, "A2")] == ["A1", "A3"]
    assert [one.enhet for one in succession.forwarded(lillby.app, REKTOR_A1, "A2")] == ["A1"]
    assert succession.forwarded(lillby.app, OWNER_CEDERN, "A2") == ()
    assert succession.forwarded(lillby.app, CONTROLLER, "A1") == ()


def test_a_later_file_replaces_all_that_was_said_of_a_unit(lillby: Lillby) -> None:
    lillby.deliver("successions", FILE, year_range(YEAR))
    lillby.deliver("successions", HEADER + "A2;A3;2026-07-01;1\n", year_range(YEAR), "delta")
    assert [one.enhet for one in history_of(lillby, "A2").successors] == ["A3"]
    assert history_of(lillby, "C1").closed == SUMMER


def test_a_file_that_names_an_unknown_unit_or_loses_a_part_is_not_accepted(lillby: Lillby) -> None:
    received = lillby.receive("successions", HEADER + "A2;X9;2026-07-01;1\n", year_range(YEAR))
    assert [one.code for one in received.issues] == ["unit-unknown"]
    received = lillby.receive("successions", HEADER + "A2;A1;2026-07-01;0,5\n", year_range(YEAR))
    assert [one.code for one in received.issues] == ["succession-shares"]


def test_the_year_before_follows_the_successor_month_by_month_and_every_krona_is_compared_once(
    undecided_lillby: Lillby,
) -> None:
    """2025: A1 and B2 have elever. B2 is split in July 2026: three quarters to A1, the rest to B1."""
    lillby = with_2025(undecided_lillby)
    lillby.decide(YEAR, "budget")
    lillby.decide(YEAR, "utfall", 10)
    plain = {one: allocation_of(lillby.app, CONTROLLER, one, YEAR) for one in ("A1", "B1", "B2")}
    lillby.deliver("successions", HEADER + "B2;A1;2026-07-01;0,75\nB2;B1;2026-07-01;0,25\n", year_range(YEAR))
    followed = {one: allocation_of(lillby.app, CONTROLLER, one, YEAR) for one in ("A1", "B1", "B2")}
    with lillby.app.reading(PEEK) as work:
        paid = work.sums.paid_by_month(KOMMUN, lillby.runs[2025, "utfall"], ["B2"])
    spring = sum(ore for month, ore in paid.items() if month < 7)
    autumn = sum(ore for month, ore in paid.items() if 7 <= month <= 10)
    assert autumn % 4 == 0
    assert plain["B1"].previous_total_ore == 0
    assert followed["B2"].previous_total_ore == spring
    assert followed["A1"].previous_total_ore == (plain["A1"].previous_total_ore or 0) + autumn * 3 // 4
    assert followed["B1"].previous_total_ore == autumn // 4
    assert (followed["A1"].compared, followed["B2"].compared) == ((("Dungen", Fraction(3, 4)),), ())
    assert sum(one.previous_total_ore or 0 for one in followed.values()) == sum(
        one.previous_total_ore or 0 for one in plain.values()
    )
    assert followed["B1"].previous_elever == Fraction(6, 12) * Fraction(1, 4)  # one elev in July–December 2025
    made = statement_of(lillby.app, REKTOR_A1, "A1", lillby.runs[YEAR, "utfall"])
    assert "I jämförelsen ingår också Dungen (75 procent), som enheten efterträder." in made.sentences
    start = start_view(lillby.app, REKTOR_A1)
    assert (start.previous_total_ore, start.previous_elever) == (
        followed["A1"].previous_total_ore, followed["A1"].previous_elever
    )  # fmt: skip
