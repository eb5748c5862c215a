"""Lika villkor: whether the same elev is worth the same to every recipient, and if not, on what ground."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core.access import Resource, may
from core.allocation import equality
from core.base import Recipient, format_kr, half_up, label
from core.parameters import WeightedPool
from core.parameters.thresholds import load_thresholds
from core.usecases.choices import SHOWN, run_for
from core.usecases.context import kommun_of, must
from core.usecases.equal_views import EqualElev, EqualFinding, EqualPart, EqualRange, EqualStep, EqualView, EqualYear
from core.usecases.presenting import model_of, run_info
from core.usecases.rebuilt import input_of_run
from core.usecases.sealing import individual_steps, secret_indexes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from core.access import Actor
    from core.allocation import ElevLadder, Finding, Rung, YearLadder, YearStep
    from core.parameters import FundingModel
    from core.usecases.context import App


def equal_years(app: App, viewer: Actor) -> tuple[int, ...]:
    """Return the years that have a decided run, newest first."""
    kommun = kommun_of(viewer)
    must(viewer, "equal.view", kommun)
    with app.reading(viewer) as work:
        years = {year for year, _ in work.sums.years_of(kommun, None, SHOWN)}
    return tuple(sorted(years, reverse=True))


def equal_kinds(app: App, viewer: Actor, year: int) -> tuple[str, ...]:
    """Return the kinds of decided run that a year has."""
    kommun = kommun_of(viewer)
    must(viewer, "equal.view", kommun)
    with app.reading(viewer) as work:
        kinds = {kind for one, kind in work.sums.years_of(kommun, None, SHOWN) if one == year}
    return tuple(sorted(kinds, reverse=True))


def equal_view(app: App, viewer: Actor, year: int, kind: str | None = None) -> EqualView:
    """Return every difference between recipients in the run that stands for a year; raises ``NoRunError``.

    Who may not see individual support is shown everything but it, and but pools by an index that may not be
    published where few units share.
    """
    kommun = kommun_of(viewer)
    must(viewer, "equal.view", kommun)
    with app.reading(viewer) as work:
        run = run_for(work, kommun, year, kind)
        data = input_of_run(work, run)
        secret = secret_indexes(work, run)
    model = model_of(run)
    answer = equality(model, data.prices, data)
    sealed, few = _sealed(viewer, kommun, model, secret), load_thresholds().individual_support_on(app.clock().date())
    never, of_many = sealed
    hidden = {one.recipient: never | (of_many if one.enheter < few.fewest else frozenset()) for one in answer.years}
    elever = tuple(_elev(one, model) for one in answer.elever)
    return EqualView(
        run_info(run),
        tuple(_finding(one, model, hidden.get(one.recipient, never)) for one in answer.findings),
        elever,
        tuple(_ranges(elever)),
        tuple(_year(one, model, hidden[one.recipient]) for one in answer.years),
    )


def _sealed(
    viewer: Actor, kommun: str, model: FundingModel, secret: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the steps a viewer may never see sums of, and those that only many units together may show."""
    if may(viewer, "individual.view", Resource("kommun", kommun)).allowed:
        return frozenset(), frozenset()
    pools = {
        one.step for one in model.amounts if isinstance(one, WeightedPool) and one.factor and one.factor.index in secret
    }
    for step in model.amounts:  # what is computed on a pool gives the pool away
        if pools & {name for name in getattr(step, "of", ()) if isinstance(name, str)}:
            pools.add(step.step)
    return individual_steps(model), frozenset(pools)


def _year(ladder: YearLadder, model: FundingModel, hidden: frozenset[str]) -> EqualYear:
    shown = [one for one in ladder.steps if one.step not in hidden]
    left_out = [one for one in ladder.steps if one.step in hidden]
    names = _labels(model)
    return EqualYear(
        ladder.recipient,
        ladder.enheter,
        sum(own for name, (own, _) in ladder.by_step.items() if name not in hidden),
        sum(theirs for name, (_, theirs) in ladder.by_step.items() if name not in hidden),
        sum(one.difference_ore for one in shown if one.ground),
        sum(one.difference_ore for one in shown if not one.ground),
        tuple(_step(one, one.difference_ore, names) for one in shown),
        tuple(dict.fromkeys(one.label for one in left_out)),
    )


def _labels(model: FundingModel) -> dict[str, str]:
    return {one.step: one.label for one in (*model.prices, *model.amounts)}


def _step(one: Rung | YearStep, difference_ore: int, names: dict[str, str]) -> EqualStep:
    ground = one.ground
    follows = tuple(dict.fromkeys(names.get(name, name) for name in one.follows))
    code, source = (ground.code, ground.source) if ground else ("", None)
    return EqualStep(one.step, one.label, difference_ore, code, source, follows)


def _whole(value: Fraction | None) -> int | None:
    return None if value is None else half_up(value.numerator, value.denominator)


def _elev(ladder: ElevLadder, model: FundingModel) -> EqualElev:
    category, names = model.category(ladder.category), _labels(model)
    return EqualElev(
        ladder.category, category.label, category.verksamhet.value, _list_label(model, ladder.price_list),
        ladder.recipient, _whole(ladder.own_ore), _whole(ladder.theirs_ore), _whole(ladder.unexplained_ore) or 0,
        tuple(_step(one, _whole(one.difference_ore) or 0, names) for one in ladder.rungs),
    )  # fmt: skip


def _ranges(elever: Sequence[EqualElev]) -> Iterator[EqualRange]:
    """Yield, by verksamhet, each step that differs with its ground, recipients that differ alike together."""
    held: dict[tuple[str, str, str, str], list[EqualStep]] = {}
    for one in elever:
        for step in one.steps:
            held.setdefault((one.verksamhet, step.step, step.code, one.recipient), []).append(step)
    alike: dict[EqualRange, list[str]] = {}
    for (verksamhet, _, code, recipient), steps in held.items():
        amounts = [step.difference_ore or 0 for step in steps]
        first = steps[0]
        found = EqualRange(verksamhet, first.label, (), min(amounts), max(amounts), code, first.source, first.follows)
        alike.setdefault(found, []).append(recipient)
    for found, recipients in alike.items():
        yield replace(found, recipients=tuple(recipients))


def _list_label(model: FundingModel, name: str) -> str:
    return next(one.label for one in model.price_lists if one.list == name)


def _named(finding: Finding, model: FundingModel) -> tuple[str, ...]:
    """Return what the steps are called, with their verksamhet: several verksamheter have an Undervisning."""
    of = {one.step: one.verksamhet for one in (*model.prices, *model.amounts) if hasattr(one, "verksamhet")}
    named = []
    for step, name in zip(finding.steps, finding.labels, strict=True):
        verksamhet = of.get(step)
        named.append(f"{name}, {label(verksamhet).lower()}" if verksamhet else name)
    return tuple(dict.fromkeys(named))


def _finding(finding: Finding, model: FundingModel, hidden_steps: frozenset[str]) -> EqualFinding:
    hidden = bool(hidden_steps.intersection(finding.steps))
    parts = tuple(
        EqualPart(
            model.category(one.category).label,
            _list_label(model, one.price_list),
            _whole(one.per_elev_ore) or 0,
            one.elever,
        )
        for one in finding.parts
    )
    yearly = None if hidden else finding.yearly_ore
    names = _named(finding, model)
    return EqualFinding(
        finding.code, finding.recipient, names, finding.steps, finding.law,
        None if hidden and finding.code != "pris" else _whole(finding.per_elev_ore), yearly, finding.enheter, parts,
        sentence_of(finding, names, yearly), " ".join(_remedies(finding.code, finding.steps)), hidden,
    )  # fmt: skip


def sentence_of(finding: Finding, names: Sequence[str], yearly_ore: int | None) -> str:
    """Return a finding in one Swedish sentence, with what it is worth where that is known."""
    whom, steps = label(Recipient(finding.recipient)).lower(), " och ".join(names)
    said = {
        "pris": f"{steps}: en elev hos {whom} är inte värd detsamma som hos en egen enhet",
        "steg": f"{steps}: ges inte lika till {whom} som till egna enheter",
        "villkor": f"{steps}: villkoren är andra för {whom} än för egna enheter",
        "index": f"{steps}: {finding.enheter} enheter ({whom}) saknar eget index, men ingen egen enhet gör det",
    }[finding.code]
    if not yearly_ore:
        return f"{said}."
    return f"{said}, {format_kr(abs(yearly_ore))} {'mindre' if yearly_ore < 0 else 'mer'} på året."


def _remedies(code: str, steps: Sequence[str]) -> Iterator[str]:
    named = ", ".join(steps)
    if code == "index":
        yield f"Läs in index för enheterna, eller låt nämnden besluta grunden och skriv unequal_because på {named}."
        return
    change = {"pris": "samma värde för alla mottagare", "steg": "alla mottagare i recipients"}
    yield f"Ge {named} {change.get(code, 'samma villkor för alla mottagare')} i modellen."
    yield "Finns en saklig grund: låt nämnden besluta den och skriv unequal_because på steget."
