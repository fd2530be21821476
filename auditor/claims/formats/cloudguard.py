"""Check Point CloudGuard: assessments (or a list of them) and the events that it sends.

A test with no relevant entity passes on nothing. Alerts list failures only. Sources: dome9/dome9-sdk-go
services/assessment, dome9/cloud-bots, davidmoremad/dome9 tests/mocks/AssessmentResult.json.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from auditor.catalogue import load_controls
from auditor.claims.formats.form import Record, at, record_of, text_at, word_of
from auditor.claims.json_items import Item
from auditor.claims.rule_ids import control_of_cloudguard
from auditor.claims.sink import Sink

TOOL = "cloudguard"
_MOST_TESTS = 100_000  # tests of one assessment
_INFERRED = "the number of this rule follows the benchmark's order and was not seen in a publication"
_VACUOUS = "passed on nothing: no entity was relevant, so no trail was looked at"
_SYNC = "the assessment itself reports that it could not fetch all entities"


@dataclass(frozen=True, slots=True)
class _Test:
    rule: str
    name: str
    control: str | None
    published: bool
    passed: object
    error: str
    relevant: str
    excluded: bool
    place: str


class CloudGuard:
    """Holds the tests of an assessment until the assessment names its account."""

    def __init__(self) -> None:
        self._tests: list[_Test] = []
        self._excluded = False

    def item(self, item: Item, sink: Sink) -> bool:
        """As ``JsonFormat``: an assessment, or what stands in it, or an event of its own."""
        record = record_of(item)
        if record is None:
            return False
        if item.path.endswith("tests[].entityResults[]"):
            self._excluded = self._excluded or record.get("isExcluded") is True
            return True
        if item.path.endswith("tests[]") and "testPassed" in record:
            self._hold(record, item.pointer)
            return True
        if "tests" in record and isinstance(record.get("request"), dict):
            self._assessment(record, sink)
            return True
        message = record.get("Message")
        if isinstance(message, str) and message.lstrip().startswith("{") and '"ruleId"' in message:
            try:
                record = json.loads(message)
            except (ValueError, RecursionError):
                return False
        if isinstance(record, dict) and at(record, "rule.ruleId") is not None and at(record, "account.id") is not None:
            _event(record, item.pointer, sink)
            return True
        return False

    def _hold(self, record: Record, place: str) -> None:
        rule = text_at(record, "rule.ruleId")
        control, published = control_of_cloudguard(rule) if rule else (_by_logic(text_at(record, "rule.logic")), True)
        if len(self._tests) < _MOST_TESTS:
            self._tests.append(
                _Test(
                    rule, text_at(record, "rule.name"), control, published, record.get("testPassed"),
                    text_at(record, "error", "error.message") or ("error" if record.get("error") else ""),
                    text_at(record, "relevantCount"), self._excluded, place,
                )
            )  # fmt: skip
        self._excluded = False

    def _assessment(self, record: Record, sink: Sink) -> None:
        tests, self._tests = self._tests, []
        account = text_at(record, "request.externalCloudAccountId")
        issues = record.get("hasDataSyncStatusIssues") is True or _cannot_fetch(record)
        for test in tests:
            remarks = [_VACUOUS] if test.passed is True and test.relevant == "0" else []
            remarks += [_SYNC] if issues else []
            remarks += [] if test.published or test.control is None else [_INFERRED]
            conclusive = isinstance(test.passed, bool) and not test.error
            status = f"testPassed={str(test.passed).lower()}" if isinstance(test.passed, bool) else "no answer"
            sink.claim(
                TOOL, account, test.control, ("PASS" if test.passed else "FAIL") if conclusive else "UNDECIDED",
                f"error, {status}" if test.error else status, test.rule or test.name, muted=test.excluded,
                time=text_at(record, "createdTime"), pointer=test.place, sentence=test.error or test.name,
                remark="; ".join(remarks),
            )  # fmt: skip


def _cannot_fetch(record: Record) -> bool:
    statuses = record.get("dataSyncStatus")
    return isinstance(statuses, list) and any(at(status, "generalFetchPermissionIssues") is True for status in statuses)


def _event(record: Record, place: str, sink: Sink) -> None:
    rule, status = text_at(record, "rule.ruleId"), text_at(record, "status")
    control, published = control_of_cloudguard(rule)
    sink.claim(
        TOOL, text_at(record, "account.id"), control, word_of(status, "PASSED", "FAILED"), status, rule,
        region=text_at(record, "region", "entity.region.name"), time=text_at(record, "reportTime", "createdTime"),
        pointer=place, sentence=text_at(record, "rule.name"), remark="" if published or control is None else _INFERRED,
    )  # fmt: skip


@cache
def _logics() -> dict[str, str]:
    return {
        " ".join(variant.rule.split()): control.id
        for control in load_controls().values()
        for variant in control.variants.values()
        if variant.rule
    }


def _by_logic(logic: str) -> str | None:
    """The control whose published rule a customer copied under another name."""
    return _logics().get(" ".join(logic.split()))
