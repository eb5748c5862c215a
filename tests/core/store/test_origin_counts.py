"""Other kommuner's elever counted in SQL by hemkommun against the plain twin, on both engines."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.register import CountQuery, PlainSpell, counted_days
from core.store.work import UnitOfWork
from tests.core.store.rows import ENROLMENT_COLUMNS, KOMMUN, accepted, enrol, enrolment, lindvik
from tests.support.reaching import EVERYWHERE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Engine

MONTHLY = tuple(date(2026, month, 15) for month in range(1, 13))
Days = dict[tuple[str, str, str, str, date], int]


@dataclass(frozen=True, slots=True)
class OriginSpell:
    """A row of somebody from any kommun: who, in which verksamhet, from where, on what ground, and the spell."""

    elev: str
    verksamhet: str
    hemkommun: str
    ground: str
    spell: PlainSpell


def counted_origins(rows: Sequence[OriginSpell], days: Sequence[date], august_year: int | None, kommun: str) -> Days:
    """Return how many of other kommuner count on each day, by (hemkommun, enhet, verksamhet, ground, day)."""
    found: Days = {}
    for elev, verksamhet in sorted({(one.elev, one.verksamhet) for one in rows}):
        mine = [one for one in rows if (one.elev, one.verksamhet) == (elev, verksamhet)]
        for one, counted in zip(mine, counted_days([each.spell for each in mine], days, august_year), strict=True):
            if one.hemkommun != kommun:
                for day in counted:
                    key = one.hemkommun, one.spell.enhet, verksamhet, one.ground, day
                    found[key] = found.get(key, 0) + 1
    return found


def row(place: int, elev: str, enhet: str, first: str, after: str | None, hemkommun: str, ground: str = "") -> Any:  # noqa: ANN401
    """Return a row of the register with a hemkommun and a ground."""
    values = dict(zip(ENROLMENT_COLUMNS, enrolment(1, place, elev, enhet, first, after), strict=True))
    values |= {"hemkommun": hemkommun, "ground": ground or None}
    return tuple(values[name] for name in ENROLMENT_COLUMNS)


def by_sql(engine: Engine, rows: Sequence[Any], august: int | None) -> Days:
    """Return counted days by origin as the store gives them."""
    query = CountQuery(
        KOMMUN, 1, (), MONTHLY, ("grundskola", "fritidshem"), ("arskurs", "ground"), august_year=august,
        by_hemkommun=True,
    )  # fmt: skip
    with UnitOfWork(engine, EVERYWHERE) as work:
        lindvik(work)
        accepted(work)
        enrol(work, rows)
        groups = work.count(query)
    found: Counter[tuple[str, str, str, str, date]] = Counter()
    for place, n in enumerate(groups.n):
        if groups.home[place]:
            continue
        for day in MONTHLY[groups.start[place] : groups.stop[place]]:
            at = groups.hemkommun[place], groups.enhet[place], groups.verksamhet[place], groups.ground[place] or ""
            found[*at, day] += n  # type: ignore[index]  # a hemkommun was asked for
    return dict(found)


def by_hand(rows: Sequence[Any], august: int | None) -> Days:
    """Return the same as the plain twin gives."""
    named = [dict(zip(ENROLMENT_COLUMNS, one, strict=True)) for one in rows]
    spells = [
        OriginSpell(
            one["elev"], one["verksamhet"], one["hemkommun"], one["ground"] or "",
            PlainSpell(
                one["enhet"], date.fromisoformat(one["valid_from"]),
                date.fromisoformat(one["valid_to"]) if one["valid_to"] else None,
            ),
        )
        for one in named
    ]  # fmt: skip
    return counted_origins(spells, MONTHLY, august, KOMMUN)


ROWS = (
    row(2, "a", "G01", "2026-01-01", None, "9902", "avtal"),
    row(3, "b", "G01", "2026-01-01", "2026-06-12", "9902", "onskemal"),
    row(4, "b", "G02", "2026-08-17", None, "9902", "onskemal"),  # counts from July, at the new unit
    row(5, "c", "G01", "2026-03-20", None, KOMMUN),  # ours
    row(6, "d", "G01", "2025-08-15", "2026-08-01", KOMMUN),  # moves over the border in August
    row(7, "d", "G01", "2026-08-10", None, "9903", "sarskilda_skal"),
)


@pytest.mark.parametrize("august", [None, 2026])
def test_elever_of_other_kommuner_are_counted_by_hemkommun_and_ground_as_the_plain_twin_does(
    engine: Engine, august: int | None
) -> None:
    found = by_sql(engine, ROWS, august)
    assert found == by_hand(ROWS, august)
    months = Counter((key[0], key[1], key[3]) for key, n in found.items() for _ in range(n))
    assert months["9902", "G01", "avtal"] == 12
    assert months["9902", "G01", "onskemal"] == 5
    assert months["9902", "G02", "onskemal"] == (6 if august else 4)
    assert not [key for key in months if key[0] == KOMMUN]


days = st.dates(date(2025, 11, 1), date(2026, 12, 31))


@st.composite
def registers(draw: st.DrawFn) -> list[Any]:
    """Draw rows of a few elever, without overlap within an elev."""
    rows: list[Any] = []
    for elev in "abcd"[: draw(st.integers(1, 4))]:
        edges = sorted(set(draw(st.lists(days, min_size=2, max_size=5))))
        for first, after in zip(edges[::2], edges[1::2], strict=False):
            rows.append(
                row(
                    len(rows) + 2, elev, draw(st.sampled_from(["G01", "G02"])), first.isoformat(), after.isoformat(),
                    draw(st.sampled_from([KOMMUN, "9902", "9903"])), draw(st.sampled_from(["", "avtal"])),
                )
            )  # fmt: skip
    return rows


@given(registers(), st.sampled_from([None, 2026]))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_register_is_counted_alike(engine: Engine, rows: list[Any], august: int | None) -> None:
    assert by_sql(engine, rows, august) == by_hand(rows, august)
