"""Cards and table rows in the page's data, each text and each list once.

Equal parts share one entry (hash-consing); an account's id inside a text is replaced by a mark and positions
in the evidence table are relative, so that the same defect in many accounts is one card. Size then grows with
the number of different defects rather than with the number of findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from auditor.errors import AuditorError
from auditor.workpaper.wording import visible

_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")


def free_mark(texts: Iterable[str]) -> str:
    """A private-use character that none of ``texts`` contains."""
    used = {character for text in texts if not text.isascii() for character in _PRIVATE_USE.findall(text)}
    for code in range(0xE000, 0xF900):
        if chr(code) not in used:
            return chr(code)
    raise AuditorError("the evidence uses every private-use character.", remedy="Remove the member that holds them.")


class Store:
    """Entries: a text, a number, or a list of positions of earlier entries."""

    def __init__(self, mark: str) -> None:
        self.mark = mark
        self.entries: list[Any] = []
        self._known: dict[Any, int] = {}

    def add(self, value: Any, account: str = "", base: int = 0) -> int:
        """The position of ``value`` (nested lists of texts and numbers)."""
        if isinstance(value, str):
            text = visible(value)
            return self._entry(text.replace(account, self.mark) if account else text)
        if isinstance(value, int):
            return self._entry(value - base)
        parts = [self.add(part, account, base) for part in value]
        key = tuple(parts)
        if key not in self._known:
            self._known[key] = len(self.entries)
            self.entries.append(parts)
        return self._known[key]

    def _entry(self, leaf: str | int) -> int:
        if leaf not in self._known:
            self._known[leaf] = len(self.entries)
            self.entries.append(leaf)
        return self._known[leaf]
