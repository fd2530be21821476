"""The error of a text that is not a filter pattern: where, what was expected, and advice."""

from __future__ import annotations

from auditor.errors import AuditorError
from auditor.text import one_line

_BEFORE, _AFTER = 50, 28


class PatternSyntaxError(AuditorError):
    """A text that is not a filter pattern.

    ``column`` counts characters from 1; ``expected`` says in words what could have stood there; ``caret`` is
    the text round the place with a caret under it (two lines); ``advice`` is the remedy for a known mistake,
    or ``""``. ``str()`` is one line.
    """

    def __init__(self, text: str, column: int, expected: str, advice: str = "") -> None:
        self.column = column
        self.expected = expected
        self.advice = advice
        self.caret = _caret(text, column)
        excerpt = one_line(text[column - 1 : column + 11], 12)
        place = f"column {column}: found {excerpt!r}" if excerpt else f"column {column}: the pattern ends"
        super().__init__(f"not a filter pattern: {place}, expected {expected}.", remedy=advice, code="pattern")


class NumberTooLongError(AuditorError):
    """A number of the event has too many digits to be written out and compared as a text."""

    def __init__(self) -> None:
        super().__init__(
            "a number in the event has too many digits to be compared as a text",
            remedy="Compare it with an unquoted number.",
            code="number-too-long",
        )


def _caret(text: str, column: int) -> str:
    start = max(0, column - 1 - _BEFORE)
    lead = "…" if start else ""
    before = lead + one_line(text[start : column - 1])
    rest = text[column - 1 :]
    shown = one_line(rest[:_AFTER]) + ("…" if len(rest) > _AFTER else "")
    return f"{before}{shown}\n{' ' * len(before)}^"
