"""The program is wired once: nothing is opened until it is asked, and a health check says whether it answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from core.base import CoreError
from core.bootstrap import VERSION, build, database_answers
from core.settings import Settings
from core.usecases.operators import operator_of
from tests.support.databases import Database, demo_environment
from tests.support.reaching import PEEK
from tests.support.small_kommun import LILLBY

if TYPE_CHECKING:
    from pathlib import Path


def settings_for(url: str, folder: Path) -> Settings:
    return Settings.from_environment(demo_environment(url, folder))


def test_a_program_is_built_without_touching_the_database(tmp_path: Path) -> None:
    app = build(settings_for(f"sqlite:///{tmp_path / 'finns_inte' / 'x.db'}", tmp_path))
    assert app.version == VERSION
    assert date(2026, 12, 25) in app.holidays
    assert abs((datetime.now(UTC) - app.clock()).total_seconds()) < 60
    assert not (tmp_path / "finns_inte").exists()


def test_what_is_written_is_read_and_reading_never_writes(database: Database, tmp_path: Path) -> None:
    app = build(settings_for(database.url, tmp_path))
    with app.writing(PEEK) as work:
        work.kommuner.add(LILLBY)
        work.commit()
    assert operator_of(app).kommuner == {LILLBY.kommun}
    with pytest.raises(Exception, match=r"read.?only|DatabaseBusy"), app.reading(PEEK) as work:  # noqa: PT012 - one question
        work.kommuner.add(LILLBY)
        work.commit()


def test_the_pseudonym_key_is_made_when_first_asked_for_and_then_kept(tmp_path: Path) -> None:
    app = build(settings_for(f"sqlite:///{tmp_path / 'x.db'}", tmp_path))
    key_file = tmp_path / "keys" / "pseudonym.key"
    assert not key_file.exists()
    assert app.pseudonym_key() == app.pseudonym_key() == key_file.read_bytes()


def test_a_migrated_database_answers_and_an_empty_or_absent_one_does_not(database: Database, tmp_path: Path) -> None:
    assert database_answers(settings_for(database.url, tmp_path))
    assert not database_answers(settings_for(f"sqlite:///{tmp_path / 'tom.db'}", tmp_path))
    assert not database_answers(settings_for("postgresql+psycopg://ingen:x@127.0.0.1:1/x", tmp_path))


def test_a_missing_key_is_said_as_a_page_says_what_can_be_mended(tmp_path: Path) -> None:
    app = build(Settings(database_url=f"sqlite:///{tmp_path / 'x.db'}", demo=False, key_file=tmp_path / "borta.key"))
    with pytest.raises(CoreError, match=r"borta\.key finns inte"):
        app.pseudonym_key()
