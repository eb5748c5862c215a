"""The command line, ``python -m core``: every command asks its use case, and the operator is an actor like any other.

Heavy parts are loaded by the command that needs them, so that ``--help`` answers at once.
Example: ``python -m core explain G003 --year 2026``.
"""

from core.cli.main import main

__all__ = ["main"]
