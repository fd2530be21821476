"""What is remembered is what matching says, whatever the events and in whatever order."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.catalogue import load_controls
from auditor.patterns import match, parse
from auditor.replay import recall
from auditor.replay.recall import recalls

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


@given(st.lists(EVENTS, max_size=12))
def test_a_remembered_answer_is_the_answer(events: list[dict[str, Any]]) -> None:
    patterns = [parse(text) for text in PATTERNS]
    groups = list(recalls(patterns))
    assert sorted(number for _, group in groups for number in group) == list(range(len(patterns)))
    for event in [*events, *reversed(events)]:
        counted = sum(recalled.counted(event) for recalled, _ in groups)
        assert [bool(counted >> number & 1) for number in range(len(patterns))] == [
            match(pattern, event) for pattern in patterns
        ]


def test_the_same_call_is_matched_once_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(recall, "REMEMBERED", 3)
    monkeypatch.setattr(recall, "match", lambda pattern, event: asked.append(event) is not None)  # type: ignore[func-returns-value]
    ((recalled, _),) = recalls([parse("{ $.eventName = StartSession }")])
    for number in (0, 1, 2, 0, 1, 2):
        assert not recalled.counted({"eventName": f"call-{number}", "eventID": "changes"})
    assert len(asked) == 3
    for number in (3, 0):
        recalled.counted({"eventName": f"call-{number}"})
    assert len(asked) == 5


def test_patterns_of_the_same_members_are_remembered_together() -> None:
    texts = [
        "{ $.eventName = a }",
        "{ $.userIdentity.type = b }",
        "{ $.eventName != c }",
        "word",
        "other",
        "{ $.a[0] = 1 }",
    ]
    assert [group for _, group in recalls(map(parse, texts))] == [(0, 2), (1,), (3,), (4,), (5,)]
