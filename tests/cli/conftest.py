"""The command line under test, called in this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from auditor.cli.program import program

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs ``auditor WORDS…``; a traceback fails the test unless the command line turned it into a line."""
    monkeypatch.delenv("NO_COLOR", raising=False)

    def called(*words: object, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(program, [str(word) for word in words], input=stdin, prog_name="auditor")
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result

    return called
