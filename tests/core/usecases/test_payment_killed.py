"""Whoever pulls the plug between two steps finds every month paid once, on both engines."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from core.publication.payment import PaymentState
from core.settings import PROJECT_FOLDER
from tests.support.reaching import PEEK
from tests.support.small_kommun import KOMMUN, YEAR

if TYPE_CHECKING:
    from tests.support.databases import Database
    from tests.support.small_kommun import Lillby

MONTHS = 2
CHILD = """
import os, signal, sys
from pathlib import Path
from core.base import Month
from core.publication.payment import PaymentState
from core.store import UnitOfWork
from core.usecases import payments
from tests.support.reaching import PEEK
from tests.support.small_kommun import CHIEF, CONTROLLER, KOMMUN, YEAR, opened

url, stop, after = sys.argv[1], int(sys.argv[2]), sys.argv[3] == "after"
commit, done = UnitOfWork.commit, 0

def dies(work):
    global done
    done += 1
    if done == stop and not after:
        os.kill(os.getpid(), signal.SIGKILL)
    commit(work)
    if done == stop:
        os.kill(os.getpid(), signal.SIGKILL)

UnitOfWork.commit = dies
app = opened(url, Path(".")).app
for number in range(1, 3):
    month = Month(YEAR, number)
    with app.reading(PEEK) as work:
        mine = next((one for one in work.payments.alive(KOMMUN) if one.month == month.code), None)
    if mine is None:
        payments.prepare(app, CONTROLLER, KOMMUN, month)
        with app.reading(PEEK) as work:
            mine = work.payments.alive(KOMMUN)[-1]
    if mine.state is PaymentState.PREPARED:
        payments.approve(app, CHIEF, KOMMUN, mine.number)
    if mine.state is not PaymentState.PAID:
        payments.mark_paid(app, CONTROLLER, KOMMUN, mine.number)
"""


@pytest.mark.parametrize("when", ["before", "after"])
def test_payments_killed_at_every_commit_are_taken_up_again_and_each_month_is_paid_once(
    lillby_on_both: Lillby, database: Database, when: str
) -> None:
    lillby = lillby_on_both
    killed = 0
    for _ in range(40):
        done = subprocess.run(
            [sys.executable, "-c", CHILD, database.url, "1" if when == "after" else "2", when],
            cwd=PROJECT_FOLDER, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            break
        assert done.returncode == -signal.SIGKILL, done.stderr
        killed += 1
    assert killed >= MONTHS
    assert done.returncode == 0
    with lillby.app.reading(PEEK) as work:
        alive = work.payments.alive(KOMMUN)
        parts = work.payments.parts(KOMMUN, [one.number for one in alive])
        run = work.runs.payments(KOMMUN, lillby.runs[YEAR, "utfall"])
        assert work.audit.first_broken(KOMMUN) is None
    assert [(one.month, one.state) for one in alive] == [
        (YEAR * 100 + month, PaymentState.PAID) for month in range(1, MONTHS + 1)
    ]
    due = sum(ore for _, month, kind, ore in run if month <= MONTHS and kind == "monthly")
    assert sum(one.amount_ore for one in parts if one.kind == "monthly") == due
    assert len({(one.enhet, one.month, one.kind) for one in parts}) == len(parts)
