"""Rule T5, X9: an identity that is another account's disputes what names no account in that account's folder alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor import audit
from tests.textbook import ACCOUNT, REGION, Files, metric_filter, textbook, write

OTHER = "444455556666"
PLACE = f"{ACCOUNT}/{REGION}"
FILTERS = f"{PLACE}/logs-describe-metric-filters.json"
SUBSCRIBERS = "sns-list-subscriptions-by-topic/alerts.json"


def identity(account: str) -> dict[str, str]:
    return {"UserId": "AROA:me", "Account": account, "Arn": f"arn:aws:sts::{account}:assumed-role/Audit/me"}


def recorded(*callers: tuple[str, str]) -> dict[str, Any]:
    arn = "arn:aws:sts::{}:assumed-role/Audit/me"
    return {"captures.json": [{"file": file, "caller_arn": arn.format(account)} for file, account in callers]}


def below(folder: str) -> Files:
    """The textbook and a listing of log groups, in a folder that is no account's."""
    arn = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:ct"
    group = {"logGroupName": "ct", "creationTime": 1, "metricFilterCount": 1, "storedBytes": 1, "arn": f"{arn}:*"}
    files = {path.removeprefix(f"{PLACE}/"): content for path, content in textbook().items()}
    files["logs-describe-log-groups.json"] = {"logGroups": [group | {"logGroupArn": arn, "logGroupClass": "STANDARD"}]}
    return {f"{folder}{path}": content for path, content in files.items()}


def emptied() -> Files:
    lists = {"trailList": []}, {"metricFilters": []}, {"MetricAlarms": [], "CompositeAlarms": []}
    return dict(zip(textbook(), lists, strict=False))


def merged(caller: str) -> Files:
    calls = {path.split("/")[2].removesuffix(".json"): content for path, content in textbook().items()}
    return {f"{PLACE}.json": calls | {"sts-get-caller-identity": identity(caller)}}


def verdicts(folder: Path, files: Files) -> dict[str, str]:
    result = audit(write(files, folder), controls=["ssm-actions"]).document
    return {finding["account_id"]: finding["verdict"] for finding in result["findings"]}


DISPUTED = {
    "beside the answers": {f"{PLACE}/sts-get-caller-identity.json": identity(OTHER)},
    "in the account's folder": {f"{ACCOUNT}/sts-get-caller-identity.json": identity(OTHER)},
    "in another region's folder": {f"{ACCOUNT}/eu-west-1/sts-get-caller-identity.json": identity(OTHER)},
    "in a folder of global calls": {f"{ACCOUNT}/global/whoami.json": identity(OTHER)},
    "as a text": {
        f"{PLACE}/sts-get-caller-identity.txt": f"{OTHER}\tarn:aws:sts::{OTHER}:assumed-role/A/me\tAROA:me\n"
    },
    "as an id": {f"{ACCOUNT}/whoami.txt": f"{OTHER}\n"},
    "beside one of the account": {
        f"{PLACE}/whoami.json": identity(OTHER),
        f"{PLACE}/sts-get-caller-identity.json": identity(ACCOUNT),
    },
    "as the only caller of record": recorded((FILTERS, OTHER)),
}
UNDISPUTED = {
    "of the account": {f"{PLACE}/sts-get-caller-identity.json": identity(ACCOUNT)},
    "at the top": {"sts-get-caller-identity.json": identity(OTHER)},
    "in a folder of its own": {"central/whoami.json": identity(OTHER)},
    "in its account's folder": {f"{OTHER}/{REGION}/sts-get-caller-identity.json": identity(OTHER)},
    "above one of the account": {
        f"{ACCOUNT}/whoami.json": identity(OTHER),
        f"{PLACE}/sts-get-caller-identity.json": identity(ACCOUNT),
    },
    "beside a record of the caller": {
        f"{PLACE}/whoami.json": identity(OTHER),
        **recorded(*((path, ACCOUNT) for path in textbook())),
    },
    "of another day": {f"{ACCOUNT}/2025-03-31/whoami.json": identity(OTHER)},
}


@pytest.mark.parametrize("where", DISPUTED)
def test_x9_another_accounts_identity_in_an_accounts_folder(tmp_path: Path, where: str) -> None:
    files = DISPUTED[where]
    assert verdicts(tmp_path / "full", textbook() | files) == dict.fromkeys((ACCOUNT, OTHER), "INCONCLUSIVE")
    assert verdicts(tmp_path / OTHER, textbook() | files)[ACCOUNT] == "INCONCLUSIVE"
    if "captures.json" not in files:
        assert verdicts(tmp_path / "empty", emptied() | files) == dict.fromkeys((ACCOUNT, OTHER), "INCONCLUSIVE")


@pytest.mark.parametrize("where", UNDISPUTED)
def test_x9_an_identity_that_is_not_of_these_calls(tmp_path: Path, where: str) -> None:
    files = UNDISPUTED[where]
    assert verdicts(tmp_path / "full", textbook() | files)[ACCOUNT] == "PASS"
    assert verdicts(tmp_path / "empty", emptied() | files)[ACCOUNT] == "FAIL"


@pytest.mark.parametrize("folder", ["", f"{REGION}/", f"prod/{REGION}/", "prod/logs/"])
def test_x9_an_identity_where_no_folder_names_the_account(tmp_path: Path, folder: str) -> None:
    for caller, verdict in ((OTHER, "INCONCLUSIVE"), (ACCOUNT, "PASS")):
        who = {f"{folder.partition('/')[0]}/whoami.json".removeprefix("/"): identity(caller)}
        found = verdicts(tmp_path / caller, below(folder) | who)
        assert found == {ACCOUNT: verdict, caller: verdict}


def test_x9_an_identity_above_folders_of_aliases_is_not_of_their_calls(tmp_path: Path) -> None:
    found = verdicts(tmp_path, below(f"prod/{REGION}/") | {"whoami.json": identity(OTHER)})
    assert found == {ACCOUNT: "PASS", OTHER: "INCONCLUSIVE"}


def test_x9_an_identity_among_the_answers_of_one_file(tmp_path: Path) -> None:
    assert verdicts(tmp_path / "own", merged(ACCOUNT)) == {ACCOUNT: "PASS"}
    assert verdicts(tmp_path / "other", merged(OTHER)) == dict.fromkeys((ACCOUNT, OTHER), "INCONCLUSIVE")


@pytest.mark.parametrize(
    ("path", "content", "own"),
    [
        ("cloudtrail-get-trail-status/main.json", {"IsLogging": False}, "FAIL"),
        (SUBSCRIBERS, {"Subscriptions": []}, "FAIL"),
        (SUBSCRIBERS, "An error occurred (NotFound) when calling the ListSubscriptionsByTopic operation: gone", "FAIL"),
    ],
    ids=["status", "subscribers", "refusal"],
)
def test_x9_what_a_name_alone_says_to_be_the_accounts(tmp_path: Path, path: str, content: object, own: str) -> None:
    files = textbook() | {f"{PLACE}/{path}": content}
    for caller, verdict in ((ACCOUNT, own), (OTHER, "INCONCLUSIVE")):
        who = {f"{PLACE}/sts-get-caller-identity.json": identity(caller)}
        assert verdicts(tmp_path / caller, files | who)[ACCOUNT] == verdict


def test_x9_a_copy_in_the_wrong_folder_disputes_nothing_of_whom_it_is_of(tmp_path: Path) -> None:
    slip = {f"{PLACE}/sts-get-caller-identity.json": identity(OTHER), FILTERS: {"metricFilters": []}}
    own = textbook(OTHER, filters=[])
    assert verdicts(tmp_path / "copy", slip | own) == {ACCOUNT: "INCONCLUSIVE", OTHER: "FAIL"}
    other = slip | {FILTERS: {"metricFilters": [metric_filter()]}}
    assert verdicts(tmp_path / "other", other | own) == {ACCOUNT: "INCONCLUSIVE", OTHER: "INCONCLUSIVE"}


@pytest.mark.parametrize(
    ("caller", "full", "empty"), [(OTHER, "INCONCLUSIVE", "INCONCLUSIVE"), (ACCOUNT, "PASS", "FAIL")]
)
def test_x9_whom_aws_refused_in_the_accounts_folder(tmp_path: Path, caller: str, full: str, empty: str) -> None:
    user = f"arn:aws:sts::{caller}:assumed-role/Audit/me"
    says = f"User: {user} is not authorized to perform: sns:ListTopics on resource: *"
    error = f"An error occurred (AccessDenied) when calling the ListTopics operation: {says}"
    refused = {f"{PLACE}/sns-list-topics.json": error}
    assert verdicts(tmp_path / "full", textbook() | refused) == {ACCOUNT: full}
    assert verdicts(tmp_path / "empty", emptied() | refused) == {ACCOUNT: empty}
    own = {f"{PLACE}/sts-get-caller-identity.json": identity(ACCOUNT)}
    assert verdicts(tmp_path / "own", textbook() | refused | own) == {ACCOUNT: "PASS"}
