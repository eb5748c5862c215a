"""The demo municipality Lindvik: invented, deterministic, and rich enough for every page.

``generate(folder)`` writes three years of registers, plans, indexes, support, staff and premises
as files under the import contracts: ``[file.kind for file in generate(Path("ut"))][:4]`` is
``["units", "units", "units", "enrolments"]``. Nothing in them is about a real person or unit.
"""

from core.usecases.demo.files import DemoFile
from core.usecases.demo.generate import generate

__all__ = ["DemoFile", "generate"]
