"""Evidence: captures recognised in a bundle, responses assembled from them, and their tables."""

from auditor.evidence.assembling import Lack, Response, Responses, assemble, is_stub, kept_items, without_pieces
from auditor.evidence.captures import CaptureContext, days_of
from auditor.evidence.inventory import InventoryEntry, inventory
from auditor.evidence.item import Item, Page
from auditor.evidence.load import Evidence, Members, evidence_of, load, read_members
from auditor.evidence.operations import Call, calls
from auditor.evidence.placing import Capture, Place
from auditor.evidence.reading import Membership, read_exact
from auditor.evidence.recognising import OtherMember
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
    "Membership",
    "OtherMember",
    "Page",
    "Place",
    "Response",
    "Responses",
    "Tables",
    "assemble",
    "calls",
    "days_of",
    "evidence_of",
    "inventory",
    "is_stub",
    "kept_items",
    "load",
    "read_exact",
    "read_members",
    "without_pieces",
]
