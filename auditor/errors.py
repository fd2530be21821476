"""Problems found in evidence and the one exception class of the package.

A *problem* is recoverable: it is recorded beside the evidence and the rest goes on.
An *error* stops the command and has a problem that says where and what to do.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note"]

# Beginnings of the codes of problems in what people gave beside the evidence: theirs to mend, and shown at once.
BESIDE_EVIDENCE = ("waiver-", "review-", "claims-", "mute-")
# With them, whatever keeps a whole part of the evidence out.
SAID_AT_ONCE = (*BESIDE_EVIDENCE, "nested-archive")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what mends it.

    ``file`` is the member's path in the bundle or the user's file (``""`` if none),
    ``pointer`` an RFC 6901 JSON pointer or a place in words (``"line 3"``; ``""`` = the whole file),
    ``code`` a stable lower-case identifier of the kind of problem. ``severity``: an *error* makes the
    file or the place unusable, a *warning* may, a *note* only informs.
    """

    file: str
    pointer: str
    problem: str
    remedy: str
    code: str = "problem"
    severity: Severity = "error"

    def line(self) -> str:
        """The problem as one line: place, what is wrong, remedy."""
        place = " ".join(part for part in (self.file, self.pointer) if part)
        return f"{place}: {self.sentences()}" if place else self.sentences()

    def sentences(self) -> str:
        """What is wrong, and the remedy."""
        stop = "." if self.remedy and self.problem[-1:].isalnum() else ""
        return f"{self.problem}{stop} {self.remedy}".strip()


class AuditorError(Exception):
    """A command could not be carried out; ``str()`` is one line naming file, place and remedy."""

    def __init__(
        self, problem: str, *, file: str = "", pointer: str = "", remedy: str = "", code: str = "error"
    ) -> None:
        self.problem = Problem(file, pointer, problem, remedy, code)
        super().__init__(self.problem.line())
