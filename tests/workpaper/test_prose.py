"""Cover, scope, procedure and legend say what a reader must know."""

from __future__ import annotations

from typing import Any

import pytest

from auditor.verdict import LINKS
from auditor.workpaper import (
    ATTRIBUTES,
    COLOURS,
    LINK_NAMES,
    SIGNATURES,
    STEPS,
    TICKMARKS,
    TONES,
    View,
    cover,
    scope,
    view,
)
from auditor.workpaper.controls import CONTROLS
from auditor.workpaper.cover import making
from tests.reports.example_result import REQUIRED, example_result


def everything(seen: View) -> str:
    return "\n".join(text for section in scope(seen) for text in section.texts)


@pytest.mark.parametrize(
    "said",
    [
        "100 % of the population, no sampling",
        "256 KB",
        "delivery takes about five minutes and is not guaranteed",
        "a mailbox that bounces",
        "EventBridge rules",
        "never that nobody is told",
        "Design, not operation",
        "Control period: 2026-07-01 to 2026-09-30.",
        "2026-09-30T22:30:00Z to 2026-10-02T08:15:30Z",
        "17 accounts in the organisation listing",
        "1 account in scope without any capture",
        "1 account of the population out of scope",
        "Captures were read as unfiltered. (arguments-not-recorded)",
        "never of the requirement itself",
        "Not sealed: digests were taken when the bundle was read",
    ],
)
def test_scope_says(said: str, seen: View) -> None:
    assert said in everything(seen)


def test_population_from_the_bundle_alone_is_called_unreconciled(seen: View, passing_view: View) -> None:
    said = "from the bundle itself; not reconciled to an independent source"
    assert said in everything(passing_view)
    assert "not reconciled" not in everything(seen)
    assert "No control period was given." in everything(passing_view)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("match", "covers", "(option match: covers)"),
        ("match", "equal", "equal in meaning to an accepted pattern"),
        ("strict", True, "Material open points were taken as unknown (option strict)."),
        ("strict", False, "Material open points were read as the usual case"),
    ],
)
def test_method_follows_the_options(option: str, value: object, said: str) -> None:
    result = example_result()
    result.document["options"][option] = value
    assert said in everything(view(result, "nist-800-53-r5"))


def test_procedure_has_one_attribute_per_link_in_chain_order() -> None:
    assert list(ATTRIBUTES) == [str(link) for link in LINKS]
    assert [step.attribute for step in STEPS if step.attribute] == list("ABCDEFG")
    assert [step.title for step in STEPS if step.attribute] == [LINK_NAMES[link] for link in LINKS]
    assert all(step.done and step.criterion and step.call and step.inconclusive for step in STEPS)


def test_cover_leaves_names_and_dates_to_people(seen: View) -> None:
    facts = {fact.label: fact.value for _, group in cover(seen) for fact in group}
    assert not set(SIGNATURES) & set(facts)
    assert facts["Client"] == "Example & Sons GmbH"
    assert facts["Overall result"] == "FAIL"
    assert facts["In words"] == "11 of 15 accounts: 9 fail, 2 could not be concluded"
    assert facts["Command to repeat it"] == "auditor audit bundle --period 2026Q3"
    assert facts["Options given"] == "period 2026Q3"
    assert str(facts["  What would settle them"]).startswith("1 of 2 INCONCLUSIVE findings needs only R-001 (")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"command_line": "auditor audit b"}, "none: everything as without options"),
        (
            {"command_line": "auditor audit b --framework a --framework c --strict --match covers"},
            "framework a and c, strict and match covers",
        ),
        ({"command_line": "auditor audit 'my bundle' --scope 'the scope.csv'"}, "scope the scope.csv"),
        # What Python was told, and no command line can say: only what is not as it is anyway.
        ({"command_line": None, "controls": ["ssm-actions@default"], "match": "equal", "strict": True}, "strict"),
    ],
)
def test_cover_names_the_options_that_were_given(options: dict[str, Any], said: str) -> None:
    result = example_result()
    result.document["options"] = options
    facts = {fact.label: fact.value for fact in making(view(result, "nist-800-53-r5"))}
    assert facts["Options given"] == said
    assert facts["Command to repeat it"] == options["command_line"]


def test_cover_names_accounts_of_the_listing_without_captures() -> None:
    seen = view(example_result(), "nist-800-53-r5")
    facts = {fact.label: fact.value for _, group in cover(seen) for fact in group}
    assert "compared with it: 1 account without captures" in str(facts["Population"])
    for account in seen.document["population"]["accounts"]:
        account["status"] = "covered"
    facts = {fact.label: fact.value for _, group in cover(seen) for fact in group}
    assert ", reconciled." in str(facts["Population"])


def test_cover_counts_add_up(seen: View) -> None:
    facts = {fact.label: fact.value for _, group in cover(seen) for fact in group}
    counted = [facts[f"Findings {verdict}"] for verdict in ("PASS", "FAIL", "INCONCLUSIVE")]
    assert sum(counted) == len(seen.findings)  # type: ignore[arg-type]


def test_cover_without_an_engagement_says_nothing(passing_view: View) -> None:
    facts = {fact.label: fact.value for _, group in cover(passing_view) for fact in group}
    assert facts["Client"] is None
    assert facts["Control period from"] is None
    assert str(facts["Population"]).startswith("From the bundle itself, not reconciled to an independent source")


def test_facts_of_the_founding_rule(seen: View) -> None:
    row = next(iter(CONTROLS.records(seen)))
    facts = {column.header: column.value(row) for column in CONTROLS.columns(seen)}
    assert facts["Risk"] == "High"
    assert facts["Category"] == "Management Tools"
    assert facts["Cloud entity"] == "CloudTrail"
    assert facts["Required patterns"] == REQUIRED
    assert str(facts["GSL text"]).startswith("List<CloudTrail> should have items with")
    assert facts["References"]


def test_legend_explains_every_tone_and_tickmark() -> None:
    assert {shade for shade, _, _ in COLOURS} == TONES.keys()
    assert {sign for sign, _ in TICKMARKS} == set("PFI–mtbw")
