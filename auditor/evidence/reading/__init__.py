"""Bytes of a member → a `Document`: JSON as it stands there, the refusal of a call, or what other file it is."""

from auditor.evidence.reading.account_cells import accounts_in_cell
from auditor.evidence.reading.days_named import Days, days_named
from auditor.evidence.reading.decode import Decoded
from auditor.evidence.reading.document import Document, document
from auditor.evidence.reading.exact_json import read_exact
from auditor.evidence.reading.file_kind import ANSWER_ENDINGS, FileKind
from auditor.evidence.reading.guard import guarded
from auditor.evidence.reading.listed_accounts import Membership, accounts_in
from auditor.evidence.reading.owners import (
    NO_OWNERS,
    Owners,
    owners_in,
    owners_in_answer,
    owners_in_json,
    owners_refused,
)
from auditor.evidence.reading.record_tables import CALL_NAMES, FILE_NAMES
from auditor.evidence.reading.refusal import (
    Refusal,
    error_object,
    find_refusal,
    remedy,
    says_gone,
    says_no_organization,
)

__all__ = [
    "ANSWER_ENDINGS",
    "CALL_NAMES",
    "FILE_NAMES",
    "NO_OWNERS",
    "Days",
    "Decoded",
    "Document",
    "FileKind",
    "Membership",
    "Owners",
    "Refusal",
    "accounts_in",
    "accounts_in_cell",
    "days_named",
    "document",
    "error_object",
    "find_refusal",
    "guarded",
    "owners_in",
    "owners_in_answer",
    "owners_in_json",
    "owners_refused",
    "read_exact",
    "remedy",
    "says_gone",
    "says_no_organization",
]
