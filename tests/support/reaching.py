"""Tests look into the store past the use cases: an actor, and a reach, that hold every kommun the tests invent."""

from __future__ import annotations

from core.access import Actor, Grant
from core.usecases.context import reach_of

KOMMUNER = ("0000", "0100", "9901", "9902", "9903", "9907", "9908", "9909", "9998", "9999")
PEEK = Actor("prov", "Provet", tuple(Grant("prov", "kommun", one, one) for one in KOMMUNER))
EVERYWHERE = reach_of(PEEK)
