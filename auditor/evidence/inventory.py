"""The inventory: which call was captured in which account and region, and what is lacking."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from auditor.evidence.assembling import Responses
from auditor.evidence.operations import calls

MISSING, NOT_FOUND = "missing", "not found"


@dataclass(frozen=True, slots=True)
class InventoryEntry:
    """One call in one account and region. ``files`` counts the captures of it.

    ``status`` is *captured*, *not found* (AWS answered that there is no such thing), *missing* (nothing was captured of
    what is needed), or why an answer is not whole (*refused*, *truncated*, *invalid* …).
    """

    account_id: str
    region: str
    call: str
    required: bool
    status: str
    files: int


def inventory(responses: Responses, lacking: Iterable[tuple[str, str, str]] = ()) -> list[InventoryEntry]:
    """Accounts × regions × calls in order; of several answers to one call the last that is not whole is told.

    ``lacking``: account, region and call of what is needed and was not captured.
    """
    entries: dict[tuple[str, str, str], InventoryEntry] = {}
    for response in responses.all():
        key = (response.account_id, response.region, response.call.id)
        status: str = "captured" if response.complete else NOT_FOUND if response.says_none else response.code
        entry = entries.setdefault(key, InventoryEntry(*key, response.call.required, status, 0))
        status = entry.status if status == "captured" else status
        entries[key] = replace(entry, status=status, files=entry.files + len(response.captures))
    for key in lacking:
        entry = entries.setdefault(key, InventoryEntry(*key, calls()[key[2]].required, MISSING, 0))
        if entry.status in ("captured", NOT_FOUND):
            entries[key] = replace(entry, status=MISSING)
    return [entries[key] for key in sorted(entries)]
