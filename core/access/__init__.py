"""Who may do what: an actor, an action and a resource give a verdict with its reason.

Example: ``may(rektor, "allocation.view", Resource("allocation", "9901", enhet="G03"))`` is
``Verdict(True, "Du är rektor för enheten.")``. ``require`` raises ``ForbiddenError`` instead.
"""

from core.access.actors import NOBODY, Actor, ForbiddenError, Grant, Resource, Verdict
from core.access.resolve import may, may_somewhere, require
from core.parameters.roles import Action, ScopeKind

__all__ = [
    "NOBODY",
    "Action",
    "Actor",
    "ForbiddenError",
    "Grant",
    "Resource",
    "ScopeKind",
    "Verdict",
    "may",
    "may_somewhere",
    "require",
]
