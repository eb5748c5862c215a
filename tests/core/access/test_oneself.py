"""Nobody changes what is their own; everybody with a role may report jäv."""

from __future__ import annotations

import pytest

from core.access import NOBODY, Actor, ForbiddenError, Grant
from core.access.oneself import OWN_INVITATION, must_be_another, must_have_a_role

EMBLA = Actor("p:embla", "Embla", (Grant("systemforvaltare", "kommun", "9907", "9907"),))
PUBLIC = Actor("medborgare", "Allmänheten", (Grant("medborgare", "allman", "", "9907"),))


def test_another_may_be_changed_oneself_not() -> None:
    must_be_another(EMBLA, "p:joar")
    with pytest.raises(ForbiddenError, match="Ingen ändrar sina egna roller"):
        must_be_another(EMBLA, "p:embla")
    with pytest.raises(ForbiddenError, match="Ingen ger sig själv en roll"):
        must_be_another(EMBLA, "p:embla", OWN_INVITATION)


def test_who_has_a_role_in_the_kommun_may_report_jav_the_public_and_strangers_not() -> None:
    must_have_a_role(EMBLA, "9907")
    for actor, kommun in ((PUBLIC, "9907"), (NOBODY, "9907"), (EMBLA, "9902")):
        with pytest.raises(ForbiddenError, match="ingen roll i kommunen"):
            must_have_a_role(actor, kommun)
