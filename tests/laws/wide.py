"""A textbook bundle with every call and every member that a schema knows: what impossible values are put into."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auditor.evidence.operations.registry import calls
from tests.textbook import ACCOUNT, REGION, Files, textbook

_ANSWERS = Path(__file__).parents[1] / "schemas" / "answers"
_TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
_RESOURCES = {"trail": "main", "topic": "alerts", "alarm": "ssm-actions", "key": "1234abcd", "mute rule": "quiet"}
# What the complete answers of the schemas' tests say otherwise than the textbook.
_SETTLED: dict[str, dict[str, Any]] = {
    "cloudtrail-get-event-selectors": {"TrailARN": f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main"},
    "cloudtrail-get-trail-status": {"IsLogging": True, "LatestCloudWatchLogsDeliveryTime": 1_795_560_385},
    "sns-get-topic-attributes": {"Attributes": {"TopicArn": _TOPIC, "Owner": ACCOUNT, "SubscriptionsConfirmed": "1"}},
}
_LEFT_OUT = ("sns-list-subscriptions", "organizations-describe-organization", "sts-get-caller-identity")


def wide() -> Files:
    """The textbook's four captures with every member that their schemas know, and an answer of every other call."""
    files = textbook()
    for call in calls().values():
        if call.name in _LEFT_OUT:
            continue
        text = (_ANSWERS / f"{call.name}.json").read_text(encoding="utf-8").replace("eu-west-1", REGION)
        answer = {name: value for name, value in json.loads(text)["complete"].items() if "oken" not in name}
        resource = f"/{_RESOURCES.get(call.resource or '', 'one')}" if call.place == "resource" else ""
        place = ACCOUNT if call.place == "account" else f"{ACCOUNT}/{REGION}"
        path = f"{place}/{call.name}{resource}.json"
        files[path] = _filled(files.get(path, _SETTLED.get(call.name, {})), answer)
    return files


def _filled(given: Any, answer: Any) -> Any:
    """``given`` with the members that only ``answer`` has; of lists the first item is filled."""
    if isinstance(given, dict) and isinstance(answer, dict):
        return {
            name: _filled(given[name], answer[name])
            if name in given and name in answer
            else given.get(name, answer.get(name))
            for name in (*given, *(name for name in answer if name not in given))
        }
    if isinstance(given, list) and given and isinstance(answer, list) and answer:
        return [_filled(given[0], answer[0]), *given[1:]]
    return given


def places(files: Files) -> list[tuple[str, tuple[str | int, ...], Any]]:
    """Every number, text and truth value of the captures: file, path within it, value."""
    return [(file, path, value) for file, answer in files.items() for path, value in _leaves(answer, ())]


def _leaves(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(child, (*path, key))
    else:
        yield path, value
