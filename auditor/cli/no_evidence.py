"""What is said of a bundle that shows no account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from auditor.errors import AuditorError
from auditor.text import listing, path_name


def nothing_judged(bundles: Sequence[Path], *, captures: int, remedy: str) -> AuditorError:
    """The error of a command that was given no account: reports of an earlier audit, or whatever else.

    ``captures``: how many answers of AWS were recognised. ``remedy`` is what helps if no reports lie there.
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
    return AuditorError("shows no account that could be judged.", file=name, remedy=remedy, code="nothing-judged")
