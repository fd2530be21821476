"""Rules A6, L10, T4, T14, T15, M6: whether a filter counts nearly everything is asked of what arrives in its group."""

from __future__ import annotations

from pathlib import Path

import pytest

from auditor.api import audit
from auditor.chains.model import Origin, Selector
from auditor.judgement import counts_nearly_everything
from tests.textbook import PATTERN, metric_filter, textbook, write

READS, WRITES = Selector(read_only=True), Selector(read_only=False)
MANAGEMENT = ("eventCategory", "Equals", ("Management",))


def of_events(*conditions: tuple[str, str, tuple[str, ...]]) -> Selector:
    """An advanced selector of management events with these conditions."""
    return Selector(fields=(MANAGEMENT, *conditions))


SSM = of_events(("eventSource", "Equals", ("ssm.amazonaws.com",)))
BY_NAME = of_events(("eventName", "Equals", ("StartSession", "SendCommand")))
DATA = Selector(fields=(("eventCategory", "Equals", ("Data",)),))
DESCRIBING = of_events(("eventName", "StartsWith", ("Describe",)))


@pytest.mark.parametrize(
    ("pattern", "partition", "everything"),
    [
        pytest.param('{ $.userIdentity.arn = "arn:aws-cn:*" }', "aws-cn", True, id="T4 its own ARNs"),
        pytest.param('{ $.userIdentity.arn = "arn:aws:*" }', "aws-cn", False, id="T4 ARNs of another partition"),
        pytest.param('{ $.userIdentity.arn != "arn:aws:*" }', "aws-us-gov", True, id="T4 all but those of another"),
        pytest.param('{ $.awsRegion = "cn*" }', "aws-cn", True, id="T4 each of its regions"),
        pytest.param('{ $.awsRegion = "cn-north-1" }', "aws-cn", None, id="T4 one of its regions"),
        pytest.param('{ $.awsRegion = "us*" }', "aws-cn", False, id="T4 regions of another partition"),
        pytest.param('"arn:aws-us-gov:"', "aws-us-gov", True, id="T4 a term"),
    ],
)
def test_events_are_those_of_the_partition(pattern: str, partition: str, everything: bool | None) -> None:
    assert counts_nearly_everything(pattern, Origin(partition=partition)).everything is everything


@pytest.mark.parametrize(
    ("pattern", "selectors", "everything"),
    [
        pytest.param("{ $.readOnly IS FALSE }", [(WRITES,)], True, id="T14 writes of a trail of writes"),
        pytest.param("{ $.readOnly IS FALSE }", [(READS,), (WRITES,)], None, id="T14 writes of two trails together"),
        pytest.param("{ $.readOnly IS FALSE }", [(READS,)], False, id="T14 writes of a trail of reads"),
        pytest.param("{ $.eventSource = ssm* }", [(SSM,)], None, id="T15 all of the only service"),
        pytest.param("{ $.eventSource != ssm.amazonaws.com }", [(SSM,)], False, id="T15 all but the only service"),
        pytest.param("{ $.eventSource != ssm.amazonaws.com }", [(SSM, WRITES)], None, id="T15 beside all writes"),
        pytest.param(PATTERN, [(SSM,)], False, id="T15 a few calls of the only service"),
        pytest.param("", [(BY_NAME,)], False, id="T15 nothing but calls by name"),
        pytest.param("{ $.eventName = Describe* }", [(DESCRIBING,)], None, id="T15 all of one beginning"),
        pytest.param("{ $.eventName = Get* }", [(DESCRIBING,)], False, id="T15 none of that beginning"),
        pytest.param("{ $.eventCategory = Data }", [(Selector(), DATA)], None, id="T14 data events beside all others"),
        pytest.param("{ $.managementEvent IS FALSE }", [(Selector(),)], False, id="T14 no data events"),
    ],
)
def test_what_no_trail_lets_through_is_no_event(
    pattern: str, selectors: list[tuple[Selector, ...]], everything: bool | None
) -> None:
    assert counts_nearly_everything(pattern, Origin(selectors=tuple(selectors))).everything is everything


@pytest.mark.parametrize(
    ("beside", "objective"),
    [pytest.param((metric_filter(),), "INCONCLUSIVE", id="M6 on one metric"), pytest.param((), "PASS", id="L10 alone")],
)
def test_what_may_hold_an_alarm_does_so_whichever_of_its_filters_is_asked_about(
    tmp_path: Path, beside: tuple[dict[str, object], ...], objective: str
) -> None:
    broad = metric_filter("{ ($.eventSource = ssm*) || ($.readOnly IS TRUE) }", filterName="broad")
    bundle = write(textbook(filters=[*beside, broad]), tmp_path / "bundle")
    (finding,) = audit(bundle, controls=["ssm-actions"], match="covers").document["findings"]
    assert (finding["verdict"], finding["objective"]) == (objective, objective)
