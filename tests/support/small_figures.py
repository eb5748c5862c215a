"""Lillby's figures, worked out by hand with pencil and paper before the product was asked.

The months January–June are the list ``var``, July–December ``host``; a quantity is elevmånader ÷ 12.

Priser, kronor per elev och år (var, host). Undervisning räknas upp med 1,05, lokaler är 12 000 hela året:
    årskurs 1–3  undervisning 60 000, 63 000
                 administration 3 % av 72 000 = 2 160; av 75 000 = 2 250
                 moms 6 % av 74 160 = 4 449,60 → 4 450; av 77 250 = 4 635
    årskurs 4–6  undervisning 72 000, 75 600
                 administration 3 % av 84 000 = 2 520; av 87 600 = 2 628
                 moms 6 % av 86 520 = 5 191,20 → 5 191; av 90 228 = 5 413,68 → 5 414
    fritidshem   60 000 kr ÷ 19/12 planerade elever = 37 894,736… → 37 895
    förskola     146 000 kr = 400 kr om dagen; avgift 7 300 kr = 20 kr om dagen
    nyanlända    24 000
"""

from __future__ import annotations

from fractions import Fraction

from core.base import read_number

# Elever by month in the register of 2026, January–October. Counting days: 15/1, 13/2, 13/3, 15/4, 15/5, 15/6, 15/7,
# 14/8, 15/9, 15/10 (the 15th is a Sunday in February and March, a Saturday in August).
COUNTS = {
    ("A1", "gs.1_3"): [2, 2, 2, 2, 2, 2, 2, 2, 2, 2],  # e01, e02
    # e03 stays on as åk 6 from the day åk 5 ends, e04 (own units count everybody); from July e06 and e08 too, who start
    # in August: e06 has no earlier row after 1 July, e08's row at B1 ends then
    ("A1", "gs.4_6"): [2, 2, 2, 2, 2, 2, 4, 4, 4, 4],
    ("A1", "gs.ny"): [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # e02, counted on top
    ("A1", "fh"): [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # e01, in grundskola too
    ("A2", "gs.1_3"): [1, 1, 1, 1, 1, 1, 0, 0, 0, 0],  # e05 until 30 June
    ("A2", "gs.4_6"): [1, 1, 1, 1, 1, 0, 0, 0, 0, 0],  # e06 until 12 June
    ("A3", "gs.1_3"): [0, 0, 0, 0, 0, 0, 2, 2, 2, 2],  # e05 and e13 start in August, count from July
    ("B1", "gs.1_3"): [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # e07; e09 is another kommun's
    ("B1", "gs.4_6"): [1, 1, 1, 1, 1, 1, 0, 0, 0, 0],  # e08, whom A1 has from July
    ("B1", "fh"): [1, 1, 1, 1, 1, 0, 0, 0, 0, 0],  # e07 until 31 May
    ("B2", "gs.4_6"): [1, 1, 1, 1, 1, 1, 1, 1, 1, 1],  # e10
    ("C1", "gs.1_3"): [0, 0, 1, 1, 1, 1, 1, 1, 1, 1],  # e11 from 2 March; e12 is another kommun's
    # elevdagar: e14 every day, e15 19 days of February and 11 of March
    ("F1", "fsk"): [31, 28 + 19, 31 + 11, 30, 31, 30, 31, 31, 30, 31],
}

# enhet step category period kronor
BUDGET = """
A1 undervisning gs.1_3 var  60000     # 2 elever × 6/12 × 60 000
A1 undervisning gs.1_3 host 63000
A1 undervisning gs.4_6 var  72000
A1 undervisning gs.4_6 host 113400    # 3 elever × 6/12 × 75 600
A1 lokal gs.1_3 var  12000
A1 lokal gs.1_3 host 12000
A1 lokal gs.4_6 var  12000
A1 lokal gs.4_6 host 18000
A1 fritids fh var  18947,50           # 6/12 × 37 895
A1 fritids fh host 18947,50
A1 nyanlanda gs.ny var  12000
A1 nyanlanda gs.ny host 12000
A1 socio alla var  29268,29           # 50 000 × 240/410 = 29 268,292; index 120 × 2 helår
A1 socio alla host 34090,91           # 50 000 × 300/440 = 34 090,909 and the last öre but one
A1 centralt alla var  -2640           # 2 % av 132 000
A1 centralt alla host -3528           # 2 % av 176 400
A1 stod grundskola var  60000
A1 stod grundskola host 60000
A2 undervisning gs.1_3 var 30000
A2 undervisning gs.4_6 var 36000
A2 lokal gs.1_3 var 6000
A2 lokal gs.4_6 var 6000
A2 socio alla var 10975,61            # 50 000 × 90/410 = 10 975,609 and one öre: largest remainder
A2 landsbygd alla var 12000           # 24 000 × 6/12
A2 centralt alla var -1320
A3 undervisning gs.1_3 host 63000
A3 lokal gs.1_3 host 12000
A3 socio alla host 11363,64           # no index value: 100; 50 000 × 100/440 = 11 363,636 and one öre
A3 centralt alla host -1260
B1 undervisning gs.1_3 var  30000
B1 undervisning gs.1_3 host 31500
B1 undervisning gs.4_6 var  36000
B1 lokal gs.1_3 var  6000
B1 lokal gs.1_3 host 6000
B1 lokal gs.4_6 var  6000
B1 adm gs.1_3 var  1080
B1 adm gs.1_3 host 1125
B1 adm gs.4_6 var  1260
B1 moms gs.1_3 var  2225              # 6/12 × 4 450
B1 moms gs.1_3 host 2317,50
B1 moms gs.4_6 var  2595,50           # 6/12 × 5 191
B1 fritids fh var  18947,50
B1 fritids fh host 3157,92            # 1/12 × 37 895 = 3 157,9166…
B1 socio alla var  9756,10            # 50 000 × 80/410 = 9 756,0975 and one öre
B1 socio alla host 4545,45            # 50 000 × 40/440 = 4 545,4545
B1 socio_moms alla var  585,37        # 6 % av 9 756,10 = 585,366
B1 socio_moms alla host 272,73        # 6 % av 4 545,45 = 272,727
B1 stod grundskola var 30000
B2 undervisning gs.4_6 var  36000
B2 undervisning gs.4_6 host 37800
B2 lokal gs.4_6 var  6000
B2 lokal gs.4_6 host 6000
B2 adm gs.4_6 var  1260
B2 adm gs.4_6 host 1314
B2 moms gs.4_6 var  2595,50
B2 moms gs.4_6 host 2707
F1 omsorg fsk var  73000
F1 omsorg fsk host 73000
F1 avgift fsk var  -3650
F1 avgift fsk host -3650
"""

UTFALL = """
A1 undervisning gs.1_3 var  60000
A1 undervisning gs.1_3 host 42000     # 8/12 × 63 000
A1 undervisning gs.4_6 var  72000
A1 undervisning gs.4_6 host 100800    # 16/12 × 75 600
A1 lokal gs.1_3 var  12000
A1 lokal gs.1_3 host 8000
A1 lokal gs.4_6 var  12000
A1 lokal gs.4_6 host 16000
A1 fritids fh var  18947,50
A1 fritids fh host 12631,67           # 4/12 × 37 895 = 12 631,666…
A1 nyanlanda gs.ny var  12000
A1 nyanlanda gs.ny host 8000
A1 socio alla var  29813,66           # 50 000 × 240/402,5 = 29 813,6645
A1 socio alla host 24000              # 33 333,33 × 0,72 = 23 999,9976 and one öre
A1 centralt alla var  -2640
A1 centralt alla host -2856           # 2 % av 142 800
A1 stod grundskola var  60000
A1 stod grundskola host 40000
A2 undervisning gs.1_3 var 30000
A2 undervisning gs.4_6 var 30000      # 5/12 × 72 000
A2 lokal gs.1_3 var 6000
A2 lokal gs.4_6 var 5000
A2 socio alla var 10248,45            # 50 000 × 82,5/402,5 = 10 248,4472 and one öre
A2 landsbygd alla var 12000           # six months with some elev
A2 centralt alla var -1200
A3 undervisning gs.1_3 host 42000
A3 lokal gs.1_3 host 8000
A3 socio alla host 6666,66            # 33 333,33 × 0,2 = 6 666,666
A3 centralt alla host -840
B1 undervisning gs.1_3 var  30000
B1 undervisning gs.1_3 host 21000
B1 undervisning gs.4_6 var  36000
B1 lokal gs.1_3 var  6000
B1 lokal gs.1_3 host 4000
B1 lokal gs.4_6 var  6000
B1 adm gs.1_3 var  1080
B1 adm gs.1_3 host 750
B1 adm gs.4_6 var  1260
B1 moms gs.1_3 var  2225
B1 moms gs.1_3 host 1545
B1 moms gs.4_6 var  2595,50
B1 fritids fh var 15789,58            # 5/12 × 37 895 = 15 789,5833
B1 socio alla var  9937,89            # 50 000 × 80/402,5 = 9 937,8881 and one öre
B1 socio alla host 2666,67            # 33 333,33 × 0,08 = 2 666,6664 and one öre
B1 socio_moms alla var  596,27
B1 socio_moms alla host 160
B1 stod grundskola var 30000
B2 undervisning gs.4_6 var  36000
B2 undervisning gs.4_6 host 25200
B2 lokal gs.4_6 var  6000
B2 lokal gs.4_6 host 4000
B2 adm gs.4_6 var  1260
B2 adm gs.4_6 host 876
B2 moms gs.4_6 var  2595,50
B2 moms gs.4_6 host 1804,67           # 4/12 × 5 414
C1 undervisning gs.1_3 var  20000
C1 undervisning gs.1_3 host 21000
C1 lokal gs.1_3 var  4000
C1 lokal gs.1_3 host 4000
F1 omsorg fsk var  84400              # 211 dagar × 400
F1 omsorg fsk host 49200              # 123 dagar × 400
F1 avgift fsk var  -4220
F1 avgift fsk host -2460
"""

BUDGET_TOTALS = {
    "A1": 60148620, "A2": 9965561, "A3": 8510364, "B1": 19336807, "B2": 9367650, "C1": 0, "F1": 13870000,
}  # fmt: skip
UTFALL_TOTALS = {
    "A1": 52269683, "A2": 9204845, "A3": 5582666, "B1": 17160591, "B2": 7773617, "C1": 4900000, "F1": 12692000,
}  # fmt: skip

BUDGET_BOOKS = {
    "rader.grundskola": 101328960,
    "rader.fritidshem": 6000042,
    "rader.forskola": 13870000,
    "centralt": 5000000,
    "reserv": 5130900,
    "momsersattning": -1329860,  # 7 138,00 + 5 302,50 i grundbelopp, 858,10 på socioekonomi
    "avrundning": -42,  # 60 000 − 60 000,42: fritidshemmets pris är avrundat
    "beslutad_budget": 130000000,
}
UTFALL_BOOKS = {
    "utbetalt": 109583402,
    "budget": 121199002,
    # the plan of ten months, 801 059,60 by price and 218 948,52 otherwise, less the budget
    "ej_raknat": -19198190,
    "volym": 7622083,  # 877 280,4166… − 801 059,5833… by price
    "ovrigt.bas": -38400,  # centralt hållet −7 536 mot planens −7 152
    "ovrigt.individ": 0,
    "ovrigt.socioekonomi": -1092,  # moms 756,27 mot planens 767,19
    "ovrigt.struktur": 0,
    "avrundning": -1,
    "rattelser": 0,
}


def amounts(table: str) -> dict[tuple[str, str, str, str], int]:
    """Return a table's amounts in öre by (enhet, step, category, period)."""
    found: dict[tuple[str, str, str, str], int] = {}
    for row in filter(None, table.splitlines()):
        enhet, step, category, period, kronor = row.partition("#")[0].split()
        found[enhet, step, category, period] = int(read_number(kronor) * 100)
    return found


def years(enhet: str, *categories: str) -> Fraction:
    """Return the counted elever-years of a unit through October in categories counted by month."""
    return Fraction(sum(sum(COUNTS.get((enhet, one), [])) for one in categories), 12)
