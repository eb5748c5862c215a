"""When grants are paid, how they are booked and how they are appealed, as dated data in ``data/parameters``."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import Field

from core.base import CoreError, Sentence
from core.parameters.holidays import ordinary_weekday
from core.parameters.parts import Reference, Strict
from core.parameters.strict import PARAMETERS_FOLDER, read_part

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from core.base import Month

FRIDAY, SATURDAY = 4, 5
JUNE, MIDSUMMER_EVES, EVES = 6, range(19, 26), ((12, 24), (12, 31))
OneOf = TypeVar("OneOf", bound="Dated")


class PayingUndatedError(CoreError):
    """Nothing is in force on the day asked for."""

    def __init__(self, file: str, day: dt.date) -> None:
        self.file, self.day = file, day
        super().__init__(
            Sentence(
                "data/parameters/{file} saknar ett värde som gäller den {day}. Lägg till ett daterat värde med "
                "hänvisning.",
                file=file,
                day=day,
            )
        )


class Dated(Strict):
    """A value with the day it begins and what it rests on."""

    valid_from: dt.date
    reference: Reference


class PaymentTerms(Dated):
    """The day of the month that is paid, and for how many days after it the receiver may object."""

    pay_day: Annotated[int, Field(ge=1, le=28)]
    objection_days: Annotated[int, Field(ge=1, le=365)]
    late: str

    def pay_on(self, month: Month, holidays: Collection[dt.date]) -> dt.date:
        """Return the day of payment in ``month``: the banking day before, when the day is none itself."""
        day = month.first_day.replace(day=self.pay_day)
        while day in holidays or not _is_ordinary(day):
            day -= dt.timedelta(days=1)
        return day

    def pay_from(self, month: Month, today: dt.date, holidays: frozenset[dt.date]) -> dt.date:
        """Return when a month prepared ``today`` is paid: on its own day, or the first banking day when that is past.

        Raises ``CalendarUndatedError`` when the table of holidays does not reach that far.
        """
        day = self.pay_on(month, holidays)
        if today <= day:
            return day
        while not ordinary_weekday(today, holidays) or not _is_ordinary(today):
            today += dt.timedelta(days=1)
        return today

    def object_until(self, pay_on: dt.date) -> dt.date:
        """Return the last day of the objection window."""
        return pay_on + dt.timedelta(days=self.objection_days)


def _is_ordinary(day: dt.date) -> bool:
    """Say whether a day that is no public holiday counts as a weekday: no weekend and none of the three great eves."""
    midsummer_eve = day.month == JUNE and day.weekday() == FRIDAY and day.day in MIDSUMMER_EVES
    return day.weekday() < SATURDAY and not midsummer_eve and (day.month, day.day) not in EVES


class Account(Strict):
    """An account of the chart."""

    number: Annotated[int, Field(ge=1000, le=99_999_999)]
    name: str


class CodePart(Strict):
    """A dimension of the ledger."""

    number: Annotated[int, Field(ge=1)]
    name: str


class CentralObject(Strict):
    """The object that stands for the board itself in the dimension of units."""

    code: str
    name: str


class VoucherTerms(Dated):
    """How the internal voucher for the kommun's own units is booked."""

    series: str
    dimension: CodePart
    unit_account: Account
    central_account: Account
    central_object: CentralObject


class AppealTerms(Dated):
    """How a decision on a grant is appealed: within ``weeks`` of delivery, to whom, by way of whom."""

    weeks: Annotated[int, Field(ge=1, le=52)]
    to: str
    via: str
    late: str

    def last_day(self, delivered_on: dt.date, holidays: Collection[dt.date]) -> dt.date:
        """Return the last day to appeal; one on a holiday or weekend is moved to the next weekday.

        Förvaltningslagen 44 §; lagen (1930:173) om beräkning av lagstadgad tid 2 §.
        """
        day = delivered_on + dt.timedelta(weeks=self.weeks)
        while day in holidays or not _is_ordinary(day):
            day += dt.timedelta(days=1)
        return day


class PaymentTable(Strict):
    """The whole of utbetalning.yaml."""

    payment: list[PaymentTerms]


class VoucherTable(Strict):
    """The whole of kontering.yaml."""

    vouchers: list[VoucherTerms]


class AppealTable(Strict):
    """The whole of overklagande.yaml."""

    appeals: list[AppealTerms]


def payment_terms_on(day: dt.date) -> PaymentTerms:
    """Return the terms of payment in force on ``day``; raises ``PayingUndatedError``."""
    return _in_force(_payment().payment, "utbetalning.yaml", day)


def voucher_terms_on(day: dt.date) -> VoucherTerms:
    """Return how vouchers are booked on ``day``; raises ``PayingUndatedError``."""
    return _in_force(_vouchers().vouchers, "kontering.yaml", day)


def appeal_terms_on(day: dt.date) -> AppealTerms:
    """Return how a decision delivered on ``day`` is appealed; raises ``PayingUndatedError``."""
    return _in_force(_appeals().appeals, "overklagande.yaml", day)


def _in_force(terms: Sequence[OneOf], file: str, day: dt.date) -> OneOf:
    begun = [one for one in terms if one.valid_from <= day]
    if not begun:
        raise PayingUndatedError(file, day)
    return max(begun, key=lambda one: one.valid_from)


@cache
def _payment() -> PaymentTable:
    return read_part(_text("utbetalning.yaml"), "utbetalning.yaml", PaymentTable)[0]


@cache
def _vouchers() -> VoucherTable:
    return read_part(_text("kontering.yaml"), "kontering.yaml", VoucherTable)[0]


@cache
def _appeals() -> AppealTable:
    return read_part(_text("overklagande.yaml"), "overklagande.yaml", AppealTable)[0]


def _text(file: str) -> str:
    return (PARAMETERS_FOLDER / file).read_text(encoding="utf-8")
