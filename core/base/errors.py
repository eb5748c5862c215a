"""What a person can mend is a ``CoreError``; anything else that is raised is a bug."""

from __future__ import annotations


class CoreError(Exception):
    """A fault whose Swedish text says what is wrong, where, and what to do.

    Subclasses keep the facts as attributes, so that a page, the command line and a test
    can read them without parsing the text.
    """
