"""What a person can mend is a ``CoreError``; anything else that is raised is a bug."""

from __future__ import annotations

from core.base.sentences import Sentence


class CoreError(Exception):
    """A fault whose Swedish text says what is wrong, where, and what to do.

    Subclasses keep the facts as attributes, so that a page, the command line and a test
    can read them without parsing the text. A text that is made as a ``Sentence`` can be said in another language.
    """

    @property
    def sentence(self) -> Sentence:
        """The text as it was made: template and facts apart, or all in one when it was not made as a ``Sentence``."""
        made = self.args[0] if self.args else None
        return made if isinstance(made, Sentence) else Sentence(str(self))
