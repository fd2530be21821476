"""The example workbook, made once, as bytes and as openpyxl reads it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from auditor.reports.excel import render
from tests.reports.example_result import example_result

FRAMEWORK = "nist-800-53-r5"


@pytest.fixture(scope="session")
def book_bytes() -> bytes:
    return render(example_result(), FRAMEWORK)


@pytest.fixture(scope="session")
def book(book_bytes: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(book_bytes))
