"""What is remembered is what matching says, whatever the events and in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.catalogue import load_controls
from auditor.judgement import recall
from auditor.judgement.recall import Recall
from auditor.patterns import match, parse

PATTERNS = [
    "{ $.eventName = StartSession && $.eventSource != iam* }",
    "{ $.eventName NOT EXISTS || $.errorCode = *Denied }",
    "{ $.errorCode IS NULL || $.eventName = 1 }",
    "{ $.userIdentity.type = Root }",
    "{ $.resources[0] = a || $.eventName = b }",
    "StartSession",
    "",
    *(control.variants["default"].patterns[0].pattern for control in load_controls().values()),
]
VALUES = st.sampled_from(["StartSession", "iam.amazonaws.com", "AccessDenied", "1", "", None, True, 1, 1.0, ["a"], {}])
EVENTS = st.dictionaries(st.sampled_from(["eventName", "eventSource", "errorCode", "userIdentity", "other"]), VALUES)


@pytest.mark.parametrize("text", PATTERNS)
@given(st.lists(EVENTS, max_size=12))
def test_a_remembered_answer_is_the_answer(text: str, events: list[dict[str, Any]]) -> None:
    pattern = parse(text)
    recalled = Recall(pattern)
    for event in [*events, *reversed(events)]:
        assert recalled.matches(event) == match(pattern, event)


def test_the_same_call_is_matched_once_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(recall, "REMEMBERED", 3)
    monkeypatch.setattr(recall, "match", lambda pattern, event: bool(asked.append(event)))
    recalled = Recall(parse("{ $.eventName = StartSession }"))
    for number in (0, 1, 2, 0, 1, 2):
        assert not recalled.matches({"eventName": f"call-{number}", "eventID": "changes"})
    assert len(asked) == 3
    for number in (3, 0):
        recalled.matches({"eventName": f"call-{number}"})
    assert len(asked) == 5
