"""What captures say of the policies of keys, together (S4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from auditor.chains.nobodys import Nobodys
from auditor.chains.testimony import Testimony
from auditor.chains.topic_key import key_name
from auditor.evidence import Capture
from auditor.evidence.call_ids import GET_KEY_POLICY
from auditor.evidence.item import Item

Key = tuple[str, str, str]
"""Account, region and name of a key."""

# Ids of multi-region keys (mrk-…) are the same in several regions, each of which has a policy of its own.
_OF_ONE_KEY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def key_of(capture: Capture, _: Item) -> Key | None:
    """The key that an answer is about, None if it names none."""
    place = capture.place
    return (place.account_id, place.region, key_name(place.resource)) if place.resource else None


def policies_of_keys(named: Mapping[Key, Testimony], nobodys: Nobodys) -> dict[Key, Testimony]:
    """What get-key-policy says of each key, beside whatever tells its policy otherwise, wherever that lies.

    A key's id is the key's alone, so that a policy in another region's folder of its account is its own, too; one that
    lies in no known place, or names no key, may be of any.
    """
    by_id: dict[tuple[str, str], list[Testimony]] = defaultdict(list)
    for (account, _, name), testimony in named.items():
        by_id[account, name.casefold()].append(testimony)
    policies = {}
    for key, testimony in named.items():
        unnamed = nobodys.differing(GET_KEY_POLICY, key, testimony, "Policy")
        in_place = testimony.against(unnamed, "a policy that names no key, or lies in no known place, differs from it")
        others = by_id[key[0], key[2].casefold()] if _OF_ONE_KEY.fullmatch(key[2]) else ()
        elsewhere = [other.answer[0] for other in others if other.answer and _policy(other) != _policy(testimony)]
        if others:
            own = _policy(testimony)
            unplaced = nobodys.elsewhere(GET_KEY_POLICY, *key, unnamed=False)
            elsewhere += [capture for capture in unplaced if any(page.get("Policy") != own for page in capture.pages)]
        policies[key] = in_place.against(elsewhere, "another region's folder holds another policy of the same key")
    return policies


def _policy(testimony: Testimony) -> object:
    return testimony.answer[1].get("Policy") if testimony.answer is not None else None
