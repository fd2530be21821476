"""The requirements of a framework as one table; those that the controls only support stand apart."""

from __future__ import annotations

from dataclasses import dataclass

from auditor.result import RequirementResult
from auditor.text import count
from auditor.verdict import Verdict
from auditor.workpaper.mappings import Mapped, in_natural_order, mapped
from auditor.workpaper.view import View
from auditor.workpaper.wording import counts_in_words, tone


@dataclass(frozen=True, slots=True)
class RequirementLine:
    """One row: the tone and words of its result, its controls in words and how they are mapped."""

    requirement: RequirementResult
    badge: tuple[str, str]
    controls: str
    mappings: list[Mapped]


@dataclass(frozen=True, slots=True)
class Requirements:
    """Rows with a result, and those without one."""

    assessed: list[RequirementLine]
    others: list[RequirementLine]


def requirements(view: View) -> Requirements:
    """The framework's requirements in the natural order of their ids."""
    lines = [_line(requirement) for requirement in in_natural_order(view.framework["requirements"])]
    return Requirements(
        [line for line in lines if line.requirement["verdict"] != Verdict.NOT_ASSESSED],
        [line for line in lines if line.requirement["verdict"] == Verdict.NOT_ASSESSED],
    )


def _line(requirement: RequirementResult) -> RequirementLine:
    counts = requirement["counts"]
    groups = mapped(requirement)
    words = counts_in_words(requirement["verdict"], counts)
    provenances = [
        f"{count(sum(len(group.controls) for group in groups if group.provenance == kind), 'control')} {kind}"
        for kind in dict.fromkeys(group.provenance for group in groups)
    ]
    return RequirementLine(requirement, (tone(words).lower(), words), ", ".join(provenances), groups)
