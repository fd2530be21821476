"""Rules M6, V3, T6, T10, T14, T15: a further filter that counts nothing that arrives in its group publishes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from auditor.api import audit
from auditor.chains.model import Origin, Selector
from auditor.judgement.reaching import counts_nothing
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, textbook, trail, write

MANAGEMENT = ("eventCategory", "Equals", ("Management",))
READS, WRITES = (Selector(read_only=True),), (Selector(read_only=False),)
ALL, BUT_KMS = (Selector(),), (Selector(excluded_sources=frozenset({"kms.amazonaws.com"})),)
SSM = (Selector(fields=(MANAGEMENT, ("eventSource", "Equals", ("ssm.amazonaws.com",)))),)
BUT_DESCRIBING = (Selector(fields=(MANAGEMENT, ("eventName", "NotStartsWith", ("Describe",)))),)
WITH_DATA = (Selector(fields=(("eventCategory", "Equals", ("Data",)),)),)
UNKNOWN = (Selector(unknown="a field"),)
NEVER = "{ ($.eventName = a) && ($.eventName = b) }"
OF_ONE = Origin(frozenset({ACCOUNT}), all_accounts=True)


def of(*selectors: tuple[Selector, ...]) -> Origin:
    return Origin(selectors=tuple(selectors))


@pytest.mark.parametrize(
    ("pattern", "origin", "nothing"),
    [
        pytest.param(NEVER, None, True, id="patterns row 21 no event at all"),
        pytest.param("{ $.eventName = a }", None, False, id="any event of an application"),
        pytest.param('{ $.eventName = "a" ', None, False, id="no pattern: AWS took it"),
        pytest.param("ERROR", OF_ONE, False, id="a term"),
        pytest.param("{ $.recipientAccountId = 999999999999 }", OF_ONE, True, id="T6 another account's"),
        pytest.param(f"{{ $.recipientAccountId = {ACCOUNT} }}", OF_ONE, False, id="T6 its own"),
        pytest.param("{ $.recipientAccountId = 999999999999 }", Origin(), False, id="T6 accounts that nobody lists"),
        pytest.param("{ $.userIdentity.accountId = 999999999999 }", OF_ONE, False, id="T6 a caller of another account"),
        pytest.param("{ $.awsRegion = cn-north-1 }", OF_ONE, True, id="T4 another partition's"),
        pytest.param('{ $.awsRegion = "us-gov-*" }', OF_ONE, True, id="T4 all of another partition"),
        pytest.param("{ $.awsRegion = cn-north-1 }", Origin(partition="aws-cn"), False, id="T4 of its own partition"),
        pytest.param("{ $.awsRegion = eu-west-1 }", OF_ONE, False, id="T10 a region of a trail of all"),
        pytest.param("{ $.awsRegion = eu-west-1 }", Origin(region="eu-west-2"), True, id="T10 another region"),
        pytest.param("{ $.awsRegion = us-east-1 }", Origin(region="eu-west-2"), False, id="T11 of global services"),
        pytest.param("{ $.readOnly IS TRUE }", of(WRITES), True, id="T14 reads of a trail of writes"),
        pytest.param("{ $.readOnly IS TRUE }", of(WRITES, READS), False, id="T18 of two trails together"),
        pytest.param("{ $.readOnly IS TRUE }", Origin(), False, id="T9 of selectors that nobody shows"),
        pytest.param("{ $.readOnly IS TRUE }", of(UNKNOWN), False, id="T15 of selectors that nobody reads"),
        pytest.param("{ $.readOnly IS FALSE }", of(READS), True, id="T14 writes of a trail of reads"),
        pytest.param("{ $.eventName = DescribeInstances }", of(WRITES), True, id="T16 a call that reads"),
        pytest.param("{ $.eventName = StartSession }", of(WRITES), False, id="T16 a call that writes"),
        pytest.param("{ $.eventName = StartSession }", of(READS), False, id="T16 a call that may do either"),
        pytest.param("{ $.eventName = PutKeyPolicy }", of(READS), True, id="T16 a call that writes, among reads"),
        pytest.param("{ $.eventSource = kms.amazonaws.com }", of(BUT_KMS), True, id="T14 a source that is left out"),
        pytest.param("{ $.eventSource = iam.amazonaws.com }", of(BUT_KMS), False, id="T14 one that is not"),
        pytest.param("{ $.eventSource = iam.amazonaws.com }", of(SSM), True, id="T15 a source that is not asked for"),
        pytest.param("{ $.eventSource = ssm* }", of(SSM), False, id="T15 the one that is"),
        pytest.param("{ $.eventName = Describe* }", of(BUT_DESCRIBING), True, id="T15 a beginning that is left out"),
        pytest.param("{ $.eventName = D* }", of(BUT_DESCRIBING), False, id="T15 a shorter beginning"),
        pytest.param("{ $.eventCategory = Data }", of(ALL), True, id="T14 no data events"),
        pytest.param("{ $.managementEvent IS FALSE }", of(ALL), True, id="T14 nothing but management events"),
        pytest.param("{ $.eventCategory = Data }", of(ALL, WITH_DATA), False, id="T15 data events of another trail"),
        pytest.param("{ $.eventCategory = Data }", Origin(), False, id="T9 of selectors that may ask for data"),
    ],
)
def test_what_reaches_a_group(pattern: str, origin: Origin | None, nothing: bool) -> None:
    assert counts_nothing(pattern, origin) is nothing


def beside(pattern: str, value: str = "0", **transformation: Any) -> dict[str, Any]:
    """A further filter on the textbook's metric."""
    return metric_filter(pattern, filterName="z", transformation={"metricValue": value, **transformation})


TRAIL = {"trailList": [trail(HasCustomEventSelectors=False)]}


@pytest.mark.parametrize("statistic", ["Average", "Minimum", "p90"])
@pytest.mark.parametrize(
    ("further", "verdict"),
    [
        pytest.param(beside(NEVER), "PASS", id="no event at all"),
        pytest.param(beside(NEVER, unit="Seconds"), "PASS", id="M5 in a unit in which nothing is published"),
        pytest.param(beside(NEVER, value="$.x"), "PASS", id="M6 a field of no event"),
        pytest.param(beside(NEVER, "1", defaultValue=0), "FAIL", id="M6 its default pulls"),
        pytest.param(beside("{ $.eventCategory = Data }"), "PASS", id="T9 what the default selectors leave out"),
        pytest.param(beside("{ $.awsRegion = cn-north-1 }"), "PASS", id="T4 events of another partition"),
        pytest.param(beside("{ $.awsRegion = eu-west-1 }"), "FAIL", id="M6 rare events that arrive"),
        pytest.param(beside('{ $.eventName = "a" '), "INCONCLUSIVE", id="a text that is no pattern"),
    ],
)
def test_m6_what_counts_nothing_pulls_nothing(
    tmp_path: Path, statistic: str, further: dict[str, Any], verdict: str
) -> None:
    name = "ExtendedStatistic" if statistic == "p90" else "Statistic"
    watching = alarm(**{"Statistic": None, name: statistic})
    files = textbook(filters=[metric_filter(), further], alarms=[watching])
    bundle = write(files | {f"{ACCOUNT}/{REGION}/cloudtrail-describe-trails.json": TRAIL}, tmp_path / "bundle")
    (finding,) = audit(bundle, controls=["ssm-actions"]).document["findings"]
    assert finding["verdict"] == verdict


def test_v3_of_trails_that_nobody_lists_nothing_is_sure(tmp_path: Path) -> None:
    """The trail is known by a copy of another region alone; one of the group's region may deliver there, too."""
    files = textbook(
        filters=[metric_filter(), beside("{ $.eventCategory = Data }")], alarms=[alarm(Statistic="Average")]
    )
    del files[f"{ACCOUNT}/{REGION}/cloudtrail-describe-trails.json"]
    bundle = write(files | {f"{ACCOUNT}/eu-west-1/cloudtrail-describe-trails.json": TRAIL}, tmp_path / "bundle")
    (finding,) = audit(bundle, controls=["ssm-actions"]).document["findings"]
    assert finding["verdict"] == "FAIL"
