"""What is remembered is what matching says, whatever the events and in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.catalogue import load_controls
from auditor.patterns import match, parse
from auditor.patterns.errors import NumberTooLongError
from auditor.patterns.numbers import WrittenNumber
from auditor.replay import recall
from auditor.replay.recall import Recall

PATTERNS = [
    "{ $.eventName = StartSession && $.eventSource != iam* }",
    "{ $.eventName NOT EXISTS || $.errorCode = *Denied }",
    "{ $.errorCode IS NULL || $.eventName = 1 }",
    "{ $.userIdentity.type = Root }",
    "{ $.userIdentity.type IS TRUE || $.userIdentity != Root || $.other IS NULL }",
    "{ $.eventName = 1 || $.eventName > 0 }",
    "{ $.resources[0] = a || $.eventName = b }",
    "StartSession",
    "",
    *(control.variants["default"].patterns[0].pattern for control in load_controls().values()),
]
VALUES: st.SearchStrategy[Any] = st.sampled_from(
    ["StartSession", "iam.amazonaws.com", "AccessDenied", "1", "", None, True, 1, 1.0, ["a"], {}]
)
MEMBERS = dict.fromkeys(("eventName", "eventSource", "errorCode", "errorMessage", "resources", "other"), VALUES)
NESTED = st.one_of(VALUES, st.fixed_dictionaries({}, optional={"type": VALUES | st.just("Root"), "invokedBy": VALUES}))
EVENTS = st.fixed_dictionaries({}, optional=MEMBERS | {"userIdentity": NESTED})


@given(st.lists(EVENTS, max_size=12), st.sampled_from([1, 3, 1000]))
def test_a_remembered_answer_is_the_answer(events: list[dict[str, Any]], remembered: int) -> None:
    patterns = [parse(text) for text in PATTERNS]
    recalled = Recall(patterns, remembered)
    for event in [*events, *reversed(events)]:
        counted = recalled.counted(event)
        assert [bool(counted >> number & 1) for number in range(len(patterns))] == [
            match(pattern, event) for pattern in patterns
        ]


def test_a_value_is_asked_about_once_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(recall, "fits", lambda glob, text: asked.append(text) is not None)
    recalled = Recall([parse("{ $.eventName = Start* }")], 3)
    for number in (0, 1, 2, 0, 1, 2):
        assert not recalled.counted({"eventName": f"call-{number}", "eventID": "changes"})
    assert len(asked) == 3
    for number in (3, 0):
        recalled.counted({"eventName": f"call-{number}"})
    assert len(asked) == 5


def test_a_number_too_long_to_compare_matters_where_a_pattern_comes_to_it() -> None:
    event = {"eventName": "a", "n": WrittenNumber("1e99999")}
    assert Recall([parse("{ $.eventName = b && $.n = 1* }")]).counted(event) == 0
    with pytest.raises(NumberTooLongError):
        Recall([parse("{ $.eventName = a && $.n = 1* }")]).counted(event)
