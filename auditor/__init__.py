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
    from auditor.api import audit, compare, load_result, open_bundle, read_claims, relate, validate
    from auditor.notebook import AuditResult, Bundle, account_ids

# openpyxl would write workbooks with lxml, which is there for Word documents: other bytes, and no folder whose name is
# no UTF-8. It looks once, when it is first imported, and an environment that asks for lxml must not change a report.
os.environ["OPENPYXL_LXML"] = "False"

_LAZY = {
    "AuditResult": "auditor.notebook",
    "Bundle": "auditor.notebook",
    "account_ids": "auditor.notebook",
    "audit": "auditor.api",
    "compare": "auditor.api",
    "load_result": "auditor.api",
    "open_bundle": "auditor.api",
    "read_claims": "auditor.api",
    "relate": "auditor.api",
    "validate": "auditor.api",
}
__all__ = [
    "AuditResult", "Bundle", "__version__", "account_ids", "audit", "compare", "load_result", "open_bundle",
    "read_claims", "relate", "validate",
]  # fmt: skip


def __dir__() -> list[str]:
    """What there is to use, for completion: the names that are imported when first used too."""
    return __all__


def __getattr__(name: str) -> Any:
    """Names that need pandas are imported when first used, so that ``import auditor`` is quick."""
    if name not in _LAZY:
        raise AttributeError(f"module 'auditor' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LAZY[name]), name)
