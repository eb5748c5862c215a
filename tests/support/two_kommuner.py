"""Two kommuner in one database, built of the same texts, every secret of theirs marked so that it can be recognised.

Lillby (9907) and Storby (9908) have the same units, elever and figures under other names and at other prices. What only
some may see carries a word of its own, ``KANARIE`` with the kommun and what it stands in, and the amounts are such that
no two happen to be equal. ``tests/support/canaries.py`` says who may see which.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from core.access import Actor
from core.base import Month, year_range
from core.store import KommunRecord, make_engine
from core.store.people import AccountRecord, GrantRecord, InvitationRecord
from core.usecases import decisions, flags, imports, payments, recoveries, runs, scenarios
from core.usecases.payment_objections import object_to
from tests.support import small_kommun
from tests.support.column_keys import column_keys
from tests.support.reaching import PEEK
from tests.support.small_kommun import BOTH_YEARS, CEDERN, NOW, YEAR, actor, grant, program_on

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine

    from core.access.actors import Grant
    from core.base import DateRange
    from core.usecases.context import App
    from core.usecases.views import BatchView
    from tests.support.databases import DatabaseMaker

FILE_DAYS = timedelta(minutes=1)
CANARY = "KANARIE"
BUDGET, UTFALL, BUDGET_BEFORE, UTFALL_BEFORE, TRIAL, DRAFT = 1, 2, 3, 4, 5, 7
PAID, APPROVED, PREPARED = 1, 2, 3
TRIED = '[{"kind": "figure", "address": "prices/lokal/values/gs.1_3", "value": "13000"}]'
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
FEW = 2
PROTECTED = "e03"
"""An elev at A1 whose identity is protected, as the newest register alone says."""
PERSONAL_NUMBER = "20120229-2395"
"""With a right control digit: what must never be kept, wherever it is put."""
DECIDING = decisions.Deciding(body="Nämnden", on=date(2026, 1, 15), paragraph="§ 1")


@dataclass(frozen=True, slots=True)
class Town:
    """One of the kommuner: what it is called, how its texts differ, and what its budget decided."""

    code: str
    name: str
    mark: str
    """Begins the ids of its units, and is in every canary of its."""
    swaps: tuple[tuple[str, str], ...]
    given: tuple[int, int]
    """Kronor a month of individual support at the first school of its own and at the enskild one."""
    decided: tuple[str, str]
    """Kronor decided for 2025 and 2026."""

    @property
    def huvudman(self) -> str:
        """The organisation number of the enskild huvudman."""
        return self.text(CEDERN)

    def unit(self, enhet: str) -> str:
        """Return what a unit of Lillby's is called here."""
        return f"{self.mark}{enhet}" if self.mark else enhet

    def text(self, said: str) -> str:
        """Return a text of Lillby's as this kommun has it."""
        if not self.mark:
            return said
        told = re.sub(r"\b([ABCF][1-3])\b", lambda found: self.unit(found[1]), said)
        for old, new in self.swaps:
            told = told.replace(old, new)
        return told.replace("9907", self.code)

    def canary(self, what: str) -> str:
        """Return the mark of a secret of this kommun."""
        return f"{CANARY}{self.code}{what}"

    def grant(self, role: str, scope_kind: str, scope_id: str, name: str | None = None) -> Grant:
        """Return a role here."""
        return replace(grant(role, scope_kind, scope_id, self.code), name=name)  # type: ignore[arg-type]  # as the book says


LILLBY = Town("9907", "Lillby", "", (), (10_013, 5_017), ("421953", "1300258"))
STORBY = Town(
    "9908",
    "Storby",
    "Z",
    (
        ("Lillby", "Storby"), ("Alskolan", "Zinkskolan"), ("Björkskolan", "Zebraskolan"), ("Ekskolan", "Zeniten"),
        ("Cedern", "Zirkonen"), ("Dungen", "Zonen"), ("Grannskolan", "Zampinjonen"), ("Fröets", "Zilverlärkans"),
        ("Norra", "Zornska"), ("Södra", "Zanderska"),
        ('"60000"', '"61000"'), ('"72000"', '"73100"'), ('"146000"', '"149650"'), ('"24000"', '"24700"'),
    ),
    (10_029, 5_039),
    ("425119", "1315908.85"),
)  # fmt: skip
TOWNS = (LILLBY, STORBY)


def account_of(town: Town) -> str:
    """Return the subject of somebody with an account there."""
    return f"p:{town.code}:rektor"


def closed_account_of(town: Town) -> str:
    """Return the subject of somebody whose account there is closed."""
    return f"p:{town.code}" + "b" * 20


@dataclass(slots=True)
class World:
    """Both kommuner, filled."""

    app: App
    engine: Engine
    url: str
    owner_url: str = ""
    """Of who owns the tables, for looking past row level security."""

    @property
    def is_sqlite(self) -> bool:
        """Say whether the database is SQLite."""
        return self.engine.dialect.name == "sqlite"


def opened(url: str) -> World:
    """Return the program on a database."""
    engine = make_engine(url, column_keys)
    return World(program_on(engine), engine, url)


@contextmanager
def standing(maker: DatabaseMaker, engine: str, folder: Path) -> Iterator[World]:
    """Give both kommuner in a database of their own, as long as they are needed."""
    database = maker.make(engine, "migrated")  # type: ignore[arg-type]  # one of the two
    world = built(database.url, folder)
    world.owner_url = database.owner_url
    yield world
    world.engine.dispose()
    maker.drop(database)


def built(url: str, folder: Path) -> World:
    """Fill a migrated database with both kommuner."""
    world = opened(url)
    for town in TOWNS:
        _Builder(world.app, town, folder).build()
    return world


class _Builder:
    def __init__(self, app: App, town: Town, folder: Path) -> None:
        self.app, self.town, self.folder, self.files = app, town, folder, 0
        whole = ("kommun", town.code, town.name)
        self.handler: Actor = actor(town.grant("handlaggare", *whole))
        self.controller: Actor = actor(town.grant("controller", *whole))
        self.chief: Actor = actor(town.grant("forvaltningschef", *whole))
        of_school = town.grant("rektor", "enhet", town.unit("A1"))
        self.rektor = Actor(account_of(town), "rektor", (of_school,))
        self.owner: Actor = actor(town.grant("huvudman", "huvudman", town.huvudman))

    def build(self) -> None:
        """Take the kommun from its first file to payments, questions and trials."""
        with self.app.writing(PEEK) as work:
            work.kommuner.add(KommunRecord(self.town.code, self.town.name, self.town.text("999900-9907")))
            work.commit()
        self.deliver_2026()
        self.decide(YEAR, "budget")
        self.decide(YEAR, "utfall", 10)
        self.deliver_2025()
        self.decide(2025, "budget")
        self.decide(2025, "utfall")
        self.pay()
        self.question()
        self.fault()
        self.waiting()
        self.people()
        self.draft()

    def receive(self, kind: str, text: str, period: DateRange) -> BatchView:
        self.files += 1
        suffix = "yaml" if kind == imports.MODEL else "csv"
        path = self.folder / f"{self.town.code}_{self.files}.{suffix}"
        path.write_text(text, encoding="utf-8")
        name = f"{self.town.canary('fil')}_{kind}_{self.files}.{suffix}"
        given = imports.Delivery(kommun=self.town.code, kind=kind, path=path, file_name=name, period=period)
        batch = imports.receive(self.app, self.handler, given).batch
        assert batch is not None
        return batch

    def deliver(self, kind: str, text: str, period: DateRange) -> None:
        batch = self.receive(kind, self.town.text(text), period)
        assert not batch.errors
        imports.accept(self.app, self.controller, self.town.code, batch.number)

    def decide(self, year: int, kind: str, through: int = 12) -> None:
        run = runs.allocate(self.app, self.controller, self.town.code, year, kind, through).number
        for state in ("checked", "decided"):
            text = "Nämnden § 1" if state == "decided" else None
            runs.set_state(self.app, self.chief, self.town.code, run, state, text)

    def deliver_2026(self) -> None:
        whole, town = year_range(YEAR), self.town
        self.deliver("units", small_kommun.UNITS, BOTH_YEARS)
        self.deliver("enrolments", self.register(small_kommun.ENROLMENTS_2026), whole)
        self.deliver("planned_counts", small_kommun.planned_text(small_kommun.PLANNED_2026, YEAR), whole)
        self.deliver("index", small_kommun.INDEX_HEADER + small_kommun.INDEX, whole)
        kronor = dict(zip((10_000, 5_000), town.given, strict=True))
        rows = [  # two decisions a unit: fewer than may be shown, also together
            f"{step};{enhet};{verksamhet};{YEAR}-{month:02d};{min(n, FEW)};{kronor[ore]}\n"
            for step, enhet, verksamhet, first, last, n, ore in small_kommun.GIVEN_2026
            for month in range(first, last + 1)
        ]
        self.deliver("given_amounts", small_kommun.GIVEN_HEADER + "".join(rows), whole)
        self.deliver("staff", small_kommun.STAFF, whole)
        self.deliver("premises", small_kommun.PREMISES, whole)
        self.deliver(imports.MODEL, self.model(YEAR, town.decided[1]), whole)

    def deliver_2025(self) -> None:
        whole = year_range(2025)
        self.deliver("enrolments", self.register(small_kommun.ENROLMENTS_2025), whole)
        self.deliver("planned_counts", small_kommun.planned_text(small_kommun.PLANNED_2025, 2025), whole)
        index = small_kommun.INDEX.replace("2026", "2025")
        self.deliver("index", small_kommun.INDEX_HEADER + index, whole)
        self.deliver(imports.MODEL, self.model(2025, self.town.decided[0]), whole)

    @staticmethod
    def model(year: int, decided: str) -> str:
        return small_kommun.MODEL.format(year=year, before=year - 1, decided=decided) + IKE

    def register(self, rows: str, protected: str = "") -> str:
        """Return the register with a group and a reference on every row that name elev and unit; one is protected."""
        marked = []
        for row in rows.splitlines():
            elev, enhet = row.split(";")[:2]
            mark = "sekretessmarkering" if elev == protected else ""
            marked.append(f"{row};{self.town.canary('grupp')}{enhet};{self.reference(elev, enhet)};{mark}")
        header = small_kommun.ENROLMENT_HEADER.strip() + ";grupp;referens;skyddade_personuppgifter"
        return "\n".join([header, *marked]) + "\n"

    def reference(self, elev: str, enhet: str) -> str:
        return f"{self.town.canary('ref')}-{enhet}-{elev}"

    def pay(self) -> None:
        app, code, town = self.app, self.town.code, self.town
        for month in (1, 2, 3):
            payments.prepare(app, self.controller, code, Month(YEAR, month))
        cancelled = payments.prepare(app, self.controller, code, Month(YEAR, 4))
        payments.cancel(app, self.controller, code, cancelled, town.canary("avbrott"))
        for number in (PAID, APPROVED):
            payments.approve(app, self.chief, code, number)
        payments.mark_paid(app, self.controller, code, PAID)
        made = decisions.prepare(app, self.controller, code, BUDGET, town.huvudman)
        decisions.decide(app, self.chief, code, made, DECIDING)
        decisions.deliver(app, self.controller, code, made, date(2026, 1, 20), town.canary("delgivning"))
        decisions.prepare(app, self.controller, code, BUDGET, town.text(small_kommun.DUNGEN), town.canary("skal"))
        other = decisions.prepare(app, self.controller, code, BUDGET, f"999900-{code}")
        decisions.decide(app, self.chief, code, other, DECIDING)
        if town.mark:  # one of the two has been appealed
            decisions.appeal(app, self.controller, code, made, date(2026, 1, 28))
        recoveries.propose(
            app, self.controller, code, town.unit("B1"), amount_ore=123_457, months=2,
            first_month=Month(YEAR, 4), reason=town.canary("aterkrav"),
        )  # fmt: skip

    def question(self) -> None:
        app, town = self.app, self.town
        line = "line:undervisning|gs.1_3|host"
        asked = flags.raise_flag(
            app, self.rektor, town.unit("A1"), UTFALL, line, f"{town.canary('fragaA1')} en elev saknas"
        )
        flags.answer_flag(app, self.controller, asked.number, town.canary("svarA1"), accepted=True)
        flags.raise_flag(app, self.owner, town.unit("B1"), UTFALL, "total", f"{town.canary('fragaB1')} fel summa")
        object_to(app, self.owner, PAID, town.unit("B1"), f"{town.canary('invandningB1')} fel belopp")
        for tried in (TRIED, TRIED.replace("13000", "13100")):
            scenarios.save_scenario(app, self.chief, UTFALL, town.canary("forsok"), tried, town.canary("anteckning"))

    def fault(self) -> None:
        """Deliver a register whose cells hold a personal number where none may stand."""
        rows = [
            f"e98;{self.town.unit('A1')};grundskola;{PERSONAL_NUMBER};2018-03;;;{self.town.code};2025-08-15;;Grupp 1;",
            f"e99;{PERSONAL_NUMBER};grundskola;2;2018-03;;;{self.town.code};2025-08-15;;{PERSONAL_NUMBER};{PERSONAL_NUMBER}",
        ]
        header = small_kommun.ENROLMENT_HEADER.strip() + ";grupp;referens\n"
        batch = self.receive("enrolments", header + "\n".join(rows) + "\n", year_range(YEAR))
        assert batch.errors
        imports.reject(self.app, self.controller, self.town.code, batch.number, self.town.canary("avvisning"))

    def waiting(self) -> None:
        """Deliver a file that nobody has answered yet."""
        self.receive("staff", self.town.text(small_kommun.STAFF.replace("2,50", "2,25")), year_range(YEAR))

    def people(self) -> None:
        town, by = self.town, "p:" + "0" * 24
        subject = account_of(town)
        with self.app.writing(PEEK) as work:
            work.people.add_account(
                AccountRecord(
                    kommun=town.code, subject=subject, issuer="https://inloggning.invalid",
                    issuer_subject=town.canary("subject"), name="Rektorn", state="active", made_at=NOW, made_by=by,
                )
            )  # fmt: skip
            work.people.add_account(
                AccountRecord(
                    kommun=town.code, subject=closed_account_of(town), issuer="https://inloggning.invalid",
                    issuer_subject=town.canary("subject2"), name=town.canary("konto2"), state="closed", closed_at=NOW,
                    closed_by=by, made_at=NOW, made_by=by,
                )
            )  # fmt: skip
            work.people.add_grant(
                GrantRecord(
                    kommun=town.code, number=1, subject=subject, role="rektor", scope_kind="enhet",
                    scope_id=town.unit("A1"), valid_from=date(2026, 1, 1), valid_to=None, given_at=NOW,
                    given_by=by,
                )
            )  # fmt: skip
            work.people.add_invitation(
                InvitationRecord(
                    kommun=town.code, number=1, code_hash=town.code * 16, name=town.canary("inbjuden"),
                    role="controller", scope_kind="kommun", scope_id=town.code,
                    valid_from=date(2026, 1, 1), valid_to=None,
                    expires_at=NOW + timedelta(days=7), made_at=NOW, made_by=by,
                )
            )  # fmt: skip
            work.commit()

    def draft(self) -> None:
        """Count an utfall anew that nobody has decided, on a register with one elev more."""
        new = f"e16;A1;grundskola;2;2018-06;;;{'9907'};2026-03-02;\n"
        self.deliver(
            "enrolments", self.register(small_kommun.ENROLMENTS_2026 + new, protected=PROTECTED), year_range(YEAR)
        )
        runs.allocate(self.app, self.controller, self.town.code, YEAR, "utfall", 10)
