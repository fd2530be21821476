"""Remediation: what to do about a FAIL, from the first broken link on, with the account's own names."""

from __future__ import annotations

from auditor.remediation.names import ChainNames
from auditor.remediation.steps import Remedy, steps

__all__ = ["ChainNames", "Remedy", "steps"]
