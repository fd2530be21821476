"""Rules T11, T14, T15, T18: the watched calls in the parts that the trails of an account tell apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from auditor.catalogue import Event
from auditor.chains import LinkState, Selector, TrailPath
from auditor.chains.selectors import read_selectors
from auditor.evidence import Capture, Place, calls
from auditor.judgement.calls import ANY, parts_of
from auditor.judgement.delivery import in_words
from auditor.verdict import State

KMS, RDS, IAM, STS = (f"{name}.amazonaws.com" for name in ("kms", "rdsdata", "iam", "sts"))
READS, WRITES = (Event(ANY, ANY, reads, False, "certain") for reads in (True, False))
GLOBAL_READS = replace(READS, global_service=True)
ONE = Event("ssm.amazonaws.com", "StartSession", False, False, "certain")
OK = LinkState(State.OK)


def path(selectors: tuple[Selector, ...] | None = None, **changes: Any) -> TrailPath:
    whole = TrailPath("arn", "t", "us-east-1", True, False, True, None, None, OK, OK, selectors)
    return replace(whole, **changes)


def selected(**body: Any) -> TrailPath:
    """A trail whose selectors read as an answer of get-event-selectors says them."""
    call = calls()["cloudtrail:GetEventSelectors"]
    capture = Capture(0, "f.json", "0" * 64, 1, call, Place("111122223333", "us-east-1"), "path", (body,), ("",))
    return path(read_selectors((capture, body))[0])


def basic(kind: str = "All", without: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"ReadWriteType": kind, "IncludeManagementEvents": True, "ExcludeManagementEventSources": list(without)}


def management(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}, *conditions]}


def source(operator: str, *values: str) -> dict[str, Any]:
    return {"Field": "eventSource", operator: list(values)}


def heard(paths: list[TrailPath], *events: Event) -> bool:
    """Whether each part of the calls is delivered by one of the trails."""
    parts = parts_of(events, paths)
    return all(any(part.delivered_by(one) for one in paths) for part in parts)


CASES = [
    pytest.param([selected(EventSelectors=[basic()])], True, id="T14 all"),
    pytest.param([selected(EventSelectors=[basic("WriteOnly")])], False, id="T16 write only"),
    pytest.param([selected(EventSelectors=[basic(without=(KMS,))])], False, id="T14 KMS left out"),
    pytest.param(
        [selected(EventSelectors=[basic(without=(KMS,)), basic(without=(RDS,))])], True,
        id="T14 what one selector leaves out the other takes",
    ),
    pytest.param(
        [selected(EventSelectors=[basic(without=(KMS,))]), selected(EventSelectors=[basic(without=(RDS,))])], True,
        id="T18 what one trail leaves out the other takes",
    ),
    pytest.param(
        [selected(EventSelectors=[basic(without=(KMS,))]), selected(EventSelectors=[basic(without=(KMS, RDS))])], False,
        id="T18 both leave KMS out",
    ),
    pytest.param(
        [selected(EventSelectors=[basic("WriteOnly")]), selected(EventSelectors=[basic("ReadOnly", (KMS,))])], False,
        id="T18 reads of KMS left out",
    ),
    pytest.param(
        [selected(EventSelectors=[basic("WriteOnly")]), selected(EventSelectors=[basic("ReadOnly")])], True,
        id="T18 reads by one, writes by the other",
    ),
    pytest.param(
        [selected(AdvancedEventSelectors=[management(source("NotEquals", KMS))]),
         selected(AdvancedEventSelectors=[management(source("Equals", KMS))])], True, id="T18 T15 one takes KMS alone",
    ),
    pytest.param(
        [selected(AdvancedEventSelectors=[management(source("NotStartsWith", "k"))]),
         selected(AdvancedEventSelectors=[management(source("StartsWith", "k"))])], True, id="T18 T15 by beginnings",
    ),
    pytest.param(
        [selected(AdvancedEventSelectors=[management(source("NotStartsWith", "k"))]),
         selected(AdvancedEventSelectors=[management(source("StartsWith", "km"))])], False,
        id="T18 T15 some beginnings left out",
    ),
    pytest.param(
        [selected(AdvancedEventSelectors=[management(source("EndsWith", ".amazonaws.com"))])], True,
        id="T15 the ending of every source",
    ),
    pytest.param(
        [selected(AdvancedEventSelectors=[management(source("EndsWith", "s.amazonaws.com"))])], False,
        id="T15 the ending of some",
    ),
    pytest.param(
        [selected(AdvancedEventSelectors=[management({"Field": "eventName", "StartsWith": ["S"]})])], False,
        id="T15 some names",
    ),
    pytest.param(
        [selected(AdvancedEventSelectors=[management({"Field": "eventName", "Equals": ["*"]})])], False,
        id="T15 a name that looks like any",
    ),
    pytest.param(
        [path(regions=frozenset({"us-east-1"}), global_events=False), selected(EventSelectors=[basic("WriteOnly")])],
        False, id="T11 T18 reads of global services by neither",
    ),
    pytest.param(
        [path(regions=frozenset({"us-east-1"}), global_events=False),
         selected(AdvancedEventSelectors=[management(source("Equals", IAM))])], False,
        id="T11 T18 of global services only IAM",
    ),
    pytest.param([path(global_events=False)], False, id="T11 none of global services"),
]  # fmt: skip


@pytest.mark.parametrize(("paths", "expected"), CASES)
def test_any_call(paths: list[TrailPath], expected: bool) -> None:
    assert heard(paths, READS, WRITES) is expected


def test_trails_that_treat_all_alike_have_the_fewest_parts() -> None:
    assert [(part.globally, part.sources) for part in parts_of((READS,), [path()])] == [(False, ()), (True, ())]
    assert len(parts_of((ONE,), [selected(EventSelectors=[basic(without=(KMS,))])])) == 1


def test_t11_what_a_service_records_where() -> None:
    trail = selected(AdvancedEventSelectors=[management(source("NotEquals", IAM)), management(source("Equals", STS))])
    found = {(part.globally, part.sources) for part in parts_of((READS, GLOBAL_READS), [trail])}
    assert found == {(False, ()), (True, ()), (True, (IAM,))}


def test_a_selector_of_more_values_than_a_trail_can_have_decides_nothing() -> None:
    many = [f"s{number}.amazonaws.com" for number in range(501)]
    trail = selected(AdvancedEventSelectors=[management(source("Equals", *many))])
    assert [selector.unknown for selector in trail.selectors or ()] == ["more than 500 values"]
    assert len(parts_of((READS,), [trail])) == 2


@pytest.mark.parametrize(
    ("trail", "words"),
    [
        (selected(EventSelectors=[basic("WriteOnly", (KMS,))]), "all calls that read, calls that write of " + KMS),
        (selected(EventSelectors=[basic(without=(KMS, RDS))]), f"calls that read of {KMS}, {RDS}, "
                                                              f"calls that write of {KMS}, {RDS}"),
    ],
)  # fmt: skip
def test_t14_lost_calls_in_words(trail: TrailPath, words: str) -> None:
    assert in_words(part for part in parts_of((READS, WRITES), [trail]) if not part.delivered_by(trail)) == words
