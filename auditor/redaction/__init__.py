"""Redaction: a result whose subscribers are short forms, and the key that says who they are."""

from auditor.redaction.key import RedactionKey
from auditor.redaction.redact import redacted

__all__ = ["RedactionKey", "redacted"]
