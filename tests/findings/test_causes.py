"""One cause is one entry: what stands together, what mends it, which objects of the evidence show it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.findings.causes import _NOTICES
from auditor.rules import reasons, sentence_for_all
from tests.findings.test_result import OTHER, ROOT, judged
from tests.sample_results import quarterly_under_all
from tests.textbook import PATTERN, REGION, alarm, metric_filter, textbook, write

TWO_CONTROLS = ["ssm-actions", "root-usage"]


def two_controls(folder: Path, **settings: Any) -> Any:
    """The document of a bundle in which one alarm a control watches as it should, but for ``settings``."""
    filters = [
        metric_filter(PATTERN, filterName="ssm", transformation={"metricName": "Ssm"}),
        metric_filter(ROOT, filterName="root", transformation={"metricName": "Root"}),
    ]
    alarms = [alarm(name="ssm", MetricName="Ssm", **settings), alarm(name="root", MetricName="Root", **settings)]
    return audit(write(textbook(filters=filters, alarms=alarms), folder / "bundle"), controls=TWO_CONTROLS).document


def test_what_fails_by_the_letter_alone_stands_behind_what_is_inconclusive(tmp_path: Path) -> None:
    more = PATTERN[:-1] + "||($.eventName=CancelCommand)}"
    files = textbook(filters=[metric_filter(more)]) | textbook(OTHER)
    del files[f"{OTHER}/{REGION}/cloudwatch-describe-alarms.json"]
    document = judged(tmp_path, files).document
    assert [(cause["verdict"], cause["letter"]) for cause in document["causes"]] == [
        ("INCONCLUSIVE", False),
        ("FAIL", True),
    ]
    counts = document["counts"]
    assert (counts["accounts_failed"], counts["accounts_letter"], counts["accounts_inconclusive"]) == (1, 1, 1)
    (tested,) = {one["words"] for one in document["frameworks"] if one["counts"]["accounts"]}
    assert tested == "1 of 2 accounts: exceptions noted, by the letter only; 1 of 2 accounts: could not be concluded."


def test_one_cause_of_an_account_is_one_entry_with_one_remedy(tmp_path: Path) -> None:
    document = two_controls(tmp_path, ActionsEnabled=False)
    (cause,) = document["causes"]
    assert cause["findings"] == [finding["id"] for finding in document["findings"]]
    assert (cause["number"], cause["code"], cause["resource"]) == ("C-001", "actions-disabled", "")
    assert cause["reason"] == "The actions of 2 alarms are disabled: ssm and root."
    (remedy,) = cause["remedies"]
    assert remedy["findings"] == cause["findings"]
    (call,) = re.findall(r"--alarm-names '(.*)'", remedy["steps"]["cli"])
    assert json.loads(call) == ["ssm", "root"]


def test_calls_that_take_one_name_are_made_for_each_and_shared_ones_once(tmp_path: Path) -> None:
    document = two_controls(tmp_path, Namespace="Elsewhere", AlarmActions=[])
    (remedy,) = document["causes"][0]["remedies"]
    cli = remedy["steps"]["cli"]
    assert cli.count("aws cloudwatch put-metric-alarm") == 2
    assert cli.count("aws sns create-topic") == 1
    terraform = remedy["steps"]["terraform"]
    names = re.findall(r'^resource "(\S+)" "(\S+)"', terraform, re.MULTILINE)
    assert len(names) == len(set(names))
    assert set(re.findall(r"\b(aws_\w+)\.(\w+)\.arn", terraform)) <= set(names)
    (line,) = (line for line in remedy["steps"]["portal"] if line.startswith("Do the same for"))
    assert line == "Do the same for 1 more: root; the commands below have what differs."


def test_every_finding_that_is_no_pass_has_one_cause(tmp_path: Path) -> None:
    document = quarterly_under_all().document
    told = [finding for cause in document["causes"] for finding in cause["findings"]]
    assert sorted(told) == sorted(one["id"] for one in document["findings"] if one["verdict"] != "PASS")
    by_id = {finding["id"]: finding for finding in document["findings"]}
    for cause in document["causes"]:
        assert {finding.partition("/")[0] for finding in cause["findings"]} == set(cause["accounts"])
        assert {by_id[finding]["verdict"] for finding in cause["findings"]} == {cause["verdict"]}
        assert len({by_id[finding]["objective"] == "PASS" for finding in cause["findings"]}) == 1
    # Where nobody is told, filters that miss nothing are not what is told first.
    broken = [
        cause["code"] in _NOTICES for cause in document["causes"] if cause["verdict"] == "FAIL" and not cause["letter"]
    ]
    assert len(set(broken)) == 2
    assert broken == sorted(broken)
    assert set(reasons()) >= _NOTICES


def test_the_open_findings_of_a_sample_are_pairs_of_account_and_cause() -> None:
    document = audit("samples/quarterly", frameworks=["cloudguard-soc2-tsc-2017"]).document
    assert sum(one["verdict"] != "PASS" for one in document["findings"]) == 165
    assert len(document["causes"]) == 21


def test_the_excerpt_of_a_cited_place_holds_what_may_decide(tmp_path: Path) -> None:
    document = judged(tmp_path, textbook(alarms=[alarm(ActionsEnabled=False, StateReason="x" * 900)])).document
    (finding,) = document["findings"]
    excerpts = [document["excerpts"][item["excerpt"]] for item in finding["evidence"]]
    assert [(one["file"], one["pointer"]) for one in excerpts] == [
        (item["file"], item["pointer"]) for item in finding["evidence"]
    ]
    (shown,) = (one for one in excerpts if one["pointer"].startswith("/MetricAlarms/"))
    assert shown["value"]["ActionsEnabled"] is False
    assert "StateReason" not in shown["value"]
    assert shown["left_out"]


def test_each_place_of_the_evidence_has_one_excerpt(tmp_path: Path) -> None:
    document = two_controls(tmp_path)
    places = [(one["file"], one["pointer"]) for one in document["excerpts"]]
    assert len(places) == len(set(places))
    cited = {(item["file"], item["pointer"]) for finding in document["findings"] for item in finding["evidence"]}
    assert set(places) == cited


def test_a_published_rule_that_says_something_else_says_why() -> None:
    document = audit("samples/organization", controls=["vpc-changes", "ssm-actions"]).document
    for finding in document["findings"]:
        differs = finding["as_published"] not in (None, finding["verdict"])
        assert bool(finding["as_published_because"]) == differs
    because = {finding["as_published_because"] for finding in document["findings"] if finding["verdict"] == "PASS"}
    assert any(one.startswith("The published rule asks this of each trail of the account: ") for one in because)


@pytest.mark.parametrize("code", [code for code, reason in reasons().items() if reason.several])
def test_the_sentence_for_several_tells_of_no_other_facts(code: str) -> None:
    reason = reasons()[code]
    known = {*re.findall(r"{(\w+)}", reason.sentence), "number"}
    assert set(re.findall(r"{(\w+)}", reason.several)) <= known
    facts = [dict.fromkeys(known, "a"), dict.fromkeys(known, "b")]
    assert "a and b" in sentence_for_all(code, facts) or "{number}" in reason.several
    assert sentence_for_all(code, facts[:1]) == reason.sentence.format_map(facts[0])


def test_what_stands_for_a_reason_is_one_of_the_same_link() -> None:
    for reason in reasons().values():
        if reason.like:
            assert reasons()[reason.like].link == reason.link
            assert not reasons()[reason.like].like


def test_filters_for_other_events_are_told_once_for_controls_that_miss_different_ones() -> None:
    facts = {"log_group": "g", "account": "111122223333", "region": "us-east-1", "count": "9 metric filters"}
    told = [facts | {"filter": "noise", "missed": missed} for missed in ("CreateTrail", "DisableKey")]
    whole = sentence_for_all("filters-for-other-events", told)
    assert whole == (
        "Log group g (account 111122223333, us-east-1) has 9 metric filters, for other events: none is for what "
        "2 controls watch."
    )
    assert "noise, for one, would not notice CreateTrail" in sentence_for_all("filters-for-other-events", told[:1])
