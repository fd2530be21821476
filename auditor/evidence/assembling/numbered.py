"""Pages that people saved in files of their own and numbered: whether the numbers show that one is missing (X1, V3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from auditor.evidence.placing import Capture

_ENDINGS = re.compile(r"(?:\.(?:json|jsonl|txt|gz|zst|bz2|xz))+$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,4}(?![0-9])")
_PAGE = re.compile(r"(?<![a-z])(?:page|part|seite|pg)[-_. ]?$")
_ADDED = re.compile(r"[-_. (\[]*(?:(?<![a-z])(?:page|part|seite|pg)[-_. ]?)?$")  # before the number of a further page
_WORD = re.compile(r"page|part|seite|pg", re.IGNORECASE)
_FIRST = 3  # numbers that begin later count something else, as the days of a month
_HERE = "\x00"  # stands in a name for its number


def missing_page(captures: Sequence[Capture]) -> str:
    """Which page of an answer in pages the names of its files show to be missing, in words; ``""`` if none.

    Names are of one series if they differ in one number alone; the first may have none. Numbers may count anything, so
    that they are those of pages only where one of the files leaves a token, or where the name says so
    (``describe-alarms_page3.json`` has two before it) and is not that of a resource.
    """
    if len(captures) == 1 and not _WORD.search(captures[0].file):  # nearly every answer
        return ""
    numbers: dict[str, set[int]] = defaultdict(set)
    names: set[str] = set()
    going_on: set[str] = set()
    of_pages: set[str] = set()
    for capture in captures:
        if capture.call.token is None:
            continue
        name = _ENDINGS.sub("", capture.file).lower()
        names.add(name)
        for number in _NUMBER.finditer(name):
            before = name[: number.start()]
            series = f"{before}{_HERE}{name[number.end() :]}"
            numbers[series].add(int(number[0]))
            if capture.token_left:
                going_on.add(series)
            if _PAGE.search(before) and capture.call.place != "resource":
                of_pages.add(series)
    for series in sorted(numbers):
        before, _, after = series.partition(_HERE)
        if f"{_ADDED.sub('', before)}{after.lstrip(')]')}" in names:  # the first has no number
            numbers[series].add(1)
            going_on.add(series)
        several = series in going_on and len(numbers[series]) > 1 and min(numbers[series]) <= _FIRST
        if several or series in of_pages:
            counted = [0, *sorted(numbers[series])]  # from 0 or from 1
            gap = next((earlier + 1 for earlier, later in pairwise(counted) if later > earlier + 1), None)
            if gap is not None:
                return f"the names of its files show that page {gap} is missing: {before}{gap}{after}"
    return ""
