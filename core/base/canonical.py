"""One text for one content: the canonical form that fingerprints are taken of."""

from __future__ import annotations

import hashlib
import json

_PLAIN = frozenset({str, int, bool, type(None)})


def canonical_json(content: object) -> str:
    """Return JSON with sorted keys and no blanks; a float has no place in it, since no fingerprint may hang on one."""
    _refuse_floats(content)
    return _ENCODER.encode(content)


def _refuse_floats(content: object) -> None:
    if isinstance(content, float):
        _refuse(content)
    inner = list(content.values()) if isinstance(content, dict) else content
    if isinstance(inner, list | tuple) and not _PLAIN.issuperset(map(type, inner)):
        for value in inner:
            _refuse_floats(value)


def _refuse(value: object) -> object:
    msg = f"{type(value).__name__} has no canonical form"
    raise TypeError(msg)


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, default=_refuse)


def sha256(content: str | bytes) -> str:
    """Return the SHA-256 of text (as UTF-8) or bytes, in hexadecimal."""
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
