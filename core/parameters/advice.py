"""What a model may say but somebody should think about: a warning at import, never a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import Issue, Kostnadsslag
from core.parameters.check_rules import decided_individually
from core.parameters.steps import DeductionPrice, MarkupAmount, MarkupPrice
from core.parameters.walk import names_of_step
from core.parameters.yaml_lines import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from core.parameters.model import FundingModel
    from core.parameters.yaml_lines import Path

Fault = tuple[tuple[str | int, ...], str]


def advise(model: FundingModel, text: str, file: str) -> list[Issue]:
    """Return the warnings of a sound model, each on its line of ``text``."""
    lined = read_yaml(text, file)
    return [
        Issue("warning", "advice", file, lined.line_of(path), ".".join(map(str, path)), None, said, said)
        for path, said in advice(model)
    ]


def advice(model: FundingModel) -> Iterator[Fault]:
    """Yield each warning as (path in the file, Swedish text)."""
    yield from _fee_before_tax(model)
    yield from _administration_on_individual(model)


def _administration_on_individual(model: FundingModel) -> Iterator[Fault]:
    """Yield administration on tilläggsbelopp: the law adds mervärdesskatt to it, but no administration."""
    individual: set[str] = set()
    for place, step in enumerate(model.amounts):
        if isinstance(step, MarkupAmount) and step.kostnadsslag is Kostnadsslag.ADMINISTRATION:
            for name in sorted(individual.intersection(step.of)):
                said = (
                    f"administration läggs på {name}. På tilläggsbelopp läggs mervärdesskatt men ingen administration "
                    "(skolförordningen 14 kap. 4 §, SKR). Modellen räknar som den säger; ta bort namnet om det är fel."
                )
                yield ("amounts", place, "of"), said
        if decided_individually(step, individual):
            individual.update(names_of_step(step))


def _fee_before_tax(model: FundingModel) -> Iterator[Fault]:
    """Yield fees that are taken off before mervärdesskatt is added: SKR advises to take them off last."""
    fees = {
        one.step for one in model.prices if isinstance(one, DeductionPrice) and one.kostnadsslag is Kostnadsslag.AVGIFT
    }
    after: dict[str, set[str]] = {fee: {fee} for fee in fees}  # by fee, the steps that it has been taken off in
    for place, step in enumerate(model.prices):
        for fee, reached in after.items():
            if reached.isdisjoint(step.of or ()):
                continue
            reached.add(step.step)
            if isinstance(step, MarkupPrice) and step.kostnadsslag is Kostnadsslag.MERVARDESSKATT:
                path: Path = ("prices", place, "of")
                said = (
                    f"avgiften {fee} dras före mervärdesskatten {step.step} och minskar då den också. SKR:s råd är att "
                    "dra avgiften sist. Modellen räknar som den säger; ändra ordningen om det inte är meningen."
                )
                yield path, said
