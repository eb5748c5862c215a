"""A log made by hand: four links, one of them erased, of a chain that holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.usecases.auditing import AuditLink, AuditView, ChainReport

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 11, 20, 7, 15, tzinfo=UTC)
LINKS = (
    AuditLink(4, AT, "revisor", "Torvald Grenklyka", "audit.view", "kommun:9901", "{}", "d" * 64),
    AuditLink(
        3, AT, "p:1a", "Maj-Lis Tallgård", "register_rows.view", "enhet:G01",
        '{"category":"gs.1_3","month":3,"purpose":"kontroll"}', "c" * 64,
    ),
    AuditLink(2, AT, "p:1a", "Maj-Lis Tallgård", "något.nytt", "sak:7", '{"n":1}', "b" * 64),
    AuditLink(1, AT, "kommandorad", "Kommandoraden", "batch.accepted", "batch:1", None, "a" * 64),
)  # fmt: skip
ACTORS = (("kommandorad", "Kommandoraden"), ("p:1a", "Maj-Lis Tallgård"), ("revisor", "Torvald Grenklyka"))
VIEW = AuditView(
    4, AT, 4, LINKS, ("audit.view", "batch.accepted", "något.nytt", "register_rows.view"), ACTORS, f"4:{'d' * 64}"
)
WHOLE = ChainReport(ok=True, first_broken=None, links=4, checked=4)


def answers() -> dict[str, Callable[..., object]]:
    """Return a fake for each use case the page asks."""
    return {
        "auditing.audit_view": lambda _app, _viewer, _wanted=None, page=1: VIEW,  # noqa: ARG005  # asked by its name
        "auditing.verify_chain": lambda *_, **__: WHOLE,
        "auditing.audit_file_links": lambda *_, **__: LINKS,
    }
