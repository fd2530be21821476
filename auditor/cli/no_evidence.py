"""What is said of a bundle that shows no account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditor.errors import AuditorError
from auditor.result import ProblemFacts
from auditor.text import listing, one_line, path_name


def nothing_judged(
    bundles: Sequence[Path], *, captures: int, problems: Sequence[ProblemFacts], remedy: str
) -> AuditorError:
    """The error of a command that was given no account: reports of an earlier audit, or whatever else.

    ``captures``: how many answers of AWS were recognised. ``remedy`` is what helps if no reports lie there and no file
    is in error, as an archive is that lies too deep.
    """
    from auditor.custody import reports_among

    name = listing(map(path_name, bundles), limit=3)
    if not captures and (folder := reports_among(bundles)):
        place = "" if folder == name else f" in {folder}"
        return AuditorError(
            f"holds{place} the reports of an earlier audit, which are no evidence, and no export of an account.",
            file=name,
            remedy="Give the folder of exports. `auditor report REPORT-DIR` writes reports again.",
            code="reports-given",
        )
    says = "shows no account that could be judged"
    errors = (problem for problem in problems if problem["severity"] == "error" and problem["file"] != name)
    error = next(errors, None)
    if not captures and error is not None:
        words = f"{says}: {one_line(error['file'])} {error['problem']}"
        return AuditorError(words, file=name, remedy=error["remedy"], code="nothing-judged")
    return AuditorError(f"{says}.", file=name, remedy=remedy, code="nothing-judged")
