"""The meaning of the functions that stand after a value."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from auditor.gsl.logic import UNEVIDENCED, Items, More, Truth, any_of, known_value, negate
from auditor.gsl.networks import is_private, network
from auditor.gsl.readings import MONTHS, PATTERN_EQUALITY, PRIVATE_RANGES, Choice
from auditor.gsl.regexes import Allowance
from auditor.gsl.times import moment, shifted
from auditor.gsl.values import is_open, lookup

PatternEqual = Callable[[str, str], bool | None]
"""Whether a found filter pattern (first) equals the required one (second) in meaning; None if undecidable."""

NETWORK_FIELD = "scope"
"""The field of a firewall rule that ``isPublic()`` on a list of rules looks at (the one that rules for AWS use)."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What tests need beside their object: the moment, the pattern engine, the choice of readings, and what regular
    expressions may still spend."""

    now: datetime
    pattern_equal: PatternEqual
    choice: Choice
    allowance: Allowance


def items_of(value: object) -> Items | None:
    """The items of a list, none for an absent one; None for a plain value, which is no list."""
    if value is None:
        return Items(())
    if isinstance(value, Items):
        return value
    if isinstance(value, list):
        return Items(tuple((item, None) if isinstance(item, More) else (known_value(item), True) for item in value))
    return None


def groups_of(value: object, path: str) -> object:
    """The items grouped by their value at ``path``, in order of appearance; UNEVIDENCED if a group is uncertain."""
    items = items_of(value)
    groups: dict[str, list[object]] = {}
    for item, member in items.members if items else ():
        key = lookup(item, path)
        if member is None or key is UNEVIDENCED or isinstance(key, Mapping | list):
            return UNEVIDENCED
        groups.setdefault(json.dumps(key), []).append(item)
    return [{"values": group} for group in groups.values()]


def call(name: str, arguments: tuple[object, ...], value: object, around: Surroundings) -> object:
    """``value name(arguments)``: a truth, number or list; None absent, UNEVIDENCED unknown. ``value`` is evidenced."""
    return _MEANINGS[name](value, arguments, around)


def _length(value: object, _: tuple[object, ...], __: Surroundings) -> object:
    items = items_of(value)
    return None if items is None else items.count()


def _is_empty(value: object, _: tuple[object, ...], __: Surroundings) -> object:
    items = items_of(value)
    return False if items is None else _evidenced(negate(items.some()))


def _before(value: object, arguments: tuple[object, ...], around: Surroundings) -> object:
    return _relative(value, arguments, around, lambda time, limit: time < limit)


def _after(value: object, arguments: tuple[object, ...], around: Surroundings) -> object:
    return _relative(value, arguments, around, lambda time, limit: time > limit)


def _relative(
    value: object, arguments: tuple[Any, ...], around: Surroundings, holds: Callable[[datetime, datetime], bool]
) -> object:
    number, unit = arguments
    time = moment(value)
    if is_open(value):
        return UNEVIDENCED
    if time is None:
        return False
    result = holds(time, shifted(around.now, number, unit))
    if unit == "months" and holds(time, shifted(around.now, number, unit, calendar_months=False)) != result:
        return result == around.choice.taken(MONTHS)
    return result


def _is_public(value: object, _: tuple[object, ...], around: Surroundings) -> object:
    return _evidenced(_public(value, around.choice, public=True))


def _is_private(value: object, _: tuple[object, ...], around: Surroundings) -> object:
    return _evidenced(_public(value, around.choice, public=False))


def _public(value: object, choice: Choice, public: bool) -> Truth:
    if isinstance(value, Items | list):
        items = items_of(value)
        assert items is not None
        return any_of(
            None if member is None else _public(_network_field(item), choice, public) for item, member in items.members
        )
    if value is UNEVIDENCED:
        return None
    net = network(value)
    if net is None:
        return False
    private, reachable = is_private(net), net.is_global
    if private == reachable:
        private = private == choice.taken(PRIVATE_RANGES)
    return private != public


def _network_field(item: object) -> object:
    """The network of a firewall rule; UNEVIDENCED where its field is not the known one."""
    if not isinstance(item, Mapping):
        return item
    return known_value(item[NETWORK_FIELD]) if NETWORK_FIELD in item else UNEVIDENCED


def _number_of_hosts(value: object, _: tuple[object, ...], __: Surroundings) -> object:
    net = network(value)
    return None if net is None else net.num_addresses


def _is_filter_pattern_equal(value: object, arguments: tuple[Any, ...], around: Surroundings) -> object:
    required: str = arguments[0]
    if not isinstance(value, str):
        return False
    same = around.pattern_equal(value, required)
    textual = value.strip() == required.strip()
    if same is not textual and not around.choice.taken(PATTERN_EQUALITY):
        return textual
    return _evidenced(same)


def _evidenced(truth: Truth) -> object:
    return UNEVIDENCED if truth is None else truth


_MEANINGS: dict[str, Callable[[object, tuple[object, ...], Surroundings], object]] = {
    "length": _length,
    "isEmpty": _is_empty,
    "before": _before,
    "after": _after,
    "isPublic": _is_public,
    "isPrivate": _is_private,
    "numberOfHosts": _number_of_hosts,
    "isFilterPatternEqual": _is_filter_pattern_equal,
}
