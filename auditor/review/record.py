"""What people wrote beside one finding of one workbook, as it was read."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.errors import Problem
from auditor.workpaper.basis import as_written, carries


@dataclass(frozen=True, slots=True)
class Record:
    """``finding`` is the id that stands beside it, ``""`` if none does; ``account`` and ``control`` are what the row
    says otherwise. ``own`` is what people wrote into columns that they inserted, by header, ``earlier`` what no longer
    stood when the workbook was written.
    """

    file: str
    place: str  # "sheet Results, cell AB7"
    finding: str
    account: str = ""
    control: str = ""
    conclusion: str = ""
    comment: str = ""
    own: tuple[tuple[str, str], ...] = ()
    earlier: str = ""
    verdict: str = ""
    reason: str = ""
    basis: str = ""
    as_of: str = ""

    @property
    def where(self) -> str:
        """File and place in words."""
        return f"{self.file}, {self.place}"

    @property
    def written(self) -> bool:
        """Whether people wrote conclusion or comment, or took them out, rather than the build that carried them."""
        if carries(self.basis):
            return not as_written(self.basis, self.conclusion, self.comment)
        return bool(self.conclusion or self.comment)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to carry over, not even that something was taken out."""
        return not (self.conclusion or self.comment or self.own or self.earlier or self.written)

    @property
    def text(self) -> str:
        """Conclusion and comment on one line: ``Agree: the alarm was tried``."""
        return ": ".join(filter(None, [self.conclusion, " ".join(self.comment.split())]))


@dataclass(frozen=True, slots=True)
class ReviewFile:
    """A workbook that people worked in."""

    file: str
    records: tuple[Record, ...]
    problems: tuple[Problem, ...]
