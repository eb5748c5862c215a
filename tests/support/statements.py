"""An invented unit's allocation as rows and tree, small enough to check by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from core.base import Derivation, Source, leaf, product, quotient, rounded, total
from core.publication import Part, Policy, RunFacts, Statement, Totals, UnitFacts, build_statement

if TYPE_CHECKING:
    from collections.abc import Mapping

DECISION = Source("decision", "Nämndens beslut 2025-11-17 § 212", detail="prislista 2026, rad 3")
LAW = Source("law", "skollagen (2010:800) 2 kap. 8 b §", url="https://lagen.nu/2010:800#K2P8b")
BATCH = Source("batch", "Elevregister, inläsning 22", detail="rad 3–14", batch=22)
UNIT = UnitFacts(
    kommun="Lindvik",
    enhet="e014",
    name="Lerbäckens skola",
    huvudman_name="Lindviks kommun",
    recipient="Kommunens egen enhet",
    verksamheter=("Grundskola", "Fritidshem"),
)
RUN = RunFacts(
    number=14,
    kind="utfall",
    kind_label="Utfall",
    year=2026,
    state="decided",
    through_month=10,
    decision="Utbildningsnämnden 2025-11-17 § 212",
    model_title="Lindviks resursfördelning 2026",
    model_version=1,
    fingerprint="f" * 64,
    root_hash="a" * 64,
    lines_hash="b" * 64,
)
MADE_ON = date(2026, 11, 22)
POLICY = Policy(fewest=5)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Öre by dimension and step; ``decisions`` by step of individual support, counted in ``units`` (beslut)."""

    steps: Mapping[str, Mapping[str, int]]
    decisions: Mapping[str, int | None]
    units: Mapping[str, str] = field(default_factory=dict)


def teaching(ore: int) -> Derivation:
    """Return a step of bas with a price, a count and a rounding under it, and a correction that makes it ``ore``."""
    count = leaf("count", "Elever i årskurs 1–3", Fraction(158), "elever", BATCH)
    pot = leaf("pot", "Budget för årskurs 1–3", Fraction(103_300_000), "kr", DECISION)
    planned = leaf("planned", "Planerade elever", Fraction(1800), "elever", BATCH)
    price = rounded(
        "price", "Pris per elev", quotient("exact", "Budget per elev", "kr/elev", pot, planned), Fraction(100)
    )
    line = product("line:grundskola.undervisning|grundskola.1_3|2026", "Årskurs 1–3", "kr", count, price)
    rest = leaf(
        "line:grundskola.undervisning|grundskola.4_6|2026",
        "Årskurs 4–6",
        Fraction(ore, 100) - line.value,
        "kr",
        DECISION,
    )
    return total("step:grundskola.undervisning", "Undervisning", "kr", [line, rest])


def step_node(step: str, ore: int) -> Derivation:
    """Return a step with one line under it; a step named ``….moms`` is computed on the step before the dot."""
    if step == "grundskola.undervisning":
        return teaching(ore)
    source = Source("step", f"Steg {step.removesuffix('.moms')}") if step.endswith(".moms") else DECISION
    line = leaf(f"line:{step}|alla|2026", "Alla", Fraction(ore, 100), "kr", source)
    return total(f"step:{step}", step.partition(".")[2].capitalize(), "kr", [line])


LABELS = {"bas": "Bas", "socioekonomi": "Socioekonomi", "struktur": "Struktur", "individ": "Individuellt stöd"}


def tree_of(amounts: Amounts) -> Derivation:
    """Return the derivation of the unit's total."""
    dims = [
        total(f"dim:{dim}", LABELS[dim], "kr", [step_node(step, ore) for step, ore in steps.items()])
        for dim, steps in amounts.steps.items()
    ]
    return total("total", "Summa", "kr", dims)


def parts_of(amounts: Amounts) -> tuple[Part, ...]:
    """Return the rows of the table, dimension by dimension, and the total last."""
    rows: list[Part] = []
    for dim, steps in amounts.steps.items():
        rows.append(Part(f"dim:{dim}", "total", LABELS[dim], sum(steps.values()), expectation="Se modellen."))
        for step, ore in steps.items():
            decided = amounts.decisions.get(step)
            unit = None if decided is None else amounts.units.get(step, "beslut")
            label = step.partition(".")[2].capitalize()
            rows.append(Part(f"step:{step}", f"dim:{dim}", label, ore, cases=decided, case_unit=unit, source=DECISION))
            rows.append(
                Part(
                    f"line:{step}|alla|2026",
                    f"step:{step}",
                    "Alla",
                    ore,
                    quantity=Fraction(1),
                    quantity_unit="st",
                    price_ore=Fraction(ore),
                    price_unit="kr",
                    source=LAW,
                )
            )
    whole = sum(sum(steps.values()) for steps in amounts.steps.values())
    return (*rows, Part("total", None, "Summa", whole))


def usual(individ_ore: int = 1_842_000_00, decisions: int | None = 9) -> Amounts:
    """Return the amounts of the wireframe, with as many decisions as asked for."""
    return Amounts(
        {
            "bas": {"grundskola.undervisning": 21_024_800_00, "grundskola.lokalkostnader": 16_881_200_50},
            "socioekonomi": {"grundskola.socioekonomi": 3_118_600_00},
            "struktur": {"grundskola.landsbygd": 251_600_00},
            "individ": {"grundskola.stod": individ_ore},
        },
        {"grundskola.stod": decisions},
    )


def statement_of(amounts: Amounts | None = None, unit: UnitFacts = UNIT, run: RunFacts = RUN) -> Statement:
    """Return the statement of ``amounts``, built as the use case builds it."""
    amounts = amounts or usual()
    tree = tree_of(amounts)
    totals = Totals(
        total_ore=int(tree.value * 100),
        elever=Fraction(369),
        elever_years=Fraction(369),
        per_elev_ore=11_685_200,
        kommun_per_elev_ore=11_240_000,
        previous_year=2025,
        previous_total_ore=41_913_900_00,
        budget_total_ore=43_000_000_00,
        centrally_held_ore=1_000_00,
    )
    return build_statement(unit, run, totals, parts_of(amounts), tree, policy=POLICY, made_on=MADE_ON)
