"""What the log tells of, in the reader's language."""

from __future__ import annotations

from core.usecases.audit_words import ACTION_LABELS, label_of
from pages.components.text import _


def action(code: str) -> str:
    """Return what was done; an action that no label is written for stands as it is."""
    return _(ACTION_LABELS[code]) if code in ACTION_LABELS else code


def fact(action_: str, name: str) -> str:
    """Return what a fact of a payload is called; one that no label is written for stands as it is."""
    label = label_of(action_, name)
    return name if label is None else _(label)


def about(subject: str) -> str:
    """Return what it was done to: "Körning 6" for ``run:6``; an unknown kind stands as it is."""
    kind, colon, which = subject.partition(":")
    known = {
        "account": _("Konto {which}"),
        "batch": _("Inläsning {which}"),
        "decision": _("Beslut {which}"),
        "enhet": _("Enhet {which}"),
        "flag": _("Fråga {which}"),
        "grant": _("Roll {which}"),
        "invitation": _("Inbjudan {which}"),
        "kommun": _("Kommun {which}"),
        "local": _("Reservkonto {which}"),
        "login": _("Inloggning {which}"),
        "payment": _("Utbetalning {which}"),
        "recovery": _("Återkrav {which}"),
        "retention": _("Gallring av {which}"),
        "run": _("Körning {which}"),
        "scenario": _("Försök {which}"),
    }
    return known[kind].format(which=which) if colon and kind in known else subject
