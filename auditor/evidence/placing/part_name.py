"""What the name of a file says of the part of an answer that it holds: ``filters-1of3.json`` (rules X1, V3).

Numbers in names may count anything: days, versions, copies of a download, regions. Only such are read here as stand
beside a total, or beside a word for a part, in what a name says behind account and region.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from auditor.evidence.operations import is_place, operation_called

PAGE_WORDS = "page|pagina|página|seite|pg"
PART_WORDS = (
    f"{PAGE_WORDS}|part|parte|partie|pt|teil|deel|chunk|batch|slice|split|segment|piece|block|fragment|portion|tranche|"
    "section|blatt|tome|half"
)
_ENDINGS = re.compile(r"(?:\.(?:json|jsonl|txt|out|gz|zst|bz2|xz|zip))+$")
_NUMBERS = {
    word: str(number)
    for number, words in enumerate(
        (
            "first one erste eins i a", "second two zweite zwei ii b last", "third three dritte drei iii c",
            "fourth four vierte vier iv d", "fifth five fünfte fünf v e", "sixth six sechste sechs vi f",
        ),
        start=1,
    )
    for word in words.split()
}  # fmt: skip
_SPELT = "|".join(_NUMBERS)
_ORDINAL = "|".join(word for word in _NUMBERS if len(word) > len("iii"))
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z][a-z]{1,8}[0-9])")
# page no. 2, part=2, page%202, part (2)
_BETWEEN = re.compile(
    rf"(?<![a-z])({PART_WORDS})(?:[-_. ]{{0,2}}(?:nr|no|num|number|nummer)[-_. ]{{0,2}}|[#=+(:]|%20|%23|[-_. ]+[#=+(:])"
    r"(?=[0-9])"
)
_HALF = re.compile(r"(?<![a-z])half[-_. ]?([12])(?![0-9])")
_WORD_FIRST = re.compile(rf"(?<![a-z])({PART_WORDS})[-_. ]{{0,2}}({_SPELT})(?![a-z0-9])")
_NUMBER_FIRST = re.compile(
    rf"(?<![a-z0-9])({_ORDINAL}|[2-9](?=nd|rd|th))(?:nd|rd|th|r|s)?[-_. ]?({PART_WORDS})(?![a-z0-9])"
)
_OF = re.compile(
    r"(?<![0-9])(?P<number>[0-9]{1,6})[-_. ([]*(?:(?:out[-_. ]?)?of|von|de|sur|di|van|из|%2f|[\u2044\u2215\uff0f])"
    r"[-_. ]*(?:(?P<total>[0-9]{1,6})(?![0-9])|(?:n|x|many)(?![a-z0-9]))"
)
# part-1-3, where no more stands behind it
_BESIDE = re.compile(
    rf"(?<![a-z])(?:{PAGE_WORDS}|part|parte|partie|pt|teil|deel)[-_. ]{{0,2}}(?P<number>[0-9]{{1,3}})[-_. ]"
    r"(?P<total>[0-9]{1,3})[)\]]?$"
)
_UNFINISHED = re.compile(
    r"(?<![a-z])(?:partial|incomplete|truncated|unvollst(?:ä|ae)ndig|excerpt|auszug)(?![a-z])"
    r"|(?<![a-z])(?:part|rest|remainder|remaining|continued|continuation|fortsetzung|next[-_. ]?page)$"
    r"|(?<![a-z])(?:offset|skip)[-_. =]?[1-9][0-9]*$"
)
_RANGE = re.compile(r"(?<![0-9])(?<![0-9][-_.])(?P<first>[0-9]{2,5})[-–](?P<last>[0-9]{2,5})$")  # items 51-100
_LAST_DAY, _YEARS = 31, range(1900, 2101)


@dataclass(frozen=True, slots=True)
class NamedShare:
    """The part that a name says: its number of how many (0 if it does not say), and the name with neither.

    Names of one ``series`` are of one answer.
    """

    number: int
    total: int
    series: str

    @property
    def goes_on(self) -> bool:
        """Whether further parts come behind it."""
        return self.number < self.total or not self.total


@lru_cache(maxsize=65536)
def named_share(path: str, resource: str) -> NamedShare | None:
    """The part of an answer that a path says its file holds, None if it says none. ``resource``: whom it is about,
    whose own name says nothing of parts.

    >>> named_share("111122223333/us-east-1/describe-alarms (2 of 3).json", "").number
    2
    >>> named_share("20260928-2/111122223333/us-east-1/describe-alarms-2.json", "")
    """
    name = plain_name(path)
    start = own_start(path)
    for pattern in (_OF, _BESIDE, _UNFINISHED):
        for share in pattern.finditer(name, start):
            if share[0] in resource.lower():
                continue
            number, total = (int(share.groupdict()[part] or 0) if share.groups() else 0 for part in ("number", "total"))
            if number <= total or not total:
                return NamedShare(number, total, f"{name[: share.start()]}\x00{total}{name[share.end() :]}")
    items = _RANGE.search(name, start)
    if items is not None and _LAST_DAY < int(items["first"]) < int(items["last"]) and int(items["last"]) not in _YEARS:
        return NamedShare(0, 0, f"{name[: items.start()]}\x00")
    return None


@lru_cache(maxsize=65536)
def plain_name(path: str) -> str:
    """A path without endings, its letters small, and numbers of parts in digits (``part-b`` as ``part2``)."""
    name = _BETWEEN.sub(r"\1-", _ENDINGS.sub("", _HUMP.sub("-", path).lower()))
    name = _WORD_FIRST.sub(lambda word: word[1] + _NUMBERS[word[2]], name)
    name = _NUMBER_FIRST.sub(lambda word: word[2] + _NUMBERS.get(word[1], word[1]), name)
    return _HALF.sub(r"\1of2", name)


@lru_cache(maxsize=65536)
def own_start(path: str) -> int:
    """Where in a plain name an answer's own name begins: behind the folders of accounts and regions, or with what names
    its call. A folder above, as of a delivery in parts, says nothing of one answer.
    """
    name = plain_name(path)
    *folders, _ = name.split("/")
    places = [number for number, folder in enumerate(folders) if is_place(folder)]
    if places:
        first = places[-1] + 1
    else:
        first = next((at for at, folder in enumerate(folders) if operation_called(folder).call), len(folders))
    return sum(len(folder) + 1 for folder in folders[:first])
