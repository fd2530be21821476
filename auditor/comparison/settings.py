"""The settings of a finding's chains then and now, link by link and field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.comparison.patterns import pattern_change
from auditor.result import ChainFacts, Change, Finding
from auditor.text import listing, one_line
from auditor.verdict import LINKS, Link, State
from auditor.workpaper import LINK_NAMES

# The first field of each link names its resource.
FIELDS: Mapping[Link, tuple[str, ...]] = {
    Link.TRAIL: ("trail_arn", "home_region", "multi_region", "organization_trail"),
    Link.LOG_GROUP: ("log_group",),
    Link.METRIC_FILTER: ("filter_name", "filter_pattern"),
    Link.METRIC: ("metric",),
    Link.ALARM: ("alarm_arn", "composite_arns"),
    Link.TOPIC: ("topic_arn",),
    Link.SUBSCRIPTION: ("subscription_arn", "protocol", "endpoint"),
}
ALARM_FIELDS = (
    "statistic", "threshold", "comparison", "period", "evaluation_periods", "datapoints_to_alarm",
    "treat_missing_data", "actions_enabled",
)  # fmt: skip
_ALIKE = ("trail_arn", "log_group", "filter_name", "filter_pattern", "metric", "alarm_arn", "topic_arn", "endpoint")
STATE, SUBSCRIBERS = "state", "subscribers"
_NOTHING: tuple[object, ...] = (None, "", [])
_PENDING = " (not confirmed)"
Subscribers = Mapping[str, tuple[str, ...]]  # topic → its subscribers in words, of those whose listing is whole


def changes(before: Finding, after: Finding, then: Subscribers, now: Subscribers) -> list[Change]:
    """What is different of a finding's chains: settings that both results show, and links that broke or were mended.

    Nothing is told of a link that one of the two does not show: that is a change of the evidence.
    """
    differences: list[Change] = []
    for old, new in _pairs(before, after):
        for change in _changed(before, after, old, new, then, now):
            if change not in differences:
                differences.append(change)
    return differences


def _pairs(before: Finding, after: Finding) -> Iterator[tuple[ChainFacts | None, ChainFacts | None]]:
    """Each deciding chain of today with the most similar one of then; where none decides, those of then."""
    now = [chain for chain in after["chains"] if chain["decides"]]
    if not now:
        deciding = [chain for chain in before["chains"] if chain["decides"]][:1]
        for chain in deciding:
            yield chain, _nearest(chain, after["chains"])
        if not deciding:
            yield None, None
        return
    for chain in now:
        decided = [earlier for earlier in before["chains"] if earlier["decides"]]
        yield _nearest(chain, decided or before["chains"]), chain


def _nearest(chain: ChainFacts, others: list[ChainFacts]) -> ChainFacts | None:
    def likeness(other: ChainFacts) -> int:
        return sum(chain[name] == other[name] for name in _ALIKE)  # type: ignore[literal-required]

    return max(others, key=likeness, default=None)


def _changed(
    before: Finding,
    after: Finding,
    old: ChainFacts | None,
    new: ChainFacts | None,
    then: Subscribers,
    now: Subscribers,
) -> Iterator[Change]:
    for link in LINKS:
        first, *others = FIELDS[link]
        was, has = _value(old, first), _value(new, first)
        of_link: list[Change] = []
        if was and has:
            of_link += _differing(after, link, first, was, has)
            for name in others:
                if name == "filter_pattern":
                    of_link += pattern_change(after["id"], old, new)
                else:
                    of_link += _differing(after, link, name, _value(old, name), _value(new, name))
            if link is Link.ALARM:
                of_link += _alarm(after, old, new)
            if link is Link.TOPIC and was == has:
                of_link += _subscribers(after, str(has), then, now)
        elif (was or has) and State.BROKEN in (_state(before, old, link) if not was else _state(after, new, link)):
            of_link += _differing(after, link, first, was, has, whole=False)
        yield from of_link
        states = _state(before, old, link), _state(after, new, link)
        if not of_link and states[0] != states[1] and {states[0][0], states[1][0]} <= {State.OK, State.BROKEN}:
            yield _change(after, link, STATE, _state_words(before, old, link), _state_words(after, new, link))


def _value(chain: ChainFacts | None, name: str) -> object:
    return chain[name] if chain is not None else ""  # type: ignore[literal-required]


def _state(finding: Finding, chain: ChainFacts | None, link: Link) -> tuple[str, str]:
    """State and reason code of a link; ``n/a`` where nothing is said of it."""
    if chain is not None:
        facts = chain["links"][link]
        silent = facts["state"] == State.UNKNOWN.value and not facts["reason"]
        return ("n/a", "") if silent else (facts["state"], facts["code"])
    decides = finding["broken_link"] == link
    return finding["links"].get(link, "n/a"), finding["reason_code"] if decides else ""


def _state_words(finding: Finding, chain: ChainFacts | None, link: Link) -> str:
    if chain is not None:
        facts = chain["links"][link]
        return facts["reason"] or facts["state"]
    return finding["reason"] if finding["broken_link"] == link else finding["links"].get(link, "")


def _differing(
    finding: Finding, link: Link, name: str, was: object, has: object, *, whole: bool = True
) -> Iterator[Change]:
    """One change if both sides say something else; with ``whole=False`` one of them says that there is nothing."""
    if was != has and (not whole or (was not in _NOTHING and has not in _NOTHING)):
        yield _change(finding, link, name, was, has)


def _alarm(finding: Finding, old: ChainFacts | None, new: ChainFacts | None) -> Iterator[Change]:
    if old is None or new is None or not old["alarm"] or not new["alarm"]:
        return
    was: Mapping[str, object] = old["alarm"]
    has: Mapping[str, object] = new["alarm"]
    of_fields = [
        _change(finding, Link.ALARM, name, was[name], has[name]) for name in ALARM_FIELDS if was[name] != has[name]
    ]
    yield from of_fields
    if not of_fields and was["words"] != has["words"]:
        yield _change(finding, Link.ALARM, "evaluation", was["words"], has["words"])


def _subscribers(finding: Finding, topic: str, then: Subscribers, now: Subscribers) -> Iterator[Change]:
    if topic in then and topic in now and then[topic] != now[topic]:
        yield _change(finding, Link.SUBSCRIPTION, SUBSCRIBERS, list(then[topic]), list(now[topic]))


def _change(finding: Finding, link: Link, name: str, was: object, has: object) -> Change:
    return {
        "finding": finding["id"],
        "link": link.value,
        "field": name,
        "before": was,
        "after": has,
        "words": _words(link, name, was, has),
    }


def _words(link: Link, name: str, was: Any, has: Any) -> str:
    title = LINK_NAMES[link]
    if name == SUBSCRIBERS:
        return _subscribers_in_words(was, has)
    if name == STATE:
        return f"{title}: {_shown(has)} Before: {_shown(was)}"
    if was in _NOTHING or has in _NOTHING:
        return f"{title}: {_shown(was)} is gone" if has in _NOTHING else f"{title}: {_shown(has)} is new"
    return f"{title}, {name.replace('_', ' ')}: {_shown(was)} → {_shown(has)}"


def _subscribers_in_words(was: list[str], has: list[str]) -> str:
    confirmed = [who for who in has if who not in was and f"{who}{_PENDING}" in was]
    gone = [who for who in was if who not in has and who.removesuffix(_PENDING) not in confirmed]
    come = [who for who in has if who not in was and who not in confirmed]
    parts = (("confirmed now", confirmed), ("no longer subscribed", gone), ("subscribed now", come))
    return "; ".join(f"{words}: {listing(who, limit=6)}" for words, who in parts if who)


def _shown(value: object) -> str:
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return one_line(listing(map(str, value)) if isinstance(value, list) else str(value), 300)
