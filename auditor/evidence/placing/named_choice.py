"""Listings whose own name says that something was left out of them: ``firing-alarms.json`` (rule X3).

The name tells an option of the call, a state or kind of its items, or that it is a sample. A state or kind counts only
where no item is of another. A capture record says better what was asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from auditor.arn import ACCOUNT_ID_IN_TEXT, REGION_TOKEN
from auditor.evidence.call_ids import (
    DESCRIBE_ALARMS,
    DESCRIBE_LOG_GROUPS,
    DESCRIBE_TRAILS,
    LIST_ALARM_MUTE_RULES,
    LIST_SUBSCRIPTIONS,
    LIST_TOPICS,
)
from auditor.evidence.item import Item
from auditor.evidence.operations import NARROWING, Call
from auditor.evidence.placing.part_name import own_start, plain_name

_MOST_WORDS = 6  # of an option's name
# What people put into the name of a file that holds a part of a listing, whatever it lists.
_SAMPLE = re.compile(
    r"filtered|selected|selection|subset|sample[ds]?|preview|snippet|trimmed|head|tail|matching|matched|prefix|pattern"
    r"|limited|reduced|shortened|stripped|abridged|namesonly|[0-9]+(?:rows|items|records|entries)"
    r"|queried|jq|jmespath|grep(?:ped)?|(?:top|first|last|head|tail|random)[0-9]+"
)
_PLACES = re.compile(f"{ACCOUNT_ID_IN_TEXT.pattern}|{REGION_TOKEN.pattern}")
_SHORT = re.compile(r"--(?:query|filters?|statuses)(?![a-z])")  # options that are words of any name without dashes
_TYPES = "--alarm-types"  # narrows unless metric alarms are among them (C1)
_OPTIONS = {option.replace("-", ""): option for option in sorted({*NARROWING, _TYPES}) if option.count("-") > 2}


@dataclass(frozen=True, slots=True)
class _Kind:
    """Words of a name, without what separates them, for items of some kind; ``fits``: whether an item is of it."""

    words: re.Pattern[str]
    fits: Callable[[str, Item], bool]
    before: bool = True  # it may also stand before the listing's noun
    unless: str = ""  # a word beside which it leaves nothing out


def _member(name: str, value: object) -> Callable[[str, Item], bool]:
    return lambda _, item: item.get(name) == value


def _listed_in(*members: str) -> Callable[[str, Item], bool]:
    return lambda member, _: member in members


def _any(_: str, __: Item) -> bool:
    return True


_STATE = "(?:(?:in|is|state|status|statevalue)?"
_KINDS: Mapping[str, tuple[_Kind, ...]] = {
    DESCRIBE_ALARMS: (
        _Kind(re.compile(r"alarm"), _member("StateValue", "ALARM"), before=False),
        _Kind(
            re.compile(
                r"firing|fired|triggered|alarming|alerting|breach(?:ed|ing)|active|red"
                r"|(?:in|is|state|status|statevalue)alarm(?:state)?"
            ),
            _member("StateValue", "ALARM"),
        ),
        _Kind(re.compile(rf"{_STATE}(?:ok|okay))|green|inactive"), _member("StateValue", "OK")),
        _Kind(
            re.compile(rf"{_STATE}insufficient(?:data)?)|nodata"), _member("StateValue", "INSUFFICIENT_DATA")
        ),
        _Kind(
            re.compile(r"(?:composites?|log)(?:alarms?)?"), _listed_in("CompositeAlarms", "LogAlarms"), unless="metric"
        ),
        _Kind(re.compile(r"(?:actions)?(?:disabled|muted|silenced)"), _member("ActionsEnabled", False)),
        _Kind(re.compile(r"(?:no|without)actions?"), lambda _, item: not item.get("AlarmActions")),
        _Kind(re.compile(r"(?:actions)?enabled"), _member("ActionsEnabled", True)),
    ),
    DESCRIBE_TRAILS: (
        _Kind(re.compile(r"org|organi[sz]ation(?:s|al)?"), _member("IsOrganizationTrail", True)),
        _Kind(re.compile(r"multi(?:ple)?regions?(?:al)?|shadows?"), _member("IsMultiRegionTrail", True)),
        _Kind(re.compile(r"singleregion(?:al)?|regional|noshadows?"), _member("IsMultiRegionTrail", False)),
    ),
    DESCRIBE_LOG_GROUPS: (
        _Kind(re.compile(r"standard"), lambda _, item: item.get("logGroupClass", "STANDARD") == "STANDARD"),
        _Kind(re.compile(r"infrequent(?:access)?"), _member("logGroupClass", "INFREQUENT_ACCESS")),
        _Kind(re.compile(r"delivery"), _member("logGroupClass", "DELIVERY")),
    ),
    LIST_SUBSCRIPTIONS: (
        _Kind(re.compile(r"pending(?:confirmation)?"), _member("SubscriptionArn", "PendingConfirmation")),
        _Kind(re.compile(r"confirmed"), lambda _, item: str(item.get("SubscriptionArn")).startswith("arn:")),
        *(_Kind(re.compile(name), _member("Protocol", name)) for name in ("email", "sms", "https", "lambda", "sqs")),
    ),
    LIST_TOPICS: (_Kind(re.compile(r"fifo"), lambda _, item: str(item.get("TopicArn")).endswith(".fifo")),),
    LIST_ALARM_MUTE_RULES: (_Kind(re.compile(r"active|scheduled|expired"), _any),),
}  # fmt: skip


def named_choice(path: str, call: Call, nouns: Sequence[re.Pattern[str]], items: Sequence[tuple[str, Item]]) -> str:
    """What a path says was left out of the listing that it names, in words; ``""`` if it says nothing.

    ``nouns`` are the call's own words in names, ``items`` what it lists, each with the list that it stands in. What is
    about one resource is named after that.
    """
    if call.place == "resource" or not call.lists:
        return ""
    own = plain_name(path)[own_start(path) :]
    if (short := _SHORT.search(own)) is not None:
        return f"{short[0]}, as its name says"
    for words, before in _stretches(own, nouns):
        option = _OPTIONS.get(words)
        if option is not None and not (option == _TYPES and "metricalarm" in own):
            return f"{option}, as its name says"
        if _SAMPLE.fullmatch(words):
            return f'what its name says ("{words}")'
        for kind in _KINDS.get(call.id, ()):
            names_it = kind.words.fullmatch(words) and (kind.before or not before)
            if not names_it or (kind.unless and kind.unless in own):
                continue
            if all(kind.fits(member, item) for member, item in items):
                return f'what its name says ("{words}")'
    return ""


def _stretches(own: str, nouns: Sequence[re.Pattern[str]]) -> Iterator[tuple[str, bool]]:
    """What a path's own part says of an answer besides its call and place: each stretch of words without what
    separates them, and whether it stands right before the call's own words; of what stands behind these every one.
    """
    behind = False
    folders = own.split("/")[:-1]
    yield from (("".join(_words(folder)), True) for folder in folders)
    for part in own.split("/"):
        named = next((noun.search(part) for noun in nouns if noun.search(part)), None)
        if named is not None:
            words = _words(_PLACES.sub("/", part[: named.start()]).rpartition("/")[2])
            yield from (("".join(words[at:]), True) for at in range(len(words)))
        behind = behind or named is not None
        words = _words(part[named.end() :] if named is not None else part) if behind else []
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + _MOST_WORDS) + 1):
                if words[start:end] != ["alarm"] or end == len(words):  # alarm-types
                    yield "".join(words[start:end]), False


def _words(text: str) -> list[str]:
    """The words of a text, regions and account ids aside."""
    return re.findall(r"[a-z0-9]+", _PLACES.sub(" ", text))
