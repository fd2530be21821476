"""Rules T9, T14–T16: what event selectors take, and how times are read (T13, X4)."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.chains.selectors import read_selectors, takes
from auditor.chains.trail import seconds
from auditor.evidence import Capture, Place, calls

SSM = "ssm.amazonaws.com"


def answer(**body: Any) -> tuple[Capture, dict[str, Any]]:
    call = calls()["cloudtrail:GetEventSelectors"]
    capture = Capture(0, "f.json", "0" * 64, 1, call, Place("111122223333", "us-east-1"), "path", (body,), ("",))
    return capture, body


def basic(kind: str = "All", **changes: Any) -> dict[str, Any]:
    return {"ReadWriteType": kind, "IncludeManagementEvents": True} | changes


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"FieldSelectors": list(fields)}


MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}

CASES = [
    pytest.param({"EventSelectors": [basic()]}, True, True, id="T14 all"),
    pytest.param({"EventSelectors": [basic("WriteOnly")]}, False, True, id="T16 write only"),
    pytest.param({"EventSelectors": [basic("ReadOnly")]}, True, False, id="T16 read only"),
    pytest.param({"EventSelectors": [basic("ReadOnly"), basic("WriteOnly")]}, True, True, id="T14 union"),
    pytest.param({"EventSelectors": [basic(IncludeManagementEvents=False)]}, False, False, id="T14 no management"),
    pytest.param(
        {"EventSelectors": [basic(ExcludeManagementEventSources=["kms.amazonaws.com"])]},
        True,
        True,
        id="T14 KMS left out",
    ),
    pytest.param({"AdvancedEventSelectors": [advanced(MANAGEMENT)]}, True, True, id="T15 management"),
    pytest.param(
        {"AdvancedEventSelectors": [advanced(MANAGEMENT, {"Field": "readOnly", "Equals": ["false"]})]},
        False,
        True,
        id="T15 writes",
    ),
    pytest.param(
        {
            "AdvancedEventSelectors": [
                advanced(MANAGEMENT, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]})
            ]
        },
        True,
        True,
        id="T15 other source left out",
    ),
    pytest.param(
        {"AdvancedEventSelectors": [advanced(MANAGEMENT, {"Field": "eventSource", "NotEquals": [SSM]})]},
        False,
        False,
        id="T15 this source left out",
    ),
    pytest.param(
        {"AdvancedEventSelectors": [advanced(MANAGEMENT, {"Field": "eventName", "StartsWith": ["Start", "Send"]})]},
        False,
        True,
        id="T15 names by beginning",
    ),
    pytest.param(
        {"AdvancedEventSelectors": [advanced({"Field": "eventCategory", "Equals": ["Data"]})]},
        False,
        False,
        id="T15 data",
    ),
]


@pytest.mark.parametrize(("body", "read", "write"), CASES)
def test_selectors(body: dict[str, Any], read: bool, write: bool) -> None:
    selectors, unclear, sources = read_selectors(answer(**body))
    assert (unclear, len(sources)) == ("", 1)
    assert takes(selectors, SSM, "ListCommands", True) is read
    assert takes(selectors, SSM, "StartSession", False) is write


def test_t14_excluded_source_is_lost() -> None:
    selectors, _, _ = read_selectors(
        answer(EventSelectors=[basic(ExcludeManagementEventSources=["kms.amazonaws.com"])])
    )
    assert not takes(selectors, "kms.amazonaws.com", "DisableKey", False)


def test_t15_unknown_field_is_named() -> None:
    body = {"AdvancedEventSelectors": [advanced(MANAGEMENT, {"Field": "userIdentity.arn", "NotEquals": ["x"]})]}
    assert read_selectors(answer(**body))[1] == "userIdentity.arn"


@pytest.mark.parametrize(
    "field",
    [
        pytest.param({"Field": "userIdentity.arn", "Equals": ["x"]}, id="T15 a field not known"),
        pytest.param({"Field": "eventType", "Equals": ["AwsApiCall"]}, id="T15 a field of event data stores"),
    ],
)
def test_what_a_field_that_is_not_known_tests_loses_no_event_for_certain(field: dict[str, Any]) -> None:
    wide, _, _ = read_selectors(answer(AdvancedEventSelectors=[advanced(MANAGEMENT, field)]))
    assert takes(wide, SSM, "ListCommands", True)
    writes = {"Field": "readOnly", "Equals": ["false"]}
    narrow, _, _ = read_selectors(answer(AdvancedEventSelectors=[advanced(MANAGEMENT, field, writes)]))
    assert not takes(narrow, SSM, "ListCommands", True)


@pytest.mark.parametrize(
    "condition",
    [
        pytest.param({"Field": "eventName"}, id="T15 no operator"),
        pytest.param({"Field": "eventName", "Equals": []}, id="T15 no value"),
        pytest.param({"Field": "readOnly", "Equals": ["true"], "Matches": ["x"]}, id="T15 an operator not known"),
    ],
)
def test_a_condition_that_is_not_understood_is_named(condition: dict[str, Any]) -> None:
    body = {"AdvancedEventSelectors": [advanced(MANAGEMENT, condition)]}
    assert read_selectors(answer(**body))[1] == condition["Field"]


def test_t9_default_selectors_take_everything() -> None:
    assert read_selectors(None) == (None, "", ())
    assert takes(None, SSM, "ListCommands", True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(1_795_560_385, 1_795_560_385.0, id="X4 epoch"),
        pytest.param(1_795_560_344.01, 1_795_560_344.01, id="X4 epoch with fraction"),
        pytest.param("2026-11-24T22:47:12+00:00", 1_795_560_432.0, id="X4 ISO 8601"),
        pytest.param("2026-11-24T22:47:12Z", 1_795_560_432.0, id="X4 ISO 8601 with Z"),
        pytest.param("yesterday", None, id="X4 no time"),
        pytest.param(True, None, id="X4 no number"),
    ],
)
def test_times(value: Any, expected: float | None) -> None:
    assert seconds(value) == expected
