"""Columns that several contracts share, so that the same word means the same in every file."""

from __future__ import annotations

from core.base import Verksamhet
from core.exchange.contracts import CellKind, Column

VERKSAMHETER = tuple(one.value for one in Verksamhet)
YES_NO = ("ja", "nej")
PROTECTION = ("ingen", "sekretessmarkering", "skyddad_folkbokforing")

ELEV = Column(
    header="elev",
    field="elev",
    cell=CellKind.PERSON,
    help="Elevens id i källsystemet eller personnummer. Sparas aldrig, bara en pseudonym av det.",
    example="elev-000123",
)
UNIT = Column(
    header="enhet",
    field="enhet",
    cell=CellKind.UNIT,
    help="Enhetens id i kommunens enhetsregister, samma som i filen med enheter.",
    example="G001",
)
VERKSAMHET = Column(
    header="verksamhet",
    field="verksamhet",
    cell=CellKind.CHOICE,
    codes=VERKSAMHETER,
    help="Verksamhetens kod.",
    example="grundskola",
)
VERKSAMHET_OPTIONAL = Column(
    header="verksamhet",
    field="verksamhet",
    cell=CellKind.CHOICE,
    codes=VERKSAMHETER,
    help="Verksamhetens kod. Lämnas tom om lokalen delas av alla enhetens verksamheter.",
    example="grundskola",
    required=False,
)
ARSKURS = Column(
    header="arskurs",
    field="arskurs",
    cell=CellKind.CODE,
    numeric=True,
    help="Årskurs, där verksamheten har sådana.",
    example="4",
    required=False,
)
BIRTH_MONTH = Column(
    header="fodelsemanad",
    field="birth_month",
    cell=CellKind.MONTH,
    help="Födelseår och månad; aldrig dagen.",
    example="2015-03",
)
BIRTH_MONTH_OPTIONAL = Column(
    header="fodelsemanad",
    field="birth_month",
    cell=CellKind.MONTH,
    help="Födelseår och månad, om planen görs efter ålder.",
    example="2021-03",
    required=False,
)
HOURS = Column(
    header="timmar_per_vecka",
    field="hours",
    cell=CellKind.HUNDREDTHS,
    high=168,
    help="Timmar i veckan med högst två decimaler. Modellen avgör vilket tidsintervall de hör till.",
    example="22,5",
    required=False,
)
SOURCE_CATEGORY = Column(
    header="kallkategori",
    field="source_category",
    cell=CellKind.CODE,
    help="Källsystemets egen kategori, om den används i stället för timmar.",
    example="15T",
    required=False,
)
PROGRAMME = Column(
    header="program",
    field="programme",
    cell=CellKind.CODE,
    help="Programkod i gymnasieskolan.",
    example="NA",
    required=False,
)
FLAGS = Column(
    header="flaggor",
    field="flags",
    cell=CellKind.FLAGS,
    help="Koder åtskilda med komma. Elev med plats på två enheter har delad_placering på båda raderna.",
    example="nyanland",
    required=False,
)
MONTH = Column(
    header="manad",
    field="month",
    cell=CellKind.MONTH,
    help="Månaden som uppgiften gäller.",
    example="2026-03",
)
VALID_FROM = Column(
    header="fran_och_med",
    field="valid_from",
    cell=CellKind.DATE,
    help="Första dagen som uppgiften gäller.",
    example="2025-08-18",
)
VALID_TO = Column(
    header="till_och_med",
    field="valid_to",
    cell=CellKind.LAST_DAY,
    help="Sista dagen som uppgiften gäller. Tom cell betyder tills vidare.",
    example="2026-06-12",
    required=False,
)
PROTECTED_IDENTITY = Column(
    header="skyddade_personuppgifter",
    field="skydd",
    cell=CellKind.CHOICE,
    codes=PROTECTION,
    help=(
        "Elevens skydd i folkbokföringen (securityMarking i SS 12000). Eleven räknas som alla andra men visas "
        "aldrig i någon lista, inte heller i äldre underlag. Tom cell betyder inget skydd."
    ),
    example="sekretessmarkering",
    required=False,
    hashed=False,
)
