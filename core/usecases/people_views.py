"""People, their roles and invitations as pages and commands show them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Who has logged in, as the login provider says it: known, but not yet of any kommun."""

    subject: str
    issuer: str
    issuer_subject: str
    name: str
