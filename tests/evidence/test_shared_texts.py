"""Answers that are kept in less memory say what they said."""

from __future__ import annotations

import copy
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from auditor.evidence.reading.shared_texts import FEW, with_shared_texts

LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-5, 5), st.floats(allow_nan=False), st.text(max_size=2))
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=2), inner), max_leaves=30
)


@given(st.dictionaries(st.text(max_size=2), st.lists(VALUES, max_size=8) | VALUES, max_size=4))
def test_law_an_answer_stays_as_it_is(answer: dict[str, Any]) -> None:
    before = copy.deepcopy(answer)
    shared = with_shared_texts(answer)
    assert orjson.dumps(shared) == orjson.dumps(before)


def test_a_text_of_many_items_is_one_object() -> None:
    alarm = {"Namespace": "AWS/EC2", "AlarmActions": ["arn:aws:sns:us-east-1:111122223333:operations"]}
    read = orjson.loads(orjson.dumps({"MetricAlarms": [alarm] * FEW}))
    assert len({id(item["Namespace"]) for item in read["MetricAlarms"]}) == FEW
    items: Any = with_shared_texts(read)["MetricAlarms"]
    assert len({id(item["Namespace"]) for item in items}) == 1
    assert len({id(item["AlarmActions"][0]) for item in items}) == 1
    assert len({id(item) for item in items}) == FEW
