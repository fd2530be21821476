"""The example results, made once; tests must not change them."""

from __future__ import annotations

import pytest

from auditor.result import AuditResult
from tests.reports.example_result import example_result, passing_result


@pytest.fixture(scope="session")
def example() -> AuditResult:
    return example_result()


@pytest.fixture(scope="session")
def passing() -> AuditResult:
    return passing_result()
