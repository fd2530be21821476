"""Listings whose own name says of which part of a region they are: ``logs-describe-metric-filters/ct.json`` (X3, X7).

Such a file was captured with ``--log-group-name ct`` or the like: it speaks of that part alone, and its likes together
are no contradiction. A capture record says better what was asked.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from auditor.arn import ACCOUNT_ID_IN_TEXT, REGION, log_group_of
from auditor.evidence.call_ids import (
    DESCRIBE_ALARMS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_METRIC_FILTERS,
    DESCRIBE_TRAILS,
)
from auditor.evidence.operations import is_place, operation_called
from auditor.evidence.placing.named_choice import named_choice
from auditor.evidence.placing.place import Placed
from auditor.evidence.placing.resource_names import bare, folded

# By call: the options that ask for a part, and the members of its records by which they choose.
_CHOSEN_BY: Mapping[str, tuple[str, tuple[str, ...]]] = {
    DESCRIBE_ALARMS: ("--alarm-name-prefix", ("AlarmName", "MetricName", "Namespace", "StateValue")),
    DESCRIBE_LOG_GROUPS: ("--log-group-name-prefix", ("logGroupName",)),
    DESCRIBE_METRIC_FILTERS: ("--log-group-name", ("logGroupName", "filterName")),
    DESCRIBE_TRAILS: ("--trail-name-list", ("Name",)),
}
_OF_GROUPS = (DESCRIBE_LOG_GROUPS, DESCRIBE_METRIC_FILTERS)
_IN_BRACKETS = re.compile(r"[(\[]([^()\[\]]+)[)\]]")
_OPTION = re.compile(r"-*(?:log-?group-?name|for|of|in)(?:-?prefix)?(?![a-z])")
_SERVICES = (
    "aws",
    "cloudtrail",
    "cloudwatch",
    "logs",
    "cloudwatch-logs",
    "cloudwatchlogs",
    "log-groups",
    "metric-filters",
)
# What files are called that hold all there is, or a page of it.
_WHOLE = re.compile(
    r"(?:all|complete|data|default|everything|export|full|json|main-?output|output|response|results?|answer|raw)?"
    r"-?(?:pages?|parts?|chunks?|files?|nr|no|p)?-?[0-9-]*"
)


@dataclass(frozen=True, slots=True)
class Part:
    """The option that an answer's name stands for, with its value, and the log group where it is one's."""

    option: str = ""
    log_group: str = ""


WHOLE = Part()


def named_parts(placed: Sequence[Placed]) -> dict[int, Part]:
    """By their place in the list: the answers that are named after a part of their region.

    One is if its records bear that name out: all of them have it, or begin with it. Of one without records the name
    must stand where a resource's does, ``ACCOUNT/REGION/CALL/NAME``, or be that of a log group which a capture shows.
    """
    groups = _log_groups(placed)
    parts: dict[int, Part] = {}
    for number, capture in enumerate(placed):
        call = capture.recognised.call
        if capture.recognised.about:
            if call.place != "resource":
                around = log_group_of(capture.recognised.about)
                parts[number] = Part("to what an item around it is", around[3] if around is not None else "")
            continue
        if call.id == DESCRIBE_METRIC_FILTERS and capture.status == "refused":
            label, firm = _label(capture)
            if firm and (group := groups.get((capture.account_id, capture.region), {}).get(label, "")):
                parts[number] = Part(log_group=group)
        if capture.status != "captured" or not capture.recognised.pages or _is_called_as_a_whole(capture):
            continue
        choice = named_choice(capture.recognised.spoken, call, _patterns(call.name), tuple(_listed(capture)))
        if choice:
            parts[number] = Part(choice)
        if call.id not in _CHOSEN_BY:
            continue
        label, firm = _label(capture)
        option, members = _CHOSEN_BY[call.id]
        group_names = groups.get((capture.account_id, capture.region), {}) if call.id in _OF_GROUPS else {}
        if not firm and label not in group_names and call.id == DESCRIBE_METRIC_FILTERS:
            label = next((named for named in _beside(capture, label) if named in group_names), label)
        if not label or _WHOLE.fullmatch(label):
            continue
        records = list(_records(capture))
        fits = all(any(folded(name).startswith(label) for name in _names(item, members)) for item in records)
        exact = call.id in (DESCRIBE_METRIC_FILTERS, DESCRIBE_ALARMS) and all(
            label in map(folded, _names(item, members)) for item in records
        )
        if fits and (firm or label in group_names or (records and exact)):
            group = group_names.get(label, "") if call.id == DESCRIBE_METRIC_FILTERS else ""
            same = all(item.get("logGroupName") == group for item in records)
            parts[number] = Part(f"{option}, as its name says", group if same else "")
    return parts


def _is_called_as_a_whole(capture: Placed) -> bool:
    """Whether a file is called as its call and nothing else, right in the folder of an account or region."""
    folder, _, name = capture.recognised.spoken.rpartition("/")
    return name == f"{capture.recognised.call.name}.json" and is_place(folder.rpartition("/")[2])


def _label(capture: Placed) -> tuple[str, bool]:
    """What a path calls a part, folded, and whether it stands where the name of a resource does."""
    folder, _, name = capture.recognised.spoken.rpartition("/")
    call, folders = capture.recognised.call, folder.split("/")
    naming = next((part for part in reversed(folders) if not is_place(part)), "")
    if operation_called(naming.split(".", 1)[0]).call is call:
        places = [part for part in folders if is_place(part)]
        region = any(REGION.fullmatch(part.lower()) for part in places)
        account = any(not REGION.fullmatch(part.lower()) for part in places)
        return _without_place(name), region and account
    named = next(filter(None, (pattern.search(name) for pattern in _patterns(call.name))), None)
    return (_without_place(name[named.end() :]) if named is not None else ""), False


def _beside(capture: Placed, label: str) -> Iterator[str]:
    """What else in a path may be the name of a log group, folded: what stands behind an option's name or before the
    call's, and the folder above.
    """
    yield _OPTION.sub("", label).strip("-_.=()[] ")
    folder, _, name = capture.recognised.spoken.rpartition("/")
    yield from map(folded, _IN_BRACKETS.findall(name))
    for pattern in _patterns(capture.recognised.call.name):
        if (called := pattern.search(name)) is not None:
            yield _without_place(name[: called.start()])
    above = folder.rpartition("/")[2]
    if above.lower() not in _SERVICES and not is_place(above):
        yield folded(bare(above))


@lru_cache(maxsize=256)
def _patterns(name: str) -> tuple[re.Pattern[str], ...]:
    """The operation's name in a file's, then its noun alone; of a call by its ``name``."""
    words = name.split("-")[1:]
    return tuple(re.compile("[-_ .]?".join(map(re.escape, part)), re.IGNORECASE) for part in (words, words[1:]))


def _without_place(name: str) -> str:
    words = re.split(r"[\s_]+", ACCOUNT_ID_IN_TEXT.sub("", bare(name)))
    return folded(" ".join(word for word in words if not REGION.fullmatch(word.strip("-.").lower())))


def _names(item: Mapping[str, object], members: Sequence[str]) -> Iterator[str]:
    """The values by which a part is chosen: those of some members, and the names of metrics."""
    yield from (str(item.get(member)) for member in members)
    transformations = item.get("metricTransformations")
    for each in transformations if isinstance(transformations, list) else ():
        metric = each if isinstance(each, dict) else {}
        yield from (str(metric.get("metricName")), f"{metric.get('metricNamespace')}-{metric.get('metricName')}")


def _records(capture: Placed) -> Iterator[Mapping[str, object]]:
    return (item for _, item in _listed(capture))


def _listed(capture: Placed) -> Iterator[tuple[str, Mapping[str, object]]]:
    """The items of an answer, each with the list that it stands in."""
    for page in capture.recognised.pages:
        for entry in capture.recognised.call.lists:
            items = page.get(entry.member)
            listed = items if isinstance(items, list) else ()
            yield from ((entry.member, item) for item in listed if isinstance(item, dict))


def _log_groups(placed: Sequence[Placed]) -> Mapping[tuple[str, str], dict[str, str]]:
    """By account and region the log groups that captures show there, by their folded names."""
    names: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for capture in placed:
        call = capture.recognised.call.id
        for item in _records(capture) if call in (*_OF_GROUPS, DESCRIBE_TRAILS) else ():
            arn = log_group_of(str(item.get("CloudWatchLogsLogGroupArn") or ""))
            name = item.get("logGroupName")
            if arn is not None:
                names[arn[1:3]][folded(arn[3])] = arn[3]
            elif isinstance(name, str):
                names[capture.account_id, capture.region][folded(name)] = name
    return names
