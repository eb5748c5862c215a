from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from core.usecases.demo import generate
from core.usecases.demo.generate import DATA
from core.usecases.demo.register import build_register
from core.usecases.demo.units import read_units

if TYPE_CHECKING:
    from pathlib import Path

    from core.usecases.demo import DemoFile
    from core.usecases.demo.register import Register

Rows = list[dict[str, str]]


class Delivered:
    """The generated files, read plainly, so that a test does not lean on the code that wrote them."""

    def __init__(self, files: list[DemoFile]) -> None:
        self.files = files
        self._rows: dict[str, Rows] = {}

    def rows(self, name: str) -> Rows:
        if name not in self._rows:
            path = next(one.path for one in self.files if one.path.name == name)
            with path.open(encoding="utf-8", newline="") as file:
                self._rows[name] = list(csv.DictReader(file, delimiter=";"))
        return self._rows[name]


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    return Delivered(generate(tmp_path_factory.mktemp("lindvik")))


@pytest.fixture(scope="session")
def register() -> Register:
    return build_register(read_units(DATA))


@pytest.fixture(scope="session")
def demo_data() -> Path:
    return DATA
