"""Every command ends with an exit code of the contract and, if it failed, with one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import click
import pytest
from click.testing import Result

from auditor.cli.program import program
from auditor.errors import AuditorError

Run = Callable[..., Result]


def _raise(error: BaseException) -> None:
    raise error


@pytest.fixture
def command_that(monkeypatch: pytest.MonkeyPatch, run: Run):  # type: ignore[no-untyped-def]
    """Runs a command whose body is the given function."""

    def called(body, *words):  # type: ignore[no-untyped-def]
        monkeypatch.setitem(program.modules, "probe", "")
        monkeypatch.setitem(program.commands, "probe", click.Command("probe", callback=body))
        return run(*words, "probe")

    return called


@pytest.mark.parametrize(
    ("error", "code", "line"),
    [
        (
            AuditorError("is no bundle.", file="a.zip", remedy="Give a zip."),
            2,
            "auditor: a.zip: is no bundle. Give a zip.\n",
        ),
        (
            AuditorError("a\x1b[31mb\nc", file="x"),
            2,
            "auditor: x: a\\x1b[31mb c\n",
        ),
        (
            PermissionError(13, "Permission denied", "out/results.json"),
            2,
            "auditor: out/results.json: Permission denied. Check the path, its permissions and the free space.\n",
        ),
        (KeyboardInterrupt(), 130, "auditor: Interrupted.\n"),
    ],
)
def test_an_error_is_one_line_and_an_exit_code(command_that, error, code, line) -> None:  # type: ignore[no-untyped-def]
    result = command_that(lambda: _raise(error))
    assert (result.exit_code, result.stdout, result.stderr) == (code, "", line)


def test_a_defect_is_never_taken_for_findings(command_that) -> None:  # type: ignore[no-untyped-def]
    result = command_that(lambda: _raise(ZeroDivisionError("division by zero")))
    assert result.exit_code == 2
    assert result.stderr.startswith("auditor: This is a defect of the program")
    assert result.stderr.count("\n") == 1
    assert "Traceback" in command_that(lambda: _raise(ZeroDivisionError()), "-v").stderr


@pytest.mark.parametrize("words", [["-h"], ["--help"], ["audit", "-h"], ["pattern", "match", "--help"]])
def test_help_is_asked_for_in_both_spellings(run: Run, words: list[str]) -> None:
    result = run(*words)
    assert result.exit_code == 0
    assert result.stdout.startswith("Usage: auditor")


def test_help_lists_exit_codes_and_completion(run: Run) -> None:
    text = run("--help").stdout
    assert "could not be carried out" in text
    assert "_AUDITOR_COMPLETE=bash_source" in text


def test_version_is_the_package_s(run: Run) -> None:
    import auditor

    assert run("--version").stdout == f"auditor, version {auditor.__version__}\n"


@pytest.mark.parametrize(
    ("words", "hint"),
    [(("audti",), "audit"), (("audit", "x", "--ot", "y"), "--out"), (("pattern", "expain", "x"), "explain")],
)
def test_a_near_miss_names_the_likely_word(run: Run, words: tuple[str, ...], hint: str) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert hint in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("audit",), "Missing argument 'BUNDLE...'. `auditor audit --help` lists what may be given."),
        (("--foo",), "No such option '--foo'. `auditor --help` lists what may be given."),
        (
            ("audit", "x", "--match", "cover"),
            "Invalid value for '--match': 'cover' is not one of 'equal', 'covers'. "
            "`auditor audit --help` lists what may be given.",
        ),
        (
            ("pattern", "match", "x"),
            "Missing argument 'EVENTS'. `auditor pattern match --help` lists what may be given.",
        ),
    ],
)
def test_a_command_line_that_is_not_understood_is_one_line_too(run: Run, words: tuple[str, ...], line: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"auditor: {line}\n")


# A shell's background job, as which the tests may run, is started with Ctrl-C ignored.
PROBE = """\
import click, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from auditor.cli.program import program
def body():
    {body}
program.modules["probe"] = ""
program.commands["probe"] = click.Command("probe", callback=body)
program(["probe"], prog_name="auditor")
"""


def _start(body: str) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-c", PROBE.format(body=body)]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_a_reader_that_goes_away_ends_the_command_quietly() -> None:
    with _start("for _ in range(9999): click.echo('x' * 80)") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141


def test_ctrl_c_exits_130_with_one_line() -> None:
    with _start("print('up', flush=True); time.sleep(999)") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.stderr.read() == b"auditor: Interrupted.\n"
        assert process.wait() == 130


@pytest.mark.benchmark
def test_help_costs_a_few_bare_interpreters(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints the ratio; what keeps it low is asserted in tests/project/test_imports.py."""

    def best(*words: str) -> float:
        times = []
        for _ in range(5):
            start = time.perf_counter()
            subprocess.run([sys.executable, *words], check=True, capture_output=True, env=os.environ)
            times.append(time.perf_counter() - start)
        return min(times)

    bare = best("-c", "pass")
    help_ = best("-c", "from auditor.cli import main; import sys; sys.argv = ['auditor', '--help']; main()")
    with capsys.disabled():
        print(f"\n`auditor --help`: {help_ / bare:.1f} × a bare interpreter ({1000 * help_:.0f} ms)")
    assert help_ > bare


@pytest.mark.parametrize("words", [(), ("pattern",)])
def test_the_list_of_commands_fits_a_terminal_of_80_columns(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert "..." not in result.stdout.partition("Commands:")[2].partition("Exit codes:")[0]
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_the_package_runs_as_a_module() -> None:
    done = subprocess.run([sys.executable, "-m", "auditor", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("auditor, version ")
