"""Enheter and elever: rules of counting, declared here, run as SQL by the store.

Example: ``count_plans(model, through_month=10, holidays=frozenset())`` gives the counting days.
"""

from core.register.classify import CategoriesOverlapError, Classifier, RowFields, age_in
from core.register.counting import (
    COUNT_FIELDS,
    CountGroups,
    CountPlan,
    CountQuery,
    contiguous,
    count_plans,
)
from core.register.counts import Counter, Counts, PlannedRow, Uncounted, planned_counts
from core.register.origin import GroupsCounted, Origin, count_origins, with_ground
from core.register.plain import PlainSpell, counted_days

__all__ = [
    "COUNT_FIELDS",
    "CategoriesOverlapError",
    "Classifier",
    "CountGroups",
    "CountPlan",
    "CountQuery",
    "Counter",
    "Counts",
    "GroupsCounted",
    "Origin",
    "PlainSpell",
    "PlannedRow",
    "RowFields",
    "Uncounted",
    "age_in",
    "contiguous",
    "count_origins",
    "count_plans",
    "counted_days",
    "planned_counts",
    "with_ground",
]
