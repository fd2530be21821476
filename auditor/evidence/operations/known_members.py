"""What a schema knows of the objects in an answer: the names of their members."""

from __future__ import annotations

from functools import lru_cache

from auditor.evidence.operations.registry import Call
from auditor.resources import schema


@lru_cache(maxsize=256)
def known_members(call: Call, member: str) -> frozenset[str]:
    """The members that AWS gives an item of a list of the answer, or the object, that stands in ``member``."""
    described = schema(call.schema)["properties"][member]
    item = described.get("items", described)
    if "$ref" in item:
        item = schema(call.schema)["$defs"][item["$ref"].rpartition("/")[2]]
    return frozenset(item["properties"])
