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
# Options that leave an answer whole, each with the number of its values; whatever else was run may have cut it (X3).
HARMLESS = {
    "--region": 1, "--output": 1, "--profile": 1, "--no-cli-pager": 0, "--no-paginate": 0, "--page-size": 1,
    "--max-items": 1, "--topic-arn": 1, "--alarm-types": 3, "--starting-token": 1,
}  # fmt: skip
# Members that stand beside a list and say that it is not whole, with values that do and values that do not (X1, X5).
BESIDE: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
    "failed": ((True, "true"), (False, None)),
    "Status": (("error", "403 Forbidden", 500), ("ok", 200, "200 OK")),
    "statusCode": ((403, "429"), (200, "200")),
    "exit_code": ((254, "1"), (0, "0")),
    "Message": (("Rate exceeded",), ("answered",)),
    "IsTruncated": ((True,), (False,)),
    "next_token": (("eyJ0",), (None, "")),
}
# What AWS prints of every item: one that lacks such a member was cut, and what else it lacks is not evidenced (X6).
PRINTED = {
    "MetricAlarms": ("ActionsEnabled", "AlarmActions", "OKActions", "InsufficientDataActions", "StateValue"),
    "CompositeAlarms": (
        "AlarmRule",
        "ActionsEnabled",
        "AlarmActions",
        "OKActions",
        "InsufficientDataActions",
        "StateValue",
    ),
    "metricFilters": ("creationTime", "filterPattern", "metricTransformations"),
    "EventSelectors": ("ReadWriteType",),
}


def was_cut(item: Mapping[str, Any], key: str) -> bool:
    """Whether an item of a list lacks what AWS always prints; dimensions of an alarm on a metric of its own too."""
    printed = (*PRINTED[key], *(("Dimensions", "Namespace") if key == "MetricAlarms" and "MetricName" in item else ()))
    watched = ("MetricName", "Metrics", "EvaluationCriteria")
    blind = key == "MetricAlarms" and not any(item.get(member) for member in watched)  # A11: one of them is there
    waits = "ActionsSuppressor" not in item and "ActionsSuppressorWaitPeriod" in item
    unsaid = "ActionsSuppressedBy" not in item and "ActionsSuppressedReason" in item
    return blind or waits or unsaid or any(member not in item for member in printed)


def whole_words(words: list[str]) -> bool:
    """Whether all that was run leaves the answer whole; alarms are whole where metric alarms were asked for (C1)."""
    while words:
        option, *words = words
        if option not in HARMLESS:
            return False
        values = [word for word, _ in zip(words, range(HARMLESS[option]), strict=False) if not word.startswith("-")]
        if option == "--alarm-types" and "MetricAlarm" not in values:
            return False
        words = words[len(values) :]
    return True


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
    asked: str | None = None  # the day of the capture, where it is known

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
        if isinstance(content, str) and content and not content.lstrip().startswith("An error occurred"):
            unreadable.add((account, region, call, resource or ""))  # a refusal holds no answer
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
        piece = any(content.get(name, good[0]) in bad for name, (bad, good) in BESIDE.items())
        if entry:
            answer.arguments = " ".join(entry.get("arguments", [])).split()
            command = str(entry.get("command", "")).split()[3:]  # behind aws, service and operation
            piece |= not (whole_words(answer.arguments) and whole_words(command))
        if content.get("nextToken") or content.get("NextToken"):
            answer.tokens += 1
            answer.narrowed |= piece
        elif not piece:
            answer.ends += 1
            answer.wholes.append(content)
        answer.object, answer.asked = content, time
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
