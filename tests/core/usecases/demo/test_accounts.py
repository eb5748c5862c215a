"""The demo's people: every persona with its roles, and a loading that is broken off at any step is gone on with."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import delete

from core.bootstrap import build
from core.settings import Settings
from core.store import UnitOfWork, make_engine
from core.store.tables import AccountRow, InvitationRow, RoleGrantRow
from core.usecases.demo.accounts import INVITED_AT, PUBLIC, let_in
from core.usecases.demo_load import LINDVIK
from core.usecases.people_reading import people_view
from core.usecases.personas import personas
from tests.support.databases import demo_environment

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.context import App
    from core.usecases.people_views import PeopleView
    from tests.support.databases import Database

KOMMUN = LINDVIK.kommun


class KilledError(Exception):
    """The process ended here."""


@pytest.fixture
def demo(sqlite_demo: Database, tmp_path: Path) -> App:
    return build(Settings.from_environment(demo_environment(sqlite_demo.url, tmp_path)))


def seen(app: App) -> PeopleView:
    embla = next(one.actor for one in personas() if one.key == "systemforvaltare")
    return people_view(app, embla, KOMMUN)


def told(app: App) -> list[str]:
    """Return what the page shows of people, without the numbers."""
    view = seen(app)
    grants = [
        f"{one.name} {one.role} {one.scope_id} {one.first_day} {one.last_day} {one.standing}" for one in view.grants
    ]
    return [*sorted(grants), *(one.name for one in view.accounts), *(one.name for one in view.invitations)]


def emptied(database: Database) -> None:
    """Take away everybody, as before anybody was let in."""
    engine = make_engine(database.url)
    with engine.begin() as connection:
        for table in (InvitationRow, RoleGrantRow, AccountRow):
            connection.execute(delete(table))
    engine.dispose()


def test_every_persona_has_the_roles_that_it_is_read_with(demo: App) -> None:
    grants = seen(demo).grants
    for persona in personas():
        if persona.key != PUBLIC:
            held = {(one.role, one.scope_kind, one.scope_id) for one in grants
                    if one.subject == persona.key and one.standing == "now"}  # fmt: skip
            assert held == {(one.role, one.scope_kind, one.scope_id) for one in persona.actor.roles}, persona.key


def test_there_is_something_of_everything_to_see(demo: App) -> None:
    view = seen(demo)
    assert {one.standing for one in view.grants} == {"now", "coming", "ended"}
    assert [one.name for one in view.invitations] == ["Nora Fjällvide"]
    assert view.administrators == 2
    assert view.invitations[0].expires_at > INVITED_AT


@pytest.mark.parametrize("stop", [2, 21, 33, 34, 36])
def test_letting_in_that_is_broken_off_is_gone_on_with(
    demo: App, sqlite_demo: Database, monkeypatch: pytest.MonkeyPatch, stop: int
) -> None:
    whole, commit, done = told(demo), UnitOfWork.commit, 0

    def dies(work: UnitOfWork) -> None:
        nonlocal done
        done += 1
        if done == stop:
            raise KilledError
        commit(work)

    emptied(sqlite_demo)
    with monkeypatch.context() as killed:
        killed.setattr(UnitOfWork, "commit", dies)
        with suppress(KilledError):
            let_in(demo, KOMMUN)
    assert done == stop
    assert told(demo) != whole
    let_in(demo, KOMMUN)
    assert told(demo) == whole
    let_in(demo, KOMMUN)
    assert told(demo) == whole
