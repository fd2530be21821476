"""The records behind the sheets of findings and chains, and behind their entries on the page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from auditor.result import ChainFacts, ControlFacts, Finding, Request, deciding_chain
from auditor.text import count
from auditor.verdict import Verdict
from auditor.workpaper.excerpts import deciding_members
from auditor.workpaper.view import View, control_of
from auditor.workpaper.wording import link_mark

# Beyond this many the rest of a list in a cell is counted; the whole list is in results.json.
EVENTS = 12


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding in words, in the framework that the workpaper is about."""

    finding: Finding
    view: View

    @property
    def title(self) -> str:
        """The title of its control."""
        return self._control["title"] if self._control else ""

    @property
    def risk(self) -> str:
        """The risk that the publisher of the control gives it."""
        return self._control["risk"] if self._control else ""

    @property
    def _control(self) -> ControlFacts | None:
        control = self.finding["control_id"], self.finding["variant"]
        return next((facts for facts in self.view.controls if (facts["id"], facts["variant"]) == control), None)

    @property
    def requirements(self) -> str:
        """The requirements that it counts for, those that it supports, and whether its account is out of scope."""
        control = control_of(self.finding)
        shown = self.view.supporting.get(control, ())
        outside = self.finding["account_id"] in self.view.out_of_scope
        parts = [
            ", ".join(self.view.requirements.get(control, ())),
            f"supporting, not counted: {', '.join(shown)}" if shown else "",
            "account out of scope, not counted" if outside else "",
        ]
        return "\n".join(filter(None, parts))

    @property
    def regions(self) -> str:
        """The regions in which an obligation is not met."""
        return self.view.regions_in_words(self.finding["regions"])

    @property
    def control(self) -> str:
        """The control as the sheet Controls names it."""
        return control_of(self.finding).removesuffix("@default")

    @property
    def material(self) -> int:
        """How many of the open points are material."""
        return sum(point["material"] for point in self.finding["open_points"])

    @property
    def deciding(self) -> str:
        """The members of the evidence on which the finding turns, one a line."""
        return "\n".join(f"{member.evidence} {member}" for member in deciding_members(self.view, self.finding))

    @property
    def chain(self) -> ChainFacts | None:
        """The deciding chain, else the first."""
        return deciding_chain(self.finding)

    @property
    def missed(self) -> str:
        """The event names that the filter of its chain does not count."""
        return shortened(self.chain["missed"]) if self.chain else ""

    @property
    def added(self) -> str:
        """The event names that it counts beyond the required ones."""
        return shortened(self.chain["added"]) if self.chain else ""

    @property
    def open_points(self) -> str:
        """Open points, what would settle an open question, remarks and assumptions, one a line."""
        points = [
            f"{'Material: ' if point['material'] else ''}{point['text']}{self._rule(point['code'])} "
            f"Settle{_place(point['place'])}: {point['command']}"
            for point in self.finding["open_points"]
        ]
        commands = [
            f"{request['number']}{_place(request_place(request))}: {request['command'] or request['why']}"
            for request in self.view.asked_for.get(self.finding["id"], ())
        ]
        assumed = [f"Assumption {point['code']}: {point['text']}" for point in self.finding["assumptions"]]
        return "\n".join([*points, *commands, *self.finding["remarks"], *assumed])

    def _rule(self, code: str) -> str:
        number = self.view.rule_of(code)
        return f" (rule {number})" if number else ""

    @property
    def evidence(self) -> str:
        """The numbers of the captures that it cites, with their places."""
        return self.view.references(self.finding["evidence"])

    @property
    def first_evidence(self) -> str:
        """The number of the first of them, for a link."""
        return next((self.view.evidence.get(item["file"], "") for item in self.finding["evidence"]), "")

    def letter(self, link: str) -> str:
        """The tickmark of one link, by its name."""
        return link_mark(self.finding, link)


def finding_rows(view: View) -> Iterator[FindingRow]:
    """The findings of the framework, in their order."""
    return (FindingRow(finding, view) for finding in view.findings)


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A chain of a finding in words."""

    finding: Finding
    chain: ChainFacts
    view: View

    @property
    def open(self) -> bool:
        """Whether it decides a finding that is not PASS."""
        return bool(self.chain["decides"]) and self.finding["verdict"] != Verdict.PASS

    @property
    def reason(self) -> str:
        """Why its first link that is not ok is not."""
        first = self.chain["first_broken"]
        return self.chain["links"][first]["reason"] if first in self.chain["links"] else ""

    @property
    def rule(self) -> str:
        """The number of the rule on which ``reason`` rests."""
        first = self.chain["first_broken"]
        return self.view.rule_of(self.chain["links"][first]["code"]) if first in self.chain["links"] else ""

    @property
    def relation(self) -> str:
        """The relation with what the filter misses, adds, and what its reading assumes."""
        chain = self.chain
        return "\n".join(
            [
                chain["pattern_relation"] or "",
                *([f"misses {shortened(chain['missed'])}"] if chain["missed"] else []),
                *([f"adds {shortened(chain['added'])}"] if chain["added"] else []),
                *(f"assumes {code}" for code in chain["assumptions"]),
            ]
        ).strip("\n")

    @property
    def alarms(self) -> str:
        """Its alarm and the composite alarms above, one a line."""
        return "\n".join(filter(None, [self.chain["alarm_arn"], *self.chain["composite_arns"]]))

    @property
    def witness(self) -> str:
        """``missed {…}``: an event as JSON with what the filter does with it."""
        if self.chain["witness"] is None:
            return ""
        return f"{self.chain['witness_kind']} {orjson.dumps(self.chain['witness']).decode()}".strip()

    @property
    def covers(self) -> str:
        """The regions whose calls its trail delivers."""
        return self.view.regions_in_words(self.chain["covers"]["regions"])

    @property
    def evidence(self) -> str:
        """The numbers of the captures that its links cite, with their places."""
        cited = {index for facts in self.chain["links"].values() for index in facts["evidence"]}
        items = self.finding["evidence"]
        return self.view.references(items[index] for index in sorted(cited) if index < len(items))


def chain_rows(view: View) -> list[ChainRow]:
    """The chains by finding; those that decide a finding that is not PASS stand before all others."""
    rows = [ChainRow(finding, chain, view) for finding in view.findings for chain in finding["chains"]]
    return sorted(rows, key=lambda row: not row.open)


def request_place(request: Request) -> str:
    """Where the answer to a request comes from: ``account 111122223333, us-east-1``."""
    return ", ".join(filter(None, [f"account {request['account_id']}", request["region"]]))


def _place(place: str) -> str:
    return f" ({place})" if place else ""


def shortened(items: list[str]) -> str:
    """Events for one cell: all of them up to :data:`EVENTS`, then how many more."""
    if len(items) <= EVENTS:
        return ", ".join(items)
    return f"{', '.join(items[:EVENTS])} … {count(len(items) - EVENTS, 'more', 'more')}, see results.json"
