"""Requests: what to ask the client for, with the exact command, and which findings it would settle."""

from auditor.requests.build import gaps, requests, settling

__all__ = ["gaps", "requests", "settling"]
