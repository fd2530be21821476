"""What people say about an engagement (client, firm, period …), read from a YAML or JSON file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import NotRequired, TypedDict

from auditor.documents import read_yaml
from auditor.errors import AuditorError
from auditor.resources import first_violation
from auditor.text import one_line, pointer

MAX_BYTES = 64_000  # some pages of words: far more than six fields need
FIELDS = ("client", "engagement", "firm", "confidentiality")
ASKING = ("requests_due", "requests_to")
REMEDY = f"Give a mapping of {', '.join(FIELDS)} and period, as YAML or JSON."


class Engagement(TypedDict):
    """What people say about the engagement; every field may be empty."""

    client: str
    engagement: str
    firm: str
    confidentiality: str
    requests_due: NotRequired[str]  # ISO date by which requested evidence is expected
    requests_to: NotRequired[str]  # to whom it is sent


@dataclass(frozen=True, slots=True)
class EngagementFacts:
    """``engagement`` stands in the result; the others are used where the command gives none. Paths are found from the
    folder of the engagement file.
    """

    engagement: Engagement
    period: str | None
    scope: Path | None
    waivers: Path | None


def read_engagement(source: str | Path | Mapping[str, object]) -> EngagementFacts:
    """The facts in a file or a mapping; what is not said is the empty text.

    Raises:
        AuditorError: unreadable, too large, no YAML or JSON, or against ``schemas/engagement.schema.json``;
            a member that is nearly a known one.
    """
    if isinstance(source, Mapping):
        return _facts(dict(source), "engagement", Path())
    return _facts(read_yaml(source, MAX_BYTES, REMEDY), str(source), Path(source).parent)


def _refuse_misspelt(document: Mapping[str, object], file: str) -> None:
    """Further members are accepted, but neither a misspelt one nor the file of something else.

    Raises:
        AuditorError: such a one.
    """
    members = (*FIELDS, *ASKING, "period", "scope", "waivers")
    for name in document:
        near = [] if name in members else get_close_matches(str(name).lower(), members, n=1, cutoff=0.75)
        if near:
            raise AuditorError(
                f"has the unknown member {one_line(str(name), 40)}.",
                file=file,
                pointer=pointer(str(name)),
                remedy=f"Did you mean {near[0]}?",
            )
    if document and not any(name in members for name in document):
        raise AuditorError("says nothing about an engagement.", file=file, remedy=REMEDY)


def _facts(document: object, file: str, folder: Path) -> EngagementFacts:
    if not isinstance(document, Mapping):
        raise AuditorError("is no engagement file.", file=file, remedy=REMEDY)
    if (violation := first_violation("engagement", document)) is not None:
        place, words = violation
        raise AuditorError(f"{one_line(words)}.", file=file, pointer=pointer(*place), remedy=REMEDY)
    _refuse_misspelt(document, file)
    scope, waivers, due = document.get("scope"), document.get("waivers"), document.get("requests_due")
    engagement = Engagement(
        client=document.get("client", ""),
        engagement=document.get("engagement", ""),
        firm=document.get("firm", ""),
        confidentiality=document.get("confidentiality", ""),
    )
    if due:
        engagement["requests_due"] = _date(due, file)
    if document.get("requests_to"):
        engagement["requests_to"] = document["requests_to"]
    return EngagementFacts(
        engagement=engagement,
        period=document.get("period") or None,
        scope=folder / scope if scope else None,
        waivers=folder / waivers if waivers else None,
    )


def _date(text: str, file: str) -> str:
    """A day as ISO 8601. Raises AuditorError: it is none."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise AuditorError(
            f"requests_due {one_line(text, 40)!r} is no date.",
            file=file,
            pointer=pointer("requests_due"),
            remedy="Write it as 2026-10-31.",
        ) from None
