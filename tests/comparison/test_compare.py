"""Two quarters of a textbook account with one thing changed: what the comparison makes of it, and what it does not."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import auditor
from auditor.comparison import is_changed
from auditor.errors import AuditorError
from auditor.reports.comparison import write_comparison
from auditor.result import AuditResult, Comparison
from auditor.workpaper.changes import GROUPS
from tests.textbook import ACCOUNT, NAMES, PATTERN, REGION, alarm, metric_filter, subscription, textbook, write

FINDING = f"{ACCOUNT}/ssm-actions@default"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:alerts"
SUBSCRIPTIONS = f"{ACCOUNT}/{REGION}/sns-list-subscriptions-by-topic/alerts.json"
ALARMS = f"{ACCOUNT}/{REGION}/cloudwatch-describe-alarms.json"
OTHER = "222233334444"
TOLD: Any = {"controls": ["ssm-actions"], "frameworks": ["iso27001-2022"]}
Files = dict[str, Any]


def result(files: Files, folder: Path, day: str) -> AuditResult:
    return auditor.audit(write(files, folder), captured_on=day, **TOLD)


def compared(then: Files, now: Files, folder: Path) -> Comparison:
    return auditor.compare([result(then, folder / "1", "2026-09-28"), result(now, folder / "2", "2026-12-28")])


def pattern(*left_out: str) -> str:
    return "{" + "||".join(f"($.eventName={name})" for name in NAMES if name not in left_out) + "}"


def without(files: Files, path: str) -> Files:
    return {name: content for name, content in files.items() if name != path}


PLAIN = textbook()
NARROW = textbook(filters=[metric_filter(pattern("ResumeSession"))])
RENAMED = textbook(filters=[metric_filter(" " + PATTERN, filterName="renamed")])
SILENT = textbook(alarms=[alarm(ActionsEnabled=False)])
SLOW = textbook(alarms=[alarm(Threshold=5.0)])
PENDING = textbook(subscriptions=[subscription(SubscriptionArn="PendingConfirmation")])
NOBODY = textbook(subscriptions=[])
SECOND = subscription(Endpoint="second@example.com", SubscriptionArn=f"{TOPIC}:00000000-0000-4000-8000-000000000002")
TWO = textbook(subscriptions=[subscription(), SECOND])
NO_ALARM = textbook(alarms=[])
CUT = textbook() | {ALARMS: {"MetricAlarms": [], "NextToken": "x"}}
GONE = ["newly_failing", "fixed", "still_failing", "evidence_only", "settled", "unsettled", "still_inconclusive"]

# then, now, the group of the finding ("" = none), what is said of the settings
CASES: dict[str, tuple[Files, Files, str, list[str]]] = {
    "nothing": (PLAIN, PLAIN, "", []),
    "a filter misses an event": (
        PLAIN, NARROW, "newly_failing", ["Metric filter, pattern: now also misses ResumeSession"],
    ),
    "a filter is mended": (NARROW, PLAIN, "fixed", ["Metric filter, pattern: no longer misses ResumeSession"]),
    "it misses another event": (
        NARROW, textbook(filters=[metric_filter(pattern("SendCommand"))]), "still_failing",
        ["Metric filter, pattern: now also misses SendCommand; no longer misses ResumeSession"],
    ),
    "a filter is renamed and written otherwise": (
        PLAIN, RENAMED, "",
        ["Metric filter, filter name: ssm-actions → renamed",
         "Metric filter, pattern: written differently, counts the same events"],
    ),
    "actions are switched on": (SILENT, PLAIN, "fixed", ["Alarm, actions enabled: no → yes"]),
    "a threshold is raised": (PLAIN, SLOW, "newly_failing", ["Alarm, threshold: 1 → 5"]),
    "an alarm is made": (
        NO_ALARM, PLAIN, "fixed", [f"Alarm: arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:ssm-actions is new"],
    ),
    "an alarm is removed": (
        PLAIN, NO_ALARM, "newly_failing",
        [f"Alarm: arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:ssm-actions is gone"],
    ),
    "a subscriber of two leaves": (TWO, PLAIN, "", ["no longer subscribed: email: second@example.com"]),
    "the last subscriber leaves": (PLAIN, NOBODY, "newly_failing", ["no longer subscribed: email: soc@example.com"]),
    "the subscription is confirmed": (PENDING, PLAIN, "fixed", ["confirmed now: email: soc@example.com"]),
    "the alarms were not captured": (PLAIN, without(PLAIN, ALARMS), "evidence_only", []),
    "the alarms are captured now": (without(PLAIN, ALARMS), PLAIN, "evidence_only", []),
    "captured now, and silent": (without(PLAIN, ALARMS), SILENT, "evidence_only", []),
    "the listing is cut off": (SILENT, CUT, "evidence_only", []),
    "not captured twice": (without(PLAIN, ALARMS), without(PLAIN, ALARMS), "still_inconclusive", []),
    "a filter changed, the subscriptions were not captured": (
        PLAIN, without(NARROW, SUBSCRIPTIONS), "newly_failing",
        ["Metric filter, pattern: now also misses ResumeSession"],
    ),
    "a filter misses an event, and the subscriptions are captured now": (
        without(PLAIN, SUBSCRIPTIONS), NARROW, "newly_failing",
        ["Metric filter, pattern: now also misses ResumeSession"],
    ),
    "a filter is renamed, and the alarms were not captured": (
        PLAIN, without(RENAMED, ALARMS), "evidence_only", ["Metric filter, filter name: ssm-actions → renamed"],
    ),
    "another topic, of which nothing was captured": (
        PLAIN, textbook(alarms=[alarm(AlarmActions=[f"{TOPIC}-2"])]), "unsettled",
        [f"Topic, topic arn: {TOPIC} → {TOPIC}-2"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_case(tmp_path: Path, case: str) -> None:
    then, now, group, words = CASES[case]
    found = compared(then, now, tmp_path)
    assert {name: found[name] for name in GONE} == {  # type: ignore[literal-required]
        name: [FINDING] if name == group else [] for name in GONE
    }
    said = [change["words"] for change in found["changed"]]
    assert [one for one in words if one not in said] == []
    assert bool(said) is bool(words)
    assert is_changed(found) is bool(words or group in ("evidence_only", "unsettled"))
    assert found["joined"] == found["left"] == []


def policy(effect: str) -> dict[str, Any]:
    """The topic's attributes with a policy that lets alarms in, or keeps them out."""
    statement = {"Effect": effect, "Principal": "*", "Action": "sns:Publish", "Resource": TOPIC}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    counted = {"SubscriptionsConfirmed": "1", "SubscriptionsPending": "0", "SubscriptionsDeleted": "0"}
    return {"Attributes": {"TopicArn": TOPIC, "Owner": ACCOUNT, "Policy": document, **counted}}


ATTRIBUTES = f"{ACCOUNT}/{REGION}/sns-get-topic-attributes/alerts.json"


@pytest.mark.parametrize("shown_first", [True, False])
def test_a_fail_that_is_gone_with_its_evidence_is_not_fixed(tmp_path: Path, shown_first: bool) -> None:
    """The topic's policy keeps the alarm out, and is captured in one of the quarters only."""
    shown = PLAIN | {ATTRIBUTES: policy("Deny")}
    then, now = (shown, PLAIN) if shown_first else (PLAIN, shown)
    found = compared(then, now, tmp_path)
    assert {found["findings"][0]["before"], found["findings"][0]["after"]} == {"PASS", "FAIL"}
    assert (found["evidence_only"], found["fixed"], found["newly_failing"]) == ([FINDING], [], [])
    (words,) = [one for one in found["findings"][0]["evidence"] if "GetTopicAttributes" in one]
    assert words.startswith("captured then, not now" if shown_first else "captured now, not then")


def test_a_policy_that_was_captured_twice_is_a_change(tmp_path: Path) -> None:
    found = compared(PLAIN | {ATTRIBUTES: policy("Deny")}, PLAIN | {ATTRIBUTES: policy("Allow")}, tmp_path)
    assert found["fixed"] == [FINDING]
    assert [change["field"] for change in found["changed"]] == ["state"]


def test_the_pattern_has_its_relation_and_an_event_that_shows_it(tmp_path: Path) -> None:
    (change,) = compared(PLAIN, NARROW, tmp_path)["changed"]
    assert change["relation"] == "narrower"
    assert change["witness"]["eventName"] == "ResumeSession"
    assert (change["finding"], change["link"], change["field"]) == (FINDING, "metric_filter", "filter_pattern")


def test_accounts_that_join_and_leave(tmp_path: Path) -> None:
    failing = textbook(OTHER, subscriptions=[])
    found = compared(PLAIN, PLAIN | failing, tmp_path / "join")
    assert (found["joined"], found["left"]) == ([OTHER], [])
    assert found["newly_failing"] == [f"{OTHER}/ssm-actions@default"]
    assert "nothing of it was handed in then; no list of accounts says why" in found["population"][0]["why"]
    found = compared(PLAIN | failing, PLAIN, tmp_path / "leave")
    assert (found["joined"], found["left"], found["fixed"]) == ([], [OTHER], [])
    assert is_changed(found)


def test_three_quarters_give_the_history_of_each_finding(tmp_path: Path) -> None:
    files = {"2026-03-28": PLAIN, "2026-06-28": SILENT, "2026-09-28": SILENT, "2026-12-28": SILENT}
    quarters = [result(own, tmp_path / day, day) for day, own in files.items()]
    found = auditor.compare(quarters)
    assert found["history"] == [
        {"finding": FINDING, "verdicts": ["PASS", "FAIL", "FAIL", "FAIL"], "since": "2026-06-28"}
    ]
    assert (found["still_failing"], found["findings"][0]["since"]) == ([FINDING], "2026-06-28")
    assert [quarter["as_of"] for quarter in found["quarters"]] == list(files)
    assert not is_changed(found)


def test_results_and_bundles_mix_and_a_bundle_is_judged_as_the_result_was(tmp_path: Path) -> None:
    first = result(NARROW, tmp_path / "1", "2026-09-28")
    second = write(PLAIN, tmp_path / "2")
    (tmp_path / "old.json").write_bytes(first.to_json())
    for old in (tmp_path / "old.json", tmp_path / "1", first):
        found = auditor.compare([old, second], **({} if old != tmp_path / "1" else TOLD))
        assert found["fixed"] == [FINDING]
        assert {entry["finding"] for entry in found["history"]} == {FINDING}


def test_what_only_one_of_the_two_tested_is_not_compared(tmp_path: Path) -> None:
    then = auditor.audit(write(PLAIN, tmp_path / "1"), controls=["ssm-actions", "root-usage"], captured_on="2026-09-28")
    found = auditor.compare([then, result(PLAIN, tmp_path / "2", "2026-12-28")])
    assert found["not_compared"] == [f"{ACCOUNT}/root-usage@default"]


def test_what_makes_quarters_unlike_is_remarked(tmp_path: Path) -> None:
    then = result(PLAIN, tmp_path / "1", "2026-12-28")
    strict = auditor.audit(tmp_path / "1", captured_on="2026-09-28", strict=True, **TOLD)
    remarks = " ".join(auditor.compare([then, strict])["remarks"])
    assert "not given in the order of their days: 2026-12-28 and 2026-09-28" in remarks
    assert "different options strict: False and True" in remarks
    old: Any = copy.deepcopy(then.document)
    del old["topics"]
    assert "Subscribers were not compared" in " ".join(auditor.compare([AuditResult(old), then])["remarks"])


def test_one_quarter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AuditorError, match="one quarter alone"):
        auditor.compare([write(PLAIN, tmp_path / "1")])


def test_files_hold_every_change_and_hostile_names_stay_text(tmp_path: Path) -> None:
    hostile = "</style><script>alert(1)</script>"
    now = textbook(filters=[metric_filter(filterName=f"=1+1 {hostile}")])
    found = compared(PLAIN | textbook(OTHER), now | textbook(OTHER, subscriptions=[]), tmp_path)
    first, second = (write_comparison(found, tmp_path / name) for name in ("a", "b"))
    assert [path.name for path in first] == ["compare.xlsx", "compare.html", "digest.txt"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    page = first[1].read_text("utf-8")
    assert "<script" not in page
    assert "default-src &#39;none&#39;" in page
    assert "&lt;script&gt;" in page
    book: Any = openpyxl.load_workbook(first[0])
    assert book.sheetnames == ["Comparison", "Findings", "Settings", "History"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    for words in (change["words"] for change in found["changed"]):
        assert any(words in str(cell.value) for cell in cells), words
    for _, heading, _ in GROUPS:
        assert heading in page  # as a tile, whatever there is of it


def test_a_folder_of_reports_is_not_written_into(tmp_path: Path) -> None:
    found = compared(PLAIN, PLAIN, tmp_path)
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "results.json").write_text("{}")
    with pytest.raises(AuditorError, match="holds the reports of an audit"):
        write_comparison(found, tmp_path / "report")
