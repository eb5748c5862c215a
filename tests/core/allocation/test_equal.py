"""The same elev for each recipient: every difference has a ground or is found, and the ladder holds every öre."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.allocation import UnitFacts, blocks_of, compute_prices, elev_ladders, equal_findings, equality
from core.base import Recipient
from tests.support.cases import cases
from tests.support.small_amounts import every_month, paying_model, run_of

if TYPE_CHECKING:
    from core.allocation import AllocationInput, Equality, Finding
    from core.parameters import FundingModel

ENSKILDA = ["fristaende_hemma", "fristaende_annan"]
NOT_OWN = [*ENSKILDA, "annan_kommun"]
UNITS = tuple(
    UnitFacts(f"e{place}", f"Enhet {place}", recipient.value, ("grundskola",), landsbygd=place % 2 == 0)
    for place, recipient in enumerate([*Recipient, *Recipient])
)
BASE = {"step": "undervisning", "values": {"a": "60000"}}
PAID = {"step": "grundbelopp", "kind": "per_elev", "prices": ["undervisning"]}
POOL = {"step": "socio", "kind": "weighted_pool", "pool": "120000", "categories": ["a"]}
VAT = {"step": "moms", "kind": "markup", "kostnadsslag": "mervardesskatt", "of": ["undervisning"], "rate": "0.06",
       "recipients": ENSKILDA}  # fmt: skip


def model(*amounts: dict[str, Any], prices: tuple[dict[str, Any], ...] = (), **parts: object) -> FundingModel:
    """Return a model with a base price, and more prices and amounts."""
    named = [BASE, *prices]
    paid = {**PAID, "prices": [one["step"] for one in named]}
    return paying_model([paid, *amounts], prices=named, **parts)  # type: ignore[arg-type]  # any part of a model


def run(of: FundingModel, elever: int = 12) -> AllocationInput:
    """Return a year with two units of every recipient."""
    return run_of(of, [every_month(elever) for _ in UNITS], units=UNITS)[0]


def asked(of: FundingModel, elever: int = 12) -> Equality:
    """Return the answer with a year's units."""
    data = run(of, elever)
    return equality(of, data.prices, data)


def found(of: FundingModel) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what is found, shortly."""
    return [(one.code, one.recipient, one.steps) for one in equal_findings(of, compute_prices(of))]


@pytest.mark.parametrize("case", cases("allocation/equal"), ids=lambda case: case["name"])
def test_cases_of_equal_treatment(case: dict[str, Any]) -> None:
    prices, amounts = case["prices"], case.get("amounts", [])
    of = paying_model(
        [{"step": "grundbelopp", "kind": "per_elev", "prices": [one["step"] for one in prices]}, *amounts],
        prices=prices,
        categories=[{"category": "a", "verksamhet": case.get("verksamhet", "grundskola")}],
    )
    units = [UnitFacts(f"e{n}", "Enhet", who, ("grundskola",)) for n, who in enumerate(case["units"])]
    data = run_of(of, [every_month(case["elever"]) for _ in units], units=units)[0]
    answer = equality(of, data.prices, data)
    grounds = {
        f"{ladder.recipient} {rung.step}": [rung.ground.code if rung.ground else None, int(rung.difference_ore)]
        for ladder in answer.elever
        for rung in ladder.rungs
        if ladder.recipient in case["units"]
    }
    years = {
        f"{one.recipient} {step.step}": [step.ground.code if step.ground else None, step.difference_ore]
        for one in answer.years
        for step in one.steps
    }
    findings = [[one.code, one.recipient, *one.steps, one.yearly_ore, one.law.title] for one in answer.findings]
    assert grounds == case.get("per_elev", {})
    assert years == case.get("year", {})
    assert findings == case.get("findings", [])


def test_a_price_that_only_own_units_are_given_is_found_with_what_it_is_worth() -> None:
    extra = {"step": "extra", "values": {"a": "5000"}, "recipients": ["egen"]}
    answer = asked(model(prices=(extra,)))
    by = {one.recipient: one for one in answer.findings}
    assert set(by) == set(NOT_OWN)
    finding = by["fristaende_hemma"]
    assert (finding.code, finding.steps, finding.per_elev_ore) == ("pris", ("extra",), Fraction(-500_000))
    assert finding.yearly_ore == -500_000 * 24  # two units of twelve elever
    assert finding.law.title == "skollagen (2010:800) 10 kap. 37 §"
    assert by["annan_kommun"].law.title == "skollagen (2010:800) 10 kap. 34 §"


def test_the_same_money_under_two_names_is_no_difference() -> None:
    own = {"step": "mat_egen", "kostnadsslag": "maltider", "values": {"a": "7000"}, "recipients": ["egen"]}
    theirs = {"step": "mat_andra", "kostnadsslag": "maltider", "values": {"a": "7000"}, "recipients": NOT_OWN}
    assert found(model(prices=(own, theirs))) == []
    less = {**theirs, "values": {"a": "6999"}}
    answer = asked(model(prices=(own, less)))
    assert {one.per_elev_ore for one in answer.findings} == {-100}


def test_vat_is_a_ground_for_enskilda_but_never_between_kommuner() -> None:
    assert found(model(prices=(VAT,))) == []
    assert found(model(prices=({**VAT, "recipients": NOT_OWN},))) == [("pris", "annan_kommun", ("moms",))]


def test_a_rate_above_the_ordinance_is_no_ground() -> None:
    assert found(model(prices=({**VAT, "rate": "0.07"},))) == [("pris", who, ("moms",)) for who in ENSKILDA]


def test_what_is_built_on_a_breach_follows_from_it_and_is_not_counted_as_a_second_finding() -> None:
    extra = {"step": "extra", "values": {"a": "5000"}, "recipients": ["egen"]}
    adm = {"step": "adm", "kind": "markup", "kostnadsslag": "administration", "of": ["undervisning", "extra"],
           "rate": "0.03"}  # fmt: skip
    of = model(prices=(extra, adm))
    assert [steps for _, who, steps in found(of) if who == "fristaende_hemma"] == [("extra",)]
    ladder = next(one for one in elev_ladders(of, compute_prices(of)) if one.recipient == "fristaende_hemma")
    assert [(one.step, one.difference_ore, one.follows) for one in ladder.rungs] == [
        ("extra", Fraction(-500_000), ()),
        ("adm", -15_000, ("extra",)),
    ]
    assert ladder.unexplained_ore == -515_000


def test_a_pool_for_some_is_found_and_worth_what_they_would_have_got_as_own_units() -> None:
    answer = asked(model({**POOL, "recipients": ["egen", "fristaende_hemma"]}))
    by = {one.recipient: one for one in answer.findings}
    assert set(by) == {"fristaende_annan", "annan_kommun"}
    assert by["fristaende_annan"].code == "steg"
    # 120 000 kr over 48 elever is 2 500 kr an elev; 24 elever in two units
    assert by["fristaende_annan"].yearly_ore == -60_000_00
    assert by["fristaende_annan"].per_elev_ore == -2_500_00
    assert by["fristaende_annan"].enheter == 2


def test_a_ground_in_the_model_explains_it() -> None:
    decided = {"kind": "decision", "title": "Nämnden", "paragraph": "§ 7"}
    pool = {**POOL, "recipients": ["egen", "fristaende_hemma"], "unequal_because": decided}
    answer = asked(model(pool))
    assert answer.findings == ()
    year = next(one for one in answer.years if one.recipient == "annan_kommun")
    assert [(one.step, one.ground and one.ground.source.title) for one in year.steps] == [("socio", "Nämnden")]


def test_a_condition_on_the_recipient_is_seen_as_the_step_being_for_some() -> None:
    lump = {"step": "klump", "kind": "per_unit", "categories": ["a"], "amount": "1000",
            "where": [{"field": "recipient", "=": "egen"}]}  # fmt: skip
    assert [one[:2] for one in found(model(lump))] == [("steg", who) for who in NOT_OWN]


def test_an_index_that_only_theirs_lack_is_found() -> None:
    of = model({**POOL, "factor": {"index": "socio", "default": "100"}})
    data = run_of(of, [every_month(12) for _ in UNITS], units=UNITS,
                  index={"socio": {"e0": Fraction(90), "e4": Fraction(110)}})[0]  # fmt: skip
    lacking = [one for one in equality(of, data.prices, data).findings if one.code == "index"]
    assert [(one.recipient, one.enheter) for one in lacking] == [
        ("annan_kommun", 2),
        ("fristaende_annan", 2),
        ("fristaende_hemma", 2),
    ]


def test_a_mean_of_the_own_kind_alone_needs_a_ground() -> None:
    default = {"mean_of": "same_recipient", "weighted": True}
    of = model({**POOL, "factor": {"index": "socio", "default": default}})
    assert [one[0] for one in found(of)] == ["villkor"] * 3


def test_a_programme_the_kommun_does_not_offer_is_priced_by_the_national_list() -> None:
    of = paying_model(
        [{"step": "gy", "kind": "per_elev", "prices": ["riks"]}],
        prices=[{"step": "riks", "values": {"a": "111300"}, "recipients": ENSKILDA, "kostnadsslag": "grundbelopp"}],
        categories=[{"category": "a", "verksamhet": "gymnasieskola"}],
    )
    assert found(of) == []
    ladder = next(iter(elev_ladders(of, compute_prices(of))))
    assert [one.ground and one.ground.code for one in ladder.rungs] == ["riksprislista"]


amounts = st.integers(1, 99_999).map(str)


@st.composite
def models_for_all(draw: st.DrawFn) -> FundingModel:
    """Draw a model that gives every recipient the same steps."""
    prices: list[dict[str, Any]] = [{"step": "p0", "values": {"a": draw(amounts)}}]
    for place in range(draw(st.integers(0, 3))):
        if draw(st.booleans()):
            prices.append({"step": f"p{place + 1}", "values": {"a": draw(amounts)}})
        else:
            prices.append({"step": f"p{place + 1}", "kind": "markup", "of": ["p0"], "rate": "0.03"})
    steps: list[dict[str, Any]] = [
        {"step": "grund", "kind": "per_elev", "prices": [one["step"] for one in prices]},
    ]
    if draw(st.booleans()):
        steps.append({**POOL, "pool": draw(amounts)})
        steps.append({"step": "pa", "kind": "markup", "of": ["socio"], "rate": "0.03"})
    if draw(st.booleans()):
        steps.append({"step": "k", "kind": "per_unit", "categories": ["a"], "amount": draw(amounts),
                      "where": [{"field": "landsbygd", "=": "ja"}]})  # fmt: skip
    return paying_model(steps, prices=prices)


@given(models_for_all(), st.integers(0, 30))
@settings(max_examples=60, deadline=None)
def test_the_same_steps_for_everybody_have_no_finding_and_no_difference(of: FundingModel, elever: int) -> None:
    answer = asked(of, elever or 1)
    assert answer.findings == ()
    assert all(one.rungs == () for one in answer.elever)
    assert all(one.steps == () and one.as_is_ore == one.as_own_ore for one in answer.years)


recipients = st.lists(st.sampled_from([one.value for one in Recipient]), min_size=1, unique=True)
slag = st.sampled_from(["undervisning", "maltider", "mervardesskatt", "administration", "avgift"])


@st.composite
def models_for_some(draw: st.DrawFn) -> FundingModel:
    """Draw a model whose steps are for some recipients."""
    prices: list[dict[str, Any]] = [BASE]
    for place in range(draw(st.integers(1, 4))):
        step: dict[str, Any] = {"step": f"p{place}", "recipients": draw(recipients), "kostnadsslag": draw(slag)}
        kind = draw(st.sampled_from(["given", "markup", "deduction"]))
        if kind == "given":
            step |= {"values": {"a": draw(amounts)}}
        elif kind == "markup":
            step |= {"kind": "markup", "of": [one["step"] for one in prices], "rate": "0.06"}
        else:
            step |= {"kind": "deduction", "values": {"a": draw(amounts)}}
        prices.append(step)
    steps = [
        {**PAID, "prices": [one["step"] for one in prices]},
        {**POOL, "recipients": draw(recipients.filter(lambda chosen: chosen != [] and "egen" in chosen))},
        {"step": "held", "kind": "deduction", "of": ["undervisning", "socio"], "rate": "0.5", "recipients": ["egen"]},
    ]
    return paying_model(steps, prices=prices)


@given(models_for_some())
@settings(max_examples=80, deadline=None)
def test_grounds_and_findings_together_are_the_whole_difference_to_the_ore(of: FundingModel) -> None:
    answer = asked(of)
    for one in answer.elever:
        assert sum(rung.difference_ore for rung in one.rungs) == (one.theirs_ore or 0) - (one.own_ore or 0)
        grounded = sum(rung.difference_ore for rung in one.rungs if rung.ground)
        assert grounded + one.unexplained_ore == (one.theirs_ore or 0) - (one.own_ore or 0)
    for year in answer.years:
        assert sum(step.difference_ore for step in year.steps) == year.as_is_ore - year.as_own_ore


@given(models_for_some())
@settings(max_examples=40, deadline=None)
def test_a_year_as_it_is_is_what_the_run_pays_save_the_ore_of_pools(of: FundingModel) -> None:
    data = run(of)
    paid: dict[str, int] = dict.fromkeys((one.value for one in Recipient), 0)
    for block in blocks_of(data).blocks:
        for place, amount in zip(block.enhet, block.amount_ore, strict=True):
            paid[data.units[place].recipient] += amount
    for year in equality(of, data.prices, data).years:
        assert abs(paid[year.recipient] - year.as_is_ore) <= len(UNITS)  # an öre of the pool's remainder a unit
        assert year.enheter == 2


def test_a_seeded_breach_among_many_steps_is_the_only_finding() -> None:
    """Lawful differences all around, and one krona too little for one recipient."""
    prices = (
        VAT,
        {"step": "avg", "kind": "deduction", "kostnadsslag": "avgift", "values": {"a": "3000"}, "recipients": NOT_OWN},
        {"step": "lokal", "kostnadsslag": "lokalkostnader", "values": {"a": "12000"},
         "recipients": ["egen", "fristaende_hemma", "annan_kommun"]},
        {"step": "lokal_bort", "kostnadsslag": "lokalkostnader", "values": {"a": "11999"},
         "recipients": ["fristaende_annan"]},
    )  # fmt: skip
    held = {"step": "held", "kind": "deduction", "of": ["lokal"], "rate": "1", "recipients": ["egen"]}
    answer = asked(model(held, prices=prices))
    assert [(one.recipient, set(one.steps), one.per_elev_ore, one.yearly_ore) for one in answer.findings] == [
        ("fristaende_annan", {"lokal", "lokal_bort"}, Fraction(-100), -2_400)
    ]
    assert {one.recipient: one.unexplained_ore for one in answer.years} == {
        "fristaende_hemma": 0,
        "annan_kommun": 0,
        "fristaende_annan": -2_400,
    }


def test_findings_can_be_asked_for_without_a_run() -> None:
    of = model({**POOL, "recipients": ["egen"]})
    findings: tuple[Finding, ...] = equal_findings(of, compute_prices(of))
    assert [(one.recipient, one.yearly_ore, one.per_elev_ore) for one in findings] == [
        (who, None, None) for who in NOT_OWN
    ]


def test_an_index_that_an_own_unit_must_have_leaves_the_year_unsaid() -> None:
    """Theirs have no index and the model no default: as own units they could not be reckoned at all."""
    pool = {**POOL, "recipients": ["egen"], "factor": {"index": "socio"}}
    of = model(pool)
    index = {"socio": {"e0": Fraction(90), "e4": Fraction(110)}}
    data = run_of(of, [every_month(12) for _ in UNITS], units=UNITS, index=index)[0]
    answer = equality(of, data.prices, data)
    assert answer.years == ()
    assert {one.yearly_ore for one in answer.findings} == {None}


def test_a_ground_without_its_kind_is_refused() -> None:
    bad = {**POOL, "unequal_because": {"title": "utan sort"}}
    with pytest.raises(ValueError, match="kind"):
        model(bad)
