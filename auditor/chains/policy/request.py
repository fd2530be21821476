"""The request that CloudWatch makes for an alarm, and what its condition keys hold (data: ``keys.json``)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from string import Template
from types import MappingProxyType
from typing import Any

from auditor.chains.policy.wildcards import matches, pattern_of
from auditor.resources import PACKAGE

PUBLISHER = "cloudwatch.amazonaws.com"
TestOfValue = tuple[str, str]  # the family of an operator, and the value that a policy wants


@dataclass(frozen=True, slots=True)
class Request:
    """What CloudWatch asks of a resource: ``action`` (``sns:Publish``), for an alarm.

    ``resource`` is the resource's ARN, None where no capture shows it. ``organization`` is the id of the
    organisation that the alarm's account is in, ``""`` if no capture shows it.
    """

    action: str
    resource: str | None
    alarm_arn: str
    alarm_account: str
    organization: str = ""

    @property
    def service(self) -> str:
        """The service that is asked: ``sns``, ``kms``."""
        return self.action.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Unseen:
    """A value that no capture shows. ``supposed`` says of tests whether it meets them.

    ``foreign``: it is nothing that a customer names.
    """

    supposed: Mapping[TestOfValue, bool] = field(default_factory=lambda: MappingProxyType({}))
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Presence:
    """A key that is in the request: its values and their kind. ``others``: it may have further ones."""

    values: tuple[str | Unseen, ...]
    kind: str = ""
    others: bool = False


# What a key may be, one after the other; None: not in the request.
Alternatives = tuple[Presence | None, ...]
ABSENT: Alternatives = (None,)
ANYTHING: Alternatives = (None, Presence((Unseen(),)))
_FOREIGN: Alternatives = (None, Presence((Unseen(foreign=True),)))


def alternatives(request: Request, key: str) -> Alternatives:
    """What a condition key, spelt in small letters, may be in a request (rule S5)."""
    entry = _entry(key)
    if entry is None or request.service not in entry.get("services", (request.service,)):
        return ANYTHING
    if entry["in_request"] != "always":
        return ABSENT if entry["in_request"] == "never" else _FOREIGN
    value = Template(entry["value"]).substitute(
        alarm_arn=request.alarm_arn, alarm_account=request.alarm_account, organization=request.organization
    )
    return (Presence((value,), entry["kind"], entry.get("others", False)),) if value else ANYTHING


@cache
def never_together() -> tuple[frozenset[str], ...]:
    """Keys of which a statement that wants values for all of them never speaks of CloudWatch (rule S4)."""
    return tuple(frozenset(entry["keys"]) for entry in _table()["never_together"])


@lru_cache(maxsize=4096)
def _entry(key: str) -> Mapping[str, Any] | None:
    keys: Mapping[str, Mapping[str, Any]] = _table()["keys"]
    return keys.get(key) or next((entry for name, entry in keys.items() if _stands_for(name, key)), None)


def _stands_for(name: str, key: str) -> bool:
    pattern = pattern_of(name, wild=True, variables=False)
    return pattern is not None and matches(pattern, key)


@cache
def _table() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((PACKAGE / "chains" / "policy" / "keys.json").read_text(encoding="utf-8"))
    return document
