"""Evidence: captures recognised in a bundle, responses assembled from them, and their tables."""

from auditor.evidence.capture import Capture, Place
from auditor.evidence.classify import OtherMember
from auditor.evidence.inventory import InventoryEntry, inventory
from auditor.evidence.item import Item, Page
from auditor.evidence.load import CaptureContext, Evidence, Members, evidence_of, load, read_members
from auditor.evidence.registry import Call, calls
from auditor.evidence.response import Lack, Response, Responses
from auditor.evidence.tables import Tables

__all__ = [
    "Call",
    "Capture",
    "CaptureContext",
    "Evidence",
    "InventoryEntry",
    "Item",
    "Lack",
    "Members",
    "OtherMember",
    "Page",
    "Place",
    "Response",
    "Responses",
    "Tables",
    "calls",
    "evidence_of",
    "inventory",
    "load",
    "read_members",
]
