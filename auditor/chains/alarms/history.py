"""What an alarm did of late: its changes of state and whether its actions succeeded (A5, A7, S7).

Source: describe-alarm-history; ``HistoryData`` is JSON in a string (X4).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from auditor.chains.lookups import UNRELIABLE, Lookups
from auditor.chains.model import Source
from auditor.chains.trail import seconds
from auditor.evidence.call_ids import DESCRIBE_ALARM_HISTORY
from auditor.evidence.item import Item

_ACTION = re.compile(r"(?P<how>Successfully executed|Failed to execute) action (?P<arn>arn:\S+?)\.?(?:\s|$)")


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One entry: ``time`` in seconds since 1970, ``kind`` its HistoryItemType, ``data`` its HistoryData."""

    time: float
    kind: str
    summary: str
    data: Item
    source: Source


class History:
    """The entries of each alarm, oldest first."""

    def __init__(self, lookups: Lookups) -> None:
        self._entries: dict[tuple[str, str, str], list[HistoryEntry]] = {}
        for placed in (True, False):
            for capture, source, item in lookups.listed(DESCRIBE_ALARM_HISTORY, "AlarmHistoryItems", placed=placed):
                key = (capture.place.account_id, capture.place.region, str(item.get("AlarmName")))
                entry = HistoryEntry(
                    seconds(item.get("Timestamp")) or 0.0,
                    str(item.get("HistoryItemType")),
                    str(item.get("HistorySummary") or ""),
                    _object(item.get("HistoryData")),
                    source,
                )
                self._entries.setdefault(key, []).append(entry)
        self._listed = {key: tuple(entries) for key, entries in self._entries.items()}
        for entries in self._entries.values():
            entries.sort(key=lambda entry: entry.time)
        self._lookups = lookups
        self._responses = lookups.responses

    def of(self, account_id: str, region: str, alarm: str) -> list[HistoryEntry]:
        """The captured entries of an alarm, oldest first."""
        return self._entries.get((account_id, region, alarm), [])

    def dispute(self, account_id: str, region: str, alarm: str) -> str:
        """Why captures of an alarm's history cannot be relied on, in words; ``""`` if nothing is against them.

        One that does not name its alarm may be about this one.
        """
        words = (
            self._responses.get(DESCRIBE_ALARM_HISTORY, account_id, region, resource).dispute
            for resource in (alarm, "")
        )
        return next((dispute for dispute in words if dispute), "")

    def astray(self, account_id: str, region: str, alarm: str, topic_arn: str) -> str:
        """What histories whose place is not known say against an alarm's action towards a topic, in words; one that
        cannot be read may say anything."""
        if self._lookups.unreliable(DESCRIBE_ALARM_HISTORY, account_id, region, alarm):
            return UNRELIABLE
        for place in (("", ""), (account_id, ""), ("", region)):
            action = latest_action(self._entries.get((*place, alarm), []), topic_arn)
            if action is not None and not action[0]:
                return "a history whose place is not known says that it failed"
        return ""

    def cut(self, account_id: str, region: str, alarm: str) -> str:
        """Why newer entries than the captured ones may exist, in words; ``""`` if the latest are there (S7, X1).

        AWS lists the newest first, unless it was asked otherwise; so a part in that order holds them.
        """
        responses = [
            response
            for resource in (alarm, "")
            if (response := self._responses.get(DESCRIBE_ALARM_HISTORY, account_id, region, resource)).captured
        ]
        if not responses or responses[0].complete:
            return ""
        listed = [entry.time for entry in self._listed.get((account_id, region, alarm), ())]
        newest_first = listed == sorted(listed, reverse=True) and len(set(listed)) > 1
        if newest_first and all(response.code in ("", "truncated") for response in responses):
            return ""
        lack = responses[0].code.replace("_", " ")
        return responses[0].detail or f"its listing is {lack}, so that later ones may be missing"


def with_present_settings(entries: list[HistoryEntry], item: Item) -> list[HistoryEntry]:
    """The entries of an alarm since its settings were last changed, as its export or the history itself says.

    A change of state whose reason names another threshold, period or statistic than ``item`` has was not with them.
    """
    updates = [entry.time for entry in entries if entry.kind == "ConfigurationUpdate"]
    since = max([*updates, seconds(item.get("AlarmConfigurationUpdatedTimestamp")) or 0.0])
    return [entry for entry in entries if entry.time > since and not _by_other_settings(_alarm_reason(entry), item)]


def _by_other_settings(reason: Item | None, item: Item) -> bool:
    names = {"threshold": "Threshold", "period": "Period", "statistic": "Statistic"}
    return any(
        reason.get(name) is not None and item.get(member) is not None and reason[name] != item[member]
        for name, member in names.items()
        if reason is not None
    )


def lone_trip(entries: list[HistoryEntry], breaches: Callable[[float], bool]) -> Source | None:
    """Where the alarm went to ALARM on a single datapoint that breaches (A5)."""
    for entry in reversed(entries):
        points = (_alarm_reason(entry) or {}).get("recentDatapoints")
        if isinstance(points, list) and len(points) == 1 and isinstance(points[0], int | float) and breaches(points[0]):
            return entry.source
    return None


def quiet_flip(entries: list[HistoryEntry]) -> Source | None:
    """Where the alarm went to ALARM without any datapoint, because nothing was logged (A7)."""
    for entry in reversed(entries):
        reason = _alarm_reason(entry)
        if reason is not None and "recentDatapoints" in reason and not reason["recentDatapoints"]:
            return entry.source
    return None


def received_data(entries: list[HistoryEntry]) -> Source | None:
    """Where the alarm changed its state on a datapoint of its metric, so that it reads that metric (A14)."""
    for entry in reversed(entries):
        state = entry.data.get("newState")
        reason = state.get("stateReasonData") if isinstance(state, Mapping) else None
        values = (reason if isinstance(reason, Mapping) else _object(reason)).get("recentDatapoints")
        if entry.kind == "StateUpdate" and isinstance(values, list) and any(value is not None for value in values):
            return entry.source
    return None


def latest_action(entries: list[HistoryEntry], target: str) -> tuple[bool, str, Source] | None:
    """Whether the latest action towards a topic succeeded, what CloudWatch said, and where (S7).

    Of several at one moment a failure counts, in whatever order they are listed; so it does where summary and data of
    one entry disagree.
    """
    latest: tuple[float, tuple[bool, str, Source]] | None = None
    for entry in reversed(entries):
        if entry.kind != "Action" or (latest is not None and (entry.time < latest[0] or not latest[1][0])):
            continue
        match = _ACTION.search(entry.summary)
        topics = {str(entry.data.get("notificationResource") or ""), match["arn"] if match else ""} - {""}
        states = {str(entry.data.get("actionState") or ""), match["how"] if match else ""} - {""}
        failed = any(state.startswith("Fail") for state in states)
        succeeded = topics == {target} and bool(states) and all(state.startswith("Succe") for state in states)
        if target in topics and (failed or succeeded):
            action = not failed, str(entry.data.get("error") or entry.summary), entry.source
            latest = entry.time, action if latest is None or not action[0] else latest[1]
    return None if latest is None else latest[1]


def _alarm_reason(entry: HistoryEntry) -> Item | None:
    """The reason data of a change of state to ALARM."""
    state = entry.data.get("newState")
    if entry.kind != "StateUpdate" or not isinstance(state, Mapping) or state.get("stateValue") != "ALARM":
        return None
    reason = state.get("stateReasonData")
    return reason if isinstance(reason, Mapping) else _object(reason)


def _object(text: Any) -> Item:
    try:
        value = json.loads(text) if isinstance(text, str) else {}
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
