"""The columns of people in the workpaper: where a review stands, and the sheet of what needs another look."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from auditor.result import Finding, ReviewFacts
from auditor.text import listing
from auditor.verdict import ReviewStatus
from auditor.workpaper.basis import basis
from auditor.workpaper.legend import CONCLUSIONS
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.view import View

FINDING_ID, BASIS, CONCLUSION, COMMENT = "Finding id", "Basis of the conclusion", "Auditor's conclusion", "Comment"
EARLIER, STATUS = "Earlier conclusions", "Review"
# Columns whose headers have names in the workbook, so that they are known when somebody has translated them.
NAMED = (
    "finding_id", "account_id", "control_id", "verdict", "reason", "conclusion", "comment", "review", "earlier",
    "basis",
)  # fmt: skip
NAME_PREFIX = "auditor_"

STATUSES: dict[ReviewStatus, str] = {
    "carried": "carried over, evidence unchanged",
    "evidence_changed": "evidence changed, conclude again",
    "conflicting": "conclusions differ, conclude again",
    "unplaced": "could not be placed",
}


def status_in_words(facts: ReviewFacts) -> str:
    """``evidence changed, conclude again: Alarm and open points; was FAIL`` …"""
    words = STATUSES[facts["status"]]
    if facts["status"] == "carried" and not (facts["conclusion"] or facts["comment"]):
        return "notes carried over"
    if facts["status"] == "evidence_changed" and facts["changed"]:
        was = f"; was {facts['before']['verdict']}" if facts["before"]["verdict"] else ""
        since = f" since {facts['before']['as_of']}" if facts["before"]["as_of"] else ""
        return f"{words}: {listing(facts['changed'])} changed{since}{was}"
    return words


def _of(view: View, finding: Finding) -> ReviewFacts | None:
    return view.reviewed.get(finding["id"])


def _standing(view: View, finding: Finding, member: str) -> str:
    """What still stands of a review: nothing once the evidence has changed."""
    facts = _of(view, finding)
    return str(facts[member]) if facts and facts["status"] == "carried" else ""  # type: ignore[literal-required]


def people_columns(view: View) -> tuple[Column, ...]:
    """The columns of people in the sheet Results, filled with what is carried over."""
    reviewed = view.document["review"] is not None
    earlier = (
        Column("review", STATUS, lambda row: _status(view, row.finding), Kind.TEXT, 14),
        Column("earlier", EARLIER, lambda row: _earlier(view, row.finding), Kind.TEXT, 18),
    )
    return (
        Column(
            "conclusion", CONCLUSION, lambda row: _standing(view, row.finding, "conclusion"), Kind.INPUT, 14,
            choices=CONCLUSIONS,
        ),
        Column("comment", COMMENT, lambda row: _standing(view, row.finding, "comment"), Kind.INPUT, 22),
        *(Column(f"own-{header}", header, _own(view, header), Kind.INPUT, 14) for header in own_headers(view)),
        *(earlier if reviewed else ()),
    )  # fmt: skip


def identity_columns(view: View) -> tuple[Column, ...]:
    """The last columns of the sheet Results, by which the next build finds the conclusions again."""
    return (
        Column("finding_id", FINDING_ID, field("finding.id"), Kind.CODE, 26, detail=True),
        Column("basis", BASIS, lambda row: _basis(view, row.finding), Kind.CODE, 14, detail=True),
    )


def own_headers(view: View) -> list[str]:
    """The headers of the columns that people inserted into earlier workbooks, in the order in which they were read."""
    headers = (own["header"] for facts in view.document["review"] or () if facts["number"] for own in facts["own"])
    first: dict[str, str] = {}
    for header in headers:
        first.setdefault(header.casefold(), header)  # the columns of a table differ by more than case
    return list(first.values())


def _own(view: View, header: str) -> Callable[..., str]:
    def text(row: object) -> str:
        facts = _of(view, row.finding)  # type: ignore[attr-defined]
        columns = facts["own"] if facts else []
        return "\n".join(column["text"] for column in columns if column["header"].casefold() == header.casefold())

    return text


def _earlier(view: View, finding: Finding) -> str:
    facts = _of(view, finding)
    return facts["earlier"] if facts else ""


def _status(view: View, finding: Finding) -> str:
    facts = _of(view, finding)
    return status_in_words(facts) if facts else ""


def _basis(view: View, finding: Finding) -> str:
    return basis(finding, _standing(view, finding, "conclusion"), _standing(view, finding, "comment"))


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """A conclusion that does not simply stand."""

    facts: ReviewFacts

    @property
    def status(self) -> str:
        """What became of it, in words."""
        return STATUSES[self.facts["status"]]

    @property
    def what(self) -> str:
        """What changed, or why it could not be placed."""
        return listing(self.facts["changed"]) or self.facts["why"]

    @property
    def own(self) -> str:
        """What people wrote into columns of their own, one a line."""
        return "\n".join(f"{column['header']}: {column['text']}" for column in self.facts["own"])


def review_rows(view: View) -> Iterator[ReviewRow]:
    """Conclusions on findings of this framework that need another look, then all that could not be placed."""
    facts = view.document["review"] or ()
    yield from (
        ReviewRow(conclusion)
        for conclusion in facts
        if conclusion["status"] != "carried" and conclusion["finding"] in view.numbers
    )
    yield from (ReviewRow(conclusion) for conclusion in facts if conclusion["status"] == "unplaced")


THEN_CONCLUSION, THEN_COMMENT, THEN_STATUS = "Conclusion then", "Comment then", "What became of it"
THEN_OWN, THEN_WHERE = "Own columns then", "It stands in"

REVIEW = Sheet(
    "Review",
    "Conclusions and comments of an earlier workbook that do not simply stand: their evidence has changed, they "
    "differ, or they could not be placed. What still stands was carried over into the sheet Results.",
    review_rows,
    columns(
        Column("number", "Finding no.", field("facts.number"), Kind.CODE, 9, link="Results"),
        Column("finding_id", FINDING_ID, field("facts.finding"), Kind.CODE, 26),
        Column("status", THEN_STATUS, field("status"), Kind.TEXT, 20),
        Column("what", "What changed, or why", field("what"), Kind.TEXT, 36),
        Column("conclusion", THEN_CONCLUSION, field("facts.conclusion"), Kind.TEXT, 14),
        Column("comment", THEN_COMMENT, field("facts.comment"), Kind.TEXT, 36),
        Column("own", THEN_OWN, field("own"), Kind.TEXT, 24),
        Column("earlier", EARLIER, field("facts.earlier"), Kind.TEXT, 30),
        Column("verdict", "Verdict then", field("facts.before.verdict"), Kind.TEXT, 16),
        Column("reason", "Reason then", field("facts.before.reason"), Kind.TEXT, 36),
        Column("as_of", "As of", field("facts.before.as_of"), Kind.DATE, 11),
        Column("where", THEN_WHERE, field("facts.where"), Kind.TEXT, 30),
        Column("basis", BASIS, field("facts.before.basis"), Kind.CODE, 34),
    ),
    key="number",
    frozen=2,
)
