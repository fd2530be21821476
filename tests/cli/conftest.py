"""The command line under test, called in this process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from auditor.cli.program import program
from tests.benchmarks.generate import Expected, generate

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


@dataclass(frozen=True, slots=True)
class Planted:
    """A bundle of nine accounts, with what must be found in each."""

    folder: Path
    expected: dict[str, Expected]


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Planted:
    folder = tmp_path_factory.mktemp("planted") / "bundle"
    return Planted(folder, generate(folder, accounts=9, noise_alarms=1))
