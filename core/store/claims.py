"""Interkommunal ersättning of runs: written once, with the run."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from core.allocation.claims import Claim
from core.store.bulk import write_rows
from core.store.reach import KommunBound
from core.store.tables import ClaimRow

if TYPE_CHECKING:
    from collections.abc import Iterable


KEY = ("direction", "other_kommun", "enhet", "category", "ground", "period")
REST = ("basis", "verksamhet", "n_num", "n_den", "price_num", "price_den", "amount_ore", "detail")


class ClaimRepository(KommunBound):
    """Claims of one unit of work; never commits."""

    def write(self, kommun: str, run: int, claims: Iterable[Claim]) -> None:
        """Write a run's claims."""
        rows = (
            (
                kommun, run, *(getattr(one, name) for name in KEY), one.basis, one.verksamhet,
                *one.n.as_integer_ratio(), *one.price.as_integer_ratio(), one.amount_ore, one.detail,
            )
            for one in claims
        )  # fmt: skip
        write_rows(self._connection, ClaimRow.__tablename__, ("kommun", "run", *KEY, *REST), rows)

    def of_run(self, kommun: str, run: int) -> list[Claim]:
        """Return a run's claims in the order of their keys."""
        table = ClaimRow
        rows = self._connection.execute(
            select(*[getattr(table, name) for name in (*KEY, *REST)]).where(table.kommun == kommun, table.run == run)
        )
        found = [_claim(tuple(row)) for row in rows]
        return sorted(found, key=lambda one: one.key.encode())


def _claim(row: tuple[Any, ...]) -> Claim:
    words, (n_num, n_den, price_num, price_den, amount_ore, detail) = row[:8], row[8:]
    named = dict(zip((*KEY, *REST), words, strict=False))
    n, price = Fraction(n_num, n_den), Fraction(price_num, price_den)
    return Claim(**named, n=n, price=price, amount_ore=amount_ore, detail=detail)
