"""The smallest IAM policy with which a capture script can make its calls."""

from __future__ import annotations

from auditor.evidence.call_ids import GET_CALLER_IDENTITY
from auditor.requests.script.plan import CapturePlan

# "No permissions are required to perform this operation" (STS API reference, GetCallerIdentity).
_ALWAYS_ALLOWED = GET_CALLER_IDENTITY


def actions(plan: CapturePlan) -> tuple[str, ...]:
    """The IAM actions that a plan needs, sorted."""
    return tuple(sorted({call.permission for call in plan.calls} - {_ALWAYS_ALLOWED}))


def minimal_policy(plan: CapturePlan) -> dict[str, object]:
    """The IAM policy document that allows what a plan needs, and nothing else.

    On ``*``: AWS leaves composite alarms out where ``cloudwatch:DescribeAlarms`` is granted on less.
    """
    statement = {
        "Sid": "LogAlertingEvidence",
        "Effect": "Allow",
        "Action": list(actions(plan)),
        "Resource": "*",
    }
    return {"Version": "2012-10-17", "Statement": [statement]}
