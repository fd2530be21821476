"""Bytes of a member → a `Document`: JSON as it stands there, the refusal of a call, or what other file it is."""

from auditor.evidence.reading.decode import Decoded
from auditor.evidence.reading.document import Document, document
from auditor.evidence.reading.exact_json import read_exact
from auditor.evidence.reading.file_kind import FileKind
from auditor.evidence.reading.guard import guarded
from auditor.evidence.reading.listed_accounts import accounts_in
from auditor.evidence.reading.refusal import (
    Refusal,
    error_object,
    find_refusal,
    remedy,
    says_gone,
    says_no_organization,
)

__all__ = [
    "Decoded",
    "Document",
    "FileKind",
    "Refusal",
    "accounts_in",
    "document",
    "error_object",
    "find_refusal",
    "guarded",
    "read_exact",
    "remedy",
    "says_gone",
    "says_no_organization",
]
