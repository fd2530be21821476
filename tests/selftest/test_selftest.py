"""A tool qualification that cannot fail proves nothing: every group is made to."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor import patterns
from auditor.resources import PACKAGE
from auditor.rules import rules
from auditor.selftest import answers
from auditor.selftest.dependencies import dependencies, dependency_group
from auditor.selftest.group import Group, group, known_answers
from auditor.selftest.modules import module_digests
from tests.chains.test_rule_numbers import NO_DECISION
from tests.selftest import make

ROOT = Path(__file__).parents[2]
MODULES = """
import json
from auditor.selftest.modules import modules, module_digests, modules_sha256
made = modules()
print(json.dumps({"failures": made.failures, "remark": made.remark, "sha256": modules_sha256(module_digests())}))
"""


def python(code: str, *folders: Path) -> object:
    """What a fresh Python prints that finds modules in these folders first."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, "-c", code]
    ran = subprocess.run(words, env=environment, cwd=folders[0], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(words, cwd=ROOT, capture_output=True, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture
def installed(wheel: Path, tmp_path: Path) -> Path:
    """The wheel as pip lays it down: unpacked, with its RECORD."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    return tmp_path / "site"


def appended(path: Path, text: str) -> None:
    path.write_bytes(path.read_bytes() + text.encode())


TAMPERED: dict[str, tuple[Callable[[Path], object], str]] = {
    "a comment": (
        lambda site: appended(site / "auditor/judgement/judge.py", "# better\n"),
        "auditor/judgement/judge.py was altered",
    ),
    "data": (
        lambda site: appended(site / "auditor/rules/rules.json", " "),
        "auditor/rules/rules.json was altered",
    ),
    "a schema": (
        lambda site: appended(site / "auditor/schemas/captures.schema.json", " "),
        "schemas/captures.schema.json was altered",
    ),
    "a file lost": (lambda site: (site / "auditor/py.typed").unlink(), "auditor/py.typed is missing"),
    "a file added": (lambda site: (site / "auditor/more.py").write_text(""), "auditor/more.py was added"),
    "no list": (lambda site: next(site.glob("*.dist-info/RECORD")).unlink(), "there is no list of digests"),
}


def test_an_untouched_wheel_is_as_it_was_built(installed: Path) -> None:
    told = python(MODULES, installed)
    assert isinstance(told, dict)
    assert told["failures"] == []
    assert told["remark"].startswith("RECORD of the wheel")
    digests = module_digests()
    from auditor.selftest.modules import modules_sha256

    assert told["sha256"] == modules_sha256(digests), "a release has one digest, however it is installed"


@pytest.mark.parametrize("case", TAMPERED)
def test_a_tampered_wheel_is_found_out(installed: Path, case: str) -> None:
    tamper, says = TAMPERED[case]
    tamper(installed)
    told = python(MODULES, installed)
    assert isinstance(told, dict)
    (failure,) = told["failures"]
    assert failure.startswith(says)


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_clone_is_held_against_its_commit(tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    leave_out = shutil.ignore_patterns("__pycache__")
    for name in ("auditor", "schemas"):
        shutil.copytree(ROOT / name, clone / name, ignore=leave_out)
    assert python(MODULES, clone) | {"sha256": ""} == {  # type: ignore[operator]
        "failures": ["there is no list of digests to compare with: install the wheel, or run it in a git clone"],
        "remark": "no list of digests",
        "sha256": "",
    }
    who = (
        "-c",
        "user.name=t",
        "-c",
        "user.email=t@example.com",
        "-c",
        "core.autocrlf=false",
        "-c",
        "commit.gpgsign=false",
    )
    for words in (("init", "-q"), ("add", "-A", "-f"), (*who, "commit", "-qm", "x")):
        subprocess.run(["git", *words], cwd=clone, check=True, capture_output=True)
    told = python(MODULES, clone)
    assert isinstance(told, dict)
    assert (told["failures"], told["remark"][:7]) == ([], "commit ")
    with (clone / "auditor" / "judgement" / "judge.py").open("a") as file:
        file.write("# better\n")
    told = python(MODULES, clone)
    assert isinstance(told, dict)
    assert told["failures"] == ["auditor/judgement/judge.py was altered"]


EMPTY = "sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"


def needed(folder: Path, version: str, record: str = EMPTY) -> Path:
    """An installed package ``some-need``."""
    info = folder / f"some_need-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: some-need\nVersion: {version}\n")
    (info / "RECORD").write_text(f"some_need/__init__.py,{record},0\n")
    module(folder)
    return folder


def module(folder: Path) -> Path:
    (folder / "some_need").mkdir(parents=True)
    (folder / "some_need" / "__init__.py").write_text("")
    return folder


@pytest.mark.parametrize(
    ("version", "record", "shadowed", "says"),
    [
        ("2.0", EMPTY, False, ""),
        ("2", EMPTY, False, ""),
        ("10.1.post1", EMPTY, False, ""),
        ("1.9.9", EMPTY, False, "some-need is 1.9.9, and >=2.0 is required"),
        ("2.1", EMPTY[:-1] + "0", False, "some-need 2.1 is not as its wheel brought it: some_need/__init__.py"),
        ("2.1", EMPTY, True, "some-need is imported from elsewhere: "),
        ("", EMPTY, False, "some-need is not installed"),
    ],
)
def test_a_wrong_dependency_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, record: str, shadowed: bool, says: str
) -> None:
    monkeypatch.setattr("auditor.selftest.dependencies._own_requirements", lambda: [("some-need", ">=2.0", "")])
    if version:
        monkeypatch.syspath_prepend(needed(tmp_path / "site", version, record))
    if shadowed:
        monkeypatch.syspath_prepend(module(tmp_path / "before"))
    found = dependencies()
    made = dependency_group(found)
    assert [failure[: len(says)] for failure in made.failures] == ([says] if says else [])
    assert made.cases == 2, "the package and Python"


def test_dependencies_are_those_that_are_required() -> None:
    found = {one.name: one for one in dependencies()}
    assert {"pandas", "numpy", "jinja2", "markupsafe", "orjson"} <= set(found)
    assert [one.fault for one in found.values() if one.fault] == []
    assert found["pandas"].files > 100


@pytest.mark.parametrize("name", ["matching", "relations", "rules_of_gsl", "chains", "reports"])
def test_every_answer_is_as_it_is_known(name: str) -> None:
    """After a change that is meant to change reports, results or cases: python -m tests.selftest.make"""
    made: Group = getattr(answers, name)()
    assert made.failures == ()
    assert made.cases >= 3


def test_a_program_that_answers_otherwise_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patterns, "match", lambda pattern, event: True)
    assert answers.matching().failures
    monkeypatch.setattr(answers, "audit", lambda *words, **told: 1 / 0)
    assert answers.reports().failures == ("ZeroDivisionError: division by zero",)


def test_a_group_without_cases_fails() -> None:
    assert group("none", [], lambda case: "").failures


def test_the_known_answers_are_cases_of_the_tests() -> None:
    assert known_answers("matching") == make.matching()
    assert known_answers("relations") == make.relations()
    assert known_answers("gsl") == make.gsl()
    assert known_answers("bundle") == json.loads(json.dumps(make.files()))


@pytest.mark.parametrize("side", ["PASS", "other"])
def test_chains_stand_on_both_sides_of_every_rule(side: str) -> None:
    sides: dict[str, set[str]] = defaultdict(set)
    for case in known_answers("chains")["cases"]:
        verdicts = {verdict for verdict, _ in case["answers"].values()}
        for rule in case["rules"]:
            sides[rule].add("PASS" if verdicts == {"PASS"} else "other")
    lacking = {rule for rule in rules() if rule not in NO_DECISION and side not in sides[rule]}
    assert lacking == ONE_SIDED[side]


# L5 and N2 say what changes no verdict, X4 how times are read.
ONE_SIDED: dict[str, set[str]] = {"PASS": set(), "other": {"L5", "N2", "X4"}}


def test_the_record_says_what_ran_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditor.errors import AuditorError
    from auditor.selftest import record

    for name in ("chains", "reports", "relations", "matching", "rules_of_gsl"):
        monkeypatch.setattr(record, name, lambda: Group("some", 1))
    made = record.qualify()
    made.write(tmp_path / "record.json")
    held = json.loads((tmp_path / "record.json").read_bytes())
    assert held["modules_sha256"] == made.modules_sha256
    assert {"ok", "groups", "tool", "tested_at", "python", "platform", "dependencies", "modules"} <= set(held)
    assert {entry["path"] for entry in held["modules"]} >= {"auditor/judgement/judge.py", "schemas/results.schema.json"}
    assert all(set(one) >= {"name", "cases", "failed"} for one in held["groups"])
    with pytest.raises(AuditorError, match="never overwritten"):
        made.write(tmp_path / "record.json")
    assert PACKAGE.name == "auditor"
