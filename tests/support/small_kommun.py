"""Lillby, a kommun of seven units and seventeen elever: small enough that every öre is worked out by hand.

Its files are text in this module and go in the way everybody's do: received, accepted, allocated. The
figures that tests hold the product against are worked out in ``tests/support/small_figures.py``.

======  ===================  ====================  ==========================================================
Enhet   Mottagare            Verksamhet            Vad den är till för
======  ===================  ====================  ==========================================================
A1      egen, Norra          grundskola, fritids   störst; tar emot elever under året; två beslut om stöd
A2      egen, Norra          grundskola            landsbygd; stänger 30 juni 2026
A3      egen, Södra          grundskola            öppnar 1 augusti 2026; saknar indexvärde
B1      fristående i Lillby  grundskola, fritids   har en elev från en annan kommun, som inte räknas
B2      fristående utanför   grundskola            en enda elev
C1      annan kommuns        grundskola            en elev som flyttar dit i mars
F1      egen, Södra          förskola              räknas dag för dag
======  ===================  ====================  ==========================================================
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from core.access import Actor, Grant
from core.base import DateRange, year_range
from core.parameters import load_holidays
from core.settings import PROJECT_FOLDER
from core.store import KommunRecord, UnitOfWork, make_engine
from core.usecases import imports, runs
from core.usecases.context import App, reach_of
from tests.support.column_keys import column_keys
from tests.support.reaching import PEEK

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from core.access import ScopeKind
    from core.usecases.imports import ReceiveResult
    from core.usecases.views import BatchView, RunInfo

KOMMUN = "9907"
LILLBY = KommunRecord(KOMMUN, "Lillby", "999900-9907")
CEDERN, DUNGEN = "999907-0011", "999907-0029"
YEAR = 2026
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
BOTH_YEARS = DateRange(date(2025, 1, 1), date(2027, 1, 1))

UNITS = """\
enhet;skolenhetskod;namn;verksamheter;huvudman;huvudmannens_namn;huvudmannatyp;lageskommun;omrade;landsbygd;\
latitud;longitud;fran_och_med;till_och_med
A1;00000001;Alskolan;grundskola,fritidshem;999900-9907;Lillby kommun;kommunal;9907;Norra;nej;59,1;15,1;2020-01-01;
A2;;Björkskolan;grundskola;999900-9907;Lillby kommun;kommunal;9907;Norra;ja;59,2;15,2;2020-01-01;2026-06-30
A3;;Ekskolan;grundskola;999900-9907;Lillby kommun;kommunal;9907;Södra;nej;;;2026-08-01;
B1;;Cedern;grundskola,fritidshem;999907-0011;Cedern AB;enskild;9907;;nej;59,3;15,3;2020-01-01;
B2;;Dungen;grundskola;999907-0029;Dungen AB;enskild;9902;;nej;;;2020-01-01;
C1;;Grannskolan;grundskola;999900-9902;Granne kommun;kommunal;9902;;nej;;;2020-01-01;
F1;;Fröets förskola;forskola;999900-9907;Lillby kommun;kommunal;9907;Södra;nej;;;2020-01-01;
"""

ENROLMENT_HEADER = (
    "elev;enhet;verksamhet;arskurs;fodelsemanad;timmar_per_vecka;flaggor;hemkommun;fran_och_med;till_och_med\n"
)
ENROLMENTS_2026 = """\
e01;A1;grundskola;2;2018-03;;;9907;2024-08-15;
e01;A1;fritidshem;;2018-03;;;9907;2024-08-15;
e02;A1;grundskola;2;2018-04;;nyanland;9907;2025-08-15;
e03;A1;grundskola;5;2015-05;;;9907;2024-08-15;2026-07-31
e03;A1;grundskola;6;2015-05;;;9907;2026-08-17;
e04;A1;grundskola;5;2015-06;;;9902;2025-08-15;
e05;A2;grundskola;1;2019-01;;;9907;2025-08-15;2026-06-30
e05;A3;grundskola;2;2019-01;;;9907;2026-08-17;
e06;A2;grundskola;4;2016-02;;;9907;2024-08-15;2026-06-12
e06;A1;grundskola;5;2016-02;;;9907;2026-08-17;
e07;B1;grundskola;3;2017-05;;;9907;2024-08-15;
e07;B1;fritidshem;;2017-05;;;9907;2024-08-15;2026-05-31
e08;B1;grundskola;6;2014-07;;;9907;2024-08-15;2026-08-16
e08;A1;grundskola;6;2014-07;;;9907;2026-08-17;
e09;B1;grundskola;1;2019-02;;;9902;2025-08-15;
e10;B2;grundskola;4;2016-09;;;9907;2024-08-15;
e11;C1;grundskola;2;2018-10;;;9907;2026-03-02;
e12;C1;grundskola;2;2018-11;;;9902;2024-08-15;
e13;A3;grundskola;1;2019-03;;;9907;2026-08-17;
e14;F1;forskola;;2023-04;30;;9907;2025-08-15;
e15;F1;forskola;;2022-11;15,5;;9907;2026-02-10;2026-03-11
e17;A1;grundskola;9;2011-01;;;9907;2026-01-08;
"""
"""e17 goes to årskurs 9, which no category of the model counts."""
ENROLMENTS_2025 = """\
e01;A1;grundskola;1;2018-03;;;9907;2024-08-15;
e10;B2;grundskola;4;2016-09;;;9907;2024-08-15;
"""

PLANNED_HEADER = "enhet;verksamhet;arskurs;fodelsemanad;timmar_per_vecka;flaggor;manad;antal\n"
# enhet, verksamhet, årskurs, birth month, hours, flags, first and last month, number
PLANNED_2026 = (
    ("A1", "grundskola", "2", "", "", "", 1, 12, 1),
    ("A1", "grundskola", "2", "", "", "nyanland", 1, 12, 1),
    ("A1", "grundskola", "5", "", "", "", 1, 6, 2),
    ("A1", "grundskola", "5", "", "", "", 7, 12, 3),
    ("A1", "fritidshem", "", "2018-03", "", "", 1, 12, 1),
    ("A2", "grundskola", "1", "", "", "", 1, 6, 1),
    ("A2", "grundskola", "4", "", "", "", 1, 6, 1),
    ("A3", "grundskola", "1", "", "", "", 7, 12, 2),
    ("B1", "grundskola", "3", "", "", "", 1, 12, 1),
    ("B1", "grundskola", "6", "", "", "", 1, 6, 1),
    ("B1", "fritidshem", "", "2017-05", "", "", 1, 7, 1),
    ("B2", "grundskola", "4", "", "", "", 1, 12, 1),
    ("F1", "forskola", "", "2023-04", "30", "", 1, 12, 1),
)
PLANNED_2025 = (
    ("A1", "grundskola", "1", "", "", "", 1, 12, 1),
    ("A1", "fritidshem", "", "2018-03", "", "", 1, 12, 2),
    ("B2", "grundskola", "4", "", "", "", 1, 12, 1),
)

INDEX_HEADER = "index;kalla;version;ar;riktning;medel;viktning;publicerbar;enhet;varde\n"
INDEX = "".join(
    f"socio;SCB;1;2026;hogre_mer;100;elev;nej;{enhet};{value}\n"
    for enhet, value in (("A1", 120), ("A2", 90), ("B1", 80))
)

GIVEN_HEADER = "steg;enhet;verksamhet;manad;antal_beslut;belopp_kr\n"
# step, enhet, verksamhet, first and last month, decisions, kronor a month
GIVEN_2026 = (
    ("stod", "A1", "grundskola", 1, 12, 2, 10000),
    ("stod", "B1", "grundskola", 1, 6, 5, 5000),
)

STAFF = """\
enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster;manadslon_kr
A1;grundskola;lärare;2026-10-15;2,50;40000
A1;grundskola;elevassistent;2026-10-15;1;
A1;grundskola;lärare;2025-10-15;9;30000
"""
PREMISES = """\
enhet;verksamhet;yta_m2;hyra_kr_per_ar;fran_och_med;till_och_med
A1;;100;50000;2020-01-01;
A1;fritidshem;20,50;10000;2020-01-01;
"""

MODEL = """\
model: lillby-{year}
kommun: "9907"
year: {year}
title: Lillbys fördelning {year}
decision: &beslut {{kind: decision, title: Nämnden i Lillby, date: {before}-11-17, paragraph: § 1}}
price_lists:
  - {{list: var, label: januari–juni, valid_from: {year}-01-01, valid_to: {year}-07-01}}
  - {{list: host, label: juli–december, valid_from: {year}-07-01}}
counting:
  - {{rule: den_15, label: Den 15:e, kind: monthly, day: 15, fallback: weekday_before, august_from_july: true}}
  - {{rule: dagar, label: Dag för dag, kind: days}}
categories:
  - {{category: gs.1_3, label: Årskurs 1–3, verksamhet: grundskola, counting: den_15, where: [{{field: arskurs, between: ["1", "3"]}}]}}
  - {{category: gs.4_6, label: Årskurs 4–6, verksamhet: grundskola, counting: den_15, where: [{{field: arskurs, between: ["4", "6"]}}]}}
  - {{category: gs.ny, label: Nyanlända, verksamhet: grundskola, counting: den_15, overlapping: true, where: [{{field: flag, =: nyanland}}]}}
  - {{category: fh, label: Fritidshem, verksamhet: fritidshem, counting: den_15, age_turns: calendar, where: [{{field: age, between: ["6", "12"]}}]}}
  - {{category: fsk, label: Förskola, verksamhet: forskola, counting: dagar}}
prices:
  - step: undervisning
    kind: per_elev
    label: Undervisning
    kostnadsslag: undervisning
    values: {{gs.1_3: {{var: "60000"}}, gs.4_6: {{var: "72000"}}}}
    uprating: [{{list: host, from: var, factor: "1.05"}}]
    reference: *beslut
  - {{step: lokal, kind: per_elev, label: Lokaler, kostnadsslag: lokalkostnader, values: {{gs.1_3: "12000", gs.4_6: "12000"}}, reference: *beslut}}
  - {{step: adm, kind: markup, label: Administration, kostnadsslag: administration, of: [undervisning, lokal], rate: "0.03", recipients: [fristaende_hemma, fristaende_annan], reference: *beslut}}
  - {{step: moms, kind: markup, label: Mervärdesskatt, kostnadsslag: mervardesskatt, of: [undervisning, lokal, adm], rate: "0.06", recipients: [fristaende_hemma, fristaende_annan], reference: *beslut}}
  - {{step: fritids, kind: per_elev, label: Fritidshem, kostnadsslag: omsorg_pedagogik, from_budget: {{fh: "60000"}}, reference: *beslut}}
  - {{step: omsorg, kind: per_elev, label: Omsorg, kostnadsslag: omsorg_pedagogik, values: {{fsk: "146000"}}, unit: kr/barn, reference: *beslut}}
  - {{step: avgift, kind: deduction, label: Avgift, kostnadsslag: avgift, values: {{fsk: "7300"}}, unit: kr/barn, reference: *beslut}}
  - {{step: nyanlanda, kind: per_elev, label: Nyanlända, kostnadsslag: undervisning, dimension: struktur, values: {{gs.ny: "24000"}}, expectation: Pengarna ska ge studiehandledning., reference: *beslut}}
amounts:
  - {{step: grundbelopp, kind: per_elev, label: Grundbelopp, prices: [undervisning, lokal, adm, moms, fritids, omsorg, avgift, nyanlanda]}}
  - step: socio
    kind: weighted_pool
    label: Socioekonomi
    kostnadsslag: undervisning
    dimension: socioekonomi
    verksamhet: grundskola
    recipients: [egen, fristaende_hemma]
    pool: "100000"
    categories: [gs.1_3, gs.4_6]
    factor: {{index: socio, default: "100"}}
    expectation: Pengarna ska jämna ut.
    reference: *beslut
  - {{step: socio_moms, kind: markup, label: Mervärdesskatt på socioekonomi, kostnadsslag: mervardesskatt, dimension: socioekonomi, verksamhet: grundskola, recipients: [fristaende_hemma, fristaende_annan], of: [socio], rate: "0.06", reference: *beslut}}
  - step: landsbygd
    kind: per_unit
    label: Landsbygd
    kostnadsslag: undervisning
    dimension: struktur
    verksamhet: grundskola
    categories: [gs.1_3, gs.4_6]
    where: [{{field: landsbygd, =: ja}}]
    amount: "24000"
    reference: *beslut
  - {{step: centralt, kind: deduction, label: Centralt hållet, kostnadsslag: undervisning, verksamhet: grundskola, recipients: [egen], of: [undervisning], rate: "0.02", reference: *beslut}}
  - {{step: stod, kind: given, label: Individuellt stöd, kostnadsslag: tillaggsbelopp, dimension: individ, reference: *beslut}}
books:
  decided: "{decided}"
  reference: *beslut
  terms:
    - {{term: centralt, label: Gemensamt, kind: central, amount: "50000"}}
    - {{term: reserv, label: Reserv, kind: reserve, amount: "51309"}}
    - {{term: momsersattning, label: Momsersättning, kind: momsersattning, of_lines: mervardesskatt, sign: minus}}
"""  # noqa: E501 - a model is read step by step, one to a line


def model_text(year: int = YEAR) -> str:
    """Return the model's file for a year; every year has the same rules, and a budget for what it plans."""
    return MODEL.format(year=year, before=year - 1, decided=1_300_000 if year == YEAR else 421_953)


def planned_text(rows: tuple[tuple[str, str, str, str, str, str, int, int, int], ...], year: int) -> str:
    """Return a plan as a file, month by month."""
    lines = [
        f"{enhet};{verksamhet};{arskurs};{born};{hours};{flags};{year}-{month:02d};{n}\n"
        for enhet, verksamhet, arskurs, born, hours, flags, first, last, n in rows
        for month in range(first, last + 1)
    ]
    return PLANNED_HEADER + "".join(lines)


def given_text(year: int = YEAR) -> str:
    """Return the decided amounts as a file, month by month."""
    return GIVEN_HEADER + "".join(
        f"{step};{enhet};{verksamhet};{year}-{month:02d};{decisions};{kronor}\n"
        for step, enhet, verksamhet, first, last, decisions, kronor in GIVEN_2026
        for month in range(first, last + 1)
    )


def grant(role: str, scope_kind: ScopeKind = "kommun", scope_id: str = KOMMUN, kommun: str = KOMMUN) -> Grant:
    """Return a role in Lillby."""
    return Grant(role, scope_kind, scope_id, kommun)


def actor(*grants: Grant) -> Actor:
    """Return somebody with these roles, called by the first of them."""
    return Actor(grants[0].role, grants[0].role.capitalize(), grants)


CONTROLLER = actor(grant("controller"))
CHIEF = actor(grant("forvaltningschef"))
HANDLER = actor(grant("handlaggare"))
AUDITOR = actor(grant("revisor"))
POLITICIAN = actor(grant("fortroendevald"))
CITIZEN = actor(grant("medborgare", "allman", ""))
REKTOR_A1 = actor(grant("rektor", "enhet", "A1"))
AREA_NORTH = actor(grant("omradeschef", "omrade", "Norra"))
OWNER_CEDERN = actor(grant("huvudman", "huvudman", CEDERN))
STRANGER = actor(Grant("controller", "kommun", "9902", "9902"))
EVERYONE = (
    CONTROLLER, CHIEF, HANDLER, AUDITOR, POLITICIAN, CITIZEN, REKTOR_A1, AREA_NORTH, OWNER_CEDERN, STRANGER,
)  # fmt: skip


@dataclass(slots=True)
class Lillby:
    """A kommun that is being filled. ``runs`` by (year, kind)."""

    app: App
    engine: Engine
    folder: Path
    runs: dict[tuple[int, str], int] = field(default_factory=dict)
    files: int = 0

    def at(self, now: datetime) -> App:
        """Return the program as it is at another moment."""
        return replace(self.app, clock=lambda: now)

    def receive(
        self, kind: str, text: str, period: DateRange, mode: str = "snapshot", file_total: str | None = None
    ) -> ReceiveResult:
        """Deliver a file without accepting it."""
        self.files += 1
        path = self.folder / f"{kind}_{self.files}.{'yaml' if kind == imports.MODEL else 'csv'}"
        path.write_text(text, encoding="utf-8")
        delivery = imports.Delivery(
            kommun=KOMMUN, kind=kind, path=path, file_name=path.name, period=period, mode=mode, file_total=file_total
        )
        return imports.receive(self.app, HANDLER, delivery)

    def deliver(self, kind: str, text: str, period: DateRange, mode: str = "snapshot") -> BatchView:
        """Deliver a file and accept it."""
        received = self.receive(kind, text, period, mode)
        assert received.batch is not None
        assert not received.issues, [str(one) for one in received.issues]
        return imports.accept(self.app, CONTROLLER, KOMMUN, received.batch.number)

    def allocate(self, year: int, kind: str, through_month: int = 12) -> RunInfo:
        """Compute a run and leave it as a draft."""
        return runs.allocate(self.app, CONTROLLER, KOMMUN, year, kind, through_month)

    def move(self, run: int, *states: str) -> None:
        """Take a run through its states."""
        for state in states:
            decision = "Nämnden § 1" if state == "decided" else None
            runs.set_state(self.app, CHIEF, KOMMUN, run, state, decision)

    def decide(self, year: int, kind: str, through_month: int = 12) -> RunInfo:
        """Compute a run and take it to ``decided``."""
        run = self.allocate(year, kind, through_month)
        self.move(run.number, "checked", "decided")
        self.runs[year, kind] = run.number
        return run


def opened(url: str, folder: Path) -> Lillby:
    """Return Lillby on a database, nothing delivered; ``folder`` is where its files are written."""
    engine = make_engine(url, column_keys)
    return Lillby(program_on(engine), engine, folder)


def program_on(engine: Engine) -> App:
    """Return the program on a database, on a day in November 2026."""
    return App(
        reading=lambda actor: UnitOfWork(engine, reach_of(actor), read_only=True),
        writing=lambda actor: UnitOfWork(engine, reach_of(actor)),
        clock=lambda: NOW,
        holidays=load_holidays(),
        pseudonym_key=lambda: b"a key for tests, nothing more",
        data_folder=PROJECT_FOLDER / "data",
        version="test",
    )


def founded(url: str, folder: Path) -> Lillby:
    """Return Lillby on a migrated database, set up but without a single delivery."""
    lillby = opened(url, folder)
    with lillby.app.writing(PEEK) as work:
        work.kommuner.add(LILLBY)
        work.commit()
    return lillby


def delivered(url: str, folder: Path) -> Lillby:
    """Return Lillby with every file of 2026 delivered and accepted, and no run."""
    lillby = founded(url, folder)
    year = year_range(YEAR)
    lillby.deliver("units", UNITS, BOTH_YEARS)
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2026, year)
    lillby.deliver("planned_counts", planned_text(PLANNED_2026, YEAR), year)
    lillby.deliver("index", INDEX_HEADER + INDEX, year)
    lillby.deliver("given_amounts", given_text(), year)
    lillby.deliver("staff", STAFF, year)
    lillby.deliver("premises", PREMISES, year)
    lillby.deliver(imports.MODEL, model_text(), year)
    return lillby


def lillby_2026(url: str, folder: Path) -> Lillby:
    """Return Lillby with the budget of 2026 and its utfall through October, both decided."""
    lillby = delivered(url, folder)
    lillby.decide(YEAR, "budget")
    lillby.decide(YEAR, "utfall", 10)
    return lillby


def both_years(url: str, folder: Path) -> Lillby:
    """Return Lillby with 2025 and 2026 decided."""
    return with_2025(lillby_2026(url, folder))


def with_2025(lillby: Lillby) -> Lillby:
    """Add 2025: files, model, budget and the whole year's utfall."""
    year = year_range(2025)
    lillby.deliver("enrolments", ENROLMENT_HEADER + ENROLMENTS_2025, year)
    lillby.deliver("planned_counts", planned_text(PLANNED_2025, 2025), year)
    lillby.deliver("index", INDEX_HEADER + INDEX.replace("2026", "2025"), year)
    lillby.deliver(imports.MODEL, model_text(2025), year)
    lillby.decide(2025, "budget")
    lillby.decide(2025, "utfall")
    return lillby
