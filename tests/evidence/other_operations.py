"""AWS operations whose answers or names are like those of the calls that are evidence, from botocore's models.

Of the services that have such calls all operations that read, since a file that is named so is no evidence (rule X8).

``python -m tests.evidence.other_operations > auditor/evidence/other_operations.json`` writes the data file anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from botocore import xform_name
from botocore.loaders import Loader

from auditor.evidence.operations.registry import Call, calls

_HUMP = re.compile("[a-z0-9][A-Z]")
_READING = ("Describe", "Get", "List", "Lookup")


def other_operations(asked: Iterable[str]) -> dict[str, list[str]]:
    """By service (as botocore spells them) operations that share members or words of a name with ours.

    And of the services that have one of ours those that read.
    """
    known = list(calls().values())
    own = {(call.service, call.operation) for call in known}
    phrases = {phrase for call in known for phrase in _phrases(call)}
    ours = {call.service for call in known}
    others: dict[str, list[str]] = {}
    for service in asked:
        others[service] = []
        for operation, members in answers(service).items():
            if (service, operation) in own or not _HUMP.search(operation):
                continue  # a name of one word (Query, Scan) is a word of many a file's name
            words = f"-{xform_name(operation, '-')}-"
            alike = any(has_members_of(call, members) for call in known)
            reads = service in ours and operation.startswith(_READING)
            if reads or alike or any(f"-{phrase}-" in words for phrase in phrases):
                others[service].append(operation)
    return {service: sorted(operations) for service, operations in sorted(others.items())}


def services() -> list[str]:
    """All that botocore knows."""
    return list(Loader().list_available_services("service-2"))


@cache
def answers(service: str) -> dict[str, frozenset[str]]:
    """By operation the members of the answer."""
    return dict(_answers_of(Loader().load_service_model(service, "service-2")))


def _answers_of(model: Mapping[str, Any]) -> Iterator[tuple[str, frozenset[str]]]:
    for operation, facts in model["operations"].items():
        shape = facts.get("output", {}).get("shape")
        yield operation, frozenset(model["shapes"][shape].get("members", ()) if shape else ())


def has_members_of(call: Call, members: frozenset[str]) -> bool:
    """Whether an answer with these members could be one to ``call``."""
    return call.keys_all <= members and not (bool(call.keys_any) and call.keys_any.isdisjoint(members))


def _phrases(call: Call) -> tuple[str, str]:
    operation = call.name.partition("-")[2]
    return operation, operation.partition("-")[2]


if __name__ == "__main__":
    lines = (f"  {json.dumps(service)}: {json.dumps(names)}" for service, names in other_operations(services()).items())
    print("{", ",\n".join(lines), "}", sep="\n")
