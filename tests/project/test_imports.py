"""The rooms import downwards only, and the quick things stay quick."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pandas", "numpy", "openpyxl", "docx", "jsonschema_rs", "jinja2", "rich", "lark", "matplotlib"}
OURS = {"auditor.workpaper", "auditor.evidence", "auditor.judgement"}  # rooms that take their time


def test_import_contract_holds() -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize(
    "statement",
    [
        "import auditor",
        "from auditor.cli import main",
        "import sys; sys.argv = ['auditor', '--help']; from auditor.cli import main; main()",
        "import sys; sys.argv = ['auditor', 'audit', '--help']; from auditor.cli import main; main()",
        "import sys; sys.argv = ['auditor', '--version']; from auditor.cli import main; main()",
    ],
)
def test_start_loads_no_heavy_library(statement: str) -> None:
    code = f"import atexit, sys\natexit.register(lambda: print('LOADED', *sys.modules))\n{statement}"
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    loaded = set(run.stdout.rpartition("LOADED")[2].split())
    assert "auditor" in loaded
    assert not loaded & (HEAVY | OURS)
