"""The errors of a rule: its text is not GSL, or it uses a name that is unknown or whose meaning is not established."""

from __future__ import annotations

from auditor.errors import AuditorError
from auditor.text import one_line

_BEFORE, _AFTER = 50, 28


class GslError(AuditorError):
    """A rule cannot be used as it stands; ``str()`` is one line.

    ``line`` counts from 1 and ``column`` from 0, as the vendor's own messages do; ``caret`` is the text round
    the place with a caret under it (two lines); ``advice`` is the likely repair, or ``""``.
    """

    def __init__(self, message: str, text: str, offset: int, advice: str, code: str) -> None:
        self.line = text.count("\n", 0, offset) + 1
        self.column = offset - (text.rfind("\n", 0, offset) + 1)
        self.advice = advice
        self.caret = _caret(text, offset)
        line = f"line {self.line}, " if "\n" in text.strip() else ""
        place = f"{line}column {self.column} (counted from 0)"
        super().__init__(message.format(place=place), remedy=advice, code=code)


class GslSyntaxError(GslError):
    """A text that is not a posture rule; ``expected`` says in words what could have stood at the place."""

    def __init__(self, text: str, offset: int, expected: str, advice: str = "") -> None:
        self.expected = expected
        excerpt = one_line(text[offset : offset + 12], 12).replace("{", "{{").replace("}", "}}")
        what = f"found {excerpt!r}" if excerpt else "the rule ends"
        super().__init__(f"not a GSL rule: {{place}}: {what}, expected {expected}.", text, offset, advice, "gsl-syntax")


class GslNameError(GslError):
    """An entity, field or function that is unknown, or known by name only; ``name`` as written."""

    def __init__(self, text: str, offset: int, name: str, problem: str, advice: str = "") -> None:
        self.name = name
        super().__init__(f"GSL rule, {{place}}: {problem}.", text, offset, advice, "gsl-name")


def _caret(text: str, offset: int) -> str:
    start = max(0, offset - _BEFORE)
    before = ("…" if start else "") + one_line(text[start:offset])
    rest = text[offset:]
    return f"{before}{one_line(rest[:_AFTER])}{'…' if len(rest) > _AFTER else ''}\n{' ' * len(before)}^"
