"""Evidence: captures recognised in a bundle, responses assembled from them, and their tables."""

from auditor.evidence.assemble import Response, Responses
from auditor.evidence.capture import Capture, Place
from auditor.evidence.classify import OtherMember
from auditor.evidence.load import Evidence, load
from auditor.evidence.registry import Call, calls
from auditor.evidence.tables import Tables

__all__ = [
    "Call",
    "Capture",
    "Evidence",
    "OtherMember",
    "Place",
    "Response",
    "Responses",
    "Tables",
    "calls",
    "load",
]
