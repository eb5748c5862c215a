"""Every use case asks who is looking: without the right, or with it elsewhere, the answer is no with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core.access import Actor, ForbiddenError
from core.base import CoreError, year_range
from core.usecases import (
    allocation,
    auditing,
    basis,
    change,
    claims,
    drill_down,
    enhet,
    equal,
    given,
    imports,
    maps,
    reconcile,
    runs,
    scenarios,
    settlement,
    start,
    statements,
    verify,
    what_if,
    workshop,
)
from core.usecases.choices import units_for
from core.usecases.context import NoSuchKommunError
from core.usecases.workshop_views import WorkshopView
from tests.support.reaching import PEEK
from tests.support.small_kommun import CEDERN, DUNGEN, KOMMUN, STRANGER, YEAR, actor, grant

if TYPE_CHECKING:
    from collections.abc import Callable

    from core.usecases.context import App
    from tests.support.small_kommun import Lillby

UTFALL = 2
TRIED = '[{"kind": "figure", "address": "prices/lokal/values/gs.1_3", "value": "13000"}]'
OF_A_UNIT: dict[str, Callable[[App, Actor, str], object]] = {
    "allocation_of": lambda app, viewer, unit: allocation.allocation_of(app, viewer, unit, YEAR),
    "derivation_of": lambda app, viewer, unit: allocation.derivation_of(app, viewer, unit, UTFALL, "total"),
    "register_rows": lambda app, viewer, unit: drill_down.register_rows(
        app, viewer, unit, UTFALL, "gs.1_3", 1, purpose="kontroll"
    ),
    "enhet_view": lambda app, viewer, unit: enhet.enhet_view(app, viewer, unit, YEAR),
    "corrections_of_unit": lambda app, viewer, unit: settlement.corrections_of_unit(app, viewer, unit, UTFALL),
    "statement": lambda app, viewer, unit: statements.statement(app, viewer, unit, UTFALL, "json"),
    "change_of": lambda app, viewer, unit: change.change_of(app, viewer, 1, UTFALL, unit),
    "what_if_of": lambda app, viewer, unit: what_if.what_if_of(app, viewer, unit, UTFALL),
    "given_of_run": lambda app, viewer, unit: given.given_of_run(app, viewer, UTFALL, unit),
}
OF_THE_KOMMUN: dict[str, Callable[[App, Actor], object]] = {
    "start_view": start.start_view,
    "map_view": maps.map_view,
    "change_of": lambda app, viewer: change.change_of(app, viewer, 1, UTFALL),
    "workshop_view": workshop.workshop_view,
    "scenarios": scenarios.scenarios,
    "trial_of": lambda app, viewer: workshop.trial_of(app, viewer, UTFALL, "[]"),
    "save_scenario": lambda app, viewer: scenarios.save_scenario(app, viewer, UTFALL, "Prov", TRIED),
    "equal_view": lambda app, viewer: equal.equal_view(app, viewer, YEAR),
    "reconcile_view": lambda app, viewer: reconcile.reconcile_view(app, viewer, UTFALL),
    "claims_view": lambda app, viewer: claims.claims_view(app, viewer, UTFALL),
    "basis_view": basis.basis_view,
    "corrections_of_run": lambda app, viewer: settlement.corrections_of_run(app, viewer, UTFALL),
    "issues_of": lambda app, viewer: basis.issues_of(app, viewer, 1),
    "list_runs": lambda app, viewer: runs.list_runs(app, viewer, KOMMUN),
    "verify": lambda app, viewer: verify.verify(app, viewer, KOMMUN, UTFALL),
    "verify_chain": lambda app, viewer: auditing.verify_chain(app, viewer, KOMMUN),
    "audit_view": lambda app, viewer: auditing.audit_view(app, viewer, kommun=KOMMUN),
    "audit_file_links": auditing.audit_file_links,
    "given_of_run": lambda app, viewer: given.given_of_run(app, viewer, UTFALL),
    "allocate": lambda app, viewer: runs.allocate(app, viewer, KOMMUN, YEAR, "budget"),
    "set_state": lambda app, viewer: runs.set_state(app, viewer, KOMMUN, UTFALL, "published"),
    "accept": lambda app, viewer: imports.accept(app, viewer, KOMMUN, 1),
    "reject": lambda app, viewer: imports.reject(app, viewer, KOMMUN, 1, ""),
    "revert": lambda app, viewer: imports.revert(app, viewer, KOMMUN, 1, ""),
}
OPEN = {"start_view", "map_view", "change_of", "equal_view"}
RECKONS = {"reconcile_view", "claims_view"}
READS = OPEN | RECKONS | {"basis_view", "corrections_of_run", "issues_of", "list_runs", "verify", "given_of_run"}
AUDITS = {"verify_chain", "audit_view", "audit_file_links"}
SEES_TRIALS = {"workshop_view", "scenarios"}
TRIES = SEES_TRIALS | {"trial_of", "save_scenario"}
MAY: dict[str, set[str]] = {
    "rektor": OPEN,
    "omradeschef": READS | SEES_TRIALS,
    "huvudman": OPEN,
    "forvaltningschef": READS | TRIES | {"set_state"},
    "controller": READS | TRIES | {"allocate", "accept", "reject", "revert"},
    "handlaggare": READS,
    "samordnare": READS,
    "elevhalsa": OPEN,
    "handlaggare_grundskola": OPEN,
    "systemforvaltare": {"start_view", "map_view"} | AUDITS,
    "revisor": READS | SEES_TRIALS | AUDITS,
    "fortroendevald": OPEN | SEES_TRIALS,
    "medborgare": OPEN,
}
NARROW = {
    "rektor": actor(grant("rektor", "enhet", "A1")),
    "omradeschef": actor(grant("omradeschef", "omrade", "Norra")),
    "huvudman": actor(grant("huvudman", "huvudman", CEDERN)),
    "elevhalsa": actor(grant("elevhalsa", "enhet", "A1")),
    "handlaggare_grundskola": actor(grant("handlaggare", "verksamhet", "grundskola")),
}
OWN_UNITS = {
    "rektor": {"A1"},
    "omradeschef": {"A1", "A2"},
    "huvudman": {"B1"},
    "elevhalsa": {"A1"},
    "handlaggare_grundskola": {"A1", "A2", "A3", "B1", "B2", "C1"},
}
UNITS = ("A1", "A2", "A3", "B1", "B2", "C1", "F1")


def who(role: str) -> Actor:
    if role in NARROW:
        return NARROW[role]
    return actor(grant(role, "allman", "") if role == "medborgare" else grant(role))


@pytest.mark.parametrize("use_case", list(OF_A_UNIT))
@pytest.mark.parametrize("role", list(NARROW))
def test_a_narrow_role_opens_its_own_units_and_no_other(shared_lillby: Lillby, role: str, use_case: str) -> None:
    ask = OF_A_UNIT[use_case]
    for unit in UNITS:
        if unit in OWN_UNITS[role]:
            ask(shared_lillby.app, who(role), unit)
            continue
        with pytest.raises(ForbiddenError) as refused:
            ask(shared_lillby.app, who(role), unit)
        assert "din roll" in refused.value.reason


@pytest.mark.parametrize("use_case", list(OF_A_UNIT))
def test_nobody_reaches_a_kommun_where_they_have_no_role(shared_lillby: Lillby, use_case: str) -> None:
    for viewer in (STRANGER, Actor("x", "X")):
        with pytest.raises(CoreError):
            OF_A_UNIT[use_case](shared_lillby.app, viewer, "A1")


@pytest.mark.parametrize("use_case", list(OF_THE_KOMMUN))
@pytest.mark.parametrize("role", list(MAY))
def test_what_concerns_the_whole_kommun_is_for_the_roles_that_have_it(lillby: Lillby, role: str, use_case: str) -> None:
    ask = OF_THE_KOMMUN[use_case]
    if use_case not in MAY[role]:
        with pytest.raises(ForbiddenError):
            ask(lillby.app, who(role))
        return
    try:
        ask(lillby.app, who(role))
    except ForbiddenError:
        raise
    except CoreError:
        assert use_case in {"accept", "reject"}  # delivery 1 is accepted already, whoever asks


@pytest.mark.parametrize("use_case", list(OF_THE_KOMMUN))
def test_a_controller_of_another_kommun_gets_nothing_of_this_one(shared_lillby: Lillby, use_case: str) -> None:
    if use_case == "basis_view":  # of the own kommun, which has nothing yet
        view = basis.basis_view(shared_lillby.app, STRANGER)
        assert (view.batches, view.runs, view.chosen, view.books_close) == ((), (), None, None)
        return
    if use_case in {"workshop_view", "scenarios"}:  # the same
        assert OF_THE_KOMMUN[use_case](shared_lillby.app, STRANGER) in (
            (),
            WorkshopView((), (), may_edit=True),
        )
        return
    with pytest.raises(CoreError):
        OF_THE_KOMMUN[use_case](shared_lillby.app, STRANGER)


def test_what_is_forbidden_changes_nothing(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        before = [(one.seq, one.action) for one in work.audit.entries(KOMMUN)]
    for role, allowed in MAY.items():
        for name, ask in OF_THE_KOMMUN.items():
            if name not in allowed:
                with pytest.raises(ForbiddenError):
                    ask(lillby.app, who(role))
    with lillby.app.reading(PEEK) as work:
        assert [(one.seq, one.action) for one in work.audit.entries(KOMMUN)] == before


def test_a_reader_chooses_among_the_units_that_may_be_seen(shared_lillby: Lillby) -> None:
    for role, own in OWN_UNITS.items():
        assert {one.enhet for one in units_for(shared_lillby.app, who(role))} == own
    for role in ("controller", "medborgare", "revisor"):
        assert [one.name for one in units_for(shared_lillby.app, who(role))][:2] == ["Alskolan", "Björkskolan"]
        assert len(units_for(shared_lillby.app, who(role))) == 7
    other = actor(grant("huvudman", "huvudman", DUNGEN))
    (choice,) = units_for(shared_lillby.app, other)
    assert (choice.enhet, choice.recipient, choice.huvudman_name) == ("B2", "fristaende_annan", "Dungen AB")


def test_a_conflict_of_interest_in_a_unit_beats_the_role_in_the_kommun(shared_lillby: Lillby) -> None:
    viewer = actor(grant("controller"), grant("jav", "enhet", "A1"))
    assert drill_down.register_rows(shared_lillby.app, viewer, "A1", UTFALL, "gs.1_3", 1, purpose="kontroll").sealed
    assert not drill_down.register_rows(shared_lillby.app, viewer, "B1", UTFALL, "gs.1_3", 1, purpose="kontroll").sealed
    view = allocation.allocation_of(shared_lillby.app, viewer, "A1", YEAR)
    assert next(one.sealed for one in view.rows if one.key == "dim:individ")


def test_nobody_without_any_role_has_a_kommun(shared_lillby: Lillby) -> None:
    for ask in (start.start_view, maps.map_view, basis.basis_view, units_for):
        with pytest.raises(NoSuchKommunError):
            ask(shared_lillby.app, Actor("x", "X"))


def test_importing_asks_before_it_reads_the_file(lillby: Lillby) -> None:
    missing = imports.Delivery(
        kommun=KOMMUN, kind="staff", path=lillby.folder / "finns_inte.csv", file_name="x", period=year_range(YEAR)
    )
    for role in set(MAY) - {"controller", "handlaggare"}:
        with pytest.raises(ForbiddenError):
            imports.receive(lillby.app, who(role), missing)
