"""Filters together, the control's own events, and patterns that count everything."""

from __future__ import annotations

import pytest

from auditor.patterns import Coverage, PatternSyntaxError, cover, match, noticed

SSM = "ssm.amazonaws.com"
NAMES = ("ListCommands", "SendCommand", "StartSession", "ResumeSession")
REQUIRED = "{" + "||".join(f"($.eventName={name})" for name in NAMES) + "}"
PAIRS = [(SSM, name) for name in NAMES]


def test_two_filters_together() -> None:
    filters = ["{ $.eventName = *Command* }", "{ $.eventName = *Session }"]
    assert cover(filters, REQUIRED).covered is True
    assert cover(filters[:1], REQUIRED).missed == ("ResumeSession", "StartSession")
    assert cover(filters[:1], REQUIRED, PAIRS).missed == ((SSM, "StartSession"), (SSM, "ResumeSession"))


def test_within_the_controls_own_events() -> None:
    sourced = "{ $.eventSource = ssm.amazonaws.com && $.eventName = * }"
    everywhere = cover([sourced], REQUIRED)
    assert (everywhere.covered, everywhere.witness) == (False, {"eventName": "ListCommands"})
    assert cover([sourced], REQUIRED, PAIRS).covered is True


def test_the_witness_is_required_and_missed() -> None:
    filters = ["{ $.eventName = List* }", "{ $.eventName = S* && $.errorCode NOT EXISTS }"]
    coverage = cover(filters, REQUIRED, PAIRS)
    assert coverage.covered is False
    assert coverage.missed == tuple(PAIRS[1:])
    assert isinstance(coverage.witness, dict)
    assert match(REQUIRED, coverage.witness)
    assert not any(match(pattern, coverage.witness) for pattern in filters)
    assert (coverage.witness["eventSource"], coverage.witness["eventName"]) == coverage.missed[0]


def test_nothing_covers_nothing_needed() -> None:
    assert cover([], "{ $.a = 1 && $.a = 2 }").covered is True
    assert cover([], REQUIRED).covered is False
    assert cover([], REQUIRED, []).covered is True


def test_terms_and_the_empty_pattern_cover() -> None:
    assert cover([""], REQUIRED).covered is True
    assert cover(["?Command ?Session"], REQUIRED).covered is True
    assert cover(["Command"], REQUIRED, PAIRS).missed == ((SSM, "StartSession"), (SSM, "ResumeSession"))


def test_assumptions() -> None:
    filters = ["{ $.eventName = * && $.b != x }", "{ $.eventName = * && $.b = * }"]
    required = "{ $.eventName = A && $.b NOT EXISTS }"
    coverage = cover(filters, required)
    assert (coverage.covered, coverage.assumptions) == (False, ("missing-not-equal",))


def test_too_large_is_not_known() -> None:
    large = "{ $.a[99999] = x }"
    assert cover(["{ $.a[0] = y }"], large) == Coverage(None)
    assert cover(["{ $.a[0] = y }"], large, PAIRS) == Coverage(None)
    assert noticed("{ $.a[0] = y }", large, PAIRS[:1]) == (None,)
    assert noticed("{ $.a > 1e9999 && $.a = 1* }", "{ $.a > 1e9999 }", PAIRS[:1]) == (None,)


def test_noticed_answers_pair_by_pair() -> None:
    pairs = [*PAIRS, ("athena.amazonaws.com", "StartSession"), (SSM, "Unasked")]
    assert noticed("{ $.eventName = *Session && $.eventSource = ssm* }", REQUIRED, pairs) == (
        *(False, False, True, True),
        *(False, True),  # no event of the last pair is required
    )
    assert noticed(REQUIRED, REQUIRED, pairs) == (True,) * 6
    assert noticed("", REQUIRED, pairs) == (True,) * 6
    assert noticed("{ $.eventName != x }", REQUIRED, PAIRS) == (True,) * 4
    assert noticed("{ $.eventName = * && $.userIdentity.type != Root }", REQUIRED, PAIRS) == (False,) * 4


@pytest.mark.parametrize("pattern", ["{ $.a == 1 }", "a(b"])
def test_a_bad_pattern_raises(pattern: str) -> None:
    for call in (
        lambda: cover([pattern], REQUIRED),
        lambda: noticed(pattern, REQUIRED, PAIRS),
    ):
        with pytest.raises(PatternSyntaxError):
            call()


def test_a_pattern_that_reads_the_text_is_asked_about_each_name() -> None:
    """Names that the required pattern treats alike are not alike in the text."""
    assert noticed("Session", REQUIRED, [(SSM, "StartSession"), (SSM, "SendCommand")]) == (True, False)
    assert noticed("%^.*Command%", REQUIRED, [(SSM, "StartSession"), (SSM, "SendCommand")]) == (False, True)
    assert noticed("ssm", REQUIRED, [(SSM, "StartSession"), ("sts.amazonaws.com", "StartSession")]) == (True, False)
    assert noticed("[w = *Session*]", REQUIRED, [(SSM, "StartSession"), (SSM, "SendCommand")]) == (True, False)
