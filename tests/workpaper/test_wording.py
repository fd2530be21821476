"""Words, tones and tickmarks of verdicts; evidence text made visible."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.result import Counts
from auditor.workpaper.wording import (
    TONES,
    counts_in_words,
    events_in_words,
    finding_in_words,
    framework_in_words,
    mark,
    mark_tone,
    tone,
    unreconciled_in_words,
    visible,
)
from tests.reports.example_result import HOSTILE, WAIVER, example_document, finding, open_points

ACCOUNT = "012345678901"


def counts(**changes: int) -> Counts:
    names = Counts.__annotations__
    return {name: changes.get(name, 0) for name in names}  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("verdict", "changes", "words", "shade", "tickmark"),
    [
        ("PASS", {}, "PASS", "PASS", "P"),
        ("PASS", {"open_points": open_points(ACCOUNT, material=False)}, "PASS, 2 open points", "OPEN", "P"),
        (
            "PASS",
            {"open_points": open_points(ACCOUNT, material=True)},
            "PASS, 3 open points, 1 material",
            "MATERIAL",
            "P m",
        ),
        ("PASS", {"open_points": open_points(ACCOUNT, material=False)[:1]}, "PASS, 1 open point", "OPEN", "P"),
        ("PASS", {"objective": "FAIL"}, "PASS, objective not met", "MATERIAL", "P t"),
        (
            "PASS",
            {"objective": "INCONCLUSIVE", "open_points": open_points(ACCOUNT, material=False)},
            "PASS, 2 open points, objective not met",
            "MATERIAL",
            "P t",
        ),
        ("FAIL", {}, "FAIL", "FAIL", "F"),
        ("FAIL", {"objective": "PASS"}, "FAIL", "FAIL", "F b"),
        ("FAIL", {"waiver": WAIVER}, "FAIL, waiver until 2026-12-31", "FAIL", "F w"),
        ("FAIL", {"waiver": {**WAIVER, "status": "expired"}}, "FAIL, waiver expired 2026-12-31", "FAIL", "F"),
        (
            "FAIL",
            {"waiver": {**WAIVER, "status": "not_yet_granted", "granted": "2026-11-01"}},
            "FAIL, waiver not before 2026-11-01",
            "FAIL",
            "F",
        ),
        (
            "FAIL",
            {"open_points": open_points(ACCOUNT, material=True)},
            "FAIL, 3 open points, 1 material",
            "FAIL",
            "F",
        ),
        ("INCONCLUSIVE", {"waiver": WAIVER}, "INCONCLUSIVE, waiver until 2026-12-31", "INCONCLUSIVE", "I w"),
    ],
)
def test_finding(verdict: str, changes: dict[str, Any], words: str, shade: str, tickmark: str) -> None:
    one = finding(ACCOUNT, "name", verdict, None if verdict == "PASS" else "alarm", **changes)
    assert finding_in_words(one) == words
    assert tone(words) == shade
    assert mark(one) == tickmark
    assert mark_tone(tickmark) == ("PASS" if shade == "OPEN" else shade)  # such points are said once for all


@pytest.mark.parametrize(
    ("verdict", "numbers", "words", "shade"),
    [
        ("PASS", counts(passed=3), "PASS", "PASS"),
        ("PASS", counts(passed=3, open=2), "PASS, 2 with open points", "OPEN"),
        ("PASS", counts(passed=3, open=2, material=1), "PASS, 2 with open points, 1 material", "MATERIAL"),
        ("FAIL", counts(passed=3, open=2, failed=1), "FAIL", "FAIL"),
        ("NOT_ASSESSED", counts(), "NOT ASSESSED", "NOT_ASSESSED"),
    ],
)
def test_requirement(verdict: str, numbers: Counts, words: str, shade: str) -> None:
    assert counts_in_words(verdict, numbers) == words
    assert tone(words) == shade


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("shade", TONES)
def test_contrast_is_readable(shade: str) -> None:
    light, dark = sorted(map(luminance, TONES[shade]), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_no_two_tones_look_alike() -> None:
    assert len({paper for _, paper in TONES.values()}) == len(TONES)


@given(st.text())
def test_nothing_stays_hidden(text: str) -> None:
    shown = visible(text)
    assert all(unicodedata.category(one) not in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in shown if one not in "\n\t")
    assert visible(shown) == shown


@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_what_is_visible_is_not_altered(text: str) -> None:
    assert visible(text) == text


def test_direction_cannot_be_turned() -> None:
    assert visible(HOSTILE["right_to_left"]) == r"invoice\u202efdp.exe"


@pytest.mark.parametrize(
    ("name", "version", "words"),
    [
        ("CIS AWS Foundations Benchmark", "v3.0.0", "CIS AWS Foundations Benchmark v3.0.0"),
        ("AWS HITRUST v11.0.0", "v11.0.0", "AWS HITRUST v11.0.0"),
        ("AWS ISO27001:2022", "ISO/IEC 27001:2022", "AWS ISO27001:2022, ISO/IEC 27001:2022"),
        ("AWS CloudGuard Best Practices", "not stated", "AWS CloudGuard Best Practices"),
    ],
)
def test_a_framework_is_named_with_its_version_once(name: str, version: str, words: str) -> None:
    facts: Any = {"name": name, "version": version}
    assert framework_in_words(facts) == words


@pytest.mark.parametrize(("in_period", "told"), [(False, True), (True, False), (None, False)])
def test_a_listing_of_accounts_outside_the_period_is_named(in_period: bool | None, told: bool) -> None:
    document = example_document()
    document["population"] |= {"source": "bundle", "reconciled": False}
    document["captures"][0] |= {"call": "organizations:ListAccounts", "in_period": in_period}
    assert ("lies outside the period" in unreconciled_in_words(document)) == told
    document["population"]["reconciled"] = True
    assert unreconciled_in_words(document) == ""


def test_watched_events_stand_by_source() -> None:
    events = ["*:*", "ec2.amazonaws.com:CreateRoute", "s3.amazonaws.com:PutBucketAcl", "ec2.amazonaws.com:DeleteRoute"]
    control: Any = {"title": "Alarm on use of the root user", "events": events}
    assert events_in_words(control) == (
        "any call (use of the root user); ec2.amazonaws.com: CreateRoute, DeleteRoute; s3.amazonaws.com: PutBucketAcl"
    )
