"""The same tests are collected every time: no name of a test holds a time, a random value, a path or an address.

Workers of pytest-xdist collect each for itself and run nothing at all if their lists differ.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.conftest import COLLECTED, FIRST_FILES

ROOT = Path(__file__).parents[2]
COLLECT = ["-m", "pytest", "--collect-only", "-q", "-n", "0", "-p", "no:randomly", "-p", "no:cacheprovider", "-m"]


def collected_anew(files: list[str], tmp_path: Path) -> list[str]:
    """The tests of these files as another process collects them: later, with other hashes, elsewhere."""
    seed = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
    environment |= {"PYTHONHASHSEED": seed, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, *COLLECT, "", *files], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    return [line for line in done.stdout.splitlines() if "::" in line]


def file_of(name: str) -> str:
    return name.partition("::")[0]


SUSPICIOUS = re.compile(r" at 0x|0x[0-9a-f]{8}|/tmp/")


def test_no_name_holds_an_address_or_a_folder(pytestconfig: pytest.Config) -> None:
    names = pytestconfig.stash[COLLECTED]
    folders = {str(ROOT), str(Path.home()), tempfile.gettempdir()} - {"/"}
    assert [name for name in names if SUSPICIOUS.search(name) or any(folder in name for folder in folders)] == []


def test_files_that_come_first_are_there() -> None:
    assert {path.name for path in (ROOT / "tests").rglob("test_*.py")} >= FIRST_FILES


@pytest.mark.long  # workers of an ordinary run compare what they collect themselves
def test_the_same_tests_are_collected_by_every_process(pytestconfig: pytest.Config, tmp_path: Path) -> None:
    collected = pytestconfig.stash[COLLECTED]
    wanted = set(collected)
    again = collected_anew(sorted({file_of(name) for name in collected}), tmp_path)
    assert sorted((name for name in again if name in wanted), key=file_of) == sorted(collected, key=file_of)


def test_a_name_that_holds_a_random_value_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "test_random.py"
    file.write_text(
        "import os, pytest\n@pytest.mark.parametrize('content', [os.urandom(8)])\ndef test(content): pass\n", "utf-8"
    )
    assert collected_anew([str(file)], tmp_path) != collected_anew([str(file)], tmp_path)
