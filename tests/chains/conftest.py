"""Bundles of captures joined into chains, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import auditor.api
from auditor.bundle import open_bundle as open_members
from auditor.chains import Chains
from auditor.evidence import load
from auditor.judgement import COUNTS
from tests.chains.chain import Audit
from tests.textbook import ACCOUNT, Files, write


@pytest.fixture
def join(tmp_path: Path) -> Callable[[Files], Chains]:
    """The chains of captures in the canonical layout."""

    def joined(files: Files) -> Chains:
        evidence = load(open_members([write(files, tmp_path / "bundle")]))
        return Chains(evidence.captures, evidence.responses, COUNTS)

    return joined


@pytest.fixture
def audit(tmp_path: Path) -> Audit:
    """The finding of the founding control in the textbook's account."""

    def audited(files: Files, **options: Any) -> dict[str, Any]:
        result = auditor.api.audit(write(files, tmp_path / "bundle"), controls=["ssm-actions"], **options)
        (finding,) = [one for one in result.document["findings"] if one["account_id"] == ACCOUNT]
        return dict(finding)

    return audited
