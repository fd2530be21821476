"""Rules V1, V3, T11, T18: what several filters and several trails of an account notice together, in whole bundles."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.catalogue import load_controls
from auditor.result import Finding
from tests.textbook import ACCOUNT, REGION, Files, alarm, metric_filter, textbook, trail, write

PLACE = f"{ACCOUNT}/{REGION}"
PATTERNS = {
    control.id: control.variants["default"].patterns[0].pattern.strip(" {}") for control in load_controls().values()
}
ROOT, SIGN_IN, SSM = (PATTERNS[name] for name in ("root-usage", "console-signin-without-mfa", "ssm-actions"))
IAM, KMS, RDS = (f"{name}.amazonaws.com" for name in ("iam", "kms", "rdsdata"))


def filters(*patterns: str, without: int | None = None, late: int | None = None) -> Files:
    """A filter with an alarm on its own metric for each pattern; the one ``without`` has no alarm, the one that is
    ``late`` one that may be late.
    """
    numbers = range(len(patterns))
    names = [f"filter-{number}" for number in numbers]
    slow = {"EvaluationPeriods": 3, "TreatMissingData": "missing"}
    return textbook(
        filters=[
            metric_filter(f"{{ {patterns[n]} }}", filterName=names[n], transformation={"metricName": names[n]})
            for n in numbers
        ],
        alarms=[
            alarm(name=names[n], MetricName=names[n], **(slow if n == late else {})) for n in numbers if n != without
        ],
    )


def judged(folder: Path, files: Files, control: str, **options: Any) -> Finding:
    (finding,) = audit(write(files, folder / "bundle"), controls=[control], **options).document["findings"]
    return finding


BY_SOURCE = (f"({ROOT}) && $.eventSource = {IAM}", f"({ROOT}) && $.eventSource != {IAM}")
BY_USER = (f"({SIGN_IN}) && $.userIdentity.type = IAMUser", f"({SIGN_IN}) && $.userIdentity.type != IAMUser")
BY_REGION = (f"({SSM}) && $.awsRegion = us-east-1", f"({SSM}) && $.awsRegion != us-east-1")
BESIDE = {"=": "$.eventName = CreateVpc", "!=": "$.eventName = DeleteVpc"}
OTHERS = tuple(f"(({SSM}) && $.userIdentity.type {sign} Root) || ({call})" for sign, call in BESIDE.items())

CASES = [
    pytest.param("root-usage", filters(*BY_SOURCE), "PASS", None, id="V1 any call by source"),
    pytest.param("root-usage", filters(*BY_SOURCE, without=1), "FAIL", "alarm", id="V1 one of them without alarm"),
    pytest.param("root-usage", filters(*BY_SOURCE, late=0), "INCONCLUSIVE", "alarm", id="V1 one of them late"),
    pytest.param("root-usage", filters(BY_SOURCE[1]), "FAIL", "metric_filter", id="V1 only one of them"),
    pytest.param("console-signin-without-mfa", filters(*BY_USER), "PASS", None, id="V1 one call by its user"),
    pytest.param(
        "console-signin-without-mfa", filters(*BY_USER, without=0), "FAIL", "alarm", id="V1 and one without alarm"
    ),
    pytest.param("ssm-actions", filters(*BY_REGION), "PASS", None, id="V1 by region"),
    pytest.param(
        "ssm-actions", filters(BY_REGION[0]), "INCONCLUSIVE", "trail", id="V1 T10 one region alone, trails there unseen"
    ),
    pytest.param("ssm-actions", filters(*OTHERS), "PASS", None, id="V1 in filters for other calls too"),
    pytest.param(
        "ssm-actions", filters(*(f"({SSM}) && $.eventSource {sign} ssm.amazonaws.com" for sign in ("=", "!="))),
        "PASS", None, id="V1 T17 its own source by one filter",
    ),
    pytest.param("root-usage", filters(ROOT, "$.eventName = CreateVpc"), "PASS", None, id="V1 one filter alone"),
    pytest.param(
        "ssm-actions", filters(f"({SSM}) && $.eventCategory = Management"), "PASS", None, id="V1 with a member of each"
    ),
    pytest.param(
        "ssm-actions", filters(f"({SSM}) && $.eventCategory != Management"), "FAIL", "metric_filter",
        id="V1 with another value of it",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("control", "files", "verdict", "link"), CASES)
def test_filters_together(tmp_path: Path, control: str, files: Files, verdict: str, link: str | None) -> None:
    finding = judged(tmp_path, files, control, match="covers")
    assert (finding["verdict"], finding["objective"], finding["broken_link"]) == (verdict, verdict, link)
    assert judged(tmp_path, files, control)["objective"] == verdict
    if verdict == "PASS":
        deciding = [chain for chain in finding["chains"] if chain["decides"]]
        assert deciding
        assert all(link["state"] == "ok" for chain in deciding for link in chain["links"].values())
    else:
        assert finding["links"][str(link)] in ("broken", "unknown")
        chain = finding["chains"][0]
        assert (chain["decides"], chain["first_broken"]) == (True, link)


def test_v1_by_the_letter_each_filter_stands_for_itself(tmp_path: Path) -> None:
    finding = judged(tmp_path, filters(*BY_SOURCE), "root-usage")
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "filters-meet-objective")


def test_v1_only_what_no_filter_notices_is_told(tmp_path: Path) -> None:
    names = [part.partition("=")[2].strip(" )(") for part in SSM.split("||")]
    first, second = ("||".join(f"($.eventName={name})" for name in names[at]) for at in (slice(5), slice(5, 9)))
    finding = judged(tmp_path, filters(first, second), "ssm-actions", match="covers")
    assert (finding["verdict"], finding["reason_code"]) == ("FAIL", "filter-misses-event")
    assert finding["reason"].endswith(f"do not notice {names[9]}.")


def test_v1_a_call_that_none_of_them_notices_is_shown(tmp_path: Path) -> None:
    finding = judged(
        tmp_path, filters(BY_SOURCE[0], f"({ROOT}) && $.eventSource = {KMS}"), "root-usage", match="covers"
    )
    assert finding["reason_code"] == "filter-misses-event"
    assert '"eventSource": "Other.amazonaws.com"' in finding["reason"]


def test_v1_chains_that_can_be_spared_prove_nothing(tmp_path: Path) -> None:
    finding = judged(tmp_path, filters(*BY_SOURCE, f"({ROOT}) && $.eventSource = {KMS}"), "root-usage", match="covers")
    assert [chain["filter_name"] for chain in finding["chains"] if chain["decides"]] == ["filter-0", "filter-1"]


def selectors(name: str, **entry: Any) -> Files:
    answer = {"TrailARN": trail(name=name)["TrailARN"], "EventSelectors": [{"IncludeManagementEvents": True} | entry]}
    return {f"{PLACE}/cloudtrail-get-event-selectors/{name}.json": answer}


def without(name: str, *sources: str, kind: str = "All") -> Files:
    return selectors(name, ReadWriteType=kind, ExcludeManagementEventSources=list(sources))


def two_trails(first: dict[str, Any] | None = None, second: dict[str, Any] | None = None, *more: Files) -> Files:
    trails = [trail(name="t1", **(first or {})), trail(name="t2", **(second or {}))]
    files = textbook(trails=trails, filters=[metric_filter(f"{{ {ROOT} }}")])
    for other in more:
        files |= other
    return files


OTHER_GROUP = {"CloudWatchLogsLogGroupArn": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:other:*"}
IN_OTHER_GROUP: Files = {
    f"{PLACE}/logs-describe-metric-filters.json": {
        "metricFilters": [
            metric_filter(f"{{ {ROOT} }}"),
            metric_filter(f"{{ {ROOT} }}", logGroupName="other", filterName="second"),
        ]
    }
}
NO_GROUP = {"CloudWatchLogsLogGroupArn": None}
HALVES = (without("t1", KMS), without("t2", RDS))
SINGLE = {"IsMultiRegionTrail": False}
TRAIL_CASES = [
    pytest.param(two_trails(None, None, *HALVES), "PASS", None, id="T18 T14 each leaves out another source"),
    pytest.param(
        two_trails(None, None, without("t1", KMS), without("t2", KMS, RDS)), "FAIL", "trail", id="T18 both without KMS"
    ),
    pytest.param(
        two_trails(None, OTHER_GROUP, *HALVES, IN_OTHER_GROUP), "PASS", None, id="T18 whole chains of two groups"
    ),
    pytest.param(
        two_trails(None, OTHER_GROUP, *HALVES), "FAIL", "metric_filter", id="T18 no filter on the second group"
    ),
    pytest.param(
        two_trails(None, NO_GROUP, *HALVES), "FAIL", "log_group", id="T18 one without a group lends nothing"
    ),
    pytest.param(
        two_trails(None, None, without("t1", kind="ReadOnly"), without("t2", KMS, kind="WriteOnly")), "FAIL", "trail",
        id="T18 T16 writes of KMS by neither",
    ),
    pytest.param(
        two_trails(SINGLE | {"IncludeGlobalServiceEvents": False}, SINGLE, without("t2", kind="WriteOnly")), "FAIL",
        "trail", id="T11 reads of global services by neither",
    ),
    pytest.param(
        two_trails(SINGLE | {"IncludeGlobalServiceEvents": False}, SINGLE, without("t2", KMS)), "PASS", None,
        id="T11 of global services by one, of the region by both",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "verdict", "link"), TRAIL_CASES)
def test_trails_together(tmp_path: Path, files: Files, verdict: str, link: str | None) -> None:
    scope = tmp_path / "scope.csv"
    scope.write_text(f"account_id,regions\n{ACCOUNT},{REGION}\n", encoding="utf-8")
    finding = judged(tmp_path, files, "root-usage", scope=scope)
    assert (finding["verdict"], finding["broken_link"]) == (verdict, link), finding["reason"]


def test_t11_reads_of_global_services_are_unauthorized_calls_too(tmp_path: Path) -> None:
    files = textbook(
        trails=[trail(name="t1", IncludeGlobalServiceEvents=False, **SINGLE), trail(name="t2", **SINGLE)],
        filters=[metric_filter(f"{{ {PATTERNS['unauthorized-api-calls']} }}")],
    )
    scope = tmp_path / "scope.csv"
    scope.write_text(f"account_id,regions\n{ACCOUNT},{REGION}\n", encoding="utf-8")
    control = "unauthorized-api-calls"
    assert judged(tmp_path, files, control, scope=scope)["verdict"] == "PASS"
    files |= without("t2", kind="WriteOnly")
    assert judged(tmp_path, files, control, scope=scope)["broken_link"] == "trail"
