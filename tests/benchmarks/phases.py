"""The phases of an audit as multiples of the floor, measured in one process.

``python -m tests.benchmarks.phases --accounts 100 [--own] [--rival]``. The *floor* is what no program of this kind can
avoid: reading, SHA-256 and orjson of every file on one core with the collector off. Every phase runs once after the
files have been read once (so the page cache is warm for all), and the planted findings are checked. Seconds are those
of the processor, in which other work on the machine counts little; the wall clock stands beside them.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TypeVar

import orjson

from auditor import api
from auditor.catalogue import default_regions
from auditor.chains import population
from auditor.notebook import Bundle
from auditor.reports import write_reports
from tests.benchmarks.generate import REGIONS, Expected, generate

Value = TypeVar("Value")
ROUNDS = 3  # of the floor; the best counts, so that the multiples are not flattered


@dataclass(frozen=True, slots=True)
class Figures:
    """Seconds of the processor of the floor and of each phase, seconds that passed, and the largest resident size in MB
    after it.
    """

    files: int
    megabytes: float
    floor: float
    phases: dict[str, float]
    passed: dict[str, float]
    resident: dict[str, float]

    def lines(self) -> list[str]:
        """A Markdown table."""
        rows = [f"| floor: read, SHA-256, orjson | {self.floor:.2f} s | 1.0 | | |"]
        for phase, seconds in self.phases.items():
            size = f"{self.resident[phase]:.0f} MB" if phase in self.resident else ""
            multiple = f"{seconds / self.floor:.1f}"
            rows.append(f"| {phase} | {seconds:.2f} s | {multiple} | {self.passed[phase]:.2f} s | {size} |")
        total = sum(self.phases[phase] for phase in ("load", "validate", "join", "judge"))
        rows.append(f"| load + validate + join + judge | {total:.2f} s | {total / self.floor:.1f} | | |")
        head = f"{self.files:,} files, {self.megabytes:.1f} MB"
        columns = "| phase | processor | floors | passed | largest resident size |"
        return [head, "", columns, "|---|---|---|---|---|", *rows]


def floor(folder: Path) -> float:
    """Seconds to read, digest and parse every file of ``folder`` once."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    best = float("inf")
    for _ in range(ROUNDS):
        start = time.process_time()
        for path in paths:
            data = path.read_bytes()
            hashlib.sha256(data).hexdigest()
            orjson.loads(data)
        best = min(best, time.process_time() - start)
    return best


def measure(folder: Path, expected: dict[str, Expected], *, reports: bool, rival: bool = False) -> Figures:
    """The figures for a generated bundle. Raises AssertionError if a planted finding is not found.

    ``rival``: DuckDB does its part first, in the same process.
    """
    phases: dict[str, float] = {}
    passed: dict[str, float] = {}
    resident: dict[str, float] = {}

    def timed(phase: str, work: Callable[[], Value]) -> Value:
        start, used = time.perf_counter(), time.process_time()
        value = work()
        phases[phase], passed[phase] = time.process_time() - used, time.perf_counter() - start
        resident[phase] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return value

    files = [path for path in folder.rglob("*") if path.is_file()]
    gc.disable()  # for all phases up to the result, as one `audit` of a path has it
    lowest = floor(folder)
    checking = import_module("auditor.evidence.assembling.check")  # the door has a function of this name
    validating = _Stopwatch(checking.violations)
    checking.violations = validating
    bundle = timed("load", lambda: api.open_bundle(folder))
    checking.violations = validating.function
    phases |= {"load": phases["load"] - validating.seconds, "validate": validating.seconds}
    passed["validate"] = validating.seconds  # of the processor
    timed("join", lambda: _join(bundle))
    result = timed("judge", lambda: api.audit(bundle, controls=["ssm-actions"]))
    timed("judge sixteen controls", lambda: api.audit(bundle))
    gc.enable()
    if rival:
        from tests.benchmarks.rival import findings

        found = timed("rival: DuckDB, the chain by joins", lambda: findings(folder))
        passing = {account for account, facts in expected.items() if facts.verdict == "PASS"}
        assert passing == found, "the rival found other accounts with a whole chain"
    _check(result.document["findings"], expected)
    if reports:
        with tempfile.TemporaryDirectory() as out:
            timed("report", lambda: write_reports(result, Path(out), ("xlsx", "html", "json")))
    return Figures(len(files), sum(path.stat().st_size for path in files) / 1e6, lowest, phases, passed, resident)


def _join(bundle: Bundle) -> None:
    """Asks for every chain once; the join keeps them for the judge."""
    for account in population(bundle.chains, bundle.evidence.captures, default_regions).accounts:
        for path in bundle.chains.paths(account.account_id, account.regions):
            if path.log_group:
                bundle.chains.tails(path.log_group)


class _Stopwatch:
    """A function that adds up the seconds spent in it."""

    def __init__(self, function: Callable[..., object]) -> None:
        self.function = function
        self.seconds = 0.0

    def __call__(self, *args: object, **kwargs: object) -> object:
        start = time.process_time()
        try:
            return self.function(*args, **kwargs)
        finally:
            self.seconds += time.process_time() - start


def _check(findings: list[dict[str, object]], expected: dict[str, Expected]) -> None:
    found = {str(finding["account_id"]): (finding["verdict"], finding["broken_link"]) for finding in findings}
    wanted = {account: (facts.verdict, facts.broken_link) for account, facts in expected.items()}
    wrong = {
        account: (wanted[account], found.get(account)) for account in wanted if found.get(account) != wanted[account]
    }
    assert not wrong, f"planted finding not met: {wrong}"
    assert set(found) == set(wanted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--accounts", type=int, default=100)
    parser.add_argument("--regions", type=int, default=len(REGIONS))
    parser.add_argument("--no-reports", action="store_true", help="stop after judging")
    parser.add_argument("--own", action="store_true", help="each account has filters with patterns of its own")
    parser.add_argument("--rival", action="store_true", help="beside DuckDB, which finds whole chains by joins")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        expected = generate(place, accounts=arguments.accounts, regions=arguments.regions, own=arguments.own)
        figures = measure(place, expected, reports=not arguments.no_reports, rival=arguments.rival)
        print(*figures.lines(), sep="\n")


if __name__ == "__main__":
    main()
