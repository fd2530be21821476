"""Settings of the whole test run."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import botocore  # noqa: F401 (the AWS CLI, imported first, would put its own copy in the place of it)
import hypothesis
import pytest

# How long an example takes says nothing on a machine that others use.
hypothesis.settings.register_profile("project", deadline=None)
hypothesis.settings.load_profile("project")

TOOLS = ("browser", "spreadsheet", "emulator")
COLLECTED = pytest.StashKey[list[str]]()
# What the quick lane leaves out: folders of whole audits, processes and tools, and files of enumerations.
SLOW = (
    "acceptance", "benchmarks", "cli", "emulator", "hostile", "laws", "notebooks", "project", "reference",
    "remediation", "replay", "reports",
)  # fmt: skip
SLOW_FILES = ("_law.py", "_simulator.py", "test_operation_names.py", "test_settling.py")
TESTS = Path(__file__).parent


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
    """Marks the quick tests, and keeps all as they were collected, before they are chosen from and shuffled."""
    config.stash[COLLECTED] = [item.nodeid for item in items]
    for item in items:
        if _is_quick(item):
            item.add_marker("quick")
    yield


def _is_quick(item: pytest.Item) -> bool:
    place = item.path.relative_to(TESTS) if item.path.is_relative_to(TESTS) else Path(item.path.name)
    if place.parts[0] in SLOW or place.name.endswith(SLOW_FILES) or item.name.startswith("test_law"):
        return False
    return not any(item.get_closest_marker(name) for name in TOOLS)
