"""Pages that people saved in files of their own and numbered: whether the numbers show that one is missing (X1, V3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from auditor.evidence.capture import Capture

_ENDINGS = re.compile(r"(?:\.(?:json|jsonl|txt|gz|zst|bz2|xz))+$", re.IGNORECASE)
_PAGE = re.compile(r"(?P<name>.*?)(?<![A-Za-z])(?:page|part|seite|pg)[-_. ]?(?P<number>[0-9]{1,3})", re.IGNORECASE)
_NUMBER = re.compile(r"(?P<name>.*[^-_. 0-9])[-_. ]?(?P<number>[0-9])")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+){1,3}-[0-9]$")


def missing_page(captures: Iterable[Capture]) -> str:
    """Which page of an answer in pages the names of its files show to be missing, in words; ``""`` if none.

    ``describe-alarms_page3.json`` has two before it, of which the first may have no number. A bare number, and that of
    a file named after its resource, is one of a page only where a file of such a name leaves a token, since it may
    count anything.
    """
    pages: dict[str, set[int]] = defaultdict(set)
    surely: set[str] = set()
    for capture in captures:
        if capture.call.token is None:
            continue
        path = _ENDINGS.sub("", capture.file)
        called = _PAGE.fullmatch(path)
        name = called or (None if _REGION.search(path) else _NUMBER.fullmatch(path))
        series = (name["name"] if name else path).rstrip("-_. ")
        pages[series].add(int(name["number"]) if name else 1)
        if name and (capture.token_left or (called and capture.call.place != "resource")):
            surely.add(series)
    for series in sorted(surely):
        numbers = [0, *sorted(pages[series])]  # counted from 0 or from 1
        gap = next((earlier + 1 for earlier, later in pairwise(numbers) if later > earlier + 1), None)
        if gap is not None:
            return f"the names of its files ({series}…) show that page {gap} is missing"
    return ""
