"""What to do about a call that AWS refused depends on why it did."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from auditor.evidence.operations.registry import calls
from auditor.evidence.reading.refusal import remedy, says_gone
from tests.textbook import write


@pytest.mark.parametrize(
    ("code", "gone"),
    [
        ("NotFound", True), ("NotFoundException", True), ("ResourceNotFoundException", True),
        ("ResourceNotFound", True), ("TrailNotFoundException", True), ("CloudTrailARNInvalidException", True),
        ("AccessDenied", False), ("ThrottlingException", False), ("", False),
        ("AWSOrganizationsNotInUseException", False),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_told_from_what_may_not_be_seen(code: str, gone: bool) -> None:
    assert says_gone(code) is gone
    assert ("no such resource" in remedy(code, "x:Y")) is gone


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("AccessDenied", "Capture again with the permission sns:GetTopicAttributes"),
        ("AccessDeniedException", "Capture again with the permission sns:GetTopicAttributes"),
        ("AuthorizationError", "Capture again with the permission sns:GetTopicAttributes"),
        ("UnauthorizedOperation", "Capture again with the permission sns:GetTopicAttributes"),
        ("ExpiredToken", "The credentials had expired"),
        ("Throttling", "Too many calls at a time"),
        ("OptInRequired", "The region is not enabled"),
        ("AWSOrganizationsNotInUseException", "The account is in no organisation"),
        ("", "The call did not reach AWS"),
        ("InternalFailure", "Mend what the message says"),
    ],
)
def test_advice_fits_the_error_code(code: str, advice: str) -> None:
    assert remedy(code, "sns:GetTopicAttributes").startswith(advice)


def test_a_file_that_holds_not_found_does_not_ask_for_a_permission(tmp_path: Path) -> None:
    text = "An error occurred (NotFound) when calling the GetTopicAttributes operation: Topic does not exist"
    path = "111122223333/us-east-1/sns-get-topic-attributes/alerts.json"
    found = load(open_bundle([write({path: text}, tmp_path)]))
    (problem,) = [problem for problem in found.problems if problem.code == "refused"]
    assert "permission" not in problem.remedy
    assert "deleted" in problem.remedy
    (response,) = found.responses.all()
    assert response.gone
    assert response.error_code == "NotFound"


def test_a_file_that_holds_a_denial_asks_for_it(tmp_path: Path) -> None:
    text = "An error occurred (AccessDenied) when calling the DescribeAlarms operation: not authorized"
    found = load(open_bundle([write({"111122223333/us-east-1/cloudwatch-describe-alarms.json": text}, tmp_path)]))
    (problem,) = [problem for problem in found.problems if problem.code == "refused"]
    assert "the permission cloudwatch:DescribeAlarms" in problem.remedy


SAID = "User is not authorized"
ERRORS = [
    pytest.param({"__type": "AccessDeniedException", "Message": SAID}, "AccessDeniedException", id="JSON protocol"),
    pytest.param(
        {"__type": "com.amazonaws.cloudtrail.v20131101#ThrottlingException", "message": SAID},
        "ThrottlingException",
        id="with its namespace",
    ),
    pytest.param(
        {"Error": {"Type": "Sender", "Code": "Throttling", "Message": SAID}}, "Throttling", id="query protocol"
    ),
    pytest.param(
        {"Error": {"Code": "AccessDenied", "Message": SAID}, "ResponseMetadata": {"HTTPStatusCode": 403}},
        "AccessDenied",
        id="of boto3",
    ),
    pytest.param({"code": "AccessDenied", "message": SAID, "requestId": "1"}, "AccessDenied", id="of an SDK"),
    pytest.param(
        f"<ErrorResponse xmlns='http://sns.amazonaws.com/doc/2010-03-31/'><Error><Type>Sender</Type><Code>NotFound</Code>"
        f"<Message>{SAID}</Message></Error></ErrorResponse>",
        "NotFound",
        id="query, as XML",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code"), ERRORS)
@pytest.mark.parametrize("path", sorted(call.name for call in calls().values()))
def test_an_error_of_the_service_is_a_refusal(tmp_path: Path, content: Any, code: str, path: str) -> None:
    named = next(call for call in calls().values() if call.name == path)
    resource = "/main" if named.place == "resource" else ""
    file = f"111122223333/us-east-1/{path}{resource}.json"
    (capture,) = load(open_bundle([write({file: content}, tmp_path)])).captures
    assert (capture.status, capture.error_code, capture.detail) == ("refused", code, SAID)


@pytest.mark.parametrize(
    "content",
    [{"code": "AccessDenied", "trailList": []}, {"code": 1}, {"Error": []}, {"__type": ""}, {"message": "x", "a": 1}],
)
def test_what_is_no_error_is_not_called_one(tmp_path: Path, content: dict[str, Any]) -> None:
    file = "111122223333/us-east-1/cloudtrail-describe-trails.json"
    (capture,) = load(open_bundle([write({file: content}, tmp_path)])).captures
    assert capture.status != "refused"


@pytest.mark.parametrize(
    ("folder", "command"),
    [
        ("111122223333/eu-west-1", "aws logs describe-metric-filters --region eu-west-1"),
        ("exports", "aws logs describe-metric-filters --region REGION"),
    ],
)
def test_the_command_names_the_region_that_is_known(tmp_path: Path, folder: str, command: str) -> None:
    refusal = "An error occurred (AccessDenied) when calling the DescribeMetricFilters operation: no"
    target = tmp_path / folder / "logs-describe-metric-filters.err"
    target.parent.mkdir(parents=True)
    target.write_text(refusal)
    (problem,) = [one for one in load(open_bundle([tmp_path])).problems if one.code == "refused"]
    assert problem.remedy.endswith(f": {command}")
    assert problem.problem.startswith("the call was refused: AccessDenied")
