"""Cases on the languages and on the faces of the program (``language_cases.json``), each run as its user would."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from auditor.patterns import match, relate
from tests.acceptance.conftest import Run
from tests.acceptance.field_cases import Case, language_cases, language_parameters
from tests.processor import Watch

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("case", language_parameters("match"))
def test_match(case: Case, run: Run, tmp_path: Path) -> None:
    """A message, or a file of events as the client sends it."""
    given = case["input"]
    if "message" in given:
        assert match(given["pattern"], given["message"]) is case["expected"]
        return
    events = tmp_path / "events.json"
    events.write_text(given["events_file"], "utf-8")
    answer = run("pattern", "match", given["pattern"], events, "--json")
    assert answer.exit_code == (0 if case["expected"]["matched"] else 1), answer.stderr
    counted = json.loads(answer.stdout)
    assert {name: counted[name] for name in case["expected"]} == case["expected"]


@pytest.mark.parametrize("case", language_parameters("relation"))
def test_relation(case: Case) -> None:
    """The relation, what it lists, and the time it may take."""
    with Watch() as watch:
        comparison = relate(case["input"]["left"], case["input"]["right"])
    expected = case["expected"]
    assert comparison.relation.value == expected["relation"]
    if "missed" in expected:
        assert list(comparison.missed) == expected["missed"]
    assert watch.seconds < expected.get("max_seconds", 60)


@pytest.mark.parametrize("case", language_parameters("gsl"))
def test_gsl(case: Case, run: Run, tmp_path: Path) -> None:
    """A rule on a list of entities."""
    entities = tmp_path / "entities.json"
    entities.write_text(json.dumps(case["input"]["entities"]), "utf-8")
    moment = ["--as-of", case["input"]["now"]] if "now" in case["input"] else []
    with Watch() as watch:
        answer = run("gsl", case["input"]["logic"], "--entities", entities, *moment)
    expected = case["expected"] if isinstance(case["expected"], dict) else {"result": case["expected"]}
    assert watch.seconds < expected.get("max_seconds", 60)
    assert answer.exit_code == {"pass": 0, "fail": 1}[expected["result"]], answer.output


def _environment(case: Case, folder: Path) -> dict[str, str]:
    wanted = dict(case["input"].get("env", {}))
    if "PYTHONPATH" in wanted:
        archive = folder / "auditor.zip"
        with zipfile.ZipFile(archive, "w") as target:
            for path in sorted((ROOT / "auditor").rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    target.write(path, path.relative_to(ROOT))
        wanted["PYTHONPATH"] = str(archive)
    return {**os.environ, "PYTHONPATH": str(ROOT), **wanted}


@pytest.mark.parametrize("case", language_parameters("cli"))
def test_face(case: Case, tmp_path: Path) -> None:
    """A command or a piece of a notebook in a process of its own."""
    given, expected = case["input"], case["expected"]
    for name, text in given.get("files", {}).items():
        (tmp_path / name).write_text(text, "utf-8")
    folder = ROOT if given.get("cwd") == "checkout" else tmp_path
    if "python" in given:
        command = [sys.executable, "-c", given["python"]]
    else:
        words = shlex.split(given["command"])
        command = [sys.executable, "-m", "auditor", *words[words.index("auditor") + 1 :]]
    closed = [name for name in ("stdout", "stderr") if given.get(name) == "closed"]
    shell = " ".join([shlex.join(command), *(">&-" if name == "stdout" else "2>&-" for name in closed)])
    done = subprocess.run(
        ["sh", "-c", shell], cwd=folder, env=_environment(case, tmp_path), capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    if done.returncode == expected.get("or_exit"):
        return
    if "exit" in expected:
        assert done.returncode in expected["exit"], done.stderr
    if "stdout" in expected:
        assert done.stdout.strip() == expected["stdout"], done.stderr
    if "stdout_contains" in expected:
        assert expected["stdout_contains"] in done.stdout, done.stderr


def test_every_case_is_of_a_kind_that_is_run() -> None:
    assert {case["kind"] for case in language_cases().values()} <= {"match", "relation", "gsl", "cli"}
