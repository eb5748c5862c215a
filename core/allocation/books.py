"""Books close: every term between the decided budget and what is paid is a named line.

Budget: lines + central + reserve − momsersättning − targeted grants + rounding of prices = decided budget +
tilläggsbudget + surplus − deficit carried over.
Utfall: paid = budget lines − months not yet counted + a model changed in the year + additions in the year and what
corresponds to them + volume + pots and decided sums + rounding + corrections of months that an earlier run of the
year has said.
Each side is added up for itself; a difference is a finding, never a term.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from core.allocation.corrections import Corrected
from core.base import half_up, read_number
from core.parameters import Addition, PerElevPrice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from core.allocation.lines import LineBlock
    from core.parameters import BookTerm, FundingModel

ORE, MONTHS = 100, 12
ADDED = {True: ("tillskott.", "egna enheter"), False: ("motsvarande.", "motsvarande till andra huvudmän")}
"""What the two terms of an addition are called: the own units' kronor, and the corresponding addition."""
NO_CORRECTIONS = Corrected(0)
Side = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class BookLine:
    """A named term in öre on one side of the equals sign."""

    side: Side
    term: str
    label: str
    amount_ore: int


def difference_of(lines: Sequence[BookLine]) -> int:
    """Return left minus right in öre; zero when the books close."""
    return sum(one.amount_ore if one.side == "left" else -one.amount_ore for one in lines)


def budget_books(model: FundingModel, blocks: Sequence[LineBlock], planned: Mapping[str, Fraction]) -> list[BookLine]:
    """Return the terms of a budget run: lines by verksamhet and the model's terms against the decided budget.

    ``planned``: the elever by category that prices solved from a budget were divided by.
    """
    if model.books is None:
        return []
    by_verksamhet: dict[str, int] = {}
    by_kostnadsslag: dict[str, int] = {}
    for block in blocks:
        slag = block.facts.kostnadsslag
        by_kostnadsslag[slag] = by_kostnadsslag.get(slag, 0) + sum(block.amount_ore)
        if block.facts.kind == "addition":
            continue
        for verksamhet, amount in zip(block.verksamhet, block.amount_ore, strict=True):
            by_verksamhet[verksamhet] = by_verksamhet.get(verksamhet, 0) + amount
    left = [BookLine("left", f"rader.{name}", name, amount) for name, amount in by_verksamhet.items()]
    labels = {one.step: one.label for one in model.amounts if isinstance(one, Addition)}
    left += _added_terms("left", additions_of(blocks), {}, labels)
    for term in model.books.terms:
        amount = _ore(term.amount) if term.amount is not None else by_kostnadsslag.get(str(term.of_lines), 0)
        if not term.is_frame:
            left.append(BookLine("left", term.term, term.named, -amount if term.is_taken else amount))
    left.append(BookLine("left", "avrundning", "Avrundning av priser", _rounding(model, blocks, planned)))
    decided = BookLine("right", "beslutad_budget", "Beslutad budget", _ore(model.books.decided))
    return [*left, decided, *(BookLine("right", one.term, one.named, _frame_ore(one)) for one in frames_of(model))]


def frames_of(model: FundingModel) -> list[BookTerm]:
    """Return what changes the decided budget: tilläggsbudget, and surplus or deficit carried over."""
    return [one for one in model.books.terms if one.is_frame] if model.books else []


def _frame_ore(frame: BookTerm) -> int:
    ore = _ore(str(frame.amount))
    return -ore if frame.is_taken else ore


def new_frames(before: FundingModel, now: FundingModel, through_month: int) -> list[BookLine]:
    """Return the frames that ``now`` has and ``before`` had not, each with its part for the counted months.

    A frame from June is for June–December: a run through October carries five of its seven months.
    """
    known = {one.term for one in frames_of(before)}
    found = []
    for frame in frames_of(now):
        first = frame.valid_from.month if frame.valid_from and frame.valid_from.year == now.year else 1
        counted = max(through_month - first + 1, 0)
        if frame.term not in known and counted:
            part = _frame_ore(frame) * Fraction(counted, MONTHS - first + 1)
            found.append(BookLine("right", frame.term, frame.named, half_up(part.numerator, part.denominator)))
    return found


def _ore(kronor: str) -> int:
    value = read_number(kronor) * ORE
    return half_up(value.numerator, value.denominator)


def _rounding(model: FundingModel, blocks: Iterable[LineBlock], planned: Mapping[str, Fraction]) -> int:
    """Return what elever who are paid a price solved from a budget would get unrounded, less what they get.

    Elever that the price was divided by but that no line pays are no rounding: the books then do not close.
    """
    budgets = {one.step: one.from_budget for one in model.prices if isinstance(one, PerElevPrice) and one.from_budget}
    exact, paid = Fraction(0), 0
    for block in blocks:
        elever: dict[tuple[str, int], int] = {}
        if block.facts.step in budgets:
            paid += sum(block.amount_ore)
            for category, n, den in zip(block.category, block.quantity_num, block.quantity_den, strict=True):
                elever[category, den] = elever.get((category, den), 0) + n
        for (category, den), n in elever.items():
            exact += _ore(budgets[block.facts.step][category]) * Fraction(n, den) / planned[category]
    return half_up(exact.numerator, exact.denominator) - paid


Added = dict[tuple[str, bool], int]
"""Öre by addition: to the own units (True), and the corresponding addition to others (False)."""


def additions_of(blocks: Iterable[LineBlock]) -> Added:
    """Return what each addition gives the own units and, in its second block, what others get that corresponds."""
    found: Added = {}
    for block in blocks:
        if block.facts.kind == "addition":
            found[block.facts.step, (block.facts.step, True) not in found] = sum(block.amount_ore)
    return found


def _added_terms(side: Side, now: Added, before: Added, labels: Mapping[str, str]) -> list[BookLine]:
    """Return the terms of additions, less what they were before."""
    terms = []
    for step, own in sorted({*now, *before}, key=lambda one: (one[0], not one[1])):
        prefix, said = ADDED[own]
        amount = now.get((step, own), 0) - before.get((step, own), 0)
        terms.append(BookLine(side, prefix + step, f"{labels.get(step, step)}: {said}", amount))
    return terms


@dataclass(frozen=True, slots=True)
class _Sums:
    """What lines add up to: by elever exactly and as paid in whole öre, additions, others as paid by dimension."""

    exact: Fraction
    paid: int
    other: Mapping[str, int]
    added: Added

    @property
    def total(self) -> int:
        """The sum of all lines in öre."""
        return self.paid + sum(self.other.values()) + sum(self.added.values())


def _sums(blocks: Iterable[LineBlock]) -> _Sums:
    exact: dict[int, int] = {}  # by denominator, so that fractions are added once and not line by line
    paid = 0
    other: dict[str, int] = {}
    blocks = list(blocks)
    added = additions_of(blocks)
    for block in blocks:
        total = sum(block.amount_ore)
        if block.facts.kind == "addition":
            continue
        if block.facts.kind != "per_elev":
            if block.amount_ore:
                other[block.facts.dimension] = other.get(block.facts.dimension, 0) + total
            continue
        paid += total
        for terms in zip(*block.terms(), strict=True):
            n, n_den, rate, rate_den, factor, factor_den = terms
            denominator = n_den * rate_den * factor_den
            exact[denominator] = exact.get(denominator, 0) + n * rate * factor
    return _Sums(sum((Fraction(top, bottom) for bottom, top in exact.items()), Fraction(0)), paid, other, added)


def utfall_books(
    budget_ore: int,
    through: Iterable[LineBlock],
    utfall: Iterable[LineBlock],
    labels: Mapping[str, str],
    decided: Iterable[LineBlock] | None = None,
    corrected: Corrected = NO_CORRECTIONS,
    frames: Sequence[BookLine] = (),
) -> list[BookLine]:
    """Return the terms of an utfall run against its budget run.

    ``budget_ore``: the whole budget run. ``through``: its plan for the months that are counted, paid as the utfall
    pays. ``decided``: the same plan paid as the budget run paid, where the model was changed since. ``labels``:
    Swedish names of the dimensions, and of the model's additions. ``corrected``: corrections of months that an
    earlier run has said: they are a term of their own, taken out of the terms where they would else hide. Volume is
    then that of the months as they were said first, and a changed model only what it changed in months nobody had
    said before. ``frames``: frames that are new since the budget run, named each for itself and taken out of the
    changed model's term: what is left there was changed within the frames, or is not shared out yet.
    """
    plan, real = _sums(through), _sums(utfall)
    volume = real.exact - plan.exact - corrected.volume()
    volume_ore = half_up(volume.numerator, volume.denominator)
    rounding = (real.paid - real.exact) - (plan.paid - plan.exact) + (volume - volume_ore) - corrected.rounding
    before = plan if decided is None else _sums(decided)
    as_decided = before.total
    right = [
        BookLine("right", "budget", "Budget enligt budgetkörningen", budget_ore),
        BookLine("right", "ej_raknat", "Månader som inte räknats än", as_decided - budget_ore),
    ]
    right += frames
    if decided is not None or corrected.moved:
        in_model = sum(plan.added.values()) - sum(before.added.values())  # terms of their own, below
        changed = plan.total - as_decided - in_model - corrected.moved - sum(one.amount_ore for one in frames)
        right.append(BookLine("right", "andrad_modell", "Modellen ändrad efter budgeten", changed))
    right += _added_terms("right", real.added, before.added, labels)
    right.append(BookLine("right", "volym", "Volym: fler eller färre elever", volume_ore))
    for dimension in sorted({*plan.other, *real.other, *corrected.other, *corrected.moved_other}):
        difference = real.other.get(dimension, 0) - plan.other.get(dimension, 0) - corrected.pots(dimension)
        right.append(
            BookLine("right", f"ovrigt.{dimension}", f"Potter och beslutade belopp: {labels[dimension]}", difference)
        )
    right.append(
        BookLine("right", "avrundning", "Avrundning till hela ören", half_up(rounding.numerator, rounding.denominator))
    )
    right.append(BookLine("right", "rattelser", "Rättelser", corrected.total))
    return [BookLine("left", "utbetalt", "Att betala enligt utfallet", real.total), *right]
