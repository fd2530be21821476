"""One change to the textbook: a harmless one leaves the PASS, a harmful one takes it, alone or beside others.

``single_changes.json`` was written from the rules of the chain's semantics: per change the file, the JSON pointer
(``""``: the whole file, which the textbook does not have) and the value there; without a value the member is left out.
"""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import examples
from tests.laws.bundles import verdicts
from tests.textbook import ACCOUNT, REGION, Files, textbook

CHANGES = json.loads(Path(__file__).with_name("single_changes.json").read_text(encoding="utf-8"))
Change = dict[str, Any]


def named(change: Change) -> str:
    value = json.dumps(change["value"]) if "value" in change else "left out"
    return f"{change['file']} {change['pointer']} {value}"[:100]


def changed(files: Files, change: Change) -> Files:
    """The captures with one thing changed in place."""
    path = f"{ACCOUNT}/{REGION}/{change['file']}"
    *above, last = [int(part) if part.isdigit() else part for part in change["pointer"].split("/")[1:]] or [""]
    if not change["pointer"]:
        files[path] = copy.deepcopy(change["value"])
        return files
    place = files[path]
    for part in above:
        place = place[part]
    if "value" in change:
        place[last] = copy.deepcopy(change["value"])
    else:
        place.pop(last, None)
    return files


def verdict(*changes: Change) -> str:
    files = copy.deepcopy(textbook())
    for change in changes:
        files = changed(files, change)
    return verdicts(files)[ACCOUNT]


@pytest.mark.parametrize("change", CHANGES["harmless"], ids=named)
def test_a_harmless_change_leaves_the_pass(change: Change) -> None:
    assert verdict(change) == "PASS"


@pytest.mark.parametrize("change", CHANGES["harmful"], ids=named)
def test_a_harmful_change_takes_the_pass(change: Change) -> None:
    assert verdict(change) != "PASS"


def apart(one: Change, other: Change) -> bool:
    """Whether two changes are about different links, so that neither can mend the other."""
    kinds = ("trail", "event-selectors", "metric-filters", "alarm", "sns-", "log-groups", "kms-")
    first, second = ({kind for kind in kinds if kind in change["file"]} for change in (one, other))
    # The filter's value and default are judged together with the alarm's settings.
    mixed = {"metric-filters", "alarm"}
    return not first & second and not (first & mixed and second & mixed)


@examples(60)
@given(st.sampled_from(CHANGES["harmful"]), st.sampled_from([*CHANGES["harmless"], *CHANGES["harmful"]]), st.booleans())
def test_no_change_to_another_link_mends_a_harmful_one(harmful: Change, other: Change, first: bool) -> None:
    if apart(harmful, other):
        assert verdict(*((harmful, other) if first else (other, harmful))) != "PASS"
