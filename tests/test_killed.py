"""Whoever pulls the plug, at whatever moment, loses nothing that was confirmed and leaves nothing half done.

The measure is the strictest there is: after every kill the database says, row for row in every table, what it said in
an unbroken year after the last confirmed step, or after the one that was being done: nothing in between. And when the
work has been taken up again to its end, it says what the unbroken one said.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import pytest

from core.publication.payment import PaymentState, rows_hash
from core.store import UnitOfWork, make_engine
from core.store.errors import DatabaseUnreachableError
from core.usecases import runs
from core.usecases.decisions import basis_of
from tests.support.chain import CHAIN, KINDS, MONTHS
from tests.support.column_keys import column_keys
from tests.support.databases import ENGINES
from tests.support.killing import Blow, Workplace, said_by
from tests.support.reaching import EVERYWHERE
from tests.support.small_kommun import CONTROLLER, KOMMUN, NOW, YEAR, founded, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.databases import Database, DatabaseMaker, Engine
    from tests.support.killing import Life

KILLS = 60
KILLS_AT_NIGHT = 1000
EACH = 5
"""How many of the kills must have hit inside a step of each kind."""
SEED = int(os.environ.get("SKOLKRONAN_SEED", "20261122"))


@pytest.fixture(params=ENGINES)
def settle(
    request: pytest.FixtureRequest,
    database_maker: DatabaseMaker,
    tmp_path: Path,
    unbroken: dict[Engine, Workplace],
) -> Iterator[Callable[..., Workplace]]:
    """Give a function that founds Lillby in a fresh database; its argument is the flaw its workers have."""
    yield from _settling(database_maker, request.param, tmp_path, unbroken)


@pytest.fixture
def settle_sqlite(
    database_maker: DatabaseMaker, tmp_path: Path, unbroken: dict[Engine, Workplace]
) -> Iterator[Callable[..., Workplace]]:
    """Give the same on SQLite alone."""
    yield from _settling(database_maker, "sqlite", tmp_path, unbroken)


@pytest.fixture(scope="module")
def unbroken() -> dict[Engine, Workplace]:
    """Give what an unbroken year said after each step, by engine; made by the first who asks."""
    return {}


def _settling(
    maker: DatabaseMaker, engine: Engine, folder: Path, unbroken: dict[Engine, Workplace]
) -> Iterator[Callable[..., Workplace]]:
    databases: list[Database] = []

    def one(flaw: str = "") -> Workplace:
        databases.append(maker.make(engine, "migrated"))
        founded(databases[-1].url, folder).engine.dispose()
        return Workplace(databases[-1].url, folder, flaw)

    if engine not in unbroken:
        unbroken[engine] = one()
        unbroken[engine].unbroken()
    yield lambda flaw="": replace(one(flaw), said=unbroken[engine].said, lengths=unbroken[engine].lengths)
    for database in databases:
        maker.drop(database)


def must_be_whole(place: Workplace, life: Life, confirmed: int) -> int:
    """Fail unless the database holds exactly the steps confirmed, or one more; return the last it holds."""
    now = said_by(place.url)
    held = [after for after in (confirmed, confirmed + 1) if place.said.get(after) == now]
    where = "mellan två steg" if life.inside is None else f"i {CHAIN[life.inside].name}"
    assert held, f"dödad {where}: databasen säger varken det som gällde före eller det som gäller efter"
    assert held[0] == confirmed or life.inside == confirmed + 1 or life.inside is None
    must_add_up(place)
    return held[-1]


def must_add_up(place: Workplace) -> None:
    """Fail unless what can be seen is finished, numbered once, hashed right and told to the audit chain."""
    engine = make_engine(place.url, column_keys)
    with UnitOfWork(engine, EVERYWHERE) as work:
        assert work.audit.first_broken(KOMMUN) is None
        batches, found, paid = work.batches.list(KOMMUN), work.runs.list(KOMMUN), work.payments.alive(KOMMUN)
        assert all(one.row_count is not None for one in batches), "något halvfärdigt låg kvar"
        assert all(one.fingerprint and one.root_hash for one in found), "något halvfärdigt låg kvar"
        assert len({one.number for one in batches}) == len(batches)
        assert len({one.month for one in paid}) == len(paid)
        for payment in paid:
            assert rows_hash(work.payments.parts(KOMMUN, [payment.number])) == payment.sha256
            assert payment.approved_by != payment.prepared_by
            assert (payment.approved_by is None) == (payment.state is PaymentState.PREPARED)
            told = [one.subject for one in work.audit.entries(KOMMUN) if one.subject == f"payment:{payment.number}"]
            assert len(told) == 1 + (payment.approved_at is not None) + (payment.paid_at is not None)
        for decision in work.decisions.list(KOMMUN):
            basis_of(work, decision)  # raises when its content is not what was prepared
    engine.dispose()


def aimed(chance: random.Random, place: Workplace, held: int, stuck: int) -> Blow:
    """Return a blow into one of the next few steps, at any moment of it, now and then just after it.

    A step is slower in a process that has just begun than in the unbroken one: who got nowhere is given more time.
    """
    target = min(held + 1 + chance.choice((0, 0, 1, 2, 3)), len(CHAIN) - 1)
    longest = place.lengths[target] * 1.4 * 1.5**stuck
    cuts = place.url.startswith("postgresql") and chance.random() < 0.25
    return Blow(chance.uniform(0, longest), target, cuts)


def blind(chance: random.Random, place: Workplace, _: int, stuck: int) -> Blow:
    """Return a blow at any moment, whatever is being done."""
    return Blow(chance.uniform(0, sum(place.lengths.values()) / 2 * 1.2**stuck))


def kill(settle: Callable[..., Workplace], times: int, seed: int) -> tuple[Counter[str], Counter[str]]:
    """Kill workers so many times, year after year; return how they ended and where they were hit."""
    print(f"frö {seed}")  # also when it goes wrong
    chance = random.Random(seed)
    ends: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for year in range(times):
        place = settle()
        live_through(place, partial(blind if year % 4 == 1 else aimed, chance, place), ends, hit)
        if ends["killed"] >= times and min(hit[kind] for kind in KINDS) >= EACH:
            break
    print(f"{dict(ends)}, mitt i {dict(hit)}, {year + 1} år")
    return ends, hit


def live_through(place: Workplace, draw: Callable[[int, int], Blow], ends: Counter[str], hit: Counter[str]) -> None:
    """Send worker after worker, strike each as drawn, and look at what it left, until one finishes the chain."""
    held, stuck = -1, 0
    while True:
        before = held
        life = place.work(draw(held, stuck))
        held = must_be_whole(place, life, max(held, life.confirmed))
        stuck = stuck + 1 if held == before else 0
        ends[life.ended] += 1
        if life.ended == "finished":
            break
        if life.inside is not None:
            hit[CHAIN[life.inside].kind] += 1
    assert held == len(CHAIN) - 1
    must_have_paid_once(place)


def must_have_paid_once(place: Workplace) -> None:
    """Fail unless every month is paid, once, by what the run says."""
    lillby = opened(place.url, place.folder)
    with lillby.app.reading(CONTROLLER) as work:
        paid = work.payments.alive(KOMMUN)
        assert [(one.month, one.state) for one in paid] == [
            (YEAR * 100 + month, PaymentState.PAID) for month in range(1, MONTHS + 1)
        ]
        parts = work.payments.parts(KOMMUN, [one.number for one in paid])
        utfall = next(one.number for one in runs.list_runs(lillby.app, CONTROLLER, KOMMUN) if one.kind == "utfall")
        due = sum(ore for _, month, kind, ore in work.runs.payments(KOMMUN, utfall) if month <= MONTHS)
        assert sum(one.amount_ore for one in parts) == due
        assert len({(one.enhet, one.month, one.kind) for one in parts}) == len(parts)
    lillby.engine.dispose()


def test_killed_at_any_moment_nothing_confirmed_is_lost_and_nothing_is_half_done(
    settle: Callable[..., Workplace],
) -> None:
    ends, hit = kill(settle, KILLS, SEED)
    assert ends["killed"] >= 50
    assert {kind: hit[kind] >= EACH for kind in KINDS} == dict.fromkeys(KINDS, True), hit


@pytest.mark.nightly
def test_a_thousand_kills(settle: Callable[..., Workplace]) -> None:
    ends, hit = kill(settle, KILLS_AT_NIGHT, random.SystemRandom().randrange(10**9))
    assert ends["killed"] >= KILLS_AT_NIGHT / 2
    assert min(hit[kind] for kind in KINDS) >= 10 * EACH


@pytest.mark.parametrize("settle", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
def test_a_connection_cut_in_the_middle_is_told_in_words_and_the_next_one_works(
    settle: Callable[..., Workplace],
) -> None:
    place = settle()
    engine = make_engine(place.url)
    with UnitOfWork(engine, EVERYWHERE) as work:
        work.audit.append(KOMMUN, NOW, "prov", "run.create", "run:1", {})
        place.cut()
        with pytest.raises(DatabaseUnreachableError, match="går inte att nå"):
            work.audit.first_broken(KOMMUN)
    with UnitOfWork(engine, EVERYWHERE) as work:
        assert work.audit.entries(KOMMUN) == []
    engine.dispose()


# --- that all this can fail -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("flaw", ["commits half-way", "pays in two", "confirms too early"])
def test_a_program_that_commits_half_way_or_confirms_too_early_is_caught(
    settle_sqlite: Callable[..., Workplace], flaw: str
) -> None:
    place = settle_sqlite(flaw)
    life = place.work(Blow(0, word="half"))
    assert life.ended == "killed"
    with pytest.raises(AssertionError, match="varken det som gällde före eller det som gäller efter"):
        must_be_whole(place, life, life.confirmed)


def test_what_such_a_program_left_is_seen(settle_sqlite: Callable[..., Workplace]) -> None:
    place = settle_sqlite("commits half-way")
    place.work(Blow(0, word="half"))
    with pytest.raises(AssertionError, match="halvfärdigt"):
        must_add_up(place)
