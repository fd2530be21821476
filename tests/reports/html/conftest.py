"""Pages of the example results, and a browser that may not reach anything but the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from auditor.reports.html.page import render
from auditor.result import AuditResult
from tests.reports.example_result import example_result, passing_result

CHROMIUM = Path("/usr/bin/chromium")
MILLISECONDS = 200_000  # of waiting for what a page will do: a busy machine needs many, an idle one a few


def read_back(result: AuditResult) -> AuditResult:
    """The result as ``auditor report`` has it: out of its JSON."""
    return AuditResult(json.loads(json.dumps(result.document)))


@pytest.fixture(scope="session")
def example() -> AuditResult:
    return read_back(example_result())


@pytest.fixture(scope="session")
def passing() -> AuditResult:
    return read_back(passing_result())


@pytest.fixture(scope="session")
def nist(example: AuditResult) -> str:
    """The page with two controls, five requirements and hostile names."""
    return render(example, "nist-800-53-r5").decode()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Callable[..., Any]]:
    """Opens a page from disk; fails afterwards if it asked for anything else or its script complained."""
    contexts: list[Any] = []
    requests: list[str] = []
    complaints: list[str] = []

    def opened(content: bytes | str, **settings: Any) -> Any:
        path = tmp_path / f"page{len(contexts)}.html"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        context = browser.new_context(**settings)
        context.set_default_timeout(MILLISECONDS)
        contexts.append(context)
        page = context.new_page()
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.on("dialog", lambda dialog: complaints.append(dialog.message) or dialog.dismiss())
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []
    own = [(tmp_path / f"page{number}.html").as_uri() for number in range(len(contexts))]
    assert [url for url in requests if url not in own and not url.startswith(("blob:", "data:"))] == []
