"""Attestation: judged accounts as findings, frameworks and requests, put together into the result."""

from auditor.attestation.document import Order, attest

__all__ = ["Order", "attest"]
