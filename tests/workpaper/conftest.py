"""The view of one framework of the example result."""

from __future__ import annotations

import pytest

from auditor.workpaper import View, view
from tests.reports.example_result import example_result, passing_result

FRAMEWORK = "nist-800-53-r5"


@pytest.fixture(scope="session")
def seen() -> View:
    return view(example_result(), FRAMEWORK)


@pytest.fixture(scope="session")
def passing_view() -> View:
    return view(passing_result(), FRAMEWORK)
