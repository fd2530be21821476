"""What notebooks get: an opened bundle and a result as tidy tables."""

from auditor.notebook.bundle import Bundle, ReadingOptions, chains_of
from auditor.notebook.keys import account_ids
from auditor.notebook.result import AuditResult

__all__ = ["AuditResult", "Bundle", "ReadingOptions", "account_ids", "chains_of"]
