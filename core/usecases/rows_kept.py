"""Counting anew needs the rows: where retention has erased them, it says so and what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.base import CoreError, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from core.store import UnitOfWork


class RowsErasedError(CoreError):
    """Elever cannot be counted anew from a delivery whose rows retention has erased."""

    def __init__(self, batch: int, erased_on: date) -> None:
        self.batch, self.erased_on = batch, erased_on
        super().__init__(
            Sentence(
                "Raderna i inläsning {batch} gallrades {erased_on}, så eleverna går inte att räkna på nytt. Det som "
                "redan är räknat finns kvar: se körningarna för året och kontrollera dem med verify-run. Behövs en ny "
                "körning läser källsystemets ägare ut perioden igen, och filen läses in som vanligt.",
                batch=batch,
                erased_on=erased_on,
            )
        )


def must_be_kept(work: UnitOfWork, kommun: str, numbers: Iterable[int]) -> None:
    """Return if every delivery still has its rows; raises ``RowsErasedError``."""
    for batch in work.batches.of_numbers(kommun, numbers):
        if batch.erased_at is not None:
            raise RowsErasedError(batch.number, batch.erased_at.date())
