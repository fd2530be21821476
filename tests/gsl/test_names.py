"""Names are checked before anything is evaluated: unknown ones and those without an established meaning."""

from __future__ import annotations

import pytest

from auditor.gsl import GslNameError, evaluate, known_fields, parse
from auditor.gsl.functions import COMPARISONS, FUNCTIONS, LIST_STEPS
from tests.gsl.conftest import NOW, cases, same_but_for_blanks

TRAILS = known_fields()


def run(rule: str, fields: object = None) -> str:
    found = evaluate(parse(rule), [], now=NOW, pattern_equal=same_but_for_blanks, fields=fields)  # type: ignore[arg-type]
    return found.result


@pytest.mark.parametrize(
    ("rule", "column", "name", "problem", "advice"),
    [
        ("CloudTrial should have a", 0, "CloudTrial", "unknown entity type CloudTrial", "Did you mean CloudTrail?"),
        ("cloudtrail should have a", 0, "cloudtrail", "unknown entity type", "Did you mean CloudTrail?"),
        ("List<Bogus> should have items", 5, "Bogus", "unknown entity type", "The evidence provides CloudTrail."),
        ("Instance should have a", 0, "Instance", "does not provide", "a JSON list of entities"),
        ("CloudTrail should have arn", 23, "arn", "CloudTrail has no field arn", "Did you mean trailArn?"),
        ("CloudTrail should have kmskeyid", 23, "kmskeyid", "no field kmskeyid", "Did you mean kmsKeyId?"),
        ("CloudTrail where fail should have id", 17, "fail", "no field fail", "Known here are "),
        ("CloudTrail should have id exclude nmae='x'", 34, "nmae", "no field nmae", "Did you mean name?"),
        ("CloudTrail should have id = nmae", 28, "nmae", "no field nmae", "Did you mean name?"),
        ("CloudTrail should have status.isLoging", 23, "status.isLoging", "no field", "Did you mean status.isLogging?"),
        (
            "CloudTrail should have metricFilters with [pattern]",
            43,
            "pattern",
            "no field metricFilters[].pattern",
            "Did you mean filterPattern?",
        ),
        (
            "CloudTrail should have metricFilters.filterPattern",
            23,
            "metricFilters.filterPattern",
            "no field",
            "metricFilters is a list: write metricFilters with [filterPattern …].",
        ),
        ("List<CloudTrail> should have itmes", 29, "itmes", "no field itmes", "Did you mean items?"),
        (
            "List<CloudTrail> should have items with [hasSnsSubscriber='true']",
            41,
            "hasSnsSubscriber",
            "CloudTrail has no field hasSnsSubscriber",
            "Did you mean hasSNSSubscriber?",
        ),
        (
            "List<CloudTrail> should have items groupBy [homeRegion] contain [values contain [nme]]",
            81,
            "nme",
            "no field nme",
            "Did you mean name?",
        ),
    ],
)
def test_unknown_names(rule: str, column: int, name: str, problem: str, advice: str) -> None:
    with pytest.raises(GslNameError) as caught:
        run(rule, TRAILS)
    error = caught.value
    assert (error.column, error.name) == (column, name)
    assert problem in str(error)
    assert advice in error.advice


@pytest.mark.parametrize(
    "rule",
    [
        "CloudTrail should have tags contain [key='tier' and value='gold']",
        "CloudTrail should have eventSelectors contain [dataResources contain [values contain [$ like 'arn:aws:s3%']]]",
        "CloudTrail should have metricFilters with [metricTransformations with [alarms with [actions with "
        "[subscriptions with [endpoint]]]]]",
        "CloudTrail should have externalFindings.findings contain [severity='High']",
        "List<CloudTrail> should have items groupBy [homeRegion] contain-all [values length() = 1]",
        "CloudTrail should have status and status.isLogging=true",
    ],
)
def test_known_names_pass(rule: str) -> None:
    assert run(rule, TRAILS) in ("pass", "fail")


def test_every_field_of_a_published_trail_rule_is_known() -> None:
    rules = [rule["logic"] for rule in cases("published.json")["rules"] if rule["logic"].startswith("CloudTrail ")]
    assert len(rules) == 22
    assert {run(rule, TRAILS) for rule in rules} == {"pass"}


GAPS = (
    [(name, f"X should have a {name}(1)") for name, function in FUNCTIONS.items() if function.gap]
    + [(name, f"X should have a {name} [b]") for name, gap in LIST_STEPS.items() if gap]
    + [(name, f"X should have a {name} 'b'") for name, gap in COMPARISONS.items() if gap]
)


@pytest.mark.parametrize(("name", "rule"), GAPS)
def test_names_without_established_meaning_are_refused(name: str, rule: str) -> None:
    for text in (rule, rule.replace("X should have", "X where c=1 and not ") + " should have d"):
        with pytest.raises(GslNameError, match="known by name only") as caught:
            run(text)
        assert caught.value.name == name
        assert caught.value.column == text.index(name)


@pytest.mark.parametrize(
    ("rule", "name"),
    [
        ("X should have getResource('a') contain [b]", "getResource"),
        ("X should have a > date('2026-01-01')", "date"),
        ("X should have xs contain [ys contain-only [b]]", "contain-only"),
        ("X should have xs groupBy [b] contain [key='c']", "key"),
    ],
)
def test_refused_wherever_they_stand(rule: str, name: str) -> None:
    with pytest.raises(GslNameError) as caught:
        run(rule)
    assert caught.value.name == name


def test_without_a_field_table_any_name_goes() -> None:
    assert run("Bogus should have nothing.of.the.kind contain [x]") == "pass"


def test_every_published_rule_is_evaluated_or_refused_by_name() -> None:
    """Of the published rules only those with allowedHostsForPort cannot be evaluated."""
    for rule in cases("published.json")["rules"]:
        if "note" in rule:
            continue
        if "allowedHostsForPort" in rule["logic"]:
            with pytest.raises(GslNameError, match="allowedHostsForPort"):
                run(rule["logic"])
        else:
            assert run(rule["logic"]) in ("pass", "fail")
