"""Bytes of a member → a document: JSON as it stands there, the refusal of a call, or what other file it is."""

from auditor.evidence.reading.decode import Decoded, decode
from auditor.evidence.reading.exact_json import read_exact
from auditor.evidence.reading.file_kind import ANSWER_ENDINGS, FileKind
from auditor.evidence.reading.guard import guarded
from auditor.evidence.reading.listed_accounts import accounts_in, accounts_in_text
from auditor.evidence.reading.owners import NO_OWNERS, Owners, owners_in, owners_in_answer, owners_of
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
    "NO_OWNERS",
    "Decoded",
    "FileKind",
    "Owners",
    "Refusal",
    "accounts_in",
    "accounts_in_text",
    "decode",
    "error_object",
    "find_refusal",
    "guarded",
    "owners_in",
    "owners_in_answer",
    "owners_of",
    "read_exact",
    "remedy",
    "says_gone",
    "says_no_organization",
]
