"""Which resource a path speaks of, where an answer does not name its own: trails, topics, keys (rules T12, X7, N4).

A file in a folder of the call's name is named after its resource. Names vary on the way: case, endings, copy marks,
ARNs made fit for a file system. Such a name is a resource's if it fits one that the captures show, and only one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from urllib.parse import unquote

from auditor.arn import (
    ACCOUNT_DIGITS,
    ACCOUNT_ID,
    ACCOUNT_ID_IN_TEXT,
    REGION,
    REGION_NAME,
    REGION_TOKEN,
    log_group_of,
    parse_arn,
    partition_of,
)
from auditor.evidence.call_ids import (
    DESCRIBE_ALARMS,
    DESCRIBE_TRAILS,
    GET_TOPIC_ATTRIBUTES,
    LIST_SUBSCRIPTIONS,
    LIST_SUBSCRIPTIONS_BY_TOPIC,
    LIST_TOPICS,
)
from auditor.evidence.item import Page
from auditor.evidence.operations import Call
from auditor.evidence.placing.place import Placed, names_place, resource_folder
from auditor.evidence.recognising import resource_in

_ENDING = re.compile(
    r"\.(?:json|txt|(?:std)?err(?:or)?s?|(?:std)?out|fail(?:ed|ure)?|gz|log|ya?ml|csv|bak|old|orig|tmp|rc|sh|[0-9]|page[0-9]+)$",
    re.IGNORECASE,
)
_ERRORS = re.compile(r"[-_ ](?:std)?err(?:or)?s?$", re.IGNORECASE)  # of a file beside the answer's
_WRITTEN = re.compile(
    r"(?:\.page[0-9]+)?(?:\.json|\.txt|\.err)?(?:\.gz)?$"
)  # as the capture script or the user saved it
# What Windows, macOS and cloud drives put beside a name when it is copied; none of it can be part of a trail's name.
_COPY_MARKS = re.compile(
    r"\s*[(\[][^()\[\]]*[)\]]$|\s+-\s+(?:copy|kopie|copie|copia)$|\s+(?:copy|kopie)(?:\s*[0-9]+)?$|\s+[0-9]+$"
    r"|^(?:copy of|kopie von|copie de|copia de)\s+|~$",
    re.IGNORECASE,
)
# Words that people put before a resource's name, which is then not the name itself (``status-main``).
_BEFORE = r"(?:status|trail|trails|topic|topics|sns|subs|subscribers|subscriptions?|key|policy|selectors|cloudtrail)"
_PREFIXED = re.compile(rf"{_BEFORE}-(.+)")
_NAME = {
    "key": re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|mrk-[0-9a-f]{32}"),
    "topic": re.compile(r"[A-Za-z0-9_-]{1,256}(?:\.fifo)?"),
    "trail": re.compile(r"[A-Za-z0-9._-]{1,128}"),
}
_MANGLED_ARN = re.compile(
    r"arn[^A-Za-z0-9](?P<partition>aws[a-z-]*?)[^A-Za-z0-9](?P<service>sns|cloudtrail)[^A-Za-z0-9]"
    rf"(?P<region>{REGION_NAME})[^A-Za-z0-9](?P<account>{ACCOUNT_DIGITS})[^A-Za-z0-9](?P<name>.+)"
)

# By call: list or object, its member with an ARN or several, kind of what that names.
_SHOWN: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    DESCRIBE_TRAILS: (("trailList", "TrailARN", "trail"),),
    DESCRIBE_ALARMS: (
        ("MetricAlarms", "AlarmActions", "topic"),
        ("CompositeAlarms", "AlarmActions", "topic"),
    ),
    LIST_TOPICS: (("Topics", "TopicArn", "topic"),),
    LIST_SUBSCRIPTIONS: (
        ("Subscriptions", "TopicArn", "topic"),
        ("Subscriptions", "SubscriptionArn", "subscription"),
    ),
    LIST_SUBSCRIPTIONS_BY_TOPIC: (
        ("Subscriptions", "TopicArn", "topic"),
        ("Subscriptions", "SubscriptionArn", "subscription"),
    ),
    GET_TOPIC_ATTRIBUTES: (("Attributes", "TopicArn", "topic"), ("Attributes", "KmsMasterKeyId", "key")),
}

_NAMED_BY_FILES = ("trail", "topic", "key")
_NAMED_BY_ARN = ("trail", "topic", "subscription")


_ByName = Mapping[str, set[str]]


class KnownResources:
    """The trails, topics, subscriptions and keys that the captures of a bundle name, by kind, account and region.

    Of a region are also the trails that its listing shows and that are homed elsewhere (T2).
    """

    def __init__(self, placed: Iterable[Placed]) -> None:
        self._placed = tuple(placed)
        self._by_name: dict[tuple[str, str, str], tuple[_ByName, _ByName]] = {}

    def fitting(self, call: Call, label: str, account_id: str, region: str) -> set[str]:
        """The resources shown there that a name in a path fits, in the spelling of :func:`canonical`."""
        exact, by_letters = self._names(call, account_id, region)
        if named := exact.get(unquote(_WRITTEN.sub("", label))):
            return set(named)
        return set(by_letters.get(folded(bare(label)), ()))

    def fits_by_letters(self, call: Call, name: str, account_id: str, region: str) -> bool:
        """Whether a name, :func:`folded`, is one of a resource that is shown there."""
        return name in self._names(call, account_id, region)[1]

    def of(self, call: Call, account_id: str, region: str) -> set[str]:
        """The resources of a call's kind that captures show in an account and region."""
        return self._by_place.get((call.resource or "", account_id, region), set())

    def _names(self, call: Call, account_id: str, region: str) -> tuple[_ByName, _ByName]:
        """The resources shown there by their names as they are, and by the letters of these."""
        place = (call.resource or "", account_id, region)
        if place not in self._by_name:
            exact: dict[str, set[str]] = defaultdict(set)
            by_letters: dict[str, set[str]] = defaultdict(set)
            for shown in self.of(call, account_id, region):
                for name in names_of(shown):
                    exact[name].add(shown)
                    by_letters[folded(name)].add(shown)
            by_letters.pop("", None)
            self._by_name[place] = (exact, by_letters)
        return self._by_name[place]

    @cached_property
    def _by_place(self) -> Mapping[tuple[str, str, str], set[str]]:
        by_place: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for entry in self._placed:
            for kind, text in dict.fromkeys(_named_in(entry)):  # alarms of a place notify the same few topics
                arn = parse_arn(text)
                shown = canonical(kind, text, "", "")
                if arn is not None:
                    by_place[(kind, arn.account_id, arn.region)].add(shown)
                if kind != "topic":
                    by_place[(kind, entry.account_id, entry.region)].add(shown)
        return by_place


def _named_in(entry: Placed) -> Iterator[tuple[str, str]]:
    """The kind of everything that an answer names, and its ARN or id."""
    for page in entry.recognised.pages:
        for member, path, kind in _SHOWN.get(entry.recognised.call.id, ()):
            items = page.get(member)
            for item in items if isinstance(items, list) else [items]:
                value = item.get(path) if isinstance(item, dict) else None
                values = value if isinstance(value, list) else [value]
                yield from ((kind, text) for text in values if isinstance(text, str))


def resources_in(page: Page, call: Call) -> Iterator[str]:
    """The resources that an answer names: itself, or by the ARN that each of its items has. What is no ARN and should
    be one names nothing.
    """
    named = resource_in(page, call)
    if named and (call.resource not in _NAMED_BY_ARN or parse_arn(named) is not None):
        yield named
    for list_ in call.lists:
        items = page.get(list_.member)
        if list_.arn and isinstance(items, list):
            arns = (item.get(list_.arn) for item in items if isinstance(item, dict))
            yield from (arn for arn in arns if isinstance(arn, str) and parse_arn(arn) is not None)


def label_of(spoken: str, call: Call) -> tuple[str, bool]:
    """What a path calls the resource of a call about one, ``""`` if nothing, and whether it must be its name.

    It is that of a file in a folder of the call's name. Of a file that is itself named as the call what stands behind
    may be, and so may the name of one that neither it nor its folder calls an answer.

    >>> from auditor.evidence.operations.registry import calls
    >>> label_of("111122223333/us-east-1/cloudtrail-get-trail-status/main.json", calls()["cloudtrail:GetTrailStatus"])
    ('main.json', True)
    """
    folder, _, name = spoken.rpartition("/")
    if resource_folder(folder) is not None:
        return ("", False) if names_place(spoken) else (name, True)
    if call.resource not in _NAMED_BY_FILES:
        return "", False
    named = _call_pattern(call).search(name)
    rest = bare(name[named.end() :] if named is not None else name)
    words = re.split(r"[\s_]+", ACCOUNT_ID_IN_TEXT.sub("", rest))
    rest = " ".join(word for word in words if not REGION.fullmatch(word.strip("-."))).strip(" -_.")
    return (rest if re.search(r"[A-Za-z]", rest) else ""), False


@lru_cache(maxsize=256)
def _call_pattern(call: Call) -> re.Pattern[str]:
    words = call.name.split("-")[1:]
    return re.compile("[-_ .]?".join(map(re.escape, words)), re.IGNORECASE)


def bare(label: str) -> str:
    """A name without endings and copy marks."""
    text, before = unquote(label), ""
    errors = not re.search(r"\.json(?:\.gz)?$", text, re.IGNORECASE)
    while text != before:
        before, text = text, _COPY_MARKS.sub("", _ENDING.sub("", text)).strip()
    return _ERRORS.sub("", text) if errors and "." in label else text


def folded(text: str) -> str:
    """A name by its letters and digits, case aside, with one dash for whatever stands between them."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")


@lru_cache(maxsize=65536)
def names_of(resource: str) -> tuple[str, ...]:
    """What a file about a resource may be called: its ARN or its name, with or without ``trail/`` or ``alias/``.

    A subscription also by the id behind its topic's name.
    """
    arn = parse_arn(resource)
    name = resource if arn is None else arn.resource
    alone = name.removeprefix("trail/").removeprefix("alias/")
    return tuple(dict.fromkeys((resource, name, alone, alone.rpartition(":")[2])))


def names_another(call: Call, label: str, shown_resources: KnownResources, account_id: str, region: str) -> str:
    """The resource that a name means which fits none that is shown, ``""`` if it may mean one that is (T12).

    The listing of a region's trails holds all of them, so that a name that fits none is nobody's. Topics and keys need
    not be listed: what can be the name of another one is that.
    """
    text = unquote(_WRITTEN.sub("", label))
    if text.startswith("arn:"):
        return canonical(call.resource or "", text, account_id, region)
    mangled = _MANGLED_ARN.fullmatch(bare(label))
    if mangled is not None:
        return _restored(mangled)
    shown = shown_resources.of(call, account_id, region)
    if call.resource == "trail" and shown:
        return ""
    pattern = _NAME.get(call.resource or "")
    if pattern is not None and not pattern.fullmatch(text):
        return ""
    prefixed = _PREFIXED.fullmatch(folded(text))
    alike = [_alone(text, call), *([prefixed[1]] if prefixed else [])]
    if any(shown_resources.fits_by_letters(call, name, account_id, region) for name in alike):
        return ""
    return canonical(call.resource or "", text, account_id, region)


def _alone(text: str, call: Call) -> str:
    """A name without the account, the region and the words of the call that people put beside it, folded."""
    words = folded(ACCOUNT_ID_IN_TEXT.sub("", REGION_TOKEN.sub("", text.lower())))
    service, _, operation = call.name.partition("-")
    for part in (call.name, operation, operation.partition("-")[2], service):
        words = words.removeprefix(f"{part}-").removesuffix(f"-{part}")
    return words


def _restored(mangled: re.Match[str]) -> str:
    name = mangled["name"]
    if mangled["service"] == "cloudtrail":
        name = f"trail/{re.sub('^trail[^A-Za-z0-9]', '', name)}"
    return f"arn:{mangled['partition']}:{mangled['service']}:{mangled['region']}:{mangled['account']}:{name}"


def canonical(kind: str, resource: str, account_id: str, region: str) -> str:
    """One spelling for a resource that captures name in several: topics and trails by ARN, others by name or id."""
    if not resource:
        return ""
    if resource.startswith("arn:"):
        group = log_group_of(resource) if kind == "log group" else None
        if group is not None:
            return group[3]
        return resource.rpartition(":key/")[2] if kind == "key" else resource
    service = {"topic": "sns", "trail": "cloudtrail"}.get(kind)
    if service is None or not (ACCOUNT_ID.fullmatch(account_id) and region):
        return resource
    name = f"trail/{resource}" if service == "cloudtrail" else resource
    return f"arn:{partition_of(region)}:{service}:{region}:{account_id}:{name}"
