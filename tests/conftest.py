"""Settings of the whole test run."""

from __future__ import annotations

from collections.abc import Generator

import botocore  # noqa: F401 (the AWS CLI, imported first, would put its own copy in the place of it)
import pytest

TOOLS = ("browser", "spreadsheet", "emulator")
COLLECTED = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--require-tools",
        action="store_true",
        help="a test marked browser, spreadsheet or emulator fails where it would be skipped",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and item.config.getoption("--require-tools"):
        needed = [name for name in TOOLS if item.get_closest_marker(name)]
        if needed and not hasattr(report, "wasxfail"):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} needs {', '.join(needed)} and was skipped: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Keeps the tests as they were collected, before they are chosen from and shuffled (project/test_collection.py)."""
    config.stash[COLLECTED] = [item.nodeid for item in items]
    yield
