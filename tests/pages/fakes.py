"""Views made by hand for the pages' tests: an invented unit whose figures hang together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from core.access import Actor, ForbiddenError, Grant
from core.base import CoreError, Derivation, Source, leaf, product, quotient, rounded, total
from core.usecases.views import (
    AllocationView,
    AmountRow,
    BasisView,
    BatchView,
    BookRow,
    DimensionShare,
    EnhetView,
    IssueView,
    KommunTile,
    MapUnit,
    MapView,
    MonthlyCount,
    MonthRow,
    RegisterRow,
    RegisterRows,
    RunInfo,
    StaffRow,
    StartView,
    Task,
    UncountedRow,
    UnitChoice,
)

if TYPE_CHECKING:
    from collections.abc import Callable

KOMMUN = "9901"
LERBACK = UnitChoice(
    "G03", "Lerbäckens skola", ("forskoleklass", "grundskola", "fritidshem"), "egen", "Lindviks kommun"
)
SJOANG = UnitChoice("G04", "Sjöängens skola", ("grundskola",), "egen", "Lindviks kommun")
LARKAN = UnitChoice("F31", "Förskolan Lärkan", ("forskola",), "fristaende_hemma", "Lärkan ekonomisk förening")
REKTOR = Actor("rektor", "Rektor, Lerbäckens skola", (Grant("rektor", "enhet", "G03", KOMMUN, "Lerbäckens skola"),))
CONTROLLER = Actor("controller", "Controller", (Grant("controller", "kommun", KOMMUN, KOMMUN, "Lindviks kommun"),))
CITIZEN = Actor("medborgare", "Allmänheten", (Grant("medborgare", "allman", "", KOMMUN),))
VIEWERS = {viewer.subject: viewer for viewer in (REKTOR, CONTROLLER, CITIZEN)}

LAW = Source("law", "skollagen (2010:800) 2 kap. 8 b §", "https://www.riksdagen.se/sfs/2010:800")
DECISION = Source("decision", "Utbildningsnämnden 2025-11-17 § 212", detail="prislista 2026, rad 3")
ROWS = Source("batch", "elevregister 2026", detail="rad 3–160", batch=22)

RUN = RunInfo(
    number=14,
    kind="utfall",
    year=2026,
    state="checked",
    through_month=10,
    model_title="Lindvik 2026",
    model_version=1,
    decision=None,
    budget_run=13,
    created_at=datetime(2026, 11, 2, 7, 30, tzinfo=UTC),
    created_by="controller",
    fingerprint="a3f1" * 16,
    root_hash="b7c2" * 16,
)
BUDGET = replace(
    RUN, number=13, kind="budget", state="decided", through_month=12, decision="2025-11-17 § 212", budget_run=None
)


@dataclass(frozen=True)
class FakeApp:
    """What the pages touch of the program itself."""

    def clock(self) -> datetime:
        return datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class NoRunError(CoreError):
    """As the use case raises it; the pages know it by name."""

    def __init__(self, year: int, latest_year: int | None) -> None:
        self.year, self.latest_year = year, latest_year
        super().__init__(f"Inga beslut för {year} än. Senaste beslut: {latest_year}.")


class MissingDataError(CoreError):
    """As the use case raises it."""


def _row(key: str, parent: str | None, level: int, label: str, kronor: int | None, **more: object) -> AmountRow:
    kind = ("dimension", "step", "line")[level]
    ore = None if kronor is None else kronor * 100
    per_elev = None if ore is None or level == 2 else ore // 369
    return AmountRow(key, parent, level, kind, label, ore, per_elev, has_children=level < 2, **more)  # type: ignore[arg-type]


def _line(step: str, category: str, label: str, elever: int, price: int) -> AmountRow:
    return _row(
        f"line:{step}|{category}|2026",
        f"step:{step}",
        2,
        label,
        elever * price,
        quantity=Fraction(elever),
        quantity_unit="elever",
        price_ore=Fraction(price * 100),
        price_unit="kr/elev",
        source=DECISION,
    )


UNDERVISNING = "grundskola.undervisning"
ROWS_OF_LERBACK: tuple[AmountRow, ...] = (
    _row("dim:bas", None, 0, "Bas", 37_906_000),
    _row(
        f"step:{UNDERVISNING}",
        "dim:bas",
        1,
        "Undervisning",
        21_024_800,
        expectation="lärare och annan personal som undervisar",
    ),
    _line(UNDERVISNING, "forskoleklass", "Förskoleklass", 48, 41_250),
    _line(UNDERVISNING, "grundskola.1_3", "Årskurs 1–3", 158, 57_400),
    _line(UNDERVISNING, "grundskola.4_6", "Årskurs 4–6", 163, 61_200),
    _row("step:grundskola.ovrigt", "dim:bas", 1, "Lärverktyg, elevhälsa, måltider och lokaler", 16_881_200),
    _line("grundskola.ovrigt", "alla", "Alla årskurser", 369, 45_748),
    _row("dim:socioekonomi", None, 0, "Socioekonomi", 3_118_600),
    _row(
        "step:grundskola.index",
        "dim:socioekonomi",
        1,
        "Pott efter index",
        3_118_600,
        expectation="extra undervisningstid i åk 1–3; redovisas i juni",
    ),
    _row("dim:individ", None, 0, "Individuellt stöd", None, sealed="Färre än tio beslut: summan visas inte."),
    _row("dim:struktur", None, 0, "Struktur", 251_600),
)
MONTHS = tuple(
    MonthRow(
        month,
        Fraction(355 + month) if month <= 10 else None,
        359_000_000 + month * 100_000 if month <= 10 else None,
        358_000_000,
        1_000_000 + month * 100_000 if month <= 10 else None,
        "settled" if month <= 10 else "preliminary",
    )
    for month in range(1, 13)
)
ALLOCATION = AllocationView(
    unit=LERBACK,
    run=RUN,
    budget=BUDGET,
    total_ore=4_311_820_000,
    budget_total_ore=4_290_000_000,
    per_elev_ore=11_685_200,
    kommun_per_elev_ore=11_240_000,
    elever=Fraction(369),
    previous_year=2025,
    previous_total_ore=4_191_389_700,
    previous_elever=Fraction(355),
    index=Fraction(112),
    index_mean=Fraction(100),
    remaining_ore=718_636_700,
    remaining_months=2,
    rows=ROWS_OF_LERBACK,
    months=MONTHS,
    gross_ore=4_311_820_000,
    disposable_ore=4_100_000_000,
    centrally_held_ore=211_820_000,
    posts_hundredths=4130,
    mean_pay_ore=4_120_000,
    verified_hash=True,
)
FRISTAENDE = replace(ALLOCATION, unit=LARKAN, gross_ore=None, disposable_ore=None, centrally_held_ore=None)
UNIT = EnhetView(
    unit=LERBACK,
    skolenhetskod="99010003",
    huvudman="Lindviks kommun",
    lageskommun=KOMMUN,
    omrade="Norr",
    landsbygd=True,
    latitude="60.1",
    longitude="17.2",
    run=RUN,
    total_ore=4_311_820_000,
    per_elev_ore=11_685_200,
    kommun_per_elev_ore=11_240_000,
    elever=Fraction(369),
    previous_elever=Fraction(355),
    counts=tuple(
        MonthlyCount(code, label, month, 45 + place + month % 3)
        for month in (9, 10)
        for place, (code, label) in enumerate(
            (("forskoleklass", "Förskoleklass"), ("1_3", "Årskurs 1–3"), ("4_6", "Årskurs 4–6"))
        )
    ),
    shares=(
        DimensionShare("bas", 3_790_600_000, 10_272_600),
        DimensionShare("socioekonomi", 311_860_000, 845_100),
        DimensionShare("struktur", 25_160_000, 68_200),
        DimensionShare("individ", None, None, "Färre än tio beslut: summan visas inte."),
    ),
    staff=(StaffRow("Lärare", 2_850, 772), StaffRow("Elevhälsa", 210, None)),
    area_m2=Fraction(4210),
    area_per_elev=Fraction(114, 10),
    rent_ore=498_000_000,
    posts_hundredths=4130,
    missing=("Lerbäckens skola har ingen rad i elevregistret för mars. Kostnad per elev visas därför inte.",),
)
START_REKTOR = StartView(
    kommun_name="Lindvik",
    role="rektor",
    display_name="Rektor, Lerbäckens skola",
    units=(LERBACK,),
    run=RUN,
    total_ore=4_311_820_000,
    previous_total_ore=4_191_389_700,
    elever=Fraction(369),
    previous_elever=Fraction(355),
    per_elev_ore=11_685_200,
    verksamheter=(),
    overview=(),
    tasks=(Task("counting_day", (("day", "2026-12-15"),), date(2026, 12, 15), "skolan", (("enhet", "G03"),)),),
)
START_KOMMUN = replace(
    START_REKTOR,
    role="controller",
    display_name="Controller",
    units=(),
    tasks=(Task("batches_waiting", (("n", "2"),), None, "underlag"),),
    verksamheter=(("forskola", 41_200_000_000, Fraction(2210)), ("grundskola", 88_100_000_000, Fraction(6120))),
    overview=(
        KommunTile("F31", "Förskolan Lärkan", "fristaende_hemma", ("forskola",), Fraction(61), 900_000_000, 14_754_000),
        KommunTile("G03", "Lerbäckens skola", "egen", ("grundskola",), Fraction(369), 4_311_820_000, 11_685_200),
    ),
)
BATCHES = tuple(
    BatchView(
        number,
        kind,
        date(2026, 1, 1),
        date(2027, 1, 1),
        "snapshot",
        state,
        "handläggare Nyström",
        f"{kind}_2026.csv",
        "ab" * 32,
        11_020,
        datetime(2026, 11, 1, 8, 0, tzinfo=UTC),
        0,
        warnings,
        "11020",
        '{"rader":"11 020"}',
        True,
    )
    for number, kind, state, warnings in ((22, "enrolments", "received", 2), (21, "units", "accepted", 0))
)
BASIS = BasisView(
    batches=BATCHES,
    runs=(RUN, BUDGET),
    chosen=RUN,
    books=(
        BookRow("left", "paid", "Utbetalt enligt utfallet", 120_000_000_000),
        BookRow("right", "budget", "Beslutad budget", 119_000_000_000),
        BookRow("right", "volume", "Volymskillnad", 1_000_000_000),
    ),
    books_close=True,
    books_difference_ore=0,
    uncounted=(UncountedRow("ingen_kategori", "F31", "forskola", 3),),
    may_import=True,
    may_accept=True,
    may_decide=True,
)
ISSUES = (
    IssueView(
        "warning", 17, "arskurs", "10", "F, 1–9", "Årskursen finns inte i grundskolan. Rätta raden i elevregistret."
    ),
)
MAP = MapView(
    units=(
        MapUnit("G03", "Lerbäckens skola", "egen", ("grundskola",), 60.10, 17.20, Fraction(369)),
        MapUnit("F31", "Förskolan Lärkan", "fristaende_hemma", ("forskola",), 60.13, 17.31, Fraction(61)),
    ),
    missing=("Granviks förskola",),
    shapes={
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"kind": "land"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[17.0, 60.0], [17.5, 60.0], [17.5, 60.25], [17.0, 60.25], [17.0, 60.0]]],
                },
            },
            {
                "type": "Feature",
                "properties": {"kind": "water"},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [[[17.35, 60.0], [17.5, 60.0], [17.5, 60.1], [17.4, 60.08], [17.35, 60.0]]],
                },
            },
        ],
    },
)


def derivation(key: str) -> Derivation:
    """Return a small tree that holds every way to combine: 158 × (103 300 000 / 1 800, rounded to 100 kr)."""
    pot = leaf("budget", "Budget för undervisning", Fraction(103_300_000), "kr", DECISION)
    planned = leaf("planned", "Planerade elever", Fraction(1800), "elever", ROWS)
    price = quotient("exact", "Exakt belopp", "kr/elev", pot, planned)
    shown = rounded(
        "price", "Belopp per elev", price, Fraction(100), note="Avrundningen är 20 000 kr i kommunens bok, egen rad."
    )
    counted = leaf("n", "Elever, medel av mättillfällena den 15:e", Fraction(158), "elever", ROWS)
    line = product(key, "Undervisning, årskurs 1–3", "kr", counted, shown, source=LAW)
    return total("total", "Summa", "kr", [line]) if key == "total" else line


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for each use case the pages ask, by "module.function"."""
    return {
        "start.start_view": lambda _app, viewer: START_REKTOR if viewer == REKTOR else START_KOMMUN,
        "enhet.enhet_view": lambda _app, viewer, enhet, _year: replace(UNIT, unit=_allowed(viewer, enhet)),
        "choices.units_for": _units_for,
        "data_version.data_version": lambda _app, _viewer: "1",
        "open_kommuner.kommuner": lambda _app: ((KOMMUN, "Lindvik"),),
        "allocation.years_of": lambda _app, _viewer, _enhet: (2025, 2026),
        "allocation.kinds_of": lambda _app, _viewer, _enhet, _year: ("utfall", "budget"),
        "allocation.allocation_of": _allocation,
        "allocation.derivation_of": lambda _app, _viewer, _enhet, _run, key: derivation(key),
        "drill_down.register_rows": _register,
        "drill_down.rows_sealed": lambda *_: None,
        "basis.basis_view": _basis,
        "consequences.consequence_of": lambda _app, _viewer, _batch: None,
        "basis.issues_of": lambda _app, _viewer, batch: ISSUES if batch == 22 else (),
        "maps.map_view": lambda _app, _viewer: MAP,
        "statements.statement": lambda *_: ("besked.json", b"{}", "application/json"),
        "reasons.batch_reason": lambda _app, _viewer, _batch: None,
        "reasons.reason_of_link": lambda _app, _viewer, _seq: None,
        "imports.receive": lambda *_, **__: None,
        "hands.same_hands": lambda *_: False,
        "imports.accept": lambda _app, _viewer, _kommun, _batch: replace(BATCHES[0], state="accepted"),
        "imports.reject": lambda _app, _viewer, _kommun, _batch, _reason: replace(BATCHES[0], state="rejected"),
        "imports.revert": lambda _app, _viewer, _kommun, _batch, _reason: replace(BATCHES[1], state="reverted"),
        "runs.allocate": lambda *_, **__: RUN,
        "runs.set_state": lambda *_, **__: RUN,
        "verify.verify": lambda *_, **__: None,
    }


def _units_for(_app: object, viewer: Actor) -> tuple[UnitChoice, ...]:
    return (LERBACK,) if viewer == REKTOR else (LARKAN, LERBACK, SJOANG)


def _basis(_app: object, _viewer: Actor, run: int | None = None) -> BasisView:
    return BASIS


def _allowed(viewer: Actor, enhet: str) -> UnitChoice:
    if viewer == REKTOR and enhet != "G03":
        raise ForbiddenError("Du ser inte Sjöängens skola: din roll (rektor, Lerbäckens skola) gäller en annan enhet.")
    return next(unit for unit in (LERBACK, SJOANG, LARKAN) if unit.enhet == enhet)


def _allocation(_app: object, viewer: Actor, enhet: str, year: int, kind: str = "utfall") -> AllocationView:
    unit = _allowed(viewer, enhet)
    if year == 2027:
        raise NoRunError(year, 2026)
    run = replace(BUDGET if kind == "budget" else RUN, year=year)
    return replace(FRISTAENDE if unit is LARKAN else ALLOCATION, unit=unit, run=run)


def _register(
    _app: object,
    _viewer: Actor,
    enhet: str,
    _run: int,
    category: str,
    month: int,
    *,
    purpose: str,
    offset: int = 0,
    limit: int = 50,
) -> RegisterRows:
    assert purpose
    rows = tuple(
        RegisterRow(22, 3 + offset + place, f"e{offset + place:04d}", "2", None, "2A", date(2025, 8, 15), None)
        for place in range(min(limit, 158 - offset))
    )
    return RegisterRows(enhet, category, month, 158, rows)
