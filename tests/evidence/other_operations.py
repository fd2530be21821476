"""AWS operations whose answers or names are like those of the calls that are evidence, from botocore's models.

Of the services that have such calls all operations that read, since a file that is named so is no evidence (rule X8).

``python -m tests.evidence.other_operations > auditor/evidence/other_operations.json`` writes the data file anew.
"""

from __future__ import annotations

import json
import re

from botocore import xform_name
from botocore.loaders import Loader

from auditor.evidence.registry import Call, calls

_HUMP = re.compile("[a-z0-9][A-Z]")
_READING = ("Describe", "Get", "List", "Lookup")


def other_operations() -> dict[str, list[str]]:
    """By service (all of them, as botocore spells them) operations that share members or words of a name with ours.

    And of the services that have one of ours those that read.
    """
    known = list(calls().values())
    own = {(call.service, call.operation) for call in known}
    phrases = {phrase for call in known for phrase in _phrases(call)}
    services = {call.service for call in known}
    found: dict[str, list[str]] = {}
    loader = Loader()
    for service in loader.list_available_services("service-2"):
        found[service] = []
        model = loader.load_service_model(service, "service-2")
        for operation, facts in model["operations"].items():
            if (service, operation) in own or not _HUMP.search(operation):
                continue  # a name of one word (Query, Scan) is a word of many a file's name
            shape = facts.get("output", {}).get("shape")
            members = set(model["shapes"][shape].get("members", ())) if shape else set()
            words = f"-{xform_name(operation, '-')}-"
            alike = any(call.keys_all <= members and not _disjoint(call, members) for call in known)
            reads = service in services and operation.startswith(_READING)
            if reads or alike or any(f"-{phrase}-" in words for phrase in phrases):
                found[service].append(operation)
    return {service: sorted(operations) for service, operations in sorted(found.items())}


def _phrases(call: Call) -> tuple[str, str]:
    operation = call.name.partition("-")[2]
    return operation, operation.partition("-")[2]


def _disjoint(call: Call, members: set[str]) -> bool:
    return bool(call.keys_any) and call.keys_any.isdisjoint(members)


if __name__ == "__main__":
    lines = (f"  {json.dumps(service)}: {json.dumps(names)}" for service, names in other_operations().items())
    print("{", ",\n".join(lines), "}", sep="\n")
