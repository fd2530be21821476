"""The real command on real bundles, called in this process; a traceback fails the test."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from auditor.cli.program import program

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    """Runs ``auditor WORDS…``; standard output and standard error are apart in the answer."""

    def called(*words: object) -> Result:
        answer = CliRunner().invoke(program, [str(word) for word in words], prog_name="auditor")
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer.exception
        assert "defect of the program" not in answer.stderr, answer.stderr
        return answer

    return called
