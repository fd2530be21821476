"""Requests: what would settle findings, and what would strengthen them → exports to ask the client for."""

from auditor.requests.behind import Behind
from auditor.requests.build import Requested, requests, strengthening
from auditor.requests.export import Exports
from auditor.requests.gaps import gaps
from auditor.requests.settling import settling
from auditor.requests.want import Doubt, Want

__all__ = ["Behind", "Doubt", "Exports", "Requested", "Want", "gaps", "requests", "settling", "strengthening"]
