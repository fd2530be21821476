"""Decide offline, from exported AWS configuration, whether somebody is told when a watched action happens.

import auditor
bundle = auditor.open_bundle("samples/quarterly")
result = auditor.audit(bundle)
result.findings, result.chains, result.matrix()
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from auditor.version import __version__

if TYPE_CHECKING:
    from auditor.api import audit, compare, open_bundle, validate
    from auditor.notebook import Bundle
    from auditor.result import AuditResult

# openpyxl would write workbooks with lxml, which is there for Word documents: other bytes, and no folder whose name is
# no UTF-8. It looks once, when it is first imported.
os.environ.setdefault("OPENPYXL_LXML", "False")

__all__ = ["AuditResult", "Bundle", "__version__", "audit", "compare", "open_bundle", "validate"]

_LAZY = {
    "AuditResult": "auditor.result",
    "Bundle": "auditor.notebook",
    "audit": "auditor.api",
    "compare": "auditor.api",
    "open_bundle": "auditor.api",
    "validate": "auditor.api",
}


def __getattr__(name: str) -> Any:
    """Names that need pandas are imported when first used, so that ``import auditor`` is quick."""
    if name not in _LAZY:
        raise AttributeError(f"module 'auditor' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
