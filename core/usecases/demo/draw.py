"""Named draws: every chance in Lindvik is a hash of what it is about, so nothing depends on order or state.

``draw("flytt", elev, 2025)`` is the same number on every machine and every version of Python, and
adding one more draw elsewhere changes none of the others.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

from core.base import distribute

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Key = TypeVar("Key")

SEED = b"Lindvik 9901"
_SCALE = float(1 << 53)
_DROP = 11  # 64 bits of hash, 53 of them fit a float exactly


def draw(*about: object) -> float:
    """Return a number in [0, 1) that belongs to ``about``."""
    text = "|".join(map(str, about)).encode()
    found = hashlib.blake2b(text, digest_size=8, key=SEED).digest()
    return (int.from_bytes(found, "big") >> _DROP) / _SCALE


def chance(share: float, *about: object) -> bool:
    """Say whether the thing that happens to ``share`` of all happens here."""
    return draw(*about) < share


def whole(low: int, high: int, *about: object) -> int:
    """Return a whole number from ``low`` to ``high``, both included."""
    return low + int(draw(*about) * (high - low + 1))


def pick(weights: Mapping[Key, int], *about: object) -> Key:
    """Return one key, each as likely as its weight; raises ``ValueError`` when nothing weighs anything."""
    left = draw(*about) * sum(weights.values())
    for key, weight in weights.items():
        left -= weight
        if left < 0:
            return key
    msg = f"nothing to pick among for {about}"
    raise ValueError(msg)


def shuffled(items: Iterable[str], *about: object) -> list[str]:
    """Return the texts in an order of their own."""
    return sorted(items, key=lambda item: draw("ordning", item, *about))


def shared_out(items: Sequence[str], weights: Mapping[str, int], *about: object) -> dict[str, str]:
    """Give each item one of the keys, so that each key gets its share to within one item."""
    quotas = distribute(len(items), weights)
    keys = [key for key, quota in quotas.items() for _ in range(quota)]
    return dict(zip(shuffled(items, *about), keys, strict=True))
