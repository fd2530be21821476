"""Section 8 of the law, as far as the generator goes: files in the canonical layout to answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.reference.speakers import Speakers

LISTS = {
    "cloudtrail-describe-trails": ("trailList",),
    "logs-describe-metric-filters": ("metricFilters",),
    "logs-describe-log-groups": ("logGroups",),
    "cloudwatch-describe-alarms": ("MetricAlarms", "CompositeAlarms"),
    "sns-list-subscriptions": ("Subscriptions",),
    "sns-list-subscriptions-by-topic": ("Subscriptions",),
    "sns-list-topics": ("Topics",),
    "organizations-list-accounts": ("Accounts",),
    "oam-list-links": ("Items",),
    "account-list-regions": ("Regions",),
}
NARROWING = ("--alarm-name-prefix", "--filter-name-prefix", "--alarm-names", "--log-group-name", "--cli-input-json")


@dataclass
class Answer:
    """What was captured of one call in one place: the members of its lists and whether that is all of it."""

    lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    object: dict[str, Any] = field(default_factory=dict)
    tokens: int = 0
    ends: int = 0
    narrowed: bool = False
    arguments: list[str] = field(default_factory=list)
    wholes: list[dict[str, Any]] = field(default_factory=list)
    doubtful: bool = False

    @property
    def complete(self) -> bool:
        """A left-over token, or an argument that narrows, leaves the answer a piece (X1, X3), and so does a doubt."""
        return self.ends > 0 and self.tokens <= 1 and not self.narrowed and not self.doubtful

    def weigh(self) -> None:
        """V3: of what two whole answers tell differently nothing is known."""
        for key, items in self.lists.items():
            kept = [item for item in items if all(item in whole.get(key, []) for whole in self.wholes)]
            if len(self.wholes) > 1 and kept != items:
                self.lists[key], self.doubtful = kept, True


@dataclass
class Evidence:
    """All answers of a bundle by account, region, call and resource."""

    answers: dict[tuple[str, str, str, str], Answer]
    accounts: set[str]
    unreadable: set[tuple[str, str, str, str]] = field(default_factory=set)
    speakers: Speakers = field(default_factory=Speakers)

    def get(self, account: str, region: str, call: str, resource: str = "") -> Answer | None:
        return self.answers.get((account, region, call, resource))

    def of_call(self, call: str) -> list[tuple[str, str, str, Answer]]:
        return [(a, r, s, answer) for (a, r, c, s), answer in self.answers.items() if c == call]

    def doubtful(self, call: str, account: str) -> list[str]:
        """The regions in which answers of an account contradict each other or cannot be read (V3, X9)."""
        return [
            *(region for a, region, _, answer in self.of_call(call) if a == account and answer.doubtful),
            *(region for a, region, c, _ in self.unreadable if (a, c) == (account, call)),
        ]

    def complete(self, account: str, region: str, call: str) -> bool:
        answer = self.get(account, region, call)
        return answer is not None and answer.complete

    def items(self, account: str, region: str, call: str, key: str, resource: str = "") -> list[dict[str, Any]]:
        answer = self.get(account, region, call, resource)
        return [] if answer is None else answer.lists.get(key, [])


def read(files: Mapping[str, Any], window: tuple[str, str] | None = None, captured_on: str | None = None) -> Evidence:
    """The answers in ``files`` (path to JSON value). ``window``: dates between which a known capture time counts."""
    record = files.get("captures.json")
    entries = {entry["file"]: entry for entry in (record["captures"] if isinstance(record, dict) else [])}
    answers: dict[tuple[str, str, str, str], Answer] = {}
    accounts, outside, unreadable, speakers = set(), set(), set(), Speakers()
    for path in sorted(files):
        astray = isinstance(files[path], dict) and speakers.hear(path, files[path])
        match = re.fullmatch(
            r"(\d{12})/([a-z0-9-]+)/([a-z]+-[a-z-]+?)(-\d+| \(\d+\))?(?:/([^/]+?))?\.json(?:\.txt)?", path
        )
        if match is None:
            continue
        account, region, call, _, resource = match.groups()
        accounts.add(account)
        content = files[path]
        if isinstance(content, str) and content:
            unreadable.add((account, region, call, resource or ""))
        if not isinstance(content, dict) or not content:
            continue  # X5: an empty file, {} or text is no evidence of absence
        if astray:
            continue  # it is nobody's answer
        entry = entries.get(path)
        time = str(entry["ended_at"])[:10] if entry and "ended_at" in entry else captured_on
        if window is not None and time is not None and not window[0] <= time <= window[1]:
            if content.get("nextToken") or content.get("NextToken"):
                outside.add((account, region, call, resource or ""))
            continue  # DESIGN "Capture time": outside of the period it does not count
        answer = answers.setdefault((account, region, call, resource or ""), Answer())
        for key in LISTS.get(call, ()):
            known = answer.lists.setdefault(key, [])
            known += [item for item in content.get(key, []) if item not in known]
        if content.get("nextToken") or content.get("NextToken"):
            answer.tokens += 1
        else:
            answer.ends += 1
            answer.wholes.append(content)
        answer.object = content
        if entry:
            answer.arguments = list(entry.get("arguments", []))
            answer.arguments = " ".join(answer.arguments).split()
            answer.narrowed |= any(argument in NARROWING for argument in answer.arguments)
    for place in outside & set(answers):
        answers[place].narrowed = True  # a page of it is missing
    for place in unreadable & set(answers):
        answers[place].doubtful = True  # it may be another answer (X5)
    for (account, region, call, _), answer in answers.items():
        answer.weigh()
        answer.doubtful |= (account, region, call) in speakers.open
        for key, items in answer.lists.items():
            answer.lists[key] = [item for item in items if not speakers.contradict(item)]
    return Evidence(answers, accounts, unreadable, speakers)
