"""The capture script that an account's owner runs, what it needs and how long it takes (docs/capture.md)."""

from auditor.requests.script.plan import CapturePlan, complete_plan, plan_for
from auditor.requests.script.policy import minimal_policy
from auditor.requests.script.render import SHELLS, expectation, render

__all__ = ["SHELLS", "CapturePlan", "complete_plan", "expectation", "minimal_policy", "plan_for", "render"]
