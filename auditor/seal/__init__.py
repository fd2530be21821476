"""Seals: BagIt bags (RFC 8493) written and verified, and signed with Ed25519."""

from auditor.seal.bag import Bag, FileState
from auditor.seal.bag_writer import BagWriter, SealError, bag_at
from auditor.seal.examine import Seals, examine, looks_sealed
from auditor.seal.signature import new_keys
from auditor.seal.signed_bag import SignatureState, signature_of
from auditor.seal.write import SealedCopy, default_out, seal

__all__ = [
    "Bag",
    "BagWriter",
    "FileState",
    "SealError",
    "SealedCopy",
    "Seals",
    "SignatureState",
    "bag_at",
    "default_out",
    "examine",
    "looks_sealed",
    "new_keys",
    "seal",
    "signature_of",
]
