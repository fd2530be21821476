"""Parts and pages that people saved in files of their own: whether the names show that one is missing (X1, V3)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import count, pairwise

from auditor.evidence.placing import PAGE_WORDS, PART_WORDS, Capture, own_start, plain_name

_NUMBER = re.compile(r"(?<![0-9])[0-9]{1,6}(?![0-9])")
_ANYWHERE = re.compile(rf"(?<![a-z])(?:{PAGE_WORDS})[-_. ]{{0,2}}$")
_OWN = re.compile(rf"(?<![a-z])(?:{PART_WORDS})[-_. ]{{0,2}}$")
_WEAK = re.compile(r"[-_. (\[]p[-_. ]{0,2}$")  # where nothing stands behind the number
# Before the number of a further page.
_ADDED = re.compile(rf"[-_. (\[]*(?:(?<![a-z])(?:{PART_WORDS}|p)[-_. ]{{0,2}})?$")
_WORD = re.compile(rf"{PART_WORDS}|[-_. (\[]p[-_. ]{{0,2}}[0-9]", re.IGNORECASE)
_FIRST = 3  # numbers that begin later count something else, as the days of a month
_MOST = 1_000  # from here on a number beside a word for a part is a date or an id
_WORDS = (
    ("first", "one"), ("second", "two"), ("third", "three"), ("fourth", "four"), ("fifth", "five"), ("sixth", "six"),
)  # fmt: skip
_COUNTS = {
    **{chr(ord("a") + number): str(number + 1) for number in range(26)},
    **{word: str(number) for number, words in enumerate(_WORDS, start=1) for word in words},
}
_SPELT = re.compile(rf"([-_. (])({'|'.join(_COUNTS)})$")
_HERE = "\x00"  # stands in a name for its number


def missing_part(captures: Iterable[Capture]) -> str:
    """Which part of a place's answer the names of its files say is elsewhere, in words; ``""`` if none.

    Each says how many there are (``filters-1of3.json``); those of one series together, if all are there, are whole.
    """
    parts: dict[str, dict[int, Capture]] = defaultdict(dict)
    for capture in captures:
        if capture.share is not None:
            parts[capture.share.series][capture.share.number] = capture
    lacking = ""
    for series in sorted(parts):
        shown = parts[series]
        total = max(capture.share.total for capture in shown.values() if capture.share is not None)
        missing = next(number for number in count(1) if number not in shown)
        if 0 < total < missing:
            return ""
        file = min(capture.file for capture in shown.values())
        if not lacking and total:
            lacking = f"the name {file} says that there are {total:,} parts, and part {missing:,} is missing"
        elif not lacking:
            lacking = f"the name {file} says that it is not whole"
    return lacking


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
        if capture.call.token is None or capture.share is not None:
            continue
        name = _counted(plain_name(capture.file))
        names.add(name)
        for number in _NUMBER.finditer(name):
            before = name[: number.start()]
            series = f"{before}{_HERE}{name[number.end() :]}"
            numbers[series].add(int(number[0]))
            if capture.token_left:
                going_on.add(series)
            if capture.call.place != "resource" and _counts_pages(capture.file, name, number):
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


def _counted(name: str) -> str:
    """A plain name in which a letter or word that may count its page at the end is a number: ``filters-c``."""
    return _SPELT.sub(lambda spelt: spelt[1] + _COUNTS[spelt[2]], name)


def _counts_pages(path: str, name: str, number: re.Match[str]) -> bool:
    """Whether a number in a plain name stands behind a word for a page, or, in the answer's own name, for a part."""
    before = name[: number.start()]
    if int(number[0]) >= _MOST:
        return False
    if _ANYWHERE.search(before):
        return True
    if number.start() < own_start(path):
        return False
    return bool(_OWN.search(before)) or (bool(_WEAK.search(before)) and not name[number.end() :].strip(")]"))
