"""The contracts of the kinds of files; ``CONTRACTS`` is the register."""

from __future__ import annotations

from core.base import Huvudmannatyp
from core.exchange.contracts import CellKind, Column, Contract, ImportKindUnknownError, Uniqueness
from core.exchange.decided_contracts import CASE_AMOUNTS
from core.exchange.shared_columns import (
    ARSKURS,
    BIRTH_MONTH,
    BIRTH_MONTH_OPTIONAL,
    ELEV,
    FLAGS,
    HOURS,
    MONTH,
    PROGRAMME,
    PROTECTED_IDENTITY,
    SOURCE_CATEGORY,
    UNIT,
    VALID_FROM,
    VALID_TO,
    VERKSAMHET,
    VERKSAMHET_OPTIONAL,
    VERKSAMHETER,
)
from core.exchange.succession_contract import SUCCESSIONS

SHARED_PLACEMENT = "delad_placering"
MOST_PERSONS = 1_000_000  # on one row; more is a slip of the pen


def _code(header: str, field: str, text: str, example: str, *, required: bool = True) -> Column:
    return Column(header=header, field=field, cell=CellKind.CODE, help=text, example=example, required=required)


def _text(header: str, field: str, text: str, example: str, *, required: bool = True) -> Column:
    return Column(header=header, field=field, cell=CellKind.TEXT, help=text, example=example, required=required)


UNITS = Contract(
    kind="units",
    title="Enheter",
    table="unit",
    unique=Uniqueness(key=("enhet",), dated=True, said="En enhet får ha flera rader, men bara en för varje dag"),
    columns=(
        _code("enhet", "enhet", "Kommunens eget, fasta id för enheten.", "G001"),
        _code("skolenhetskod", "skolenhetskod", "Skolenhetskod. Förskolor saknar sådan.", "01234567", required=False),
        _text("namn", "name", "Enhetens namn.", "Provskolan Kvistholma"),
        Column(
            header="verksamheter",
            field="verksamheter",
            cell=CellKind.CHOICES,
            codes=VERKSAMHETER,
            help="Enhetens verksamheter, åtskilda med komma.",
            example="grundskola,fritidshem",
        ),
        Column(
            header="huvudman",
            field="huvudman",
            cell=CellKind.ORGNR,
            help="Huvudmannens organisationsnummer.",
            example="999900-9901",
        ),
        _text("huvudmannens_namn", "huvudman_name", "Huvudmannens namn.", "Lindviks kommun"),
        Column(
            header="huvudmannatyp",
            field="huvudmannatyp",
            cell=CellKind.CHOICE,
            codes=tuple(one.value for one in Huvudmannatyp),
            help="Vem som driver enheten.",
            example="kommunal",
        ),
        Column(
            header="lageskommun",
            field="lageskommun",
            cell=CellKind.KOMMUN,
            help="Kommunkoden för den kommun där enheten ligger, fyra siffror.",
            example="9901",
        ),
        _text("omrade", "omrade", "Kommundel eller skolområde.", "Norra", required=False),
        Column(
            header="landsbygd",
            field="landsbygd",
            cell=CellKind.YES_NO,
            help="ja om enheten räknas som landsbygdsenhet. Tom cell betyder ingen uppgift.",
            example="nej",
            required=False,
        ),
        Column(
            header="latitud",
            field="latitude",
            cell=CellKind.DECIMAL,
            low=-90,
            high=90,
            help="Latitud i grader (WGS 84).",
            example="59,3121",
            required=False,
        ),
        Column(
            header="longitud",
            field="longitude",
            cell=CellKind.DECIMAL,
            low=-180,
            high=180,
            help="Longitud i grader (WGS 84).",
            example="15,8804",
            required=False,
        ),
        VALID_FROM,
        VALID_TO,
    ),
)

ENROLMENTS = Contract(
    kind="enrolments",
    title="Inskrivningar",
    table="enrolment",
    hashed=True,
    counted_by_day=True,
    unique=Uniqueness(
        key=("elev", "verksamhet"),
        dated=True,
        shared_flag=SHARED_PLACEMENT,
        apart="enhet",
        said=(
            "en elev har högst en plats i varje verksamhet och dag; "
            f"vid delad plats har båda raderna flaggan {SHARED_PLACEMENT} och olika enhet"
        ),
    ),
    columns=(
        ELEV,
        UNIT,
        VERKSAMHET,
        ARSKURS,
        BIRTH_MONTH,
        HOURS,
        SOURCE_CATEGORY,
        PROGRAMME,
        _text("grupp", "group_name", "Klass, grupp eller avdelning.", "4A", required=False),
        FLAGS,
        Column(
            header="hemkommun",
            field="hemkommun",
            cell=CellKind.KOMMUN,
            help="Kommunkoden för den kommun där eleven är folkbokförd, fyra siffror.",
            example="9901",
        ),
        _code("grund", "ground", "Grund för plats åt elev från annan kommun.", "sarskilda_skal", required=False),
        VALID_FROM,
        VALID_TO,
        Column(
            header="referens",
            field="referens",
            cell=CellKind.CODE,
            help="Huvudmannens egen beteckning på eleven, för elevlistan bakom en utbetalning. Aldrig personnummer.",
            example="K-1042",
            required=False,
            hashed=False,
        ),
        PROTECTED_IDENTITY,
    ),
)

INDEX = Contract(
    kind="index",
    title="Index",
    table="index_value",
    unique=Uniqueness(key=("index_name", "enhet"), dated=False, said="en enhet har ett värde i varje index"),
    columns=(
        _code("index", "index_name", "Indexets namn i modellen.", "socioekonomi"),
        Column(
            header="kalla",
            field="source",
            cell=CellKind.TEXT,
            per_index=True,
            help="Vem som räknat fram indexet.",
            example="SCB",
        ),
        Column(
            header="version",
            field="version",
            cell=CellKind.TEXT,
            numeric=True,
            per_index=True,
            help="Källans version.",
            example="2025:1",
        ),
        Column(
            header="ar", field="year", cell=CellKind.YEAR, per_index=True, help="Året indexet gäller.", example="2026"
        ),
        Column(
            header="riktning",
            field="direction",
            cell=CellKind.CHOICE,
            codes=("hogre_mer", "hogre_mindre"),
            per_index=True,
            help="Om ett högre värde ger mer eller mindre pengar.",
            example="hogre_mer",
        ),
        Column(
            header="medel",
            field="mean",
            cell=CellKind.DECIMAL,
            per_index=True,
            help="Indexets medelvärde enligt källan.",
            example="100",
        ),
        Column(
            header="viktning",
            field="weighting",
            cell=CellKind.CHOICE,
            codes=("elev", "enhet", "ingen"),
            per_index=True,
            help="Vad medelvärdet är vägt med.",
            example="elev",
        ),
        Column(
            header="publicerbar",
            field="publishable",
            cell=CellKind.YES_NO,
            per_index=True,
            help="nej om värdena får användas men inte visas för andra.",
            example="nej",
        ),
        UNIT,
        Column(header="varde", field="value", cell=CellKind.RATIO, help="Enhetens värde.", example="112,5"),
    ),
)

PLANNED_COUNTS = Contract(
    kind="planned_counts",
    title="Planerat antal",
    table="planned_count",
    hashed=True,
    counted_by_day=True,
    unique=Uniqueness(
        key=(
            "enhet",
            "verksamhet",
            "arskurs",
            "birth_month",
            "hours",
            "source_category",
            "programme",
            "flags",
            "month",
        ),
        dated=False,
        said="varje grupp och månad står på en rad",
    ),
    columns=(
        UNIT,
        VERKSAMHET,
        ARSKURS,
        BIRTH_MONTH_OPTIONAL,
        HOURS,
        SOURCE_CATEGORY,
        PROGRAMME,
        FLAGS,
        MONTH,
        Column(
            header="antal",
            field="n",
            cell=CellKind.WHOLE,
            high=MOST_PERSONS,
            summed=True,
            help="Planerat antal barn eller elever.",
            example="48",
        ),
    ),
)

GIVEN_AMOUNTS = Contract(
    kind="given_amounts",
    title="Beslutade belopp",
    table="given_amount",
    counted_by_day=True,
    unique=Uniqueness(
        key=("step", "enhet", "verksamhet", "month"),
        dated=False,
        said="varje steg, enhet, verksamhet och månad står på en rad",
    ),
    columns=(
        _code("steg", "step", "Stegets id i modellen.", "tillaggsbelopp.grundskola"),
        UNIT,
        VERKSAMHET,
        MONTH,
        Column(
            header="antal_beslut",
            field="decisions",
            cell=CellKind.WHOLE,
            high=MOST_PERSONS,
            summed=True,
            help="Antal gällande beslut.",
            example="3",
        ),
        Column(
            header="belopp_kr",
            field="amount_ore",
            cell=CellKind.KRONOR,
            summed=True,
            help="Summan av de beslutade beloppen.",
            example="48250,50",
        ),
    ),
)

STAFF = Contract(
    kind="staff",
    title="Personal",
    table="staff",
    unique=Uniqueness(
        key=("enhet", "verksamhet", "occupation", "measured_on"),
        dated=False,
        said="varje enhet, verksamhet, yrkesgrupp och mätdag står på en rad",
    ),
    columns=(
        UNIT,
        VERKSAMHET,
        _text("yrkesgrupp", "occupation", "Yrkesgruppens namn.", "lärare"),
        Column(
            header="matdag",
            field="measured_on",
            cell=CellKind.DATE,
            help="Dagen uppgiften gäller.",
            example="2026-10-15",
        ),
        Column(
            header="heltidstjanster",
            field="fte_hundredths",
            cell=CellKind.HUNDREDTHS,
            high=MOST_PERSONS,
            summed=True,
            help="Antal heltidstjänster, högst två decimaler.",
            example="12,75",
        ),
        Column(
            header="manadslon_kr",
            field="monthly_pay_ore",
            cell=CellKind.KRONOR,
            low=0,
            help="Månadslön per heltidstjänst i genomsnitt.",
            example="41300",
            required=False,
        ),
    ),
)

PREMISES = Contract(
    kind="premises",
    title="Lokaler",
    table="premises",
    unique=Uniqueness(
        key=("enhet", "verksamhet"),
        dated=True,
        said="en enhet och verksamhet får ha flera rader, men bara en för varje dag",
    ),
    columns=(
        UNIT,
        VERKSAMHET_OPTIONAL,
        Column(
            header="yta_m2",
            field="area_m2_hundredths",
            cell=CellKind.HUNDREDTHS,
            summed=True,
            help="Yta i kvadratmeter.",
            example="2450",
        ),
        Column(
            header="hyra_kr_per_ar",
            field="rent_ore_per_year",
            cell=CellKind.KRONOR,
            low=0,
            summed=True,
            help="Årshyra.",
            example="3185000",
        ),
        VALID_FROM,
        VALID_TO,
    ),
)

CONTRACTS: dict[str, Contract] = {
    one.kind: one
    for one in (
        UNITS, ENROLMENTS, INDEX, PLANNED_COUNTS, GIVEN_AMOUNTS, CASE_AMOUNTS, STAFF, PREMISES, SUCCESSIONS,
    )
}  # fmt: skip


def contract_of(kind: str) -> Contract:
    """Return the contract of a kind; raises ``ImportKindUnknownError`` naming the kinds there are."""
    if kind not in CONTRACTS:
        raise ImportKindUnknownError(kind, tuple(CONTRACTS))
    return CONTRACTS[kind]
