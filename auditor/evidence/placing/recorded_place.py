"""Where a capture record says that an answer comes from: in its members, its arguments and its caller."""

from __future__ import annotations

import re
from dataclasses import dataclass

from auditor.evidence.operations import Call, operation_called
from auditor.evidence.placing.resource_names import canonical
from auditor.evidence.recognising import Record
from auditor.text import one_line

_RESOURCE_OPTION = re.compile(r"(--[\w-]+) \{resource\}")


@dataclass(frozen=True, slots=True)
class RecordedPlace:
    """Account, region and resource as a record has them, ``""`` where it is silent, and how it contradicts itself:
    ``rivals`` are the resources that it names beside ``resource``, ``elsewhere`` accounts and regions beside its own,
    ``speaker`` who tells it.
    """

    account_id: str = ""
    region: str = ""
    resource: str = ""
    conflict: str = ""
    rivals: tuple[str, ...] = ()
    elsewhere: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    speaker: str = "the capture record"


def recorded_place(record: Record | None, call: Call) -> RecordedPlace:
    """What a capture record says of the place of an answer of ``call``.

    An answer speaks of the account of its caller and the region that was asked, except that a topic or a trail may be
    another account's, and that a call about the whole account may be sent to any region.
    """
    if record is None:
        return RecordedPlace()
    if record.disputed:
        return RecordedPlace(conflict=f"{record.speaker} tells it in more than one way")
    caller = record.caller_account if call.place != "resource" else ""
    region = record.asked_region if call.place != "account" else ""
    named = record.resource if operation_called(record.call).call in (None, call) else ""
    resource = _asked_resource(record, call)
    conflict = next(
        (
            f"{record.speaker} names {kind} {one_line(text)} and its {source} {kind} {one_line(other)}"
            for kind, text, source, other in (
                ("account", record.account_id, "caller", caller),
                ("region", record.region, "arguments", region),
                (call.resource or "", named, "arguments", resource),
            )
            if text and other and not _same(kind, text, other)
        ),
        "",
    )
    if resource.startswith("arn:") and not named.startswith("arn:"):  # it says whose of that name is meant
        named, resource = resource, named
    rivals = (resource,) if named and resource not in ("", named) else ()
    elsewhere = frozenset({caller}), frozenset({region})
    account_id = record.account_id or caller
    return RecordedPlace(
        account_id, record.region or region, named or resource, conflict, rivals, elsewhere, record.speaker
    )


def _asked_resource(record: Record, call: Call) -> str:
    """The resource that the arguments ask about. Of a key's alias its file says better which key it is."""
    option = _RESOURCE_OPTION.search(call.command)
    name = record.option_value(option[1]) if option is not None else ""
    return "" if call.resource == "key" and "alias/" in name else name


def _same(kind: str, name: str, other: str) -> bool:
    """Whether two texts may mean the same: a resource's name and its ARN do."""
    both = [canonical(kind, text, "", "").casefold() for text in (name, other)]
    if all(text.startswith("arn:") for text in both):
        return both[0] == both[1]
    return len({text.rpartition(":")[2].removeprefix("trail/") for text in both}) == 1
