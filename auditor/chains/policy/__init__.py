"""Resource policies: whether CloudWatch may do something for an alarm (rules S4, S5)."""

from auditor.chains.policy.decide import Decision, decide
from auditor.chains.policy.request import Request

__all__ = ["Decision", "Request", "decide"]
