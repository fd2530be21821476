"""What to do about a call that AWS refused depends on why it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import load
from auditor.evidence.refusal import remedy, says_gone
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
