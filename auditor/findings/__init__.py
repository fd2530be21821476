"""Findings: judged accounts as findings, causes, frameworks and requests, put together into the result."""

from auditor.findings.audit import Beside, Order, attest

__all__ = ["Beside", "Order", "attest"]
