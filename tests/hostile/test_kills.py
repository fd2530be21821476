"""Commands that are killed, run out of disk or run twice at once: no half report, no litter, nothing anywhere else."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.textbook import textbook, write

ROOT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("process_probe.py")
SIGNALS = {signal.SIGKILL: None, signal.SIGTERM: 143, signal.SIGINT: 130}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="forks")
Probe = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(textbook() | textbook("444455556666", filters=[]), tmp_path_factory.mktemp("bundle"))


@pytest.fixture(scope="module")
def probe() -> Iterator[Probe]:
    """Carries out one command; see process_probe.py."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    words = [sys.executable, str(PROBE)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        stdin, stdout = process.stdin, process.stdout

        def run(*command: str, **order: Any) -> dict[str, Any]:
            stdin.write(json.dumps({"words": command, **order}) + "\n")
            stdin.flush()
            answer: dict[str, Any] = json.loads(stdout.readline())
            return answer

        yield run
        stdin.close()


def audit(bundle: Path, out: Path, *more: str) -> tuple[str, ...]:
    chosen = ("--control", "ssm-actions", "--framework", "iso27001-2022", "--fail-on", "never", "--quiet")
    return ("audit", str(bundle), "--out", str(out), *chosen, *more)


def files(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


class Case:
    """A folder with the reports of an earlier audit, and what both audits write."""

    def __init__(self, probe: Probe, bundle: Path, folder: Path) -> None:
        self.probe, self.bundle, self.out = probe, bundle, folder / "out"
        self.new_words, self.old_words = audit(bundle, self.out), audit(bundle, self.out, "--strict")
        self.counted = probe(*self.new_words, folder=str(self.out))["counted"]
        self.new = files(self.out)
        assert probe(*self.old_words, folder=str(self.out))["code"] == 0
        self.old = files(self.out)
        assert {name for name in self.new if self.new[name] == self.old.get(name)} < set(self.new)

    def check(self, answer: dict[str, Any], sent: int) -> None:
        """After one killed audit: every report is whole, the list of digests is of one audit, the next run is right."""
        assert answer.get("signal", SIGNALS.get(sent)) in (sent, SIGNALS.get(sent))
        assert answer.get("code", SIGNALS[signal.Signals(sent)]) == SIGNALS[signal.Signals(sent)]
        assert "Traceback" not in answer.get("error", "")
        found = files(self.out)
        for name, data in found.items():
            assert data in (self.old.get(name), self.new.get(name)), name
        if "digest.txt" in found:
            for line in found["digest.txt"].decode().splitlines():
                digest, _, name = line.partition("  ")
                assert hashlib.sha256(found[name]).hexdigest() == digest
        if sent != signal.SIGKILL:
            assert {path.name for path in self.out.iterdir()} == set(found)
            assert not any(name.startswith(".") for name in found)
        assert self.probe(*self.old_words, folder=str(self.out))["code"] == 0
        assert files(self.out) == self.old
        assert {path.name for path in self.out.iterdir()} == set(self.old)


@pytest.fixture(scope="module")
def case(probe: Probe, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Case:
    return Case(probe, bundle, tmp_path_factory.mktemp("kills"))


@pytest.mark.parametrize(
    ("sent", "place"),
    [(signal.SIGKILL, 0.45), (signal.SIGKILL, 1), (signal.SIGTERM, 0.45), (signal.SIGINT, 1)],
)
def test_an_audit_killed_while_it_writes_leaves_whole_reports(case: Case, sent: int, place: float) -> None:
    number = 1 + round(place * (case.counted - 1))
    case.check(case.probe(*case.new_words, folder=str(case.out), number=number, signal=sent), sent)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("sent", SIGNALS)
def test_an_audit_killed_at_each_change_of_its_folder_leaves_whole_reports(case: Case, sent: int) -> None:
    for number in range(1, case.counted + 1):
        case.check(case.probe(*case.new_words, folder=str(case.out), number=number, signal=sent), sent)


@pytest.mark.long
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("sent", SIGNALS)
def test_an_audit_killed_at_any_moment_leaves_whole_reports(case: Case, sent: int) -> None:
    moments = random.Random(sent)
    killed = 0
    for _ in range(100):
        answer = case.probe(*case.new_words, folder=str(case.out), seconds=moments.uniform(0, 2), signal=sent)
        if answer.get("code") == 0:  # it was quicker
            assert files(case.out) == case.new
            assert case.probe(*case.old_words, folder=str(case.out))["code"] == 0
            continue
        killed += 1
        case.check(answer, sent)
    assert killed


@pytest.mark.parametrize("size", [1_000, 20_000])
def test_a_disk_that_is_full_is_one_line_and_leaves_the_earlier_reports(case: Case, size: int) -> None:
    answer = case.probe(*case.new_words, folder=str(case.out), bytes=size)
    assert answer["code"] == 2
    assert answer["error"].count("\n") == 1
    assert "cannot be written" in answer["error"]
    assert str(case.out) in answer["error"]
    assert files(case.out) == case.old
    assert {path.name for path in case.out.iterdir()} == set(case.old)


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small file system")
def test_a_small_file_system_that_is_full(probe: Probe, bundle: Path, tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    for size in (8, 64, 128, 256):
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "tmpfs", str(small)], check=False)
        if mounted.returncode:
            pytest.skip("no file system can be mounted here")
        try:
            answer = probe(*audit(bundle, small / "out"), folder=str(small))
            assert answer["code"] == 2
            assert "No space left" in answer["error"]
            assert not (small / "out").exists() or files(small / "out") == {}
        finally:
            subprocess.run(["umount", str(small)], check=True)


def test_two_audits_at_once_do_not_mix(bundle: Path, case: Case) -> None:
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "auditor"]
    running = [
        subprocess.Popen([*command, *words], stderr=subprocess.PIPE, text=True, env=environment)
        for words in (case.old_words, case.new_words)
    ]
    for process in running:
        _, error = process.communicate(timeout=240)
        assert process.returncode == 0 or (process.returncode == 2 and "another audit is writing" in error)
    assert any(process.returncode == 0 for process in running)
    assert files(case.out) in (case.old, case.new)
    assert case.probe(*case.old_words, folder=str(case.out))["code"] == 0


def test_no_socket_is_opened_and_nothing_is_written_elsewhere(probe: Probe, bundle: Path, tmp_path: Path) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    every = ("--format", "xlsx", "--format", "html", "--format", "oscal", "--format", "json",
             "--framework", "iso27001-2022", "--framework", "cis-aws-7.0.0")  # fmt: skip
    for folder, words in (
        (out, ("audit", str(bundle), "--out", str(out), "--fail-on", "never", "--quiet", *every)),
        (again, ("report", str(out / "results.json"), "--out", str(again), "--quiet")),
        (again, ("inventory", str(bundle))),
        (again, ("validate", str(bundle))),
        (again, ("collect", "--for", str(out / "results.json"))),
        (again, ("verify", str(out))),
        (again, ("controls",)),
    ):
        answer = probe(*words, folder=str(folder))
        assert answer["code"] in (0, 1), answer
        assert (answer["sockets"], answer["outside"]) == ([], []), words
