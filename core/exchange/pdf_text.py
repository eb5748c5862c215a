"""From a layout and its content to an accessible PDF, whatever signs a name from outside holds.

The fonts that come with typst have no emoji and few scripts, and PDF/UA is not written with a sign that cannot be
shown. Then the document is made once more with a question mark for each sign outside European writing: a name that
looks odd is better than a statement that cannot be had.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, TypeAlias

import typst

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LAST_PLAIN = "\u017f"  # Latin, its supplement and its first extension
STANDING_IN = "?"
_PLAIN_BESIDES = frozenset("–—‑‒’‘”“„…−≤≥×·•€→←½¼¾\u00a0\u202f\u2009")  # noqa: RUF001 - Swedish typography
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def compiled(layout: Path, name: str, content: Mapping[str, object], made_on: date) -> bytes:
    """Return the PDF of ``content``, handed to ``layout`` as its input ``name``; the same content, the same bytes."""
    written = json.dumps(content)
    try:
        return _compiled(layout, name, written, made_on)
    except typst.TypstError:
        plainer = json.dumps(_plainer(json.loads(written)))
        if plainer == written:
            raise  # no sign of outside is to blame: a bug
        return _compiled(layout, name, plainer, made_on)


def _compiled(layout: Path, name: str, content: str, made_on: date) -> bytes:
    return typst.compile(
        str(layout),
        root=str(layout.parent),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={name: content},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC).timestamp()),
    )


def _plainer(content: Json) -> Json:
    """Return the content with a question mark for each sign that the fonts may lack."""
    if isinstance(content, dict):
        return {key: _plainer(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_plainer(value) for value in content]
    if not isinstance(content, str):
        return content
    return "".join(
        sign if " " <= sign <= LAST_PLAIN or sign in _PLAIN_BESIDES or sign == "\n" else STANDING_IN for sign in content
    )
