"""Rules C1–C6: composite alarms above an alarm that trips on one event."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.chains import Tail
from auditor.chains.alarms.composite_rule import parse_rule
from auditor.verdict import Link, State
from tests.chains.chain import ALARM_ARN as ARN
from tests.chains.chain import GROUP, TOPIC, Join, first_fault
from tests.textbook import ACCOUNT, REGION, alarm, metric_filter, textbook


def child(**changes: Any) -> dict[str, Any]:
    """The textbook alarm without an action of its own, as children of composites are built."""
    return alarm(**({"AlarmActions": []} | changes))


def composite(rule: str, name: str = "page", **changes: Any) -> dict[str, Any]:
    base = {
        "AlarmName": name,
        "AlarmArn": ARN + name,
        "AlarmRule": rule,
        "ActionsEnabled": True,
        "AlarmActions": [TOPIC],
        "OKActions": [],
        "InsufficientDataActions": [],
        "StateValue": "OK",
    }
    return {key: value for key, value in (base | changes).items() if value is not None}


def other(name: str, **changes: Any) -> dict[str, Any]:
    """An alarm on a metric of no captured filter: it rests in OK."""
    return alarm(name=name, **({"MetricName": name, "AlarmActions": []} | changes))


def published(name: str, **transformation: Any) -> dict[str, Any]:
    """A filter that publishes into a metric of this name."""
    return metric_filter("{ $.a = b }", filterName=name, transformation={"metricName": name, **transformation})


def tails(join: Join, alarms: list[dict[str, Any]], *composites: dict[str, Any], **more: Any) -> list[Tail]:
    return join(textbook(alarms=alarms, composites=composites, **more)).tails(GROUP)


# rule and case, AlarmRule, the child's settings, further alarms, filters, state of the alarm link, code
CASES: list[tuple[str, str, dict[str, Any], list[dict[str, Any]], list[dict[str, Any]], str, str]] = [
    ("C3 alarm in quotes", 'ALARM("ssm-actions")', {}, [], [], "ok", ""),
    ("C3 alarm without quotes", "ALARM(ssm-actions)", {}, [], [], "ok", ""),
    ("C3 alarm by ARN", f"ALARM({ARN}ssm-actions)", {}, [], [], "ok", ""),
    ("C3 alarm by ARN in quotes", f'ALARM("{ARN}ssm-actions")', {}, [], [], "ok", ""),
    ("C3 parentheses and line breaks", "(\n ALARM(ssm-actions)\n OR FALSE )", {}, [], [], "ok", ""),
    ("C3 TRUE", "ALARM(ssm-actions) OR TRUE", {}, [], [], "broken", "composite-true-at-rest"),
    ("C3 FALSE", "ALARM(ssm-actions) AND FALSE", {}, [], [], "broken", "composite-needs-more"),
    (
        "C3 AND binds closer than OR",
        "ALARM(ssm-actions) OR ALARM(b) AND ALARM(c)",
        {},
        [other("b"), other("c")],
        [],
        "ok",
        "",
    ),
    ("C3 not a rule", "ALARM(ssm-actions) XOR ALARM(b)", {}, [other("b")], [], "unknown", "composite-rule-unparsable"),
    ("C4 or", "ALARM(ssm-actions) OR ALARM(b)", {}, [other("b")], [], "ok", ""),
    (
        "C4 or, the other rests in ALARM",
        "ALARM(ssm-actions) OR ALARM(b)",
        {},
        [other("b", TreatMissingData="breaching")],
        [published("b")],
        "broken",
        "composite-true-at-rest",
    ),
    (
        "C4 or, the other's settings are not known",
        "ALARM(ssm-actions) OR ALARM(b)",
        {},
        [other("b", Statistic=None)],
        [published("b")],
        "unknown",
        "composite-undecided",
    ),
    (
        "C4 or, the other is not listed",
        "ALARM(ssm-actions) OR ALARM(gone)",
        {},
        [],
        [],
        "unknown",
        "composite-undecided",
    ),
    ("C4 and", "ALARM(ssm-actions) AND ALARM(b)", {}, [other("b")], [], "broken", "composite-needs-more"),
    (
        "C4 and with an alarm on the same metric",
        "ALARM(ssm-actions) AND ALARM(b)",
        {},
        [child(name="b", Threshold=0.5)],
        [],
        "unknown",
        "composite-conditional",
    ),
    ("C4 not ok, notBreaching", "NOT OK(ssm-actions)", {}, [], [], "ok", ""),
    (
        "C4 not ok, missing",
        "NOT OK(ssm-actions)",
        {"TreatMissingData": "missing"},
        [],
        [],
        "broken",
        "composite-true-at-rest",
    ),
    ("C4 ok of the alarm itself", "OK(ssm-actions)", {}, [], [], "broken", "composite-true-at-rest"),
    ("C4 insufficient data", "INSUFFICIENT_DATA(ssm-actions)", {}, [], [], "broken", "composite-needs-more"),
    ("C4 at least one of two", "AT_LEAST(1, ALARM, (ssm-actions, b))", {}, [other("b")], [], "ok", ""),
    (
        "C4 at least two of two",
        'AT_LEAST(2, ALARM, ("ssm-actions", "b"))',
        {},
        [other("b")],
        [],
        "broken",
        "composite-needs-more",
    ),
    (
        "C3 at least two of one, by name and ARN",
        f"AT_LEAST(2, ALARM, (ssm-actions, {ARN}ssm-actions))",
        {},
        [],
        [],
        "unknown",
        "composite-rule-unparsable",
    ),
    ("C4 at least half", "AT_LEAST(50%, NOT OK, (ssm-actions, b))", {}, [other("b")], [], "ok", ""),
    (
        "C4 at least sixty in a hundred",
        "AT_LEAST(60%, NOT OK, (ssm-actions, b))",
        {},
        [other("b")],
        [],
        "broken",
        "composite-needs-more",
    ),
    (
        "C5 silencer",
        "ALARM(ssm-actions) AND NOT ALARM(quiet)",
        {},
        [other("quiet")],
        [],
        "unknown",
        "composite-conditional",
    ),
    (
        "C5 silencer by its OK",
        "ALARM(ssm-actions) AND OK(quiet)",
        {},
        [other("quiet")],
        [],
        "unknown",
        "composite-conditional",
    ),
    (
        "C5 silencer in ALARM",
        "ALARM(ssm-actions) AND NOT ALARM(quiet)",
        {},
        [other("quiet", StateValue="ALARM")],
        [],
        "broken",
        "composite-silenced",
    ),
]


@pytest.mark.parametrize(
    ("rule", "settings", "others", "filters", "state", "code"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_rule(
    join: Join,
    rule: str,
    settings: dict[str, Any],
    others: list[dict[str, Any]],
    filters: list[dict[str, Any]],
    state: str,
    code: str,
) -> None:
    found = tails(join, [child(**settings), *others], composite(rule), filters=[metric_filter(), *filters])
    tail = next(one for one in found if one.composite_arns)
    assert first_fault(tail)[2] == code
    assert (tail.links[Link.ALARM].state.value, tail.links[Link.ALARM].code) == (state, code)
    assert tail.composite_arns == (ARN + "page",)
    assert tail.endpoint == ("soc@example.com" if state != "broken" else "")


def test_c1_an_empty_list_of_composites_is_a_material_open_point(join: Join) -> None:
    (tail,) = tails(join, [child()])
    link = tail.links[Link.TOPIC]
    assert (link.code, [point.code for point in link.open_points]) == ("no-action", ["composites-not-captured"])
    assert link.strict().state is State.UNKNOWN


def test_c1_a_captured_composite_shows_that_composites_were_asked_for(join: Join) -> None:
    (tail,) = tails(join, [child(), other("b")], composite("ALARM(b)"))
    assert first_fault(tail) == ("topic", "broken", "no-action")
    assert not tail.links[Link.TOPIC].open_points


def test_c2_disabled_actions_without_composites_are_broken_at_the_alarm(join: Join) -> None:
    (tail,) = tails(join, [alarm(ActionsEnabled=False)])
    assert first_fault(tail) == ("alarm", "broken", "actions-disabled")
    assert [point.material for point in tail.links[Link.ALARM].open_points] == [True]


def test_c2_disabled_actions_are_carried_by_a_composite(join: Join) -> None:
    (tail,) = tails(join, [alarm(ActionsEnabled=False)], composite("ALARM(ssm-actions)"))
    assert first_fault(tail) == ("", "", "")


def test_c2_an_alarm_with_its_own_topic_keeps_its_own_chain(join: Join) -> None:
    found = tails(join, [alarm(), other("b")], composite("ALARM(ssm-actions) AND ALARM(b)"))
    assert [first_fault(tail)[2] for tail in found] == ["", "composite-needs-more"]


@pytest.mark.parametrize(
    ("changes", "quiet", "state", "code"),
    [
        pytest.param({}, "OK", "ok", "", id="C5 no suppressor"),
        pytest.param({"ActionsSuppressor": "quiet"}, "OK", "unknown", "composite-suppressor", id="C5 suppressor"),
        pytest.param(
            {"ActionsSuppressor": ARN + "quiet"}, "ALARM", "broken", "composite-suppressed", id="C5 active by ARN"
        ),
        pytest.param(
            {"ActionsSuppressor": "quiet", "ActionsSuppressedBy": "Alarm"},
            "OK",
            "broken",
            "composite-suppressed",
            id="C5 suppressed",
        ),
    ],
)
def test_suppressor(join: Join, changes: dict[str, Any], quiet: str, state: str, code: str) -> None:
    (tail,) = tails(join, [child(), other("quiet", StateValue=quiet)], composite("ALARM(ssm-actions)", **changes))
    assert (tail.links[Link.ALARM].state.value, tail.links[Link.ALARM].code) == (state, code)


@pytest.mark.parametrize(
    ("inner", "codes"),
    [
        pytest.param("ALARM(ssm-actions) XOR TRUE", ["composite-conditional"], id="C3 names the alarm"),
        pytest.param("ALARM(b) XOR TRUE", [], id="C3 names another"),
    ],
)
def test_c3_a_composite_of_one_whose_rule_cannot_be_read(join: Join, inner: str, codes: list[str]) -> None:
    below = composite(inner, "inner", AlarmActions=[])
    found = tails(join, [child(), other("b")], below, composite("ALARM(inner)"))
    assert [first_fault(tail)[2] for tail in found if tail.composite_arns == (ARN + "page",)] == codes


def test_c6_composite_of_a_composite(join: Join) -> None:
    inner = composite("ALARM(ssm-actions)", "inner", AlarmActions=[])
    found = tails(join, [child()], inner, composite("ALARM(inner)"))
    assert {tail.composite_arns: first_fault(tail)[2] for tail in found} == {
        (ARN + "inner",): "no-action",
        (ARN + "page",): "",
    }


def test_c6_cycle(join: Join) -> None:
    one = composite("ALARM(ssm-actions) OR ALARM(two)", "one")
    two = composite("ALARM(one)", "two")
    found = tails(join, [child()], one, two)
    assert {first_fault(tail) for tail in found} == {("alarm", "broken", "composite-cycle")}


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"ActionsEnabled": False}, ("alarm", "broken", "actions-disabled"), id="C6 disabled"),
        pytest.param(
            {"AlarmActions": [], "OKActions": [TOPIC]}, ("topic", "broken", "only-ok-actions"), id="C6 only OK"
        ),
        pytest.param(
            {"AlarmActions": [f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:f"]},
            ("topic", "broken", "only-other-actions"),
            id="C6 no topic",
        ),
        pytest.param({}, ("", "", ""), id="C6 topic"),
    ],
)
def test_own_actions_of_the_composite(join: Join, changes: dict[str, Any], fault: tuple[str, str, str]) -> None:
    (tail,) = tails(join, [child()], composite("ALARM(ssm-actions)", **changes))
    assert first_fault(tail) == fault


def test_c3_alarm_of_another_account_is_another_alarm(join: Join) -> None:
    foreign = f"ALARM(arn:aws:cloudwatch:{REGION}:999988887777:alarm:ssm-actions)"
    (tail,) = tails(join, [child()], composite(foreign))
    assert first_fault(tail) == ("topic", "broken", "no-action")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="C3 empty"),
        pytest.param("ALARM(a", id="C3 open parenthesis"),
        pytest.param("alarm(a)", id="C3 small letters"),
        pytest.param("(" * 5000 + "TRUE" + ")" * 5000, id="C3 nested a long way"),
        pytest.param("NOT " * 2500 + "TRUE", id="C3 a chain of NOT"),
        pytest.param("NOT " * 300 + "TRUE", id="C3 a shorter chain of NOT"),
        pytest.param("ALARM(a) OR " * 1000 + "TRUE", id="C3 too long"),
    ],
)
def test_texts_that_are_no_rule_cost_only_themselves(text: str) -> None:
    rule = parse_rule(text)
    assert rule is None or rule.holds(lambda _: frozenset({"OK"})) is True


def test_c3_quoted_name_with_spaces_and_quotes() -> None:
    rule = parse_rule(r'ALARM("a (b) \"c\"") AND NOT OK(arn:aws:cloudwatch:us-east-1:111122223333:alarm:d/e)')
    assert rule is not None
    assert list(rule.names()) == ['a (b) "c"', "arn:aws:cloudwatch:us-east-1:111122223333:alarm:d/e"]


def test_c6_composites_that_share_their_children_are_evaluated_once_each(join: Join) -> None:
    levels = [composite("ALARM(ssm-actions)", "c0", AlarmActions=[])]
    levels.append(composite("ALARM(ssm-actions)", "d0", AlarmActions=[]))
    for number in range(1, 40):  # without memory this would take 2 to the 40th evaluations
        rule = f"ALARM(c{number - 1}) OR ALARM(d{number - 1})"
        levels += [composite(rule, f"{name}{number}", AlarmActions=[]) for name in "cd"]
    found = tails(join, [child()], *levels, composite("ALARM(c39)"))
    assert [first_fault(tail)[2] for tail in found if tail.composite_arns == (ARN + "page",)] == [""]


def test_c6_a_tower_of_composites_costs_only_itself(join: Join) -> None:
    levels = [composite("ALARM(ssm-actions)", "c0", AlarmActions=[])]
    levels += [composite(f"ALARM(c{number - 1})", f"c{number}", AlarmActions=[]) for number in range(1, 600)]
    codes = {first_fault(tail)[2] for tail in tails(join, [child()], *levels)}
    assert codes <= {"no-action", "composite-undecided"}


MONITOR = "999900009999"


def across(name: str, **changes: Any) -> dict[str, Any]:
    """An alarm of a monitoring account on the metric of the textbook's account, without an action of its own."""
    metric = {"Namespace": "Audit", "MetricName": "SsmActions", "Dimensions": []}
    entry = {"Id": "m1", "AccountId": ACCOUNT, "MetricStat": {"Metric": metric, "Period": 300, "Stat": "Sum"}}
    left_out = dict.fromkeys(("MetricName", "Namespace", "Statistic", "Period", "Dimensions"))
    return alarm(MONITOR, name=name, **({"AlarmActions": [], "Metrics": [entry]} | left_out | changes))


@pytest.mark.parametrize(
    ("rule", "alarms", "code"),
    [
        pytest.param("ALARM(a)", [across("a")], "", id="A14 C4 rests in OK"),
        pytest.param("NOT OK(a)", [across("a")], "", id="A14 C4 not OK"),
        pytest.param(
            "NOT OK(a)", [across("a", TreatMissingData="missing")], "composite-true-at-rest", id="A14 C4 without data"
        ),
        pytest.param(
            "ALARM(a) OR ALARM(b)", [across("a"), across("b", TreatMissingData="breaching")], "composite-true-at-rest",
            id="A14 C4 another stands in ALARM",
        ),
    ],
)  # fmt: skip
def test_the_rest_of_an_alarm_on_another_accounts_metric_is_that_of_its_metric(
    join: Join, rule: str, alarms: list[dict[str, Any]], code: str
) -> None:
    arn = f"arn:aws:cloudwatch:{REGION}:{MONITOR}:alarm:page"
    above = composite(rule, AlarmArn=arn, AlarmActions=[f"arn:aws:sns:{REGION}:{MONITOR}:alerts"])
    monitor = textbook(MONITOR, trails=[], filters=[], alarms=alarms, composites=[above])
    found = [tail for tail in join(textbook(alarms=[]) | monitor).tails(GROUP) if tail.alarm_arn.endswith(":a")]
    assert [first_fault(tail)[2] for tail in found] == [code]


def alarm_codes(found: list[Tail]) -> set[tuple[str, str]]:
    """State and code of the alarm links."""
    return {(tail.links[Link.ALARM].state.value, tail.links[Link.ALARM].code) for tail in found}


def test_c4_zeros_for_every_event_let_the_alarm_rest_in_ok(join: Join) -> None:
    """The alarm has data in every logged minute, so that it does not rest in INSUFFICIENT_DATA (A12)."""
    zeros = metric_filter("{ $.eventVersion = * }", filterName="zeros", transformation={"metricValue": "0"})
    above = composite("NOT OK(ssm-actions)")
    quiet = [child(TreatMissingData="missing")]
    assert alarm_codes(tails(join, quiet, above)) == {("broken", "composite-true-at-rest")}
    found = tails(join, quiet, above, filters=[metric_filter(), zeros])
    assert [tail.links[Link.ALARM].state for tail in found if tail.filter_name != "zeros"] == [State.UNKNOWN]


def test_c5_rule_and_suppressor_are_asked_together(join: Join) -> None:
    """An alarm that no capture lists trips the rule in the only state in which it suppresses."""
    above = composite("ALARM(ssm-actions) AND ALARM(b)", ActionsSuppressor="b")
    assert alarm_codes(tails(join, [child()], above)) == {("broken", "composite-suppressed")}
    other_one = composite("ALARM(ssm-actions) AND ALARM(b)", ActionsSuppressor="c")
    assert alarm_codes(tails(join, [child()], other_one)) == {("unknown", "composite-conditional")}


def test_c4_an_alarm_in_a_unit_that_no_filter_publishes(join: Join) -> None:
    """Data that nobody shows may have it: it may rest in OK, or in ALARM for lack of data (M5)."""
    silencer = other("b", TreatMissingData="breaching", Unit="Count")
    above = composite("ALARM(ssm-actions) AND NOT ALARM(b)")
    filters = [metric_filter(), published("b")]
    found = tails(join, [child(), silencer], above, filters=filters)
    assert {state for state, _ in alarm_codes(found)} == {"unknown"}
    silencer = other("b", TreatMissingData="breaching", Unit="None")
    found = tails(join, [child(), silencer], above, filters=filters)
    assert alarm_codes([tail for tail in found if tail.filter_name != "b"]) == {("broken", "composite-needs-more")}


def test_c5_the_captured_state_of_what_the_event_changes_says_nothing_after_it(join: Join) -> None:
    """``m`` stood in ALARM because the alarm was OK, and is not after the event."""
    unread = composite("OK(ssm-actions) OR ALARM(unseen)", name="m", StateValue="ALARM", AlarmActions=[])
    above = composite("ALARM(ssm-actions) AND NOT ALARM(m)")
    found = [tail for tail in tails(join, [child()], unread, above) if tail.composite_arns == (ARN + "page",)]
    assert alarm_codes(found) == {("unknown", "composite-conditional")}
