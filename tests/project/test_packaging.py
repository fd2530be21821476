"""The wheel holds all that it needs: beside its declared requirements alone it audits from another folder."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
from importlib.metadata import Distribution, distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(word) for word in words], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def required_by(wheel: Distribution) -> set[str]:
    """What the distribution requires, and what that requires, but for extras."""
    found: set[str] = set()
    waiting = [wheel]
    while waiting:
        for requirement in map(Requirement, waiting.pop().requires or ()):
            name = canonicalize_name(requirement.name)
            if name not in found and (requirement.marker is None or requirement.marker.evaluate({"extra": ""})):
                found.add(name)
                waiting.append(distribution(name))
    return found


def link(name: str, site: Path) -> None:
    """Show an installed distribution in another environment as well."""
    files = distribution(name).files
    assert files, name
    for top in {file.parts[0] for file in files} - {"..", "__pycache__"}:
        (site / top).symlink_to(Path(str(distribution(name).locate_file(top))))


def test_wheel_audits_the_samples_from_another_folder(tmp_path: Path) -> None:
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path / "dist", cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (wheel,) = (tmp_path / "dist").glob("*.whl")

    venv.create(tmp_path / "venv", symlinks=True)
    binaries = tmp_path / "venv" / "bin"
    site = Path(sysconfig.get_path("purelib", vars={"base": str(tmp_path / "venv")}))
    pip = (sys.executable, "-m", "pip", "--python", binaries / "python")
    installed = run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    (itself,) = distributions(path=[str(site)])
    for name in required_by(itself):
        link(name, site)
    checked = run(*pip, "check", cwd=tmp_path)
    assert checked.returncode == 0, checked.stdout

    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    audit = (binaries / "auditor", "audit", ROOT / "samples" / "loose", "--fail-on", "never")
    ran = run(*audit, cwd=elsewhere)
    assert ran.returncode == 0, ran.stderr
    assert ran.stderr == ""
    names = [path.name for path in (elsewhere / "report").iterdir()]
    assert sum(name.endswith(".xlsx") for name in names) == 9, "eight frameworks and the overview"
    assert sum(name.endswith(".html") for name in names) == 9
    assert json.loads((elsewhere / "report" / "results.json").read_bytes())["findings"]


def test_the_sdist_holds_what_a_maintainer_needs(tmp_path: Path) -> None:
    built = run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path, cwd=ROOT)
    assert built.returncode == 0, built.stderr
    (sdist,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"CONTRIBUTING.md", "constraints.txt", "docs/rules.md", "schemas/results.schema.json", "tests/conftest.py"}
    assert needed <= names
    assert {f"auditor/rules/{name}.json" for name in ("rules", "reasons")} <= names
