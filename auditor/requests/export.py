"""One export as the client is asked for it: command, file, why, and what was wrong with the last one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from auditor.chains import Need, arguments_for, command_for, file_for
from auditor.errors import Problem
from auditor.evidence import Capture, calls
from auditor.evidence.call_ids import (
    DESCRIBE_ALARM_HISTORY,
    DESCRIBE_ALARMS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
    GET_CALLER_IDENTITY,
    GET_TOPIC_ATTRIBUTES,
    LIST_ALARM_MUTE_RULES,
    LIST_REGIONS,
    LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
    LIST_TOPICS,
)
from auditor.requests.behind import LEADS_TO
from auditor.result import Replaced, Request
from auditor.text import one_line
from auditor.verdict import CaptureStatus, Purpose

# What an export shows, for somebody who knows AWS and not this program; others have the title of their call.
_WHAT: Mapping[str, str] = MappingProxyType(
    {
        DESCRIBE_TRAILS: "CloudTrail trails",
        DESCRIBE_METRIC_FILTERS: "Metric filters of CloudWatch Logs",
        DESCRIBE_ALARMS: "CloudWatch alarms, all three types",
        LIST_SUBSCRIPTIONS_BY_TOPIC: "Subscriptions of SNS topic",
        DESCRIBE_LOG_GROUPS: "Log groups",
        LIST_TOPICS: "SNS topics",
        LIST_SUBSCRIPTIONS: "SNS subscriptions of the account",
        LIST_ALARM_MUTE_RULES: "Alarm mute rules",
        GET_TOPIC_ATTRIBUTES: "Policy and encryption of SNS topic",
        DESCRIBE_ALARM_HISTORY: "History of alarm",
        GET_CALLER_IDENTITY: "Who makes the exports",
        LIST_REGIONS: "Regions that the account can use",
    }
)
# Why it is asked for where no finding waits for it yet.
_WHY: Mapping[str, str] = MappingProxyType(
    {
        DESCRIBE_TRAILS: "A trail of this region may be the one that counts.",
        DESCRIBE_METRIC_FILTERS: "They count the events of the log groups to which the trails deliver.",
        DESCRIBE_ALARMS: "They watch what the metric filters count.",
        LIST_SUBSCRIPTIONS_BY_TOPIC: "Alarms of this account notify the topic.",
        DESCRIBE_LOG_GROUPS: "They show that the trails' log groups exist.",
        LIST_TOPICS: "They show that the alarms' topics exist.",
        LIST_SUBSCRIPTIONS: "They show who confirmed, of every topic at once.",
        LIST_ALARM_MUTE_RULES: "They show whether an alarm is muted.",
        GET_TOPIC_ATTRIBUTES: "They show whether alarms may publish to the topic.",
        GET_CALLER_IDENTITY: "It shows of which account the exports are.",
        LIST_REGIONS: "It shows that no region is left out.",
    }
)
_FAULTS: Mapping[CaptureStatus, str] = MappingProxyType(
    {
        "empty": "The file is empty.",
        "invalid": "The file does not hold what the command prints: it was edited or converted afterwards.",
        "misplaced": "The answer is another account's or region's.",
        "out_of_period": "It was exported outside the control period.",
        "presence_only": "The command was narrowed, so that the answer does not show all.",
        "refused": "AWS refused the call.",
        "unreadable": "The file is not JSON.",
    }
)


class Exports:
    """Makes the requests for captures. ``captures`` and ``problems`` say what was wrong with those that there are."""

    def __init__(self, captures: Iterable[Capture], problems: Iterable[Problem]) -> None:
        self._by_need: dict[Need, list[Capture]] = {}
        for capture in captures:
            for place in capture.possible_places:
                region = "" if capture.call.place == "account" else place.region
                need = Need(capture.call.id, place.account_id, region, place.resource)
                self._by_need.setdefault(need, []).append(capture)
        self._alike: dict[tuple[str, str, Purpose], Request] = {}
        self._problems: dict[str, Problem] = {}
        for problem in problems:
            if problem.severity != "note":
                self._problems.setdefault(problem.file, problem)

    def request(self, need: Need, purpose: Purpose, why: str = "") -> Request:
        """The request for a capture, without number and findings."""
        if need.resource:
            return {**self._form(need, purpose), "why": why or _WHY.get(need.call_id, "")}
        key = need.call_id, need.region, purpose
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = self._form(need, purpose)
        return {
            **alike,
            "account_id": need.account_id,
            "why": why or alike["why"],
            "save_as": file_for(need),
            "replaces": self._replaced(need),
        }

    def _form(self, need: Need, purpose: Purpose) -> Request:
        """A request; if it names no resource, only account, file and fault are other ones in another account."""
        call = calls()[need.call_id]
        about = need.resource.rpartition(":")[2] if need.resource.startswith("arn:") else need.resource
        what = " ".join(filter(None, [_WHAT.get(need.call_id, call.title), about]))
        return {
            "number": "",
            "set": "",
            "purpose": purpose,
            "account_id": need.account_id,
            "region": need.region,
            "call": need.call_id,
            "resource": need.resource,
            "arguments": arguments_for(need),
            "what": f"{what} ({need.region})" if need.region else what,
            "why": _WHY.get(need.call_id, ""),
            "command": command_for(need),
            "save_as": file_for(need),
            "permission": call.permission,
            "leads_to": list(LEADS_TO.get(need.call_id, ())),
            "replaces": self._replaced(need),
            "settles": [],
            "settles_alone": [],
        }

    def _replaced(self, need: Need) -> list[Replaced]:
        """The captures of this very answer that are no whole answer, each with its fault."""
        replaced: list[Replaced] = []
        for capture in self._by_need.get(need, ()):
            if not capture.says_none and (not capture.complete or capture.skipped):
                replaced.append({"file": capture.file, "fault": self._fault(capture)})
        return replaced

    def _fault(self, capture: Capture) -> str:
        problem = self._problems.get(capture.file)
        if capture.share is not None and not capture.token:
            return "The file is named as one part of several, and not all of them are there."
        if capture.token_left:
            return "The export stopped after a page: leave out --max-items, --max-results and --no-paginate."
        if problem is not None and capture.status != "refused":
            place = f" at {problem.pointer}" if problem.pointer else ""
            words = f"{problem.problem[:1].upper()}{problem.problem[1:].rstrip('.')}{place}."
            return one_line(f"{words} Please leave the file as the command prints it.", 600)
        if capture.narrowed:
            return one_line(f"The command was narrowed ({capture.narrowed}), so that the answer does not show all.")
        detail = f" {one_line(capture.detail, 300)}" if capture.status == "refused" and capture.detail else ""
        return _FAULTS.get(capture.status, "The answer is not whole.") + detail


def question(account_id: str, why: str) -> Request:
    """A request that no command answers."""
    return {
        "number": "",
        "set": "",
        "purpose": "question",
        "account_id": account_id,
        "region": "",
        "call": "",
        "resource": "",
        "arguments": [],
        "what": "An answer in words",
        "why": why,
        "command": "",
        "save_as": "",
        "permission": "",
        "leads_to": [],
        "replaces": [],
        "settles": [],
        "settles_alone": [],
    }
