"""Holds a user's control against the languages of its texts, filter patterns and GSL; tests hold the product's.

A pattern that does not parse can be no account's filter, and a rule that names what the evidence does not provide has
no answer: either would make every account fail, or stop the audit half-way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from auditor import gsl, patterns
from auditor.catalogue.document import CatalogueError
from auditor.catalogue.model import Control
from auditor.errors import AuditorError
from auditor.text import pointer

_REQUIRED_PATTERN = re.compile(r"isFilterPatternEqual\(\s*'((?:[^'\\]|\\.)*)'\s*\)")
_EPOCH = datetime.min.replace(tzinfo=UTC)


def required_patterns(rule: str) -> list[str]:
    """The filter patterns that a GSL rule asks for."""
    return [re.sub(r"\\(.)", r"\1", text) for text in _REQUIRED_PATTERN.findall(rule)]


def refuse_unusable(control: Control, path: Path) -> None:
    """Refuses a control with a pattern that does not parse or a rule that cannot be evaluated.

    Raises:
        CatalogueError: names the place in the file, and what the text's own parser says.
    """
    for place, text in _patterns(control):
        try:
            patterns.parse(text)
        except AuditorError as error:
            raise _unusable(error, path, place, "Correct the pattern.") from None
    for name, variant in control.variants.items():
        if variant.rule is None:
            continue
        place = ("variants", name, *(("rule_repair", "text") if variant.rule_repair else ("rule",)))
        try:
            rule = variant.evaluated_rule or ""
            gsl.evaluate(gsl.parse(rule), [], now=_EPOCH, pattern_equal=_not_comparable, fields=gsl.known_fields())
            for text in required_patterns(rule):
                patterns.parse(text)
        except AuditorError as error:
            raise _unusable(error, path, place, "Correct the rule, or leave it out.") from None


def _patterns(control: Control) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for name, variant in control.variants.items():
        for number, accepted in enumerate(variant.patterns):
            yield ("variants", name, "patterns", number, "pattern"), accepted.pattern


def _not_comparable(actual: str, required: str) -> bool | None:
    raise AssertionError("there is no entity whose filters could be compared")


def _unusable(error: AuditorError, path: Path, place: tuple[str | int, ...], remedy: str) -> CatalogueError:
    problem = error.problem
    return CatalogueError(
        f"is {problem.problem}" if problem.problem.startswith("not ") else problem.problem,
        file=str(path),
        pointer=pointer(*place),
        remedy=f"{problem.remedy} {remedy}".strip(),
        code="invalid-control",
    )
