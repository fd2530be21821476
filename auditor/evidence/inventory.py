"""The inventory: which call was captured in which account and region, and which required one is missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from auditor.evidence.assemble import Responses
from auditor.evidence.registry import calls

MISSING = "missing"


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """One call in one account and region. ``files`` counts the captures of it.

    ``status`` is *captured*, *missing* (a required call that no file answers where others of the region do), or why
    an answer is not whole (*refused*, *truncated*, *invalid* …).
    """

    account_id: str
    region: str
    call: str
    required: bool
    status: str
    files: int


def inventory(responses: Responses) -> list[InventoryEntry]:
    """Accounts × regions × calls in order; of several answers to one call the last that is not whole is told."""
    entries: dict[tuple[str, str, str], InventoryEntry] = {}
    for response in responses.all():
        key = (response.account_id, response.region, response.call.id)
        status: str = "captured" if response.complete else response.code
        entry = entries.setdefault(key, InventoryEntry(*key, response.call.required, status, 0))
        status = entry.status if status == "captured" else status
        entries[key] = replace(entry, status=status, files=entry.files + len(response.captures))
    for account_id, region in {(account_id, region) for account_id, region, _ in entries if region}:
        for call in calls().values():
            if call.required and call.place == "region":
                key = (account_id, region, call.id)
                entries.setdefault(key, InventoryEntry(*key, True, MISSING, 0))
    return [entries[key] for key in sorted(entries)]
