"""Whether a filter counts any event at all of those that reach its log group (L10, M6, T6, T10, T14, T15)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast

from auditor.arn import REGION_IN_TEXT, partition_of
from auditor.catalogue.regions import leading_regions
from auditor.chains import Selector
from auditor.chains.model import Origin
from auditor.judgement.together import parsed_filter
from auditor.patterns import Event, Pattern, match, uncounted, witness
from auditor.patterns.syntax import AllOf, AnyOf, Compare, Condition, Glob, Is, Name, NotExists, Operator

_MEMBERS = {
    name: (Name(name),)
    for name in (
        "awsRegion", "eventCategory", "eventName", "eventSource", "managementEvent", "readOnly", "recipientAccountId",
    )
}  # fmt: skip
# How names of calls begin that surely read, and that surely write (T16).
_BEGINNINGS = {True: ("Describe", "List"), False: ("Create", "Delete", "Put", "Update")}
_REGIONS_OF = {"aws-cn": "cn-*", "aws-eusc": "eusc-*", "aws-us-gov": "us-gov-*"}
_OF_OTHERS = ("Data", "NetworkActivity")  # categories that only selectors of their own bring (T15)
_MOST = 200  # accounts, and values of selectors, that are asked about


def counts_nothing(pattern: str, origin: Origin | None) -> bool:
    """Whether a filter with this pattern surely counts no event that reaches its log group, whoever else writes there.

    True for a pattern that no event satisfies, and for one that only events of other accounts, regions or partitions
    do, or such as no trail's selectors let through. What is not sure is False, as it is for a text that is no pattern.
    """
    parsed = parsed_filter(pattern)
    if parsed is None:
        return False
    if parsed.kind != "json":
        return uncounted((), parsed)[0] is False
    conditions = () if origin is None else _conditions(parsed, origin)
    example = witness(pattern)
    if example is not None and all(_counted(condition, example) for condition in conditions):
        return False
    return uncounted((), _all(cast("Condition", parsed.root), conditions))[0] is False


def _all(root: Condition, conditions: tuple[Condition, ...]) -> Pattern:
    return Pattern("json", AllOf((root, *conditions)) if conditions else root, "")


def _counted(condition: Condition, event: Event) -> bool:
    return match(Pattern("json", condition, ""), event)


def _conditions(pattern: Pattern, origin: Origin) -> tuple[Condition, ...]:
    """What holds of every event that the trails deliver, as far as the pattern reads it."""
    read = pattern.selectors()
    plain = {selector for selector in read if selector in _MEMBERS.values()}
    if not plain:
        return ()
    named = frozenset(REGION_IN_TEXT.findall(str(pattern)))
    conditions = [*_of_places(origin, named), *_of_selectors(origin.selectors)]
    return tuple(condition for condition in conditions if not plain.isdisjoint(_read(condition)))


def _read(condition: Condition) -> frozenset[object]:
    return frozenset(Pattern("json", condition, "").selectors())


def _of_places(origin: Origin, named: frozenset[str]) -> Iterator[Condition]:
    if origin.all_accounts and len(origin.accounts) <= _MOST:
        yield _one_of("recipientAccountId", sorted(origin.accounts))
    leading = leading_regions(origin.partition)
    if origin.region and leading:
        yield _one_of("awsRegion", sorted({origin.region, *leading}))
    elsewhere = [region for region in sorted(named) if partition_of(region) != origin.partition]
    elsewhere += [names for partition, names in _REGIONS_OF.items() if partition != origin.partition]
    yield _none_of("awsRegion", elsewhere)


@lru_cache(maxsize=4096)
def _of_selectors(selectors: tuple[tuple[Selector, ...], ...]) -> tuple[Condition, ...]:
    """What holds of every event that a selector takes; nothing where one is not known, or takes other categories."""
    each = [selector for per_trail in selectors for selector in per_trail]
    if not selectors or any(selector.unknown or selector.of_others or not _sized(selector) for selector in each):
        return ()
    taken = tuple(dict.fromkeys(_of_selector(selector) for selector in each))
    management = (
        _none_of("eventCategory", _OF_OTHERS),
        _either(_absent("managementEvent"), _is("managementEvent", True)),
    )
    if not each or any(not conditions for conditions in taken):
        return management
    joined = [conditions[0] if len(conditions) == 1 else AllOf(conditions) for conditions in taken]
    return (*management, joined[0] if len(joined) == 1 else AnyOf(tuple(joined)))


def _sized(selector: Selector) -> bool:
    return len(selector.excluded_sources) + sum(len(values) for _, _, values in selector.fields) <= _MOST


def _of_selector(selector: Selector) -> tuple[Condition, ...]:
    """What holds of every event that one selector takes."""
    conditions: list[Condition] = []
    if selector.excluded_sources:
        conditions.append(_none_of("eventSource", sorted(selector.excluded_sources)))
    reads = {selector.read_only} - {None}
    for field, operator, values in selector.fields:
        if field == "readOnly" and operator == "Equals" and values in (("true",), ("false",)):
            reads.add(values == ("true",))
        elif field in ("eventName", "eventSource"):
            conditions.append(_of_field(field, operator, values))
    for read_only in sorted(cast("set[bool]", reads)):
        beginnings = [_glob(f"{beginning}*") for beginning in _BEGINNINGS[not read_only]]
        conditions += [_either(_absent("readOnly"), _is("readOnly", read_only)), _none("eventName", beginnings)]
    return tuple(conditions)


def _of_field(field: str, operator: str, values: Iterable[str]) -> Condition:
    kind = operator.removeprefix("Not")
    globs = [Glob({"Equals": (value,), "StartsWith": (value, ""), "EndsWith": ("", value)}[kind]) for value in values]
    return _none(field, globs) if operator.startswith("Not") else _any(field, globs)


def _one_of(member: str, texts: Iterable[str]) -> Condition:
    """The member has one of these texts, or is not there."""
    return _any(member, map(_glob, texts))


def _none_of(member: str, texts: Iterable[str]) -> Condition:
    return _none(member, map(_glob, texts))


def _any(member: str, globs: Iterable[Glob]) -> Condition:
    return _either(_absent(member), *(_compare(member, "=", glob) for glob in globs))


def _none(member: str, globs: Iterable[Glob]) -> Condition:
    parts = tuple(_compare(member, "!=", glob) for glob in globs)
    return _either(_absent(member), parts[0] if len(parts) == 1 else AllOf(parts))


def _glob(text: str) -> Glob:
    return Glob(tuple(text.split("*")))


def _compare(member: str, operator: Operator, value: Glob) -> Condition:
    return Compare(_MEMBERS[member], operator, value)


def _is(member: str, value: bool) -> Condition:
    return Is(_MEMBERS[member], "TRUE" if value else "FALSE")


def _absent(member: str) -> Condition:
    return NotExists(_MEMBERS[member])


def _either(*conditions: Condition) -> Condition:
    return AnyOf(conditions)
