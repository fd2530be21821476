"""Capture records: what is broken in one is told with its place, and no evidence is lost over it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from auditor.bundle import open_bundle
from auditor.evidence import Evidence, load
from tests.textbook import ACCOUNT, REGION, metric_filter, subscription, trail, write

FILTERS = {"metricFilters": [metric_filter()]}
SUBSCRIPTIONS = {"Subscriptions": [subscription()]}
ENTRY = {"file": "f.json", "call": "logs:DescribeMetricFilters", "account_id": ACCOUNT, "region": REGION}
PATH = f"{ACCOUNT}/{REGION}/logs-describe-metric-filters.json"


def evidence(folder: Path, files: dict[str, Any]) -> Evidence:
    return load(open_bundle([write(files, folder)]))


def told(found: Evidence) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.problem) for problem in found.problems if problem.code == "capture-record"]


@pytest.mark.parametrize(
    ("record", "pointer"),
    [
        ({"captures": [ENTRY | {"account_id": 111122223333}]}, "/captures/0/account_id"),
        ({"captures": [ENTRY, {"call": "sns:ListTopics"}]}, "/captures/1"),
        ({"captures": [ENTRY, {"file": "x.json"}]}, "/captures/1"),
        ({"captures": [ENTRY | {"arguments": 5}]}, "/captures/0/arguments"),
        ({"captures": [ENTRY | {"ended_at": "yesterday"}]}, "/captures/0/ended_at"),
        ({"captures": [ENTRY, "f.json"]}, "/captures/1"),
        ({"captures": "f.json"}, "/captures"),
        ([ENTRY, 5, ENTRY | {"file": 5}], "/1"),
    ],
)
def test_a_broken_entry_is_told_where_it_is_wrong(tmp_path: Path, record: Any, pointer: str) -> None:
    found = evidence(tmp_path, {"captures.json": record, PATH: FILTERS})
    assert pointer in [place for place, _ in told(found)]
    (problem, *_) = [problem for problem in found.problems if problem.code == "capture-record"]
    assert (problem.file, problem.severity, bool(problem.remedy)) == ("captures.json", "error", True)
    (capture,) = found.captures
    assert (capture.status, capture.place.account_id) == ("captured", ACCOUNT)


def test_the_other_entries_are_believed(tmp_path: Path) -> None:
    record = {"captures": [{"call": "sns:ListTopics"}, ENTRY]}
    (capture,) = evidence(tmp_path, {"captures.json": record, "f.json": FILTERS}).captures
    assert (capture.place.account_id, capture.place_source) == (ACCOUNT, "record")


@pytest.mark.parametrize(
    ("ended_at", "captured_at"),
    [
        ("2026-10-01T00:30:00.5+02:00", "2026-09-30T22:30:00Z"),
        ("0300-01-02T00:00:00Z", "0300-01-02T00:00:00Z"),
        ("0001-01-01T00:00:00+23:59", None),  # before the first year in UTC
        ("9999-12-31T23:59:59-23:59", None),
    ],
)
def test_a_time_at_the_ends_of_the_calendar(tmp_path: Path, ended_at: str, captured_at: str | None) -> None:
    found = evidence(tmp_path, {"captures.json": [ENTRY | {"ended_at": ended_at}], "f.json": FILTERS})
    assert [capture.captured_at for capture in found.captures] == [captured_at]


@pytest.mark.parametrize(
    ("code", "status"), [("0", "captured"), (0, "captured"), ("1" * 4_301, "presence_only"), ("²", "captured")]
)
def test_an_exit_code_of_any_digits(tmp_path: Path, code: Any, status: str) -> None:
    found = evidence(tmp_path, {"captures.json": [ENTRY | {"exit_code": code}], "f.json": FILTERS})
    assert [capture.status for capture in found.captures] == [status]


def test_a_right_record_is_no_problem(tmp_path: Path) -> None:
    for number, record in enumerate(({"captures": [ENTRY]}, [ENTRY], {"captures": []})):
        assert told(evidence(tmp_path / str(number), {"captures.json": record, "f.json": FILTERS})) == []


@pytest.mark.parametrize("text", ['{"captures": [', "not JSON at all", "captures:\n- file: x\n"])
def test_a_record_that_is_no_json_is_told(tmp_path: Path, text: str) -> None:
    found = evidence(tmp_path, {"captures.json": text, PATH: FILTERS})
    (problem,) = found.problems
    assert (problem.file, problem.severity) == ("captures.json", "error")
    assert [other.what for other in found.others] == ["capture record"]


def test_records_one_after_another_are_all_read(tmp_path: Path) -> None:
    text = f'{{"captures": []}}\n{{"captures": [{str(ENTRY).replace(chr(39), chr(34))}, 5]}}\n'
    found = evidence(tmp_path, {"captures.json": text, "f.json": FILTERS})
    assert [place for place, _ in told(found)] == ["#2/captures/1"]
    assert found.captures[0].place_source == "record"


def test_two_entries_that_differ_make_their_file_no_evidence(tmp_path: Path) -> None:
    record = [ENTRY, ENTRY | {"account_id": "999988887777"}]
    found = evidence(tmp_path, {"captures.json": record, "f.json": FILTERS})
    assert [capture.status for capture in found.captures] == ["misplaced"]
    assert [problem.code for problem in found.problems] == ["contradictory-place"]


def test_two_entries_that_agree_are_one(tmp_path: Path) -> None:
    record = [ENTRY, ENTRY | {"file": "./f.json"}]
    assert evidence(tmp_path, {"captures.json": record, "f.json": FILTERS}).captures[0].status == "captured"


@pytest.mark.parametrize("call", ["sns:ListSubscriptions", "sns:ListSubscriptionsByTopic"])
def test_n3_the_record_tells_the_two_listings_of_subscriptions_apart(tmp_path: Path, call: str) -> None:
    record = [{"file": "x.json", "call": call, "account_id": ACCOUNT, "region": REGION}]
    (capture,) = evidence(tmp_path, {"captures.json": record, "x.json": SUBSCRIPTIONS}).captures
    assert capture.call.id == call


def test_n3_an_answer_of_another_call_than_recorded_is_told(tmp_path: Path) -> None:
    record = [ENTRY | {"call": "cloudwatch:DescribeAlarms"}]
    found = evidence(tmp_path, {"captures.json": record, "f.json": FILTERS})
    assert found.captures[0].call.id == "logs:DescribeMetricFilters"
    assert [problem.code for problem in found.problems] == ["contradictory-call"]


def test_n3_a_topic_other_than_recorded_is_contradictory(tmp_path: Path) -> None:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:other"
    record = [
        {"file": "x.json", "call": "sns:ListSubscriptionsByTopic", "account_id": ACCOUNT, "region": REGION,
         "topic_arn": topic}
    ]  # fmt: skip
    found = evidence(tmp_path, {"captures.json": record, "x.json": SUBSCRIPTIONS})
    assert [capture.status for capture in found.captures] == ["misplaced"]
    assert [problem.code for problem in found.problems] == ["contradictory-resource"]


def test_x8_answers_of_several_topics_in_one_file_are_taken_apart(tmp_path: Path) -> None:
    other = subscription(TopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:other")
    path = f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic.json"
    found = evidence(tmp_path, {path: [SUBSCRIPTIONS, {"Subscriptions": [other]}]})
    assert [(capture.status, capture.records, capture.page_pointers) for capture in found.captures] == [
        ("captured", 1, ("/0",)),
        ("captured", 1, ("/1",)),
    ]
    assert {response.resource.rpartition(":")[2] for response in found.responses.all()} == {"alerts", "other"}


def test_x7_items_of_several_topics_in_one_answer_prove_presence_only(tmp_path: Path) -> None:
    other = subscription(TopicArn=f"arn:aws:sns:{REGION}:{ACCOUNT}:other")
    path = f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic.json"
    found = evidence(tmp_path, {path: {"Subscriptions": [*SUBSCRIPTIONS["Subscriptions"], other]}})
    (capture,) = found.captures
    assert (capture.status, capture.records) == ("presence_only", 2)
    assert [response.complete for response in found.responses.all()] == [False]


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ("main", "main"),
        ("Main", "main"),
        (f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/main", "main"),
        ("another", ""),
    ],
)
def test_t12_the_trail_that_the_record_names(tmp_path: Path, resource: str, told: str) -> None:
    record = [{"file": "s.json", "call": "cloudtrail:GetTrailStatus", "account_id": ACCOUNT, "region": REGION,
               "resource": resource}]  # fmt: skip
    trails = {f"{ACCOUNT}/{REGION}/cloudtrail-describe-trails.json": {"trailList": [trail()]}}
    found = evidence(tmp_path, {"captures.json": record, "s.json": {"IsLogging": False}} | trails)
    (status,) = [capture for capture in found.captures if capture.call.id == "cloudtrail:GetTrailStatus"]
    assert (status.place.resource.rpartition("/")[2], bool(status.label)) == (told, not told)
    assert [problem.code for problem in found.problems] == ([] if told else ["unnamed-resource"])


@pytest.mark.parametrize(
    ("call", "ours"),
    [
        ("logs:DescribeMetricFilters", True),
        ("aws logs describe-metric-filters --region us-east-1", True),
        ("metric filters", True),
        ("the filters of production", True),
        ("", True),
        ("logs:DescribeSubscriptionFilters", False),
        ("logs:TestMetricFilter", False),
        ("logs describe-subscription-filters --log-group-name ct", False),
        ("DescribeSubscriptionFilters", False),
    ],
)
def test_x8_the_record_settles_whose_answer_it_is(tmp_path: Path, call: str, ours: bool) -> None:
    found = evidence(tmp_path, {"captures.json": [ENTRY | {"file": PATH, "call": call}], PATH: FILTERS})
    assert [capture.call.id for capture in found.captures] == ["logs:DescribeMetricFilters"] * ours
    codes = [problem.code for problem in found.problems if problem.code != "capture-record"]
    assert codes == ["contradictory-call"] * (not ours)


@pytest.mark.parametrize(
    ("ended", "status"),
    [
        ({"exit_code": 0, "error_code": ""}, "captured"),
        ({"exit_code": 255}, "presence_only"),
        ({"exit_code": 0, "error_code": "ThrottlingException"}, "presence_only"),
        ({"exit_code": 254, "error_code": "AccessDeniedException"}, "presence_only"),
    ],
)
def test_x5_what_a_failed_call_left_is_no_whole_answer(tmp_path: Path, ended: dict[str, Any], status: str) -> None:
    found = evidence(tmp_path, {"captures.json": [ENTRY | {"file": PATH} | ended], PATH: FILTERS})
    assert [(capture.status, capture.records) for capture in found.captures] == [(status, 1)]
    assert [problem.code for problem in found.problems] == ["refused"] * (status != "captured")


def test_x5_a_single_answer_of_a_failed_call_cannot_be_relied_on(tmp_path: Path) -> None:
    path = f"{ACCOUNT}/{REGION}/cloudtrail-get-trail-status/main.json"
    record = [{"file": path, "call": "cloudtrail:GetTrailStatus", "exit_code": 255}]
    found = evidence(tmp_path, {"captures.json": record, path: {"IsLogging": True}})
    assert [capture.status for capture in found.captures] == ["invalid"]


@pytest.mark.parametrize(
    ("error", "text", "status", "gone"),
    [
        ("NotFound", "", "refused", True),
        ("NotFound", "{}", "refused", True),
        ("AuthorizationError", "", "refused", False),
        ("", "", "empty", False),
        ("NotFound", '{"Subscriptions": []}', "presence_only", False),
    ],
)
def test_s3_a_recorded_refusal_counts_though_its_text_went_elsewhere(
    tmp_path: Path, error: str, text: str, status: str, gone: bool
) -> None:
    path = f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"
    record = [{"file": path, "call": "sns:ListSubscriptionsByTopic", "exit_code": 254, "error_code": error}]
    (capture,) = evidence(tmp_path, {"captures.json": record, path: text}).captures
    assert (capture.status, capture.says_gone) == (status, gone)


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("captures (1).json", {"captures": [ENTRY]}),
        ("Copy of Captures.JSON.txt", {"captures": [ENTRY]}),
        ("captures_2026.json", [ENTRY]),
        ("capture.json", {"captures": [ENTRY]}),
        ("captures.json", {"Captures": [{key.upper(): value for key, value in ENTRY.items()}]}),
        ("record.json", {"script_version": "2", "captures": [ENTRY]}),
        ("log-of-the-day.json", [ENTRY]),
    ],
)
def test_x3_a_record_is_known_by_what_it_holds(tmp_path: Path, name: str, record: Any) -> None:
    found = evidence(tmp_path, {name: record, "f.json": FILTERS})
    (capture,) = found.captures
    assert (capture.place.account_id, capture.place_source) == (ACCOUNT, "record")
    assert [other.what for other in found.others] == ["capture record"]


@pytest.mark.parametrize(
    ("name", "content", "problems"),
    [
        ("results.json", {"captures": [ENTRY], "findings": []}, []),
        ("files.json", [{"file": "f.json", "sha256": "0" * 64}], []),
        ("captures (1).json", '{"captures": [{"file": ', ["capture-record", "cut-short"]),
        ("capture-log.json", {"entries": [1]}, ["capture-record"]),
    ],
)
def test_x8_what_is_no_record(tmp_path: Path, name: str, content: Any, problems: list[str]) -> None:
    found = evidence(tmp_path, {name: content, PATH: FILTERS})
    assert found.captures[0].arguments is None
    codes = {problem.code for problem in found.problems if problem.file == name}
    assert bool(codes) == bool(problems)
    assert codes <= {*problems}


@pytest.mark.parametrize(
    ("recorded", "digest", "known"),
    [
        (f"evidence/{PATH}", True, True),
        (f"{PATH}.gz", True, True),
        (PATH.upper(), True, True),
        ("filters.json", True, True),
        (f"evidence/{PATH}", False, True),
        (PATH.replace("us-east-1", "eu-west-1"), False, False),
    ],
    ids=["another root", "packed", "case", "another name", "another digest", "another region"],
)
def test_an_entry_speaks_for_the_file_that_has_its_digest(
    tmp_path: Path, recorded: str, digest: bool, known: bool
) -> None:
    write({PATH: FILTERS}, tmp_path)
    sha256 = hashlib.sha256((tmp_path / PATH).read_bytes()).hexdigest() if digest else "0" * 64
    entry = ENTRY | {"file": recorded, "sha256": sha256, "arguments": ["--filter-name-prefix", "ssm"]}
    entry |= {} if known else {"region": "eu-west-1"}
    found = evidence(tmp_path, {"captures.json": {"captures": [entry]}})
    (capture,) = found.captures
    assert bool(capture.narrowed) is known
    assert bool([problem for problem in found.problems if problem.code == "recorded-file-missing"]) is not known


def test_an_entry_of_a_missing_file_is_not_another_files(tmp_path: Path) -> None:
    """What is empty is alike in many places: one that is recorded itself, or one of several, is not the missing one."""
    write({PATH: {"metricFilters": []}}, tmp_path)
    sha256 = hashlib.sha256((tmp_path / PATH).read_bytes()).hexdigest()
    own = ENTRY | {"file": PATH, "sha256": sha256}
    missing = own | {"file": PATH.replace(ACCOUNT, "444455556666"), "account_id": "444455556666"}
    (capture,) = evidence(tmp_path, {"captures.json": {"captures": [own, missing]}}).captures
    assert (capture.status, capture.place.account_id) == ("captured", ACCOUNT)
    other = missing | {
        "file": PATH.replace(ACCOUNT, "444455556666").replace(REGION, "eu-west-1"),
        "region": "eu-west-1",
    }
    (capture,) = evidence(tmp_path, {"captures.json": {"captures": [missing, other]}}).captures
    assert (capture.status, capture.place.account_id) == ("captured", ACCOUNT)


def test_x3_a_record_of_another_file_vouches_for_nothing(tmp_path: Path) -> None:
    entry = ENTRY | {"file": PATH, "arguments": ["--region", REGION], "sha256": "0" * 64}
    found = evidence(tmp_path, {"captures.json": [entry], PATH: FILTERS})
    assert [(capture.arguments, capture.narrowed) for capture in found.captures] == [(None, "")]
    assert [problem.code for problem in found.problems] == ["record-digest"]
    against = entry | {"arguments": ["--filter-name-prefix", "a"]}
    found = evidence(tmp_path, {"captures.json": [against], PATH: FILTERS})
    assert [capture.narrowed for capture in found.captures] == ["--filter-name-prefix"]


def test_x3_what_saved_a_file_again_leaves_its_record(tmp_path: Path) -> None:
    text = json.dumps(FILTERS, indent=4)
    entry = ENTRY | {"file": PATH, "arguments": [], "sha256": hashlib.sha256(f"{text}\n".encode()).hexdigest()}
    for saved in (text, text.replace("\n", "\r\n"), f"\ufeff{text}"):
        found = evidence(tmp_path, {"captures.json": [entry], PATH: saved})
        assert not found.problems


CUT = "aws logs describe-metric-filters --region us-east-1 | jq '{metricFilters: .metricFilters[:1]}'"


@pytest.mark.parametrize(
    ("members", "narrowed", "arguments"),
    [
        ({"command": "aws logs describe-metric-filters --region us-east-1"}, False, True),
        ({"Command_Line": CUT}, True, True),
        ({"argv": ["aws", "logs", "describe-metric-filters", "--filter-name-prefix", "f"]}, True, True),
        ({"arguments": [], "command": CUT}, True, True),
        ({"arguments": ["--region", "us-east-1"], "cmd": "aws logs describe-metric-filters"}, False, True),
        ({"arguments": ["--filter-name-prefix", "f"], "cmd": "aws logs describe-metric-filters"}, True, True),
        ({"arguments": None, "parameters": {"filterNamePrefix": "f"}}, True, True),
        ({"arguments": [], "filterNamePrefix": "f"}, True, True),
        ({"arguments": [], "query": "metricFilters[0]"}, True, True),
        ({"arguments": [], "query": None, "jq": ""}, False, True),
        ({"arguments": [], "call": "aws logs describe-metric-filters --filter-name-prefix f"}, True, True),
        ({"arguments": [], "note": "taken with --filter-name-prefix f"}, True, True),
        ({"arguments": [], "note": "taken by the audit team"}, False, True),
        ({"arguments": [], "executed": {"args": ["--filterNamePrefix", "f"]}}, True, True),
        ({"arguments": [], "input": {"logGroupNamePrefix": "f"}}, True, True),
        ({"arguments": 42}, False, False),
        ({}, False, False),
    ],
)
def test_x3_what_was_run_is_read_wherever_it_stands(
    tmp_path: Path, members: dict[str, Any], narrowed: bool, arguments: bool
) -> None:
    found = evidence(tmp_path, {"captures.json": [ENTRY | members], "f.json": FILTERS})
    (capture,) = found.captures
    assert (bool(capture.narrowed), capture.arguments is not None) == (narrowed, arguments)


def test_x5_a_skeleton_is_no_answer(tmp_path: Path) -> None:
    record = [ENTRY | {"arguments": ["--generate-cli-skeleton", "output"]}]
    (capture,) = evidence(tmp_path, {"captures.json": record, "f.json": FILTERS}).captures
    assert (capture.status, capture.usable) == ("invalid", False)
