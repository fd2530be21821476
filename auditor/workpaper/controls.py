"""The controls tested: what each asks for, where it is published, and how many accounts it has which result in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from auditor.result import ControlFacts
from auditor.text import listing
from auditor.verdict import Verdict
from auditor.workpaper.model import Column, Kind, Sheet, columns, field
from auditor.workpaper.references import references_in_words
from auditor.workpaper.view import View, control_key, control_of
from auditor.workpaper.wording import events_in_words


@dataclass(frozen=True)
class ControlRow:
    """A control with the results of the accounts in scope."""

    control: ControlFacts
    view: View

    @property
    def key(self) -> str:
        """``control@variant``."""
        return control_key(self.control)

    @property
    def name(self) -> str:
        """The same without the usual variant."""
        return self.key.removesuffix("@default")

    @property
    def references(self) -> str:
        """Where to read more, a line a page."""
        return references_in_words(self.control["references"])

    @cached_property
    def results(self) -> Counter[str]:
        """Accounts in scope by verdict, and those that fail by the letter alone as ``letter``."""
        findings = [
            finding
            for finding in self.view.findings
            if control_of(finding) == self.key and finding["account_id"] not in self.view.out_of_scope
        ]
        letter = sum(
            finding["verdict"] == Verdict.FAIL and finding["objective"] == Verdict.PASS for finding in findings
        )
        return Counter(finding["verdict"] for finding in findings) + Counter(letter=letter)

    @property
    def requirements(self) -> str:
        """The requirements under which the framework counts it."""
        return ", ".join(self.view.requirements.get(self.key, ()))

    @property
    def patterns(self) -> str:
        """The accepted patterns, any one of which is enough, one a line."""
        return "\n".join(pattern["pattern"] for pattern in self.control["patterns"])

    @property
    def sources(self) -> str:
        """Who publishes each of them, one a line."""
        named = ("publisher", "source", "remark")
        return "\n".join(
            ", ".join(filter(None, (pattern[name] for name in named)))  # type: ignore[literal-required]
            for pattern in self.control["patterns"]
        )

    @property
    def repair(self) -> str:
        """What is evaluated instead of a rule that is broken as published, and why."""
        repair = self.control["rule_repair"]
        return f"{repair['fault']} {repair['why']}\n{repair['text']}" if repair else ""


def control_rows(view: View) -> Iterator[ControlRow]:
    """The controls that the framework maps, in its order."""
    return (ControlRow(control, view) for control in view.controls)


CONTROLS = Sheet(
    "Controls",
    "The controls tested, with the accounts in scope by result. Any one of several required patterns is enough. The + "
    "above the last columns opens what is published of each.",
    control_rows,
    columns(
        Column("key", "Control id", field("name"), Kind.CODE, 24),
        Column("title", "Control", field("control.title"), Kind.TEXT, 34),
        Column("risk", "Risk", field("control.risk"), Kind.TEXT, 9),
        Column("failed", "Accounts FAIL", lambda row: row.results["FAIL"], Kind.COUNT, 9),
        Column("letter", "of these by the letter alone", lambda row: row.results["letter"], Kind.COUNT, 10),
        Column("inconclusive", "INCONCLUSIVE", lambda row: row.results["INCONCLUSIVE"], Kind.COUNT, 14),
        Column("passed", "PASS", lambda row: row.results["PASS"], Kind.COUNT, 8),
        Column("requirements", "Requirement ids", field("requirements"), Kind.TEXT, 24),
        Column("events", "Events watched", lambda row: events_in_words(row.control), Kind.TEXT, 46),
        Column("patterns", "Required patterns", field("patterns"), Kind.CODE, 56),
        Column("sources", "Source of the patterns", field("sources"), Kind.TEXT, 40, detail=True),
        Column("aliases", "Also known as", lambda row: listing(row.control["aliases"]), Kind.TEXT, 36, detail=True),
        Column("rationale", "Rationale", field("control.rationale"), Kind.TEXT, 46, detail=True),
        Column("category", "Category", field("control.category"), Kind.TEXT, 18, detail=True),
        Column("cloud_entity", "Cloud entity", field("control.cloud_entity"), Kind.TEXT, 14, detail=True),
        Column("rule_id", "Published rule", field("control.rule_id"), Kind.CODE, 18, detail=True),
        Column("rule", "GSL text", field("control.rule"), Kind.CODE, 50, detail=True),
        Column("repair", "Broken as published, evaluated instead", field("repair"), Kind.TEXT, 40, detail=True),
        Column("references", "References", field("references"), Kind.TEXT, 56, detail=True),
    ),
    key="key",
)
