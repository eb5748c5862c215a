from __future__ import annotations

from typing import TYPE_CHECKING

from core.access import Resource, may
from core.base import Verksamhet
from core.parameters import load_roles
from core.settings import PROJECT_FOLDER
from core.usecases.demo.units import read_units
from core.usecases.personas import personas

if TYPE_CHECKING:
    from pathlib import Path

DATA: Path = PROJECT_FOLDER / "data" / "demo"


def test_there_is_a_persona_for_every_role_but_jav() -> None:
    played = {grant.role for persona in personas() for grant in persona.actor.roles}
    assert played == {words.role for words in load_roles().roles} - {"jav"}


def test_a_handlaggare_of_some_verksamheter_is_played_beside_the_one_of_the_whole_kommun() -> None:
    kinds = {grant.scope_kind for persona in personas() for grant in persona.actor.roles if grant.role == "handlaggare"}
    assert kinds == {"kommun", "verksamhet"}


def test_nobody_who_has_logged_in_is_the_public_too() -> None:
    for persona in personas():
        roles = [grant.role for grant in persona.actor.roles]
        assert "medborgare" not in roles or roles == ["medborgare"]


def test_every_scope_is_one_of_lindviks() -> None:
    units = read_units(DATA)
    known = {
        "enhet": {unit.enhet for unit in units},
        "omrade": {unit.omrade for unit in units},
        "huvudman": {unit.row["huvudman"] for unit in units},
        "kommun": {"9901"},
        "allman": {""},
        "verksamhet": {one.value for one in Verksamhet},
    }
    for persona in personas():
        for grant in persona.actor.roles:
            assert grant.kommun == "9901"
            assert grant.scope_id in known[grant.scope_kind], persona.key


def test_names_of_units_are_those_of_the_register() -> None:
    names = {unit.enhet: unit.row["namn"] for unit in read_units(DATA)}
    for persona in personas():
        for grant in persona.actor.roles:
            if grant.scope_kind == "enhet":
                assert grant.name == names[grant.scope_id]


def test_the_rektor_of_lerbacken_sees_the_own_unit_and_not_another() -> None:
    rektor = next(persona.actor for persona in personas() if persona.key == "rektor_lerbacken")
    assert may(rektor, "allocation.view", Resource("allocation", "9901", enhet="G01")).allowed
    assert not may(rektor, "allocation.view", Resource("allocation", "9901", enhet="G02")).allowed


def test_the_huvudman_with_two_units_sees_both_on_the_same_grounds() -> None:
    huvudman = next(persona.actor for persona in personas() if persona.key == "huvudman_vintergacken")
    own = [unit for unit in read_units(DATA) if unit.row["huvudman"] == "999901-0014"]
    assert [unit.enhet for unit in own] == ["G13", "G14"]
    for unit in own:
        resource = Resource("allocation", "9901", enhet=unit.enhet, huvudman="999901-0014", omrade=unit.omrade)
        assert may(huvudman, "individual.view", resource).allowed
