"""The wheel holds all that it needs: installed into an empty environment it audits from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.timeout(600)
def test_wheel_audits_the_samples_from_another_folder(tmp_path: Path) -> None:
    built = _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")

    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    installed = _run(binaries / "pip", "install", "--quiet", "-c", ROOT / "constraints.txt", wheel, cwd=tmp_path)
    if installed.returncode != 0 and "No matching distribution" in installed.stderr:
        pytest.skip("no package index within reach")
    assert installed.returncode == 0, installed.stderr

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    audit = (binaries / "auditor", "audit", ROOT / "samples" / "quarterly", "--fail-on", "never")
    ran = _run(*audit, cwd=elsewhere)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    names = [path.name for path in (elsewhere / "report").iterdir()]
    assert sum(name.endswith(".xlsx") for name in names) == 8
    assert sum(name.endswith(".html") for name in names) == 8
    assert json.loads((elsewhere / "report" / "results.json").read_bytes())["findings"]


def test_the_sdist_holds_what_a_maintainer_needs(tmp_path: Path) -> None:
    built = _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"CONTRIBUTING.md", "constraints.txt", "docs/rules.md", "schemas/results.schema.json", "tests/conftest.py"}
    assert needed <= names
    assert {f"auditor/rules/{name}.json" for name in ("rules", "reasons")} <= names
