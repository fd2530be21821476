"""Rule N6: filter policies of subscriptions, and what they do to an alarm's message."""

from __future__ import annotations

import json
from typing import Any

import pytest

from auditor.chains.subscription import passes_filter


@pytest.mark.parametrize(
    ("attributes", "passes"),
    [
        pytest.param({}, True, id="N6 none"),
        pytest.param({"FilterPolicy": "{}"}, True, id="N6 empty"),
        pytest.param({"FilterPolicy": json.dumps({"severity": ["high"]})}, False, id="N6 attribute wanted"),
        pytest.param({"FilterPolicy": json.dumps({"severity": [{"exists": False}]})}, True, id="N6 absence wanted"),
        pytest.param({"FilterPolicy": json.dumps({"a": [{"exists": False}], "b": ["x"]})}, False, id="N6 one of two"),
        pytest.param(
            {"FilterPolicy": json.dumps({"AlarmName": ["a"]}), "FilterPolicyScope": "MessageBody"}, None, id="N6 body"
        ),
        pytest.param({"FilterPolicy": "{"}, None, id="N6 no JSON"),
    ],
)
def test_filter_policy(attributes: dict[str, Any], passes: bool | None) -> None:
    assert passes_filter(attributes) is passes
