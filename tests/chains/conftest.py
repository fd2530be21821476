"""Bundles of captures joined into chains, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.bundle import open_bundle as open_members
from auditor.chains import Chains
from auditor.evidence import load
from auditor.judgement import counts_nearly_everything
from tests.textbook import Files, write


@pytest.fixture
def join(tmp_path: Path) -> Callable[[Files], Chains]:
    """The chains of captures in the canonical layout."""

    def joined(files: Files) -> Chains:
        evidence = load(open_members([write(files, tmp_path / "bundle")]))
        return Chains(evidence.captures, evidence.responses, counts_nearly_everything)

    return joined
