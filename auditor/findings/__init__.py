"""Findings: judged accounts as findings, causes, frameworks and requests, put together into the result."""

from auditor.findings.audit import Order, attest

__all__ = ["Order", "attest"]
