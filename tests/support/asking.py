"""How the walk asks every use case: found by looking at the code, called with own, foreign and forged arguments.

Parameters are known by their names: a new use case whose parameters all have a name in ``VALUES`` is walked without
anybody doing anything; one with a new name fails the walk until it has a row here.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import core.usecases
from core.base import Month, year_range
from core.usecases import decisions
from core.usecases.auditing import AuditWanted
from core.usecases.imports import Delivery
from core.usecases.people_views import Person
from core.usecases.role_days import NewRole
from tests.support.small_kommun import YEAR
from tests.support.two_kommuner import LILLBY, STORBY, UTFALL, account_of, closed_account_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from core.access import Actor
    from core.usecases.context import App
    from tests.support.two_kommuner import Town

OTHERS = {LILLBY.code: STORBY, STORBY.code: LILLBY}
FORGED_TEXT = ("", "'; DROP TABLE batch; --", "<script>alert(1)</script>", "../../etc/passwd", "\x00", "å" * 5000)
FORGED_KEYS = (*FORGED_TEXT, "line:a|b", "dim:<b>")
FORGED_NUMBER = (-1, 0, 99, 2**31, 2**63, 10**30)
CLAIM = "claim:to_claim|9902|A1|gs.4_6|sarskilda_skal|var"
TRIED = '[{"kind": "figure", "address": "prices/lokal/values/gs.1_3", "value": "13500"}]'
FORGED_CHANGES = (
    "",
    "[",
    "{}",
    "[1]",
    '[{"kind": "figure"}]',
    '[{"kind": "<b>"}]',
    '[{"kind": "count", "enhet": "ZA1"}]',
)
PUBLIC = {"open_kommuner.kommuner", "break_glass.has_open_account"}
"""What is told to whoever comes to the door: the names of the kommuner, and whether the spare key hangs there."""
AT_THE_DOOR = {"sign_in.sign_in", "sign_in.log_out", "break_glass.log_in_locally", "invitations.redeem"}
"""Who comes in has shown something else than a role: a login provider's word, a password, a code."""
OPENS_NOTHING = {"looks.must_have_purpose", "people_writing.administrators", "reasons.sealed"}
"""Look at the clock, at the key of checksums, or at what they are given."""
BY_COMMAND = {
    "kommuner.add_kommun",
    "demo_load.load_demo",
    "demo.accounts.let_in",
    "demo.settled.settle",
    "operators.operator_of",
    "break_glass.open_account",
    "break_glass.close_account",
}
"""For who has the machine itself; no page may ask them."""


@dataclass(frozen=True, slots=True)
class UseCase:
    """A public function that takes the program and an actor."""

    name: str
    ask: Callable[..., object]
    parameters: tuple[str, ...]


def functions() -> Iterator[tuple[str, Callable[..., object], dict[str, str]]]:
    """Yield every public function of the use cases with its parameters' annotations."""
    for found in pkgutil.walk_packages(core.usecases.__path__, "core.usecases."):
        module = importlib.import_module(found.name)
        for name, one in vars(module).items():
            if name.startswith("_") or not inspect.isfunction(one) or one.__module__ != module.__name__:
                continue
            notes = {key: str(value.annotation) for key, value in inspect.signature(one).parameters.items()}
            yield f"{found.name.removeprefix('core.usecases.')}.{name}", one, notes


def without_an_actor() -> set[str]:
    """Return the use cases that open the database for no actor."""
    return {
        name
        for name, _, notes in functions()
        if "App" in notes.values() and not {"Actor", "UnitOfWork"} & set(notes.values())
    }


def use_cases() -> list[UseCase]:
    """Return every use case that an actor asks; a function that is lent a unit of work opens nothing itself."""
    return [
        UseCase(name, one, tuple(notes)[2:])
        for name, one, notes in functions()
        if {"App", "Actor"} <= set(notes.values()) and "UnitOfWork" not in notes.values() and name not in BY_COMMAND
    ]


@dataclass(frozen=True, slots=True)
class Values:
    """What a parameter is given: what is right, what is another's, and what is forged."""

    right: Any
    others: tuple[Any, ...] = ()
    forged: tuple[Any, ...] = ()


def values_of(town: Town, folder: Path) -> dict[str, Values]:
    """Return the values of every parameter by its name, as somebody of a kommun gives them."""
    foreign = OTHERS[town.code]
    units = (*(town.unit(one) for one in ("A2", "B1", "F1")), *(foreign.unit(one) for one in ("A1", "B1")))
    numbers = Values(1, (2, 3, 4), FORGED_NUMBER)
    texts = Values("Skrivet av den som går runt", (), FORGED_TEXT)
    line = "line:undervisning|gs.1_3|host"
    return {
        "enhet": Values(town.unit("A1"), units, FORGED_TEXT),
        "enhet_ids": Values((town.unit("A1"),), tuple((one,) for one in units), ((), ("<b>",), (units[0], units[-1]))),
        "kommun": Values(town.code, (foreign.code,), FORGED_TEXT),
        "run": Values(UTFALL, (1, 4, 5, 7), FORGED_NUMBER),
        "run_from": Values(1, (2, 4, 5, 7), FORGED_NUMBER),
        "run_to": Values(UTFALL, (4, 5, 7), FORGED_NUMBER),
        "runs": Values((1, UTFALL), ((5, 7),), ((-1, 10**30),)),
        "base_run": Values(UTFALL, (1, 7), FORGED_NUMBER),
        "year": Values(YEAR, (2025,), FORGED_NUMBER),
        "kind": Values("utfall", ("budget", "slutavrakning", "scenario"), FORGED_TEXT),
        "through_month": Values(10, (12,), FORGED_NUMBER),
        "key": Values("total", ("dim:individ", "step:stod", line, "line:stod|alla|var"), FORGED_KEYS),
        "category": Values("gs.1_3", ("gs.4_6", "fh", "fsk"), FORGED_TEXT),
        "month": Values(10, (1, 2), FORGED_NUMBER),
        "offset": Values(0, (1,), FORGED_NUMBER),
        "limit": Values(50, (1,), FORGED_NUMBER),
        "number": numbers,
        "numbers": Values((1, 2), ((1,), (1, 1)), ((), (-1, 10**30))),
        "edition": Values(1, (2,), FORGED_NUMBER),
        "batch": Values(1, (2, 5, 9, 14, 15), FORGED_NUMBER),
        "action": Values("allocation.view", ("flag.view", "register_rows.view"), ("", "<b>")),
        "archived": Values(right=True, others=(False,)),
        "accepted": Values(right=True, others=(False,)),
        "below_zero": Values(right=False, others=(True,)),
        "file_format": Values("json", (), ("pdf", "xlsx")),  # of what all get as JSON
        "changes": Values(TRIED, (), FORGED_CHANGES),
        "row": Values(
            {"kind": "figure", "address": "prices/lokal/values/gs.1_3", "value": "13500"}, (),
            ({}, {"kind": "<b>"}, {"kind": "count", "enhet": units[-1], "category": "gs.1_3", "delta": 10**30}),
        ),
        "tries": Values("", ("gs.1_3:+1",), (*FORGED_TEXT, "gs.1_3:" + "9" * 40)),
        "from_month": Values(1, (12,), FORGED_NUMBER),
        "over": Values(None, ((1, 1),), ((-1, 10**30),)),
        "huvudman": Values(town.huvudman, (foreign.huvudman, town.text("999907-0029")), FORGED_TEXT),
        "special_reasons": Values(None, ("skäl",), FORGED_TEXT),
        "said": texts, "text": texts, "reason": texts, "outcome": texts, "how": texts, "paragraph": texts,
        "name": texts, "note": texts,
        "decision": Values("Nämnden § 2", (None,), FORGED_TEXT),
        "state": Values("published", ("withdrawn", "checked"), FORGED_TEXT),
        "deciding": Values(decisions.Deciding(body="Nämnden", on=date(2026, 1, 15), paragraph="§ 1")),
        "on": Values(date(2026, 1, 25), (date(2020, 1, 1),), (date.min, date.max)),
        "received_on": Values(date(2026, 2, 1), (date(2020, 1, 1),), (date.min, date.max)),
        "new_ore": Values(
            {town.unit("B1"): 1}, ({foreign.unit("B1"): 1}, {town.unit("A1"): 1}), ({}, {"<b>": -(10**30)})
        ),
        "amount_ore": Values(100, (), FORGED_NUMBER),
        "months": Values(1, (), FORGED_NUMBER),
        "first_month": Values(Month(YEAR, 5)),
        "delivery": Values(_delivery(town, folder), (_delivery(foreign, folder),)),
        "progress": Values(None),
        "wanted": Values(None, (AuditWanted(action="flag.raise"),), (AuditWanted(action="<b>", actor="<b>"),)),
        "page": Values(1, (2,), FORGED_NUMBER),
        "newest": Values(None, (5,), FORGED_NUMBER),
        "seq": Values(1, (41, 51, 52, 61, 62), FORGED_NUMBER),
        "mark": Values(None, ("1:" + "a" * 64,), (*FORGED_TEXT, "9" * 18 + ":" + "a" * 64)),
        "purpose": Values("kontroll", ("revision",), FORGED_TEXT),
        "subject": Values(account_of(town), (account_of(foreign), "p:okänd"), FORGED_TEXT),
        "new": Values(
            _role("enhet", town.unit("A2")), (_role("kommun", foreign.code), _role("enhet", foreign.unit("A1"))),
            (_role("<b>", "<b>"), _role("enhet", "")),
        ),
        "person": Values(Person("p:" + "c" * 24, "https://inloggning.invalid", "ny", "Ny Person")),
        "os_user": Values(None),
        "scope_kind": Values("enhet", ("huvudman", "kommun"), FORGED_TEXT),
        "scope_id": Values(town.unit("A2"), (foreign.unit("A1"), town.huvudman), FORGED_TEXT),
    }  # fmt: skip


def _role(kind: str, scope: str) -> NewRole:
    return NewRole(role="rektor", scope_kind=kind, scope_id=scope)


@functools.cache
def _delivery(town: Town, folder: Path) -> Delivery:
    """Return a file to deliver, written once: whoever asks only reads it."""
    path = folder / f"personal_{town.code}.csv"
    path.write_text(
        "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster;manadslon_kr\n"
        f"{town.unit('A1')};grundskola;lärare;2026-10-15;2,75;40001\n",
        encoding="utf-8",
    )
    return Delivery(kommun=town.code, kind="staff", path=path, file_name="personal.csv", period=year_range(YEAR))


def right_of(town: Town) -> dict[str, dict[str, Any]]:
    """Return what is right for one use case rather than for the parameter's name."""
    return {
        "claims.claim_derivation": {"key": CLAIM},
        "flags.answer_flag": {"number": 2},
        "flags.raise_flag": {"month": None},
        "payment_reading.elev_list": {"enhet": town.unit("A1")},
        "payment_objections.object_to": {"enhet": town.unit("B1")},
        "payments.prepare": {"month": Month(YEAR, 4)},
        "people.open_account": {"subject": closed_account_of(town)},
        "payments.approve": {"number": 3},
        "payments.mark_paid": {"number": 2},
        "payments.cancel": {"number": 3},
        "recoveries.propose": {"enhet": town.unit("B1")},
        "decisions.decide": {"number": 2},
        "decisions.deliver": {"number": 3},
        "imports.accept": {"batch": 15},
        "imports.reject": {"batch": 15},
        "reasons.batch_reason": {"batch": 13},
        "reasons.reason_of_link": {"seq": 41},
    }


@dataclass(frozen=True, slots=True)
class Call:
    """One question: the use case and its arguments, and which argument is not the right one."""

    case: UseCase
    arguments: dict[str, Any]
    forged: bool

    def put(self, app: App, viewer: Actor) -> object:
        """Ask it."""
        return self.case.ask(app, viewer, **self.arguments)

    def __str__(self) -> str:
        return f"{self.case.name}({', '.join(f'{name}={str(value)[:60]!r}' for name, value in self.arguments.items())})"


def calls(case: UseCase, town: Town, folder: Path) -> Iterator[Call]:
    """Yield the right call, then one for every argument that is another's or forged."""
    values = values_of(town, folder)
    if case.name == "payments.prepare":
        values["month"] = Values(Month(YEAR, 4), (Month(YEAR, 1), Month(2031, 1)))
    right = {name: values[name].right for name in case.parameters} | {
        name: value for name, value in right_of(town).get(case.name, {}).items() if name in case.parameters
    }
    yield Call(case, right, forged=False)
    for name in case.parameters:
        for value in values[name].others:
            yield Call(case, right | {name: value}, forged=False)
        for value in values[name].forged:
            yield Call(case, right | {name: value}, forged=True)
