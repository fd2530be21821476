"""Settings of the whole test run."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator
from functools import cache
from pathlib import Path

import botocore  # noqa: F401 (the AWS CLI, imported first, would put its own copy in the place of it)
import pytest
from hypothesis import HealthCheck, settings

HERE = Path(__file__).parent
TOOLS = ("browser", "spreadsheet", "emulator")
# `pytest -m quick`, to be run after every small change, is what is neither in these folders (whole audits, processes,
# tools) nor in such a file (enumerations) nor marked so.
SLOW_FOLDERS = {
    "acceptance", "benchmarks", "cli", "emulator", "hostile", "laws", "notebooks", "project", "reference",
    "remediation", "replay", "reports",
}  # fmt: skip
SLOW_FILES = ("_law.py", "_simulator.py", "test_operation_names.py", "test_settling.py")
SLOW_MARKS = {*TOOLS, "benchmark", "long"}
# These hold the longest tests, or look at results that are made once a process. So they come first, for one process:
# the last to end would leave the others idle, and two would make the same results.
FIRST_FILES = {
    "test_browser.py", "test_causes.py", "test_collect.py", "test_emulator.py", "test_kills.py", "test_notebooks.py",
    "test_packaging.py", "test_samples.py", "test_second_quarter.py", "test_spreadsheet.py",
}  # fmt: skip
COLLECTED = pytest.StashKey[list[str]]()

# An example that takes long on a busy machine is no defect. Each run tries the same examples, so that a change and
# nothing else decides whether it passes; `--hypothesis-profile random` looks for new ones (docs/decisions.md).
settings.register_profile("fixed", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.register_profile("random", settings.get_profile("fixed"), derandomize=False, print_blob=True)
settings.load_profile("fixed")

# Tests start the program in many processes, each of which would compile all of it again where nothing may be kept.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# What runs in the background ignores Ctrl-C, and so would every program that a test interrupts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: no collection of garbage looks through all of it, then or later."""
    gc.disable()
    outcome = yield
    gc.freeze()
    gc.enable()
    return outcome


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None, None, None]:
    """Keeps the tests as they were collected, before they are chosen from and shuffled (project/test_collection.py).

    And marks those that are quick, and puts those that take longest before the others, which stay shuffled.
    """
    config.stash[COLLECTED] = [item.nodeid for item in items]
    for item in items:
        if not is_slow(item):
            item.add_marker(pytest.mark.quick)
    yield
    items.sort(key=lambda item: item.path.name not in FIRST_FILES)


def is_slow(item: pytest.Item) -> bool:
    """Whether the test is in a slow file, enumerates, needs a tool or is run on demand."""
    named = is_slow_file(item.path) or item.name.startswith("test_law")
    return named or any(mark.name in SLOW_MARKS for mark in item.iter_markers())


@cache
def is_slow_file(path: Path) -> bool:
    """Whether the file is in a slow folder or enumerates."""
    folders = {str(folder.relative_to(HERE)) for folder in path.parents if folder.is_relative_to(HERE)}
    return bool(folders & SLOW_FOLDERS) or path.name.endswith(SLOW_FILES)
