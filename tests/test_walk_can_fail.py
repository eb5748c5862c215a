"""The walk finds what it is there to find: one guard taken away at each layer, and it says so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import pytest

from core.access import resolve
from core.parameters.roles import RoleBook, RoleRule, load_roles
from core.store.reach import Reach
from core.usecases import allocation, basis, drill_down, payment_files
from core.usecases.sealing import Seal
from pages.components import frozen
from tests.support import two_kommuner
from tests.support.asking import use_cases
from tests.support.canaries import LOGGED, Guard, who_is
from tests.support.secrets_kept import secrets_of
from tests.support.unpacked import told
from tests.support.walking import unkept, walk
from tests.support.whole_app import Screens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.access import Actor
    from tests.support.canaries import Secret
    from tests.support.databases import DatabaseMaker
    from tests.support.two_kommuner import World
    from tests.support.walking import Walked

PUBLIC = "allmänheten i Lillby"


@pytest.fixture(scope="module")
def world(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Give both kommuner."""
    with two_kommuner.standing(database_maker, "sqlite", tmp_path_factory.mktemp("kommuner")) as world:
        yield world


@pytest.fixture(scope="module")
def secrets(world: World) -> list[Secret]:
    """Give the secrets of both kommuner."""
    return secrets_of(world)


def asked(world: World, secrets: list[Secret], folder: Path, use_case: str, *who: str) -> Walked:
    """Let somebody ask one use case everything."""
    cases = [one for one in use_cases() if one.name == use_case]
    assert cases
    return walk(unkept(world), cases, [who_is(one) for one in who or (PUBLIC,)], secrets, folder)


@pytest.mark.parametrize(
    ("said", "is_told"),
    [
        ("1 234,50 kr", True),
        ("Summa123450öre", True),
        ("123450", True),
        ("123450123450", False),
        ("ab123450ffab", False),  # a checksum
        ("3e8c5bfc-1234-50bd-9dc1-00000123450f", False),  # a drawn id
        ("00000000-0000-0000-0000-000000123450", False),
        ("face 123450", True),
        ("-123450-", True),
    ],
)
def test_an_amount_is_met_however_it_is_written_and_never_inside_a_checksum(said: str, *, is_told: bool) -> None:
    assert (123450 in told(said).amounts()) is is_told


def test_a_use_case_that_forgets_to_ask_is_found(
    world: World, secrets: list[Secret], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(world, secrets, tmp_path, "basis.basis_view").leaks == []
    monkeypatch.setattr(basis, "must", lambda *_: None)
    assert any("fil i Lillby" in one for one in asked(world, secrets, tmp_path, "basis.basis_view").leaks)


def test_a_rule_that_is_too_wide_is_found(
    world: World, secrets: list[Secret], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(world, secrets, tmp_path, "drill_down.register_rows").leaks == []
    monkeypatch.setattr(resolve, "load_roles", lambda: widened(load_roles()))
    assert any("pseudonymen" in one for one in asked(world, secrets, tmp_path, "drill_down.register_rows").leaks)


def widened(book: RoleBook) -> RoleBook:
    """Return the rule book as if everybody might see rows of elever."""
    rule = RoleRule(
        rule="fel", role="medborgare", effect="allow", actions=["register_rows.view"], scopes=["allman"], reason="Fel."
    )
    kept = [one for one in book.rules if one.rule != "medborgare.inte_elever"]
    return book.model_copy(update={"rules": [*kept, rule]})


def test_a_seal_that_is_left_out_is_found(
    world: World, secrets: list[Secret], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(world, secrets, tmp_path, "allocation.allocation_of").leaks == []
    monkeypatch.setattr(allocation, "seal_of", lambda *_: Seal())
    assert any("stöd på A1" in one for one in asked(world, secrets, tmp_path, "allocation.allocation_of").leaks)


def test_the_repositories_door_stops_what_a_use_case_lets_through_and_without_it_that_is_found_too(
    world: World, secrets: list[Secret], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = "allmänheten i Storby"
    monkeypatch.setattr(payment_files, "must", lambda *_: None)
    held = asked(world, secrets, tmp_path, "payment_files.payment_file", outside)
    assert any("OutOfReachError" in one for one in held.faults)
    assert not any("Lillby" in one.partition("fick veta")[2] for one in held.leaks)
    monkeypatch.setattr(Reach, "must_hold", lambda *_: None)
    found = asked(world, secrets, tmp_path, "payment_files.payment_file", outside)
    assert any("AB i Lillby" in one for one in found.leaks) or found.faults  # the tests' own watch over statements


def test_a_page_that_asks_as_somebody_else_is_found(
    world: World, secrets: list[Secret], monkeypatch: pytest.MonkeyPatch
) -> None:
    screens, who = Screens(world.app, monkeypatch), who_is(PUBLIC)
    guard = Guard(who, secrets)
    assert guard.leaks(told(screens.open("resursfordelning", who.actor, {"enhet": "A1"}).everything())) == []
    other: Actor = who_is("controller i Lillby").actor
    leaks = guard.leaks(told(screens.open("resursfordelning", other, {"enhet": "A1"}).everything()))
    assert any("stöd på A1" in one for one in leaks)
    assert any("pseudonymen" in one for one in leaks)


def test_a_memory_that_does_not_look_at_who_asks_is_found(
    world: World, secrets: list[Secret], monkeypatch: pytest.MonkeyPatch
) -> None:
    screens, first, second = Screens(world.app, monkeypatch), who_is("controller i Lillby"), who_is(PUBLIC)
    monkeypatch.setattr(frozen, "repr", lambda _: "vem som helst", raising=False)
    screens.open("skolan", first.actor, {"enhet": "A1"})
    leaks = Guard(second, secrets).leaks(told(screens.open("skolan", second.actor, {"enhet": "A1"}).everything()))
    assert any("stöd på A1" in one for one in leaks)


def test_a_line_of_the_log_that_names_an_elev_is_found(
    world: World,
    secrets: list[Secret],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    words = [one.words for one in secrets if one.words and one.kinds & LOGGED]
    asked(world, secrets, tmp_path, "drill_down.register_rows", "controller i Lillby")
    assert not [one for one in words if one in caplog.text]
    shown = drill_down._shown

    def told_too_much(row: object) -> object:
        logging.getLogger("core").debug("rad %s", row)
        return shown(row)  # type: ignore[arg-type]  # as it came

    monkeypatch.setattr(drill_down, "_shown", told_too_much)
    asked(world, secrets, tmp_path, "drill_down.register_rows", "controller i Lillby")
    assert [one for one in words if one in caplog.text]
