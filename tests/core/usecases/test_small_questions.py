"""The small use cases: what has changed, whose kommun, who operates, does the chain hold."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from core.base import Month, year_range
from core.store import KommunRecord
from core.store.errors import KommunExistsError
from core.store.flags import NewFlag
from core.store.tables import Base
from core.usecases import imports, payments
from core.usecases.auditing import verify_chain
from core.usecases.context import NoSuchKommunError
from core.usecases.data_version import data_version
from core.usecases.kommuner import KommunFaultyError, add_kommun
from core.usecases.operators import KommunNotChosenError, operator_of
from core.usecases.payment_reading import payment_view
from core.usecases.posts import posts_for
from core.usecases.retention import carry_out
from core.usecases.unit_in_run import UnitNotInRunError, unit_in_run
from pages.components import frozen
from pages.components.reader import Reader
from tests.support.reaching import PEEK
from tests.support.small_kommun import AUDITOR, CHIEF, CONTROLLER, KOMMUN, YEAR

if TYPE_CHECKING:
    from core.usecases.context import App
    from tests.support.small_kommun import Lillby


def test_the_stamp_changes_with_every_state_and_every_day_and_with_nothing_else(lillby: Lillby) -> None:
    stamps = [data_version(lillby.app, CONTROLLER)]
    assert data_version(lillby.app, AUDITOR) == stamps[0]
    received = lillby.receive("staff", "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster\n", year_range(YEAR))
    assert received.batch is not None
    stamps.append(data_version(lillby.app, CONTROLLER))
    lillby.move(2, "published")
    stamps.append(data_version(lillby.app, CONTROLLER))
    stamps.append(data_version(lillby.at(datetime(2026, 11, 23, tzinfo=UTC)), CONTROLLER))
    with lillby.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE batch SET erased_at = '2026-11-22 12:00:00' WHERE number = 1")
    stamps.append(data_version(lillby.app, CONTROLLER))
    assert len(set(stamps)) == 5


@pytest.mark.parametrize(
    ("table", "column", "gone"),
    [("batch", "reason", None), ("payment", "reason", None), ("flag", "said", ""), ("flag", "answer", None)],
)
def test_the_stamp_changes_when_words_are_erased_so_that_no_page_remembers_them(
    lillby_on_both: Lillby, table: str, column: str, gone: str | None
) -> None:
    lillby = lillby_on_both
    number = flagged_cancelled_and_turned_down(lillby)[table]
    before = data_version(lillby.app, CONTROLLER)
    assert data_version(lillby.app, CONTROLLER) == before
    row = Base.metadata.tables[table]
    with lillby.app.writing(PEEK) as work:
        here = (row.c.kommun == KOMMUN, row.c.number == number, row.c[column].is_not(None))
        assert work.connection.execute(update(row).where(*here).values({column: gone})).rowcount == 1
        work.commit()
    assert data_version(lillby.app, CONTROLLER) != before


def flagged_cancelled_and_turned_down(lillby: Lillby) -> dict[str, int]:
    """Write words wherever retention erases some; return the number of what they stand beside, by table."""
    received = lillby.receive("staff", "enhet;verksamhet;yrkesgrupp;matdag;heltidstjanster\n", year_range(YEAR))
    assert received.batch is not None
    imports.reject(lillby.app, CONTROLLER, KOMMUN, received.batch.number, "fel fil")
    payment = payments.prepare(lillby.app, CONTROLLER, KOMMUN, Month(YEAR, 3))
    payments.cancel(lillby.app, CONTROLLER, KOMMUN, payment, "fel månad")
    with lillby.app.writing(PEEK) as work:
        asked = NewFlag(
            kommun=KOMMUN, about="payment", run=1, enhet="A1", huvudman="H1", key="total", month=None, said="fel?",
            made_at=lillby.app.clock(), made_by="rektor", made_by_name="Rektor", payment=payment,
        )  # fmt: skip
        flag = work.flags.add(asked, "open")
        work.flags.change(KOMMUN, flag, answer="nej")
        work.commit()
    return {"batch": received.batch.number, "payment": payment, "flag": flag}


def test_a_page_forgets_why_a_payment_was_cancelled_once_that_is_erased(lillby: Lillby) -> None:
    frozen.forget()
    number = flagged_cancelled_and_turned_down(lillby)["payment"]

    def shown(app: App) -> str | None:
        reader = Reader(app, CONTROLLER, KOMMUN)
        view = frozen._remembered(payment_view, reader, number)(app, CONTROLLER)
        return view.reason

    then = lillby.at(datetime(2034, 12, 1, tzinfo=UTC))
    assert shown(then) == "fel månad"
    carry_out(then, CHIEF, KOMMUN)
    assert shown(then) is None


def test_the_chain_is_verified_link_by_link(lillby: Lillby) -> None:
    whole = verify_chain(lillby.app, AUDITOR, KOMMUN)
    assert (whole.ok, whole.first_broken, whole.checked) == (True, None, whole.links)
    with lillby.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_entry_no_update")
        connection.exec_driver_sql("UPDATE audit_entry SET actor = 'någon annan' WHERE seq = 3")
    broken = verify_chain(lillby.app, AUDITOR, KOMMUN)
    assert (broken.ok, broken.first_broken) == (False, 3)


def test_the_operator_works_for_the_only_kommun_or_the_one_that_is_named(lillby: Lillby) -> None:
    assert operator_of(lillby.app).kommuner == {KOMMUN}
    with pytest.raises(NoSuchKommunError, match="9999"):
        operator_of(lillby.app, "9999")
    with lillby.app.writing(PEEK) as work:
        work.kommuner.add(KommunRecord("9908", "Storby", "999900-9908"))
        work.commit()
    with pytest.raises(KommunNotChosenError, match="9907, 9908"):
        operator_of(lillby.app)
    assert operator_of(lillby.app, "9908").roles[0].name == "Storby"


def test_a_kommun_is_set_up_once_with_code_and_organisation_number_written_as_such(lillby: Lillby) -> None:
    added = add_kommun(lillby.app, "9908", " Storby ", "999900-9908")
    assert added.name == "Storby"
    assert operator_of(lillby.app, "9908").kommuner == {"9908"}
    with pytest.raises(KommunExistsError):
        add_kommun(lillby.app, "9908", "Storby", "999900-9908")
    for code, orgnr in (("998", "999900-9908"), ("9909", "9999009908")):
        with pytest.raises(KommunFaultyError):
            add_kommun(lillby.app, code, "Fel", orgnr)


def test_a_unit_that_a_run_does_not_hold_is_said_so(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        assert unit_in_run(work, KOMMUN, 2, "A1").name == "Alskolan"
        with pytest.raises(UnitNotInRunError, match="Z9"):
            unit_in_run(work, KOMMUN, 2, "Z9")


def test_posts_are_hundredths_of_a_year_at_the_mean_pay() -> None:
    assert posts_for(630_816_00, 52_568_00) == 100
    assert posts_for(100, None) is None
