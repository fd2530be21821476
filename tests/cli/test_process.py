"""Whatever state the process is in, its exit code is one of the contract and there is no traceback."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
EQUAL = ("pattern", "compare", "{ $.a = 1 }", "{ $.a = 1 }")
OTHER = ("pattern", "compare", "{ $.a = 1 }", "{ $.a = 2 }")
WRONG = ("pattern", "compare", "{ $.a = 1 }", "{ $.a")


def shell(
    words: tuple[str, ...], after: str = "", folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    line = f"{shlex.join([sys.executable, '-m', 'auditor', *words])} {after}"
    env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    done = subprocess.run(
        ["sh", "-c", line], capture_output=True, text=True, env=env, cwd=folder, timeout=120, check=False
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    assert done.stderr.count("\n") <= 1
    return done


@pytest.mark.parametrize(
    ("words", "after", "code"),
    [
        (EQUAL, ">&-", 0),
        (OTHER, ">&-", 1),
        (WRONG, ">&-", 2),
        (WRONG, "2>&-", 2),
        (OTHER, "2>&-", 1),
        (EQUAL, "<&- >&- 2>&-", 0),
        (WRONG, "<&- >&- 2>&-", 2),
        (("audit", "nowhere"), "2>&-", 2),
        (("audti",), "2>&-", 2),
        (("pattern", "explain", "@-"), "<&-", 2),
        (EQUAL, ">/dev/full", 2),
        (OTHER, ">/dev/full", 2),
        (WRONG, "2>/dev/full", 2),
        (("audti",), "2>/dev/full", 2),
        (("--help",), ">/dev/full", 2),
        (("--version",), ">/dev/full", 2),
        (("--version",), ">&-", 0),
        (("pattern", "explain", "{ $.a = 1 }"), ">/dev/full 2>/dev/full", 2),
    ],
)
def test_streams_that_are_closed_or_full(words: tuple[str, ...], after: str, code: int) -> None:
    assert shell(words, after).returncode == code


def test_a_report_never_gets_the_number_of_a_closed_stream(planted: Any, tmp_path: Path) -> None:
    words = ("audit", str(planted.folder), "--control", "ssm-actions", "--framework", "iso27001-2022", "--out",
             str(tmp_path / "out"))  # fmt: skip
    assert shell(words, "<&- >&- 2>&-").returncode == 1
    assert json.loads((tmp_path / "out" / "results.json").read_bytes())["findings"]
    assert (tmp_path / "out" / "iso27001-2022.html").read_bytes().startswith(b"<!")


PLAIN = {"LC_ALL": "C", "PYTHONUTF8": "0"}


def test_arguments_are_read_as_utf_8_whatever_the_locale(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text('{"a":"é"}\n', "utf-8")
    (tmp_path / "défaut.json").write_text('{"a":"x"}\n', "utf-8")
    for name, code in (("event.json", 0), ("défaut.json", 1)):
        assert shell(("pattern", "match", '{ $.a = "é" }', str(tmp_path / name)), **PLAIN).returncode == code
    (tmp_path / "pattern").write_text('{ $.a = "é" }', "utf-8")
    assert shell(("pattern", "compare", f"@{tmp_path / 'pattern'}", '{ $.a = "é" }'), **PLAIN).returncode == 0


def test_an_argument_that_is_no_utf_8_is_refused() -> None:
    done = shell(("pattern", "explain", os.fsdecode(b'{ $.a = "\xe9" }')))
    assert (done.returncode, done.stdout) == (2, "")
    assert "no UTF-8" in done.stderr


def test_the_result_does_not_depend_on_the_locale(planted: Any, tmp_path: Path) -> None:
    (tmp_path / "Prüfung").symlink_to(planted.folder)
    words = ("audit", str(tmp_path / "Prüfung"), "--control", "ssm-actions", "--json")
    found = shell(words, **PLAIN)
    assert found.returncode == 1
    assert json.loads(found.stdout) == json.loads(shell(words).stdout)
    assert json.loads(found.stdout)["bundle"]["name"] == "Prüfung"


def test_workbooks_do_not_depend_on_what_the_environment_asks_of_openpyxl(planted: Any, tmp_path: Path) -> None:
    words = ("audit", str(planted.folder), "--control", "ssm-actions", "--format", "xlsx")
    for lxml in ("True", "False"):
        assert shell((*words, "--out", str(tmp_path / lxml)), OPENPYXL_LXML=lxml).returncode == 1
    books = [(tmp_path / lxml / "overview.xlsx").read_bytes() for lxml in ("True", "False")]
    assert books[0] == books[1]


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in an archive that Python can import it from."""
    place = tmp_path_factory.mktemp("zipped") / "auditor.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for path in sorted((ROOT / "auditor").rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                archive.write(path, path.relative_to(ROOT))
    return place


@pytest.mark.parametrize(
    "words",
    [
        ("controls",),
        ("audit", "samples"),
        pytest.param(("frameworks",), marks=pytest.mark.long),
        pytest.param(("gsl", "CloudTrail should have name", "samples"), marks=pytest.mark.long),
    ],
)
def test_from_within_a_zip_file_it_refuses(zipped: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    words = tuple(str(ROOT / "samples" / "quarterly") if word == "samples" else word for word in words)
    done = shell(words, folder=tmp_path, PYTHONPATH=str(zipped))
    assert (done.returncode, done.stdout) == (2, "")
    assert "Install the package" in done.stderr


PROBE = """\
import click, sys, tempfile, time
from auditor.cli import main
from auditor.cli.program import program
def body():
    {body}
program.modules["probe"] = ""
program.commands["probe"] = click.Command("probe", callback=body)
sys.argv = ["auditor", "probe"]
main()
"""
HELD = """
    with tempfile.NamedTemporaryFile(dir={folder!r}) as file:
        click.echo("up"); sys.stdout.flush(); time.sleep(60)
"""


@pytest.mark.parametrize(
    ("sent", "code", "line"),
    [(signal.SIGTERM, 143, ""), (signal.SIGHUP, 129, ""), (signal.SIGINT, 130, "Interrupted.")],
)
def test_a_signal_ends_the_command_and_leaves_no_litter(tmp_path: Path, sent: int, code: int, line: str) -> None:
    # A shell's background jobs ignore Ctrl-C and hand that down; a user's command does not.
    words = [
        "env",
        "--default-signal=INT,HUP",
        sys.executable,
        "-c",
        PROBE.format(body=HELD.format(folder=str(tmp_path))),
    ]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        assert len(list(tmp_path.iterdir())) == 1
        process.send_signal(sent)
        assert process.wait(30) == code
        assert process.stderr.read().decode() == (f"auditor: {line}\n" if line else "")
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_was_started_to_outlive_its_terminal_does() -> None:
    body = "import os, signal; os.kill(os.getpid(), signal.SIGHUP); click.echo('up')"
    words = ["env", "--ignore-signal=HUP", sys.executable, "-c", PROBE.format(body=body)]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "up\n", "")


LOADING = """\
import sys, time
class Slow:
    def find_spec(self, name, path, target=None):
        if name == "auditor.cli.process":
            print("up", flush=True)
            time.sleep(60)
sys.meta_path.insert(0, Slow())
from auditor.cli import main
main()
"""


def test_an_interrupt_while_the_program_loads_is_one_line() -> None:
    words = ["env", "--default-signal=INT", sys.executable, "-c", LOADING]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert process.stderr.read() == b"auditor: Interrupted.\n"


@pytest.mark.parametrize("error", ["ZeroDivisionError()", "MemoryError()", "RecursionError()", "OSError(5, 'I/O')"])
def test_a_defect_is_2_also_in_a_process(error: str) -> None:
    words = [sys.executable, "-c", PROBE.format(body=f"raise {error}")]
    done = subprocess.run(words, capture_output=True, text=True, cwd=ROOT, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
