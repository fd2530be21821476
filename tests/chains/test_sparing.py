"""A capture that makes a room fail becomes a problem with its place, and no other account loses its finding."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import auditor
from auditor.bundle import open_bundle
from auditor.chains import Chains, spared, trail
from auditor.chains import log_group as log_groups
from auditor.errors import AuditorError
from auditor.evidence import Evidence, load
from auditor.notebook import chains_of
from tests.textbook import ACCOUNT, Files, alarm, textbook, write

NEIGHBOUR = "444455556666"
POISON = "poison"


def fails_on(poisoned: Callable[[dict[str, Any]], bool]) -> Callable[[Evidence, Chains], int]:
    """A making that cannot compute with some items, and counts the others."""

    def make(evidence: Evidence, _: Chains) -> int:
        made = 0
        for capture in evidence.captures:
            for entry in capture.call.lists if capture.usable else ():
                for _, _, item in capture.items(entry):
                    if poisoned(item):
                        raise OverflowError("too large")
                    made += 1
        return made

    return make


def evidence(folder: Path, files: Files) -> Evidence:
    return load(open_bundle([write(files, folder)]))


def test_the_item_that_fails_is_set_aside_alone(tmp_path: Path) -> None:
    files = textbook(alarms=[alarm(), alarm(name=POISON, Unit=POISON), alarm(name="c")]) | textbook(NEIGHBOUR)
    found = evidence(tmp_path, files)
    told: list[tuple[str, str]] = []

    def make(evidence: Evidence, chains: Chains) -> int:
        told[:] = [(one.file, one.pointer) for one in evidence.problems if one.code == "not-computable"]
        return fails_on(lambda item: item.get("Unit") == POISON)(evidence, chains)

    assert spared(found, chains_of, make) == 9
    assert told == [(f"{ACCOUNT}/us-east-1/cloudwatch-describe-alarms.json", "/MetricAlarms/1/Unit")]


def test_several_that_fail_are_all_set_aside(tmp_path: Path) -> None:
    poisoned = [alarm(name=f"{POISON}-{number}", Unit=POISON) for number in range(3)]
    found = evidence(tmp_path, textbook(alarms=[alarm(), *poisoned]) | textbook(NEIGHBOUR, alarms=[poisoned[0]]))
    make = fails_on(lambda item: item.get("Unit") == POISON)
    assert spared(found, chains_of, make) == 7


def test_a_fault_of_the_program_is_no_captures(tmp_path: Path) -> None:
    found = evidence(tmp_path, textbook())

    def make(*_: object) -> None:
        raise TypeError("of the program")

    with pytest.raises(TypeError, match="of the program"):
        spared(found, chains_of, make)


def test_an_error_of_the_user_stands(tmp_path: Path) -> None:
    found = evidence(tmp_path, textbook())

    def make(*_: object) -> None:
        raise AuditorError("no events")

    with pytest.raises(AuditorError, match="no events"):
        spared(found, chains_of, make)


def test_an_audit_goes_on_without_what_it_cannot_compute_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    computed = trail.delivery

    def failing(row: trail.TrailRow, status: Any) -> Any:
        if status is not None and status[1].get("LatestDeliveryTime") == 77:
            raise OverflowError("cannot convert")
        return computed(row, status)

    for module in (trail, log_groups):
        monkeypatch.setattr(module, "delivery", failing)
    status = {
        f"{ACCOUNT}/us-east-1/cloudtrail-get-trail-status/main.json": {"IsLogging": True, "LatestDeliveryTime": 77}
    }
    bundle = write(textbook() | textbook(NEIGHBOUR) | status, tmp_path)
    result = auditor.audit(bundle, controls=["ssm-actions"], frameworks=["iso27001-2022"])
    verdicts = {one["account_id"]: one["verdict"] for one in result.document["findings"]}
    assert verdicts == {ACCOUNT: "INCONCLUSIVE", NEIGHBOUR: "PASS"}
    (problem,) = [one for one in result.document["problems"] if one["code"] == "not-computable"]
    assert (problem["file"], problem["pointer"]) == (next(iter(status)), "/LatestDeliveryTime")
