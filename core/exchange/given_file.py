"""What a huvudman cannot compute from its own units: prices solved from a budget, pools, own remainders.

The kommun's run gives it as JSON; ``evaluate --given`` reads it. Öre are whole numbers, exact figures
text (``numerator/denominator``); a float is refused.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.allocation import FINANCING, OVER_CEILING, OVER_GUARANTEE, OwnShare, Price, PriceKey
from core.base import CoreError, sha256, short
from core.parameters import PerElevPrice
from core.parameters.parts import UnitsFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from core.allocation import Line, PriceTable, SolvedPool
    from core.allocation.inputs import OverUnits
    from core.parameters import FundingModel

SCHEMA = "skolkronan.given.v1"
MONTHS = 12
LARGEST_ORE = 10**15  # ten thousand milliards: more than any kommun has, and sums of it fit 64 bits
MAX_BYTES = 50_000_000
Said = TypeVar("Said")
_ByPool: TypeAlias = "defaultdict[tuple[str, str], dict[str, Said]]"
_EXACT = re.compile(r"[-\u2212]?[0-9]{1,60}(?:/[0-9]{1,60}|\.[0-9]{1,60})?\Z")
"""Neither 1e999999999 nor a million digits: either would take the machine's memory to become a number."""


class GivenFileFaultyError(CoreError):
    """The file of given figures cannot be used; ``where`` is the place in it."""

    def __init__(self, file: str, where: str, what: str) -> None:
        self.file, self.where = file, where
        super().__init__(f"{file}{', ' + where if where else ''}: {what}")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class _GivenPrice(_Part):
    step: str
    category: str
    recipient: str
    list: str
    exact: str
    shown_ore: int
    unit: str


class _GivenPool(_Part):
    step: str
    list: str
    pool_ore: int
    weight: str
    remainders: dict[str, int]
    means: dict[str, str] = Field(default_factory=dict)


class _GivenOverUnits(_Part):
    step: str
    how: str
    on: str
    list: str
    units: str = ""
    value: str


class _GivenContent(_Part):
    kind: str = Field(alias="schema")
    model_sha256: str
    through_month: int
    prices: list[_GivenPrice]
    pools: list[_GivenPool]
    run: int | None = None
    over_units: list[_GivenOverUnits] = Field(default_factory=list)
    units: UnitsFile | None = None


_NOT_PLAIN = (
    "filen går inte att läsa: den ska vara JSON i UTF-8 där decimaltal och bråk står som text, till exempel ”1/3”. "
    "Hämta den ur körningen igen."
)


@dataclass(frozen=True, slots=True)
class GivenFigures:
    """The figures of a run that are taken on trust; everything else is recomputed."""

    model_sha256: str
    through_month: int
    prices: Mapping[PriceKey, Price]
    shares: Mapping[tuple[str, str], OwnShare]
    over_units: Mapping[OverUnits, Fraction] = field(default_factory=dict)
    units: UnitsFile | None = None
    """How the units file beside it is read, when it is not as the model says."""


def read_given(path: Path) -> GivenFigures:
    """Return the given figures; raises ``GivenFileFaultyError`` naming file and place."""
    refuse = partial(_refuse_number, path.name)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise GivenFileFaultyError(path.name, "", f"filen är större än {MAX_BYTES // 1_000_000} MB.")
        plain = json.loads(path.read_text("utf-8-sig"), parse_float=refuse, parse_constant=refuse)
        content = _GivenContent.model_validate(plain)
    except OSError as error:
        raise GivenFileFaultyError(path.name, "", "filen finns inte eller går inte att öppna.") from error
    except ValidationError as error:
        fault = error.errors()[0]
        where = short(".".join(str(part) for part in fault["loc"]), 200)
        raise GivenFileFaultyError(path.name, where, "uppgiften saknas eller har fel form.") from error
    except json.JSONDecodeError as error:
        raise GivenFileFaultyError(
            path.name, f"rad {error.lineno}", "filen är inte giltig JSON. Hämta den ur körningen igen."
        ) from error
    except (ValueError, RecursionError) as error:
        raise GivenFileFaultyError(path.name, "", _NOT_PLAIN) from error
    if content.kind != SCHEMA:
        raise GivenFileFaultyError(path.name, "schema", f"”{short(content.kind, 60)}” är ett annat slag än {SCHEMA}.")
    if not 1 <= content.through_month <= MONTHS:
        raise GivenFileFaultyError(path.name, "through_month", f"{content.through_month} är ingen månad, 1–12.")
    return _figures(path.name, content)


def _figures(file: str, content: _GivenContent) -> GivenFigures:
    prices, shares = {}, {}
    for place, one in enumerate(content.prices):
        key = PriceKey(one.step, one.category, one.recipient, one.list)
        _must_fit(file, f"prices.{place}.shown_ore", one.shown_ore)
        prices[key] = Price(*key, _exact(file, f"prices.{place}.exact", one.exact), one.shown_ore, one.unit)
    for place, pool in enumerate(content.pools):
        for name, ore in (("pool_ore", pool.pool_ore), *pool.remainders.items()):
            _must_fit(file, f"pools.{place}.{short(name, 60)}", ore)
        weight = _exact(file, f"pools.{place}.weight", pool.weight)
        if weight <= 0:
            raise GivenFileFaultyError(file, f"pools.{place}.weight", "den sammanlagda vikten ska vara över noll.")
        means = {name: _exact(file, f"pools.{place}.means.{name}", text) for name, text in pool.means.items()}
        shares[pool.step, pool.list] = OwnShare(pool.pool_ore, weight, pool.remainders, means)
    over_units = {
        (one.step, one.how, one.on, one.list, one.units): _exact(file, f"over_units.{place}.value", one.value)
        for place, one in enumerate(content.over_units)
    }
    return GivenFigures(content.model_sha256, content.through_month, prices, shares, over_units, content.units)


def _pool_of(line: Line) -> tuple[str, str]:
    """Return the step and period of the pool that a line's öre was shared from."""
    if line.kind != "guarantee":
        return line.step, line.period
    return line.step + (OVER_GUARANTEE if line.category == FINANCING else OVER_CEILING), line.period


def _exact(file: str, where: str, text: str) -> Fraction:
    bare = text.replace("\u2212", "-")
    if not _EXACT.match(text) or (whole := bare.partition("/")[2]).strip("0") == "" != whole:
        raise GivenFileFaultyError(file, where, f"”{short(text, 60)}” är inte ett tal som 123 eller 123/7.")
    return Fraction(bare)


def _must_fit(file: str, where: str, ore: int) -> None:
    if abs(ore) > LARGEST_ORE:
        raise GivenFileFaultyError(file, where, "beloppet är för stort för att vara en kommuns.")


def _refuse_number(file: str, text: str) -> object:
    raise GivenFileFaultyError(file, "", f"talet {short(text, 60)} ska stå som text, till exempel ”1/3”.")


def given_content(
    run: int,
    model: FundingModel,
    model_text: str,
    prices: PriceTable,
    pools: Iterable[SolvedPool],
    lines: Iterable[Line],
    through_month: int,
) -> dict[str, object]:
    """Return what ``evaluate`` needs to give the units behind ``lines`` their own öre.

    Only prices solved from a budget go out, and of the pools their sum, total weight and the
    remainders of these units: nothing tells what another unit got.
    """
    solved = {one.step for one in model.prices if isinstance(one, PerElevPrice) and one.from_budget is not None}
    remainders, means = _own_remainders(lines)
    return {
        "schema": SCHEMA,
        "run": run,
        "model_sha256": sha256(model_text),
        "through_month": through_month,
        "prices": [_price_content(price) for price in prices if price.step in solved],
        "pools": [
            _pool_content(pool, remainders[pool.step, pool.period], means[pool.step, pool.period]) for pool in pools
        ],
    }


def _own_remainders(lines: Iterable[Line]) -> tuple[_ByPool[int], _ByPool[str]]:
    """Return, by pool, the remainders of the units behind ``lines`` and the means that stood in for their values."""
    remainders: _ByPool[int] = defaultdict(dict)
    means: _ByPool[str] = defaultdict(dict)
    for line in lines:
        if line.remainder_ore:
            remainders[_pool_of(line)][line.enhet] = line.remainder_ore
        if line.kind == "weighted_pool" and "mean" in (said := json.loads(line.detail)):
            means[line.step, line.period][said["mean"]] = str(line.factor)
    return remainders, means


def _price_content(price: Price) -> dict[str, object]:
    return {
        "step": price.step,
        "category": price.category,
        "recipient": price.recipient,
        "list": price.price_list,
        "exact": str(price.exact),
        "shown_ore": price.shown_ore,
        "unit": price.unit,
    }


def _pool_content(pool: SolvedPool, remainders: Mapping[str, int], means: Mapping[str, str]) -> dict[str, object]:
    return {
        "step": pool.step,
        "list": pool.period,
        "pool_ore": pool.pool_ore,
        "weight": str(pool.weight),
        "remainders": remainders,
        **({"means": means} if means else {}),
    }


def over_units_content(over_units: Mapping[OverUnits, Fraction]) -> list[dict[str, str]]:
    """Return what a model takes over all units as plain data, the file's ``over_units``."""
    return [
        {"step": step, "how": how, "on": on, "list": period, "units": group, "value": str(value)}
        for (step, how, on, period, group), value in sorted(over_units.items())
    ]
