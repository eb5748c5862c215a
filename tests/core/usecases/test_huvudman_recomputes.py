"""A huvudman downloads its kit, computes on its own machine, without our database, and gets the same öre."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from collections import defaultdict
from typing import TYPE_CHECKING

import pytest

from core.access import Actor, ForbiddenError, Grant
from core.base import Recipient, kronor
from core.bootstrap import build
from core.settings import PROJECT_FOLDER, Settings
from core.usecases.personas import personas
from core.usecases.recompute_kit import recompute_kit
from tests.support.databases import Database, DatabaseMaker, demo_environment
from tests.support.reaching import PEEK
from tests.support.small_kommun import CONTROLLER, OWNER_CEDERN, YEAR

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from core.usecases.context import App
    from tests.support.small_kommun import Lillby

LINDVIK = "9901"
FRISTAENDE = (Recipient.FRISTAENDE_HEMMA, Recipient.FRISTAENDE_ANNAN)


@pytest.fixture(scope="module")
def app(database_maker: DatabaseMaker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    database: Database = database_maker.make("sqlite", "demo")
    folder = tmp_path_factory.mktemp("demo")
    yield build(Settings.from_environment(demo_environment(database.url, folder)))
    database_maker.drop(database)


def huvudman(orgnr: str) -> Actor:
    """Return somebody who acts for one huvudman and nobody else."""
    return Actor(f"ombud {orgnr}", "Ombudet", (Grant("huvudman", "huvudman", orgnr, LINDVIK, orgnr),))


def answers(kit: bytes, folder: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return öre by unit as ``evaluate`` gives them in a process of its own, and as the kit says the run did."""
    with zipfile.ZipFile(io.BytesIO(kit)) as archive:
        archive.extractall(folder)
    arguments = ["modell.yaml", "--units", "enheter.csv", "--given", "korning.json", "--out", "rader.csv"]
    paths = [str(folder / one) if "." in one else one for one in arguments]
    done = subprocess.run(
        [sys.executable, "-m", "core", "evaluate", *paths], cwd=PROJECT_FOLDER, capture_output=True, text=True,
        check=False, env={"SKOLKRONAN_DATABASE_URL": "sqlite:////nowhere/there-is-no.db"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    computed: dict[str, int] = defaultdict(int)
    for row in csv.DictReader(io.StringIO((folder / "rader.csv").read_text("utf-8-sig")), delimiter=";"):
        computed[row["enhet"]] += kronor(row["value"])
    said = csv.DictReader(io.StringIO((folder / "facit.csv").read_text("utf-8-sig")), delimiter=";")
    rows = list(said)
    for row in rows:
        parts = kronor(row["varav_individuellt_stod_kr"]) + kronor(row["grundbelopp_kr"])
        assert parts == kronor(row["belopp_kr"]), row
    return dict(computed), {row["enhet"]: kronor(row["belopp_kr"]) for row in rows}


@pytest.mark.parametrize(("year", "kind"), [(2026, "utfall"), (2026, "budget"), (2025, "utfall")])
def test_every_fristaende_huvudman_of_the_demo_recomputes_each_of_its_units_to_the_ore(
    app: App, tmp_path: Path, year: int, kind: str
) -> None:
    with app.reading(PEEK) as work:
        run = work.runs.latest(LINDVIK, year, kind, ("published", "decided"))
        assert run is not None
        units = [one for one in work.runs.units(LINDVIK, run.number) if one.recipient in FRISTAENDE and one.total_ore]
    owners: dict[str, list[str]] = defaultdict(list)
    for unit in units:
        owners[unit.huvudman].append(unit.enhet)
    assert len(owners) > 2
    for orgnr, enhet_ids in owners.items():
        computed, said = answers(recompute_kit(app, huvudman(orgnr), run.number, enhet_ids), tmp_path / orgnr)
        assert computed == said == {one.enhet: one.total_ore for one in units if one.huvudman == orgnr}


def test_the_kit_of_another_huvudmans_unit_and_of_what_is_not_for_the_public_is_refused(app: App) -> None:
    with app.reading(PEEK) as work:
        run = work.runs.latest(LINDVIK, 2026, "utfall", ("published", "decided"))
        assert run is not None
    for key in ("huvudman_vintergacken", "medborgare", "fortroendevald"):
        viewer = next(one.actor for one in personas() if one.key == key)
        with pytest.raises(ForbiddenError):
            recompute_kit(app, viewer, run.number, ["G01"])


def test_a_kommun_whose_model_has_two_price_lists_days_and_a_shared_pot_gives_a_kit_that_holds(
    lillby: Lillby, tmp_path: Path
) -> None:
    for kind in ("utfall", "budget"):
        run = lillby.runs[YEAR, kind]
        computed, said = answers(recompute_kit(lillby.app, OWNER_CEDERN, run, ["B1"]), tmp_path / kind)
        assert computed == said
        everyone = ["A1", "A2", "A3", "B1", "B2", "F1"]
        computed, said = answers(recompute_kit(lillby.app, CONTROLLER, run, everyone), tmp_path / f"all-{kind}")
        assert computed == {enhet: ore for enhet, ore in said.items() if ore}


def test_the_same_kit_has_the_same_bytes_and_tells_nothing_of_other_units(lillby: Lillby) -> None:
    kits = [recompute_kit(lillby.app, OWNER_CEDERN, lillby.runs[YEAR, "utfall"], ["B1"]) for _ in range(2)]
    assert kits[0] == kits[1]
    with zipfile.ZipFile(io.BytesIO(kits[0])) as archive:
        said = (archive.read("enheter.csv") + archive.read("korning.json") + archive.read("facit.csv")).decode()
    assert not {"A1", "A2", "A3", "B2", "C1", "F1"} & set(said.replace('"', ";").replace("\n", ";").split(";"))
