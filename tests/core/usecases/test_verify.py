"""verify-run: an untouched run is in order, and whatever somebody changes behind the program's back is found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from core.access import ForbiddenError
from core.allocation import root_hash, unit_hashes
from core.base import canonical_json, year_range
from core.store import make_engine
from core.store.errors import RunUnknownError
from core.usecases import imports
from core.usecases.verify import FROM_COUNTS, FROM_ROWS, SHOWN, VerifyReport, verify
from tests.support.reaching import PEEK
from tests.support.small_kommun import AUDITOR, CONTROLLER, KOMMUN, REKTOR_A1, YEAR, model_text

if TYPE_CHECKING:
    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby

BUDGET, UTFALL = 1, 2
COLUMNS_OF_A_RUN = (
    "run_batch", "run_unit", "run_count", "run_price", "run_pool", "run_uncounted", "allocation_line", "payment_line",
    "book_line",
)  # fmt: skip


def tamper(lillby: Lillby, *statements: str, owner_url: str | None = None) -> None:
    """Change the database behind the program's back; each statement must hit something.

    On PostgreSQL only the tables' owner can: the program's own role has no right to.
    """
    engine = make_engine(owner_url) if owner_url else lillby.engine
    with engine.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0, statement
    if owner_url:
        engine.dispose()


def report(lillby: Lillby, run: int = UTFALL) -> VerifyReport:
    return verify(lillby.app, AUDITOR, KOMMUN, run)


def said(lillby: Lillby, run: int = UTFALL) -> str:
    found = report(lillby, run)
    assert not found.ok
    return "\n".join(found.findings)


def rehash(lillby: Lillby) -> None:
    """Do what a careful forger does: put right every hash of lines, and every total, that the run itself holds."""
    with lillby.app.reading(PEEK) as work:
        lines = work.runs.lines(KOMMUN, UTFALL)
    hashes = unit_hashes(line.as_tuple() for line in lines)
    for enhet, digest in hashes.items():
        total = sum(line.amount_ore for line in lines if line.enhet == enhet)
        tamper(
            lillby,
            f"UPDATE run_unit SET lines_hash = '{digest}', total_ore = {total} WHERE run = 2 AND enhet = '{enhet}'",
        )
    tamper(lillby, f"UPDATE run SET root_hash = '{root_hash(hashes)}' WHERE number = 2")


def test_an_untouched_run_is_in_order_down_to_the_register_rows(lillby_on_both: Lillby) -> None:
    for run in (BUDGET, UTFALL):
        assert report(lillby_on_both, run) == VerifyReport(FROM_ROWS, ok=True, findings=())


def test_a_published_and_a_superseded_run_are_in_order_too(lillby: Lillby) -> None:
    lillby.move(UTFALL, "published")
    newer = lillby.decide(YEAR, "utfall", 10).number
    lillby.move(newer, "published")
    assert report(lillby).ok
    assert report(lillby, newer).ok


ANOTHER_COUNT = (
    "INSERT INTO run_count (kommun, run, rule, enhet, category, month, n, den, rows_hash) "
    "SELECT kommun, run, rule, {}, month, n, den, rows_hash FROM run_count "
    "WHERE run = 2 AND enhet = 'B2' AND month = 202603"
)
ANOTHER_LINE = (
    "INSERT INTO allocation_line SELECT kommun, run, enhet, 'paslag', category, period, recipient, position, "
    "verksamhet, kostnadsslag, dimension, kind, kind_version, quantity_num, quantity_den, rate_num, rate_den, "
    "factor_num, factor_den, before_ore, remainder_ore, amount_ore, detail, source FROM allocation_line WHERE {}"
)
LINE = "run = 2 AND enhet = 'B2' AND step = 'undervisning' AND period = 'host'"
TAMPERED = {
    "an amount": (
        f"UPDATE allocation_line SET before_ore = before_ore + 1, amount_ore = amount_ore + 1 WHERE {LINE}",
        "B2: undervisning, gs.4_6: 25 200,01 kr är sparat, men de frysta antalen och priserna ger 25 200,00 kr",
    ),
    "a quantity": (
        f"UPDATE allocation_line SET quantity_num = 5 WHERE {LINE}",
        "B2: raderna har inte den kontrollsumma",
    ),
    "amount and quantity together, so that the line adds up": (
        f"UPDATE allocation_line SET quantity_num = 5, before_ore = 3150000, amount_ore = 3150000 WHERE {LINE}",
        "31 500,00 kr är sparat, men de frysta antalen och priserna ger 25 200,00 kr",
    ),
    "a line's source": (f"UPDATE allocation_line SET source = '{{}}' WHERE {LINE}", "B2: raderna har inte"),
    "a line taken away": (f"DELETE FROM allocation_line WHERE {LINE}", "B2: raden undervisning, gs.4_6 saknas"),
    "a line put in": (
        ANOTHER_LINE.format(LINE),
        "B2: paslag, gs.4_6: 25 200,00 kr är sparat, men de frysta antalen och priserna ger ingen rad",
    ),
    "a price": (
        "UPDATE run_price SET num = num + 100, shown_ore = shown_ore + 100 WHERE run = 2 AND step = 'nyanlanda'",
        "Priserna är inte de som budgetkörningen ger",
    ),
    "what is hidden behind a shown price": (
        "UPDATE run_price SET num = num + 1 WHERE run = 2 AND step = 'fritids' AND recipient = 'egen'",
        "Priserna är inte de som budgetkörningen ger",
    ),
    "a price of something else": (
        "UPDATE run_price SET step = 'okant' WHERE run = 2 AND step = 'nyanlanda'",
        "finns inte i körningens modell",
    ),
    "a count": (
        "UPDATE run_count SET n = 7 WHERE run = 2 AND enhet = 'B2' AND month = 202603",
        "B2: antalet i gs.4_6, månad 3, stämmer inte (7 sparade, 1 i registret)",
    ),
    "the rows behind a count": (
        "UPDATE run_count SET rows_hash = rows_hash + 1 WHERE run = 2 AND enhet = 'B2' AND month = 202603",
        "B2: antalet i gs.4_6, månad 3, stämmer inte (samma antal, men andra rader)",
    ),
    "a count taken away": (
        "DELETE FROM run_count WHERE run = 2 AND enhet = 'B2' AND month = 202603",
        "(0 sparade, 1 i registret)",
    ),
    "a count of something unheard of": (
        ANOTHER_COUNT.format("enhet, 'okand'"),
        "B2: antalet i okand, månad 3, stämmer inte (1 sparade, 0 i registret)",
    ),
    "a count of a unit that is not there": (
        ANOTHER_COUNT.format("'Z9', category"),
        "Z9: antalet i gs.4_6, månad 3, stämmer inte (1 sparade, 0 i registret)",
    ),
    "a register row": (
        "UPDATE enrolment SET arskurs = '1', row_hash = row_hash + 1 WHERE enhet = 'B2'",
        "B2: antalet i gs.1_3, månad 1, stämmer inte (0 sparade, 1 i registret)",
    ),
    "a unit's total": ("UPDATE run_unit SET total_ore = 1 WHERE run = 2 AND enhet = 'B2'", "B2: enhetens summa"),
    "a unit's recipient": (
        "UPDATE run_unit SET recipient = 'egen' WHERE run = 2 AND enhet = 'B2'",
        "B2: adm, gs.4_6: 1 260,00 kr är sparat",
    ),
    "a unit's elever by årskurs": (
        "UPDATE run_unit SET by_arskurs = '{}' WHERE run = 2 AND enhet = 'B2'",
        "B2: elevantalen per årskurs",
    ),
    "a payment": (
        "UPDATE payment_line SET amount_ore = amount_ore + 100 WHERE run = 2 AND enhet = 'B2' AND month = 202603",
        "Utbetalningarna stämmer inte",
    ),
    "a pot": ("UPDATE run_pool SET pool_ore = pool_ore + 1 WHERE run = 2", "Potterna är inte de som"),
    "the books": (
        "UPDATE book_line SET amount_ore = amount_ore + 1 WHERE run = 2 AND term = 'volym'",
        "Böckernas poster är inte de som raderna ger",
    ),
    "the model's text": (
        "UPDATE run SET model_text = model_text || '# ' WHERE number = 2",
        "Modellens text är inte den som körningen frös",
    ),
    "the model's text beyond reading": ("UPDATE run SET model_text = 'x' WHERE number = 2", "körningens frysta modell"),
    "the model with its sum": (
        "UPDATE run SET model_text = replace(model_text, '100000', '100001') WHERE number = 2",
        "Potterna är inte de som",
    ),
    "the budget it refers to": ("UPDATE run SET budget_run = NULL WHERE number = 2", "Priserna är inte de som"),
    "its deliveries": (
        "DELETE FROM run_batch WHERE run = 2 AND kind = 'index'",
        "A1: socio, alla: 29 813,66 kr är sparat",
    ),
    "its months": ("UPDATE run SET through_month = 9 WHERE number = 2", "månad 10, stämmer inte"),
    "its root hash": ("UPDATE run SET root_hash = 'x' WHERE number = 2", "rotsumma är inte den som revisionskedjan"),
    "its fingerprint": (
        "UPDATE run SET fingerprint = 'x' WHERE number = 2",
        "fingeravtryck är inte den som revisionskedjan",
    ),
    "its state": (
        "UPDATE run SET state = 'published' WHERE number = 2",
        "läget published, men revisionskedjan säger decided",
    ),
}


@pytest.mark.parametrize("what", list(TAMPERED))
def test_whatever_is_changed_in_a_run_is_found(lillby: Lillby, what: str) -> None:
    statement, finding = TAMPERED[what]
    tamper(lillby, statement)
    assert finding in said(lillby).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("what", ["an amount", "amount and quantity together, so that the line adds up", "a count"])
def test_the_same_is_found_on_both_engines(lillby_on_both: Lillby, database: Database, what: str) -> None:
    statement, finding = TAMPERED[what]
    tamper(lillby_on_both, statement, owner_url=database.owner_url)
    assert finding in said(lillby_on_both).replace("\N{NO-BREAK SPACE}", " ")


def test_a_changed_price_of_a_budget_is_found_too(lillby: Lillby) -> None:
    tamper(lillby, "UPDATE run_price SET num = num + 1 WHERE run = 1 AND step = 'fritids'")
    assert "Priserna är inte de som de frysta antalen ger" in said(lillby, BUDGET)


def test_a_planned_figure_changed_afterwards_is_found(lillby: Lillby) -> None:
    tamper(lillby, "UPDATE planned_count SET n = n + 1 WHERE enhet = 'B2' AND month = 202603")
    assert "B2: antalet i gs.4_6, månad 3, stämmer inte (1 sparade, 2 i registret)" in said(lillby, BUDGET)


def test_an_amount_with_every_hash_of_the_run_put_right_is_still_found(lillby: Lillby) -> None:
    statement, finding = TAMPERED["amount and quantity together, so that the line adds up"]
    tamper(lillby, statement)
    rehash(lillby)
    text_said = said(lillby).replace("\N{NO-BREAK SPACE}", " ")
    assert finding in text_said
    assert "rotsumma är inte den som revisionskedjan fick" in text_said
    assert "kontrollsumma" not in text_said


def test_a_whole_run_forged_so_that_everything_adds_up_is_revealed_by_the_audit_chain_alone(lillby: Lillby) -> None:
    tamper(lillby, "UPDATE given_amount SET amount_ore = amount_ore + 100000 WHERE enhet = 'B1'")
    hidden = f"UPDATE run SET year = {YEAR - 9} WHERE number = {UTFALL}"  # so that nothing is said to correct it
    tamper(lillby, hidden)
    forged = lillby.allocate(YEAR, "utfall", 10).number
    file = str(lillby.engine.url.database)
    with closing(sqlite3.connect(file)) as connection, connection:  # which does not look at references
        for table in COLUMNS_OF_A_RUN:
            connection.execute(f"DELETE FROM {table} WHERE run = {UTFALL}")
            connection.execute(f"UPDATE {table} SET run = {UTFALL} WHERE run = {forged}")
        hashes = f"SELECT fingerprint, root_hash FROM run WHERE number = {forged}"
        connection.execute(f"UPDATE run SET (fingerprint, root_hash) = ({hashes}) WHERE number = {UTFALL}")
        connection.execute(f"UPDATE run SET year = {YEAR} WHERE number = {UTFALL}")
    assert report(lillby).findings == (
        "Körningens fingeravtryck är inte den som revisionskedjan fick när körningen räknades.",
        "Körningens rotsumma är inte den som revisionskedjan fick när körningen räknades.",
    )
    # a second link that tells the forged figures does not help: the first time counts
    with lillby.app.writing(PEEK) as work:
        run = work.runs.get(KOMMUN, UTFALL)
        facts: dict[str, object] = {"fingerprint": run.fingerprint, "root_hash": run.root_hash}
        work.audit.append(KOMMUN, lillby.app.clock(), "x", "run.create", f"run:{UTFALL}", facts)
        work.commit()
    assert len(report(lillby).findings) == 2


def test_a_changed_audit_chain_is_found_by_whoever_verifies_a_run(lillby: Lillby) -> None:
    facts = canonical_json({"fingerprint": "x", "root_hash": "y", "run": 2})
    tamper_with_chain(lillby, f"UPDATE audit_entry SET payload = '{facts}' WHERE action = 'run.create'")
    assert "Revisionskedjan håller inte" in said(lillby)


def test_a_run_that_the_audit_chain_never_heard_of_is_found(lillby: Lillby) -> None:
    tamper_with_chain(lillby, "DELETE FROM audit_entry WHERE subject = 'run:2'")
    assert "Revisionskedjan har ingen läsbar uppgift om att körningen räknades" in said(lillby)


def tamper_with_chain(lillby: Lillby, statement: str) -> None:
    """Change the chain as somebody who may do anything with the file can: after taking its guards away."""
    tamper_free = ("DROP TRIGGER audit_entry_no_update", "DROP TRIGGER audit_entry_no_delete", statement)
    with lillby.engine.begin() as connection:
        for one in tamper_free:
            connection.exec_driver_sql(one)


def test_without_the_register_rows_a_run_is_recomputed_from_its_counts(lillby: Lillby) -> None:
    tamper(lillby, "DELETE FROM enrolment")
    assert report(lillby) == VerifyReport(FROM_COUNTS, ok=True, findings=())
    tamper(lillby, "UPDATE run_count SET n = 7 WHERE run = 2 AND enhet = 'B2' AND month = 202603")
    assert "B2: undervisning, gs.4_6" in said(lillby)


@pytest.mark.parametrize(
    "what",
    ["the rows behind a count", "a count of something unheard of", "a count of a unit that is not there"],
)
def test_without_the_register_rows_the_fingerprint_still_holds_every_count(lillby: Lillby, what: str) -> None:
    tamper(lillby, "DELETE FROM enrolment", TAMPERED[what][0])
    assert said(lillby) == "Körningens fingeravtryck stämmer inte."


def test_a_delivery_replaced_or_reverted_afterwards_does_not_touch_a_frozen_run(lillby: Lillby) -> None:
    with lillby.app.reading(PEEK) as work:
        batches = [one.number for one in work.batches.list(KOMMUN)]
    other = "elev;enhet;verksamhet;arskurs;fodelsemanad;hemkommun;fran_och_med\n"
    other += "e01;A1;grundskola;2;2018-03;9907;2026-01-01\n"
    lillby.deliver("enrolments", other, year_range(YEAR))
    for number in batches:
        imports.revert(lillby.app, CONTROLLER, KOMMUN, number, "fel fil")
    assert report(lillby, BUDGET).ok
    assert report(lillby, UTFALL).ok


def test_a_run_by_a_model_decided_anew_in_the_year_is_in_order(lillby: Lillby) -> None:
    lillby.deliver(imports.MODEL, model_text().replace('"12000"', '"12600"'), year_range(YEAR))
    newer = lillby.allocate(YEAR, "utfall", 10).number
    assert report(lillby, newer).ok
    tamper(lillby, f"UPDATE run_price SET num = num + 1 WHERE run = {newer} AND step = 'lokal'")
    assert "Priserna är inte de som budgetkörningen ger" in said(lillby, newer)


def test_of_many_findings_the_first_are_shown_and_the_rest_counted(lillby: Lillby) -> None:
    tamper(lillby, "UPDATE allocation_line SET source = '{}' WHERE run = 2")
    findings = report(lillby).findings
    assert len(findings) == SHOWN + 1
    assert findings[-1].startswith("… och ")


def test_who_may_not_see_the_basis_may_not_verify_and_an_unknown_run_is_said_so(lillby: Lillby) -> None:
    with pytest.raises(ForbiddenError):
        verify(lillby.app, REKTOR_A1, KOMMUN, UTFALL)
    with pytest.raises(RunUnknownError):
        verify(lillby.app, AUDITOR, KOMMUN, 99)
