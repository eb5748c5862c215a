"""The page border's memory: frozen runs only, keyed by kommun, run, unit and the scope of who asks.

An answer is kept for those with exactly the same grants, since the verdict is part of it; an error is never kept.
Drafts change, so a run that is not decided is asked for each time. Rows about an elev never come here.
"""

from __future__ import annotations

from core.usecases.allocation import allocation_of, years_of
from core.usecases.choices import units_for
from core.usecases.enhet import enhet_view
from core.usecases.maps import map_view
from core.usecases.start import start_view

__all__ = ["allocation_of", "enhet_view", "map_view", "start_view", "units_for", "years_of"]
