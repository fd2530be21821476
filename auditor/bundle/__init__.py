"""The one door for untrusted bytes: folders and archives become members; nothing is extracted."""

from auditor.bundle.archive import is_archive_name
from auditor.bundle.limits import DEFAULT_LIMITS, Limits
from auditor.bundle.member import Member
from auditor.bundle.names import shown_path
from auditor.bundle.open import BundleError, BundleReader, open_bundle

__all__ = [
    "DEFAULT_LIMITS",
    "BundleError",
    "BundleReader",
    "Limits",
    "Member",
    "is_archive_name",
    "open_bundle",
    "shown_path",
]
